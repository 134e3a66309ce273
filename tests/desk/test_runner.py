"""Solves on real threads beside the caller: latest wins, cancel, and what goes wrong there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bosspick.desk import DeskState
from bosspick.desk.runner import DeskRunner
from bosspick.desk.worker import LatestWorker, ticking
from bosspick.errors import NoPlanError
from tests.desk.fakes import START, SlowPlanner, given

LOCKED = replace(START, locked=("O5",))


@pytest.fixture
def planner() -> Iterator[SlowPlanner]:
    planner = SlowPlanner()
    yield planner
    planner.free.set()


def runner_of(state: DeskState) -> DeskRunner:
    return DeskRunner(state, told=lambda: None, debounce_s=0.0, quiet_s=0.0)


def test_a_new_request_stops_the_old_and_its_answer_is_the_one_shown(planner: SlowPlanner) -> None:
    state = DeskState.of_planner(planner)
    runner = runner_of(state)
    runner.solve(START)
    planner.begun.wait()
    assert state.running is not None
    runner.solve(LOCKED)
    planner.free.set()
    runner.wait()
    assert planner.asked == [START, LOCKED]
    assert planner.stopped == [START]
    assert (state.settings, state.running, state.history.past) == (LOCKED, None, ())


def test_an_old_answer_that_arrives_late_is_dropped(planner: SlowPlanner) -> None:
    planner.deaf = True
    state = DeskState.of_planner(planner)
    runner = runner_of(state)
    runner.solve(START)
    planner.begun.wait()
    runner.solve(replace(START, locked=("none",)))
    runner.solve(LOCKED)
    planner.free.set()
    runner.wait()
    # The one between was never begun: only the newest that waits is.
    assert planner.asked == [START, LOCKED]
    assert (state.settings, state.error, state.history.past) == (LOCKED, "", ())


def test_cancel_ends_the_solve_and_keeps_the_best_so_far(planner: SlowPlanner) -> None:
    state = DeskState.of_planner(planner)
    runner = runner_of(state)
    runner.solve(START)
    planner.begun.wait()
    assert state.running is not None
    assert state.running.progress is not None
    assert state.cancel()
    runner.wait()
    assert state.plan is not None
    assert state.plan.result.stopped
    assert not state.plan.result.outcome.is_proven


def test_cancel_before_it_began_plans_nothing(planner: SlowPlanner) -> None:
    planner.deaf = True
    state = DeskState.of_planner(planner)
    runner = runner_of(state)
    runner.solve(START)
    planner.begun.wait()
    runner.solve(LOCKED)
    state.cancel()
    planner.free.set()
    runner.wait()
    assert planner.asked == [START]
    assert "It had not begun" in state.error


def test_what_goes_wrong_on_a_thread_is_said_and_raised(planner: SlowPlanner) -> None:
    planner.free.set()
    state = DeskState.of_planner(planner)
    runner = runner_of(state)
    planner.raises = NoPlanError("nothing fits")
    runner.solve(START)
    runner.wait()
    assert state.error == "nothing fits"
    planner.raises = ZeroDivisionError("broken")
    runner.solve(START)
    with pytest.raises(ZeroDivisionError):
        runner.wait()
    assert "broken" in state.error
    runner.wait()


def test_the_bench_is_chosen_when_it_is_quiet_and_kept_through_undo() -> None:
    state = DeskState.of_planner(given())
    runner = runner_of(state)
    runner.solve(state.wanted)
    runner.wait()
    first = state.bench
    assert first is not None
    assert first["offer_id"].tolist() == ["O3"]
    runner.solve(state.wanted.toggled_lock("O5"))
    runner.wait()
    assert state.bench is not None
    assert state.bench is not first
    state.undo()
    assert state.bench is first


def test_a_bench_that_fails_is_said(planner: SlowPlanner, monkeypatch: pytest.MonkeyPatch) -> None:
    planner.free.set()
    monkeypatch.setattr(SlowPlanner, "bench", lambda self, planned, stop: 1 // 0)
    state = DeskState.of_planner(planner)
    runner = runner_of(state)
    runner.solve(START)
    with pytest.raises(ZeroDivisionError):
        runner.wait()
    assert "The bench or the order could not be made" in state.error


def test_an_answer_about_a_plan_no_longer_shown_is_dropped() -> None:
    state = DeskState.of_planner(given())
    runner = runner_of(state)
    runner.solve(state.wanted)
    runner.wait()
    runner.ask("O4")
    runner.wait()
    assert state.question is not None
    assert "would cost" in state.question.answer
    old = state.ask("O3")
    new = state.ask("O4")
    assert not state.answered(old, "late")
    runner.solve(state.wanted.toggled_lock("O5"))
    runner.wait()
    assert not state.answered(new, "late")
    assert state.question is None


def test_a_question_that_fails_is_said_and_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    state = DeskState.of_planner(given())
    runner = runner_of(state)
    runner.solve(state.wanted)
    runner.wait()
    monkeypatch.setattr("bosspick.desk.runner.why_words", lambda *said: 1 // 0)
    runner.ask("O4")
    with pytest.raises(ZeroDivisionError):
        runner.wait()
    assert state.question is not None
    assert state.question.failed


def test_of_the_jobs_that_wait_only_the_newest_is_done() -> None:
    worker = LatestWorker("test")
    done: list[str] = []
    worker.submit(lambda: done.append("an hour later"), after_s=3600)
    worker.submit(lambda: done.append("now"))
    worker.wait()
    assert done == ["now"]


def test_the_clock_ticks_while_the_body_runs_and_never_after() -> None:
    ticks: list[int] = []
    ticked = threading.Event()

    def tick() -> None:
        ticks.append(1)
        ticked.set()

    with ticking(tick, 0.001):
        ticked.wait()
    count = len(ticks)
    assert count
    assert len(ticks) == count
