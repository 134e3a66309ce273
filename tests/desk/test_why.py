"""Why an offer is not in, in words."""

from __future__ import annotations

from bosspick.desk import DeskState, GivenPlanner, Settings
from bosspick.desk.why import why_words
from bosspick.lineup import Ban, Group, Rule
from tests.desk.fakes import OPTIONS, RULES, made


def told(offer: str, *more: Rule, settings: Settings | None = None) -> str:
    planner = GivenPlanner(OPTIONS, [*RULES, *more], pick=2)
    state = DeskState.of_planner(planner)
    assert state.solve(settings or planner.start), state.error
    assert state.present is not None
    return why_words(state.present.plan, offer, planner.titles)


def test_what_it_would_cost_and_who_leaves() -> None:
    assert told("O4") == "Forcing O4 title 4 in would cost 200 (10.2% of what the plan is worth). O2 title 2 leaves."


def test_what_is_in_needs_no_forcing() -> None:
    assert told("O1") == "O1 title 1 is in: on air at ¥94.00 it is worth 1,030."


def test_which_rules_are_in_the_way() -> None:
    words = told("O4", Group(column="category", label="skin", at_most=0, id="skin", title="no skin care"))
    assert words.startswith("O4 title 4 cannot be in under the rules. In the way: “no skin care”")
    assert "is asked for" not in words


def test_a_ban_of_the_policy_is_named() -> None:
    assert told("O4", Ban(offer_id="O4", title="its packaging changes")).endswith("a rule bans it, “its packaging changes”.")


def test_a_ban_of_the_desk_is_thought_away() -> None:
    settings = GivenPlanner(OPTIONS, RULES, pick=2).start.toggled_ban("O1")
    words = told("O1", settings=settings)
    assert words.startswith("O1 title 1 is banned at the desk. Without that ban: Having O1 title 1 in would gain 205. ")


def test_what_may_not_air_is_told_so() -> None:
    assert "may not air" in told("O99")


def test_an_unproven_plan_may_gain() -> None:
    words = why_words(made(GivenPlanner(OPTIONS, RULES).start, ("O5", "O6"), stopped=True).plan, "O1", {})
    assert "would gain" in words
    assert "not proven" in words


def test_an_equal_lineup_costs_nothing() -> None:
    options = OPTIONS.assign(value=100.0)
    planner = GivenPlanner(options, pick=2)
    state = DeskState.of_planner(planner)
    state.solve(planner.start)
    assert state.present is not None
    assert "would cost nothing" in why_words(state.present.plan, "O6", planner.titles)
