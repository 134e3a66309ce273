"""Order and minutes of the items together, exact: a dynamic programme over the sets of items already aired.

The worth of a show is the sum over its slots ``k`` of

    multiplier[k] · worth[i] · (minutes[i] / typical) ** exponent

for the item ``i`` in slot ``k``, in whole minutes between a least and a most and together no longer than the show. A
minute is worth more in a good slot, and a representative's window holds for a start that depends on the minutes before:
so neither the order nor the minutes can be settled first.

When the next item starts depends on the items aired before only through their minutes together, and what may follow
depends only on the last of them and on how long ago the last hook was. So the best continuation of (set, last, distance
to the last hook, minutes used) is well defined: Held and Karp (1962), with the clock as a further coordinate. All states of
one slot are worked on at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bosspick.rundown.hard_rules import HOOK, Item, OrderRules, breaches_after

__all__ = ["Minutes", "Order", "order_items"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """How minutes may be shared out and what they are worth.

    Attributes
    ----------
    total
        Minutes of the show; what no item can use stays unused.
    least, most
        Bounds for one item, whole minutes.
    exponent
        An item sells in proportion to its minutes to this power.
    typical
        Minutes at which an item is worth its ``worth``.
    """

    total: int
    least: int
    most: int
    exponent: float
    typical: float

    def factor(self, minutes: int) -> float:
        """What so many minutes sell against the typical ones."""
        return float((minutes / self.typical) ** self.exponent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order of items: positions in the sequence given, minutes slot by slot, worth, and the rules it cannot keep."""

    places: tuple[int, ...]
    minutes: tuple[int, ...]
    worth: float
    breaches: tuple[str, ...]


def order_items(
    items: Sequence[Item],
    multipliers: Sequence[float],
    minutes: Minutes,
    rules: OrderRules,
    *,
    aired: Sequence[Item] = (),
) -> Order:
    """Put items in the best order with the best minutes.

    Shows are compared first by how many rules they break (representative's window, two of a category in a row, hooks
    too close, roles of the first and last slot), then by whether the roles named first open and close them, then by worth.

    Parameters
    ----------
    items
        The items, from 1 to 14.
    multipliers
        Sales of each slot against the average slot.
    minutes
        What may be shared out.
    rules
        What the order has to keep; the opener's role counts only before anything was aired.
    aired
        What was on air before, in order: two of a category in a row and hooks too close are counted across that seam as
        well. Windows of ``items`` are then in minutes from the start of the first of them.

    Returns
    -------
    Order
        Optimal; the breaches are empty where an order that keeps every rule exists, and never those among ``aired``.

    Raises
    ------
    ValueError
        The show is shorter than the least minutes of its items together.

    Examples
    --------
    >>> tea = Item(offer_id="tea", worth=1.0, category="a", role="everyday")
    >>> pot = Item(offer_id="pot", worth=4.0, category="b", role="everyday")
    >>> shared = Minutes(total=20, least=5, most=15, exponent=0.5, typical=10.0)
    >>> best = order_items([tea, pot], [1.0, 1.2], shared, OrderRules())
    >>> best.places, best.minutes
    ((0, 1), (5, 15))
    """
    if minutes.total < minutes.least * len(items):
        raise ValueError(f"{len(items)} items of {minutes.least} minutes do not fit in {minutes.total}")
    if aired:
        rules = replace(rules, open_with=())
    search = _Search(items, multipliers, minutes, rules, aired)
    places, lengths = search.best()
    ordered = [items[place] for place in places]
    worth = sum(
        multiplier * item.worth * minutes.factor(length)
        for multiplier, item, length in zip(multipliers, ordered, lengths, strict=False)
    )
    return Order(places=places, minutes=lengths, worth=float(worth), breaches=breaches_after(aired, ordered, lengths, rules))


