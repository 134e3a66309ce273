"""The best lineup with one given option in it, or one offer out of it, asked many times of one model.

One relaxation serves all questions: its multipliers bound every lineup, whichever option is pinned (see
:mod:`bosspick.lineup.bound`), so a question is solved on the few options its own bound leaves.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

import numpy as np
import pandas as pd

from bosspick.lineup.asking import TIE, Found, Judgement, Rows
from bosspick.lineup.bound import Prices, greatest, relax
from bosspick.lineup.instance import read_instance
from bosspick.lineup.optimiser import Judge
from bosspick.lineup.program import Floats, Ints, Status
from bosspick.lineup.rules import Rule
from bosspick.lineup.search import Search
from bosspick.lineup.writers import build

_CORE = 100
_GROWTH = 8

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Pinned:
    """Questions about one options frame in which some rows may only enter when they are asked for.

    Parameters
    ----------
    options
        As for :func:`~bosspick.lineup.optimise`; labels of all rows count as existing for rules over every label.
    visiting
        True for rows that no lineup holds unless pinned; one per row of ``options``.
    rules, pick
        As for :func:`~bosspick.lineup.optimise`.
    deadline
        ``time.monotonic()`` at which to stop.
    multipliers
        Those of a question about nearly the same rows, to be used again: any multipliers bound every lineup.
    """

    def __init__(
        self,
        options: pd.DataFrame,
        visiting: Mask,
        rules: Iterable[Rule],
        *,
        pick: int,
        deadline: float,
        multipliers: Floats | None = None,
    ) -> None:
        self.instance = read_instance(options, rules, pick)
        self.model = build(self.instance)
        self.judge = Judge(options, self.instance)
        self.deadline = deadline
        self.row_at = np.argsort(self.instance.order)
        self.open = self.model.allowed
        self.home = self.open & ~visiting[self.instance.order]
        self.model.allowed = self.home
        self.at_home = np.bincount(self.instance.offer_of[self.home], minlength=len(self.instance.offers)) > 0
        self.offers_at_home = int(self.at_home.sum())
        self.largest = float(np.abs(self.model.gains).max(initial=0.0))
        self.duals = self._multipliers(multipliers)
        self.prices = Prices(self.model)
        self.reduced = self.prices.reduced(self.duals, closed=np.flatnonzero(~self.open))
        self.home_rows = np.flatnonzero(self.home)
        self.home_offers = self.instance.offer_of[self.home_rows]
        self.home_reduced = self.reduced[self.home_rows]
        self.best_at_home = self.prices.best(np.where(self.home, self.reduced, -np.inf))
        self.constant = self.prices.constant(self.duals)

    def _multipliers(self, known: Floats | None) -> Floats:
        if known is not None and len(known) == self.model.row_count:
            return known
        bound = relax(self.model, time_limit_s=self.deadline - time.monotonic())
        return bound.duals if bound else np.zeros(self.model.row_count)

    def tie(self, value: float) -> float:
        """How close two values count as equal."""
        return TIE * max(abs(value), self.largest)

    def ceilings(self, rows: Ints) -> Floats:
        """An upper bound of the best lineup with each of the rows pinned; the rows are of one offer."""
        reduced = self.reduced[rows]
        open_rows = np.flatnonzero(np.isfinite(reduced))
        if not len(open_rows):
            return reduced
        first = int(rows[open_rows[0]])
        return np.asarray(self._together(first)[0] - self.reduced[first] + reduced)

    def _together(self, row: int) -> tuple[float, Floats]:
        """The bound of every lineup that holds the row, and of those that hold a home row beside it; −inf if none does."""
        own = int(self.instance.offer_of[row])
        others = self.instance.pick - 1
        left = self.offers_at_home - int(self.at_home[own])
        if not math.isfinite(self.reduced[row]) or left < others:
            return -math.inf, np.full(len(self.home_rows), -np.inf)
        best = self.best_at_home.copy()
        best[own] = -np.inf
        ranked = greatest(best, others)
        total = self.constant + float(self.reduced[row]) + math.fsum(ranked.tolist())
        last = ranked[-1] if others else math.inf
        each: Floats = total - np.maximum(best, last)
        together = each[self.home_offers] + self.home_reduced
        together[self.home_offers == own] = -np.inf
        return total, together

    def best_with(self, row: int, *, at_least: float) -> Found:
        """The best lineup that holds ``row``, exact if it is worth ``at_least``; no rows when none is."""
        total, together = self._together(row)
        floor = at_least - 2 * self.tie(at_least) if math.isfinite(at_least) else -math.inf
        if not math.isfinite(total) or total < floor:
            return Found(status=Status.INFEASIBLE)
        open_rows = np.flatnonzero(np.isfinite(together) & (together >= floor))
        # The pinned row first, then the most promising: a small core brings a lineup whose value rules out most.
        ranked = open_rows[np.argsort(-together[open_rows], kind="stable")]
        order, bounds = np.append(row, self.home_rows[ranked]), np.append(math.inf, together[ranked])
        size = _CORE
        while True:
            chosen = np.sort(order[:size])
            found = self._search(chosen).solve(chosen, fixed=(row,), floor=floor)
            beyond = float(bounds[size]) if size < len(order) else -math.inf
            if found.rows is None:
                if size >= len(order) or found.status is not Status.INFEASIBLE:
                    return found
                size *= _GROWTH
            elif beyond < found.value - self.tie(found.value) or found.status is not Status.OPTIMAL:
                return found
            else:
                left = int((bounds >= found.value - 2 * self.tie(found.value)).sum())
                size = max(left, size + 1)

    def best_without(self, offer: int) -> Found:
        """The best lineup without one offer."""
        keep = self.home & (self.instance.offer_of != offer)
        self.model.allowed = keep
        try:
            return self._search(np.flatnonzero(keep)).run()
        finally:
            self.model.allowed = self.home

    def worth(self, rows: Rows) -> Judgement:
        """What a lineup's rows recompute to."""
        return self.judge(rows)

    def _search(self, keep: Ints) -> Search:
        search = Search(self.model, self.judge, deadline=self.deadline, settle_ties=False)
        search.allowed = keep
        return search
