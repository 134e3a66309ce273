"""The best talk plan on given scenarios: a master programme over the talks, cut down by what lineups can be worth.

In a scenario the best lineup after the talks is worth no more than the Lagrangian bound at any multipliers (see
:mod:`bosspick.lineup.bound`), and that bound is linear in the talks: a talk adds what its accepted option beats the
last place by. So each answer gives a cut, and the master's value bounds every plan (L-shaped method, Van Slyke and
Wets 1969). A plan whose cuts are tight is cut off itself (integer L-shaped method, Laporte and Louveaux 1993). When the
master's bound comes close to the best value, no plan is much better on these scenarios.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bosspick.bargaining.talk_model import Scenarios, TalkModel
from bosspick.lineup.program import Floats, Ints, Line, Program, Status
from bosspick.lineup.recourse import Mask, Recourse
from bosspick.lineup.solver import solve_here

__all__ = ["NOTHING", "TalkSearch", "lineup_value"]

Plan = tuple[int, ...]
#: Relative violation below which a cut brings nothing.
_TIGHT = 1e-4
#: How far above its best a scenario's bound may lie where plans are compared on samples.
_CLOSE = 2e-3
#: A talk that adds less than this share of the value is not worth having.
NOTHING = 5e-5
#: Seconds beyond the limit for the last questions, and how many there may be.
_LAST_S, _TRIES = 5.0, 4
#: Gap at which a talk plan on sampled scenarios is good enough: well below what sampling itself leaves open.
_ENOUGH, _MASTER_S = 1e-2, 1.0
#: A master need be no closer to its own bound than this share of what is still open: its next answer has new cuts.
_MASTER_SHARE = 0.25


@dataclass(slots=True, kw_only=True)
class TalkSearch:
    """One search.

    Attributes
    ----------
    model, scenarios
        The talks there could be, and what brands accept.
    deadline
        ``time.monotonic()`` at which to stop.
    told, stop
        Called with the best value so far and the bound; asked whether to end.
    rounds_left
        Most answers of the master; None for no limit.
    best, value, bound
        The best plan so far (positions of aims), its value on the scenarios, and what no plan exceeds.
    complete
        Whether the bound came close enough, rather than a limit.
    """

    model: TalkModel
    scenarios: Scenarios
    deadline: float
    told: Callable[[float, float], None] | None = None
    stop: Callable[[], bool] | None = None
    best: Plan = ()
    value: float = -math.inf
    bound: float = math.inf
    rounds_left: int | None = None
    complete: bool = False
    _accepted: list[Mask] = field(init=False)
    _cuts: list[Line] = field(init=False, default_factory=list)
    _known: list[tuple[int, float, Floats]] = field(init=False, default_factory=list)
    _table: tuple[Ints, Floats, Floats] | None = field(init=False, default=None)
    _unit: float = field(init=False, default=0.0)
    _start: Floats | None = field(init=False, default=None)

    def run(self, *starts: Plan) -> None:
        """Search, from plans that are known already."""
        self._accepted = self.model.accepted(self.scenarios)
        if not self._first_cuts():
            self.best, self.value, self.bound, self.complete = (), 0.0, 0.0, True
            return
        for start in ((), *starts):
            self._visit(start)
        while not self._over() and self.rounds_left != 0:
            plan = self._master()
            self.complete = self.bound - self.value <= self._close()
            if self.complete or plan is None:
                break
            if self.rounds_left is not None:
                self.rounds_left -= 1
            new = self._visit(plan)
            self._tell()
            if not new:
                self._cut_off(plan)

    def worth_of(self, plan: Sequence[int], aim: int) -> float:
        """What the expected lineup loses at least on the scenarios when one talk of a plan is left out."""
        rest = self._theta([each for each in plan if each != aim])
        return max(float((self._theta(plan) - rest) @ self.scenarios.weights), 0.0)

    def thrifty(self) -> Plan:
        """The best plan without the talks that bring nothing on the scenarios: nobody talks for nothing."""
        if self.stop and self.stop():
            return self.best
        self.deadline = max(self.deadline, time.monotonic() + _LAST_S)
        for _ in range(_TRIES):
            fewer = self._without_idle(self.best)
            if fewer == self.best or self._over():
                break
            # Valuing the shorter plan sharpens the cuts, which then know better what it lacks.
            left, _ = self._relaxed_value(fewer)
            if left is not None and left >= self.value - NOTHING * abs(self.value) * (len(self.best) - len(fewer)):
                return fewer
        return self.best

    def _without_idle(self, plan: Plan) -> Plan:
        """A plan without the talks that bring nothing beside the others, as far as the cuts know; one after the other."""
        left = list(plan)
        while left:
            worth = {aim: self.worth_of(left, aim) for aim in left}
            idle = min(left, key=lambda aim: (worth[aim], aim))
            if worth[idle] > NOTHING * abs(self.value):
                break
            left.remove(idle)
        return tuple(left)

    def _close(self) -> float:
        return _ENOUGH * (max(abs(self.value), 1.0) if math.isfinite(self.value) else 1.0)

    def _over(self) -> bool:
        return time.monotonic() >= self.deadline or bool(self.stop and self.stop())

    def _tell(self) -> None:
        if self.told:
            self.told(self.value, self.bound)

    def _first_cuts(self) -> bool:
        """A cut for every scenario, from the multipliers of all options together; False when even these hold no lineup."""
        there = np.ones(len(self.model.aim_of), dtype=bool)
        found = self.model.recourse.relaxed(there, deadline=math.inf)
        if found is None or found.impossible:
            return False
        self._start = found.duals
        gains, constant = self._priced(found.duals, there)
        for number in range(len(self.scenarios.weights)):
            self._cut(number, gains, constant, found.top)
        return True

    def _visit(self, plan: Plan) -> bool:
        """Relax every scenario after the plan's talks; whether a cut came of it that the master did not know."""
        estimate, fresh = self._relaxed_value(plan)
        if estimate is not None and estimate > self.value:
            self.best, self.value = plan, estimate
        return fresh

    def _relaxed_value(self, plan: Plan) -> tuple[float | None, bool]:
        """Expected bound of the lineups after a plan's talks, None when time ran out; and whether a new cut came of it."""
        recourse = self.model.recourse
        estimate, fresh = 0.0, False
        theta = self._theta(plan)
        seen: dict[bytes, tuple[float, Floats, float] | None] = {}
        for number, weight in enumerate(self.scenarios.weights):
            if self._over():
                return None, True
            there = self.model.there(plan, self._accepted[number])
            key = there.tobytes()
            if key not in seen:
                found = recourse.relaxed(there, deadline=self.deadline, start=self._start, close=_CLOSE)
                if found is None or found.impossible:
                    seen[key] = None
                else:
                    self._start = found.duals
                    seen[key] = (found.top, *self._priced(found.duals, there))
            answer = seen[key]
            if answer is None:
                continue
            top, gains, constant = answer
            estimate += weight * top
            if theta[number] - top > _TIGHT * max(1.0, abs(top)):
                fresh = True
                self._cut(number, gains, constant, top)
        return estimate, fresh

    def _cut(self, number: int, gains: Floats, constant: float, top: float) -> None:
        """In one scenario no plan is worth more than the constant and what its accepted talks add."""
        if not self._unit:
            self._unit = max(abs(top), 1.0) / 100
        taken = np.where(self._accepted[number], gains, 0.0) / self._unit
        at = np.flatnonzero(taken)
        columns = np.append(at, len(self.model.aims) + number)
        self._cuts.append(Line(low=-math.inf, high=constant / self._unit, columns=columns, coefs=np.append(-taken[at], 1.0)))
        self._known.append((number, constant / self._unit, taken))

    def _priced(self, duals: Floats, there: Mask) -> tuple[Floats, float]:
        """What each accepted aim adds to the bound at these multipliers, and the bound with no talk at all."""
        model, recourse = self.model, self.model.recourse
        reduced = recourse.reduced(duals)
        last = self._last_place(np.where(there, reduced, -np.inf))
        home = np.full(len(recourse.instance.offers), -np.inf)
        np.maximum.at(home, recourse.offer_of[model.home], reduced[model.home])
        over = np.maximum(home - last, 0.0)
        best = np.full(len(model.aims), -np.inf)
        inside = model.aim_of >= 0
        np.maximum.at(best, model.aim_of[inside], reduced[inside])
        gains = np.maximum(best - last, 0.0) - over[model.model_offer[model.offer_of_aim]]
        return gains, recourse.constant(duals) + model.pick * last + math.fsum(over.tolist())

    def _last_place(self, reduced: Floats) -> float:
        """Reduced value of the last offer that gets a place."""
        best = np.full(len(self.model.recourse.instance.offers), -np.inf)
        np.maximum.at(best, self.model.recourse.offer_of, reduced)
        return float(np.partition(best, len(best) - self.model.pick)[len(best) - self.model.pick])

    def _theta(self, plan: Sequence[int]) -> Floats:
        """What the cuts say each scenario may be worth after a plan."""
        theta = np.full(len(self.scenarios.weights), math.inf)
        if self._known:
            if self._table is None or len(self._table[0]) != len(self._known):
                numbers, constants, taken = zip(*self._known, strict=True)
                self._table = np.array(numbers), np.array(constants), np.array(taken)
            number, constant, gains = self._table
            np.minimum.at(theta, number, constant + gains[:, list(plan)].sum(axis=1))
        return theta * (self._unit or 1.0)

    def _most(self) -> float:
        """More than any scenario can be worth."""
        cuts = [line for line in self._cuts if math.isfinite(line.high)]
        return self._unit * (1.0 + max((abs(line.high) + float(np.abs(line.coefs[:-1]).sum()) for line in cuts), default=1.0))

    def _master(self) -> Plan | None:
        """The plan the cuts think best; None when there is none but those valued, or none was found in time."""
        aims = self.model.aims
        count, scenarios = len(aims), len(self.scenarios.weights)
        if not count:
            self.bound = self.value
            return None
        lines = list(self._cuts)
        for rows in aims.groupby("offer", sort=True).indices.values():
            at = np.asarray(rows, dtype=np.int64)
            if len(at) > 1:
                lines.append(Line(low=-math.inf, high=1.0, columns=at, coefs=np.ones(len(at))))
        hours = aims["hours"].to_numpy(dtype="float64")
        for name, rows in aims.groupby("negotiator", sort=True).indices.items():
            at = np.asarray(rows, dtype=np.int64)
            lines.append(Line(low=-math.inf, high=self.model.hours.get(str(name), 0.0), columns=at, coefs=hours[at]))
        gains = np.concatenate([np.zeros(count), self.scenarios.weights])
        upper = np.concatenate([np.ones(count), np.full(scenarios, self._most() / self._unit)])
        program = Program(gains=gains, lower=np.append(np.zeros(count), -upper[count:]), upper=upper, whole=count,
                          lines=tuple(lines))  # fmt: skip
        left = max(self.deadline - time.monotonic(), 0.05)
        # Where it began: going on in another process would begin anew, with half of the time gone.
        answer = solve_here(program, time_limit_s=min(left, _MASTER_S), gap=self._master_gap())
        if answer.status is Status.INFEASIBLE:
            self.bound = self.value
            return None
        if answer.bound is not None:
            self.bound = min(self.bound, answer.bound * self._unit)
        return None if answer.x is None else tuple(int(aim) for aim in np.flatnonzero(answer.x[:count] > 0.5))

    def _master_gap(self) -> float:
        open_share = (self.bound - self.value) / max(abs(self.value), 1.0) if math.isfinite(self.bound) else 1.0
        return max(_MASTER_SHARE * min(open_share, 0.1), _ENOUGH / 4)

    def _cut_off(self, plan: Plan) -> None:
        """Leave a plan whose cuts are tight out of what the master may answer."""
        coefs = np.ones(len(self.model.aims))
        coefs[list(plan)] = -1.0
        self._cuts.append(Line(low=1.0 - len(plan), high=math.inf, columns=np.arange(len(coefs)), coefs=coefs))


def lineup_value(
    recourse: Recourse, there: Mask, *, deadline: float, start: Floats | None = None
) -> tuple[float, Floats | None]:
    """Value of the best lineup of some rows, exact, 0 where the rules leave none; and multipliers for the next question."""
    bound = recourse.relaxed(there, deadline=deadline, start=start, close=_CLOSE)
    if bound is None or bound.impossible:
        return 0.0, start
    found = recourse.best(there, bound, deadline=deadline)
    return (found.value if found.rows is not None else 0.0), bound.duals