class _Search:
    """The states of each slot, and the way back through them.

    ``layers[k][m, last, gap, used]`` is the best worth, less ``dear`` for each breach and ``second`` for each end whose role
    is allowed but not the one named first, with the sets of ``k + 1`` items in the order of ``sets[k]``. ``gap`` counts
    the items since the last hook, up to what the rules ask; ``used`` the minutes beyond the least ones.
    """

    def __init__(
        self,
        items: Sequence[Item],
        multipliers: Sequence[float],
        minutes: Minutes,
        rules: OrderRules,
        aired: Sequence[Item],
    ) -> None:
        self.last_category = aired[-1].category if aired else ""
        hooks = [back for back, item in enumerate(reversed(aired)) if item.role == HOOK]
        self.since_hook = min([*hooks[:1], rules.hook_gap])
        self.items, self.minutes, self.rules = items, minutes, rules
        count = len(items)
        self.spare = min(minutes.total - count * minutes.least, count * (minutes.most - minutes.least))
        self.factors = np.array([minutes.factor(length) for length in range(minutes.least, minutes.most + 1)])
        self.multipliers = np.asarray(multipliers[:count], dtype=np.float64)
        most = self.multipliers.max() * self.factors.max() * sum(item.worth for item in items)
        # Powers of two above everything a show can be worth: one breach less always wins, and no digit is lost twice.
        self.second = float(2.0 ** np.ceil(np.log2(2.0 * most + 1.0)))
        self.dear = 4.0 * self.second
        same = [[bool(one.category) and one.category == other.category for other in items] for one in items]
        self.clash = self.dear * np.array(same, dtype=np.float64)
        sets: list[list[int]] = [[] for _ in range(count + 1)]
        for mask in range(1 << count):
            sets[mask.bit_count()].append(mask)
        self.sets = [np.array(masks, dtype=np.int64) for masks in sets[1:]]
        self.row = np.zeros(1 << count, dtype=np.int64)
        for masks in self.sets:
            self.row[masks] = np.arange(len(masks))
        self.layers = [self._first()]
        for slot in range(1, count):
            self.layers.append(self._next(slot))

    def best(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Items by slot and their minutes."""
        final = self.layers[-1][0]
        last, gap, used = (int(each) for each in np.unravel_index(int(final.argmax()), final.shape))
        mask, places, lengths = int(self.sets[-1][0]), [last], []
        for slot in range(len(self.items) - 1, 0, -1):
            mask ^= 1 << last
            before = self.layers[slot - 1][self.row[mask]]
            open_gaps = self._gaps_before(last, gap)
            most = min(used, len(self.factors) - 1)
            reached = before[:, open_gaps, used - most : used + 1] - self._between(last, open_gaps)[:, :, None]
            # used - most + j minutes were used before an item of most - j minutes beyond the least.
            starts, extra = np.arange(used - most, used + 1), np.arange(most, -1, -1)
            worth = reached + self._gain(slot, last)[starts, extra]
            found = np.unravel_index(int(worth.argmax()), worth.shape)
            lengths.append(self.minutes.least + int(extra[found[2]]))
            last, gap, used = int(found[0]), open_gaps[int(found[1])], int(starts[found[2]])
            places.append(last)
        lengths.append(self.minutes.least + used)
        return tuple(reversed(places)), tuple(reversed(lengths))

    def _first(self) -> Floats:
        layer = self._empty(0)
        lengths = min(len(self.factors), self.spare + 1)
        for place, item in enumerate(self.items):
            broken = int(bool(item.category) and item.category == self.last_category)
            gap = min(self.since_hook + 1, self.rules.hook_gap)
            if item.role == HOOK:
                broken += int(self.since_hook < self.rules.hook_gap)
                gap = 0
            layer[self.row[1 << place], place, gap, :lengths] = self._gain(0, place)[0, :lengths] - self.dear * broken
        return layer

    def _next(self, slot: int) -> Floats:
        layer, before, masks = self._empty(slot), self.layers[slot - 1], self.sets[slot - 1]
        for place in range(len(self.items)):
            rows = np.flatnonzero(masks >> place & 1 == 0)
            into = self.row[masks[rows] | 1 << place]
            gain = self._gain(slot, place)
            for gap in self._gaps_after(place):
                open_gaps = self._gaps_before(place, gap)
                reached = before[rows][:, :, open_gaps] - self._between(place, open_gaps)[None, :, :, None]
                reached = reached.max(axis=(1, 2))
                best = np.full_like(reached, -np.inf)
                for extra in range(min(len(self.factors), self.spare + 1)):
                    upto = self.spare + 1 - extra
                    np.maximum(best[:, extra:], reached[:, :upto] + gain[:upto, extra], out=best[:, extra:])
                layer[into, place, gap] = best
        return layer

    def _empty(self, slot: int) -> Floats:
        return np.full((len(self.sets[slot]), len(self.items), self.rules.hook_gap + 1, self.spare + 1), -np.inf)

    def _gaps_after(self, place: int) -> list[int]:
        """How long ago the last hook can be once this item has aired."""
        if self.items[place].role == HOOK:
            return [0]
        return list(range(1, self.rules.hook_gap + 1)) or [0]

    def _gaps_before(self, place: int, gap: int) -> list[int]:
        """How long ago it was then before it."""
        most = self.rules.hook_gap
        if self.items[place].role == HOOK:
            return list(range(most + 1))
        return sorted({max(gap - 1, 0), most}) if gap == most else [gap - 1]

    def _between(self, place: int, gaps: list[int]) -> Floats:
        """What it costs to air an item after each other one, by how long ago the last hook was."""
        close = np.array([float(self.items[place].role == HOOK and gap < self.rules.hook_gap) for gap in gaps])
        return np.asarray(self.clash[:, place][:, None] + self.dear * close, dtype=np.float64)

    def _gain(self, slot: int, place: int) -> Floats:
        """Worth of an item in a slot, by the minutes used before and its own beyond the least, less its breaches."""
        item, rules = self.items[place], self.rules
        start = (slot * self.minutes.least + np.arange(self.spare + 1))[:, None]
        end = start + np.arange(self.minutes.least, self.minutes.most + 1)[None, :]
        worth = np.broadcast_to(self.multipliers[slot] * item.worth * self.factors, end.shape)
        broken = np.zeros(end.shape)
        if item.window is not None:
            broken += (start < item.window[0]) | (end > item.window[1])
        seconds = 0
        for there, roles in ((slot == 0, rules.open_with), (slot == len(self.items) - 1, rules.close_with)):
            if there and roles:
                broken += float(item.role not in roles)
                seconds += item.role in roles[1:]
        return np.asarray(worth - self.dear * broken - self.second * seconds, dtype=np.float64)
