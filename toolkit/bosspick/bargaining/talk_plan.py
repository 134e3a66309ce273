"""The talk plan: with whom to talk and what to aim at, for the best lineup one can expect after the talks."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bosspick.bargaining.talk_check import Estimate, KnownAnswers, checked_values, estimate
from bosspick.bargaining.talk_model import Scenarios, TalkModel, draw_scenarios, every_scenario
from bosspick.bargaining.talk_search import TalkSearch
from bosspick.bargaining.talk_table import TalkTable
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.lineup.rules import Rule

__all__ = [
    "TALK_COLUMNS",
    "TalkPlan",
    "TalkProgress",
    "choose_talks",
    "naive_talks",
    "negotiator_hours",
    "talk_plan",
]

TALK_COLUMNS = ("negotiator", "turn", "offer_id", "aim_fen", "accept_p", "hours", "worth", "worth_per_hour")
#: Share of the time by which checking ends, and the share it may take at least.
_CHECK_BY, _CHECK_SHARE = 0.93, 0.2
#: More plans than this are searched on samples rather than gone through.
_LISTED = 512
#: Called with seconds, the expected value so far and what no plan exceeds on the scenarios searched.
TalkProgress = Callable[[float, float, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPlan:
    """Talks to have; confidential.

    Attributes
    ----------
    talks
        One row a talk, columns ``TALK_COLUMNS``: by negotiator, the most pressing first. ``worth`` is what the expected
        lineup loses at least when that talk is left out, ``aim_fen`` the brand price to aim at.
    expected
        Value of the best lineup after the talks, on scenarios the search has not seen.
    without
        The same with no talk at all.
    naive
        The same for the naive plan: the largest expected value at its best ask first, until the hours run out.
    gain
        The plan over the naive one, scenario by scenario.
    wait_and_see
        What one could reach if every brand's answer were known before choosing whom to talk to: no plan exceeds it.
    hours
        One row a negotiator: hours there are, and hours planned.
    gap
        By how much, as a share, some plan could still be better on the scenarios searched; 0 means none is.
    complete
        Whether the search came to its end rather than to a limit.
    scenarios, sampled
        How many scenarios were searched and how many were looked at for the estimates; False in ``sampled`` when all
        outcomes were listed.
    """

    talks: pd.DataFrame
    expected: Estimate
    without: Estimate
    naive: Estimate
    gain: Estimate
    wait_and_see: Estimate
    hours: pd.DataFrame
    gap: float
    complete: bool
    scenarios: tuple[int, int]
    sampled: bool


def talk_plan(
    week: Week,
    plan: LineupPlan,
    *,
    spent: Mapping[str, float] | None = None,
    searched: int = 32,
    checked: int = 60,
    time_limit_s: float = 30.0,
    told: TalkProgress | None = None,
    stop: Callable[[], bool] | None = None,
) -> TalkPlan:
    """Choose the talks of a week.

    Parameters
    ----------
    week, plan
        The week and its lineup, whose options already hold what was settled and what failed: plan again after each
        outcome, and the remaining talks are chosen for what is left.
    spent
        Hours each negotiator has used up.
    searched, checked, time_limit_s, told, stop
        As for :func:`choose_talks`.

    Returns
    -------
    TalkPlan
        Nobody is given more hours than they have left, and nobody brands of others.
    """
    hours = negotiator_hours(week, spent or {})
    return choose_talks(
        plan.options, plan.rules, hours, pick=plan.result.pick, searched=searched, checked=checked,
        time_limit_s=time_limit_s, told=told, stop=stop,
    )  # fmt: skip


def negotiator_hours(week: Week, spent: Mapping[str, float]) -> dict[str, float]:
    """Hours every negotiator of a week has left; those the policy does not name have its ``default_hours``."""
    policy = week.policy.bargaining
    names = sorted(set(week.table("offers")["negotiator"].dropna().astype(str)) | set(policy.hours))
    return {name: max(policy.hours.get(name, policy.default_hours) - spent.get(name, 0.0), 0.0) for name in names}


def choose_talks(
    options: pd.DataFrame,
    rules: Sequence[Rule],
    hours: Mapping[str, float],
    *,
    pick: int,
    searched: int = 32,
    checked: int = 60,
    rounds: int = 12,
    seed: int = 1,
    time_limit_s: float = 30.0,
    told: TalkProgress | None = None,
    stop: Callable[[], bool] | None = None,
) -> TalkPlan:
    """Choose talks and aims within each negotiator's hours, for the best expected lineup after them.

    Parameters
    ----------
    options
        As :func:`bosspick.price_options` gives them: offer_id, option_id, agreed_value (yuan-equivalents), accept_p,
        brand_price_fen, talk_hours, negotiator, and the columns the rules name.
    rules, pick
        The lineup's. A budget on ``talk_hours`` is about the ten, and holds no more once talks are over.
    hours
        Hours each negotiator has; offers of nobody named here are not talked about.
    searched, checked, seed
        Scenarios the plan is chosen on, and fresh ones it is valued on. Where there are few plans all are
        valued over all outcomes.
    rounds
        Most answers of the master programme.
    time_limit_s
        Seconds of wall time for everything; about half is for the search, and what is over goes into the interval.
    told, stop
        Called from time to time; asked whether to end, with the best plan so far.

    Returns
    -------
    TalkPlan
        See there. Never worse than the naive plan on the scenarios searched.

    Raises
    ------
    OptionsError
        A column is missing.
    """
    begun = time.monotonic()
    model = TalkModel(options, rules, hours, pick=pick)
    naive = naive_talks(model)
    tell = None if told is None else lambda value, bound: told(time.monotonic() - begun, value, bound)
    sampled = model.plans > _LISTED
    search: TalkSearch | TalkTable
    if sampled:
        scenarios, fresh = draw_scenarios(model, searched, seed=seed), draw_scenarios(model, checked, seed=seed + 1_000_003)
        search = TalkSearch(
            model=model, scenarios=scenarios, deadline=begun + 0.55 * time_limit_s, rounds_left=rounds, told=tell, stop=stop
        )
        search.run(naive)
        best, answers = search.thrifty(), {}
        deadline = max(begun + _CHECK_BY * time_limit_s, time.monotonic() + _CHECK_SHARE * time_limit_s)
    else:
        scenarios = fresh = every_scenario(model)
        search = TalkTable(model, told=tell, stop=lambda: time.monotonic() >= begun + time_limit_s or bool(stop and stop()))
        best, answers, deadline = search.thrifty(), search.answers, math.inf
    values = checked_values(model, [best, naive, ()], KnownAnswers(model, options), fresh, deadline=deadline, answers=answers)
    ours, theirs, none, seen = values.T
    fresh = Scenarios(
        draws=fresh.draws[: len(values)], weights=fresh.weights[: len(values)] / fresh.weights[: len(values)].sum()
    )
    return TalkPlan(
        talks=_talks(model, best, search),
        expected=estimate(ours, fresh, sampled=sampled),
        without=estimate(none, fresh, sampled=sampled),
        naive=estimate(theirs, fresh, sampled=sampled),
        gain=estimate(ours - theirs, fresh, sampled=sampled),
        wait_and_see=estimate(seen, fresh, sampled=sampled),
        hours=_hours(model, best, hours),
        gap=max(search.bound - search.value, 0.0) / max(abs(search.value), 1.0),
        complete=search.complete,
        scenarios=(len(scenarios.weights), len(fresh.weights)),
        sampled=sampled,
    )


def naive_talks(model: TalkModel) -> tuple[int, ...]:
    """The plan one would make by hand: each offer's best ask by expected value, the largest first, while hours last."""
    value = model.options.groupby(["offer_id", "brand_price_fen"])["agreed_value"].max()
    aims = model.aims.assign(
        worth=[
            chance * float(value[offer, price])
            for offer, price, chance in zip(
                model.aims["offer_id"], model.aims["brand_price_fen"], model.aims["accept_p"], strict=True
            )
        ]
    )
    best = aims.sort_values(["worth", "brand_price_fen"], ascending=[False, True], kind="stable").drop_duplicates("offer")
    left = dict(model.hours)
    chosen = []
    for aim, hours, name in zip(best.index, best["hours"], best["negotiator"], strict=True):
        if hours <= left.get(name, 0.0) + 1e-9:
            left[name] -= hours
            chosen.append(int(aim))
    return tuple(sorted(chosen))


