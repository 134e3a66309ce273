"""Rules that name offers and caps on labels, taken as logic: what follows from them, and the few that contradict each other.

Unit propagation keeps for every conclusion the rules it rests on, as the implication graphs of SAT solvers do (Marques-Silva &
Sakallah 1999, *GRASP*); a contradiction then names its suspects, and those that are not needed are dropped one by one, each
time settled exactly by branching on what is still open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bosspick.lineup.instance import Instance
from bosspick.lineup.rules import Apart, Ban, Group, IfThen, Lock, Repeat, Rule, Together

__all__ = ["contradiction"]

#: Branches after which a question counts as not settled.
_MOST_BRANCHES = 200

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Reasons = frozenset[str]
#: An offer, whether it is in, and the rules this rests on.
Conclusion = tuple[str, bool, Reasons]


class ContradictionError(Exception):
    """The rules that say both."""

    def __init__(self, reasons: Reasons) -> None:
        super().__init__()
        self.reasons = reasons


class UnsettledError(Exception):
    """Too many branches."""


@dataclass(slots=True)
class Known:
    """Which offers are in and which are out, with the rules each rests on."""

    is_in: dict[str, bool] = field(default_factory=dict)
    why: dict[str, Reasons] = field(default_factory=dict)

    def conclude(self, offer: str, value: bool, reasons: Reasons) -> bool:
        """Add a conclusion; whether it is new."""
        if offer not in self.is_in:
            self.is_in[offer], self.why[offer] = value, reasons
            return True
        if self.is_in[offer] is not value:
            raise ContradictionError(reasons | self.why[offer])
        return False

    def some(self, offers: Sequence[str], value: bool) -> list[str]:
        """Those of the offers that are known to be so."""
        return [offer for offer in offers if self.is_in.get(offer) is value]


def contradiction(instance: Instance) -> tuple[Rule, ...] | None:
    """Hard rules that cannot hold together, of which none can be left out; None where logic alone finds none."""
    named = [r for r in instance.rules if r.mode == "hard" and (isinstance(r, _ABOUT_OFFERS) or _is_cap(r))]
    # Without a lock every offer named may stay out.
    if not any(isinstance(r, Lock) for r in named):
        return None
    logic = _Logic(instance, named)
    try:
        logic.follow(named)
    except ContradictionError as found:
        core = [r for r in named if r.id in found.reasons]
    else:
        return None
    try:
        for rule in list(core):
            fewer = [r for r in core if r is not rule]
            if not logic.can_hold(fewer):
                core = fewer
    except UnsettledError:
        return None
    return tuple(core)


_ABOUT_OFFERS = (Lock, Ban, Apart, Together, IfThen, Repeat)


def _is_cap(rule: Rule) -> bool:
    return isinstance(rule, Group) and rule.at_most is not None and not rule.at_least


class _Logic:
    """What the rules of one instance say of the offers they name."""

    def __init__(self, instance: Instance, rules: Sequence[Rule]) -> None:
        self.instance = instance
        self.offers = sorted({offer for r in rules for offer in r.offers_named()})
        self.cooling = {r.id: self._cooling(r) for r in rules if isinstance(r, Repeat)}
        self.under = {r.id: self._under(r) for r in rules if isinstance(r, Group)}
        self.branches = 0

    def _cooling(self, rule: Repeat) -> Mask:
        """Which rows the cooldown closes."""
        labels, cooling = self.instance.labels[rule.column], rule.cooling()
        return np.isin(labels.codes, [code for code, name in enumerate(labels.names) if name in cooling])

    def _under(self, cap: Group) -> list[list[str]]:
        """Named offers by the one label they can have, for the labels the cap is about."""
        labels = self.instance.labels[cap.column]
        found: dict[int, list[str]] = {}
        for offer in self.offers:
            codes = set(labels.codes[self.instance.rows_of(offer)].tolist())
            if len(codes) == 1 and min(codes) >= 0:
                found.setdefault(codes.pop(), []).append(offer)
        return [offers for code, offers in sorted(found.items()) if cap.label in (None, labels.names[code])]

    def follow(self, rules: Sequence[Rule], known: Known | None = None) -> Known:
        """Everything that follows at once.

        Raises
        ------
        ContradictionError
            With the rules it rests on.
        """
        known = Known() if known is None else Known(dict(known.is_in), dict(known.why))
        news = True
        while news:
            news = False
            for rule in rules:
                for conclusion in self._says(rule, known, rules):
                    news |= known.conclude(*conclusion)
        ins = [offer for offer, value in known.is_in.items() if value]
        if len(ins) > self.instance.pick:
            raise ContradictionError(frozenset().union(*(known.why[offer] for offer in ins[: self.instance.pick + 1])))
        return known

    def _says(self, rule: Rule, known: Known, rules: Sequence[Rule]) -> Iterator[Conclusion]:
        own: Reasons = frozenset([rule.id])
        if isinstance(rule, Lock):
            yield rule.offer_id, True, own
        elif isinstance(rule, Ban):
            yield rule.offer_id, False, own
        elif isinstance(rule, Repeat):
            yield from self._closed(rule, own, rules)
        elif isinstance(rule, Apart):
            for one in known.some(rule.offer_ids, True)[:1]:
                for other in rule.offer_ids:
                    if other != one:
                        yield other, False, own | known.why[one]
        elif isinstance(rule, Together):
            for value in (True, False):
                for one in known.some(rule.offer_ids, value)[:1]:
                    for other in rule.offer_ids:
                        yield other, value, own | known.why[one]
        elif isinstance(rule, IfThen):
            yield from _if_then(rule, known, own)
        elif isinstance(rule, Group):
            for offers in self.under[rule.id]:
                yield from _capped(rule, offers, known, own)

    def _closed(self, rule: Repeat, own: Reasons, rules: Sequence[Rule]) -> Iterator[Conclusion]:
        """Named offers all of whose options are cooling, or whose locked option is."""
        closed = self.cooling[rule.id]
        at_option = {r.offer_id: r for r in rules if isinstance(r, Lock) and r.option_id}
        for offer in self.offers:
            lock = at_option.get(offer)
            if closed[self.instance.rows_of(offer)].all():
                yield offer, False, own
            elif lock and closed[self.instance.row_at(offer, lock.option_id)].all():
                yield offer, False, own | {lock.id}

    def can_hold(self, rules: Sequence[Rule], known: Known | None = None) -> bool:
        """Whether some lineup keeps these rules.

        Raises
        ------
        UnsettledError
            After too many branches.
        """
        try:
            known = self.follow(rules, known)
        except ContradictionError:
            return False
        self.branches += 1
        if self.branches > _MOST_BRANCHES:
            raise UnsettledError
        named = {offer for r in rules for offer in r.offers_named()}
        still_open = sorted(named - known.is_in.keys())
        if not still_open:
            return self._has_places(rules, known.is_in)
        for value in (False, True):
            assumed = Known({**known.is_in, still_open[0]: value}, {**known.why, still_open[0]: frozenset()})
            if self.can_hold(rules, assumed):
                return True
        return False

    def _has_places(self, rules: Sequence[Rule], is_in: Mapping[str, bool]) -> bool:
        """Whether enough offers are left for the lineup's places."""
        is_open = np.ones(self.instance.size, dtype=np.bool_)
        for rule in rules:
            if isinstance(rule, Repeat):
                is_open &= ~self.cooling[rule.id]
        for offer, value in is_in.items():
            if not value:
                is_open[self.instance.rows_of(offer)] = False
        left = int(np.logical_or.reduceat(is_open, self.instance.starts).sum())
        if not sum(is_in.values()) <= self.instance.pick <= left:
            return False
        if any(isinstance(rule, Group) for rule in rules) and not self._fills(rules, is_in, is_open):
            raise UnsettledError
        return True

    def _fills(self, rules: Sequence[Rule], is_in: Mapping[str, bool], is_open: Mask) -> bool:
        """Whether places are filled by taking what fits, the offers that are in first."""
        at_option = {r.offer_id: r.option_id for r in rules if isinstance(r, Lock) and r.option_id}
        taken: Counter[tuple[str, int]] = Counter()
        ins = sorted(offer for offer, value in is_in.items() if value)
        rest = (offer for offer in self.instance.offers if offer not in is_in)
        picked = 0
        for offer in (*ins, *rest):
            fits = self._first_fit(rules, taken, self.instance.row_at(offer, at_option.get(offer)), is_open)
            picked += fits
            if picked == self.instance.pick:
                return True
            if not fits and offer in is_in:
                return False
        return False

    def _first_fit(self, rules: Sequence[Rule], taken: Counter[tuple[str, int]], rows: Iterable[int], is_open: Mask) -> bool:
        caps = [(r, self.instance.labels[r.column]) for r in rules if isinstance(r, Group)]
        for row in rows:
            under = [
                ((cap.id, int(labels.codes[row])), cap.at_most)
                for cap, labels in caps
                if labels.codes[row] >= 0 and cap.label in (None, labels.names[labels.codes[row]])
            ]
            if is_open[row] and all(most is None or taken[key] < most for key, most in under):
                taken.update(key for key, _ in under)
                return True
        return False


def _capped(rule: Group, offers: Sequence[str], known: Known, own: Reasons) -> Iterator[Conclusion]:
    """A label's cap: when it is reached, the other named offers under it stay out."""
    ins = known.some(offers, True)
    if rule.at_most is None or len(ins) < rule.at_most:
        return
    full = own.union(*(known.why[offer] for offer in ins[: rule.at_most]))
    for offer in offers:
        if offer not in ins[: rule.at_most]:
            yield offer, False, full


def _if_then(rule: IfThen, known: Known, own: Reasons) -> Iterator[Conclusion]:
    still_open = [offer for offer in rule.then_any if offer not in known.is_in]
    out = known.some(rule.then_any, False)
    if len(out) + len(still_open) < len(rule.then_any):
        return
    refused = own.union(*(known.why[offer] for offer in out))
    called = known.some(rule.if_any, True)[:1]
    if not still_open:
        # Nothing it asks for can come, so nothing may call for it.
        for offer in rule.if_any:
            yield offer, False, refused
    elif called and len(still_open) == 1:
        yield still_open[0], True, refused | known.why[called[0]]
