"""What an earlier question about the same options knew: it saves time and decides nothing.

Any multipliers bound every lineup and any lineup can be judged, so a hint that no longer fits costs time at most.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np

from bosspick.lineup.model import Model
from bosspick.lineup.program import Floats
from bosspick.lineup.rules import Budget, Gini, Group, Repeat

__all__ = ["Hints"]

#: Lineups that are tried again.
_PLANS = 4


@dataclass(slots=True)
class Hints:
    """Multipliers by what their rows are about, and the latest lineups (canonical rows)."""

    duals: dict[Hashable, Floats]
    plans: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def none(cls) -> Hints:
        """Nothing is known yet."""
        return cls(duals={})

    def start(self, model: Model) -> Floats | None:
        """Multipliers for a model's rows, 0 where nothing is known; None when nothing is."""
        known = self.duals
        if not known:
            return None
        found = [known.get(key) for key in _keys(model)]
        sizes = [len(part.low) for part in model.parts]
        return np.concatenate(
            [np.empty(0), *(d if d is not None and len(d) == n else np.zeros(n) for d, n in zip(found, sizes, strict=True))]
        )

    def keep(self, model: Model, duals: Floats | None, plan: tuple[int, ...] | None) -> None:
        """Remember how a question ended."""
        if duals is not None:
            ends = np.cumsum([len(part.low) for part in model.parts])
            self.duals = dict(zip(_keys(model), np.split(duals, ends[:-1]) if len(ends) else [], strict=True))
        if plan is not None:
            self.plans = (plan, *(known for known in self.plans if known != plan))[:_PLANS]


def _keys(model: Model) -> Iterator[Hashable]:
    """What each part is about, whatever its limits are."""
    counts: dict[Hashable, int] = {}
    for place in model.rule_of_part:
        rule = model.instance.rules[place]
        if isinstance(rule, (Budget, Gini, Group, Repeat)):
            about: Hashable = (rule.kind, rule.column, getattr(rule, "label", None))
        else:
            about = (rule.kind, rule.id)
        counts[about] = counts.get(about, 0) + 1
        yield about, counts[about]
