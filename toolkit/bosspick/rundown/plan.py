"""The rundown of a lineup: order, minutes, stock releases, and what the bench could take."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pandas as pd

from bosspick.demand import Demand, estimate_demand
from bosspick.frames import records
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.rundown.bench_slots import bench_slots
from bosspick.rundown.hard_rules import Item
from bosspick.rundown.order import Order, order_items
from bosspick.rundown.releases import stock_releases
from bosspick.rundown.show_items import minutes_of, order_rules, show_items, slot_multipliers

__all__ = ["Rundown", "plan_rundown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """The show as it will run.

    Attributes
    ----------
    slots
        One row an item in order: slot, offer_id, title, category, role, starts_at, ends_at (with offset), minutes,
        slot_multiplier, viewer_price_fen, planned_units, rep_from, rep_to, rep_on_set, rep_arrives, rep_leaves (with
        offset; missing where no time is stated).
    tranches
        One row a stock release; see :func:`bosspick.rundown.releases.stock_releases`.
    bench
        One row a bench item and slot; see :func:`bosspick.rundown.bench_slots.bench_slots`.
    breaches
        Rules no order can keep, in words; empty when all are kept.
    changes
        What was changed in the lineup so that an order exists, and what it cost, in words.
    worth
        Worth of the show: slot multiplier times agreed value times what its minutes sell, summed; yuan-equivalents.
    version
        Stamp of the plan.
    """

    slots: pd.DataFrame
    tranches: pd.DataFrame
    bench: pd.DataFrame
    breaches: tuple[str, ...]
    worth: float
    version: str
    changes: tuple[str, ...] = field(default=())


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
        Order and minutes of the greatest worth among those that break the fewest rules; see
        :func:`bosspick.rundown.order.order_items`.
    """
    demand = demand if demand is not None else estimate_demand(week)
    items = show_items(week, plan.chosen)
    multipliers = slot_multipliers(week, demand, len(items))
    order = order_items(items, multipliers, minutes_of(week, len(items)), order_rules(week))
    slots = _slots(week, plan, items, order, multipliers)
    return Rundown(
        slots=slots,
        tranches=stock_releases(slots, week.policy.rundown),
        bench=bench_slots(week, plan, slots),
        breaches=order.breaches,
        worth=round(order.worth, 2),
        version=plan.version,
        changes=plan.order_changes,
    )


def _slots(week: Week, plan: LineupPlan, items: list[Item], order: Order, multipliers: list[float]) -> pd.DataFrame:
    offers = {row["offer_id"]: row for row in records(week.table("offers"))}
    chosen = {row["offer_id"]: row for row in records(plan.chosen)}
    rows, start = [], week.starts_at
    for slot, (place, length) in enumerate(zip(order.places, order.minutes, strict=True)):
        item, end = items[place], start + timedelta(minutes=length)
        offer, row = offers[item.offer_id], chosen[item.offer_id]
        arrives, leaves = _clocks(week, item)
        on_set = (arrives is None or arrives <= start) and (leaves is None or end <= leaves)
        rows.append(
            {
                "slot": slot + 1,
                "offer_id": item.offer_id,
                "title": offer["title"],
                "category": item.category,
                "role": item.role,
                "starts_at": start,
                "ends_at": end,
                "minutes": length,
                "slot_multiplier": round(multipliers[slot], 3),
                "viewer_price_fen": int(row["viewer_price_fen"]),
                "planned_units": int(min(offer["stock"], max(row["units90"], row["expected_units"]))),
                "rep_from": offer["rep_from"],
                "rep_to": offer["rep_to"],
                "rep_on_set": on_set,
                "rep_arrives": arrives,
                "rep_leaves": leaves,
            }
        )
        start = end
    return pd.DataFrame(rows)


def _clocks(week: Week, item: Item) -> list[pd.Timestamp | None]:
    """When the representative comes and goes; None where no time is stated."""
    return [
        None if abs(minutes) == float("inf") else pd.Timestamp(week.starts_at + timedelta(minutes=minutes))
        for minutes in item.window or (float("-inf"), float("inf"))
    ]