def _talks(model: TalkModel, plan: Sequence[int], search: TalkSearch | TalkTable) -> pd.DataFrame:
    chosen = model.aims.iloc[list(plan)]
    worth = [search.worth_of(plan, aim) for aim in plan]
    table = pd.DataFrame(
        {
            "negotiator": chosen["negotiator"].astype("str").to_numpy(),
            "offer_id": chosen["offer_id"].astype("str").to_numpy(),
            "aim_fen": chosen["brand_price_fen"].astype("int64").to_numpy(),
            "accept_p": chosen["accept_p"].round(6).to_numpy(),
            "hours": chosen["hours"].to_numpy(),
            "worth": np.round(worth, 2),
        }
    )
    table["worth_per_hour"] = (table["worth"] / table["hours"].clip(lower=0.25)).round(2)
    table = table.sort_values(["negotiator", "worth_per_hour", "offer_id"], ascending=[True, False, True], ignore_index=True)
    table["turn"] = table.groupby("negotiator").cumcount() + 1
    return table[list(TALK_COLUMNS)]


def _hours(model: TalkModel, plan: Sequence[int], hours: Mapping[str, float]) -> pd.DataFrame:
    planned = model.aims.iloc[list(plan)].groupby("negotiator")["hours"].sum()
    rows = [
        {"negotiator": name, "hours": float(hours[name]), "planned": float(planned.get(name, 0.0))} for name in sorted(hours)
    ]
    return pd.DataFrame(rows, columns=["negotiator", "hours", "planned"])
