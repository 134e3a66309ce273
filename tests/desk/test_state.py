"""The desk's state without widgets or threads: undo and redo, requests, scenarios, names."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bosspick.desk import DeskState, Settings
from bosspick.desk.history import History
from bosspick.desk.planner import Planned
from bosspick.desk.rows import offer_marks, offer_rows
from bosspick.desk.words import plan_html, scenarios_html, status_html
from bosspick.errors import InputError, NoPlanError
from bosspick.lineup import Progress
from tests.desk.fakes import IDS, OPTIONS, START, SlowPlanner, given, made

MOVES = st.lists(st.one_of(st.sampled_from(["undo", "redo"]), st.integers(0, 9)), max_size=30)
ACTS = st.lists(st.one_of(st.sampled_from(["undo", "redo", "fail", "wait", "keep", "take"]), st.sampled_from(IDS)), max_size=30)


def state_of() -> DeskState:
    return DeskState.of_planner(SlowPlanner())


def planned(state: DeskState, *locked: str) -> Planned:
    """Ask for locks and hear a plan that holds them."""
    request = state.request(replace(state.wanted, locked=locked))
    answer = made(request.settings, (*locked, "O1", "O2")[:2])
    assert state.settle(request, answer)
    return answer


@for_all(MOVES)
def test_the_history_is_a_line_with_one_place_on_it(moves: list[str | int]) -> None:
    history: History[int] = History()
    steps: list[int] = []
    at = -1
    for move in moves:
        if isinstance(move, int):
            steps = [*steps[: at + 1], move]
            at += 1
            history = history.then(move)
        else:
            at = max(min(at, 0), at - 1) if move == "undo" else min(len(steps) - 1, at + 1)
            history = history.undo() if move == "undo" else history.redo()
        assert [*history.past, *([] if history.present is None else [history.present]), *history.future] == steps
        assert history.present == (steps[at] if steps else None)


@for_all(MOVES)
def test_redo_after_undo_and_undo_after_then_are_as_if_nothing_had_been(moves: list[str | int]) -> None:
    history: History[int] = History(present=0)
    for move in moves:
        history = history.then(move) if isinstance(move, int) else getattr(history, move)()
        if history.past:
            assert history.undo().redo() == history
        assert history.then(1).undo().present == history.present


@for_all(ACTS)
def test_plan_and_settings_always_belong_together(acts: list[str]) -> None:
    state = state_of()
    line: History[Planned] = History()
    for act in acts:
        if act == "undo":
            pending = state.present is not None and (state.running is not None or state.wanted != state.settings)
            line = line if pending else line.undo()
            state.undo()
        elif act == "redo":
            line = line.redo()
            state.redo()
        elif act == "fail":
            state.fail(state.request(replace(state.wanted, banned=("O3",))), "no")
        elif act == "wait":
            state.request(replace(state.wanted, banned=("O4",)))
        elif act == "keep" and state.present is not None and not state.scenarios:
            state.keep("one")
        elif act == "take" and state.scenarios:
            line = line if state.scenarios[0].planned is line.present else line.then(state.scenarios[0].planned)
            state.take_up("one")
        elif act in IDS:
            line = line.then(planned(state, act))
        assert state.history == line
        assert state.present is line.present
        if state.present is not None:
            assert state.settings is state.present.settings
        if state.present is not None and (act in ("undo", *IDS) or (act == "take" and state.scenarios)):
            assert (state.wanted, state.running) == (state.settings, None)


def test_undo_first_gives_up_what_is_not_planned_yet() -> None:
    state = state_of()
    first = planned(state)
    waiting = state.request(replace(START, locked=("O5",)))
    assert state.undo()
    assert waiting.stop()
    assert (state.present, state.wanted, state.running) == (first, START, None)
    assert not state.settle(waiting, made(waiting.settings))
    state.fail(state.request(replace(START, locked=("O5",))), "no lineup")
    assert (state.error, state.wanted.locked) == ("no lineup", ("O5",))
    assert state.undo()
    assert (state.error, state.wanted) == ("", START)
    assert not state.undo()


def test_an_answer_that_comes_late_is_dropped_whatever_it_is() -> None:
    state = state_of()
    old = state.request(START)
    new = state.request(replace(START, locked=("O5",)))
    assert old.stop()
    assert not new.stop()
    assert not state.progressed(old, Progress(value=1.0, bound=2.0, seconds=1.0))
    assert not state.fail(old, "late")
    assert not state.settle(old, made(START))
    assert state.settle(new, made(new.settings, ("O5", "O1")))
    assert not state.settle(new, made(new.settings))
    assert (state.error, state.settings.locked) == ("", ("O5",))


def test_cancel_keeps_the_best_so_far_and_says_not_proven() -> None:
    state = state_of()
    assert not state.cancel()
    request = state.request(START)
    assert "no lineup found yet" in status_html(state)
    state.progressed(request, Progress(value=1900.0, bound=2000.0, seconds=1.0))
    words = status_html(state)
    assert "best so far 1,900" in words
    assert "none can be worth more than 2,000" in words
    assert "gap 5.26%" in words
    assert state.cancel()
    assert request.stop()
    assert "Cancelling, keeping the best so far" in status_html(state)
    assert state.settle(request, made(START, stopped=True))
    words = status_html(state)
    assert "not proven" in words
    assert "stopped after 1.0 s, the best so far" in words
    assert "OPTIMAL" not in words
    state.keep("cut short")
    assert state.compared()["proven"].tolist() == [False, False]


def test_cancel_before_any_lineup_keeps_the_plan_before() -> None:
    state = state_of()
    first = planned(state)
    request = state.request(replace(START, locked=("O5",)))
    state.cancel()
    state.fail(request, "no lineup of 2: TIME_LIMIT_NO_PLAN")
    assert state.present is first
    assert "Cancelled before a lineup was found" in status_html(state)
    assert "rests on the settings before" in status_html(state)


@pytest.mark.parametrize(("text", "name"), [(" a  b ", "a b"), ("x" * 40, "x" * 40), ("护肤", "护肤")])
def test_names_are_trimmed(text: str, name: str) -> None:
    state = state_of()
    planned(state)
    assert state.keep(text).name == name


@pytest.mark.parametrize(
    ("text", "why"), [("  ", "needs a name"), ("x" * 41, "41 characters"), (" BOLD", "there is a scenario")]
)
def test_names_that_cannot_be_kept(text: str, why: str) -> None:
    state = state_of()
    with pytest.raises(InputError, match="no plan to keep"):
        state.keep("bold")
    planned(state)
    state.keep("Bold")
    with pytest.raises(InputError, match=why):
        state.keep(text)
    assert [scenario.name for scenario in state.scenarios] == ["Bold"]


def test_scenarios_stand_side_by_side_and_can_be_taken_up_and_dropped() -> None:
    state = DeskState.of_planner(given())
    assert state.solve(state.wanted)
    state.keep("as it is")
    assert state.solve(replace(state.wanted, locked=("O5",), platform_pot_yuan=60))
    state.keep("sun <b>")
    table = state.compared().set_index("name")
    assert table.index.tolist() == ["present plan", "as it is", "sun <b>"]
    row = table.loc["as it is"]
    assert (row["value"], row["bound"], bool(row["proven"])) == (1965.0, 1965.0, True)
    assert (row["subsidy_fen"], row["pot_fen"], row["talk_hours"]) == (10_000, 10_000, 1.0)
    assert (row["categories"], row["wishes_met"], row["wishes"]) == (["food", "skin"], 1, 2)
    assert (row["only_here"], row["only_present"]) == (["O2 title 2"], ["O5 title 5"])
    assert (table.loc["sun <b>", "pot_fen"], table.loc["sun <b>", "wishes_met"]) == (6_000, 2)
    assert "sun &lt;b&gt;" in scenarios_html(state.compared(), state.language, any_kept=True)
    sun = state.present
    state.take_up("as it is")
    assert state.wanted == state.settings == given().start
    assert state.undo()
    assert state.present is sun
    state.drop("as it is")
    with pytest.raises(InputError, match="no scenario"):
        state.take_up("as it is")
    state.undo()
    assert state.redo()


def test_a_failure_nobody_expected_is_said_and_raised() -> None:
    planner = SlowPlanner(raises=ZeroDivisionError("<b>broken</b>"))
    planner.free.set()
    state = DeskState.of_planner(planner)
    with pytest.raises(ZeroDivisionError):
        state.solve(START)
    assert "&lt;b&gt;broken&lt;/b&gt;" in status_html(state)
    planner.raises = NoPlanError("nothing fits")
    assert not state.solve(START)
    assert state.error == "nothing fits"


def test_marks_go_by_offer_and_say_what_is_wanted_now() -> None:
    state = DeskState.of_planner(given())
    assert offer_marks(state) == {}
    state.solve(state.wanted)
    assert state.present is not None
    assert state.bench is None
    state.benched(state.present, pd.DataFrame({"bench_rank": [1], "offer_id": ["O3"], "option_id": ["a"]}))
    state.request(state.wanted.toggled_lock("O3").toggled_ban("O2"))
    marks = offer_marks(state)
    assert marks["O1"] == {"place": "ten", "price": 94.0, "worth": 1030.0}
    assert marks["O2"]["mark"] == "banned"
    assert marks["O3"] == {"place": "bench", "rank": 1, "mark": "locked"}
    rows = offer_rows(OPTIONS, {"B1": "one"})
    assert (rows["id"], rows["brand"][:2], rows["worth"][0]) == (IDS, ["one", "B2"], 1030.0)


def test_the_plan_is_told_with_its_changes() -> None:
    state = state_of()
    assert plan_html(state, {}) == ""
    planned(state)
    planned(state, "O5")
    words = plan_html(state, {"O5": "a & b"})
    assert "entered: O5 a &amp; b" in words
    assert "left: O2" in words


def test_locks_and_bans_exclude_each_other_and_order_never_matters() -> None:
    settings = Settings(store_score_min=4.5, min_channels=4, platform_pot_yuan=1, locked=("b", "a", "b"))
    assert settings == settings.toggled_ban("a").toggled_lock("a")
    assert settings.toggled_ban("a").locked == ("b",)
    assert settings.toggled_lock("a").toggled_lock("b").locked == ()
