"""Rows whose cells can each be read and cannot be true together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

import pandas as pd

from bosspick.intake.references import quarantined
from bosspick.intake.validate import ValidTable
from bosspick.policy import Policy

__all__ = ["without_impossible"]


@dataclass(frozen=True, slots=True)
class _Impossible:
    """What cannot be: the column it is said of, what is said, and what to do."""

    table: str
    column: str
    rows: Callable[[pd.DataFrame, Policy], pd.Series]
    reason: str
    mend: str


def without_impossible(name: str, table: ValidTable, policy: Policy) -> ValidTable:
    """Set aside the rows of a table that contradict themselves.

    Parameters
    ----------
    name, table
        The table's name, and the validated table.
    policy
        The room's policy: when the show starts decides which clock times belong to the night after it.
    """
    for each in _IMPOSSIBLE:
        if each.table == name and len(table.frame):
            lost = each.rows(table.frame, policy).fillna(False).astype(bool)
            table = quarantined(name, table, lost, each.column, each.reason, each.mend)
    return table


def _leaves_early(offers: pd.DataFrame, policy: Policy) -> pd.Series:
    """Where the representative leaves before arriving; a show after noon goes on past midnight."""
    start, end = (_of_the_night(offers[name], policy.show.starts_at) for name in ("rep_from", "rep_to"))
    return end <= start


def _of_the_night(clock: pd.Series, starts_at: time) -> pd.Series:
    next_day = (clock < "12:00") & (starts_at >= time(12))
    return next_day.astype("boolean").fillna(False).map({True: "1 ", False: "0 "}).astype("str") + clock


def _more(column: str, than: str) -> Callable[[pd.DataFrame, Any], pd.Series]:
    return lambda frame, _: frame[column] > frame[than]


_IMPOSSIBLE = (
    _Impossible("offers", "rep_to", _leaves_early, "is not after rep_from", "correct the time the representative leaves"),
    _Impossible("offers", "floor_low", _more("floor_low_fen", "floor_high_fen"), "is above floor_high", "swap or correct them"),
    _Impossible("calendar", "date_to", _more("date_from", "date_to"), "is before date_from", "correct the event's days"),
    _Impossible("airings", "units", _more("units", "stock"), "is more than the stock",
                "correct it, or count what was added during the show into the stock"),
    _Impossible("airings", "returned_units", _more("returned_units", "units"), "is more than the units sold",
                "correct it, or the units sold"),
)  # fmt: skip
