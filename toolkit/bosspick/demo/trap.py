"""What a trap is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Expected", "Seen", "Trap"]


class Expected(NamedTuple):
    """What the screen must say of a trap."""

    rule: str
    verdict: str
    reason_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A price seen for a trap; ``channel`` indexes the channels, -1 is the offer's own shop."""

    channel: int
    price: str
    hours_before: int = 24
    differs: Mapping[str, str | None] = field(default_factory=dict)
    promotion: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """One trap.

    ``number`` is its place in the list, from 1. ``differs`` overrides cells of the offer, ``web`` replaces the prices
    seen, ``also`` adds to them. ``brand`` and ``store`` override cells of a brand and store made for this trap alone,
    ``authorised`` says how the two are linked: yes, no, expired, or another (the brand authorised another store).
    """

    name: str
    what: str
    expected: Expected
    number: int = 0
    differs: Mapping[str, str | None] = field(default_factory=dict)
    web: tuple[Seen, ...] | None = None
    also: tuple[Seen, ...] = ()
    brand: Mapping[str, str | None] = field(default_factory=dict)
    store: Mapping[str, str | None] = field(default_factory=dict)
    authorised: str = "yes"

    def offer_id(self, label: str) -> str:
        """The offer's id in the week with this label, such as ``W48-T01``."""
        return f"{label}-T{self.number:02d}"
