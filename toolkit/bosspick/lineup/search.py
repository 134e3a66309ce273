"""The exact search: bound, a small core, what the bound leaves, then the first lineup in id order among equals.

The judge is the verifier: the search never trusts a solver's own objective or feasibility, only what a plan's rows
recompute to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bosspick.lineup.asking import Asking, Found, Judge, not_this
from bosspick.lineup.blocks import improved_by_blocks
from bosspick.lineup.bound import Bound, relax
from bosspick.lineup.hints import Hints
from bosspick.lineup.model import Model
from bosspick.lineup.program import Ints, Line, Status
from bosspick.lineup.solver import SolverName

#: First core, in options a place of the lineup.
_CORE = 3
_DIRECT = 60
_GROWTH = 8
_FEW = 150
#: Gap of the lineup that blocks start from.
_ROUGH = 0.05


class Search(Asking):
    """One search over one model, with one clock.

    Parameters
    ----------
    model, judge, deadline, gap, solver, told, stop
        As for :class:`~bosspick.lineup.asking.Asking`; with a gap the proof is dropped.
    settle_ties
        Whether to look for the first lineup in id order among equals.
    hints
        What earlier questions about these options knew; this one's end is added.
    blocks
        Parts of the lineup that are nearly questions of their own, such as weeks: the block of every option.
    """

    def __init__(
        self,
        model: Model,
        judge: Judge,
        *,
        deadline: float,
        gap: float = 0.0,
        solver: SolverName = "highs",
        settle_ties: bool = True,
        told: Callable[[float | None, float | None], None] | None = None,
        stop: Callable[[], bool] | None = None,
        hints: Hints | None = None,
        blocks: Ints | None = None,
    ) -> None:
        super().__init__(model, judge, deadline=deadline, gap=gap, solver=solver, told=told, stop=stop)
        self.settle_ties = settle_ties
        self.hints = hints
        self.blocks = blocks
        self.allowed = np.flatnonzero(model.allowed)

    def run(self) -> Found:
        """The best lineup, the first in id order among equals, or why there is none."""
        if np.count_nonzero(np.diff(self.model.instance.offer_of[self.allowed], prepend=-1)) < self.model.instance.pick:
            return Found(status=Status.INFEASIBLE)
        if len(self.allowed) <= _DIRECT:
            return self.within(None)
        start = self.hints.start(self.model) if self.hints else None
        bound = relax(self.model, time_limit_s=self._left(), start=start)
        found = self.within(bound)
        if self.hints:
            self.hints.keep(self.model, bound.duals if bound else None, found.rows)
        return found

    def within(self, bound: Bound | None, *, guesses: Sequence[float] = ()) -> Found:
        """The same, with a bound of the model made before: of this one, or of one with fewer rows.

        ``guesses`` are what the best lineup may be worth, falling: on what the bound leaves above a guess, a solver told what
        it need not find is done many times sooner; a guess that is too high costs little.
        """
        if bound:
            self.top = bound.top
            if bound.impossible:
                return Found(status=Status.INFEASIBLE, bound=-math.inf)
        self._tell()
        found, proven = self._first(bound, guesses)
        if found.rows is None or found.status is not Status.OPTIMAL or self.gap > 0:
            return found
        if self.settle_ties:
            return self.settle(found, bound)
        top = bound.top if bound else math.inf
        if proven or top - found.value <= self.tie(found.value):
            return found
        return self._improve(found, bound)[0]

    def settle(self, found: Found, bound: Bound | None) -> Found:
        """From a good lineup to the best one, the first in id order among equals."""
        found, tied = self._improve(found, bound)
        return found if tied is None else self._first_in_order(found, self._survivors(bound, found.value), tied)

    def _first(self, bound: Bound | None, guesses: Sequence[float]) -> tuple[Found, bool]:
        """A good lineup, and whether it is known to be the best."""
        if bound is None:
            return self.solve(self.allowed), True
        for guess in guesses:
            keep = self._survivors(bound, guess)
            tried = self.solve(keep, floor=guess) if len(keep) >= self.model.instance.pick else None
            if tried and tried.rows is not None and tried.value >= guess and tried.status is Status.OPTIMAL:
                # Nothing left out can be worth the guess.
                return replace(tried, bound=tried.value), True
        if self.blocks is not None:
            return self._by_blocks(bound, self.blocks), False
        known = self._known(bound)
        return (known, False) if known else self._core(bound)

    def _by_blocks(self, bound: Bound, blocks: Ints) -> Found:
        """A lineup planned block by block from a rough one; then, while time is left and it pays, all blocks at once."""
        asked, self.gap = self.gap, _ROUGH
        try:
            start, _ = self._core(bound)
        finally:
            self.gap = asked
        if start.rows is None:
            return start
        best = improved_by_blocks(self, bound, start, blocks)
        if not self.gap or self.close_enough(best.value, bound.top):
            return best
        keep = self._survivors(bound, best.value)
        found = self.solve(np.union1d(keep, np.array(best.rows)), floor=best.value + self.tie(best.value))
        if found.rows is not None and found.value > best.value:
            best = replace(found, bound=min(bound.top, max(found.bound, found.value)))
        elif found.status is Status.INFEASIBLE:
            return replace(best, bound=best.value)
        status = Status.OPTIMAL if found.status is Status.OPTIMAL else Status.LIMIT
        return replace(best, status=status)

    def close_enough(self, value: float, top: float) -> bool:
        """Whether a lineup of this value ends the search: within the gap asked for, or at the bound."""
        return top - value <= max(self.gap * abs(value), self.tie(value))

    def open_rows(self, bound: Bound, value: float) -> Ints:
        """Options the bound leaves for lineups worth ``value``."""
        return self._survivors(bound, value)

    def _survivors(self, bound: Bound | None, value: float) -> Ints:
        """Options that can be part of a lineup at least as good as ``value``, ties included."""
        if bound is None:
            return self.allowed
        slack = 2 * self.tie(value) + 1e-12 * abs(bound.top)
        return np.flatnonzero(bound.forced >= value - slack)

    def _known(self, bound: Bound) -> Found | None:
        """The best of the lineups known from before, if it keeps the rules and leaves few options to ask about."""
        best: Found | None = None
        for rows in self.hints.plans if self.hints else ():
            if not self.model.allowed[list(rows)].all():
                continue
            judged = self.judge(rows)
            if judged.broken <= 0 and (best is None or judged.value > best.value):
                best = Found(status=Status.OPTIMAL, rows=rows, value=judged.value, bound=bound.top)
        few = best is not None and len(self._survivors(bound, best.value)) <= _FEW
        return best if few and not self.gap else None

    def _core(self, bound: Bound) -> tuple[Found, bool]:
        """The best lineup of the most promising options, and whether the bound rules out all others."""
        size = _CORE * self.model.instance.pick
        order = self._most_promising(bound, size)
        while True:
            if size >= len(order):
                order = self._most_promising(bound, size)
            floor = float(bound.forced[order[size]]) if size < len(order) else -math.inf
            keep = np.sort(order[:size])
            # Where value says little, the options the relaxation rests on are likelier to fit together.
            found = self.solve(keep if size <= _CORE * self.model.instance.pick else np.union1d(keep, bound.core))
            top = min(bound.top, max(found.bound, floor))
            if found.rows is None:
                if size >= len(order) or self._left() <= 0:
                    return replace(found, bound=top), False
                size *= _GROWTH
                continue
            if self.gap and top - found.value > self.gap * abs(found.value) and size < len(order) and self._left() > 0:
                size *= _GROWTH
                continue
            return replace(found, bound=max(top, found.value)), floor < found.value - self.tie(found.value)

    def _most_promising(self, bound: Bound, size: int) -> Ints:
        """Allowed options by descending bound, of equal ones the first: ``size`` and at least one more, or all."""
        forced = bound.forced[self.allowed]
        if size + 1 < len(forced):
            least = np.partition(forced, len(forced) - size - 1)[len(forced) - size - 1]
            chosen = np.flatnonzero(forced >= least)
        else:
            chosen = np.arange(len(forced))
        return self.allowed[chosen[np.argsort(-forced[chosen], kind="stable")]]

    def _improve(self, best: Found, bound: Bound | None) -> tuple[Found, Found | None]:
        """Ask for another lineup as good, on what the bound cannot rule out, until there is none: that is the proof.

        Returns the best lineup, and another one as good if there is one.
        """
        while True:
            keep = self._survivors(bound, best.value)
            if len(keep) <= len(best.rows or ()):
                return replace(best, bound=best.value), None
            rows = np.array(best.rows, dtype=np.int64)
            floor = best.value + (-1 if self.settle_ties else 1) * self.tie(best.value)
            rival = self.solve(np.union1d(keep, rows), lines=(not_this(best.rows or (), np.union1d(keep, rows)),), floor=floor)
            if rival.rows is not None and rival.value > best.value + self.tie(best.value):
                if rival.status is not Status.OPTIMAL:
                    return replace(rival, bound=max(rival.value, min(best.bound, rival.bound))), None
                best = replace(rival, bound=min(best.bound, max(rival.bound, rival.value)))
            elif rival.status is Status.LIMIT or rival.status is Status.ERROR:
                return replace(best, status=Status.LIMIT), None
            else:
                good = rival.rows is not None and rival.value >= floor
                return replace(best, bound=best.value), rival if good else None

    def _first_in_order(self, best: Found, keep: Ints, rival: Found) -> Found:
        """Among lineups as good as the best, the one whose sorted rows come first."""
        top = max(best.value, rival.value)
        if best.value < top - self.tie(top):
            best = rival
        fixed: list[int] = []
        while len(fixed) < self.model.instance.pick:
            rows = best.rows or ()
            place = len(fixed)
            earlier = np.flatnonzero((keep > (fixed[-1] if fixed else -1)) & (keep < rows[place]))
            line = Line(low=1.0, high=math.inf, columns=earlier, coefs=np.ones(len(earlier)))
            better = self._rival(top, keep, line, fixed) if len(earlier) else None
            if better is None:
                fixed.append(rows[place])
            else:
                best, top = better, max(top, better.value)
        return best

    def _rival(self, top: float, keep: Ints, line: Line, fixed: Sequence[int] = ()) -> Found | None:
        """A lineup that starts with ``fixed`` and meets ``line``, if one is as good as ``top``."""
        floor = top - self.tie(top)
        found = self.solve(keep, lines=(line,), fixed=fixed, floor=floor)
        good = found.rows is not None and found.value >= floor
        return found if good else None
