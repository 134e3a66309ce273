"""Facts that need no solver: what cannot be because there is simply not enough of something."""

from __future__ import annotations

import math

import numpy as np

from bosspick.lineup.instance import Instance, Labels
from bosspick.lineup.program import Ints
from bosspick.lineup.rules import Apart, Ban, Budget, Group, Lock, Repeat, Rule


def findings(instance: Instance) -> tuple[str, ...]:
    """Every counting argument that proves there is no lineup; empty when counting proves nothing.

    Only hard rules are counted. Each text names the rule and both numbers.
    """
    size = len(instance.offers)
    if size < instance.pick:
        return (f"only {size} offers have options but the lineup has {instance.pick} places",)
    open_rows, closed = _open_rows(instance)
    found = []
    left = len(np.unique(instance.offer_of[open_rows]))
    if left < instance.pick:
        found.append(f"{', '.join(closed)} leave {left} offers for {instance.pick} places")
    found += _locks(instance, open_rows)
    found += [text for _, text in locked_beyond(instance, open_rows)]
    for rule in instance.rules:
        if rule.mode != "hard":
            continue
        if isinstance(rule, Budget):
            found += _budget(instance, rule, open_rows)
        elif isinstance(rule, Group):
            found += _group(instance, rule, open_rows)
    found += _minima(instance)
    return tuple(found)


def budgets_cannot_hold(instance: Instance) -> bool:
    """Whether some hard budget is less than the most modest offers take: seen in one pass, before anything is solved."""
    if len(instance.offers) < instance.pick:
        return True
    for rule in instance.rules:
        if isinstance(rule, Budget) and rule.mode == "hard":
            least = np.minimum.reduceat(instance.numbers[rule.column], instance.starts)
            if _over(math.fsum(np.sort(least)[: instance.pick].tolist()), rule):
                return True
    return False


def _over(needed: float, rule: Budget) -> bool:
    return needed > rule.at_most + 1e-9 * max(1.0, abs(rule.at_most))


def _open_rows(instance: Instance) -> tuple[Ints, list[str]]:
    """Rows no hard ban, cooldown or lock by option closes, and the titles of the rules that close some."""
    shut = np.zeros(instance.size, dtype=np.bool_)
    titles = []
    for rule in instance.rules:
        if rule.mode != "hard":
            continue
        if isinstance(rule, Ban):
            shut[instance.rows_of(rule.offer_id)] = True
        elif isinstance(rule, Repeat):
            labels = instance.labels[rule.column]
            for name in rule.cooling():
                shut[labels.rows_of(name)] = True
        elif isinstance(rule, Lock) and rule.option_id:
            at = instance.row_at(rule.offer_id, rule.option_id)
            before = shut[at]
            shut[instance.rows_of(rule.offer_id)] = True
            shut[at] = before
        else:
            continue
        titles.append(repr(rule.title))
    return np.flatnonzero(~shut), titles


def _locks(instance: Instance, open_rows: Ints) -> list[str]:
    open_offers = {instance.offers[k] for k in np.unique(instance.offer_of[open_rows])}
    locks = [r for r in instance.rules if isinstance(r, Lock) and r.mode == "hard"]
    found = [
        f"{r.title!r} wants {r.offer_id!r}, which a ban or cooldown closes" for r in locks if r.offer_id not in open_offers
    ]
    locked = {r.offer_id for r in locks}
    together = [
        (r.title, sorted(locked.intersection(r.offer_ids))) for r in instance.rules if isinstance(r, Apart) and r.mode == "hard"
    ]
    found += [f"{title!r} keeps apart {', '.join(both)}, which are all locked in" for title, both in together if len(both) > 1]
    return found


