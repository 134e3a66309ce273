"""Other lineups: the next best that differ by so many items, and the most different one that costs next to nothing.

Every lineup found is excluded by one row over its offers, ``Σ y_o ≤ pick - k``. Rows only take lineups away, so the bound
of the first question stays valid for all that follow, and each is solved on the options that bound cannot rule out.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from bosspick.errors import OptionsError
from bosspick.lineup.asking import TIE, Found, Rows
from bosspick.lineup.bound import relax
from bosspick.lineup.instance import Instance, OptionTable, input_hash, read_instance
from bosspick.lineup.optimiser import Judge, verified
from bosspick.lineup.outcome import LineupResult
from bosspick.lineup.program import Status
from bosspick.lineup.rules import Rule
from bosspick.lineup.search import Search
from bosspick.lineup.swaps import swapped
from bosspick.lineup.writers import build

__all__ = ["alternatives", "most_different"]

#: Options left to ask about beyond which a new bound pays.
_MANY = 150
#: How far below what it can be worth at most a lineup is looked for first, second, …, as shares.
_STEPS = (0.0005, 0.0015, 0.005, 0.016)
#: Of the most promising options so many are tried in the place of each item, and so many of the lineups judged.
_OTHERS, _JUDGED = 40, 8


def alternatives(
    options: pd.DataFrame | OptionTable,
    rules: Iterable[Rule],
    *,
    pick: int = 10,
    count: int = 10,
    differ: int = 1,
    time_limit_s: float = 30,
    stop: Callable[[], bool] | None = None,
) -> list[LineupResult]:
    """The best lineups, each with at least ``differ`` other offers than every one before it.

    Parameters
    ----------
    options, rules, pick
        As for :func:`~bosspick.lineup.optimise`.
    count
        How many, the best one included; fewer come back when there are no more.
    differ
        Offers in which any two of them differ at least. With 1 these are the best sets of offers, each at its best options.
    time_limit_s, stop
        For all of them together; what is not proven by then is left out, but for a first lineup.

    Returns
    -------
    list of LineupResult
        The best first.

    Raises
    ------
    OptionsError, RuleError
        When the inputs are malformed.

    Examples
    --------
    >>> options = pd.DataFrame({"offer_id": ["o1", "o2", "o3"], "option_id": "a", "value": [9.0, 5.0, 4.0]})
    >>> [plan.value for plan in alternatives(options, [], pick=2)]
    [14.0, 13.0, 9.0]
    """
    if isinstance(count, bool) or count != int(count) or count < 1:
        raise OptionsError(f"count is {count!r}", where="alternatives", hint="give a whole number of lineups")
    if isinstance(differ, bool) or differ != int(differ) or not 1 <= differ <= pick:
        raise OptionsError(f"differ is {differ!r}", where="alternatives", hint=f"give a whole number from 1 to {pick}")
    asked = _Asked(options, rules, pick, time.monotonic() + time_limit_s, stop)
    found: list[LineupResult] = []
    for plan in asked.one_by_one(count) if differ == 1 else asked.rounds(differ):
        if found and not plan.outcome.is_proven:
            break
        found.append(plan)
        if len(found) == count:
            break
    return found


def most_different(
    options: pd.DataFrame | OptionTable,
    rules: Iterable[Rule],
    result: LineupResult,
    *,
    within: float = 0.01,
    time_limit_s: float = 30,
) -> tuple[LineupResult, int]:
    """The lineup with the most other offers among those worth nearly as much.

    Parameters
    ----------
    options, rules
        As given to :func:`~bosspick.lineup.optimise`.
    result
        Its answer, with a plan.
    within
        Share of the value it may cost.

    Returns
    -------
    tuple of LineupResult and int
        The best of those lineups, and in how many offers it differs; ``result`` itself and 0 when every other one costs more.

    Raises
    ------
    NoPlanError
        When the result has no plan.

    Notes
    -----
    The best value with at least ``d`` other offers never rises with ``d``, so ``d`` is found by halving.
    """
    if not 0 <= within < 1:
        raise OptionsError(f"within is {within!r}", where="most_different", hint="give a share from 0 up to below 1")
    floor = result.value - within * abs(result.value)
    ours = [str(offer) for offer in result.chosen["offer_id"]]
    deadline = time.monotonic() + time_limit_s
    asked = _Asked(options, rules, result.pick, deadline, None)
    best, low, high = result, 0, result.pick
    while low < high:
        middle = (low + high + 1) // 2
        plan = asked.beside(ours, middle, best.value)
        if plan is not None and plan.outcome.has_plan and plan.value >= floor - 1e-9 * abs(floor):
            best, low = plan, middle
        else:
            high = middle - 1
    return best, low


class _Asked:
    """One question with its bound, asked again with rows that take lineups away."""

    def __init__(
        self,
        options: pd.DataFrame | OptionTable,
        rules: Iterable[Rule],
        pick: int,
        deadline: float,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.table = options if isinstance(options, OptionTable) else OptionTable(options)
        self.instance: Instance = read_instance(self.table, rules, pick)
        self.model = build(self.instance)
        self.judge = Judge(self.table.frame, self.instance)
        self.deadline, self.stop = deadline, stop
        self.begun = time.monotonic()
        self.largest = float(np.abs(self.model.gains).max(initial=0.0))
        self.bound = relax(self.model, time_limit_s=deadline - time.monotonic())
        self.hash = input_hash(self.instance)
        #: By its offers: the most a lineup of them seen on the way is worth; −inf once it was told.
        self.known: dict[frozenset[int], float] = {}

    def rounds(self, differ: int) -> Iterator[LineupResult]:
        """Best lineups, each with ``differ`` other offers than all before."""
        most: float | None = None
        while (found := self.solve(most)) is not None:
            plan = self.told(found)
            yield plan
            most = plan.value
            self.model.row(self.model.of_offers(map(str, plan.chosen["offer_id"])), high=float(self.instance.pick - differ))

    def one_by_one(self, count: int) -> Iterator[LineupResult]:
        """The same for one other offer, where the next lineup tells whether this one has an equal.

        Only then is it asked which of them comes first; else one programme a lineup is enough. The last one of ``count``
        has no next: there it is asked for equals alone.
        """
        found = self.solve(None, settle=False)
        for number in range(1, count + 1):
            if found is None:
                return
            self._exclude(found)
            self._look_around(found)
            last = number == count
            following = self._equal(found.value) if last else self.solve(found.value, settle=False)
            if following is not None and following.value >= self._as_good(found.value):
                self.model.parts.pop()
                found = self.solve(found.value)
                if found is None:
                    return
                self._exclude(found)
                following = None if last else self.solve(found.value, settle=False)
            yield self.told(found)
            found = following

    def _as_good(self, value: float) -> float:
        """The least that counts as worth the same."""
        return value - 2 * TIE * max(abs(value), self.largest)

    def _equal(self, value: float) -> Found | None:
        """Some lineup as the rows stand that is worth as much, or None."""
        search = Search(self.model, self.judge, deadline=self.deadline, stop=self.stop, settle_ties=False)
        if self.bound is None:
            return self.solve(value, settle=False)
        found = search.solve(search.open_rows(self.bound, self._as_good(value)), floor=self._as_good(value))
        return found if found.rows is not None else None

    def _exclude(self, found: Found) -> None:
        offers = {self.instance.offers[self.instance.offer_of[row]] for row in found.rows or ()}
        self.model.row(self.model.of_offers(sorted(offers)), high=float(self.instance.pick - 1))

    def _look_around(self, found: Found) -> None:
        """Lineups one swap away: the best of them that is not excluded is what the next one is worth at least."""
        rows: Rows = found.rows or ()
        self.known[self._offers(rows)] = -np.inf
        if self.bound is None:
            return
        outside = ~np.isin(self.instance.offer_of, self.instance.offer_of[list(rows)]) & np.isfinite(self.bound.forced)
        others = np.flatnonzero(outside & self.model.allowed)
        others = others[np.argsort(-self.bound.forced[others], kind="stable")[:_OTHERS]]
        for each in swapped(self.model, rows, others, most=_JUDGED):
            judged, offers = self.judge(each), self._offers(each)
            before = self.known.get(offers, judged.value)
            if judged.broken <= 0 and before > -np.inf:
                self.known[offers] = max(before, judged.value)

    def _offers(self, rows: Rows) -> frozenset[int]:
        return frozenset(self.instance.offer_of[list(rows)].tolist())

    def beside(self, offers: Sequence[str], differ: int, most: float) -> LineupResult | None:
        """The best lineup with at least ``differ`` offers that are not among these."""
        self.model.row(self.model.of_offers(offers), high=float(self.instance.pick - differ))
        bound = self.bound
        try:
            found = self.solve(most)
            return None if found is None else self.told(found)
        finally:
            self.model.parts.pop()
            self.bound = bound

    def solve(self, at_most: float | None, *, settle: bool = True) -> Found | None:
        """The best lineup as the rows stand, worth no more than ``at_most``; None when there is none.

        Without ``settle`` it is the first of its own offers' lineups, but perhaps not of all equals.
        """
        search = Search(self.model, self.judge, deadline=self.deadline, stop=self.stop, settle_ties=settle)
        guesses: list[float] = []
        if self.bound is not None and at_most is not None:
            if len(search.open_rows(self.bound, at_most - _STEPS[-2] * abs(at_most))) > _MANY:
                # Every row taken from the lineups lowers the bound: the old one leaves too much to ask about.
                start = np.append(self.bound.duals, np.zeros(self.model.row_count - len(self.bound.duals)))
                self.bound = relax(self.model, time_limit_s=max(0.01, self.deadline - time.monotonic()), start=start)
            if self.bound is not None:
                top = min(self.bound.top, at_most)
                guesses = [top - step * abs(top) for step in _STEPS]
                if (known := max(self.known.values(), default=-np.inf)) > -np.inf:
                    # Some lineup is worth that much: the first answer is the last.
                    guesses = [known - 2 * search.tie(known)]
        found = search.within(self.bound, guesses=guesses) if self.bound else search.run()
        if found.rows is None:
            return None
        return found if settle or found.status is not Status.OPTIMAL else self._settled(found)

    def _settled(self, found: Found) -> Found:
        """The first in id order among the equal lineups of the same offers."""
        offers = sorted({int(self.instance.offer_of[row]) for row in found.rows or ()})
        own = [self.instance.row_at(self.instance.offers[k], None) for k in offers]
        search = Search(self.model, self.judge, deadline=self.deadline)
        if self.bound is not None:
            # What the bound loses by each of these offers it loses by all of them together.
            forced = [self.bound.forced[rows] for rows in own]
            best = np.array([each.max() for each in forced])
            together = self.bound.top - math.fsum((self.bound.top - best).tolist())
            least = found.value - 2 * search.tie(found.value) - 1e-12 * abs(self.bound.top)
            own = [rows[together - top + each >= least] for rows, each, top in zip(own, forced, best, strict=True)]
        open_rows = np.concatenate(own)
        search.allowed = open_rows[self.model.allowed[open_rows]]
        return search.settle(found, None)

    def told(self, found: Found) -> LineupResult:
        """A lineup found, verified."""
        search = Search(self.model, self.judge, deadline=self.deadline, stop=self.stop)
        return verified(self.judge, found, search, seconds=time.monotonic() - self.begun, input_hash=self.hash)
