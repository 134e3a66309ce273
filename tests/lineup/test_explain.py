"""Prices of rules, the bench, why not, and the difference of two plans."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from bosspick.errors import NoPlanError, OptionsError
from bosspick.lineup import (
    Ban,
    Budget,
    Lock,
    Rule,
    bench,
    diff,
    optimise,
    price_of_rules,
    why_not,
)
from tests.lineup.test_outcomes import WEEK
from tests.lineup.weeks import full_week, small_week
from tests.oracle.brute import brute, worth

POT = Budget(column="fen", at_most=1_000, title="the pot")


def test_the_price_of_a_rule_is_what_the_lineup_gains_without_it() -> None:
    rules = [POT, Ban(offer_id="o4", title="no o4")]
    prices = price_of_rules(WEEK, rules, optimise(WEEK, rules, pick=2))
    assert prices[["title", "price", "value_without"]].values.tolist() == [
        ["the pot", 50.0, 1_400.0],
        ["no o4", 0.0, 1_350.0],
    ]
    assert prices.loc[0, "entered"] == ["o2"]
    assert prices.loc[0, "left"] == ["o3"]


@pytest.mark.parametrize("seed", range(200, 215))
def test_prices_match_brute_force(seed: int) -> None:
    options, rules, pick = small_week(seed)
    result = optimise(options, rules, pick=pick)
    if not result.outcome.has_plan:
        with pytest.raises(NoPlanError):
            price_of_rules(options, rules, result)
        return
    for row in price_of_rules(options, rules, result).to_dict("records"):
        best = brute(options, [r for r in rules if r.id != row["id"]], pick)
        assert best.value is not None
        assert row["price"] == pytest.approx(best.value - result.value, abs=1e-6)


def expected_loss(
    options: pd.DataFrame,
    rules: list[Rule],
    chosen: pd.DataFrame,
    value: float,
    odds: dict[str, float],
    members: set[str],
) -> float:
    """Expected loss of a bench by trying every row of every member for every failure."""
    picked: list[Any] = chosen.to_dict("records")
    rows: list[Any] = options[options["offer_id"].isin(members)].to_dict("records")
    total = 0.0
    for j, failed in enumerate(picked):
        rest = picked[:j] + picked[j + 1 :]
        own = [r for r in rules if not (isinstance(r, Lock) and r.offer_id == failed["offer_id"])]
        gone = worth(rest, [_softened(r) for r in own], options)
        assert gone is not None
        best = gone
        for row in rows:
            swapped = worth([*rest, row], own, options)
            best = max(best, swapped if swapped is not None else -math.inf)
        total += odds[failed["offer_id"]] * (value - best)
    return total


def _softened(rule: Rule) -> Rule:
    """An empty place is not held against hard rules."""
    return replace(rule, mode="off") if rule.mode == "hard" and rule.kind not in ("cover", "change") else rule


@pytest.mark.parametrize("seed", range(300, 340))
def test_the_bench_is_the_best_of_all_benches(seed: int) -> None:
    options, rules, pick = small_week(seed)
    result = optimise(options, rules, pick=pick)
    if not result.outcome.has_plan:
        return
    chosen = result.chosen
    odds = {o: 0.1 + 0.15 * k for k, o in enumerate(chosen["offer_id"])}
    found = bench(options, rules, result, size=2, fail_probability=odds)
    outside = sorted(set(options["offer_id"]) - set(chosen["offer_id"]))
    size = min(2, len(outside))
    losses = [
        expected_loss(options, rules, chosen, result.value, odds, set(members))
        for members in itertools.combinations(outside, size)
    ]
    assert len(found) == size
    own = expected_loss(options, rules, chosen, result.value, odds, set(found["offer_id"]))
    assert own == pytest.approx(min(losses), abs=1e-6)
    assert found["expected_loss"].iloc[0] == pytest.approx(own, abs=1e-6)
    assert found["bench_rank"].tolist() == list(range(1, size + 1))


def test_a_bench_larger_than_what_saves_anything_is_filled_in_order() -> None:
    options, rules = full_week(offers=60, options=4)
    result = optimise(options, rules)
    odds = dict.fromkeys(result.chosen["offer_id"], 0.1)
    found = bench(options, rules, result, size=6, fail_probability=odds)
    assert found["offer_id"].is_unique
    assert len(found) == 6
    assert (found["expected_saving"].diff().dropna() <= 1e-9).all()
    again = bench(options.iloc[::-1], rules[::-1], result, size=6, fail_probability=odds)
    assert found.to_json() == again.to_json()


def test_bench_inputs() -> None:
    result = optimise(WEEK, [POT], pick=2)
    with pytest.raises(OptionsError, match="no fail probability for o3"):
        bench(WEEK, [POT], result, size=1, fail_probability={"o1": 0.2})
    with pytest.raises(OptionsError, match=r"o3 is not in \[0, 1\]"):
        bench(WEEK, [POT], result, size=1, fail_probability={"o1": 0.2, "o3": 1.2})
    assert bench(WEEK, [POT], result, size=0, fail_probability={"o1": 0.2, "o3": 0.1}).empty


def test_why_not() -> None:
    result = optimise(WEEK, [POT], pick=2)
    forced, cost = why_not(WEEK, [POT], result, "o4")
    assert cost == 350.0 or forced.value + (cost or 0.0) == result.value
    tight = Budget(column="fen", at_most=310)
    blocked, nothing = why_not(WEEK, [tight], optimise(WEEK, [tight], pick=2), "o2")
    assert nothing is None
    assert blocked.conflict is not None


def test_diff() -> None:
    before = optimise(WEEK, [POT], pick=2)
    after = optimise(WEEK, [Ban(offer_id="o3"), POT], pick=2)
    change = diff(before, after)
    assert change[["offer_id", "change"]].values.tolist() == [
        ["o1", "option"],
        ["o2", "entered"],
        ["o3", "left"],
    ]
    assert diff(before, before).empty
