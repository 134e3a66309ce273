"""Whether any order keeps every rule, at any minutes: cheap enough to ask for many subsets of a lineup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bosspick.rundown.hard_rules import HOOK, Item, OrderRules
from bosspick.rundown.order import Minutes

__all__ = ["has_order"]

#: Items are told apart only by what the rules look at: category, role, window.
_Kind = tuple[str, str, tuple[float, float] | None]


def has_order(items: Sequence[Item], minutes: Minutes, rules: OrderRules) -> bool:
    """Say whether some order with some minutes breaks no rule.

    The states are how many items of each kind have aired, the kind of the last one and how long ago the last hook was;
    each holds the set of minutes that can have been used, as the bits of one integer.

    Parameters
    ----------
    items, minutes, rules
        As for :func:`bosspick.rundown.order.order_items`; worths do not matter.

    Examples
    --------
    >>> shared = Minutes(total=30, least=10, most=15, exponent=0.5, typical=10.0)
    >>> early = Item(offer_id="a", worth=1.0, category="", role="", window=(0.0, 10.0))
    >>> has_order([early], shared, OrderRules()), has_order([early, early], shared, OrderRules())
    (True, False)
    """
    counted = Counter((item.category, item.role, item.window) for item in items)
    kinds, number = list(counted), list(counted.values())
    reached: dict[tuple[tuple[int, ...], int, int], int] = {((0,) * len(kinds), -1, rules.hook_gap): 1}
    for slot in range(len(items)):
        left = len(items) - slot - 1
        following: dict[tuple[tuple[int, ...], int, int], int] = {}
        for (aired, last, gap), used in reached.items():
            for place, kind in enumerate(kinds):
                if aired[place] == number[place] or not _may_follow(kinds, last, gap, kind, rules):
                    continue
                if (slot == 0 and not _allowed(kind, rules.open_with)) or (left == 0 and not _allowed(kind, rules.close_with)):
                    continue
                after = _after(used, kind[2], minutes, left)
                if after:
                    next_gap = 0 if kind[1] == HOOK else min(gap + 1, rules.hook_gap)
                    state = ((*aired[:place], aired[place] + 1, *aired[place + 1 :]), place, next_gap)
                    following[state] = following.get(state, 0) | after
        reached = following
    return bool(reached)


def _allowed(kind: _Kind, roles: Sequence[str]) -> bool:
    return not roles or kind[1] in roles


def _may_follow(kinds: list[_Kind], last: int, gap: int, kind: _Kind, rules: OrderRules) -> bool:
    if kind[1] == HOOK and gap < rules.hook_gap:
        return False
    return last < 0 or not kind[0] or kinds[last][0] != kind[0]


def _after(used: int, window: tuple[float, float] | None, minutes: Minutes, left: int) -> int:
    """Minutes that can have been used after one more item, with room for those still to come."""
    found = 0
    for length in range(minutes.least, minutes.most + 1):
        latest = minutes.total - left * minutes.least - length
        earliest = 0
        if window is not None:
            earliest = max(0, _ceiling(window[0], minutes.total))
            latest = min(latest, _floor(window[1], minutes.total) - length)
        if earliest <= latest:
            starts = ((1 << latest + 1) - 1) & ~((1 << earliest) - 1)
            found |= (used & starts) << length
    return found


def _ceiling(moment: float, most: int) -> int:
    return int(-(-min(max(moment, -1.0), most + 1.0) // 1))


def _floor(moment: float, most: int) -> int:
    return int(min(max(moment, -1.0), most + 1.0) // 1)
