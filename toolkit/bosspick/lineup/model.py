"""The one definition of the lineup problem: what each rule means as linear rows over the options.

Option columns are 0/1; a rule may add bounded continuous columns ("extras") that measure its violation or reward.
Everything downstream (core, bound, full problem, elastic problem) is this model on fewer options.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bosspick.lineup.instance import Instance
from bosspick.lineup.program import Floats, Ints, Line, Program
from bosspick.lineup.rules import (
    Apart,
    Ban,
    Budget,
    Change,
    Cover,
    Group,
    IfThen,
    Lock,
    Repeat,
    Rule,
    Together,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A continuous column in ``[0, high]`` worth ``gain`` per unit."""

    gain: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``low ≤ coefs · x[options] + Σ coef · extra ≤ high``."""

    low: float
    high: float
    options: Ints
    coefs: Floats
    extras: tuple[tuple[int, float], ...] = ()


@dataclass(slots=True, kw_only=True)
class Model:
    """Pick exactly ``pick`` offers, one option each, of greatest ``constant + gains · x + gains of the extras``."""

    instance: Instance
    gains: Floats
    allowed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    constant: float = 0.0
    rows: list[Row] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)

    def add_extra(self, gain: float, high: float) -> int:
        """Add a continuous column."""
        self.extras.append(Extra(gain=gain, high=max(0.0, high)))
        return len(self.extras) - 1

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
        self.rows.append(Row(low=low, high=high, options=options, coefs=weights, extras=tuple(extras)))

    def of_offers(self, offers: Iterable[str]) -> Ints:
        """All rows of the named offers that have options."""
        index = self.instance.offer_index()
        found = [self.instance.rows_of_offer(index[o]) for o in offers if o in index]
        parts = [np.arange(s.start, s.stop, dtype=np.int64) for s in found]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def build(instance: Instance) -> Model:
    """The model of an instance; rows come in rule-id order."""
    model = Model(instance=instance, gains=instance.values.copy(), allowed=np.ones(instance.size, dtype=np.bool_))
    for rule in instance.rules:
        _WRITERS[type(rule)](model, rule)
    return model


def restrict(model: Model, keep: Ints, *, relief: float = 0.0) -> Program:
    """The same problem on the options ``keep`` only (ascending); extras follow the options as columns.

    With ``relief`` > 0 every row may be violated at that price per unit of its largest coefficient, which keeps the
    relaxation of a too-small core solvable.
    """
    position = np.full(model.instance.size, -1, dtype=np.int64)
    position[keep] = np.arange(len(keep))
    gains = [model.gains[keep], np.array([e.gain for e in model.extras])]
    upper = [np.ones(len(keep)), np.array([e.high for e in model.extras])]
    lines = [_pick_line(model, len(keep)), *_offer_lines(model.instance.offer_of[keep])]
    slacks = 0
    for row in model.rows:
        columns = position[row.options]
        kept = columns >= 0
        columns, coefs = columns[kept], row.coefs[kept]
        if _cannot_bind(row, model.instance.offer_of[row.options[kept]]):
            lines.append(_EMPTY)
            continue
        if row.extras:
            columns = np.append(columns, [len(keep) + k for k, _ in row.extras])
            coefs = np.append(coefs, [c for _, c in row.extras])
        if relief > 0:
            largest = float(np.abs(row.coefs).max(initial=0.0)) or 1.0
            signs = [s for s, limit in ((1.0, row.low), (-1.0, row.high)) if math.isfinite(limit)]
            first = len(keep) + len(model.extras) + slacks
            columns = np.append(columns, np.arange(first, first + len(signs)))
            coefs = np.append(coefs, signs)
            gains.append(np.full(len(signs), -relief / largest))
            upper.append(np.full(len(signs), 2 * model.instance.pick * largest + abs(_finite(row))))
            slacks += len(signs)
        lines.append(Line(low=row.low, high=row.high, columns=columns, coefs=coefs))
    all_gains = np.concatenate(gains)
    return Program(
        gains=all_gains,
        lower=np.zeros(len(all_gains)),
        upper=np.concatenate(upper),
        whole=len(keep),
        lines=tuple(lines),
    )


_EMPTY = Line(low=-math.inf, high=math.inf, columns=np.empty(0, dtype=np.int64), coefs=np.empty(0))


def _cannot_bind(row: Row, offers: Ints) -> bool:
    """A cap on a count holds by itself when no more offers than the cap are left in the row."""
    if row.low > -math.inf or row.extras or row.high < 0 or not (row.coefs == 1.0).all():
        return False
    return len(np.unique(offers)) <= row.high


def _finite(row: Row) -> float:
    return max((abs(v) for v in (row.low, row.high) if math.isfinite(v)), default=0.0)


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
    everything = np.flatnonzero(coefs)
    extras = []
    if rule.mode == "soft":
        over = max(0.0, _most(model, coefs) - rule.at_most)
        extras = [(model.add_extra(-rule.penalty, over), -1.0)]
    model.row(everything, high=rule.at_most, coefs=coefs[everything], extras=extras)


def _most(model: Model, coefs: Floats) -> float:
    """The most any ``pick`` offers can use, so that a violation column has a finite bound."""
    starts = np.flatnonzero(np.diff(model.instance.offer_of, prepend=-1))
    best = np.sort(np.maximum.reduceat(coefs, starts))[::-1][: model.instance.pick]
    return math.fsum(best)


def _group(model: Model, rule: Group) -> None:
    labels = model.instance.labels[rule.column]
    names = labels.names if rule.label is None else (rule.label,)
    for name in names:
        options = labels.rows_of(name)
        high = math.inf if rule.at_most is None else float(rule.at_most)
        low = float(rule.at_least) if rule.at_least else -math.inf
        extras = []
        if rule.mode == "soft":
            if math.isfinite(low):
                extras.append((model.add_extra(-rule.penalty, low), 1.0))
            if math.isfinite(high):
                extras.append((model.add_extra(-rule.penalty, float(model.instance.pick)), -1.0))
        model.row(options, low=low, high=high, extras=extras)


def _lock(model: Model, rule: Lock) -> None:
    options = model.of_offers([rule.offer_id])
    if rule.option_id is not None:
        ids = model.instance.option_ids
        options = np.array([j for j in options if ids[j] == rule.option_id], dtype=np.int64)
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


def _change(model: Model, rule: Change) -> None:
    model.constant -= rule.tax * len(rule.published)
    model.gains[model.of_offers(rule.published)] += rule.tax


_WRITERS: dict[type[Rule], Callable[..., None]] = {
    Apart: _apart,
    Ban: _ban,
    Budget: _budget,
    Change: _change,
    Cover: _cover,
    Group: _group,
    IfThen: _if_then,
    Lock: _lock,
    Repeat: _repeat,
    Together: _together,
}
