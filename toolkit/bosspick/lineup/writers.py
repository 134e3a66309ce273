"""What each rule means as rows, extras and gains of the model; :mod:`bosspick.lineup.model` says what these are."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from bosspick.lineup.instance import Instance
from bosspick.lineup.model import Model, cells_of
from bosspick.lineup.program import Floats, Ints
from bosspick.lineup.rows import Between
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

__all__ = ["build"]


def build(instance: Instance) -> Model:
    """The model of an instance; rows come in rule-id order."""
    model = Model(instance=instance, gains=instance.values.copy(), allowed=np.ones(instance.size, dtype=np.bool_))
    for place, rule in enumerate(instance.rules):
        _WRITERS[type(rule)](model, rule)
        model.rule_of_part += [place] * (len(model.parts) - len(model.rule_of_part))
    return model


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
    model.parts.append(Between(low=low, high=high, extras=cells_of(cells)))


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
