"""The walk-away price against trying every row of the grid in every lineup."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from bosspick.bargaining.walkaway import walk_away
from bosspick.errors import NoPlanError, OptionsError
from bosspick.lineup import Ban, Budget, Group, Lock, Rule, optimise
from tests.lineup.weeks import small_week
from tests.oracle.brute import brute


def price_grid(options: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Prices and subsidy steps whose agreed value is bumpy, not monotone, in the price."""
    rng = random.Random(seed)
    rows: list[dict[str, object]] = []
    for offer, own in options.groupby("offer_id"):
        first = own.iloc[0]
        top = float(own["value"].max())
        for k in range(rng.randint(3, 6)):
            rows.extend(
                {
                    "offer_id": offer,
                    "brand_price_fen": 9_900 - 1_000 * k,
                    "s_fen": 200 * step,
                    "agreed_value": round(
                        top * rng.uniform(0.2, 1.3) + 40 * k + rng.uniform(-80, 80),
                        2,
                    ),
                    "subsidy_fen": 1_100 * step * rng.randint(0, 3),
                    "hours": rng.choice([0.0, 0.5, 1.25]),
                    "category": first["category"],
                    "band": rng.choice(["low", "mid"]),
                }
                for step in range(rng.randint(1, 3))
            )
    return pd.DataFrame(rows).sample(frac=1, random_state=seed)


def by_trying(
    options: pd.DataFrame, rules: list[Rule], grid: pd.DataFrame, pick: int, offer: str
) -> tuple[int | None, float | None]:
    """The walk-away price and the value without the offer, by brute force."""
    own = [r for r in rules if not (isinstance(r, Lock) and r.mode == "hard" and r.offer_id == offer)]
    without = brute(options, [*own, Ban(offer_id=offer, id="out")], pick).value
    others = options[options["offer_id"] != offer]
    rows = grid[grid["offer_id"] == offer].sort_values("brand_price_fen", ascending=False)
    for row in rows.to_dict("records"):
        agreed = pd.DataFrame([{**row, "option_id": "agreed", "value": row["agreed_value"]}])
        frame = pd.concat([others, agreed[options.columns]], ignore_index=True)
        best = brute(frame, [*own, Lock(offer_id=offer, id="in")], pick).value
        if best is not None and (without is None or best >= without - 1e-6):
            return int(row["brand_price_fen"]), without
    return None, without


@pytest.mark.parametrize("start", range(0, 60, 10))
def test_matches_brute_force_inside_and_outside_the_plan(start: int) -> None:
    inside = outside = 0
    for seed in range(start, start + 10):
        options, rules, pick = small_week(seed)
        rules = [r for r in rules if not (isinstance(r, Group) and r.column == "band" and r.at_least)]
        rules.append(Budget(column="subsidy_fen", at_most=5_000, id="tight"))
        result = optimise(options, rules, pick=pick)
        if not result.outcome.has_plan:
            continue
        grid = price_grid(options, seed)
        found = walk_away(options, rules, grid, pick=pick, result=result)
        assert found["offer_id"].tolist() == sorted(set(grid["offer_id"]))
        for row in found.to_dict("records"):
            price, without = by_trying(options, rules, grid, pick, str(row["offer_id"]))
            where = f"seed {seed}, {row}"
            assert (None if pd.isna(row["walk_away_fen"]) else row["walk_away_fen"]) == price, where
            if without is not None:
                assert row["value_without"] == pytest.approx(without, abs=1e-6), where
                assert price is None or row["value_with"] >= without - 1e-6, where
            inside += bool(row["in_plan"])
            outside += not row["in_plan"]
    assert inside
    assert outside


def test_a_locked_offer_is_priced_as_if_it_were_free() -> None:
    options, _, pick = small_week(2)
    rules: list[Rule] = [Lock(offer_id="o1")]
    grid = price_grid(options, 5)
    result = optimise(options, rules, pick=pick)
    found = walk_away(options, rules, grid, pick=pick, result=result).set_index("offer_id")
    price, without = by_trying(options, rules, grid, pick, "o1")
    assert found.loc["o1", "walk_away_fen"] == price
    assert found.loc["o1", "value_without"] == pytest.approx(without)
    assert found.loc["o1", "in_plan"]


def test_an_offer_without_options_can_still_be_priced() -> None:
    options, _, pick = small_week(4)
    rules: list[Rule] = [Group(column="category", at_most=2)]
    grid = price_grid(options, 5)
    grid.loc[grid["offer_id"] == "o0", "agreed_value"] += 5_000.0
    left = options[options["offer_id"] != "o0"]
    found = walk_away(left, rules, grid, pick=pick, result=optimise(left, rules, pick=pick)).set_index("offer_id")
    assert found.loc["o0", "walk_away_fen"] == grid.loc[grid["offer_id"] == "o0", "brand_price_fen"].max()


def test_grids_and_results_that_cannot_be_used() -> None:
    options, _, pick = small_week(4)
    result = optimise(options, pick=pick)
    grid = price_grid(options, 5)
    with pytest.raises(OptionsError, match="columns are missing: agreed_value"):
        walk_away(options, [], grid.drop(columns="agreed_value"), pick=pick, result=result)
    with pytest.raises(OptionsError, match="the same offer, price and step twice"):
        walk_away(options, [], pd.concat([grid, grid.head(1)]), pick=pick, result=result)
    none = optimise(options, [Budget(column="subsidy_fen", at_most=-1)], pick=pick)
    with pytest.raises(NoPlanError):
        walk_away(options, [], grid, pick=pick, result=none)
