"""One programme after another on options of one model: solved, judged, and cut off where rounding alone breaks a rule.

The judge is the verifier: a solver's own objective or feasibility is never trusted, only what a plan's rows recompute to.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bosspick.errors import VerificationError
from bosspick.lineup.guarded import Watch
from bosspick.lineup.model import Model
from bosspick.lineup.program import Floats, Ints, Line, Lines, Program, Status
from bosspick.lineup.restriction import restrict
from bosspick.lineup.solver import SolverName, solve

__all__ = ["TIE", "Asking", "Found", "Judge", "Judgement", "Rows", "not_this"]

#: Lineups closer than this share of the value (or of the largest option) count as equally good.
TIE = 1e-9

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


class Asking:
    """Questions about one model, with one clock.

    Parameters
    ----------
    model
        The problem.
    judge
        Recomputes a lineup from its rows.
    deadline
        ``time.monotonic()`` at which to stop.
    gap
        Relative gap at which a solve may stop.
    solver
        ``highs`` or ``cbc``.
    told, stop
        Called with the best value and the bound so far; asked whether to end.
    """

    def __init__(
        self,
        model: Model,
        judge: Judge,
        *,
        deadline: float,
        gap: float = 0.0,
        solver: SolverName = "highs",
        told: Callable[[float | None, float | None], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self.model = model
        self.judge = judge
        self.deadline = deadline
        self.gap = gap
        self.solver: SolverName = solver
        self.told, self.stop = told, stop
        self.best_value: float | None = None
        self.top = math.inf

    def over(self) -> bool:
        """Whether time is up."""
        return self._left() <= 0

    def _left(self) -> float:
        return 0.0 if self.stop and self.stop() else self.deadline - time.monotonic()

    def _tell(self) -> None:
        if self.told:
            self.told(self.best_value, self.top if math.isfinite(self.top) else None)

    def _watch(self, constant: float, gains: Floats) -> Watch:
        """Passes on what the solver finds on the way; its bound speaks for the options it was given only."""

        def told(x: Floats | None, bound: float | None) -> None:
            del bound
            if x is not None:
                self._note(constant + math.fsum((gains * x[: len(gains)]).tolist()))

        return Watch(told=told, stop=lambda: bool(self.stop and self.stop()))

    def _note(self, value: float) -> None:
        if self.best_value is None or value > self.best_value:
            self.best_value = value
        self._tell()

    def tie(self, value: float) -> float:
        """How close two values count as equal."""
        return TIE * max(abs(value), float(np.abs(self.model.gains).max(initial=0.0)))

    def solve(
        self,
        keep: Ints,
        *,
        lines: tuple[Line, ...] = (),
        fixed: Sequence[int] = (),
        floor: float = -math.inf,
        gap: float | None = None,
    ) -> Found:
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
                gap=self.gap if gap is None else gap,
                floor=floor - self.model.constant,
                watch=self._watch(self.model.constant, program.gains) if self.told or self.stop else None,
            )
            bound = math.inf if answer.bound is None else answer.bound + self.model.constant
            if answer.x is None:
                return Found(status=answer.status, bound=-math.inf if answer.status is Status.INFEASIBLE else bound)
            rows = self._picked(answer.x, keep)
            judged = self.judge(rows)
            if judged.broken <= 0:
                self._note(judged.value)
                if answer.bound is None and answer.status is Status.OPTIMAL:
                    bound = judged.value
                return Found(status=answer.status, rows=rows, value=judged.value, bound=bound)
            if judged.broken > self._rounding():
                raise VerificationError(
                    f"the solver's lineup breaks hard rules by {judged.broken:g}",
                    hint="please report this week's tables",
                )
            program = replace(program, lines=Lines.of(program.lines).plus([not_this(rows, keep)]))

    def _program(self, keep: Ints, lines: tuple[Line, ...], fixed: Sequence[int]) -> Program:
        program = restrict(self.model, keep).program
        lower = program.lower.copy()
        lower[np.searchsorted(keep, np.array(fixed, dtype=np.int64))] = 1.0
        return replace(program, lower=lower, lines=Lines.of(program.lines).plus(lines) if lines else program.lines)

    def _rounding(self) -> float:
        """How much a solver's integrality tolerance can hide in one row."""
        largest = max((float(part.largest().max(initial=0.0)) for part in self.model.parts), default=0.0)
        return 1e-5 * self.model.instance.pick * max(1e-9, largest)

    def _picked(self, x: Floats, keep: Ints) -> Rows:
        picked = tuple(int(j) for j in keep[np.flatnonzero(x[: len(keep)] > 0.5)])
        if len(picked) != self.model.instance.pick:
            raise VerificationError(f"the solver picked {len(picked)} options", hint="please report this week's tables")
        return picked


def not_this(rows: Rows, keep: Ints) -> Line:
    """Every lineup of the kept options but this one."""
    columns = np.searchsorted(keep, np.array(rows, dtype=np.int64))
    return Line(low=-math.inf, high=len(rows) - 1.0, columns=columns, coefs=np.ones(len(rows)))
