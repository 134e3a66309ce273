"""Plans without a solver, and planners that take their time, for the desk's tests."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pandas as pd

from bosspick.desk import GivenPlanner, Settings
from bosspick.desk.planner import Planned, Stop, Told
from bosspick.errors import NoPlanError
from bosspick.lineup import Budget, Cover, Group, LineupResult, Outcome, Progress, Rule
from bosspick.lineup.plan import LineupPlan

START = Settings(store_score_min=4.5, min_channels=4, platform_pot_yuan=100)
IDS = [f"O{k}" for k in range(1, 7)]

#: Six offers, two prices each; O1 is worth most.
OPTIONS = pd.DataFrame(
    [
        {
            "offer_id": offer, "option_id": option, "value": 1000.0 - 100 * k + more, "title": f"title {k + 1}",
            "category": "skin" if k % 2 else "food", "brand_id": f"B{k + 1}", "viewer_price_fen": 9900 - fen,
            "brand_price_fen": 9900, "expected_units": 100, "subsidy_fen": fen * 10,
            "subsidy_step_fen": fen, "talk_hours": 0.5, "accept_p": 0.9,
        }
        for k, offer in enumerate(IDS)
        for option, more, fen in (("a", 0.0, 0), ("b", 30.0, 500))
    ]
)  # fmt: skip
RULES: list[Rule] = [
    Budget(column="subsidy_fen", at_most=10_000, id="pot", title="the pot"),
    Cover(topics={"sun": (40.0, ["O5", "O6"]), "tea": (5.0, ["O1"])}, id="wishes", title="wishes"),
]


def given(*more: Rule) -> GivenPlanner:
    """A planner of two places over the six offers."""
    return GivenPlanner(OPTIONS, [*RULES, *more], pick=2, bench_size=1)


def one_of_a_category() -> GivenPlanner:
    """The same with a rule that two locks may break."""
    return given(Group(column="category", at_most=1, id="category", title="one of a category"))


def made(settings: Settings, offers: tuple[str, ...] = ("O1", "O2"), *, stopped: bool = False) -> Planned:
    """A plan of the offers named, as if solved."""
    chosen = OPTIONS[OPTIONS["offer_id"].isin(offers) & (OPTIONS["option_id"] == "a")]
    value = float(chosen["value"].sum())
    result = LineupResult(
        outcome=Outcome.TIME_LIMIT_WITH_PLAN if stopped else Outcome.OPTIMAL, bound=value * (1.1 if stopped else 1.0),
        seconds=1.0, solver="fake", input_hash="", pick=len(offers), plan_value=value, plan_rows=chosen, stopped=stopped,
    )  # fmt: skip
    bench = pd.DataFrame(columns=["bench_rank", "offer_id", "option_id"])
    plan = LineupPlan(session_id="", result=result, options=OPTIONS, rules=tuple(RULES), rule_prices=pd.DataFrame(),
                      bench=bench, version="-".join(offers))  # fmt: skip
    return Planned(settings=settings, plan=plan)


@dataclass
class SlowPlanner:
    """Tells of a best so far, then solves until it is let go or asked to stop; ``deaf`` does not hear the latter.

    It waits in steps only because the desk's ``stop`` is asked, not waited for. Locks stand for what is planned.
    """

    deaf: bool = False
    begun: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)
    asked: list[Settings] = field(default_factory=list)
    stopped: list[Settings] = field(default_factory=list)
    raises: Exception | None = None
    start: Settings = START
    screens: bool = True
    titles: dict[str, str] = field(default_factory=lambda: {offer: f"title {offer[1:]}" for offer in IDS})
    brands: dict[str, str] = field(default_factory=dict)

    def plan(self, settings: Settings, *, told: Told | None = None, stop: Stop | None = None) -> Planned:
        assert told is not None
        assert stop is not None
        self.asked.append(settings)
        told(Progress(value=1900.0, bound=2000.0, seconds=0.1))
        self.begun.set()
        while not self.free.wait(0.01):
            if stop() and not self.deaf:
                break
        if stop():
            self.stopped.append(settings)
        if self.raises is not None:
            raise self.raises
        if "none" in settings.locked:
            raise NoPlanError("no lineup of 2", where="the fake")
        return made(settings, (*settings.locked, "O1", "O2")[:2], stopped=stop())

    def order(self, planned: Planned) -> None:
        """No show is known."""

    def bench(self, planned: Planned, *, stop: Stop) -> pd.DataFrame:
        return pd.DataFrame({"bench_rank": [1], "offer_id": ["O6"], "option_id": ["a"]})
