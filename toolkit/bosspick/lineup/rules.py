"""The producer's rules as frozen data: what a lineup must, should or may do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bosspick.lineup.rulebase import Mode, Rule, count, id_tuple, ids, number, reward_only, text

__all__ = [
    "Apart",
    "Ban",
    "Budget",
    "Change",
    "Cover",
    "Gini",
    "Group",
    "IfThen",
    "Lock",
    "Mode",
    "Repeat",
    "Rule",
    "Together",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Rule):
    """The sum of ``column`` over the picked options is at most ``at_most`` (violation: the amount over)."""

    kind: ClassVar[str] = "budget"
    unit: ClassVar[str] = "units of the column"

    column: str
    at_most: float

    def _settle(self) -> None:
        text(self, "column")
        if not math.isfinite(number(self, "at_most")):
            self.refuse(f"the limit {self.at_most!r} is not a finite number", "give the budget as a number")

    def _sentence(self) -> str:
        return f"{self.column} at most {self.at_most:,.10g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Rule):
    """Between ``at_least`` and ``at_most`` picks carry ``label`` in ``column``; every label when ``label`` is None."""

    kind: ClassVar[str] = "group"

    column: str
    label: str | None = None
    at_least: int = 0
    at_most: int | None = None

    def _settle(self) -> None:
        text(self, "column")
        low = count(self, "at_least")
        if self.at_most is None:
            if low == 0:
                self.refuse("neither at_least nor at_most is set", "set one of them or drop the rule")
            return
        if count(self, "at_most") < low:
            self.refuse(
                f"the bounds cross: at least {self.at_least}, at most {self.at_most}",
                "at_least must not exceed at_most",
            )

    def _sentence(self) -> str:
        what = f"{self.column} {self.label}" if self.label is not None else f"each {self.column}"
        bounds = []
        if self.at_least:
            bounds.append(f"at least {self.at_least}")
        if self.at_most is not None:
            bounds.append(f"at most {self.at_most}")
        return f"{what}: {', '.join(bounds)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gini(Rule):
    """Picks are spread over the labels of ``column``: their Gini coefficient is at most ``at_most``.

    ``G = Σ |n_a − n_b| / (k · Σ n)`` over all pairs of the ``k`` labels the options have, where ``n`` counts the picks of a
    label: 0 when every label has as many, near 1 when one has all (violation: the coefficient over; Gini 1912). Picks
    without a label count as no label's. Meant for a season; with far more labels than picks no lineup is even.
    """

    kind: ClassVar[str] = "gini"
    unit: ClassVar[str] = "of the coefficient"

    column: str
    at_most: float

    def _settle(self) -> None:
        text(self, "column")
        if not 0 <= number(self, "at_most") <= 1:
            self.refuse(f"the bound {self.at_most!r} is not between 0 and 1", "give the coefficient as a share")

    def _sentence(self) -> str:
        return f"spread over {self.column}: Gini at most {self.at_most:.10g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock(Rule):
    """The offer is picked, at this option when one is named (violation: 1 when it is not)."""

    kind: ClassVar[str] = "lock"

    offer_id: str
    option_id: str | None = None

    def _settle(self) -> None:
        text(self, "offer_id")
        if self.option_id is not None:
            text(self, "option_id")

    def _sentence(self) -> str:
        return f"{self.offer_id} is in" + (f" at option {self.option_id}" if self.option_id else "")

    def offers_named(self) -> tuple[str, ...]:
        """The locked offer."""
        return (self.offer_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban(Rule):
    """The offer is not picked (violation: 1 when it is)."""

    kind: ClassVar[str] = "ban"

    offer_id: str

    def _settle(self) -> None:
        text(self, "offer_id")

    def _sentence(self) -> str:
        return f"{self.offer_id} is out"

    def offers_named(self) -> tuple[str, ...]:
        """The banned offer."""
        return (self.offer_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart(Rule):
    """At most one of the offers is picked (violation: picks beyond one)."""

    kind: ClassVar[str] = "apart"

    offer_ids: Sequence[str]

    def _settle(self) -> None:
        ids(self, "offer_ids", at_least=2)

    def _sentence(self) -> str:
        return f"at most one of {', '.join(self.offer_ids)}"

    def offers_named(self) -> tuple[str, ...]:
        """The offers kept apart."""
        return tuple(self.offer_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(Rule):
    """All of the offers are picked or none (violation: the missing ones once any is picked)."""

    kind: ClassVar[str] = "together"

    offer_ids: Sequence[str]

    def _settle(self) -> None:
        ids(self, "offer_ids", at_least=2)

    def _sentence(self) -> str:
        return f"all or none of {', '.join(self.offer_ids)}"

    def offers_named(self) -> tuple[str, ...]:
        """The offers that come together."""
        return tuple(self.offer_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class IfThen(Rule):
    """If any of ``if_any`` is picked, at least one of ``then_any`` is too (violation: 1)."""

    kind: ClassVar[str] = "if-then"

    if_any: Sequence[str]
    then_any: Sequence[str]

    def _settle(self) -> None:
        ids(self, "if_any", at_least=1)
        ids(self, "then_any", at_least=1)

    def _sentence(self) -> str:
        return f"any of {', '.join(self.if_any)} needs one of {', '.join(self.then_any)}"

    def offers_named(self) -> tuple[str, ...]:
        """Both sides of the condition."""
        return tuple(sorted({*self.if_any, *self.then_any}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Rule):
    """Labels of ``column`` aired fewer than ``at_least`` shows ago are not picked (violation: such picks).

    ``recent`` maps a label to how many shows ago it aired last: 1 is the show before this one.
    """

    kind: ClassVar[str] = "repeat"

    column: str
    recent: Mapping[str, int]
    at_least: int

    def _settle(self) -> None:
        text(self, "column")
        count(self, "at_least")
        shows: dict[str, int] = {}
        for label, ago in sorted(dict(self.recent).items()):
            if not isinstance(label, str) or isinstance(ago, bool) or int(ago) != ago or ago < 0:
                self.refuse(f"recent[{label!r}] = {ago!r} is not a number of shows", "map labels to whole shows ago")
            shows[label] = int(ago)
        object.__setattr__(self, "recent", shows)

    def cooling(self) -> frozenset[str]:
        """Labels that aired too recently."""
        return frozenset(label for label, ago in self.recent.items() if ago < self.at_least)

    def _sentence(self) -> str:
        return f"{self.column}: {self.at_least} shows between airings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Rule):
    """A topic's weight (yuan) counts once if any of its offers is picked: a reward, never a limit.

    ``topics`` maps a topic to ``(weight, offer ids)``.
    """

    kind: ClassVar[str] = "cover"
    unit: ClassVar[str] = "topics"

    topics: Mapping[str, tuple[float, tuple[str, ...] | list[str]]]

    def _settle(self) -> None:
        reward_only(self)
        settled: dict[str, tuple[float, tuple[str, ...]]] = {}
        for topic, entry in sorted(dict(self.topics).items()):
            try:
                weight, offers = float(entry[0]), id_tuple(entry[1])
            except (TypeError, ValueError, IndexError):
                weight, offers = math.nan, ()
            if not (math.isfinite(weight) and weight >= 0) or not offers:
                self.refuse(
                    f"topic {topic!r} is {entry!r}",
                    "give (weight in yuan ≥ 0, [offer ids]) with at least one offer",
                )
            settled[str(topic)] = (weight, offers)
        object.__setattr__(self, "topics", settled)

    def _sentence(self) -> str:
        return f"wishes: {', '.join(self.topics)}"

    def offers_named(self) -> tuple[str, ...]:
        """Every offer of every topic."""
        return tuple(sorted({o for _, offers in self.topics.values() for o in offers}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Rule):
    """Each published offer that is left out costs ``tax`` yuan, also one that has no options any more."""

    kind: ClassVar[str] = "change"

    published: Sequence[str]
    tax: float

    def _settle(self) -> None:
        reward_only(self)
        ids(self, "published", at_least=0)
        tax = number(self, "tax")
        if not (math.isfinite(tax) and tax >= 0):
            self.refuse(f"tax {self.tax!r} is not a finite amount ≥ 0", "give yuan per published offer left out")

    def _sentence(self) -> str:
        return f"published offers stay unless a change brings {self.tax:,.10g}"
