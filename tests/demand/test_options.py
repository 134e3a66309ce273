"""Price options: none above what passes, values that add up, and expectations that hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bosspick import open_room, price_options, screen
from bosspick.demand import acceptance_of, estimate_demand
from bosspick.demand.ladder import price_ladder, usual_prices
from bosspick.demand.options import COMPONENTS
from bosspick.intake import Week
from tests.rooms import POLICY, WEEK, offer, write_room, write_rows

AIRING = {
    "session_id": "2026-W40", "offer_id": "X", "brand_id": "B1", "category": "美妆", "slot": "1", "viewers": "1000000",
    "opening_price": "100", "agreed_price": "95", "viewer_price": "95", "stock": "9000", "units": "3000",
}  # fmt: skip


def week_of(folder: Path, **changes: object) -> Week:
    return open_room(write_room(folder, **changes)).week()  # type: ignore[arg-type]  # tables and policy by name


def test_no_option_lies_above_what_passes(tmp_path: Path) -> None:
    week = week_of(tmp_path / "room", offers=[offer(1, opening_price="120"), offer(2), offer(3)])
    options = price_options(week, screen(week))
    assert (options["viewer_price_fen"] <= 9999).all()
    assert (options["viewer_price_fen"] == options["brand_price_fen"] - options["subsidy_step_fen"]).all()
    assert not options.duplicated(["offer_id", "option_id"]).any()
    assert set(options.loc[options["offer_id"] == "O1", "fallback_value"]) != {0.0}


def test_components_add_up_and_units_are_capped(tmp_path: Path) -> None:
    week = week_of(tmp_path / "room", offers=[offer(1, stock="50"), offer(2, daily_capacity="7", promise_days="3"), offer(3)],
                   policy=POLICY.replace("[screening]", "[screening]\nstock_min = 0\ndaily_capacity_min = 0"))  # fmt: skip
    options = price_options(week, screen(week))
    assert np.allclose(options[list(COMPONENTS)].sum(axis=1), options["agreed_value"], atol=0.02)
    most = options.groupby("offer_id")[["expected_units", "units90"]].max()
    assert most.loc["O1"].tolist() == [50, 50]
    assert most.loc["O2"].tolist() == [21, 21]
    assert (options["units90"] >= options["expected_units"]).all()
    assert (options["subsidy_fen"] == options["expected_units"] * options["subsidy_step_fen"]).all()


def test_the_best_price_lies_inside_the_ladder(tmp_path: Path) -> None:
    week = week_of(tmp_path / "room")
    options = price_options(week, screen(week))
    own = options[(options["offer_id"] == "O1") & (options["subsidy_step_fen"] == 0)].sort_values("brand_price_fen")
    best = own.loc[own["value"].idxmax(), "brand_price_fen"]
    assert own["brand_price_fen"].min() < best < own["brand_price_fen"].max()
    assert own["accept_p"].is_monotonic_increasing


def test_an_offer_is_never_worth_more_for_failing(tmp_path: Path) -> None:
    week = week_of(tmp_path / "room", offers=[offer(1, opening_price="130"), offer(2), offer(3)])
    options = price_options(week, screen(week))
    best = options.groupby("offer_id")["agreed_value"].max()
    assert (options["value"] <= options["offer_id"].map(best) + 0.01).all()


def test_a_settled_price_is_the_only_one(tmp_path: Path) -> None:
    week = week_of(tmp_path / "room")
    options = price_options(week, screen(week), settled={"O1": 8800})
    own = options[options["offer_id"] == "O1"]
    assert set(own["brand_price_fen"]) == {8800}
    assert (own["accept_p"] == 1).all()
    assert (own["value"] == own["agreed_value"]).all()


def test_without_airings_the_prior_says_so(tmp_path: Path) -> None:
    demand = estimate_demand(week_of(tmp_path / "room"))
    assert set(demand.offers["basis"]) == {"prior of the policy: fewer than 3 airings are known"}
    assert demand.offers["units_at_opening"].unique().tolist() == [1.6 * 100]


def test_a_brand_that_sells_more_is_expected_to_sell_more_but_shrunk(tmp_path: Path) -> None:
    folder = write_room(tmp_path / "room")
    rows = [
        AIRING | {"session_id": f"2026-W{week}", "offer_id": f"{brand}-{week}", "brand_id": brand, "units": units}
        for week in range(30, 40)
        for brand, units in (("B1", "6000"), ("B3", "1500"))
    ]
    write_rows(folder / "history" / "airings.csv", rows)
    demand = estimate_demand(open_room(folder).week()).offers.set_index("offer_id")["units_at_opening"]
    assert demand["O1"] > demand["O2"] > demand["O3"]
    assert demand["O1"] / demand["O3"] < 4
    later = [AIRING | {"session_id": WEEK, "offer_id": "later", "units": "900000"}]
    write_rows(folder / "history" / "airings.csv", rows + later)
    again = estimate_demand(open_room(folder).week()).offers.set_index("offer_id")["units_at_opening"]
    pd.testing.assert_series_equal(demand, again)


def test_a_missing_floor_takes_the_prior_and_is_flagged(tmp_path: Path) -> None:
    week = week_of(tmp_path / "room", offers=[offer(1, floor_low="", floor_high=""), offer(2, floor_high="999"), offer(3)])
    acceptance = acceptance_of(week)
    assert acceptance.bounds["prior"].tolist() == [True, False, False]
    assert acceptance.bounds.loc["O1", ["low_fen", "high_fen"]].tolist() == [6750, 8550]
    assert acceptance.bounds.loc["O2", "high_fen"] == 9000
    assert acceptance.probability("O1", np.array([6749, 6750, 7650, 8550, 9000])).tolist() == [0, 0, 0.5, 1, 1]


@given(low=st.integers(1, 50_000), span=st.integers(0, 50_000), steps=st.integers(1, 20), keep=st.integers(1, 100_000))
def test_the_ladder_keeps_its_ends_and_endings(low: int, span: int, steps: int, keep: int) -> None:
    endings = (".9", "9", "99")
    ladder = price_ladder(low, low + span, keep=[keep], steps=steps, endings=endings)
    assert ladder == sorted(set(ladder), reverse=True)
    assert ladder[0] == low + span
    assert all(low <= price for price in ladder)
    usual = set(usual_prices(low, low + span, endings).tolist())
    assert set(ladder) - {low + span, low} <= usual
    below = [price for price in usual if price <= keep and price < low + span]
    assert not below or max(below) in ladder


@pytest.mark.parametrize(
    ("ending", "fits"),
    [(".9", lambda fen: fen % 100 == 90), ("9", lambda fen: fen % 1000 == 900), ("99", lambda fen: fen % 10_000 == 9900)],
)
def test_usual_endings(ending: str, fits: Callable[[int], bool]) -> None:
    prices = usual_prices(1, 200_000, [ending])
    assert len(prices)
    assert all(fits(int(price)) for price in prices)
