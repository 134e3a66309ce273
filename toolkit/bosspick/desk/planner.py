"""Settings in, a plan out: from a week, whose screening and price options are kept, or from options given directly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import pandas as pd

from bosspick.briefing.language import Language, marked
from bosspick.demand import Demand, estimate_demand, price_options
from bosspick.desk.apart import run_apart
from bosspick.desk.conflict_words import reason_words
from bosspick.desk.settings import Settings
from bosspick.errors import BosspickError, NoPlanError, RuleError
from bosspick.intake import Week
from bosspick.ledger import Standing
from bosspick.lineup import Budget, Conflict, Mend, Progress, Rule, bench, mended, optimise
from bosspick.lineup.instance import OptionTable
from bosspick.lineup.plan import LineupPlan, fail_probability, plan_lineup
from bosspick.rundown import orderable_plan, plan_rundown
from bosspick.screening import Screening, screen

__all__ = ["GivenPlanner", "Planned", "Planner", "Stop", "Told", "WeekPlanner", "told_of"]

Told = Callable[[Progress], None]
Stop = Callable[[], bool]

#: A producer at the desk sees how far a solve has come and may end it at any time.
_TIME_LIMIT_S = 600.0
#: More options than this make a bench of seconds, in which Python would leave the kernel and the next solve little room.
_MANY_OPTIONS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Planned:
    """A plan and the settings it rests on; ``screening`` is None where options were given directly."""

    settings: Settings
    plan: LineupPlan
    screening: Screening | None = None


class Planner(Protocol):
    """What the desk asks of whoever plans for it; it is called from threads, one question of a kind at a time."""

    @property
    def start(self) -> Settings:
        """The settings to begin with."""

    @property
    def screens(self) -> bool:
        """Whether thresholds of the screen mean anything here."""

    @property
    def titles(self) -> Mapping[str, str]:
        """Title of every offer, by id."""

    @property
    def brands(self) -> Mapping[str, str]:
        """Name of every brand, by id."""

    def plan(self, settings: Settings, *, told: Told | None = None, stop: Stop | None = None) -> Planned:
        """The best plan under the settings; see :func:`bosspick.lineup.optimise` for told and stop."""

    def bench(self, planned: Planned, *, stop: Stop) -> pd.DataFrame | None:
        """The bench of a plan; see :func:`bosspick.lineup.bench`. None when it was asked to stop."""

    def order(self, planned: Planned) -> dict[str, str] | None:
        """The clock of each item's slot, in the order of the show; None where there is no show to order."""


@dataclass(slots=True, kw_only=True)
class WeekPlanner:
    """Plans a week; each screening and its price options are made once.

    Options depend on the thresholds of the screen and on nothing else a producer turns: locks, bans and the pot leave
    them as they are.

    Attributes
    ----------
    week
        The week as the policy has it.
    decisions, standing
        What the room's ledger knows: see :func:`bosspick.screening.screen` and :class:`bosspick.ledger.Standing`.
    titles, brands
        Title by offer id, name by brand id.
    """

    week: Week
    decisions: pd.DataFrame | None = None
    standing: Standing = field(default_factory=Standing)
    titles: Mapping[str, str] = field(init=False)
    brands: Mapping[str, str] = field(init=False)
    _made: dict[tuple[float, int], tuple[Screening, pd.DataFrame]] = field(default_factory=dict)
    _demand: Demand | None = None

    def __post_init__(self) -> None:
        offers, brands = self.week.table("offers"), self.week.table("brands")
        self.titles = dict(zip(offers["offer_id"], offers["title"], strict=True))
        self.brands = dict(zip(brands["brand_id"], brands["name"], strict=True))

    @property
    def start(self) -> Settings:
        """The policy's own settings, with what the ledger has locked and banned."""
        choices = self.standing.choices
        named = {word: tuple(offer for offer, choice in choices.items() if choice == word) for word in ("lock", "ban")}
        return replace(Settings.of_week(self.week), locked=named["lock"], banned=named["ban"])

    @property
    def screens(self) -> bool:
        """Thresholds can be turned."""
        return True

    def known(self, screening: Screening, options: pd.DataFrame) -> None:
        """Take over what was made of the policy's own settings elsewhere."""
        self._made[_screened_by(self.start)] = (screening, options)

    def plan(self, settings: Settings, *, told: Told | None = None, stop: Stop | None = None) -> Planned:
        """The best plan under the settings."""
        week = settings.applied_to(self.week)
        key = _screened_by(settings)
        if key not in self._made:
            screening = screen(week, decisions=self.decisions, reuse=True)
            known = self.standing
            self._made[key] = (screening, price_options(week, screening, settled=known.settled, failed=known.failed))
        screening, options = self._made[key]
        rules = settings.rules(set(options["offer_id"]))
        plan = plan_lineup(
            week, screening, options=options, published=self.standing.published, extra_rules=rules, explain=False,
            loosened=settings.loosened_by, time_limit_s=_TIME_LIMIT_S, told=told, stop=stop,
        )  # fmt: skip
        # What no order can air is no lineup: the briefing would replace it.
        plan = orderable_plan(week, plan) if plan.result.outcome.is_proven else plan
        return Planned(settings=settings, plan=plan, screening=screening)

    def bench(self, planned: Planned, *, stop: Stop) -> pd.DataFrame | None:
        """The bench of a plan; None when it was asked to stop."""
        return _bench(planned.plan, self.week.policy.show.bench, stop)

    def order(self, planned: Planned) -> dict[str, str] | None:
        """The clock of each item's slot, in the order of the show."""
        if self._demand is None:
            self._demand = estimate_demand(self.week)
        slots = plan_rundown(self.week, planned.plan, demand=self._demand).slots
        return {str(offer): f"{at:%H:%M}" for offer, at in zip(slots["offer_id"], slots["starts_at"], strict=True)}


