"""Who pays, what the next ¥10,000 would bring, and pots that are there for an event or for some goods only."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick import open_room, plan_lineup, screen
from bosspick.bargaining.subsidy import FALL_COLUMNS, POT_COLUMNS, subsidy_by_payer
from bosspick.intake import Week
from bosspick.lineup import Budget
from bosspick.lineup.pots import events_on, plannable_fen, pots_in_force
from tests.rooms import POLICY, write_room, write_rows

POTS = """
[[pots]]
id = "weekly"
payer = "platform"
amount = "1000"
reserve = 0.1
[[pots]]
id = "full"
payer = "platform"
amount = "500"
event = "autumn"
goods = "full_price"
[[pots]]
id = "one-yuan"
payer = "platform"
amount = "300"
goods = "new_users"
[[pots]]
id = "spring"
payer = "platform"
amount = "9000"
event = "spring"
[[pots]]
id = "welfare"
payer = "host"
amount = "200"
reserve = 0.5
[[rules]]
id = "pot"
title = "the pot"
type = "budget"
column = "subsidy_fen"
pot = "platform"
[[rules]]
id = "stress"
title = "the pot on a very good night"
type = "budget"
column = "subsidy90_fen"
pot = "platform"
stress = true
"""


@pytest.fixture
def week(tmp_path: Path) -> Week:
    room = write_room(tmp_path / "room", policy=POLICY + POTS)
    dates = {"date_from": "2026-11-20", "date_to": "2026-11-30", "subsidy_budget": "70"}
    write_rows(room / "calendar.csv", [{**dates, "event": "autumn"}, {**dates, "date_to": "2026-11-21", "event": "spring"}])
    return open_room(room).week()


def test_pots_in_force_and_what_they_are_for(week: Week) -> None:
    assert [pot.id for pot in pots_in_force(week)] == ["weekly", "full", "one-yuan", "welfare"]
    assert events_on(week) == {"autumn": 7_000}
    assert plannable_fen(week, "platform") == 90_000 + 50_000 + 7_000
    assert plannable_fen(week, "platform", discounted=True) == 90_000 + 7_000
    assert plannable_fen(week, "platform", stress=True) == 150_000 + 75_000 + 7_000
    assert plannable_fen(week, "host") == 10_000
    assert plannable_fen(week, "brand") == 0


def test_the_pots_are_the_budgets_of_the_lineup(week: Week) -> None:
    plan = plan_lineup(week, screen(week), explain=False)
    budgets = {rule.column: rule.at_most for rule in plan.rules if isinstance(rule, Budget)}
    assert budgets == {
        "subsidy_fen": 147_000, "subsidy_discounted_fen": 97_000, "subsidy90_fen": 232_000, "subsidy90_discounted_fen": 157_000,
    }  # fmt: skip
    options = plan.options
    opening = week.table("offers").set_index("offer_id")["opening_price_fen"]
    full = options["brand_price_fen"] >= options["offer_id"].map(opening).astype("int64")
    assert (options.loc[full, "subsidy_discounted_fen"] == 0).all()
    assert (options.loc[~full, "subsidy_discounted_fen"] == options.loc[~full, "subsidy_fen"]).all()


def test_prices_taken_apart_by_who_pays(week: Week) -> None:
    plan = plan_lineup(week, screen(week), explain=False)
    found = subsidy_by_payer(week, plan)
    assert tuple(found.pots.columns) == POT_COLUMNS
    assert tuple(found.fall.columns) == FALL_COLUMNS
    fall = found.fall
    assert (fall["opening_fen"] - fall["brand_fen"] - fall["platform_fen"] == fall["viewer_fen"]).all()
    pots = found.pots.set_index("payer")
    assert pots.loc["platform", "planned_fen"] == (fall["platform_fen"] * fall["units"]).sum()
    assert pots.loc["platform", "left_fen"] == 147_000 - pots.loc["platform", "planned_fen"]
    assert pots.loc["platform", "given_fen"] == 100_000 + 50_000 + 30_000 + 7_000
    assert pots.loc["host", "reserve_fen"] == 10_000
    assert pots.loc["platform", "next_step_value"] >= 0
    assert found.not_in_force == ("spring",)
