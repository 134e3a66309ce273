"""Planning a week at the desk: what is made once, and what a producer's settings mean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bosspick import open_room
from bosspick.desk import DeskState, WeekPlanner, planner
from bosspick.intake import Week
from bosspick.ledger import Standing
from tests.desk.fakes import given
from tests.rooms import POLICY, write_room


@pytest.fixture
def week(tmp_path: Path) -> Week:
    policy = POLICY + '\n[[pots]]\nid = "p"\npayer = "platform"\namount = 1000\n'
    return open_room(write_room(tmp_path / "room", policy=policy)).week()


def test_locks_and_bans_change_the_plan_and_undo_brings_it_back(week: Week) -> None:
    state = DeskState.of_planner(WeekPlanner(week=week))
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
    state = DeskState.of_planner(WeekPlanner(week=week))
    state.solve(state.settings)
    plan = state.plan
    assert not state.solve(replace(state.settings, banned=("O1", "O2")))
    assert "Banned at the desk: O1" in state.error
    assert state.plan is plan


def test_a_tighter_threshold_screens_again_and_a_ban_on_what_may_not_air_is_none(week: Week) -> None:
    state = DeskState.of_planner(WeekPlanner(week=week))
    assert not state.solve(replace(state.settings, store_score_min=4.9, banned=("O1",)))
    assert "store score below the threshold" in state.error


def test_screening_and_options_are_made_once_for_each_threshold(week: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for name in ("screen", "price_options"):
        real = getattr(planner, name)
        monkeypatch.setattr(planner, name, lambda *a, _name=name, _real=real, **k: (made.append(_name), _real(*a, **k))[1])
    desk = WeekPlanner(week=week)
    first = desk.plan(desk.start)
    again = desk.plan(replace(desk.start, platform_pot_yuan=1, locked=("O3",), banned=("O1",)))
    assert made == ["screen", "price_options"]
    assert again.plan.options is first.plan.options
    desk.plan(replace(desk.start, min_channels=2))
    assert made == ["screen", "price_options"] * 2


def test_what_the_ledger_knows_holds_at_the_desk(week: Week) -> None:
    desk = WeekPlanner(week=week, standing=Standing(settled={"O1": 8_000}))
    options = desk.plan(desk.start).plan.options
    assert options.loc[options["offer_id"] == "O1", "brand_price_fen"].unique().tolist() == [8_000]


def test_brands_and_titles_are_called_by_name(week: Week) -> None:
    desk = WeekPlanner(week=week)
    assert desk.brands["B1"] == "品牌1"
    assert desk.titles["O1"].startswith("品牌1")


def test_a_lock_on_what_may_not_air_can_be_released() -> None:
    state = DeskState.of_planner(given())
    assert state.solve(state.settings)
    assert not state.solve(replace(state.settings, locked=("O9",)))
    assert "no options exist for offer 'O9'" in state.error
    (release,) = state.repairs
    assert release.text == "release the lock 'Locked at the desk: O9'"
    assert state.wanted.mended(release).locked == ()
