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

from bosspick.lineup.bound import Prices, relax
from bosspick.lineup.instance import read_instance
from bosspick.lineup.model import build
from bosspick.lineup.optimiser import Judge
from bosspick.lineup.program import Floats, Ints, Status
from bosspick.lineup.rules import Rule
from bosspick.lineup.search import TIE, Found, Judgement, Rows, Search

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
    """

    def __init__(
        self,
        options: pd.DataFrame,
        visiting: Mask,
        rules: Iterable[Rule],
        *,
        pick: int,
        deadline: float,
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
        bound = relax(self.model, time_limit_s=deadline - time.monotonic())
        self.duals = bound.duals if bound else np.zeros(len(self.model.rows))
        prices = Prices(self.model)
        self.reduced = prices.reduced(self.duals)
        prices.allowed = self.open
        self.visiting_reduced = prices.reduced(self.duals)
        self.prices = prices

    def tie(self, value: float) -> float:
        """How close two values count as equal."""
        return TIE * max(abs(value), float(np.abs(self.model.gains).max(initial=0.0)))

    def ceilings(self, rows: Ints) -> Floats:
        """An upper bound of the best lineup with each of the rows pinned; the rows are of one offer."""
        reduced = self.visiting_reduced[rows]
        open_rows = np.flatnonzero(np.isfinite(reduced))
        if not len(open_rows):
            return reduced
        first = int(rows[open_rows[0]])
        return np.asarray(self._together(first)[first] - self.visiting_reduced[first] + reduced)

    def _together(self, row: int) -> Floats:
        """The bound of every lineup that holds the row and another option."""
        reduced = self.reduced.copy()
        reduced[row] = self.visiting_reduced[row]
        left = self.offers_at_home - int(self.at_home[self.instance.offer_of[row]])
        if not math.isfinite(reduced[row]) or left < self.instance.pick - 1:
            return np.full(len(reduced), -np.inf)
        return self.prices.pinned(self.duals, reduced, row)

    def best_with(self, row: int, *, at_least: float) -> Found:
        """The best lineup that holds ``row``, exact if it is worth ``at_least``; no rows when none is."""
        together = self._together(row)
        floor = at_least - 2 * self.tie(at_least) if math.isfinite(at_least) else -math.inf
        keep = np.flatnonzero(np.isfinite(together) & (together >= floor))
        if row not in keep:
            return Found(status=Status.INFEASIBLE)
        return self._search(keep).solve(keep, fixed=(row,), floor=floor)

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