def locked_beyond(instance: Instance, open_rows: Ints | None = None) -> list[tuple[tuple[Rule, ...], str]]:
    """Caps on a label that hard locks alone go beyond: the cap with as many locks as it takes, and the fact in words."""
    locks = {r.offer_id: r for r in instance.rules if isinstance(r, Lock) and r.mode == "hard"}
    caps = [r for r in instance.rules if isinstance(r, Group) and r.mode == "hard" and r.at_most is not None]
    if not locks or not caps:
        return []
    is_open = np.zeros(instance.size, dtype=np.bool_)
    is_open[_open_rows(instance)[0] if open_rows is None else open_rows] = True
    own = {offer: at[is_open[at]] for offer in sorted(locks) for at in [instance.row_at(offer, None)]}
    found = []
    for rule in caps:
        assert rule.at_most is not None
        labels = instance.labels[rule.column]
        # An offer whose options differ in their label may yet go elsewhere.
        held_by: dict[int, list[Lock]] = {}
        for offer, at in own.items():
            codes = set(labels.codes[at].tolist())
            if len(codes) == 1:
                held_by.setdefault(codes.pop(), []).append(locks[offer])
        for code, held in sorted(held_by.items()):
            label = labels.names[code] if code >= 0 else None
            if label is not None and rule.label in (None, label) and len(held) > rule.at_most:
                few = held[-(rule.at_most + 1) :]
                titles = ", ".join(repr(lock.title) for lock in few)
                found.append(((rule, *few), f"{rule.title!r} allows {rule.at_most} of {label!r}, locked in are {titles}"))
    return found


def _budget(instance: Instance, rule: Budget, open_rows: Ints) -> list[str]:
    offers = instance.offer_of[open_rows]
    least = np.full(len(instance.offers), np.inf)
    np.minimum.at(least, offers, instance.numbers[rule.column][open_rows])
    needed = math.fsum(np.sort(least)[: instance.pick].tolist())
    if math.isinf(needed) or not _over(needed, rule):
        return []
    takes = f"the {instance.pick} most modest offers take {needed:,.10g} of {rule.column}"
    return [f"{takes}, {rule.title!r} allows {rule.at_most:,.10g}"]


def _group(instance: Instance, rule: Group, open_rows: Ints) -> list[str]:
    labels = instance.labels[rule.column]
    names = labels.names if rule.label is None else (rule.label,)
    there = _offers_with(instance, labels, open_rows)
    found = [
        f"{rule.title!r} wants {rule.at_least} of {name!r}, only {there.get(name, 0)} can be picked"
        for name in names
        if there.get(name, 0) < rule.at_least
    ]
    if rule.label is None and rule.at_most is not None:
        bare = len(np.unique(instance.offer_of[open_rows[labels.codes[open_rows] < 0]]))
        room = bare + sum(min(rule.at_most, there.get(n, 0)) for n in names)
        if room < instance.pick:
            found.append(f"{rule.title!r} leaves room for {room} picks, the lineup has {instance.pick} places")
    return found


def _offers_with(instance: Instance, labels: Labels, open_rows: Ints) -> dict[str, int]:
    """How many offers can be picked with each label."""
    codes = labels.codes[open_rows]
    pairs = np.unique(codes * len(instance.offers) + instance.offer_of[open_rows])
    counts = np.bincount(pairs[pairs >= 0] // len(instance.offers), minlength=len(labels.names))
    return dict(zip(labels.names, counts.tolist(), strict=True))


def _minima(instance: Instance) -> list[str]:
    """Minima over different labels of one column add up, because an option carries one label."""
    wanted: dict[str, dict[str, int]] = {}
    for rule in instance.rules:
        if isinstance(rule, Group) and rule.mode == "hard" and rule.at_least:
            names = instance.labels[rule.column].names if rule.label is None else (rule.label,)
            column = wanted.setdefault(rule.column, {})
            for name in names:
                column[name] = max(column.get(name, 0), rule.at_least)
    return [
        f"the minima for {column} add up to {sum(least.values())}, the lineup has {instance.pick} places"
        for column, least in sorted(wanted.items())
        if sum(least.values()) > instance.pick
    ]
