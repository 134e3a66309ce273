"""What a brand may accept: bounds, past talks, and whether past talks ended as they would have been expected to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bosspick import open_room
from bosspick.demand import acceptance_of
from bosspick.demand.acceptance import Acceptance
from bosspick.demand.past_talks import PastTalks, calibration, past_talks
from bosspick.intake import Week
from bosspick.share import share_path


@pytest.fixture(scope="module")
def week() -> Week:
    return open_room(share_path("seeds")).week("2026-W49")


def one(
    low: int, high: int, *, weight: float = 0.0, expected: float = float("nan"), spread: float = float("nan")
) -> Acceptance:
    row = {"low_fen": low, "high_fen": high, "opening_fen": 10_000, "prior": False, "expected_fen": expected,
           "spread_fen": spread, "weight": weight, "brand_talks": 0, "category_talks": 0, "basis": ""}  # fmt: skip
    return Acceptance(bounds=pd.DataFrame([row], index=pd.Index(["o1"], name="offer_id")))


@pytest.mark.parametrize(("price", "chance"), [(7999, 0.0), (8000, 0.0), (8500, 0.5), (9000, 1.0), (9500, 1.0), (10_000, 1.0)])
def test_without_past_talks_the_spread_is_even(price: int, chance: float) -> None:
    assert one(8000, 9000).probability("o1", np.array([price]))[0] == pytest.approx(chance)


def test_a_known_floor_and_an_opening_below_it() -> None:
    assert one(8000, 8000).probability("o1", np.array([7999, 8000])).tolist() == [0.0, 1.0]
    assert one(12_000, 13_000).probability("o1", np.array([9999, 10_000])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("expected", "below_half"), [(8100.0, True), (8900.0, False), (5000.0, True), (20_000.0, False)])
def test_past_talks_pull_the_distribution(expected: float, below_half: bool) -> None:
    chance = one(8000, 9000, weight=0.8, expected=expected, spread=100.0).probability("o1", np.array([8500]))[0]
    assert bool(chance > 0.5) is below_half
    assert 0.1 - 1e-9 <= chance <= 0.9 + 1e-9  # what is not known of the brand keeps its part


@given(
    weight=st.floats(0, 0.99), expected=st.floats(1000, 20_000), spread=st.floats(20, 3000),
    low=st.integers(5000, 9000), width=st.integers(0, 900),
)  # fmt: skip
def test_a_dearer_price_is_never_less_likely(weight: float, expected: float, spread: float, low: int, width: int) -> None:
    prices = np.arange(low - 50, 10_001, 7)
    chance = one(low, low + width, weight=weight, expected=expected, spread=spread).probability("o1", prices)
    assert (np.diff(chance) >= -1e-12).all()
    assert ((chance >= 0) & (chance <= 1)).all()
    assert (chance[prices < low] == 0).all()
    assert (chance[prices >= low + max(width, 1)] == pytest.approx(1.0)) if (prices >= low + max(width, 1)).any() else True


def test_brands_are_shrunk_towards_their_category() -> None:
    talks = pd.DataFrame(
        {"brand_id": ["a"] * 6 + ["b"] * 2 + ["c"], "category": ["x"] * 8 + ["y"], "share": [0.8] * 6 + [0.95] * 2 + [0.9]}
    )
    found = PastTalks(talks=talks, strength=3.0).expected(pd.Series(["a", "b", "z", "z"]), pd.Series(["x", "x", "x", "w"]))
    share = found["share"].tolist()
    assert 0.8 < share[0] < share[2] < share[1] < 0.95
    assert share[3] == pytest.approx(talks["share"].mean())
    assert found["brand_talks"].tolist() == [6, 2, 0, 0]
    assert found["weight"].is_monotonic_decreasing
    assert found["weight"].iloc[3] == 0


def test_without_history_it_is_called_a_prior(week: Week) -> None:
    tables = {name: table.iloc[:0] if name == "airings" else table for name, table in week.tables.items()}
    bounds = acceptance_of(replace(week, tables=tables)).bounds
    assert (bounds["weight"] == 0).all()
    assert set(bounds["basis"]) <= {
        "our estimate of the floor, spread evenly: no past talks", "the policy's prior bounds, spread evenly: no past talks",
    }  # fmt: skip
    assert calibration(past_talks(replace(week, tables=tables))).empty


def test_the_demo_rooms_talks_end_about_as_expected(week: Week) -> None:
    found = calibration(past_talks(week))
    assert found["observed"].is_monotonic_increasing
    assert (found["talks"] > 300).all()
    assert (found["observed"] - found["expected"]).abs().max() < 0.12
    bounds = acceptance_of(week).bounds
    assert (bounds["weight"] > 0).mean() > 0.9
    assert bounds["basis"].str.contains("past talks").all()


def test_later_shows_are_not_learned_from(week: Week) -> None:
    assert len(past_talks(replace(week, session_id="2026-W10")).talks) < len(past_talks(week).talks)
    assert past_talks(replace(week, session_id="2020-W10")).talks.empty


def test_the_module_is_read_from_a_room_without_history(room: Path) -> None:
    assert past_talks(open_room(room).week()).talks.empty
