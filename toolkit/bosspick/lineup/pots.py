"""Subsidy money in force for one week: whose it is, what it may be spent on, and how much of it may be planned.

An event's pot exists while the calendar has the event on the show's day. What a pot may be spent on decides which limit
it raises: money for full-price goods is no help for goods a talk made cheaper, and money for new users' one-yuan items
is never planned per unit, because that price is no public one.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from bosspick.intake import Week
from bosspick.policy import Pot

__all__ = ["events_on", "given_fen", "plannable_fen", "pots_in_force", "reserve_fen"]

_STRESS = Decimal("1.5")


def events_on(week: Week) -> dict[str, int]:
    """Events of the calendar on the show's day, and the subsidy each brings by itself, fen."""
    calendar = week.table("calendar")
    day = pd.Timestamp(week.starts_at.date())
    on = calendar[(calendar["date_from"] <= day) & (calendar["date_to"] >= day)]
    budgets = on["subsidy_budget_fen"].fillna(0).astype("int64")
    return {str(event): int(budget) for event, budget in zip(on["event"], budgets, strict=True)}


def pots_in_force(week: Week) -> tuple[Pot, ...]:
    """The policy's pots for the show's day."""
    running = events_on(week)
    return tuple(pot for pot in week.policy.pots if pot.event is None or pot.event in running)


def plannable_fen(week: Week, payer: str, *, stress: bool = False, discounted: bool = False) -> int:
    """What may be planned per unit from one payer's pots, fen.

    Parameters
    ----------
    week
        Policy and calendar.
    payer
        ``platform``, ``brand`` or ``host``.
    stress
        The limit at the 90th percentile of demand instead, reserves included.
    discounted
        For goods below their opening price only, which money for full-price goods is not for.
    """
    total = 0
    for pot in pots_in_force(week):
        if pot.payer != payer or pot.goods == "new_users" or (discounted and pot.goods == "full_price"):
            continue
        amount = pot.amount * (1 - Decimal(str(pot.reserve)))
        if stress:
            amount = pot.stress if pot.stress is not None else pot.amount * _STRESS
        total += int(amount * 100)
    return total + (sum(events_on(week).values()) if payer == "platform" else 0)


def given_fen(week: Week, payer: str) -> int:
    """All money of one payer's pots in force, with what the calendar's events bring, fen."""
    own = sum(int(pot.amount * 100) for pot in pots_in_force(week) if pot.payer == payer)
    return own + (sum(events_on(week).values()) if payer == "platform" else 0)


def reserve_fen(week: Week, payer: str) -> int:
    """What of one payer's pots is kept for the air, fen."""
    kept = (int(pot.amount * Decimal(str(pot.reserve)) * 100) for pot in pots_in_force(week) if pot.payer == payer)
    return sum(kept)
