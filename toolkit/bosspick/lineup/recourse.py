"""The best lineup of what is there, asked many times of one model while what is there changes.

Multipliers of the model's rows bound the lineups of *any* part of its options (see :mod:`bosspick.lineup.bound`). So
those of one answer serve as a bound, and as a start, for the next.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np
import pandas as pd

from bosspick.lineup.asking import Found
from bosspick.lineup.bound import Bound, Prices, relax
from bosspick.lineup.instance import read_instance
from bosspick.lineup.optimiser import Judge
from bosspick.lineup.program import Floats, Ints
from bosspick.lineup.rules import Rule
from bosspick.lineup.search import Search
from bosspick.lineup.writers import build

__all__ = ["Mask", "Recourse"]

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Recourse:
    """Questions about parts of one options frame.

    Parameters
    ----------
    options, rules, pick
        As for :func:`~bosspick.lineup.optimise`.
    """

    def __init__(self, options: pd.DataFrame, rules: Iterable[Rule], *, pick: int) -> None:
        self.instance = read_instance(options, rules, pick)
        self.model = build(self.instance)
        self.judge = Judge(options, self.instance)
        #: Position in ``options`` of each row of the model.
        self.order: Ints = self.instance.order
        self.offer_of: Ints = self.instance.offer_of
        self.allowed: Mask = self.model.allowed.copy()
        self._prices = Prices(self.model)

    def reduced(self, duals: Floats) -> Floats:
        """Every row's value less what it takes from the rules at these multipliers; −inf where a rule forbids it."""
        return self._prices.reduced(duals)

    def constant(self, duals: Floats) -> float:
        """What the rules' limits add to a bound at these multipliers."""
        return self._prices.constant(duals)

    def relaxed(self, there: Mask, *, deadline: float, start: Floats | None = None, close: float = 0.0) -> Bound | None:
        """The bound of the lineups of some rows; None when fewer offers than places are there.

        Parameters
        ----------
        there
            True for the rows that may be chosen; in the model's order.
        deadline
            ``time.monotonic()`` at which to stop.
        start, close
            As for :func:`bosspick.lineup.bound.relax`.
        """
        self.model.allowed = there & self.allowed
        try:
            return relax(self.model, time_limit_s=min(max(deadline - time.monotonic(), 0.01), 3600.0), start=start, close=close)
        finally:
            self.model.allowed = self.allowed

    def best(self, there: Mask, bound: Bound, *, deadline: float) -> Found:
        """The best lineup of some rows, exact; no rows in it when the rules leave none.

        Parameters
        ----------
        there
            True for the rows that may be chosen; in the model's order.
        bound
            Made by :meth:`relaxed` for the same rows.
        deadline
            ``time.monotonic()`` at which to stop.
        """
        self.model.allowed = there & self.allowed
        try:
            return Search(self.model, self.judge, deadline=deadline, settle_ties=False).within(bound)
        finally:
            self.model.allowed = self.allowed
