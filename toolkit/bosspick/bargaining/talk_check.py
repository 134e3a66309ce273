"""What talk plans are worth on scenarios no search has seen, beside what one could reach if every answer were known."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bosspick.bargaining.talk_model import Scenarios, TalkModel
from bosspick.bargaining.talk_search import lineup_value
from bosspick.lineup.program import Floats
from bosspick.lineup.recourse import Mask, Recourse
from bosspick.lineup.rules import Budget

__all__ = ["Estimate", "KnownAnswers", "checked_values", "estimate"]

_Z95 = 1.959963984540054
#: Fewest scenarios an interval is made of.
_FEWEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over scenarios with its 95% interval, in yuan-equivalents; the interval is a point when nothing was sampled."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:,.0f} ({self.low:,.0f} to {self.high:,.0f})"


class KnownAnswers:
    """Lineups within the hours of their talks, as if every answer were known before choosing whom to talk to."""

    def __init__(self, model: TalkModel, options: pd.DataFrame) -> None:
        names = sorted(model.hours)
        spends = {f"hours of {name}": np.where(options["negotiator"] == name, options["talk_hours"], 0.0) for name in names}
        columns = options.assign(value=options["agreed_value"], talk_hours=0.0, **spends)
        budgets = [
            Budget(column=column, at_most=model.hours[name], id=column, title=column)
            for name, column in zip(names, spends, strict=True)
        ]
        self.model = model
        self.recourse = Recourse(columns, [*model.rules, *budgets], pick=model.pick)

    def value(self, accepted: Mask, *, deadline: float, start: Floats | None) -> tuple[float, Floats | None]:
        """A bound of what could be reached in one scenario."""
        bound = self.recourse.relaxed(self.model.everything(accepted), deadline=deadline, start=start)
        return (0.0, start) if bound is None or bound.impossible else (bound.top, bound.duals)


def checked_values(
    model: TalkModel,
    plans: Sequence[Sequence[int]],
    known: KnownAnswers,
    scenarios: Scenarios,
    *,
    deadline: float,
    answers: dict[bytes, float] | None = None,
) -> Floats:
    """Values of the plans (columns), and of known answers last, in each scenario until time is up; eight at least.

    ``answers`` are values of lineups found already, by the rows there are to choose from.
    """
    accepted = model.accepted(scenarios)
    start: Floats | None = None
    first: Floats | None = None
    rows: list[list[float]] = []
    answers = dict(answers or {})
    for each in accepted:
        if time.monotonic() >= deadline and len(rows) >= _FEWEST:
            break
        row = []
        for plan in plans:
            there = model.there(plan, each)
            key = there.tobytes()
            if key not in answers:
                answers[key], start = lineup_value(model.recourse, there, deadline=math.inf, start=start)
            row.append(answers[key])
        value, first = known.value(each, deadline=math.inf, start=first)
        rows.append([*row, max(value, *row)])
    return np.array(rows, dtype=np.float64)


def estimate(values: Floats, scenarios: Scenarios, *, sampled: bool) -> Estimate:
    """The mean of values by scenario, with its interval where the scenarios were sampled."""
    mean = float(values @ scenarios.weights)
    spread = float(values.std(ddof=1)) / len(values) ** 0.5 if sampled and len(values) > 1 else 0.0
    return Estimate(mean=round(mean, 2), low=round(mean - _Z95 * spread, 2), high=round(mean + _Z95 * spread, 2))
