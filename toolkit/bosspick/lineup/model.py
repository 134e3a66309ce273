"""The one definition of the lineup problem: what each rule means as linear rows over the options.

Option columns are 0/1; a rule may add bounded continuous columns ("extras") that measure its violation or reward.
Everything downstream (core, bound, full problem, elastic problem) is this model on fewer options.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bosspick.lineup.instance import Instance
from bosspick.lineup.program import Floats, Ints, Line, Program
from bosspick.lineup.rows import NO_EXTRAS, Between, Labelled, Listed, Part, Weighted
from bosspick.lineup.rules import (
    Apart,
    Ban,
    Budget,
    Change,
    Cover,
    Gini,
    Group,
    IfThen,
    Lock,
    Repeat,
    Rule,
    Together,
)


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
            Listed(low=np.array([low]), high=np.array([high]), extras=_cells([(0, *e) for e in extras]), options=options,
                   coefs=weights)
        )  # fmt: skip

    def weights(self, coefs: Floats, *, high: float, extras: Sequence[tuple[int, float]] = ()) -> None:
        """Add a row in which every option counts with its own figure."""
        self.parts.append(
            Weighted(low=np.array([-math.inf]), high=np.array([high]), extras=_cells([(0, *e) for e in extras]), coefs=coefs)
        )

    def labels(self, codes: Ints, size: int, *, low: float, high: float, extras: Sequence[tuple[int, int, float]] = ()) -> None:
        """Add one row a label, all with the same limits."""
        self.parts.append(Labelled(low=np.full(size, low), high=np.full(size, high), extras=_cells(extras), codes=codes))

    def of_offers(self, offers: Iterable[str]) -> Ints:
        """All rows of the named offers that have options."""
        found = [self.instance.row_at(offer, None) for offer in offers]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _cells(cells: Sequence[tuple[int, int, float]]) -> tuple[Ints, Ints, Floats]:
    if not cells:
        return NO_EXTRAS
    row, extra, coef = zip(*sorted(cells), strict=True)
    return np.array(row, dtype=np.int64), np.array(extra, dtype=np.int64), np.array(coef, dtype=np.float64)


def build(instance: Instance) -> Model:
    """The model of an instance; rows come in rule-id order."""
    model = Model(instance=instance, gains=instance.values.copy(), allowed=np.ones(instance.size, dtype=np.bool_))
    for place, rule in enumerate(instance.rules):
        _WRITERS[type(rule)](model, rule)
        model.rule_of_part += [place] * (len(model.parts) - len(model.rule_of_part))
    return model


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


def _budget(model: Model, rule: Budget) -> None:
    coefs = model.instance.numbers[rule.column]
    extras = []
    if rule.mode == "soft":
        over = max(0.0, _most(model, coefs) - rule.at_most)
        extras = [(model.add_extra(-rule.penalty, over), -1.0)]
    model.weights(coefs, high=rule.at_most, extras=extras)


def _most(model: Model, coefs: Floats) -> float:
    """The most any ``pick`` offers can use, so that a violation column has a finite bound."""
    best = np.sort(np.maximum.reduceat(coefs, model.instance.starts))[::-1][: model.instance.pick]
    return math.fsum(best)


def _group(model: Model, rule: Group) -> None:
    labels = model.instance.labels[rule.column]
    high = math.inf if rule.at_most is None else float(rule.at_most)
    low = float(rule.at_least) if rule.at_least else -math.inf
    if rule.label is not None:
        extras = [(extra, coef) for _, extra, coef in _group_extras(model, rule, 1)]
        model.row(labels.rows_of(rule.label), low=low, high=high, extras=extras)
        return
    size = len(labels.names)
    model.labels(labels.codes, size, low=low, high=high, extras=_group_extras(model, rule, size))


def _group_extras(model: Model, rule: Group, size: int) -> list[tuple[int, int, float]]:
    """What is missing and what is too much, for each label of a soft group."""
    if rule.mode != "soft":
        return []
    under = [(k, model.add_extra(-rule.penalty, float(rule.at_least)), 1.0) for k in range(size) if rule.at_least]
    most = float(model.instance.pick)
    over = [(k, model.add_extra(-rule.penalty, most), -1.0) for k in range(size) if rule.at_most is not None]
    return under + over


def _lock(model: Model, rule: Lock) -> None:
    options = model.instance.row_at(rule.offer_id, rule.option_id)
    if rule.mode == "soft":
        # Missing the lock costs the penalty: the same as a reward for meeting it, less a constant.
        model.gains[options] += rule.penalty
        model.constant -= rule.penalty
        return
    if rule.option_id is not None:
        others = model.of_offers([rule.offer_id])
        model.allowed[np.setdiff1d(others, options)] = False
    model.row(options, low=1.0)


def _ban(model: Model, rule: Ban) -> None:
    _forbid(model, rule, model.of_offers([rule.offer_id]))


def _repeat(model: Model, rule: Repeat) -> None:
    labels = model.instance.labels[rule.column]
    for name in sorted(rule.cooling()):
        _forbid(model, rule, labels.rows_of(name))


def _forbid(model: Model, rule: Rule, options: Ints) -> None:
    if rule.mode == "soft":
        model.gains[options] -= rule.penalty
    else:
        model.allowed[options] = False


def _apart(model: Model, rule: Apart) -> None:
    extras = []
    if rule.mode == "soft":
        extras = [(model.add_extra(-rule.penalty, len(rule.offer_ids) - 1.0), -1.0)]
    model.row(model.of_offers(rule.offer_ids), high=1.0, extras=extras)


def _together(model: Model, rule: Together) -> None:
    size = len(rule.offer_ids)
    if rule.mode == "soft":
        # missing = size · any − picked, with any ≥ every pick; any costs, so it settles at the greatest pick.
        anyone = model.add_extra(-rule.penalty * size, 1.0)
        model.gains[model.of_offers(rule.offer_ids)] += rule.penalty
        for offer in rule.offer_ids:
            model.row(model.of_offers([offer]), high=0.0, extras=[(anyone, -1.0)])
        return
    first = model.of_offers(rule.offer_ids[:1])
    for offer in rule.offer_ids[1:]:
        other = model.of_offers([offer])
        coefs = np.concatenate([np.ones(len(first)), -np.ones(len(other))])
        model.row(np.concatenate([first, other]), low=0.0, high=0.0, coefs=coefs)


def _if_then(model: Model, rule: IfThen) -> None:
    helpers = model.of_offers(rule.then_any)
    extras = [(model.add_extra(-rule.penalty, 1.0), -1.0)] if rule.mode == "soft" else []
    for offer in rule.if_any:
        if offer in rule.then_any:
            continue
        own = model.of_offers([offer])
        coefs = np.concatenate([np.ones(len(own)), -np.ones(len(helpers))])
        model.row(np.concatenate([own, helpers]), high=0.0, coefs=coefs, extras=extras)


def _cover(model: Model, rule: Cover) -> None:
    for weight, offers in rule.topics.values():
        met = model.add_extra(weight, 1.0)
        options = model.of_offers(offers)
        model.row(options, high=0.0, coefs=-np.ones(len(options)), extras=[(met, 1.0)])


def _gini(model: Model, rule: Gini) -> None:
    """Picks of each label as columns, the distance of every two as a column, and their sum within the bound."""
    labels = model.instance.labels[rule.column]
    size, pick = len(labels.names), float(model.instance.pick)
    picks = [model.add_extra(0.0, pick) for _ in range(size)]
    model.labels(labels.codes, size, low=0.0, high=0.0, extras=[(k, picks[k], -1.0) for k in range(size)])
    cells: list[tuple[int, int, float]] = []
    far: list[int] = []
    for one, other in itertools.combinations(picks, 2):
        distance = model.add_extra(0.0, pick)
        row = 2 * len(far)
        cells += [(row, distance, 1.0), (row, one, -1.0), (row, other, 1.0)]
        cells += [(row + 1, distance, 1.0), (row + 1, one, 1.0), (row + 1, other, -1.0)]
        far.append(distance)
    rows, whole = 2 * len(far), size * pick
    cells += [(rows, distance, 1.0) for distance in far]
    if rule.mode == "soft":
        cells.append((rows, model.add_extra(-rule.penalty, 1.0), -whole))
    low, high = np.zeros(rows + 1), np.full(rows + 1, math.inf)
    low[rows], high[rows] = -math.inf, rule.at_most * whole
    model.parts.append(Between(low=low, high=high, extras=_cells(cells)))


def _change(model: Model, rule: Change) -> None:
    model.constant -= rule.tax * len(rule.published)
    model.gains[model.of_offers(rule.published)] += rule.tax


_WRITERS: dict[type[Rule], Callable[..., None]] = {
    Apart: _apart,
    Ban: _ban,
    Budget: _budget,
    Change: _change,
    Cover: _cover,
    Gini: _gini,
    Group: _group,
    IfThen: _if_then,
    Lock: _lock,
    Repeat: _repeat,
    Together: _together,
}
