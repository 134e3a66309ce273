"""A room: the folder or database a stream keeps its tables in, and one week of it, ready to plan."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from bosspick.errors import PolicyError, RoomError, SessionError, TableError
from bosspick.intake.feed_folder import IN_FEED, last_seen, refuse_tables_beside
from bosspick.intake.findings import Finding
from bosspick.intake.partitions import is_feed
from bosspick.intake.policy_notes import policy_notes
from bosspick.intake.raw import RawTable
from bosspick.intake.reading import SUFFIXES, read_file
from bosspick.intake.references import unreadable_promotions
from bosspick.intake.sql import read_sql, sql_sessions
from bosspick.intake.together import check_together
from bosspick.intake.validate import ValidTable, empty_table, validate
from bosspick.policy import Policy, load_policy
from bosspick.policy_rules import iso_monday
from bosspick.tables import TABLES, Table

__all__ = ["Room", "Week", "open_room", "parse_session"]

_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}")


def parse_session(text: str) -> date:
    """Monday of an ISO week such as ``2026-W48``.

    Raises
    ------
    SessionError
        The text is no ISO week, or that year has no such week.

    Examples
    --------
    >>> parse_session("2026-W48")
    datetime.date(2026, 11, 23)
    """
    try:
        return iso_monday(text)
    except ValueError as error:
        message, _, hint = str(error).partition(": ")
        raise SessionError(message, hint=hint) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One session with its validated tables.

    Attributes
    ----------
    session_id
        ISO week.
    tables
        Validated frames by table name; see :mod:`bosspick.tables`.
    findings
        Everything intake found, bad rows and notes.
    starts_at
        When the show starts, with offset.
    as_of
        The moment the evidence is judged at.
    files
        Where each table was read from, and how many rows.
    feed
        Folder of the Parquet partitions the quotes and promotions stay in; those tables are empty here then.
    """

    room: Path
    session_id: str
    policy: Policy
    tables: dict[str, pd.DataFrame]
    findings: tuple[Finding, ...]
    starts_at: datetime
    as_of: datetime
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    feed: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The room's time zone."""
        return ZoneInfo(self.policy.room.timezone)

    def table(self, name: str) -> pd.DataFrame:
        """The validated frame of one table."""
        return self.tables[name]

    @property
    def bad(self) -> tuple[Finding, ...]:
        """The findings that took a row into quarantine."""
        return tuple(finding for finding in self.findings if finding.severity == "bad")


