"""The ten of a plan as items to place: worth, role, category, the representative's window."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pandas as pd

from bosspick.demand import Demand, wish_topics
from bosspick.frames import records
from bosspick.intake import Week
from bosspick.rundown.hard_rules import Item, OrderRules
from bosspick.rundown.order import Minutes
from bosspick.rundown.roles import assign_roles

__all__ = ["minutes_of", "order_rules", "show_items", "slot_multipliers", "windows_of"]


def show_items(week: Week, chosen: pd.DataFrame) -> list[Item]:
    """The chosen options as items, in the order of their ids; ``chosen`` as in :class:`bosspick.lineup.plan.LineupPlan`."""
    offers = week.table("offers").set_index("offer_id")
    topics = wish_topics(week.table("wishes"), week.table("offers"))
    wished = {offer for offers_met in topics["offer_ids"] for offer in offers_met}
    rows = chosen.sort_values("offer_id", ignore_index=True)
    windows = windows_of(week)
    at_the_end = {offer for offer, window in windows.items() if window is None or window[1] >= week.policy.show.minutes}
    roles = assign_roles(rows, offers["opening_price_fen"], wished, week.policy.rundown.hook_share, at_the_end)
    return [
        Item(offer_id=row["offer_id"], worth=max(float(row["agreed_value"]), 0.0), category=str(row["category"]),
             role=str(roles[row["offer_id"]]), window=windows[row["offer_id"]])
        for row in records(rows)
    ]  # fmt: skip


def minutes_of(week: Week, count: int) -> Minutes:
    """What the policy lets be shared out among so many items; an equal share counts as the usual minutes."""
    policy = week.policy
    return Minutes(total=policy.show.minutes, least=policy.rundown.minutes_min, most=policy.rundown.minutes_max,
                   exponent=policy.rundown.minutes_exponent, typical=policy.show.minutes / count)  # fmt: skip


def order_rules(week: Week) -> OrderRules:
    """What the policy asks of an order."""
    rundown = week.policy.rundown
    return OrderRules(open_with=rundown.open_with, close_with=rundown.close_with, hook_gap=rundown.hook_gap)


def slot_multipliers(week: Week, demand: Demand, count: int) -> list[float]:
    """Sales of each slot against the average: the policy's, else learned from airings, else 1."""
    stated = week.policy.rundown.slot_multipliers
    learned = demand.slot_multipliers
    return [stated[slot] if slot < len(stated) else learned.get(slot + 1, 1.0) for slot in range(count)]


def windows_of(week: Week) -> dict[str, tuple[float, float] | None]:
    """Each offer's representative's time on set in minutes from the start of the show; None: no time is stated."""
    return {row["offer_id"]: _window(week.starts_at, row["rep_from"], row["rep_to"]) for row in records(week.table("offers"))}


def _window(starts_at: datetime, rep_from: Any, rep_to: Any) -> tuple[float, float] | None:
    if pd.isna(rep_from) and pd.isna(rep_to):
        return None
    start, end = _minutes(starts_at, rep_from, float("-inf")), _minutes(starts_at, rep_to, float("inf"))
    return start, end


def _minutes(starts_at: datetime, clock: Any, default: float) -> float:
    """Minutes from the start to a time of day; before noon is the next day where the show starts after noon."""
    if pd.isna(clock):
        return default
    noon = starts_at.replace(hour=12, minute=0)
    told = time.fromisoformat(str(clock))
    at = starts_at.replace(hour=told.hour, minute=told.minute)
    at = at + timedelta(days=1) if at < noon <= starts_at else at
    return (at - starts_at).total_seconds() / 60
