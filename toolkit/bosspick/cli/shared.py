"""What the commands share: the room's arguments, JSON output, and tables on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bosspick.errors import InputError
from bosspick.intake.partitions import FIRST_MOMENT, LAST_MOMENT

if TYPE_CHECKING:
    import pandas as pd

    from bosspick.briefing.stage import Stage
    from bosspick.intake import Room

__all__ = ["as_json", "moment", "open_stage", "room_arguments", "room_options", "session_of", "show_table"]

F = TypeVar("F", bound=Callable[..., Any])
#: Letters up to which a cell is kept on one line.
_SHORT = 12
#: Letters a line has where no terminal says so.
_PIPED_WIDTH = 150
_UNDER_WAY = {
    "week": "reading the tables",
    "decisions": "reading what was decided of titles",
    "screening": "screening the offers",
    "demand": "estimating demand",
    "standing": "reading the ledger",
    "plan": "planning the lineup",
    "targets": "pricing the targets",
    "talks": "choosing the talks",
    "subsidy": "counting who pays",
    "rundown": "ordering the show",
}


def room_options(
    *,
    session: str = "Default: the current one, or else the next the room has; of a demo room its first.",
    as_of: str | None = "Default: the week's last capture.",
) -> Callable[[F], F]:
    """ROOM, --session, --as-of and --folder, with what a command does without them; no --as-of where it says nothing."""

    def decorate(function: F) -> F:
        options = [
            click.option("--folder", type=click.Path(file_okay=False), help="With a database URL: folder of policy.toml."),
            click.option("--session", "-s", help=f"ISO week such as 2026-W48. {session}"),
            click.argument("room"),
        ]
        if as_of is not None:
            options.insert(1, click.option("--as-of", help=f"Judge the evidence at this moment, or 'now'. {as_of}"))
        for option in options:
            function = option(function)
        return function

    return decorate


#: The same for every command that says nothing else.
room_arguments = room_options()


def session_of(room: Room, session: str | None) -> str:
    """The week asked for, or the one that counts now; a demo room's weeks are of no calendar, so that it is its first."""
    if session is not None:
        return session
    if len(room.sessions()) < 2 or room.policy.room.synthetic:
        return room.first_session()
    return room.current_session(datetime.now(UTC))


def moment(text: str | None) -> datetime | None:
    """Read ``--as-of``; a moment without an offset is an error, because its zone would be a guess."""
    if text is None:
        return None
    if text == "now":
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not FIRST_MOMENT.year <= found.year <= LAST_MOMENT.year:
        raise InputError(f"{text!r} is not a moment", where="--as-of", hint="write 2026-11-27T18:00+08:00 or now")
    if found.tzinfo is None:
        raise InputError(f"{text!r} names no offset", where="--as-of", hint="write 2026-11-27T18:00+08:00") from None
    return found


def open_stage(room: str, session: str | None, as_of: str | None, folder: str | None) -> Stage:
    """The products of a week, computed when a command asks for them."""
    from bosspick.briefing.config import RunConfig
    from bosspick.briefing.stage import Stage
    from bosspick.intake import open_room

    judged_at, opened = moment(as_of), open_room(room, folder=folder)
    config = RunConfig(room=str(opened.folder), url=opened.url, session=session_of(opened, session), as_of=judged_at)
    return Stage(config, told=_told)


def _told(product: str) -> None:
    """Say on a terminal what is under way, on one line that is cleared before the result is printed."""
    if sys.stderr.isatty():
        words = f"{_UNDER_WAY[product]} …" if product else ""
        click.echo(f"\r\033[K{words}\r", nl=False, err=True)


def writable_folder(folder: Path, option: str) -> None:
    """Refuse a folder that cannot be made or written to, before anything is planned for it; nothing is made yet.

    Raises
    ------
    InputError
        It cannot be, or cannot be written to.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"{there} is a file, not a folder", where=option, hint="name another place")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"{there} cannot be written to", where=option, hint="name another place")


def as_json(content: Any) -> None:
    """Print a result for another program."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=_plain))


def show_table(frame: pd.DataFrame, columns: Sequence[str], *, title: str, limit: int | None = None) -> None:
    """Print a table for people."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", header_style="bold")
    shown = frame.head(limit) if limit else frame
    rows = [[_cell(row[column]) for column in columns] for row in shown.to_dict("records")]
    for place, column in enumerate(columns):
        # Ids and prices cut short are no use; sentences can wrap.
        table.add_column(Text(column), no_wrap=all(len(row[place]) <= _SHORT for row in rows))
    for row in rows:
        # As it stands: a title with brackets is no markup.
        table.add_row(*map(Text, row))
    Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH).print(table)
    if limit and len(frame) > limit:
        click.echo(f"… and {len(frame) - limit} more; --json prints all")


def _cell(value: Any) -> str:
    import pandas as pd

    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if value is None or pd.isna(value):
        return "–"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    import pandas as pd

    if value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(type(value).__name__)
