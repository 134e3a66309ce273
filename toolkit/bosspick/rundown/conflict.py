"""Why a lineup has no order: the smallest set of its items that cannot stand in one show, whoever the others are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from bosspick.rundown.feasible import has_order
from bosspick.rundown.hard_rules import Item, OrderRules
from bosspick.rundown.order import Minutes

__all__ = ["Conflict", "find_conflict", "widen"]

#: Up to this size every subset is tried; larger ones are found by leaving items out one by one.
_TRIED = 3
_Window = tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Items that no order can hold together.

    Attributes
    ----------
    offer_ids
        The items; at most one fewer of them can be in a show.
    certain
        Whether that is so in any lineup. Where hooks, opener or closer are needed to show it, it is so for the roles of
        this lineup only.
    why
        What is in the way, in words.
    """

    offer_ids: tuple[str, ...]
    certain: bool
    why: str


def find_conflict(items: Sequence[Item], minutes: Minutes, rules: OrderRules) -> Conflict | None:
    """Find a smallest set of items that have no order together.

    The other items are replaced by ones that fit everywhere. First the roles are left aside, so that the answer
    holds in every lineup; only if then an order exists do the others keep their roles.

    Parameters
    ----------
    items, minutes, rules
        A lineup, as for :func:`bosspick.rundown.order.order_items`.

    Returns
    -------
    Conflict or None
        None where an order exists, and where even items that fit everywhere have none with these roles. Of at most
        three items it is a smallest one; a larger one is smallest in that none of its items can be left out.
    """
    for certain, asked in ((True, OrderRules()), (False, rules)):
        everything = range(len(items))
        if not _stuck(items, everything, minutes, asked):
            continue
        if _stuck(items, (), minutes, asked):
            return None
        found = _smallest(items, minutes, asked)
        return Conflict(offer_ids=tuple(items[place].offer_id for place in found), certain=certain,
                        why=_why([items[place] for place in found], items, minutes, certain))  # fmt: skip
    return None


def widen(
    conflict: Conflict,
    items: Mapping[str, Item],
    windows: Mapping[str, _Window],
    categories: Mapping[str, str],
    count: int,
    minutes: Minutes,
) -> tuple[str, ...]:
    """Offers of which, for the same reason, no more can be in one show than of the conflict's.

    Without this each solve would only swap one of the items for another like it.

    Parameters
    ----------
    conflict, items
        What was found, and the lineup's items by offer.
    windows, categories
        Of every offer that may air.
    count
        Items of a show.
    minutes
        What may be shared out.

    Returns
    -------
    tuple of str
        Sorted; at least the conflict's own offers.
    """
    own = [items[offer] for offer in conflict.offer_ids]
    alike = set(conflict.offer_ids)
    if not conflict.certain:
        return tuple(sorted(alike))
    spans = [_span(item.window, minutes) for item in own]
    around = (min(span[0] for span in spans), max(span[1] for span in spans))
    labels = {item.category for item in own}
    if _none_fit(replace(own[0], category="", window=around), len(own), count, minutes):
        inside = {offer: _span(windows[offer], minutes) for offer in categories}
        alike |= {offer for offer, span in inside.items() if around[0] <= span[0] and span[1] <= around[1]}
    elif len(labels) == 1 and _none_fit(replace(own[0], window=None), len(own), count, minutes):
        alike |= {offer for offer, category in categories.items() if category in labels}
    return tuple(sorted(alike))


def _none_fit(item: Item, copies: int, count: int, minutes: Minutes) -> bool:
    """Whether no show can hold so many items like this one."""
    anyone = replace(item, category="", window=None)
    return not has_order([item] * copies + [anyone] * (count - copies), minutes, OrderRules())


def _stuck(items: Sequence[Item], kept: Sequence[int], minutes: Minutes, rules: OrderRules) -> bool:
    """Whether these items have no order though all the others fit everywhere."""
    plain = rules == OrderRules()
    shown = [
        replace(
            item,
            role="" if plain else item.role,
            category=item.category if place in kept else "",
            window=item.window if place in kept else None,
        )
        for place, item in enumerate(items)
    ]
    return not has_order(shown, minutes, rules)


def _smallest(items: Sequence[Item], minutes: Minutes, rules: OrderRules) -> tuple[int, ...]:
    for size in range(1, min(_TRIED, len(items)) + 1):
        for kept in combinations(range(len(items)), size):
            if _stuck(items, kept, minutes, rules):
                return kept
    found = list(range(len(items)))
    for place in range(len(items)):
        fewer = [other for other in found if other != place]
        if _stuck(items, fewer, minutes, rules):
            found = fewer
    return tuple(found)


def _why(own: Sequence[Item], items: Sequence[Item], minutes: Minutes, certain: bool) -> str:
    if not certain:
        return "with their representatives' windows no order opens, closes and spaces its hooks as asked"
    anyone = [replace(item, category="", window=None) for item in items[len(own) :]]
    if len(own) == 1:
        return "its representative is not on set for its least minutes at any time of the show"
    if not has_order([*(replace(item, category="", role="") for item in own), *anyone], minutes, OrderRules()):
        return "their representatives' windows cannot all be met"
    if not has_order([*(replace(item, window=None, role="") for item in own), *anyone], minutes, OrderRules()):
        return f"so many of {own[0].category} cannot be kept from following each other"
    return "their representatives' windows put two of a category in a row"


def _span(window: _Window, minutes: Minutes) -> tuple[float, float]:
    """The part of a window inside the show."""
    low, high = window if window is not None else (float("-inf"), float("inf"))
    return max(low, 0.0), min(high, float(minutes.total))
