"""What the desk knows, without any widget: settings, the plan they give, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pandas as pd

from bosspick.errors import BosspickError
from bosspick.intake import Week
from bosspick.lineup import Ban, Lock
from bosspick.lineup.explain import diff
from bosspick.lineup.plan import LineupPlan, plan_lineup
from bosspick.lineup.rules import Rule
from bosspick.screening import Screening, screen

__all__ = ["DeskState", "Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a producer may turn at the desk."""

    store_score_min: float
    min_channels: int
    platform_pot_yuan: int
    locked: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()

    @classmethod
    def of_week(cls, week: Week) -> Settings:
        """The policy's own settings."""
        screening = week.policy.screening
        pot = sum(int(pot.amount) for pot in week.policy.pots if pot.payer == "platform")
        return cls(store_score_min=screening.store_score_min, min_channels=screening.min_channels, platform_pot_yuan=pot)


@dataclass(slots=True)
class DeskState:
    """The plans made so far.

    Attributes
    ----------
    week
        The week as the policy has it.
    settings
        The settings in force.
    plan, screening
        What they give; None until the first solve.
    error
        Why the last settings gave no plan; the plan before it stays.
    """

    week: Week
    settings: Settings
    plan: LineupPlan | None = None
    screening: Screening | None = None
    error: str = ""
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    _past: list[tuple[Settings, LineupPlan]] = field(default_factory=list)
    _future: list[tuple[Settings, LineupPlan]] = field(default_factory=list)
    _screened: dict[tuple[float, int], Screening] = field(default_factory=dict)

    @classmethod
    def of_week(cls, week: Week, *, screening: Screening | None = None, plan: LineupPlan | None = None) -> DeskState:
        """A desk that starts with the policy's settings and, if given, their plan."""
        settings = Settings.of_week(week)
        state = cls(week=week, settings=settings, plan=plan, screening=screening)
        if screening is not None:
            state._screened[settings.store_score_min, settings.min_channels] = screening
        return state

    def solve(self, settings: Settings) -> bool:
        """Plan with new settings; True when they give a plan.

        Without a plan the last one stays, and ``error`` says what is in the way.
        """
        try:
            screening, plan = self._planned(settings)
        except BosspickError as error:
            self.error = str(error)
            return False
        if self.plan is not None:
            self._past.append((self.settings, self.plan))
        self._future.clear()
        self._show(settings, plan)
        self.screening = screening
        return True

    def undo(self) -> bool:
        """Back to the plan before; True when there is one."""
        return self._step(self._past, self._future)

    def redo(self) -> bool:
        """Forward to the plan undone last; True when there is one."""
        return self._step(self._future, self._past)

    def _step(self, source: list[tuple[Settings, LineupPlan]], other: list[tuple[Settings, LineupPlan]]) -> bool:
        if not source or self.plan is None:
            return False
        other.append((self.settings, self.plan))
        self._show(*source.pop())
        return True

    def _show(self, settings: Settings, plan: LineupPlan) -> None:
        if self.plan is not None:
            self.changes = diff(self.plan.chosen, plan.chosen)
        self.settings, self.plan, self.error = settings, plan, ""

    def _planned(self, settings: Settings) -> tuple[Screening, LineupPlan]:
        week = self._week(settings)
        key = (settings.store_score_min, settings.min_channels)
        if key not in self._screened:
            self._screened[key] = screen(week)
        screening = self._screened[key]
        locks = [
            Lock(offer_id=offer, id=f"desk:lock:{offer}", title=f"Locked at the desk: {offer}") for offer in settings.locked
        ]
        bans = [Ban(offer_id=offer, id=f"desk:ban:{offer}", title=f"Banned at the desk: {offer}") for offer in settings.banned]
        rules: list[Rule] = [*locks, *bans]
        return screening, plan_lineup(week, screening, extra_rules=rules, explain=False)

    def _week(self, settings: Settings) -> Week:
        policy = self.week.policy
        screening = policy.screening.model_copy(
            update={"store_score_min": settings.store_score_min, "min_channels": settings.min_channels}
        )
        before = sum(pot.amount for pot in policy.pots if pot.payer == "platform") or Decimal(1)
        factor = Decimal(settings.platform_pot_yuan) / before
        pots = tuple(
            pot.model_copy(update={"amount": (pot.amount * factor).quantize(Decimal("0.01"))})
            if pot.payer == "platform"
            else pot
            for pot in policy.pots
        )
        return replace(self.week, policy=policy.model_copy(update={"screening": screening, "pots": pots}))
