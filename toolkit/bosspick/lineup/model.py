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
from bosspick.lineup.program import Floats, Ints, Line, Program
from bosspick.lineup.rows import NO_EXTRAS, Labelled, Listed, Part, Weighted


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The problem on some options, and which row of the model each of its lines is (−1: the lineup's own lines)."""

    program: Program
    row_of_line: Ints
    relief_from: int


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


def restrict(model: Model, keep: Ints, *, relief: float = 0.0) -> Core:
    """The same problem on the options ``keep`` only (ascending).

    Columns are the options, the extras that some line speaks of, and with ``relief`` > 0 columns that let every row be
    violated at that price per unit of its largest coefficient, which keeps the relaxation of a too-small core solvable.
    """
    offer_of = model.instance.offer_of[keep]
    own = [_pick_line(model, len(keep)), *_offer_lines(offer_of)]
    lines, numbers = list(own), [np.full(len(own), -1, dtype=np.int64)]
    columns = len(keep)
    extra_place = np.full(len(model.extra_gains), -1, dtype=np.int64)
    used_extras: list[int] = []
    first = 0
    for part in model.parts:
        cells = part.entries(keep)
        order = np.argsort(cells.row, kind="stable")
        row, column, coef = cells.row[order], cells.column[order], cells.coef[order]
        counts = np.bincount(row, minlength=len(part.low)) if len(row) else np.zeros(len(part.low), dtype=np.int64)
        written = part.may_leave(np.flatnonzero(counts))
        if not len(part.extras[0]):
            # A cap on a count needs no line where no more options than the cap are left.
            written = written[(part.low[written] > -math.inf) | (counts[written] > part.high[written]) | (not part.counts_one)]
        starts, stops = np.searchsorted(row, written), np.searchsorted(row, written, side="right")
        extra_row, extra, extra_coef = part.extras
        for k, a, b in zip(written.tolist(), starts.tolist(), stops.tolist(), strict=True):
            at, weights = column[a:b], coef[a:b]
            low, high = float(part.low[k]), float(part.high[k])
            mine = slice(*np.searchsorted(extra_row, [k, k + 1])) if len(extra_row) else slice(0, 0)
            if mine.start == mine.stop:
                if _cannot_bind(low, high, at, weights, offer_of):
                    continue
            else:
                for e in extra[mine].tolist():
                    if extra_place[e] < 0:
                        extra_place[e] = columns + len(used_extras)
                        used_extras.append(e)
                at, weights = np.append(at, extra_place[extra[mine]]), np.append(weights, extra_coef[mine])
            numbers.append(np.array([first + k]))
            lines.append(Line(low=low, high=high, columns=at, coefs=weights))
        first += len(part.low)
    gains = [model.gains[keep], np.array([model.extra_gains[e] for e in used_extras])]
    upper = [np.ones(len(keep)), np.array([model.extra_highs[e] for e in used_extras])]
    relief_from = columns + len(used_extras)
    row_of_line = np.concatenate(numbers)
    if relief > 0:
        lines, slack_gains, slack_upper = _relieved(model, lines, row_of_line, relief_from, relief)
        gains.append(slack_gains)
        upper.append(slack_upper)
    all_gains = np.concatenate(gains)
    program = Program(
        gains=all_gains, lower=np.zeros(len(all_gains)), upper=np.concatenate(upper), whole=len(keep), lines=tuple(lines)
    )
    return Core(program=program, row_of_line=row_of_line, relief_from=relief_from)


def _relieved(
    model: Model, lines: list[Line], row_of_line: Ints, first: int, relief: float
) -> tuple[list[Line], Floats, Floats]:
    """The lines with their relief columns, and the gains and upper limits of these."""
    largest = np.concatenate([part.largest() for part in model.parts]) if model.parts else np.empty(0)
    gains: list[float] = []
    upper: list[float] = []
    found = []
    for line, row in zip(lines, row_of_line.tolist(), strict=True):
        if row < 0:
            found.append(line)
            continue
        size = float(largest[row]) or 1.0
        limits = [v for v in (line.low, line.high) if math.isfinite(v)]
        signs = [s for s, limit in ((1.0, line.low), (-1.0, line.high)) if math.isfinite(limit)]
        at = np.arange(first + len(gains), first + len(gains) + len(signs))
        most = 2 * model.instance.pick * size + max((abs(v) for v in limits), default=0.0)
        gains += [-relief / size] * len(signs)
        upper += [most] * len(signs)
        found.append(
            Line(low=line.low, high=line.high, columns=np.append(line.columns, at), coefs=np.append(line.coefs, signs))
        )
    return found, np.array(gains), np.array(upper)


def _cannot_bind(low: float, high: float, columns: Ints, coefs: Floats, offer_of: Ints) -> bool:
    """A cap on a count holds by itself when no more offers than the cap are left in the row."""
    if low > -math.inf or high < 0 or not (coefs == 1.0).all():
        return False
    return len(columns) <= high or len(np.unique(offer_of[columns])) <= high


def _pick_line(model: Model, size: int) -> Line:
    pick = float(model.instance.pick)
    return Line(low=pick, high=pick, columns=np.arange(size, dtype=np.int64), coefs=np.ones(size))


def _offer_lines(offer_of: Ints) -> list[Line]:
    """At most one option per offer; an offer with one option needs no line."""
    starts = np.flatnonzero(np.diff(offer_of, prepend=-1))
    stops = np.append(starts[1:], len(offer_of))
    return [
        Line(low=-math.inf, high=1.0, columns=np.arange(a, b, dtype=np.int64), coefs=np.ones(b - a))
        for a, b in zip(starts, stops, strict=True)
        if b - a > 1
    ]
