"""Generate a demo room of any size, with the same bytes for the same arguments."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import get_args

from bosspick.demo.history import make_airings, recent_brands, show_day
from bosspick.demo.market import Market, make_market, stores_as_of
from bosspick.demo.policy_file import policy_text
from bosspick.demo.readme import readme_text
from bosspick.demo.trapped import quotes_needed, trap_tables
from bosspick.demo.traps import LEAST_OFFERS, TRAPS
from bosspick.demo.week import Week, make_week
from bosspick.demo.wishes import make_calendar, make_wishes
from bosspick.demo.writing import Columns, FileFormat, stack, write_table
from bosspick.errors import RoomError

__all__ = ["generate_room"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    seed: int
    offers: int
    quotes: int
    weeks: int
    shows: int
    monday: date
    file_format: FileFormat

    @property
    def trapped(self) -> bool:
        """Whether the room is large enough for traps."""
        return self.offers >= LEAST_OFFERS and self.quotes >= 2 * quotes_needed()

    def week_of(self, number: int) -> tuple[date, str, str]:
        """Show day, session and the label its ids start with."""
        show = show_day(self.monday + timedelta(weeks=number))
        year, week, _ = show.isocalendar()
        return show, f"{year}-W{week:02d}", f"W{week:02d}"


def generate_room(
    path: str | Path,
    *,
    seed: int = 7,
    offers: int = 240,
    quotes: int = 4000,
    weeks: int = 4,
    shows: int = 40,
    first_week: str = "2026-W48",
    file_format: FileFormat = "csv",
) -> Path:
    """Write an invented room for trying, testing and measuring.

    Parameters
    ----------
    path
        Folder to make; it must not exist, or be empty.
    seed
        Equal seeds give equal bytes.
    offers, quotes
        Rows a week. The first week's traps count towards both; rooms under 60 offers have none, and rooms under 120, or
        with fewer than six quotes an offer, may have weeks without a lineup.
    weeks
        Sessions to plan, one a week.
    shows
        Past shows in ``history/airings``.
    first_week
        ISO week of the first session.
    file_format
        ``csv`` or ``parquet`` for the tables.

    Returns
    -------
    Path
        The room. It appears complete or not at all.

    Raises
    ------
    RoomError
        The folder holds something, or a size or the week cannot be.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     room = generate_room(Path(folder) / "demo", offers=20, quotes=200, weeks=1, shows=2)
    ...     sorted(entry.name for entry in (room / "2026-W48").iterdir())
    ['offers.csv', 'promotions.csv', 'quotes.csv', 'wishes.csv']
    """
    target = Path(path)
    arguments: dict[str, object] = {
        "seed": seed, "offers": offers, "quotes": quotes, "weeks": weeks, "shows": shows, "first_week": first_week,
        "file_format": file_format,
    }  # fmt: skip
    _check(target, arguments)
    plan = _Plan(
        seed=seed,
        offers=offers,
        quotes=quotes,
        weeks=weeks,
        shows=shows,
        monday=_monday(first_week),
        file_format=file_format,
    )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Beside the target, so that the last step is a rename within one file system.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as draft:
            room = Path(draft) / "room"
            room.mkdir()
            _write(room, plan, arguments)
            if target.exists():
                target.rmdir()
            shutil.move(room, target)
    except OSError as error:
        raise RoomError(f"the room cannot be written: {error}", where=str(target), hint="choose another folder") from error
    return target


def _check(target: Path, arguments: dict[str, object]) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise RoomError("there is something already", where=str(target), hint="choose a new or an empty folder")
    for name, least in (("seed", 0), ("offers", 1), ("quotes", 1), ("weeks", 1), ("shows", 0)):
        value = arguments[name]
        if not isinstance(value, int) or value < least:
            raise RoomError(f"{name} is {value!r}", hint=f"give a whole number from {least}")
    if arguments["file_format"] not in get_args(FileFormat):
        raise RoomError(f"file_format is {arguments['file_format']!r}", hint="give 'csv' or 'parquet'")


def _monday(week: str) -> date:
    match = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        if match:
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        pass
    raise RoomError(f"{week!r} is no ISO week", hint="write it like 2026-W48")


def _write(room: Path, plan: _Plan, arguments: dict[str, object]) -> None:
    show, session, label = plan.week_of(0)
    market = make_market(plan.seed, plan.offers, show)
    traps = trap_tables(market, label, show) if plan.trapped else {}
    airings = make_airings(plan.seed, market, plan.monday, plan.shows)
    stores = stack(market.stores, traps.get("stores", {}))
    write_table(room, "stores", stores, plan.file_format)
    for name in ("brands", "authorisations"):
        write_table(room, name, stack(getattr(market, name), traps.get(name, {})), plan.file_format)
    first_day = show - timedelta(weeks=plan.shows)
    write_table(room, "calendar", make_calendar(first_day, plan.week_of(plan.weeks - 1)[0]), plan.file_format)
    if plan.shows:
        write_table(room / "history", "airings", airings, plan.file_format)
    for number in range(plan.weeks):
        week = _write_week(room, plan, market, number, traps if number == 0 else {})
        if number == 0:
            policy = policy_text(week, recent_brands(airings), session=session)
            (room / "policy.toml").write_bytes(policy.encode())
        else:
            # Scores are renewed weekly; a table in a week's folder stands in for the room's.
            write_table(room / plan.week_of(number)[1], "stores", stores_as_of(stores, number), plan.file_format)
    for name in ("facts.csv", "wording.csv"):
        (room / name).write_bytes(files("bosspick.demo").joinpath(name).read_bytes())
    text = readme_text(arguments, session=session, label=label, trapped=plan.trapped)
    (room / "README.md").write_bytes(text.encode())


def _write_week(room: Path, plan: _Plan, market: Market, number: int, traps: dict[str, Columns]) -> Week:
    show, session, label = plan.week_of(number)
    # Traps count towards the size asked for.
    offers = plan.offers - (len(TRAPS) if traps else 0)
    quotes = plan.quotes - (quotes_needed() if traps else 0)
    week = make_week(plan.seed, market, label, show, offers=offers, quotes=quotes)
    for name in ("offers", "quotes", "promotions"):
        write_table(room / session, name, stack(getattr(week, name), traps.get(name, {})), plan.file_format)
    wishes = make_wishes(plan.seed, market, label, show)
    write_table(room / session, "wishes", wishes, plan.file_format, chinese=number == 0)
    return week
