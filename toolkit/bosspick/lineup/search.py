"""The exact search: bound, a small core, what the bound leaves, then the first lineup in id order among equals.

The judge is the verifier: the search never trusts a solver's own objective or feasibility, only what a plan's rows
recompute to.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bosspick.errors import VerificationError
from bosspick.lineup.bound import Bound, relax
from bosspick.lineup.model import Model, restrict
from bosspick.lineup.program import Floats, Ints, Line, Program, Status
from bosspick.lineup.solver import SolverName, solve

#: Lineups closer than this share of the value (or of the largest option) count as equally good.
TIE = 1e-9
_CORE = 30
_DIRECT = 60
_GROWTH = 8

Rows = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a lineup's rows recompute to: its value, and by how much hard rules are broken in all."""

    value: float
    broken: float


Judge = Callable[[Rows], Judgement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The end of a search; ``rows`` are canonical and sorted."""

    status: Status
    rows: Rows | None = None
    value: float = -math.inf
    bound: float = math.inf


class Search:
    """One search over one model, with one clock.

    Parameters
    ----------
    model
        The problem.
    judge
        Recomputes a lineup from its rows.
    deadline
        ``time.monotonic()`` at which to stop.
    gap
        Relative gap at which to stop; the proof is dropped with it.
    solver
        ``highs`` or ``cbc``.
    settle_ties
        Whether to look for the first lineup in id order among equals.
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
    ) -> None:
        self.model = model
        self.judge = judge
        self.deadline = deadline
        self.gap = gap
        self.solver: SolverName = solver
        self.settle_ties = settle_ties
        self.allowed = np.flatnonzero(model.allowed)

    def run(self) -> Found:
        """The best lineup, the first in id order among equals, or why there is none."""
        if len(np.unique(self.model.instance.offer_of[self.allowed])) < self.model.instance.pick:
            return Found(status=Status.INFEASIBLE)
        bound = relax(self.model, time_limit_s=self._left()) if len(self.allowed) > _DIRECT else None
        found = self._grow(bound) if bound else self.solve(self.allowed)
        if found.rows is None or found.status is not Status.OPTIMAL or self.gap > 0 or not self.settle_ties:
            return found
        return self._first_in_order(found, self._survivors(bound, found.value))

    def _left(self) -> float:
        return self.deadline - time.monotonic()

    def tie(self, value: float) -> float:
        """How close two values count as equal."""
        return TIE * max(abs(value), float(np.abs(self.model.gains).max(initial=0.0)))

    def _survivors(self, bound: Bound | None, value: float) -> Ints:
        """Options that can be part of a lineup at least as good as ``value``, ties included."""
        if bound is None:
            return self.allowed
        slack = 2 * self.tie(value) + 1e-12 * abs(bound.top)
        return np.flatnonzero(bound.forced >= value - slack)

    def _grow(self, bound: Bound) -> Found:
        """Solve a core of the most promising options; solve again on exactly what the bound cannot rule out."""
        order = self.allowed[np.argsort(-bound.forced[self.allowed], kind="stable")]
        size = _CORE
        while True:
            floor = float(bound.forced[order[size]]) if size < len(order) else -math.inf
            found = self.solve(np.sort(order[:size]))
            top = min(bound.top, max(found.bound, floor))
            if found.rows is None:
                if size >= len(order) or self._left() <= 0:
                    return replace(found, bound=top)
                size *= _GROWTH
                continue
            enough = found.value + self.gap * abs(found.value) if self.gap else found.value - self.tie(found.value)
            if floor < enough or found.status is not Status.OPTIMAL:
                return replace(found, bound=max(top, found.value))
            size = max(len(self._survivors(bound, found.value)), size + 1)

    def solve(self, keep: Ints, *, lines: tuple[Line, ...] = (), fixed: Sequence[int] = (), floor: float = -math.inf) -> Found:
        """Solve on some options; lineups worth less than ``floor`` need not be found.

        A lineup that breaks a hard rule by rounding alone is cut off.
        """
        program = self._program(keep, lines, fixed)
        while True:
            if self._left() <= 0:
                return Found(status=Status.LIMIT)
            answer = solve(
                program,
                solver=self.solver,
                time_limit_s=self._left(),
                gap=self.gap,
                floor=floor - self.model.constant,
            )
            bound = math.inf if answer.bound is None else answer.bound + self.model.constant
            if answer.x is None:
                return Found(status=answer.status, bound=-math.inf if answer.status is Status.INFEASIBLE else bound)
            rows = self._picked(answer.x, keep)
            judged = self.judge(rows)
            if judged.broken <= 0:
                if answer.bound is None and answer.status is Status.OPTIMAL:
                    bound = judged.value
                return Found(status=answer.status, rows=rows, value=judged.value, bound=bound)
            if judged.broken > self._rounding():
                raise VerificationError(
                    f"the solver's lineup breaks hard rules by {judged.broken:g}",
                    hint="please report this week's tables",
                )
            program = replace(program, lines=(*program.lines, _not_this(rows, keep)))

    def _program(self, keep: Ints, lines: tuple[Line, ...], fixed: Sequence[int]) -> Program:
        program = restrict(self.model, keep)
        lower = program.lower.copy()
        lower[np.searchsorted(keep, np.array(fixed, dtype=np.int64))] = 1.0
        return replace(program, lower=lower, lines=program.lines + lines)

    def _rounding(self) -> float:
        """How much a solver's integrality tolerance can hide in one row."""
        largest = max((float(np.abs(r.coefs).max(initial=0.0)) for r in self.model.rows), default=0.0)
        return 1e-5 * self.model.instance.pick * max(1e-9, largest)

    def _picked(self, x: Floats, keep: Ints) -> Rows:
        picked = tuple(int(j) for j in keep[np.flatnonzero(x[: len(keep)] > 0.5)])
        if len(picked) != self.model.instance.pick:
            raise VerificationError(f"the solver picked {len(picked)} options", hint="please report this week's tables")
        return picked

    def _first_in_order(self, best: Found, keep: Ints) -> Found:
        """Among lineups as good as the best, the one whose sorted rows come first."""
        rows, top = best.rows or (), best.value
        if len(keep) <= len(rows):
            return best
        rival = self._rival(top, keep, _not_this(rows, keep))
        if rival is None:
            return best
        top = max(top, rival.value)
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


def _not_this(rows: Rows, keep: Ints) -> Line:
    columns = np.searchsorted(keep, np.array(rows, dtype=np.int64))
    return Line(low=-math.inf, high=len(rows) - 1.0, columns=columns, coefs=np.ones(len(rows)))
