"""What a producer may turn at the desk, and the rules and the policy it amounts to."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from bosspick.briefing.language import marked
from bosspick.errors import InputError
from bosspick.intake import Week
from bosspick.lineup import Ban, Lock, Mend, Rule
from bosspick.lineup.pots import pots_in_force

__all__ = ["Settings"]

_LOCK, _BAN = "desk:lock:", "desk:ban:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a producer may turn at the desk.

    Attributes
    ----------
    store_score_min, min_channels
        Thresholds of the screen.
    platform_pot_yuan
        The platform's subsidy pots together.
    locked, banned
        Offer ids, sorted; the order in which they were named never matters.
    loosened
        Rules that give way at the desk, sorted, as a producer reads them: ``category +1``, the rule's id and by how much.

    Examples
    --------
    >>> from bosspick.desk import Settings
    >>> settings = Settings(store_score_min=4.5, min_channels=4, platform_pot_yuan=1000, banned=("O2",))
    >>> settings.toggled_lock("O2").locked, settings.toggled_lock("O2").banned
    (('O2',), ())
    """

    store_score_min: float
    min_channels: int
    platform_pot_yuan: int
    locked: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    loosened: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "loosened", tuple(sorted(set(self.loosened))))
        object.__setattr__(self, "locked", tuple(sorted(set(self.locked))))
        object.__setattr__(self, "banned", tuple(sorted(set(self.banned))))

    @classmethod
    def of_week(cls, week: Week) -> Settings:
        """The policy's own settings."""
        screening = week.policy.screening
        pot = sum(int(pot.amount) for pot in pots_in_force(week) if pot.payer == "platform")
        return cls(store_score_min=screening.store_score_min, min_channels=screening.min_channels, platform_pot_yuan=pot)

    def toggled_lock(self, offer_id: str) -> Settings:
        """Locked in where it was not, else free; a ban on it goes."""
        banned = tuple(offer for offer in self.banned if offer != offer_id)
        return replace(self, locked=_toggled(self.locked, offer_id), banned=banned)

    def toggled_ban(self, offer_id: str) -> Settings:
        """Banned where it was not, else free; a lock on it goes."""
        locked = tuple(offer for offer in self.locked if offer != offer_id)
        return replace(self, banned=_toggled(self.banned, offer_id), locked=locked)

    def swapped(self, comes: str, goes: str) -> Settings:
        """One offer locked in, and another left out for it."""
        locked = (*(offer for offer in self.locked if offer != goes), comes)
        banned = (*(offer for offer in self.banned if offer != comes), goes)
        return replace(self, locked=locked, banned=banned)

    @property
    def loosened_by(self) -> dict[str, float]:
        """The loosened rules' ids, and by how much each gives way.

        Raises
        ------
        InputError
            One does not read ``id +number``.
        """
        return dict(_read(text) for text in self.loosened)

    def mended(self, mend: Mend) -> Settings:
        """Locks released, bans lifted and rules loosened as a repair of a conflict suggests."""
        freed = {rule_id for rule_id, _ in mend.by}
        by = self.loosened_by
        for rule_id, amount in mend.by:
            if not rule_id.startswith((_LOCK, _BAN)):
                by[rule_id] = by.get(rule_id, 0.0) + amount
        return replace(
            self,
            locked=tuple(offer for offer in self.locked if lock_id(offer) not in freed),
            banned=tuple(offer for offer in self.banned if ban_id(offer) not in freed),
            # Never a trace less than what was asked for.
            loosened=tuple(f"{rule_id} +{math.ceil(amount * 1e6) / 1e6:.15g}" for rule_id, amount in by.items()),
        )

    def rules(self, may_air: Collection[str]) -> list[Rule]:
        """Locks and bans as rules; a ban on what may not air anyway is none."""
        locks = [Lock(offer_id=offer, id=lock_id(offer), title=f"Locked at the desk: {offer}") for offer in self.locked]
        bans = [Ban(offer_id=o, id=ban_id(o), title=f"Banned at the desk: {o}") for o in self.banned if o in may_air]
        return [*locks, *bans]

    def applied_to(self, week: Week) -> Week:
        """The week under a policy with these thresholds and this pot."""
        policy = week.policy
        screening = policy.screening.model_copy(
            update={"store_score_min": self.store_score_min, "min_channels": self.min_channels}
        )
        before = sum(pot.amount for pot in pots_in_force(week) if pot.payer == "platform") or Decimal(1)
        factor = Decimal(self.platform_pot_yuan) / before
        pots = tuple(
            pot.model_copy(update={"amount": (pot.amount * factor).quantize(Decimal("0.01"))})
            if pot.payer == "platform"
            else pot
            for pot in policy.pots
        )
        return replace(week, policy=policy.model_copy(update={"screening": screening, "pots": pots}))


def lock_id(offer_id: str) -> str:
    """The id of the rule that a lock at the desk becomes."""
    return f"{_LOCK}{offer_id}"


def ban_id(offer_id: str) -> str:
    """The id of the rule that a ban at the desk becomes."""
    return f"{_BAN}{offer_id}"


def _read(text: str) -> tuple[str, float]:
    rule_id, _, amount = text.rpartition(" +")
    try:
        by = float(amount)
    except ValueError:
        by = math.nan
    if not rule_id or not math.isfinite(by) or by <= 0:
        hint = marked("write the rule's id and by how much it gives way, such as category +1")
        raise InputError(f"{text!r} loosens no rule", where=marked("loosened rules"), hint=hint)
    return rule_id, by


def _toggled(offers: tuple[str, ...], offer_id: str) -> tuple[str, ...]:
    return tuple(offer for offer in offers if offer != offer_id) if offer_id in offers else (*offers, offer_id)
