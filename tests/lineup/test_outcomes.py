"""What a solve says of itself: the table of outcomes, the bound, and how a missing plan speaks."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bosspick.errors import NoPlanError
from bosspick.lineup import (
    Apart,
    Ban,
    Budget,
    Gini,
    Group,
    LineupResult,
    Lock,
    Outcome,
    Repeat,
    Rule,
    Together,
    find_conflict,
    optimise,
)
from bosspick.lineup.asking import Found
from bosspick.lineup.program import Answer, Ints, Program, Status
from bosspick.lineup.search import Search
from bosspick.lineup.solver import solve
from tests.lineup.weeks import full_week


def table(text: str) -> pd.DataFrame:
    """A frame from a table one can read."""
    lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines[1:], columns=lines[0])
    numbers = [c for c in frame.columns if c in ("value", "fen")]
    return frame.astype(dict.fromkeys(numbers, "float64"))


WEEK = table(
    """
    offer_id option_id value fen  category
    o1       a         900   800  beauty
    o1       b         700   100  beauty
    o2       a         500   500  beauty
    o3       a         450   200  food
    o4       a         300   300  home
    """
)


def test_a_missing_plan_says_what_helps_once_and_counts_in_words() -> None:
    with pytest.raises(NoPlanError) as told:
        _ = optimise(WEEK, [Group(column="category", at_most=1, title="one of a kind")], pick=4).value
    text = str(told.value)
    assert "What would help" not in text
    assert text.count("loosen 'one of a kind' by 1 item") == 1
    alone = optimise(WEEK.head(1), [], pick=2).conflict
    assert alone is not None
    assert alone.reasons == "only 1 offer can be picked, the lineup has 2 places"
    assert alone.mends == ("admit 1 more offer, or plan 1 item",)


def test_money_is_yuan_and_evenness_is_rounded_up_in_what_would_help() -> None:
    week = WEEK.rename(columns={"fen": "subsidy_fen"})
    spent = optimise(week, [Budget(column="subsidy_fen", at_most=200, title="purse")], pick=2).conflict
    assert spent is not None
    assert "allows ¥2.00" in spent.reasons
    assert spent.mends == ("raise the limit of 'purse' by ¥1.00 to ¥3.00",)
    even = optimise(WEEK, [Gini(column="category", at_most=0.1, title="even")], pick=2).conflict
    assert even is not None
    assert even.mends == ("let 'even' be as uneven as 0.334 instead of 0.1",)
    rests = optimise(
        WEEK, [Repeat(column="category", recent={"food": 1, "home": 1}, at_least=2, title="rest")], pick=3
    ).conflict
    assert rests is not None
    assert rests.reasons == "under 'rest' only 2 of 4 offers can be picked, the lineup has 3 places"
    assert rests.mends == ("let 1 item in that rests under 'rest'",)


@pytest.mark.parametrize(
    ("rules", "pick", "outcome", "words"),
    [
        ([], 2, Outcome.OPTIMAL, ""),
        ([Budget(column="fen", at_most=1000)], 2, Outcome.OPTIMAL, ""),
        ([], 5, Outcome.INFEASIBLE, "only 4 offers"),
        ([Ban(offer_id="o1")], 4, Outcome.INFEASIBLE, "only 3 of 4 offers can be picked, the lineup has 4 places"),
        ([Budget(column="fen", at_most=200)], 2, Outcome.INFEASIBLE, "by 100 to 300"),
        (
            [Group(column="category", label="baby", at_least=1)],
            2,
            Outcome.INFEASIBLE,
            "only 0 can be picked",
        ),
        (
            [Group(column="category", at_most=1)],
            4,
            Outcome.INFEASIBLE,
            "room for 3 items",
        ),
        ([Group(column="category", at_least=1)], 2, Outcome.INFEASIBLE, "add up to 3"),
        (
            [
                Lock(offer_id="o3"),
                Repeat(column="category", recent={"food": 1}, at_least=2),
            ],
            2,
            Outcome.INFEASIBLE,
            "release the lock",
        ),
        (
            [Lock(offer_id="o1"), Lock(offer_id="o2"), Apart(offer_ids=["o1", "o2"])],
            2,
            Outcome.INFEASIBLE,
            "keeps apart o1, o2",
        ),
        # Feasible for fractions only: three pairs, four places are met by 2 pairs, three places by none.
        (
            [Together(offer_ids=["o1", "o2"]), Together(offer_ids=["o3", "o4"])],
            3,
            Outcome.INFEASIBLE,
            "all or none",
        ),
    ],
)
def test_outcomes(rules: list[Rule], pick: int, outcome: Outcome, words: str) -> None:
    result = optimise(WEEK, rules, pick=pick)
    assert result.outcome is outcome
    assert words in str(result.conflict or "")
    if outcome is Outcome.OPTIMAL:
        assert result.bound is not None
        assert 0 <= result.bound - result.value <= 1e-6 * result.value
        assert find_conflict(WEEK, rules, pick=pick) is None
    else:
        with pytest.raises(NoPlanError, match="INFEASIBLE"):
            _ = result.value
        with pytest.raises(NoPlanError):
            _ = result.chosen


def test_a_conflict_names_no_innocent_rule() -> None:
    rules = [
        Group(column="category", label="beauty", at_most=1, title="one beauty"),
        Lock(offer_id="o1", title="the serum"),
        Lock(offer_id="o2", title="the cream"),
        Budget(column="fen", at_most=5_000, title="the pot"),
    ]
    conflict = optimise(WEEK, rules, pick=3).conflict
    assert conflict is not None
    assert set(conflict.titles) == {"one beauty", "the serum", "the cream"}
    assert any("one beauty" in mend for mend in conflict.mends)


def test_a_plan_that_ran_out_of_time_is_not_called_optimal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options, rules = full_week(offers=80, options=4, seed=8)
    real = Search.solve

    def late(self: Search, keep: Ints, **how: Any) -> Found:
        found = real(self, keep, **how)
        return replace(found, status=Status.LIMIT, bound=found.value * 1.2)

    monkeypatch.setattr("bosspick.lineup.search.Search.solve", late)
    result = optimise(options, rules[:4])
    assert result.outcome is Outcome.TIME_LIMIT_WITH_PLAN
    assert result.gap > 0
    assert result.outcome.has_plan
    assert not result.outcome.is_proven


def test_no_time_no_plan() -> None:
    options, rules = full_week(offers=60, options=6)
    result = optimise(options, rules, time_limit_s=1e-6)
    assert result.outcome is Outcome.TIME_LIMIT_NO_PLAN
    with pytest.raises(NoPlanError, match="time limit"):
        _ = result.value


def test_within_gap() -> None:
    options, rules = full_week(offers=60, options=6, seed=9)
    best = optimise(options, rules)
    loose = optimise(options, rules, gap=0.2)
    assert loose.outcome in (Outcome.OPTIMAL, Outcome.WITHIN_GAP)
    assert loose.bound is not None
    assert loose.bound >= best.value - 1e-6
    assert loose.value >= 0.8 * best.value


def test_infeasible_is_said_only_when_a_second_solver_agrees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def blind(program: Program, **how: Any) -> Answer:
        if how.get("solver") == "highs":
            return Answer(status=Status.INFEASIBLE)
        return solve(program, **how)

    monkeypatch.setattr("bosspick.lineup.asking.solve", blind)
    result = optimise(WEEK, [Budget(column="fen", at_most=1000)], pick=2)
    assert result.outcome is Outcome.OPTIMAL
    assert result.value == 1350.0


def test_importing_the_room_does_not_import_a_solver() -> None:
    code = "import sys, bosspick.lineup; print('pulp' in sys.modules or 'highspy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_result_reads_well() -> None:
    assert "OPTIMAL, value=1,400.00" in repr(optimise(WEEK, pick=2))
    assert isinstance(optimise(WEEK, pick=2), LineupResult)


def test_a_lineup_worth_nothing_is_still_optimal() -> None:
    flat = WEEK.assign(value=[5.0, -5.0, -5.0, 0.0, 0.0])
    result = optimise(flat, [Lock(offer_id="o2"), Lock(offer_id="o1")], pick=2)
    assert (result.outcome, result.value, result.gap) == (Outcome.OPTIMAL, 0.0, 0.0)
    assert optimise(WEEK.iloc[:0], pick=1).outcome is Outcome.INFEASIBLE


def test_a_hundred_thousand_options_with_one_offer() -> None:
    size = 100_000
    fen = np.random.default_rng(0).integers(1, 10**6, size)
    frame = pd.DataFrame(
        {"offer_id": "o1", "option_id": [f"p{k}" for k in range(size)], "value": np.arange(size) * 1.0, "fen": fen}
    )
    assert "only 1 offer can be picked" in str(optimise(frame, [], pick=10).conflict)
    found = optimise(frame, [Budget(column="fen", at_most=1000)], pick=1)
    assert found.value == frame.loc[frame["fen"] <= 1000, "value"].max()
    short = optimise(frame, [Budget(column="fen", at_most=0)], pick=1)
    assert short.outcome is Outcome.INFEASIBLE
    assert f"by {fen.min()} to {fen.min()}" in str(short.conflict)
