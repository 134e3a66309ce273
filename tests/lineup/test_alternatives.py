"""Other lineups against brute force: the next best, the most different, more or less of a budget, and stability."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bosspick.errors import NoPlanError, OptionsError, RuleError
from bosspick.lineup import (
    Budget,
    Group,
    LineupResult,
    OptionTable,
    Rule,
    alternatives,
    frontier,
    most_different,
    optimise,
    stability,
)
from tests.lineup.weeks import small_week
from tests.oracle.brute import worth

Plans = list[tuple[float, tuple[tuple[str, str], ...]]]


def every_plan(options: pd.DataFrame, rules: list[Any], pick: int) -> Plans:
    """Every lineup the rules allow with its value, the best first and equal ones in id order."""
    by_offer: dict[str, list[dict[str, Any]]] = {}
    for row in options.sort_values(["offer_id", "option_id"]).to_dict("records"):
        by_offer.setdefault(row["offer_id"], []).append(row)
    found = []
    for offers in itertools.combinations(sorted(by_offer), pick):
        for plan in itertools.product(*(by_offer[o] for o in offers)):
            value = worth(list(plan), rules, options)
            if value is not None:
                found.append((value, tuple((r["offer_id"], r["option_id"]) for r in plan)))
    return sorted(found, key=lambda each: (-round(each[0], 6), each[1]))


def one_by_one(plans: Plans, count: int, differ: int, pick: int) -> Plans:
    """The best, then the best that differs from all before, and so on."""
    chosen: Plans = []
    for value, plan in plans:
        offers = {offer for offer, _ in plan}
        if all(len(offers & {o for o, _ in other}) <= pick - differ for _, other in chosen):
            chosen.append((value, plan))
        if len(chosen) == count:
            break
    return chosen


def shown(result: LineupResult) -> tuple[tuple[str, str], ...]:
    return tuple(result.chosen[["offer_id", "option_id"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("seed", range(500, 560))
def test_the_next_best_are_those_of_brute_force(seed: int) -> None:
    options, rules, pick = small_week(seed)
    differ = 1 + seed % 2
    expected = one_by_one(every_plan(options, rules, pick), 10, min(differ, pick), pick)
    found = alternatives(options, rules, pick=pick, count=10, differ=min(differ, pick))
    assert [shown(each) for each in found] == [plan for _, plan in expected]
    assert [each.value for each in found] == pytest.approx([value for value, _ in expected], abs=1e-6)
    assert all(each.outcome.is_proven for each in found)


@pytest.mark.parametrize("seed", range(560, 590))
def test_the_most_different_lineup_is_that_of_brute_force(seed: int) -> None:
    options, rules, pick = small_week(seed)
    result = optimise(options, rules, pick=pick)
    if not result.outcome.has_plan:
        return
    ours, share = set(result.chosen["offer_id"]), (0.0, 0.05, 0.3)[seed % 3]
    floor = result.value - share * abs(result.value)
    near = [(value, plan) for value, plan in every_plan(options, rules, pick) if value >= floor - 1e-9 * abs(floor)]
    others = max(sum(offer not in ours for offer, _ in plan) for _, plan in near)
    plan, differs = most_different(options, rules, result, within=share)
    assert differs == others
    assert sum(offer not in ours for offer in plan.chosen["offer_id"]) == others
    best = max(value for value, each in near if sum(o not in ours for o, _ in each) == others)
    assert plan.value == pytest.approx(best, abs=1e-6)


def test_more_of_a_budget_never_brings_less_and_each_limit_is_its_own_question() -> None:
    options, _, pick = small_week(501)
    rules: list[Rule] = [Budget(column="subsidy_fen", at_most=6000, id="pot"), Group(column="category", at_most=2)]
    found = frontier(options, rules, "pot", pick=pick)
    values = found["value"].dropna()
    assert values.is_monotonic_increasing
    assert (found["used"].dropna() <= found.loc[values.index, "limit"]).all()
    for row in found.itertuples():
        alone = optimise(options, [replace(rules[0], at_most=row.limit), rules[1]], pick=pick)
        assert str(alone.outcome) == row.outcome
        assert np.isnan(row.value) if not alone.outcome.has_plan else row.value == pytest.approx(alone.value)


def test_frontier_names_the_budgets_there_are() -> None:
    options, _, pick = small_week(501)
    with pytest.raises(RuleError, match="no budget has the id 'pot'"):
        frontier(options, [Budget(column="hours", at_most=1, id="hours")], "pot", pick=pick)


def test_stability_counts_in_how_many_scenarios_an_item_stays() -> None:
    options = pd.DataFrame({"offer_id": ["a", "b", "c"], "option_id": "x", "value": [9.0, 5.0, 4.0]})
    chosen = optimise(options, [], pick=2).chosen
    worse = options.assign(value=[9.0, 3.0, 4.0])
    found = stability([options, worse, options, options], [], chosen, pick=2)
    assert found[["offer_id", "in_plan", "share"]].to_numpy().tolist() == [
        ["a", True, 1.0],
        ["b", True, 0.75],
        ["c", False, 0.25],
    ]
    assert (found["low"] <= found["share"]).all()
    assert (found["share"] <= found["high"] + 1e-12).all()
    # Four of four: the interval of Wilson ends well below 1.
    assert found["low"].iloc[0] == pytest.approx(0.5101, abs=1e-4)


def test_stability_without_any_lineup_says_so() -> None:
    options = pd.DataFrame({"offer_id": ["a"], "option_id": "x", "value": [9.0]})
    with pytest.raises(NoPlanError, match="no scenario has a lineup"):
        stability([options], [], options, pick=2)


@pytest.mark.parametrize(
    ("how", "words"), [({"count": 0}, "count is 0"), ({"differ": 3}, "differ is 3"), ({"differ": 0}, "differ")]
)
def test_settings(how: dict[str, int], words: str) -> None:
    options = pd.DataFrame({"offer_id": ["a", "b"], "option_id": "x", "value": [9.0, 1.0]})
    with pytest.raises(OptionsError, match=words):
        alternatives(options, [], pick=2, **how)


@pytest.mark.parametrize("seed", range(590, 605))
def test_what_a_table_has_seen_changes_no_later_answer(seed: int) -> None:
    options, rules, pick = small_week(seed)
    table = OptionTable(options)
    for k in range(len(rules) + 1):
        asked = rules[:k] + [replace(r, id=f"{r.id}-again", mode="off") for r in rules[k:]]
        fresh, again = optimise(options, asked, pick=pick), optimise(table, asked, pick=pick)
        assert fresh.outcome is again.outcome
        assert fresh.input_hash == again.input_hash
        if fresh.outcome.has_plan:
            assert shown(fresh) == shown(again)
