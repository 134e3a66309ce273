"""The desk: solve, undo, redo, and errors that reach the user."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bosspick import open_room
from bosspick.desk import DeskState
from bosspick.desk.widgets import LineupDesk
from bosspick.intake import Week
from tests.rooms import POLICY, write_room


@pytest.fixture
def week(tmp_path: Path) -> Week:
    policy = POLICY + '\n[[pots]]\nid = "p"\npayer = "platform"\namount = 1000\n'
    return open_room(write_room(tmp_path / "room", policy=policy)).week()


def test_locks_and_bans_change_the_plan_and_undo_brings_it_back(week: Week) -> None:
    state = DeskState.of_week(week)
    assert state.solve(state.settings)
    assert state.plan is not None
    first = set(state.plan.chosen["offer_id"])
    out = sorted({"O1", "O2", "O3"} - first)[0]
    assert state.solve(replace(state.settings, locked=(out,)))
    assert out in set(state.plan.chosen["offer_id"])
    assert set(state.changes["change"]) >= {"entered", "left"}
    assert state.undo()
    assert set(state.plan.chosen["offer_id"]) == first
    assert state.settings.locked == ()
    assert state.redo()
    assert out in set(state.plan.chosen["offer_id"])
    assert not state.redo()


def test_settings_without_a_plan_keep_the_last_and_say_why(week: Week) -> None:
    state = DeskState.of_week(week)
    state.solve(state.settings)
    plan = state.plan
    assert not state.solve(replace(state.settings, banned=("O1", "O2")))
    assert "Banned at the desk: O1" in state.error
    assert state.plan is plan


def test_a_tighter_threshold_screens_again(week: Week) -> None:
    state = DeskState.of_week(week)
    assert not state.solve(replace(state.settings, store_score_min=4.9))
    assert "SCORE_LOW" in state.error


def test_the_widgets_solve_and_undo(week: Week) -> None:
    desk = LineupDesk(DeskState.of_week(week))
    desk.solve_button.click()
    assert "OPTIMAL" in desk.result.value
    desk.locked.value = ["O3"]
    desk.banned.value = ["O1"]
    desk.solve_button.click()
    assert "Changed against the last solve" in desk.result.value
    desk.undo_button.click()
    assert desk.locked.value == []


def test_an_exception_in_a_handler_is_shown_and_raised(week: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = LineupDesk(DeskState.of_week(week))

    def broken(settings: object) -> bool:
        raise ZeroDivisionError("<b>broken</b>")

    monkeypatch.setattr(DeskState, "solve", broken)
    handler = desk._guarded(desk.solve)
    with pytest.raises(TypeError):
        handler(None)
    assert "TypeError" in desk.result.value
    assert desk.solve_button.description == "Solve again"
