"""Where a week stands: what the next plan has to start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bosspick.ledger.store import Ledger, agreed_prices, failed_talks

if TYPE_CHECKING:
    import pandas as pd

    from bosspick.lineup.rules import Rule

__all__ = ["Standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was agreed, what failed, what is published, and what a producer locked or banned.

    Attributes
    ----------
    settled
        Agreed brand prices, fen by offer.
    failed
        Offers whose talk failed.
    published
        Offers of the last published lineup.
    choices
        ``lock`` or ``ban`` by offer.
    published_before
        Earlier sessions with a published lineup.
    """

    settled: Mapping[str, int] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    published_before: tuple[str, ...] = ()

    @classmethod
    def of_week(cls, ledger: Ledger, session_id: str) -> Standing:
        """Read a week's standing from the room's ledger."""
        talks = ledger.talks(session_id)
        return cls(
            settled=agreed_prices(talks), failed=failed_talks(talks), published=ledger.published(session_id),
            choices=ledger.choices(session_id), published_before=ledger.published_before(session_id),
        )  # fmt: skip

    def hours_spent(self, offers: pd.DataFrame, *, default: float = 1.0) -> dict[str, float]:
        """Hours each negotiator has used up on talks that have ended.

        Parameters
        ----------
        offers
            The week's offers: offer_id, negotiator, talk_hours.
        default
            Hours of a talk nobody has estimated.
        """
        ended = offers[offers["offer_id"].isin({*self.settled, *self.failed})]
        hours = ended["talk_hours"].astype("float64").fillna(default)
        return {str(name): float(spent) for name, spent in hours.groupby(ended["negotiator"]).sum().items()}

    def rules(self, offers: set[str]) -> list[Rule]:
        """The choices as lineup rules.

        Parameters
        ----------
        offers
            Offers with a price option. A ban of another offer holds by itself; a lock of one cannot be kept, which the
            optimiser says.
        """
        from bosspick.lineup.rules import Ban, Lock

        locked = sorted(offer for offer, choice in self.choices.items() if choice == "lock")
        banned = sorted(offer for offer, choice in self.choices.items() if choice == "ban" and offer in offers)
        locks: list[Rule] = [Lock(offer_id=o, id=f"chosen:{o}", title=f"Locked by the producer: {o}") for o in locked]
        return [*locks, *(Ban(offer_id=o, id=f"left out:{o}", title=f"Banned by the producer: {o}") for o in banned)]
