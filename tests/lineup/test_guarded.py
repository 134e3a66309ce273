"""Long solves: told of progress, stopped from outside, ended at their limit, survived when the child dies."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest

from bosspick.lineup import Budget, Outcome, Progress, Rule, guarded, optimise
from bosspick.lineup import solver as seam


def knapsack(groups: int = 40, each: int = 12, budgets: int = 9) -> tuple[pd.DataFrame, list[Rule], int]:
    """A multiple-choice knapsack that keeps a solver busy for seconds."""
    rng = np.random.default_rng(3)
    size = groups * each
    frame = pd.DataFrame(
        {
            "offer_id": np.repeat([f"g{k:02d}" for k in range(groups)], each),
            "option_id": np.tile([f"p{k}" for k in range(each)], groups),
            "value": rng.integers(1, 100, size).astype(float),
            **{f"r{b}": rng.integers(1, 100, size) for b in range(budgets)},
        }
    )
    return frame, [Budget(column=f"r{b}", at_most=groups * 43.0) for b in range(budgets)], groups


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every solve goes to the child at once."""
    monkeypatch.setattr(seam, "_LARGE", 0)


@pytest.mark.usefixtures("impatient")
def test_the_child_gives_the_same_lineup() -> None:
    frame, rules, pick = knapsack(6, 4, 2)
    found = optimise(frame, rules, pick=pick)
    seam_here = seam.solve_guarded
    try:
        seam.solve_guarded = lambda job, watch: seam.solve_here(job.program, gap=job.gap, floor=job.floor)
        here = optimise(frame, rules, pick=pick)
    finally:
        seam.solve_guarded = seam_here
    assert found.outcome is Outcome.OPTIMAL
    assert found.chosen.equals(here.chosen)


@pytest.mark.usefixtures("impatient")
def test_stopped_keeps_the_best_so_far_and_says_so() -> None:
    frame, rules, pick = knapsack()
    seen: list[Progress] = []
    found = optimise(
        frame, rules, pick=pick, time_limit_s=300, told=seen.append, stop=lambda: any(p.value is not None for p in seen)
    )
    assert found.outcome is Outcome.TIME_LIMIT_WITH_PLAN
    assert found.stopped
    assert not found.outcome.is_proven
    assert found.bound is not None
    assert found.bound >= found.value
    values = [p.value for p in seen if p.value is not None]
    assert values == sorted(values)
    assert found.value >= values[0] - 1e-6


@pytest.mark.usefixtures("impatient")
def test_stopped_before_anything_is_found_gives_no_plan() -> None:
    frame, rules, pick = knapsack()
    found = optimise(frame, rules, pick=pick, stop=lambda: True)
    assert found.outcome is Outcome.TIME_LIMIT_NO_PLAN


@pytest.mark.usefixtures("impatient")
def test_a_child_that_dies_is_an_error_and_the_next_question_gets_a_new_one() -> None:
    frame, rules, pick = knapsack()

    def kill(progress: Progress) -> None:
        child = guarded._Child.current
        if progress.value is not None and child is not None:
            child.process.kill()

    died = optimise(frame, rules, pick=pick, time_limit_s=300, told=kill)
    assert not died.outcome.is_proven
    small = knapsack(6, 4, 2)
    assert optimise(small[0], small[1], pick=small[2]).outcome is Outcome.OPTIMAL


@pytest.mark.usefixtures("impatient")
def test_a_solver_that_ignores_the_clock_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, rules, pick = knapsack()
    told = threading.Event()
    asked = guarded.Job
    # The child is told a limit far beyond ours, as if it did not look at the clock.
    send = guarded._Child.send
    monkeypatch.setattr(
        guarded._Child,
        "send",
        lambda self, job: send(
            self, asked(program=job.program, solver=job.solver, time_limit_s=600.0, gap=job.gap, floor=job.floor)
        ),
    )
    found = optimise(frame, rules, pick=pick, time_limit_s=2.0, told=lambda _: told.set())
    assert found.outcome in (Outcome.TIME_LIMIT_WITH_PLAN, Outcome.TIME_LIMIT_NO_PLAN)
    assert guarded._Child.current is None
