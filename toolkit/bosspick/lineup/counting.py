"""Facts that need no solver: what cannot be because there is simply not enough of something."""

from __future__ import annotations

import math

import numpy as np

from bosspick.lineup.instance import Instance
from bosspick.lineup.phrases import amount, counted
from bosspick.lineup.program import Ints
from bosspick.lineup.proofs import least_use, offers_with, open_rows, over, room
from bosspick.lineup.rules import Apart, Budget, Group, Lock


def findings(instance: Instance) -> tuple[str, ...]:
    """Every counting argument that proves there is no lineup; empty when counting proves nothing.

    Only hard rules are counted. Each text names the rule and both numbers.
    """
    size = len(instance.offers)
    if size < instance.pick:
        return (f"only {counted(size, 'offer')} can be picked, the lineup has {instance.pick} places",)
    rows, closed = open_rows(instance)
    found = []
    left = len(np.unique(instance.offer_of[rows]))
    if left < instance.pick:
        under = f"under {', '.join(closed)} only {left} of {size} offers can be picked"
        found.append(f"{under}, the lineup has {instance.pick} places")
    found += _locks(instance, rows)
    for rule in instance.rules:
        if rule.mode != "hard":
            continue
        if isinstance(rule, Budget):
            found += _budget(instance, rule, rows)
        elif isinstance(rule, Group):
            found += _group(instance, rule, rows, left)
    found += _minima(instance)
    return tuple(found)


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


def _budget(instance: Instance, rule: Budget, open_rows: Ints) -> list[str]:
    least = least_use(instance.numbers[rule.column][open_rows], instance.offer_of[open_rows], len(instance.offers))
    needed = math.fsum(np.sort(least)[: instance.pick].tolist())
    if math.isinf(needed) or not over(needed, rule):
        return []
    takes = f"the {instance.pick} most modest offers take {amount(rule.column, needed)} of {rule.column}"
    return [f"{takes}, {rule.title!r} allows {amount(rule.column, rule.at_most)}"]


def _group(instance: Instance, rule: Group, open_rows: Ints, left: int) -> list[str]:
    labels = instance.labels[rule.column]
    names = labels.names if rule.label is None else (rule.label,)
    there = offers_with(instance, labels, open_rows)
    found = [
        f"{rule.title!r} wants {rule.at_least} of {name!r}, only {there.get(name, 0)} can be picked"
        for name in names
        if there.get(name, 0) < rule.at_least
    ]
    if rule.label is None and rule.at_most is not None:
        places = room(instance, rule, open_rows)
        # Where hardly any offer is left no cap is to blame.
        if places < min(instance.pick, left):
            found.append(f"{rule.title!r} leaves room for {counted(places, 'item')}, the lineup has {instance.pick} places")
    return found


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
