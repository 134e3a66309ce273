"""The one definition of the lineup problem: what each rule means as linear rows over the options.

Option columns are 0/1; a rule may add bounded continuous columns ("extras") that measure its violation or reward.
Everything downstream (core, bound, full problem, elastic problem) is this model on fewer options.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bosspick.lineup.instance import Instance
from bosspick.lineup.program import Floats, Ints
from bosspick.lineup.rows import NO_EXTRAS, Labelled, Listed, Part, Weighted


@dataclass(slots=True, kw_only=True)
class Model:
    """Pick exactly ``pick`` offers, one option each, of greatest ``constant + gains · x + gains of the extras``."""

    instance: Instance
    gains: Floats
    allowed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    constant: float = 0.0
    parts: list[Part] = field(default_factory=list)
    rule_of_part: list[int] = field(default_factory=list)
    extra_gains: list[float] = field(default_factory=list)
    extra_highs: list[float] = field(default_factory=list)

    def least(self) -> float:
        """No lineup of allowed options is worth less than this."""
        gains = np.where(self.allowed, self.gains, np.inf)
        lowest = np.minimum.reduceat(gains, self.instance.starts)
        extras = np.minimum(0.0, np.array(self.extra_gains)) * np.array(self.extra_highs)
        return self.constant + math.fsum(np.sort(lowest)[: self.instance.pick].tolist()) + math.fsum(extras.tolist())

    @property
    def row_count(self) -> int:
        """Rows of all parts."""
        return sum(len(part.low) for part in self.parts)

    def add_extra(self, gain: float, high: float) -> int:
        """Add a continuous column in ``[0, high]`` worth ``gain`` per unit."""
        self.extra_gains.append(gain)
        self.extra_highs.append(max(0.0, high))
        return len(self.extra_gains) - 1

    def row(
        self,
        options: Ints,
        *,
        low: float = -math.inf,
        high: float = math.inf,
        coefs: Floats | None = None,
        extras: Sequence[tuple[int, float]] = (),
    ) -> None:
        """Add a row; coefficients are 1 unless given."""
        weights = np.ones(len(options)) if coefs is None else coefs
        options, which = np.unique(options, return_inverse=True)
        # An option may be listed on both sides of a rule.
        weights = np.bincount(which, weights=weights, minlength=len(options)).astype(np.float64)
        self.parts.append(
            Listed(low=np.array([low]), high=np.array([high]), extras=cells_of([(0, *e) for e in extras]), options=options,
                   coefs=weights)
        )  # fmt: skip

    def weights(self, coefs: Floats, *, high: float, extras: Sequence[tuple[int, float]] = ()) -> None:
        """Add a row in which every option counts with its own figure."""
        self.parts.append(
            Weighted(low=np.array([-math.inf]), high=np.array([high]), extras=cells_of([(0, *e) for e in extras]), coefs=coefs)
        )

    def labels(self, codes: Ints, size: int, *, low: float, high: float, extras: Sequence[tuple[int, int, float]] = ()) -> None:
        """Add one row a label, all with the same limits."""
        self.parts.append(Labelled(low=np.full(size, low), high=np.full(size, high), extras=cells_of(extras), codes=codes))

    def of_offers(self, offers: Iterable[str]) -> Ints:
        """All rows of the named offers that have options."""
        found = [self.instance.row_at(offer, None) for offer in offers]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def cells_of(cells: Sequence[tuple[int, int, float]]) -> tuple[Ints, Ints, Floats]:
    """Cells outside the options (row, extra column, coefficient) as the parts hold them."""
    if not cells:
        return NO_EXTRAS
    row, extra, coef = zip(*sorted(cells), strict=True)
    return np.array(row, dtype=np.int64), np.array(extra, dtype=np.int64), np.array(coef, dtype=np.float64)
