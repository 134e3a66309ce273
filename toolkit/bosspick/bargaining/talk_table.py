"""Every talk plan of a small week, valued over every outcome.

An outcome is which aims were agreed, so there are no more outcomes than plans. Answers of brands are independent, and a
plan's expected value is therefore found brand by brand: with the chance of the aim what its agreement leads to, else what
having no talk leads to.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np

from bosspick.bargaining.talk_model import TalkModel
from bosspick.bargaining.talk_search import NOTHING, lineup_value
from bosspick.lineup.program import Floats

__all__ = ["TalkTable"]

Plan = tuple[int, ...]


class TalkTable:
    """Values of all plans within the hours.

    Parameters
    ----------
    model
        The talks there could be; ``model.plans`` of them are gone through.
    told, stop
        Called with the value of having no talk, which is known first, and what no plan exceeds; asked whether to end.

    Attributes
    ----------
    value, bound
        The best plan's expected value, and what no plan exceeds: the same, unless it was stopped.
    complete
        Whether every plan was valued.
    answers
        Value of the best lineup by the rows there are to choose from, as bytes.
    """

    def __init__(
        self, model: TalkModel, *, told: Callable[[float, float], None] | None, stop: Callable[[], bool] | None
    ) -> None:
        self.model = model
        self.answers: dict[bytes, float] = {}
        self._aims = [np.flatnonzero(model.offer_of_aim == number).tolist() for number in range(len(model.offers))]
        self._values = np.full([len(aims) + 1 for aims in self._aims], -math.inf)
        self.complete = self._fill(told, stop)
        self._expect()
        self.value = float(self._values.max())
        self.bound = self.value if self.complete else self._most()

    def _fill(self, told: Callable[[float, float], None] | None, stop: Callable[[], bool] | None) -> bool:
        """Value the lineups after every outcome of plans within the hours; False when stopped before the end."""
        start: Floats | None = None
        most = self._most() if told else math.inf
        agreed = np.ones(len(self.model.aims), dtype=bool)
        for place in itertools.product(*map(range, self._values.shape)):
            if self.answers and stop and stop():
                return False
            plan = self._plan(place)
            if not self.model.within_hours(plan):
                continue
            there = self.model.there(plan, agreed)
            key = there.tobytes()
            if key not in self.answers:
                self.answers[key], start = lineup_value(self.model.recourse, there, deadline=math.inf, start=start)
            self._values[place] = self.answers[key]
            if told:
                told(float(self._values.flat[0]), most)
        return True

    def _expect(self) -> None:
        """From values of outcomes to expected values of plans, one brand after the other."""
        for axis, aims in enumerate(self._aims):
            outcomes = np.moveaxis(self._values, axis, 0)
            none = outcomes[0].copy()
            for place, aim in enumerate(aims, start=1):
                chance, agreed = self.model.chance[aim], outcomes[place]
                with np.errstate(invalid="ignore"):
                    mixed = chance * agreed + (1 - chance) * none
                outcomes[place] = np.where(np.isfinite(agreed) & np.isfinite(none), mixed, -math.inf)

    def _most(self) -> float:
        """What no plan exceeds: a bound of the lineups of all rows together."""
        found = self.model.recourse.relaxed(np.ones(len(self.model.aim_of), dtype=bool), deadline=math.inf)
        return 0.0 if found is None or found.impossible else found.top

    def _plan(self, place: Sequence[int]) -> Plan:
        return tuple(aims[at - 1] for aims, at in zip(self._aims, place, strict=True) if at)

    def _place(self, plan: Sequence[int]) -> tuple[int, ...]:
        at = {int(self.model.offer_of_aim[aim]): aim for aim in plan}
        return tuple(aims.index(at[number]) + 1 if number in at else 0 for number, aims in enumerate(self._aims))

    def thrifty(self) -> Plan:
        """The best plan without the talks that bring nothing: nobody talks for nothing."""
        talks = sum(np.indices(self._values.shape) > 0) if self._aims else np.zeros(())
        best = int(np.argmax(self._values - NOTHING * abs(self.value) * talks))
        return self._plan([int(each) for each in np.unravel_index(best, self._values.shape)])

    def worth_of(self, plan: Sequence[int], aim: int) -> float:
        """What the expected lineup loses when one talk of a plan is left out."""
        rest = self._values[self._place([each for each in plan if each != aim])]
        return max(float(self._values[self._place(plan)] - rest), 0.0)
