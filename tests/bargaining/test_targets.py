"""Targets: the walk-away against brute force over the price grid, and reasons for every ask."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from bosspick import open_room, plan_lineup, price_targets, screen
from bosspick.bargaining.anchor import Anchor, concession_ladder, pick_anchor
from bosspick.bargaining.targets import TARGET_COLUMNS, Targets
from bosspick.demand import estimate_demand
from bosspick.demand.options import agreed_rows, grid_prices
from bosspick.demand.value import offer_facts
from bosspick.intake import Week
from bosspick.lineup import Ban, Lock, optimise
from bosspick.lineup.plan import LineupPlan
from bosspick.policy import BargainingPolicy
from tests.rooms import POLICY, offer, write_room

# One worker: what the module shares is made once.
pytestmark = pytest.mark.xdist_group("targets")

RULES = (
    POLICY
    + """
[[pots]]
id = "platform"
payer = "platform"
amount = 600

[[rules]]
id = "pot"
title = "Within the pot"
type = "budget"
column = "subsidy_fen"
pot = "platform"

[[rules]]
id = "spread"
title = "One of each category"
type = "group"
column = "category"
at_most = 1
"""
)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Week, LineupPlan, Targets]:
    """Five offers of which two are picked, with a subsidy pot that binds."""
    rows = [
        offer(1, opening_price="88"), offer(2, opening_price="92"), offer(3, opening_price="85", stock="120"),
        offer(4, opening_price="104", floor_low="80", floor_high="99"), offer(5, opening_price="70", stock="90"),
    ]  # fmt: skip
    policy = RULES.replace("min_channels = 4", "min_channels = 4\nstock_min = 0")
    week = open_room(write_room(tmp_path_factory.mktemp("targets") / "room", offers=rows, policy=policy, count=5)).week()
    screening = screen(week)
    plan = plan_lineup(week, screening)
    return week, plan, price_targets(week, screening, plan)


@pytest.mark.parametrize("offer_id", ["O1", "O2", "O3", "O4", "O5"])
def test_the_walk_away_equals_trying_prices_one_by_one(planned: tuple[Week, LineupPlan, Targets], offer_id: str) -> None:
    week, plan, targets = planned
    facts = offer_facts(week, screen(week), estimate_demand(week))[offer_id]
    prices = grid_prices(week, facts, low_fen=round(facts.opening_fen * 0.55), step_fen=10)
    grid = agreed_rows(week, [(facts, prices)])
    labels = plan.options[plan.options["offer_id"] == offer_id].iloc[0]
    grid = grid.assign(
        option_id="agreed",
        talk_hours=0.0,
        value=grid["agreed_value"],
        **{c: labels[c] for c in ("category", "brand_id", "store_id")},
    )
    others = plan.options[plan.options["offer_id"] != offer_id]
    without = optimise(plan.options, [*plan.rules, Ban(offer_id=offer_id, id="out")], pick=2).value
    found = targets.frame.set_index("offer_id").loc[offer_id]
    stated = found["walk_away_fen"]
    # Near the stated price every row is tried in full; above it none may earn its place.
    near = grid[::40] if pd.isna(stated) else grid[grid["brand_price_fen"].between(int(stated) - 10, int(stated) + 120)]
    worthy = []
    for row in near.to_dict("records"):
        frame = pd.concat([others, pd.DataFrame([row])], ignore_index=True)
        result = optimise(frame, [*plan.rules, Lock(offer_id=offer_id, id="in")], pick=2)
        if result.outcome.has_plan and result.value >= without - 1e-6 * abs(without):
            worthy.append(row["brand_price_fen"])
    assert (max(worthy) if worthy else None) == (None if pd.isna(stated) else stated)


def test_every_row_has_its_columns_and_reason(planned: tuple[Week, LineupPlan, Targets]) -> None:
    _, plan, targets = planned
    frame = targets.frame
    assert tuple(frame.columns) == TARGET_COLUMNS
    assert set(frame.loc[frame["in_plan"], "offer_id"]) == set(plan.chosen["offer_id"])
    assert frame["anchor_reason"].str.len().gt(10).all()
    assert (frame["anchor_fen"] <= frame["target_fen"]).all()
    assert (frame["anchor_fen"] >= (frame["opening_fen"] * 0.55).round()).all()
    chosen = plan.chosen.set_index("offer_id")["brand_price_fen"]
    own = frame[frame["in_plan"]].set_index("offer_id")["target_fen"]
    assert own.to_dict() == chosen.to_dict()


def test_ladders_rise_with_shrinking_steps(planned: tuple[Week, LineupPlan, Targets]) -> None:
    _, _, targets = planned
    for row in targets.frame.to_dict("records"):
        rungs = [row["anchor_fen"], *(rung.price_fen for rung in targets.ladders[row["offer_id"]])]
        steps = [after - before for before, after in pairwise(rungs)]
        assert all(step >= 0 for step in steps)
        assert all(after <= before + 1 for before, after in pairwise(steps))
        trades = [rung.trade for rung in targets.ladders[row["offer_id"]]]
        assert len(set(trades)) == len(trades)


@pytest.mark.parametrize(
    ("asks", "target", "price", "reason"),
    [
        ([(8000, "own shop")], 8500, 8000, "own shop"),
        ([(8000, "own shop"), (7000, "members")], 8500, 7000, "members"),
        ([(3000, "own shop")], 8500, 5500, "should-cost"),
        ([(9000, "own shop")], 8500, 5500, "should-cost"),
        ([], 5000, 5000, "the target itself"),
    ],
)
def test_the_anchor_is_the_lowest_ask_that_can_be_defended(
    asks: list[tuple[int, str]], target: int, price: int, reason: str
) -> None:
    given = [Anchor(price_fen=fen, reason=why) for fen, why in asks]
    found = pick_anchor(given, target_fen=target, opening_fen=10_000, policy=BargainingPolicy())
    assert found.price_fen == price
    assert found.reason.startswith(reason)


def test_no_ladder_where_there_is_no_room() -> None:
    assert concession_ladder(9000, 9000, BargainingPolicy()) == ()


def test_the_talk_plans_aims_are_the_targets(planned: tuple[Week, LineupPlan, Targets]) -> None:
    week, plan, before = planned
    options = plan.options[plan.options["talk_hours"].gt(0)]
    aimed = options.sort_values(["offer_id", "brand_price_fen"]).groupby("offer_id").nth(1)
    talks = pd.DataFrame(
        {
            "offer_id": aimed["offer_id"],
            "aim_fen": aimed["brand_price_fen"],
            "turn": range(1, len(aimed) + 1),
            "worth_per_hour": 7.5,
        }
    ).head(2)
    limits = before.frame.set_index("offer_id")[["walk_away_fen", "walk_away_subsidy_fen"]]
    limits = limits.rename(columns={"walk_away_subsidy_fen": "at_subsidy_fen"})
    found = price_targets(week, screen(week), plan, limits=limits, talks=talks)
    frame, old = found.frame.set_index("offer_id"), before.frame.set_index("offer_id")
    for talk in talks.to_dict("records"):
        row = frame.loc[talk["offer_id"]]
        assert row["target_fen"] == talk["aim_fen"]
        assert (row["turn"], row["worth_per_hour"]) == (talk["turn"], 7.5)
        assert row["stop_fen"] >= row["target_fen"]
        assert row["anchor_fen"] <= row["target_fen"]
        own = options[(options["offer_id"] == talk["offer_id"]) & (options["brand_price_fen"] == talk["aim_fen"])]
        assert row["value_at_target"] == own["agreed_value"].max()
    others = frame.index.difference(talks["offer_id"])
    assert frame.loc[others, "turn"].isna().all()
    assert frame.loc[others, "target_fen"].to_dict() == old.loc[others, "target_fen"].to_dict()
    counted = plan.chosen.set_index("offer_id")["brand_price_fen"]
    assert frame["plan_fen"].dropna().to_dict() == counted.to_dict()


def test_units_and_value_stand_at_every_price(planned: tuple[Week, LineupPlan, Targets]) -> None:
    week, _, targets = planned
    facts = offer_facts(week, screen(week), estimate_demand(week))
    seen = 0
    for row in targets.frame.to_dict("records"):
        fact = facts[row["offer_id"]]
        grid = agreed_rows(week, [(fact, grid_prices(week, fact, low_fen=row["anchor_fen"]))])
        for name in ("opening", "anchor", "walk_away"):
            own = grid[grid["brand_price_fen"] == (0 if pd.isna(row[f"{name}_fen"]) else row[f"{name}_fen"])]
            if own.empty:
                assert pd.isna(row[f"value_at_{name}"])
                continue
            best = own.loc[own["agreed_value"].idxmax()]
            assert (row[f"units_at_{name}"], row[f"value_at_{name}"]) == (best["expected_units"], best["agreed_value"])
            seen += 1
    assert seen > 5
