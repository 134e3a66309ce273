"""The season of a room: this week and those after it, each with what it can air and with its own pots and calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import pandas as pd

from bosspick.demand import price_options
from bosspick.errors import NoPlanError, SessionError
from bosspick.intake import Room, Week
from bosspick.lineup.from_policy import week_rules
from bosspick.lineup.outcome import Progress
from bosspick.lineup.rules import Change, Gini, Repeat, Rule
from bosspick.lineup.season import Rest, SeasonResult, optimise_season
from bosspick.screening import Screening, screen

__all__ = ["Known", "plan_season"]


class Known(Protocol):
    """What is settled of a week, as :class:`bosspick.ledger.Standing` tells it."""

    @property
    def settled(self) -> Mapping[str, int]:
        """Agreed brand prices, fen by offer."""

    @property
    def failed(self) -> tuple[str, ...]:
        """Offers whose talk failed."""

    def rules(self, offers: set[str]) -> list[Rule]:
        """What a producer locked and banned."""


def plan_season(
    room: Room,
    session_id: str,
    *,
    weeks: int = 4,
    spread: Sequence[Gini] = (),
    known: Callable[[str], Known] | None = None,
    as_of: datetime | None = None,
    time_limit_s: float = 120,
    gap: float = 0.01,
    told: Callable[[Progress], None] | None = None,
) -> SeasonResult:
    """Plan a week together with those after it.

    A later week for which the room has tables is planned from them. For one that has none yet, this week's offers count
    on, as far as their certificates and their brands' authorisations last until that show.

    Parameters
    ----------
    room
        The room.
    session_id
        The first week.
    weeks
        How many, 1 to 8.
    spread
        Bounds on how unevenly the season falls on a column's labels.
    known
        What is settled of a week, by its id; nothing is if None.
    as_of
        Judge the first week's evidence at this moment; by default, as for every later week, at its last capture.
    time_limit_s, gap, told
        See :func:`~bosspick.lineup.season.optimise_season`.

    Returns
    -------
    SeasonResult
        Its first week is the plan to publish; ``assumed`` names the weeks planned from this week's offers.

    Raises
    ------
    NoPlanError
        No offer may air in one of the weeks.
    """
    base = room.week(session_id, as_of=as_of)
    screened = screen(base)
    sessions = set(room.sessions())
    options: dict[str, pd.DataFrame] = {}
    rules: dict[str, list[Rule]] = {}
    assumed: list[str] = []
    for ahead in range(weeks):
        week = _later(base, ahead)
        own = week.session_id in sessions and ahead > 0
        if own:
            week = room.week(week.session_id)
        elif ahead:
            assumed.append(week.session_id)
        screening = screen(week) if own else _still_good(week, screened)
        standing = known(week.session_id) if known else None
        settled, failed = (standing.settled, standing.failed) if standing else ({}, ())
        rows = price_options(week, screening, settled=settled, failed=failed)
        if rows.empty:
            raise NoPlanError("no offer may air", where=week.session_id, hint="plan fewer weeks, or add offers for that week")
        options[week.session_id] = rows
        chosen = standing.rules(set(rows["offer_id"])) if standing else []
        rules[week.session_id] = [
            _aged(rule, ahead) for rule in (*week_rules(week, screening, rows), *chosen) if not isinstance(rule, Change)
        ]
    rests = {
        Rest(column=rule.column, shows=rule.at_least)
        for rule in rules[session_id]
        if isinstance(rule, Repeat) and rule.mode == "hard" and rule.at_least > 1
    }
    found = optimise_season(
        options, rules, pick=base.policy.show.items, rests=sorted(rests, key=lambda r: r.column), spread=spread,
        time_limit_s=time_limit_s, gap=gap, told=told,
    )  # fmt: skip
    return replace(found, assumed=tuple(assumed))


def _later(week: Week, ahead: int) -> Week:
    """The same offers, some weeks later."""
    if not ahead:
        return week
    starts_at = week.starts_at + timedelta(weeks=ahead)
    year, number, _ = starts_at.isocalendar()
    if year > 9998:
        raise SessionError("the season leaves the calendar", where=week.session_id, hint="plan fewer weeks")
    return replace(week, session_id=f"{year}-W{number:02d}", starts_at=starts_at)


def _still_good(week: Week, screening: Screening) -> Screening:
    """What the screen found, without the offers whose papers end before the show."""
    day = pd.Timestamp(week.starts_at.date())
    offers, papers = week.table("offers"), week.table("authorisations")
    valid = papers[papers["valid_until"].isna() | (papers["valid_until"] >= day)]
    pairs = set(zip(valid["brand_id"], valid["store_id"], strict=True))
    lasts = offers["certificate_until"].isna() | (offers["certificate_until"] >= day)
    good = [
        ok and pair in pairs for ok, pair in zip(lasts, zip(offers["brand_id"], offers["store_id"], strict=True), strict=True)
    ]
    names = set(offers.loc[good, "offer_id"])
    ended = ~screening.offers["offer_id"].isin(names) & screening.offers["status"].isin(["pass", "bargain"])
    return replace(screening, offers=screening.offers.assign(status=screening.offers["status"].where(~ended, "fail")))


def _aged(rule: Rule, ahead: int) -> Rule:
    """A cooldown against past airings, seen from a later show: the shows between have passed."""
    if not isinstance(rule, Repeat):
        return rule
    recent: Mapping[str, int] = {label: ago + ahead for label, ago in rule.recent.items()}
    return replace(rule, recent=recent)
