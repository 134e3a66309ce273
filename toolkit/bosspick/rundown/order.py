"""The order of the items, exact: a dynamic programme over the sets of items already aired.

When the n-th item starts depends only on which items came before it, not on their order, so the best
continuation of a set and its last item is well defined (Held and Karp 1962).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Item", "Order", "breaches", "order_items"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item to place; times in minutes from the start of the show."""

    offer_id: str
    worth: float
    minutes: int
    category: str
    role: str
    window: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order of items: positions in the sequence given, its worth, and the rules it cannot keep."""

    places: tuple[int, ...]
    worth: float
    breaches: tuple[str, ...]


def order_items(
    items: Sequence[Item], multipliers: Sequence[float], *, open_with: Sequence[str], close_with: Sequence[str]
) -> Order:
    """Put items in the best order.

    Orders are compared first by how many rules they break (representative's window, two of a category in a row,
    two hooks in a row, roles of the first and last slot), then by worth: the sum of slot multiplier times worth.

    Parameters
    ----------
    items
        The items, at most 14.
    multipliers
        Sales of each slot against the average slot.
    open_with, close_with
        Roles the first and last slot may have; empty: any.

    Returns
    -------
    Order
        The breaches are empty where an order that keeps every rule exists. Of equals the first in the order of
        the items given.
    """
    count = len(items)
    starts = _starts(items)
    best: dict[tuple[int, int], tuple[int, float]] = {}
    came_from: dict[tuple[int, int], int] = {}
    full = (1 << count) - 1
    for place, item in enumerate(items):
        broken = len(_alone(item, 0.0, first=True, last=count == 1, open_with=open_with, close_with=close_with))
        best[1 << place, place] = (broken, -multipliers[0] * item.worth)
    for mask in range(1, full):
        slot = mask.bit_count()
        final = slot == count - 1
        for last in range(count):
            known = best.get((mask, last))
            if known is None:
                continue
            for place, item in enumerate(items):
                if mask >> place & 1:
                    continue
                broken = len(_alone(item, starts[mask], first=False, last=final, open_with=open_with, close_with=close_with))
                broken += len(_beside(items[last], item))
                cost = (known[0] + broken, known[1] - multipliers[slot] * item.worth)
                state = (mask | 1 << place, place)
                if state not in best or cost < best[state]:
                    best[state], came_from[state] = cost, last
    last = min(range(count), key=lambda place: best[full, place])
    places, mask = [last], full
    while (mask, places[-1]) in came_from:
        before = came_from[mask, places[-1]]
        mask ^= 1 << places[-1]
        places.append(before)
    ordered = tuple(reversed(places))
    found = breaches([items[place] for place in ordered], open_with=open_with, close_with=close_with)
    return Order(places=ordered, worth=-best[full, last][1], breaches=found)


def breaches(ordered: Sequence[Item], *, open_with: Sequence[str], close_with: Sequence[str]) -> tuple[str, ...]:
    """Say which rules an order breaks, in words."""
    found, start = [], 0.0
    for place, item in enumerate(ordered):
        first, last = place == 0, place == len(ordered) - 1
        found += _alone(item, start, first=first, last=last, open_with=open_with, close_with=close_with)
        start += item.minutes
    for before, after in pairwise(ordered):
        found += _beside(before, after)
    return tuple(found)


def _starts(items: Sequence[Item]) -> list[float]:
    """Minutes taken by every set of items."""
    starts = [0.0] * (1 << len(items))
    for mask in range(1, len(starts)):
        low = mask & -mask
        starts[mask] = starts[mask ^ low] + items[low.bit_length() - 1].minutes
    return starts


def _alone(
    item: Item, start: float, *, first: bool, last: bool, open_with: Sequence[str], close_with: Sequence[str]
) -> list[str]:
    found = []
    if item.window is not None and not (item.window[0] <= start and start + item.minutes <= item.window[1]):
        found.append(f"{item.offer_id}: the brand's representative is not on set then")
    if first and open_with and item.role not in open_with:
        found.append(f"{item.offer_id}: opens the show as {item.role}, not {' or '.join(open_with)}")
    if last and close_with and item.role not in close_with:
        found.append(f"{item.offer_id}: closes the show as {item.role}, not {' or '.join(close_with)}")
    return found


def _beside(before: Item, after: Item) -> list[str]:
    found = []
    if before.category == after.category:
        found.append(f"{before.offer_id} and {after.offer_id}: two of {after.category} in a row")
    if before.role == after.role == "hook":
        found.append(f"{before.offer_id} and {after.offer_id}: two hooks in a row")
    return found