@dataclass(frozen=True)
class Room:
    """A stream's folder, or a database with a folder for what is written.

    ``folder`` holds ``policy.toml`` and receives quarantine and briefings; tables come from it unless ``url``
    names a database.
    """

    folder: Path
    url: str | None = None

    @cached_property
    def policy(self) -> Policy:
        """The room's validated policy."""
        return load_policy(self.folder / "policy.toml")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The room's time zone."""
        try:
            return ZoneInfo(self.policy.room.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise PolicyError(
                f"room.timezone {self.policy.room.timezone!r} is unknown",
                where="policy.toml",
                hint="such as Asia/Shanghai",
            ) from None

    def sessions(self) -> list[str]:
        """ISO weeks the room has offers for, in order."""
        if self.url is not None:
            return sql_sessions(self.url)
        try:
            return sorted(path.name for path in self.folder.iterdir() if path.is_dir() and _WEEK.fullmatch(path.name))
        except OSError as error:
            raise RoomError(
                f"cannot be read: {error.strerror}", where=str(self.folder), hint="check its permissions"
            ) from error

    def week(self, session_id: str | None = None, *, as_of: datetime | None = None) -> Week:
        """Read and validate one week.

        Parameters
        ----------
        session_id
            ISO week; the first of the room if None.
        as_of
            Judge the evidence at this moment (with offset). By default the week's last capture, rounded up to
            the hour and never after the show starts, so that the same tables always give the same verdicts.

        Raises
        ------
        SessionError
            There is no such week.
        TableError
            A table is missing, unreadable, lacks a column, or no good offer is left; this one has the findings.
        """
        session_id = session_id if session_id is not None else self.first_session()
        monday = parse_session(session_id)
        if as_of is not None and as_of.tzinfo is None:
            raise SessionError(f"as_of {as_of.isoformat()} names no offset", hint="its zone would be a guess: add one")
        weeks = self.sessions()
        if session_id not in weeks:
            add = "add rows for it" if self.url else f"make a folder {session_id} with offers.csv and quotes.csv"
            hint = f"it has {', '.join(weeks)}" if weeks else add
            raise SessionError(f"the room has no week {session_id}", where=self._shown, hint=hint)
        home = self.folder / session_id
        feed = home if self.url is None and is_feed(home) else None
        aside = IN_FEED if feed else ()
        if feed:
            refuse_tables_beside(feed)
        read = {name: empty_table(table) if name in aside else self._read(table, session_id) for name, table in TABLES.items()}
        valid = check_together(read, self.policy, in_feed=aside)
        findings = tuple(finding for each in valid.values() for finding in each.findings)
        frames = {name: each.frame for name, each in valid.items()}
        frames["promotions"] = unreadable_promotions(valid["promotions"], frames["quotes"])
        if frames["offers"].empty:
            hint = _first_reason(valid["offers"])
            raise TableError("holds no usable offer", where=valid["offers"].file, hint=hint).having(findings)
        show = self.policy.show
        starts_at = datetime.combine(monday + timedelta(days=show.weekday - 1), show.starts_at, self.zone)
        return Week(
            room=self.folder,
            session_id=session_id,
            policy=self.policy,
            tables=frames,
            findings=(*findings, *policy_notes(self.policy, frames, session_id)),
            starts_at=starts_at,
            as_of=as_of if as_of is not None else last_seen(frames["quotes"], feed, starts_at, self.zone),
            feed=str(feed) if feed else None,
            files={name: (each.file, each.rows_read) for name, each in valid.items()},
        )

    def first_session(self) -> str:
        """The first ISO week the room has offers for; SessionError when it has none."""
        weeks = self.sessions()
        if not weeks:
            raise SessionError("the room has no week", where=str(self.folder), hint="make a folder such as 2026-W48")
        return weeks[0]

    def current_session(self, at: datetime) -> str:
        """The ISO week of a moment, in the room's time; else the next one the room has offers for, or its last."""
        year, number, _ = at.astimezone(self.zone).isocalendar()
        weeks = self.sessions() or [self.first_session()]
        return next((week for week in weeks if week >= f"{year}-W{number:02d}"), weeks[-1])

    def _read(self, table: Table, session_id: str) -> ValidTable:
        raw = self._raw(table, session_id)
        if raw is not None:
            return validate(table, raw, self.zone)
        if table.required:
            raise TableError(f"the table {table.name!r} is missing", where=self._shown, hint=self._missing(table, session_id))
        return empty_table(table)

    @property
    def _shown(self) -> str:
        """Where the tables are, as a message may say it: a URL may hold a password."""
        return str(self.folder) if self.url is None else "the database"

    def _missing(self, table: Table, session_id: str) -> str:
        if self.url is not None:
            return f"add a table {table.name}"
        folder = self.folder / session_id if table.weekly else self.folder
        similar = sorted(path.name for path in folder.iterdir() if path.stem.casefold() == table.name)
        wanted = f"{table.name} as .csv, .xlsx or .parquet"
        return f"{similar[0]} is not read: save it as {wanted}" if similar else f"add {wanted} in {folder}"

    def _raw(self, table: Table, session_id: str) -> RawTable | None:
        if self.url is not None:
            return read_sql(table.name, self.url, session_id=session_id if table.weekly else None)
        for folder in (self.folder / session_id, self.folder, self.folder / "history"):
            found = [folder / f"{table.name}{suffix}" for suffix in SUFFIXES if (folder / f"{table.name}{suffix}").is_file()]
            if len(found) > 1:
                names = " and ".join(path.name for path in found)
                raise TableError(f"two files hold the table: {names}", where=str(folder), hint="keep one of them")
            if found:
                return read_file(table.name, found[0], shown_as=found[0].relative_to(self.folder).as_posix())
        return None


def open_room(source: str | Path, *, folder: str | Path | None = None) -> Room:
    """Open a room.

    Parameters
    ----------
    source
        Folder of the room, or the URL of any database SQLAlchemy speaks to (weekly tables need a ``session_id``
        column there).
    folder
        With a URL: folder of ``policy.toml`` and of what is written; the current folder if None.

    Returns
    -------
    Room
        Nothing is read yet: :attr:`Room.policy` reads the policy, :meth:`Room.week` the tables.

    Raises
    ------
    RoomError
        There is no such folder.

    Examples
    --------
    >>> from bosspick.share import share_path
    >>> open_room(share_path("seeds")).sessions()[0]
    '2026-W48'
    """
    if "://" in str(source):
        return Room(Path(folder or ".").resolve(), url=str(source))
    path = Path(source).expanduser().resolve()
    if path.is_file():
        raise RoomError("is a file, not a room's folder", where=str(path), hint="name the folder that holds policy.toml")
    if not path.is_dir():
        raise RoomError("there is no such folder", where=str(path), hint="make one with `bosspick demo`, or check the path")
    return Room(path)


def _first_reason(table: ValidTable) -> str:
    bad = [finding for finding in table.findings if finding.severity == "bad"]
    return f"the first bad row: {min(bad, key=lambda finding: finding.row or 0)}" if bad else "add the week's applications"
