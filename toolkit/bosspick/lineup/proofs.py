"""Small conflicts seen without a solver, each with exactly the rules it takes: none of them can be left out.

Three kinds: more hard locks under one label than its cap allows; locked offers that with the most modest others take more than
a budget; and rules that name offers (locks, bans, apart, together, if-then, cooldowns) and contradict each other, found by
unit propagation with the rules each conclusion rests on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bosspick.lineup.instance import Instance, Labels
from bosspick.lineup.naming import contradiction
from bosspick.lineup.phrases import amount
from bosspick.lineup.program import Floats, Ints
from bosspick.lineup.rules import Ban, Budget, Group, Lock, Repeat, Rule

__all__ = ["Proof", "least_use", "offers_with", "open_rows", "over", "proofs", "room"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Rules that cannot hold together while all but any one of them can, and why in words."""

    rules: tuple[Rule, ...]
    text: str


def proofs(instance: Instance) -> list[Proof]:
    """Every small conflict that can be seen at once, the one of fewest rules first."""
    if len(instance.offers) < instance.pick:
        return []
    locks = {r.offer_id: r for r in instance.rules if isinstance(r, Lock) and r.mode == "hard"}
    if len(locks) > instance.pick:
        return []
    found = [*_budgets(instance, locks), *_caps(instance, locks)]
    rules = None if found else contradiction(instance)
    if rules:
        *few, last = (repr(rule.title) for rule in rules)
        found.append(Proof(rules=rules, text=f"{', '.join(few)} and {last} cannot hold together"))
    return sorted(found, key=lambda proof: len(proof.rules))


def over(needed: float, rule: Budget) -> bool:
    """Whether a sum goes beyond a budget, the rounding of sums left aside."""
    return needed > rule.at_most + 1e-9 * max(1.0, abs(rule.at_most))


def least_use(numbers: Floats, offer_of: Ints, offers: int) -> Floats:
    """The least each offer can take of a column; infinite for offers without a row."""
    least = np.full(offers, np.inf)
    np.minimum.at(least, offer_of, numbers)
    return least


def open_rows(instance: Instance) -> tuple[Ints, list[str]]:
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


def offers_with(instance: Instance, labels: Labels, rows: Ints) -> dict[str, int]:
    """How many offers have one of these rows under each label."""
    codes = labels.codes[rows]
    pairs = np.unique(codes * len(instance.offers) + instance.offer_of[rows])
    counts = np.bincount(pairs[pairs >= 0] // len(instance.offers), minlength=len(labels.names))
    return dict(zip(labels.names, counts.tolist(), strict=True))


def room(instance: Instance, rule: Group, rows: Ints) -> int:
    """How many picks a cap on every label leaves room for."""
    labels = instance.labels[rule.column]
    assert rule.at_most is not None
    bare = len(np.unique(instance.offer_of[rows[labels.codes[rows] < 0]]))
    return bare + sum(min(rule.at_most, there) for there in offers_with(instance, labels, rows).values())


def _budgets(instance: Instance, locks: dict[str, Lock]) -> Iterator[Proof]:
    """Budgets that fewer do not fit in: the most modest offers, or the locked ones with the most modest others."""
    for rule in instance.rules:
        if isinstance(rule, Budget) and rule.mode == "hard":
            least = np.minimum.reduceat(instance.numbers[rule.column], instance.starts)
            held = sorted(locks)
            if over(_needed(instance, rule, least, locks, held), rule):
                for offer in list(held):
                    fewer = [other for other in held if other != offer]
                    if over(_needed(instance, rule, least, locks, fewer), rule):
                        held = fewer
                needed = f"{amount(rule.column, _needed(instance, rule, least, locks, held))} of {rule.column}"
                rest = f"the {instance.pick - len(held)} most modest offers"
                who = ", ".join([*(repr(locks[offer].title) for offer in held), rest if len(held) < instance.pick else ""])
                text = f"{who.removesuffix(', ')} take {needed}, {rule.title!r} allows {amount(rule.column, rule.at_most)}"
                yield Proof(rules=(rule, *(locks[offer] for offer in held)), text=text)


def _needed(instance: Instance, rule: Budget, least: Floats, locks: dict[str, Lock], held: Sequence[str]) -> float:
    """The least a lineup with these offers takes of a budget."""
    numbers, free = instance.numbers[rule.column], least.copy()
    own = []
    for offer in held:
        place = instance.place_of(offer)
        assert place is not None
        own.append(float(numbers[instance.row_at(offer, locks[offer].option_id)].min()))
        free[place] = np.inf
    return math.fsum([*own, *np.sort(free)[: instance.pick - len(held)].tolist()])


def _caps(instance: Instance, locks: dict[str, Lock]) -> Iterator[Proof]:
    """Caps on a label that hard locks alone go beyond: the cap with as many locks as it takes."""
    # Where a rule also wants some of every label, fewer locks may do.
    caps = [r for r in instance.rules if isinstance(r, Group) and r.mode == "hard" and not r.at_least and r.at_most is not None]
    own = {offer: instance.row_at(offer, locks[offer].option_id) for offer in sorted(locks)}
    for rule in caps:
        assert rule.at_most is not None
        labels = instance.labels[rule.column]
        held_by = _by_label(labels, own, locks)
        beyond = [code for code, held in sorted(held_by.items()) if code >= 0 and len(held) > rule.at_most]
        if not beyond or (rule.label is None and room(instance, rule, np.arange(instance.size)) < instance.pick):
            continue
        for code in beyond:
            label = labels.names[code]
            if rule.label in (None, label):
                few = held_by[code][-(rule.at_most + 1) :]
                titles = ", ".join(repr(lock.title) for lock in few)
                text = f"{rule.title!r} allows {rule.at_most} of {label!r}, locked in are {titles}"
                yield Proof(rules=(rule, *few), text=text)


def _by_label(labels: Labels, own: Mapping[str, Ints], locks: Mapping[str, Lock]) -> dict[int, list[Lock]]:
    """Locks by the one label their offer can have; one whose options differ in it may yet go elsewhere."""
    found: dict[int, list[Lock]] = {}
    for offer, at in own.items():
        codes = set(labels.codes[at].tolist())
        if len(codes) == 1:
            found.setdefault(codes.pop(), []).append(locks[offer])
    return found
