"""The evidence pack: rows, rules and policy behind every verdict, enough to compute the verdicts again.

Members are the validated tables the screen reads (quotes and promotions as far as they bear on an offer), the title
decisions in force, the policy, and what the screen made of them: ``verdicts.csv`` and ``pairs.csv``. ``pack.json`` says
when it was judged and until when it must be kept. Confidential columns are left out: no verdict rests on them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from bosspick.briefing.pack_archive import sealed, unsealed
from bosspick.briefing.pack_cells import as_csv, raw_rows, read_csv
from bosspick.briefing.pack_rows import DECISION_KINDS, bearing_quotes, decisions_in_force, kinds_of
from bosspick.errors import PackError, PolicyError
from bosspick.tables import TABLES

if TYPE_CHECKING:
    from bosspick.intake import Week
    from bosspick.screening import Screening

__all__ = ["PACK_SCHEMA", "Pack", "PackReport", "keep_until", "read_pack", "verify_pack", "write_pack"]

#: Version of the pack; raised when a member changes its meaning or goes.
PACK_SCHEMA = 1
#: Records of a show are kept so many years.
_RECORDS_YEARS = 3
_TABLES = ("offers", "quotes", "promotions", "stores", "brands", "authorisations")
_KEYS = {"verdicts.csv": ("offer_id", "rule"), "pairs.csv": ("offer_id", "quote_id")}
_HINT = "name an evidence.zip that `bosspick brief` of this version wrote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack as read.

    Attributes
    ----------
    week
        The week as the screen saw it; confidential columns are null and tables it does not read are empty.
    decisions
        Title decisions in force; columns of :meth:`bosspick.ledger.Ledger.match_decisions`.
    stated
        Rows of ``verdicts.csv`` and ``pairs.csv`` as written, by file.
    keep_until
        Last day it must be kept.
    made_with
        Version of the toolkit that wrote it.
    damage
        What is not as it was written, in words.
    """

    week: Week
    decisions: pd.DataFrame
    stated: dict[str, list[dict[str, str]]]
    keep_until: date
    made_with: str
    damage: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReport:
    """Whether a pack proves itself.

    Attributes
    ----------
    session_id, keep_until, made_with
        As in :class:`Pack`.
    verdicts
        How many were computed again.
    damage
        What is not as it was written, in words.
    differences
        One row a cell that recomputes to something else: file, offer_id, key (rule or quote), column, stated and
        recomputed as text; null where only one side has the row.
    """

    session_id: str
    keep_until: date
    made_with: str
    verdicts: int
    damage: tuple[str, ...]
    differences: pd.DataFrame

    @property
    def is_ok(self) -> bool:
        """Whether every byte is as written and every verdict recomputes."""
        return not self.damage and self.differences.empty


def keep_until(starts_at: datetime) -> date:
    """The last day a show's records must be kept: three years after it.

    Examples
    --------
    >>> keep_until(datetime(2026, 11, 28, 20)), keep_until(datetime(2028, 2, 29, 20))
    (datetime.date(2029, 11, 28), datetime.date(2031, 3, 1))
    """
    day, year = starts_at.date(), starts_at.year + _RECORDS_YEARS
    try:
        return day.replace(year=year)
    except ValueError:  # the 29th of February
        return date(year, 3, 1)


def write_pack(path: Path, week: Week, screening: Screening, decisions: pd.DataFrame | None = None) -> None:
    """Write the evidence of a week's verdicts; the same evidence gives the same bytes.

    Parameters
    ----------
    path
        Where to.
    week
        What was judged.
    screening
        What the screen found; of a feed with what bears on the verdicts.
    decisions
        The title decisions it was given.
    """
    from bosspick import __version__

    rows, pairs = _evidence(week, screening, decisions)
    tables = {name: week.table(name) for name in _TABLES} | rows
    about = {
        "schema": PACK_SCHEMA,
        "session": week.session_id,
        "as_of": week.as_of.isoformat(),
        "starts_at": week.starts_at.isoformat(),
        "keep_until": keep_until(week.starts_at).isoformat(),
        "toolkit": __version__,
    }
    members = {
        "pack.json": (json.dumps(about, indent=1) + "\n").encode(),
        "policy.json": week.policy.model_dump_json(indent=1).encode(),
        "decisions.csv": as_csv(decisions_in_force(decisions, tables)),
        "verdicts.csv": as_csv(screening.verdicts),
        "pairs.csv": as_csv(pairs),
        **{f"{name}.csv": as_csv(frame[list(kinds_of(name))]) for name, frame in tables.items()},
    }
    path.write_bytes(sealed(members))


