"""Orders of a show by trying every one, and by the plain programme over subsets where the minutes are given.

Rules are read by their fields only; nothing of the package's arithmetic is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product
from typing import Any

import numpy as np


def broken(items: Sequence[Any], minutes: Sequence[int], rules: Any) -> int:
    """How many rules an order breaks, counted rule by rule."""
    starts = [sum(minutes[:place]) for place in range(len(items))]
    spans = list(zip(items, starts, minutes, strict=True))
    late = [item for item, at, long in spans if item.window and not (item.window[0] <= at <= at + long <= item.window[1])]
    ends = [(items[0], rules.open_with), (items[-1], rules.close_with)]
    wrong = [item for item, roles in ends if roles and item.role not in roles]
    pairs = [place for place in range(1, len(items)) if items[place].category == items[place - 1].category != ""]
    close = 0
    for place, item in enumerate(items):
        if item.role == "hook":
            before = [other for other in range(place) if items[other].role == "hook"]
            close += bool(before) and place - before[-1] - 1 < rules.hook_gap
    return len(late) + len(wrong) + len(pairs) + close


def second_choices(items: Sequence[Any], rules: Any) -> int:
    """How many ends of a show have an allowed role that is not the one named first."""
    ends = [(items[0], rules.open_with), (items[-1], rules.close_with)]
    return sum(item.role in roles[1:] for item, roles in ends)


def every_show(items: Sequence[Any], multipliers: Sequence[float], minutes: Any, rules: Any) -> tuple[int, int, float]:
    """Fewest rules broken, fewest second choices and most worth then, over all orders and all splits of the minutes."""
    splits = [
        split for split in product(range(minutes.least, minutes.most + 1), repeat=len(items)) if sum(split) <= minutes.total
    ]
    lengths = np.array(splits)
    starts = np.cumsum(lengths, axis=1) - lengths
    factors = (lengths / minutes.typical) ** minutes.exponent * np.array(multipliers[: len(items)])
    best = (10**9, 0, 0.0)
    for order in permutations(range(len(items))):
        shown = [items[place] for place in order]
        worth = factors @ np.array([item.worth for item in shown])
        out = np.full(len(splits), broken([_anytime(item) for item in shown], [0] * len(shown), rules))
        for slot, item in enumerate(shown):
            if item.window is not None:
                out += (starts[:, slot] < item.window[0]) | (starts[:, slot] + lengths[:, slot] > item.window[1])
        fewest = int(out.min())
        best = min(best, (fewest, second_choices(shown, rules), -float(worth[out == fewest].max())))
    return best[0], best[1], -best[2]


def best_order(
    items: Sequence[Any], multipliers: Sequence[float], minutes: Sequence[int], rules: Any
) -> tuple[int, int, float]:
    """What :func:`every_show` finds, with minutes given, by the programme over (set, last two hooks apart)."""
    count = len(items)
    states: dict[tuple[int, int, int], tuple[int, int, float]] = {}
    for place, item in enumerate(items):
        out = _alone(item, 0, minutes[place], 0, count, rules)
        gap = 0 if item.role == "hook" else 99
        other = item.role in rules.open_with[1:]
        other += count == 1 and item.role in rules.close_with[1:]
        states[1 << place, place, gap] = (out, int(other), -multipliers[0] * item.worth)
    for slot in range(1, count):
        reached: dict[tuple[int, int, int], tuple[int, int, float]] = {}
        for (mask, last, gap), (out, second, cost) in states.items():
            start = sum(minutes[place] for place in range(count) if mask >> place & 1)
            for place, item in enumerate(items):
                if mask >> place & 1:
                    continue
                more = _alone(item, start, minutes[place], slot, count, rules)
                more += items[last].category == item.category != ""
                more += item.role == "hook" and gap < rules.hook_gap
                state = (mask | 1 << place, place, 0 if item.role == "hook" else min(gap + 1, 99))
                other = slot == count - 1 and item.role in rules.close_with[1:]
                found = (out + more, second + other, cost - multipliers[slot] * item.worth)
                reached[state] = min(found, reached.get(state, found))
        states = reached
    fewest, second, cost = min(states.values())
    return fewest, second, -cost


def _alone(item: Any, start: int, length: int, slot: int, count: int, rules: Any) -> int:
    out = item.window is not None and not (item.window[0] <= start and start + length <= item.window[1])
    out += slot == 0 and bool(rules.open_with) and item.role not in rules.open_with
    out += slot == count - 1 and bool(rules.close_with) and item.role not in rules.close_with
    return int(out)


def _anytime(item: Any) -> Any:
    return type(item)(offer_id=item.offer_id, worth=item.worth, category=item.category, role=item.role, window=None)
