"""The optimiser against trying every lineup, and against itself on the plain model."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest

from bosspick.lineup import Outcome, optimise
from bosspick.lineup.instance import read_instance
from bosspick.lineup.optimiser import Judge
from bosspick.lineup.search import Search
from bosspick.lineup.writers import build
from tests.lineup.weeks import full_week, small_week
from tests.oracle.brute import brute


def ids(frame: object) -> tuple[tuple[str, str], ...]:
    """The plan as pairs of ids."""
    return tuple((r.offer_id, r.option_id) for r in frame.itertuples())  # type: ignore[attr-defined]


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_every_rule_type_matches_brute_force(start: int) -> None:
    kinds = set()
    for seed in range(start, start + 50):
        options, rules, pick = small_week(seed)
        best = brute(options, rules, pick)
        result = optimise(options, rules, pick=pick)
        kinds |= {(r.kind, r.mode) for r in rules}
        if best.value is None:
            assert result.outcome is Outcome.INFEASIBLE, seed
            assert result.conflict is not None, seed
            assert str(result.conflict), seed
            continue
        assert result.outcome is Outcome.OPTIMAL, seed
        assert result.value == pytest.approx(best.value, abs=1e-6), seed
        assert ids(result.chosen) == best.plan, seed
    assert {k for k, _ in kinds} >= {
        "apart",
        "ban",
        "budget",
        "change",
        "cover",
        "group",
        "if-then",
        "lock",
    }
    assert {"hard", "soft"} <= {m for _, m in kinds}


def test_the_bound_and_the_core_match_brute_force_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way large weeks go, forced upon small ones."""
    monkeypatch.setattr("bosspick.lineup.search._DIRECT", 0)
    monkeypatch.setattr("bosspick.lineup.search._CORE", 3)
    for seed in range(500, 580):
        options, rules, pick = small_week(seed)
        best = brute(options, rules, pick)
        result = optimise(options, rules, pick=pick)
        assert (best.plan is None) == (result.outcome is Outcome.INFEASIBLE), seed
        if best.plan is not None:
            assert result.outcome is Outcome.OPTIMAL, seed
            assert ids(result.chosen) == best.plan, seed


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_row_and_rule_order_never_matter(seed: int) -> None:
    options, rules, pick = small_week(seed)
    first = optimise(options, rules, pick=pick)
    shuffled = options.sample(frac=1, random_state=seed)
    second = optimise(shuffled, list(reversed(rules)), pick=pick)
    assert first.outcome is second.outcome
    assert first.input_hash == second.input_hash
    if first.outcome.has_plan:
        assert first.value == second.value
        assert first.chosen.to_csv(index=False) == second.chosen.to_csv(index=False)
        assert first.rule_reports == second.rule_reports


@pytest.mark.parametrize("seed", range(0, 30, 3))
def test_the_solver_does_not_matter(seed: int) -> None:
    options, rules, pick = small_week(seed)
    highs = optimise(options, rules, pick=pick, solver="highs")
    cbc = optimise(options, rules, pick=pick, solver="cbc")
    assert highs.outcome is cbc.outcome
    if highs.outcome.has_plan:
        assert ids(highs.chosen) == ids(cbc.chosen)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_the_bound_drops_nothing_the_plain_model_needs(seed: int) -> None:
    options, rules = full_week(offers=70, options=6, seed=seed)
    result = optimise(options, rules)
    instance = read_instance(options, rules, 10)
    judge = Judge(options, instance)
    plain = Search(build(instance), judge, deadline=time.monotonic() + 60, settle_ties=False)
    found = plain.solve(np.flatnonzero(plain.model.allowed))
    if found.rows is None:
        assert result.outcome is Outcome.INFEASIBLE
    else:
        assert result.outcome is Outcome.OPTIMAL
        assert result.value == pytest.approx(found.value, rel=1e-9)


def test_equal_values_settle_in_id_order() -> None:
    options, _ = full_week(offers=80, options=4)
    options = options.assign(value=100.0)
    result = optimise(options.sample(frac=1, random_state=3), pick=10)
    assert ids(result.chosen) == tuple((f"o{k:04d}", "p00") for k in range(10))


def test_a_rule_switched_off_is_not_there() -> None:
    options, rules, pick = small_week(8)
    off = [dataclasses.replace(r, mode="off") for r in rules]
    assert optimise(options, off, pick=pick).value == optimise(options, pick=pick).value
