"""The desk's widgets: they hand on what a producer does, show what the state holds, and hide no error."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bosspick.desk import DeskState, LineupDesk
from bosspick.desk.guard import Guard
from bosspick.desk.planner import Planner
from bosspick.lineup import Lock
from tests.desk.fakes import START, SlowPlanner, given, one_of_a_category


def desk_of(planner: Planner) -> LineupDesk:
    return LineupDesk(DeskState.of_planner(planner), debounce_s=0.0, quiet_s=0.0)


@pytest.fixture
def desk() -> LineupDesk:
    """A desk with its first plan."""
    desk = desk_of(given())
    desk.solve_button.click()
    desk.wait()
    return desk


@pytest.fixture
def slow() -> Iterator[SlowPlanner]:
    planner = SlowPlanner()
    yield planner
    planner.free.set()


def press(desk: LineupDesk, ask: str, offer_id: str) -> None:
    """What the grid sends for a key or a click."""
    desk.grid._handle_custom_msg({"ask": ask, "offer_id": offer_id}, [])


def repair(desk: LineupDesk, words: str) -> None:
    """Click the repair that begins so."""
    next(button for button in desk.repairs.buttons if button.description.startswith(words)).click()


def test_turning_a_control_solves_at_once(desk: LineupDesk) -> None:
    assert "OPTIMAL · proven" in desk.status.value
    desk.controls.by_setting["locked"].value = ["O6"]
    desk.wait()
    assert "entered: O6 title 6" in desk.result.value
    desk.controls.by_setting["platform_pot_yuan"].value = 0
    desk.wait()
    assert desk.state.settings == replace(given().start, locked=("O6",), platform_pot_yuan=0)


def test_an_offer_is_typed_in_any_case_and_one_that_is_none_is_named(desk: LineupDesk) -> None:
    locked = desk.controls.by_setting["locked"]
    locked.value = ["o6"]
    desk.wait()
    assert locked.value == ["O6"]
    assert desk.state.settings.locked == ("O6",)
    locked.value = ["O6", "NOPE"]
    desk.wait()
    assert "there is no offer NOPE" in desk.status.value
    assert locked.value == ["O6"]
    assert desk.state.wanted.locked == ("O6",)


def test_a_key_in_the_grid_locks_bans_and_asks(desk: LineupDesk) -> None:
    press(desk, "lock", "O6")
    assert desk.controls.by_setting["locked"].value == ["O6"]
    assert desk.grid.marks["O6"]["mark"] == "locked"
    desk.wait()
    assert desk.grid.marks["O6"]["place"] == "ten"
    press(desk, "ban", "O1")
    desk.wait()
    assert desk.grid.marks["O1"] == {"mark": "banned"}
    press(desk, "ban", "O6")
    desk.wait()
    assert desk.state.settings.locked == ()
    press(desk, "why", "O5")
    assert desk.grid.answer["state"] in ("busy", "")
    desk.wait()
    assert "would cost" in desk.grid.answer["text"]
    press(desk, "shout", "O1")
    press(desk, "lock", 7)  # type: ignore[arg-type]  # what a broken front end may send
    desk.wait()
    assert desk.state.settings.banned == ("O1", "O6")


def test_a_ban_on_what_the_policy_locks_is_mended_with_one_click() -> None:
    desk = desk_of(given(Lock(offer_id="O1", id="promised", title="promised to the viewers")))
    desk.solve_button.click()
    desk.wait()
    press(desk, "ban", "O1")
    desk.wait()
    assert "is locked in and banned" in desk.status.value
    assert {button.description for button in desk.repairs.buttons} == {
        "Release the lock 'promised to the viewers'", "Lift the ban 'Banned at the desk: O1'",
    }  # fmt: skip
    repair(desk, "Release")
    desk.wait()
    assert desk.state.error == ""
    assert desk.state.settings.loosened == ("promised +1",)
    assert "O1" not in set(desk.state.present.plan.chosen["offer_id"])
    desk.undo_button.click()
    press(desk, "ban", "O1")
    desk.wait()
    repair(desk, "Lift")
    desk.wait()
    assert desk.state.settings.banned == ()
    assert "O1" in set(desk.state.present.plan.chosen["offer_id"])


def test_a_conflict_is_mended_with_one_click() -> None:
    desk = desk_of(one_of_a_category())
    desk.solve_button.click()
    desk.wait()
    for offer in ("O1", "O3"):
        press(desk, "lock", offer)
        desk.wait()
    assert "cannot hold together" in desk.status.value
    assert {button.description for button in desk.repairs.buttons} == {
        "Loosen 'one of a category' by 1 item", "Release the lock 'Locked at the desk: O1'",
        "Release the lock 'Locked at the desk: O3'",
    }  # fmt: skip
    repair(desk, "Loosen")
    desk.wait()
    assert desk.state.error == ""
    assert desk.repairs.buttons == ()
    assert desk.controls.by_setting["loosened"].value == ["category +1"]
    assert set(desk.state.present.plan.chosen["offer_id"]) == {"O1", "O3"}
    desk.undo_button.click()
    assert desk.state.settings.loosened == ()
    press(desk, "lock", "O3")
    desk.wait()
    assert desk.state.wanted.locked == ("O1", "O3")
    repair(desk, "Release the lock 'Locked at the desk: O3'")
    desk.wait()
    assert desk.state.settings.locked == ("O1",)
    assert desk.state.settings == desk.state.wanted


@pytest.mark.parametrize(("typed", "words"), [("category", "loosens no rule"), ("no rule +1", "there is no rule")])
def test_a_loosened_rule_that_cannot_be_read_is_said(desk: LineupDesk, typed: str, words: str) -> None:
    desk.controls.by_setting["loosened"].value = [typed]
    desk.wait()
    assert words in desk.status.value
    desk.undo_button.click()
    assert desk.controls.by_setting["loosened"].value == []


def test_undo_redo_and_scenarios_move_the_controls(desk: LineupDesk) -> None:
    desk.name.value = " as it is "
    desk.keep_button.click()
    press(desk, "lock", "O6")
    desk.wait()
    desk.undo_button.click()
    assert desk.controls.by_setting["locked"].value == []
    desk.redo_button.click()
    assert desk.controls.by_setting["locked"].value == ["O6"]
    desk.take_button.click()
    assert desk.controls.by_setting["locked"].value == []
    assert "as it is" in desk.table.value
    desk.drop_button.click()
    assert "as it is" not in desk.table.value
    assert desk.drop_button.disabled
    desk.wait()
    assert len(desk.state.history.past) == 2


def test_a_running_solve_is_shown_and_cancelled(slow: SlowPlanner) -> None:
    desk = desk_of(slow)
    desk.solve_button.click()
    slow.begun.wait()
    assert not desk.cancel_button.disabled
    desk.cancel_button.click()
    desk.wait()
    assert "not proven" in desk.status.value
    assert desk.cancel_button.disabled


def test_undo_while_a_solve_runs_stops_it_and_puts_the_controls_back(slow: SlowPlanner) -> None:
    desk = desk_of(slow)
    slow.free.set()
    desk.solve_button.click()
    desk.wait()
    slow.free.clear()
    slow.begun.clear()
    desk.controls.by_setting["min_channels"].value = 7
    slow.begun.wait()
    desk.undo_button.click()
    assert desk.controls.by_setting["min_channels"].value == START.min_channels
    desk.wait()
    assert slow.stopped == [replace(START, min_channels=7)]
    assert (desk.state.settings, desk.state.wanted) == (START, START)


def test_thresholds_are_not_offered_where_nothing_is_screened(desk: LineupDesk, slow: SlowPlanner) -> None:
    assert "min_channels" not in desk.controls.by_setting
    assert "min_channels" in desk_of(slow).controls.by_setting


def test_what_a_user_did_wrong_is_said(desk: LineupDesk) -> None:
    desk.keep_button.click()
    assert "a scenario needs a name" in desk.notice.value
    desk.name.value = "named"
    desk.keep_button.click()
    assert desk.notice.value == ""
    desk.controls.by_setting["locked"].value = ["O1", "O2", "O3"]
    desk.wait()
    assert "3 offers are locked in but the lineup has 2 places" in desk.status.value
    assert desk.state.plan is not None


def test_an_exception_in_a_handler_is_shown_and_raised_again(desk: LineupDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(state: DeskState) -> bool:
        raise ZeroDivisionError("<b>broken</b>")

    monkeypatch.setattr(DeskState, "undo", broken)
    # The click itself swallows it, as in the browser.
    desk.undo_button.click()
    assert "&lt;b&gt;broken" in desk.status.value
    with pytest.raises(ZeroDivisionError):
        desk.wait()
    desk.wait()


def test_a_guard_keeps_the_last_few() -> None:
    said: list[str] = []
    guard = Guard(said.append, threading.RLock())
    handler = guard(lambda: 1 // 0)
    for _ in range(12):
        with pytest.raises(ZeroDivisionError):
            handler()
    assert len(said) == 12
    assert len(guard._raised) == 10


def test_handlers_on_many_threads_leave_settings_and_plan_together(desk: LineupDesk) -> None:
    asks = [("lock", "O5"), ("ban", "O1"), ("lock", "O6"), ("why", "O3"), ("ban", "O2")]
    threads = [threading.Thread(target=press, args=(desk, *ask)) for ask in asks * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.wait()
    # Each was pressed an even number of times: none is lost when all is as before, whatever the order was.
    assert desk.state.wanted == desk.state.settings == given().start
    assert [desk.controls.by_setting[name].value for name in ("locked", "banned")] == [[], []]
