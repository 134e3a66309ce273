"""What is decided at the desk outlives the kernel, and what is published is in the ledger with its locks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from bosspick import open_room, plan_lineup, screen
from bosspick.desk import DeskState, LineupDesk, WeekPlanner
from bosspick.desk.board import board_cards
from bosspick.desk.office import Office
from bosspick.errors import FindingError, InputError
from bosspick.intake import Week
from bosspick.ledger import Ledger, Standing
from tests.desk.fakes import START, given, made
from tests.rooms import POLICY, write_room

WEEK = "2026-W48"


def office_at(folder: Path) -> Office:
    return Office(ledger=Ledger.of_room(folder), session_id=WEEK)


def desk_at(folder: Path) -> LineupDesk:
    """A desk as the notebook opens it, on the same ledger each time."""
    state, office = DeskState.of_planner(given()), office_at(folder)
    state.solve(state.wanted)
    office.take_up(state)
    return LineupDesk(state, office=office, debounce_s=0.0, quiet_s=0.0)


def press(desk: LineupDesk, **asked: str) -> None:
    """What the board sends for a key or a drop."""
    desk.board._handle_custom_msg(dict(asked), [])
    desk.wait()


def test_a_restarted_kernel_finds_settings_and_scenarios(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    assert Ledger.of_room(tmp_path).draft(WEEK) is None  # nothing was decided yet
    press(desk, ask="lock", offer_id="O5")
    desk.name.value = "with the fifth"
    desk.keep_button.click()
    press(desk, ask="ban", offer_id="O1")
    chosen = set(desk.state.plan.chosen["offer_id"])  # type: ignore[union-attr]  # a plan is shown

    again = desk_at(tmp_path)
    assert again.state.settings == desk.state.settings
    assert again.state.settings.banned == ("O1",)
    assert set(again.state.plan.chosen["offer_id"]) == chosen  # type: ignore[union-attr]  # a plan is shown
    assert [scenario.name for scenario in again.state.scenarios] == ["with the fifth"]
    assert again.state.scenarios[0].planned.settings.locked == ("O5",)
    assert again.controls.by_setting["banned"].value == ["O1"]


def test_a_restarted_kernel_goes_back_and_forth_as_before(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    for offer in ("O5", "O6"):
        press(desk, ask="lock", offer_id=offer)
    press(desk, ask="ban", offer_id="O1")
    desk.undo_button.click()
    start = desk.state.planner.start
    steps = [start, replace(start, locked=("O5",)), replace(start, locked=("O5", "O6"))]

    again = desk_at(tmp_path)
    state = again.state
    assert [state.history.past[0].settings, state.history.past[1].settings, state.settings] == steps
    again.redo_button.click()
    assert state.settings == replace(steps[2], banned=("O1",))
    assert again.controls.by_setting["banned"].value == ["O1"]
    for wanted in reversed(steps):
        again.undo_button.click()
        assert state.settings == wanted
    assert not state.can_undo

    third = desk_at(tmp_path)  # what was taken back after the restart is kept too
    assert (third.state.settings, len(third.state.history.future)) == (start, 3)


def test_what_is_left_on_the_desk_is_found_in_a_shared_postgresql_ledger(postgres_url: str) -> None:
    def office() -> Office:
        return Office(ledger=Ledger(postgres_url), session_id=WEEK)

    state = DeskState.of_planner(given())
    for offer in ("O5", "O6"):
        state.solve(state.wanted.toggled_lock(offer))
    office().keep(state)
    again = DeskState.of_planner(given())
    assert office().take_up(again) == "Taken up where it was left."
    assert again.settings == state.settings
    assert [each.settings for each in again.history.past] == [each.settings for each in state.history.past]


def test_a_step_no_rule_allows_any_more_is_left_out(tmp_path: Path) -> None:
    kept = [{"locked": ["O1", "O2", "O3"]}, {"locked": ["O5"]}]
    draft = {"settings": asdict(START), "scenarios": [], "past": kept, "future": []}
    Ledger.of_room(tmp_path).save_draft(WEEK, draft, who="desk")
    state = DeskState.of_planner(given())
    state.solve(state.wanted)
    office_at(tmp_path).take_up(state)
    assert [planned.settings.locked for planned in state.history.past] == [("O5",)]
    assert not state.error


def test_a_change_that_is_not_planned_yet_is_kept_as_well(tmp_path: Path) -> None:
    office, state = office_at(tmp_path), DeskState.of_planner(given())
    state.request(replace(state.wanted, locked=("O6",)))
    office.keep(state)
    again = DeskState.of_planner(given())
    assert office_at(tmp_path).take_up(again) == "Taken up where it was left."
    assert again.settings.locked == ("O6",)


def test_a_scenario_no_rule_allows_any_more_is_named(tmp_path: Path) -> None:
    draft: Mapping[str, Any] = {
        "settings": asdict(START) | {"later": 1},
        "scenarios": [{"name": "gone", "settings": {"locked": ["O1", "O2", "O3"]}}, {"name": "kept", "settings": {}}],
    }
    Ledger.of_room(tmp_path).save_draft(WEEK, draft, who="desk")
    state = DeskState.of_planner(given())
    words = office_at(tmp_path).take_up(state)
    assert "Scenarios that cannot be planned any more: gone (3 offers are locked in" in words
    assert [scenario.name for scenario in state.scenarios] == ["kept"]


def test_a_ledger_that_cannot_be_written_is_said_and_the_work_goes_on(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    (tmp_path / "ledger.sqlite").write_text("no database, but long enough to be taken for one" * 50, encoding="utf-8")
    press(desk, ask="lock", offer_id="O6")
    assert desk.state.settings.locked == ("O6",)
    assert "could not be kept" in desk.publishing.said.value


def test_publishing_is_refused_without_a_name_a_plan_or_a_proof(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    for planned, who, words in (
        (None, "producer", "there is no plan"),
        (made(START, stopped=True), "producer", "is not proven"),
        (made(START), " ", "nobody is named"),
    ):
        with pytest.raises(InputError, match=words):
            office.publish(planned, who=who)
    assert office.ledger.published(WEEK) == ()


def test_what_may_not_be_said_is_not_published(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    office.unsigned = lambda planned: [f"{planned.plan.chosen['offer_id'].min()}, title: 国家级"]
    with pytest.raises(FindingError, match="may not go on air as they are: O1, title"):
        office.publish(made(START), who="producer")
    assert office.ledger.published(WEEK) == ()
    assert office.ledger.choices(WEEK) == {}


def test_the_button_publishes_what_is_shown(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    desk.publishing.button.click()
    assert "nobody is named" in desk.publishing.said.value
    press(desk, ask="swap", offer_id="O6", other="O1")
    desk.publishing.who.value, desk.publishing.why.value = "producer", "the first ran out"
    desk.publishing.button.click()
    desk.publishing.guard.reraise()
    assert "Published" in desk.publishing.said.value
    ledger = Ledger.of_room(tmp_path)
    assert ledger.published(WEEK) == ("O2", "O6")
    assert ledger.choices(WEEK) == {"O6": "lock", "O1": "ban"}
    found = ledger.versions(WEEK).iloc[0]
    assert (found["who"], found["note"]) == ("producer", "the first ran out")
    assert found["document"]["settings"]["banned"] == ["O1"]
    press(desk, ask="lock", offer_id="O6")
    desk.publishing.button.click()
    assert ledger.choices(WEEK) == {"O1": "ban"}


def test_cards_of_the_board(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    press(desk, ask="lock", offer_id="O4")
    cards = desk.board.cards
    assert [card["id"] for card in cards["ten"]] == ["O1", "O4"]
    assert [card["mark"] for card in cards["ten"]] == ["", "locked"]
    assert [card["when"] for card in cards["bench"]] == ["B1"]
    desk.state._orders[desk.state.plan.version] = {"O4": "20:00", "O1": "20:12"}  # type: ignore[union-attr]  # a plan is shown
    assert [(card["id"], card["when"]) for card in board_cards(desk.state, {})["ten"]] == [("O4", "20:00"), ("O1", "20:12")]


@pytest.mark.parametrize(
    "message",
    [{"ask": "publish", "offer_id": "O1"}, {"ask": "swap", "offer_id": "O1"}, {"ask": "ban", "offer_id": 3}, "ban", None],
)
def test_what_a_board_cannot_mean_is_not_done(tmp_path: Path, message: Any) -> None:
    desk = desk_at(tmp_path)
    before = desk.state.settings
    desk.board._handle_custom_msg(message, [])
    desk.wait()
    assert desk.state.wanted == before


@pytest.fixture
def week(tmp_path: Path) -> Week:
    return open_room(write_room(tmp_path / "room", policy=POLICY)).week()


def test_published_choices_are_the_next_desks_settings_and_the_next_plans_rules(week: Week) -> None:
    screening = screen(week)
    plan = plan_lineup(week, screening, explain=False)
    out = sorted(set(week.table("offers")["offer_id"]) - set(plan.chosen["offer_id"]))[0]
    ledger = Ledger.of_room(week.room)
    ledger.choose(week.session_id, {out: "lock"}, who="producer")
    known = Standing.of_week(ledger, week.session_id)
    planner = WeekPlanner(week=week, standing=known)
    assert planner.start.locked == (out,)
    planned = planner.plan(planner.start)
    assert out in set(planned.plan.chosen["offer_id"])
    rules = known.rules(set(planned.plan.options["offer_id"]))
    assert out in set(plan_lineup(week, screening, explain=False, extra_rules=rules).chosen["offer_id"])
    order = planner.order(planned)
    assert order is not None
    assert set(order) == set(planned.plan.chosen["offer_id"])
    assert list(order.values()) == sorted(order.values())