def _evidence(week: Week, screening: Screening, decisions: pd.DataFrame | None) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The quotes that bear on a verdict with their promotions, and the pairs that come of them."""
    if week.feed is not None:
        from bosspick.screening import screen
        from bosspick.screening.bearing import bearing_week

        borne = bearing_week(week, screening.bearing)
        return {name: borne.table(name) for name in ("quotes", "promotions")}, screen(borne, decisions=decisions).pairs
    quotes, promotions = bearing_quotes(week, screening), week.table("promotions")
    return {"quotes": quotes, "promotions": promotions[promotions["quote_id"].isin(quotes["quote_id"])]}, screening.pairs


def read_pack(path: Path) -> Pack:
    """Read a pack and check its bytes.

    Parameters
    ----------
    path
        An ``evidence.zip``.

    Raises
    ------
    PackError
        It is no pack, is cut short, lacks a member, has another schema, or a member cannot be read.
    """
    from bosspick.intake import Week

    try:
        archive = unsealed(path.read_bytes(), where=str(path))
    except OSError as error:
        raise PackError(f"cannot be read: {error.strerror}", where=str(path), hint=_HINT) from None
    members, damage = archive.members, list(archive.damage)
    about = _about(members, path)
    for name in ("policy.json", "decisions.csv", *_KEYS, *(f"{name}.csv" for name in _TABLES)):
        if name not in members:
            raise PackError(f"holds no {name}", where=str(path), hint=_HINT)
    policy = _policy(members["policy.json"], path)
    tables = {name: _table(name, members.get(f"{name}.csv"), path) for name in TABLES}
    starts_at = about["starts_at"].astimezone(ZoneInfo(policy.room.timezone))
    if about["keep_until"] != keep_until(starts_at):
        damage.append(f"pack.json says to keep it until {about['keep_until']}, not {keep_until(starts_at)}")
    week = Week(room=path.resolve().parent, session_id=about["session"], policy=policy, tables=tables, findings=(),
                starts_at=starts_at, as_of=about["as_of"])  # fmt: skip
    return Pack(
        week=week,
        decisions=read_csv(members["decisions.csv"], DECISION_KINDS, where=f"{path}: decisions.csv"),
        stated={name: raw_rows(members[name], where=f"{path}: {name}") for name in _KEYS},
        keep_until=keep_until(starts_at),
        made_with=about["toolkit"],
        damage=tuple(damage),
    )


def verify_pack(path: Path) -> PackReport:
    """Compute a pack's verdicts again from the pack alone, and compare.

    Parameters
    ----------
    path
        An ``evidence.zip``.

    Raises
    ------
    PackError
        As :func:`read_pack`.
    """
    from bosspick.screening import screen

    pack = read_pack(path)
    found = screen(pack.week, decisions=pack.decisions)
    again = {"verdicts.csv": found.verdicts, "pairs.csv": found.pairs}
    rows = [row for name, frame in again.items()
            for row in _differences(name, pack.stated[name], raw_rows(as_csv(frame), where=name))]  # fmt: skip
    columns = ["file", "offer_id", "key", "column", "stated", "recomputed"]
    return PackReport(
        session_id=pack.week.session_id,
        keep_until=pack.keep_until,
        made_with=pack.made_with,
        verdicts=len(found.verdicts),
        damage=pack.damage,
        differences=pd.DataFrame(rows, columns=columns, dtype="str"),
    )


def _table(name: str, content: bytes | None, path: Path) -> pd.DataFrame:
    """A validated table with all its columns; those the pack leaves out are null, tables it leaves out are empty."""
    from bosspick.intake.schema import DTYPES

    kinds = kinds_of(name)
    written = as_csv(pd.DataFrame(columns=list(kinds))) if content is None or name not in _TABLES else content
    frame = read_csv(written, kinds, where=f"{path}: {name}.csv")
    for column in TABLES[name].columns:
        if column.confidential:
            frame[column.stored] = pd.Series([None] * len(frame), dtype=DTYPES[column.kind])
    return frame[[column.stored for column in TABLES[name].columns]]


def _about(members: dict[str, bytes], path: Path) -> dict[str, Any]:
    where = f"{path}: pack.json"
    if "pack.json" not in members:
        raise PackError("holds no pack.json: no evidence pack, or one of an earlier version", where=str(path), hint=_HINT)
    try:
        about = json.loads(members["pack.json"])
        if about["schema"] != PACK_SCHEMA:
            raise PackError(f"schema {about['schema']!r}, not {PACK_SCHEMA}", where=where, hint=_HINT)
        moments = {name: datetime.fromisoformat(about[name]) for name in ("as_of", "starts_at")}
        if any(moment.tzinfo is None for moment in moments.values()):
            raise ValueError("a moment names no offset")
        until = date.fromisoformat(about["keep_until"])
        return {"session": str(about["session"]), "toolkit": str(about["toolkit"]), "keep_until": until, **moments}
    except (ValueError, KeyError, TypeError) as error:
        raise PackError(f"cannot be read: {error}", where=where, hint=_HINT) from None


def _policy(content: bytes, path: Path) -> Any:
    from bosspick.policy import parse_policy

    try:
        policy = parse_policy(json.loads(content), where=f"{path}: policy.json")
        ZoneInfo(policy.room.timezone)
    except (ValueError, KeyError, TypeError, AttributeError, PolicyError, OSError) as error:
        raise PackError(f"is no policy: {error}", where=f"{path}: policy.json", hint=_HINT) from None
    return policy


def _differences(file: str, stated: list[dict[str, str]], found: list[dict[str, str]]) -> list[dict[str, str | None]]:
    """The cells that differ, by the key of the file's rows."""
    keys = _KEYS[file]
    left, right = ({tuple(row.get(key, "") for key in keys): row for row in rows} for rows in (stated, found))
    out: list[dict[str, str | None]] = []
    for key in sorted(left.keys() | right.keys()):
        mine, theirs = left.get(key), right.get(key)
        same = {"file": file, "offer_id": key[0], "key": key[1]}
        if mine is None or theirs is None:
            out.append({**same, "column": "row", "stated": None if mine is None else "there",
                        "recomputed": None if theirs is None else "there"})  # fmt: skip
            continue
        out += [
            {**same, "column": column, "stated": mine.get(column), "recomputed": theirs.get(column)}
            for column in dict.fromkeys([*mine, *theirs])
            if mine.get(column) != theirs.get(column)
        ]
    return out
