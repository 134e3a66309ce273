"""What all lineup rules share: five words, their checks, and an id derived from the content.

Every rule carries the same five words: ``id`` (derived from its content when empty), ``title`` (what a producer
calls it), ``why``, ``mode`` (``hard`` binds, ``soft`` costs ``penalty`` per unit of violation, ``off`` is ignored) and
``penalty`` (value units per unit of violation). Malformed rules raise :class:`~bosspick.errors.RuleError` when built,
before any table is looked at.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import ClassVar, Literal, NoReturn

from bosspick.errors import RuleError

Mode = Literal["hard", "soft", "off"]

_NOT_CONTENT = ("id", "title", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What all rules share.

    Parameters
    ----------
    id
        Names the rule in reports; derived from the rule's content when empty, so equal rules have equal ids.
    title
        What a producer calls the rule; a plain sentence is made when empty.
    why
        The reason, printed beside the rule.
    mode
        ``hard``, ``soft`` or ``off``.
    penalty
        Yuan of value lost per unit of violation; only for soft rules, where it is positive and finite.

    Raises
    ------
    RuleError
        When a field is out of range.
    """

    kind: ClassVar[str] = "rule"
    unit: ClassVar[str] = "picks"

    id: str = ""
    title: str = ""
    why: str = ""
    mode: Mode = "hard"
    penalty: float = 0.0

    def __post_init__(self) -> None:
        self._settle()
        if self.mode not in ("hard", "soft", "off"):
            self.refuse(f"mode {self.mode!r} is unknown", "use 'hard', 'soft' or 'off'")
        penalty = number(self, "penalty")
        if self.mode == "soft" and not (math.isfinite(penalty) and penalty > 0):
            self.refuse(
                f"a soft rule needs a positive, finite penalty, got {self.penalty!r}",
                "say how many yuan of value one unit of violation may cost",
            )
        if not self.title:
            object.__setattr__(self, "title", self._sentence())
        if not self.id:
            object.__setattr__(self, "id", self._derived_id())

    def _settle(self) -> None:
        """Bring this rule's own fields into canonical form and check them."""

    def _sentence(self) -> str:
        return self.kind

    def content(self) -> str:
        """What the rule says, without its names, as canonical JSON."""
        said = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _NOT_CONTENT}
        return json.dumps([self.kind, said], sort_keys=True)

    def _derived_id(self) -> str:
        return f"{self.kind}-{hashlib.sha256(self.content().encode()).hexdigest()[:10]}"

    def refuse(self, message: str, hint: str) -> NoReturn:
        """Raise a :class:`RuleError` that names this rule."""
        raise RuleError(message, where=f"rule {self.title or self.id or self.kind!r}", hint=hint)

    def offers_named(self) -> tuple[str, ...]:
        """Offer ids this rule names; every one of them must have options."""
        return ()


def reward_only(rule: Rule) -> None:
    """Refuse the soft mode of a rule that is a price already."""
    if rule.mode == "soft":
        rule.refuse(f"a {rule.kind} rule is priced already", "use mode 'hard' (counts) or 'off'")


def number(rule: Rule, name: str) -> float:
    """Store a field as a float, or refuse it."""
    value = getattr(rule, name)
    try:
        settled = math.nan if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError):
        settled = math.nan
    if math.isnan(settled):
        rule.refuse(f"{name} {value!r} is not a number", "give a number")
    object.__setattr__(rule, name, settled)
    return settled


def count(rule: Rule, name: str) -> int:
    """Store a field as a whole number ≥ 0, or refuse it."""
    value = number(rule, name)
    if value < 0 or not math.isfinite(value) or value != int(value):
        rule.refuse(f"{name} {value!r} is not a whole number ≥ 0", "give a count")
    object.__setattr__(rule, name, int(value))
    return int(value)


def text(rule: Rule, name: str) -> None:
    """Refuse an empty text."""
    value = getattr(rule, name)
    if not isinstance(value, str) or not value:
        rule.refuse(f"{name} {value!r} is not a non-empty text", f"give {name} as text")


def id_tuple(value: Iterable[str]) -> tuple[str, ...]:
    """Ids sorted, each once."""
    if isinstance(value, str):
        raise TypeError("a list of ids, not one text")
    return tuple(sorted({str(v) for v in value}))


def ids(rule: Rule, name: str, *, at_least: int) -> None:
    """Store a field as sorted ids, at least so many, or refuse it."""
    value = getattr(rule, name)
    try:
        settled = id_tuple(value)
    except TypeError:
        settled = None
    if settled is None or len(settled) < at_least:
        rule.refuse(f"{name} {value!r} needs at least {at_least} different offer ids", "give a list of offer ids")
    object.__setattr__(rule, name, settled)
