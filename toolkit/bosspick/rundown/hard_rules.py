"""The hard rules of an order, and which of them a given order breaks, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

__all__ = ["HOOK", "Item", "OrderRules", "breaches", "breaches_after"]

HOOK = "hook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item to place.

    Attributes
    ----------
    offer_id
        Whose item it is.
    worth
        What it is worth in an average slot at the usual minutes; at least 0.
    category, role
        What the rules look at; an empty category clashes with none.
    window
        The representative's time on set, in minutes from the start of the show; None: always there.
    """

    offer_id: str
    worth: float
    category: str
    role: str
    window: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRules:
    """What every order has to keep beside the windows and the categories.

    Attributes
    ----------
    open_with, close_with
        Roles the first and the last slot may have; empty: any. Where rules leave a choice, the one named first has it.
    hook_gap
        Other items there must be between two hooks.
    """

    open_with: tuple[str, ...] = ()
    close_with: tuple[str, ...] = ()
    hook_gap: int = 0


def breaches(ordered: Sequence[Item], minutes: Sequence[int], rules: OrderRules) -> tuple[str, ...]:
    """Say which rules an order breaks.

    Parameters
    ----------
    ordered, minutes
        The items in their order, and the minutes of each; the first starts with the show.
    rules
        What it has to keep.

    Examples
    --------
    >>> tea = Item(offer_id="o1", worth=1.0, category="tea", role="hook", window=(30.0, 40.0))
    >>> breaches([tea], [10], OrderRules(close_with=("closer",)))
    ("o1: the brand's representative is not on set then", 'o1: closes the show as hook, not closer')
    """
    found, start = [], 0
    for item, length in zip(ordered, minutes, strict=True):
        if item.window is not None and not (item.window[0] <= start and start + length <= item.window[1]):
            found.append(f"{item.offer_id}: the brand's representative is not on set then")
        start += length
    first, last = ordered[0], ordered[-1]
    if rules.open_with and first.role not in rules.open_with:
        found.append(f"{first.offer_id}: opens the show as {first.role}, not {' or '.join(rules.open_with)}")
    if rules.close_with and last.role not in rules.close_with:
        found.append(f"{last.offer_id}: closes the show as {last.role}, not {' or '.join(rules.close_with)}")
    for before, after in pairwise(ordered):
        if before.category and before.category == after.category:
            found.append(f"{before.offer_id} and {after.offer_id}: two of {after.category} in a row")
    hooks = [place for place, item in enumerate(ordered) if item.role == HOOK]
    for one, other in pairwise(hooks):
        between = other - one - 1
        if between < rules.hook_gap:
            pair = f"{ordered[one].offer_id} and {ordered[other].offer_id}"
            found.append(f"{pair}: two hooks with {between} items between them, not {rules.hook_gap}")
    return tuple(found)


def breaches_after(
    aired: Sequence[Item], ordered: Sequence[Item], minutes: Sequence[int], rules: OrderRules
) -> tuple[str, ...]:
    """The rules an order breaks, across the seam to what was aired too; not those broken before it."""
    # The last of them decide what may follow; their own windows are past.
    before = [replace(item, window=None) for item in aired[-max(rules.hook_gap, 1) :]]
    closing = replace(rules, open_with=() if before else rules.open_with)
    past = breaches(before, [0] * len(before), replace(closing, close_with=())) if before else ()
    found = breaches([*before, *ordered], [0] * len(before) + list(minutes), closing)
    return tuple(words for words in found if words not in past)
