"""The rundown of a lineup: minutes, order, stock tranches and the cues of the control desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pandas as pd

from bosspick.demand import Demand, estimate_demand, wish_topics
from bosspick.frames import records
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.rundown.minutes import share_minutes
from bosspick.rundown.order import Item, Order, order_items
from bosspick.rundown.roles import assign_roles

__all__ = ["Rundown", "plan_rundown"]

#: Share of an item's minutes after which each stock tranche is released, and the shares released.
_RELEASE = (0.25, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """The show as it will run.

    Attributes
    ----------
    slots
        One row an item in order: slot, offer_id, title, category, role, starts_at, ends_at (with offset), minutes,
        slot_multiplier, viewer_price_fen, planned_units, rep_from, rep_to, rep_on_set.
    tranches
        One row a stock release: slot, offer_id, tranche, at, units, left_after (true count).
    breaches
        Rules no order can keep, in words; empty when all are kept.
    worth
        Value of the order: slot multiplier times agreed value, summed; yuan-equivalents.
    version
        Stamp of the plan.
    """

    slots: pd.DataFrame
    tranches: pd.DataFrame
    breaches: tuple[str, ...]
    worth: float
    version: str


def plan_rundown(week: Week, plan: LineupPlan, *, demand: Demand | None = None) -> Rundown:
    """Order the ten of a plan.

    Parameters
    ----------
    week, plan
        The week and its lineup.
    demand
        Estimate whose slot multipliers are used unless the policy states them; made here if None.

    Returns
    -------
    Rundown
        The best order among those that break the fewest rules, proven by exhaustion of the subsets.
    """
    demand = demand if demand is not None else estimate_demand(week)
    policy = week.policy
    offers = week.table("offers").set_index("offer_id")
    chosen = plan.chosen.sort_values("offer_id", ignore_index=True)
    topics = wish_topics(week.table("wishes"), week.table("offers"))
    wished = {offer for offers_met in topics["offer_ids"] for offer in offers_met}
    roles = assign_roles(chosen, offers["opening_price_fen"], wished, policy.rundown.hook_share)
    worth = [max(value, 0.0) for value in chosen["agreed_value"]]
    minutes = share_minutes(
        worth, total=policy.show.minutes, least=policy.rundown.minutes_min, most=policy.rundown.minutes_max,
        exponent=policy.rundown.minutes_exponent,
    )  # fmt: skip
    multipliers = slot_multipliers(week, demand, len(chosen))
    items = [
        Item(offer_id=row["offer_id"], worth=value, minutes=length, category=row["category"], role=roles[row["offer_id"]],
             window=_window(week.starts_at, offers.loc[row["offer_id"]]))
        for row, value, length in zip(records(chosen), worth, minutes, strict=True)
    ]  # fmt: skip
    order = order_items(items, multipliers, open_with=policy.rundown.open_with, close_with=policy.rundown.close_with)
    slots = _slots(week, chosen, items, order, multipliers)
    return Rundown(
        slots=slots,
        tranches=_tranches(slots, policy.rundown.tranches),
        breaches=order.breaches,
        worth=round(order.worth, 2),
        version=plan.version,
    )


def slot_multipliers(week: Week, demand: Demand, count: int) -> list[float]:
    """Sales of each slot against the average: the policy's, else learned from airings, else 1."""
    stated = week.policy.rundown.slot_multipliers
    learned = demand.slot_multipliers
    return [stated[slot] if slot < len(stated) else learned.get(slot + 1, 1.0) for slot in range(count)]


def _window(starts_at: datetime, offer: pd.Series) -> tuple[float, float] | None:
    """The representative's time on set in minutes from the start; a time of day before the other is the next day."""
    if pd.isna(offer["rep_from"]) and pd.isna(offer["rep_to"]):
        return None
    noon = starts_at.replace(hour=12, minute=0)

    def minutes(clock: Any, default: float) -> float:
        if pd.isna(clock):
            return default
        at = starts_at.replace(hour=time.fromisoformat(str(clock)).hour, minute=time.fromisoformat(str(clock)).minute)
        at = at + timedelta(days=1) if at < noon and starts_at >= noon else at
        return (at - starts_at).total_seconds() / 60

    return minutes(offer["rep_from"], float("-inf")), minutes(offer["rep_to"], float("inf"))


def _slots(week: Week, chosen: pd.DataFrame, items: list[Item], order: Order, multipliers: list[float]) -> pd.DataFrame:
    offers = week.table("offers").set_index("offer_id")
    rows, start = [], week.starts_at
    for slot, place in enumerate(order.places):
        item, row = items[place], chosen.iloc[place]
        end = start + timedelta(minutes=item.minutes)
        offset = (start - week.starts_at).total_seconds() / 60
        on_set = item.window is None or (item.window[0] <= offset and offset + item.minutes <= item.window[1])
        offer = offers.loc[item.offer_id]
        rows.append(
            {
                "slot": slot + 1,
                "offer_id": item.offer_id,
                "title": offer["title"],
                "category": item.category,
                "role": item.role,
                "starts_at": start,
                "ends_at": end,
                "minutes": item.minutes,
                "slot_multiplier": round(multipliers[slot], 3),
                "viewer_price_fen": int(row["viewer_price_fen"]),
                "planned_units": int(min(offer["stock"], max(row["units90"], row["expected_units"]))),
                "rep_from": offer["rep_from"],
                "rep_to": offer["rep_to"],
                "rep_on_set": on_set,
            }
        )
        start = end
    return pd.DataFrame(rows)


def _tranches(slots: pd.DataFrame, count: int) -> pd.DataFrame:
    """Release the planned units in falling shares, spread over the item's minutes; the counts are exact."""
    weights = list(range(count, 0, -1))
    rows = []
    for slot in records(slots):
        left, released = slot["planned_units"], 0
        for tranche in range(1, count + 1):
            share = sum(weights[:tranche]) / sum(weights)
            units = round(slot["planned_units"] * share) - released
            released, left = released + units, left - units
            first, last = _RELEASE
            part = first + (last - first) * (tranche - 1) / max(count - 1, 1)
            at = slot["starts_at"] + timedelta(seconds=round(slot["minutes"] * 60 * part))
            rows.append({"slot": slot["slot"], "offer_id": slot["offer_id"], "tranche": tranche, "at": at, "units": units,
                         "left_after": left})  # fmt: skip
    return pd.DataFrame(rows, columns=["slot", "offer_id", "tranche", "at", "units", "left_after"])