@dataclass(slots=True)
class GivenPlanner:
    """Plans from options and rules given directly; nothing is screened, and the pot is the budget on ``subsidy_fen``.

    Parameters
    ----------
    options
        As :func:`bosspick.price_options` gives them.
    rules
        Rules beside the desk's locks and bans.
    pick, bench_size
        Places in the lineup and on the bench.
    """

    options: pd.DataFrame
    rules: Sequence[Rule] = ()
    pick: int = 10
    bench_size: int = 5
    titles: Mapping[str, str] = field(init=False)
    brands: Mapping[str, str] = field(init=False, default_factory=dict)
    _table: OptionTable = field(init=False)

    def __post_init__(self) -> None:
        self._table = OptionTable(self.options)
        offers = self.options.drop_duplicates("offer_id")
        self.titles = dict(zip(offers["offer_id"], offers["title"], strict=True))

    @property
    def start(self) -> Settings:
        """No threshold, and the pot the rules have."""
        pots = [rule.at_most for rule in self.rules if _is_pot(rule) and isinstance(rule, Budget)]
        return Settings(store_score_min=0.0, min_channels=1, platform_pot_yuan=int(min(pots, default=0) // 100))

    @property
    def screens(self) -> bool:
        """Nothing is screened."""
        return False

    def plan(self, settings: Settings, *, told: Told | None = None, stop: Stop | None = None) -> Planned:
        """The best plan under the settings."""
        fen = settings.platform_pot_yuan * 100
        rules = [replace(rule, at_most=fen) if _is_pot(rule) and isinstance(rule, Budget) else rule for rule in self.rules]
        rules = mended([*rules, *settings.rules(set(self._table.offers))], settings.loosened_by)
        result = optimise(self._table, rules, pick=self.pick, time_limit_s=_TIME_LIMIT_S, told=told, stop=stop)
        if not result.outcome.has_plan:
            words = f"no lineup of {self.pick}: {result.conflict or result.outcome.value}"
            raise NoPlanError(words, where=marked("the desk")).because(result.conflict)
        plan = LineupPlan(
            session_id="", result=result, options=self.options, rules=tuple(rules), rule_prices=pd.DataFrame(),
            bench=pd.DataFrame(columns=["bench_rank", "offer_id", "option_id"]), version=result.input_hash[:6],
        )  # fmt: skip
        return Planned(settings=settings, plan=plan)

    def bench(self, planned: Planned, *, stop: Stop) -> pd.DataFrame | None:
        """The bench of a plan; None when it was asked to stop."""
        return _bench(planned.plan, self.bench_size, stop)

    def order(self, planned: Planned) -> dict[str, str] | None:
        """No show is known."""
        del planned
        return None


def told_of(error: BosspickError, language: Language) -> tuple[str, tuple[Mend, ...]]:
    """Why there is no plan, and what would help as far as one click does it; then the words leave it out."""
    conflict = error.conflict if isinstance(error, (NoPlanError, RuleError)) else None
    repairs = tuple(mend for mend in conflict.repairs if mend.by) if isinstance(conflict, Conflict) else ()
    if not repairs or not isinstance(conflict, Conflict):
        return language.error(error), repairs
    return language.gettext("There is no lineup: %(why)s.", why=reason_words(conflict, language)), repairs


def _is_pot(rule: Rule) -> bool:
    return isinstance(rule, Budget) and rule.column == "subsidy_fen"


def _screened_by(settings: Settings) -> tuple[float, int]:
    return settings.store_score_min, settings.min_channels


def _bench(plan: LineupPlan, size: int, stop: Stop) -> pd.DataFrame | None:
    odds = fail_probability(plan.chosen)
    asked = partial(bench, plan.options, plan.rules, plan.result, size=size, fail_probability=odds)
    return asked() if len(plan.options) <= _MANY_OPTIONS else run_apart(asked, stop=stop)
