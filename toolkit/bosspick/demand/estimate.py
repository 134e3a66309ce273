"""Expected units of every offer at a price, shrunk from past airings.

The estimate works on the logarithm of units per 1,000 views, brought to the opening price by the policy's
elasticity and to an average slot by the slot's own mean. A level is fitted on the logarithm of the opening
price; what remains is averaged by category and, inside it, by brand, each mean shrunk towards the level
above: with ``n`` airings and ``k = demand.strength`` it weighs ``n / (n + k)``. This is the usual
empirical-Bayes compromise between no pooling and complete pooling (Efron and Morris 1975). Without airings
the policy's prior is used and the basis says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bosspick.intake import Week
from bosspick.policy import DemandPolicy

__all__ = ["Z90", "Demand", "estimate_demand"]

#: 90th percentile of the standard normal distribution.
Z90 = 1.2815515655446004
_MIN_AIRINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Expected demand of a week's offers.

    Attributes
    ----------
    offers
        One row an offer: offer_id, units_at_opening (median), brand_airings, category_airings, basis (what the
        estimate rests on, in words).
    sigma
        Spread of log units around the estimate.
    elasticity
        Units against viewer price.
    viewers
        Expected views of the show.
    slot_multipliers
        Mean sales of each slot against the average slot, by slot number, where airings tell.
    """

    offers: pd.DataFrame
    sigma: float
    elasticity: float
    viewers: float
    slot_multipliers: dict[int, float]

    @property
    def high(self) -> float:
        """Factor from the expected units to their 90th percentile, about 1 or above."""
        return float(np.exp(Z90 * self.sigma))


def estimate_demand(week: Week) -> Demand:
    """Estimate the units every offer of a week would sell at its opening price.

    Parameters
    ----------
    week
        A validated week; its ``airings`` of earlier sessions are learned from.

    Returns
    -------
    Demand
        Estimates with what they rest on.
    """
    policy = week.policy.demand
    offers = week.table("offers")[["offer_id", "brand_id", "category", "opening_price_fen"]]
    airings = _usable(week.table("airings"), week.session_id, policy)
    if len(airings) < _MIN_AIRINGS:
        units = pd.Series(policy.prior_units_per_1000_views * policy.viewers / 1000, index=offers.index)
        basis = "prior of the policy: fewer than 3 airings are known"
        counts = {"brand_airings": 0, "category_airings": 0}
        table = offers[["offer_id"]].assign(units_at_opening=units, **counts, basis=basis)
        return Demand(offers=table, sigma=policy.dispersion, elasticity=policy.elasticity, viewers=float(policy.viewers),
                      slot_multipliers={})  # fmt: skip
    slots = _slot_effects(airings, policy)
    airings["y"] = airings["y"] - airings["slot"].map(slots).fillna(0.0)
    intercept, slope = _price_level(airings, policy)
    rest = airings["y"] - intercept - slope * airings["log_price"]
    category = _shrunk(rest, airings["category"], policy.strength)
    inside = rest - airings["category"].map(category)
    brand = _shrunk(inside, airings["brand_id"], policy.strength)
    residual = inside - airings["brand_id"].map(brand)
    viewers = float(airings.groupby("session_id")["viewers"].first().tail(8).median())
    log_price = np.log(offers["opening_price_fen"].astype("float64").clip(lower=1))
    y = intercept + slope * log_price + offers["category"].map(category).fillna(0.0) + offers["brand_id"].map(brand).fillna(0.0)
    by_brand = offers["brand_id"].map(airings["brand_id"].value_counts()).fillna(0).astype("int64")
    by_category = offers["category"].map(airings["category"].value_counts()).fillna(0).astype("int64")
    table = offers[["offer_id"]].assign(
        units_at_opening=np.exp(y) * viewers / 1000,
        brand_airings=by_brand,
        category_airings=by_category,
        basis=[_basis(b, c, len(airings)) for b, c in zip(by_brand, by_category, strict=True)],
    )
    spread = float(np.sqrt((residual**2).sum() / max(len(residual) - 1, 1)))
    return Demand(offers=table, sigma=max(spread, 0.05), elasticity=policy.elasticity, viewers=viewers,
                  slot_multipliers={int(slot): float(np.exp(effect)) for slot, effect in slots.items()})  # fmt: skip


def _usable(airings: pd.DataFrame, session_id: str, policy: DemandPolicy) -> pd.DataFrame:
    """Earlier airings with units, views and both prices; y is log units per 1,000 views at the opening price."""
    needed = ["units", "viewers", "opening_price_fen", "viewer_price_fen"]
    rows = airings[airings[needed].notna().all(axis=1) & (airings["session_id"] < session_id)]
    rows = rows[(rows[needed] > 0).all(axis=1)].sort_values(["session_id", "offer_id"], ignore_index=True)
    units, viewers, opening, price = (rows[name].astype("float64") for name in needed)
    slot = rows["slot"].astype("float64")
    return rows[["session_id", "brand_id", "category"]].assign(
        slot=slot,
        viewers=viewers,
        log_price=np.log(opening),
        y=np.log(units * 1000 / viewers) - policy.elasticity * np.log(price / opening),
    )


def _slot_effects(airings: pd.DataFrame, policy: DemandPolicy) -> dict[float, float]:
    known = airings[airings["slot"].notna()]
    effects = _shrunk(known["y"] - known["y"].mean(), known["slot"], policy.strength)
    return {float(str(slot)): effect for slot, effect in effects.items()}


def _price_level(airings: pd.DataFrame, policy: DemandPolicy) -> tuple[float, float]:
    """Least squares of y on log price, its slope shrunk towards none as if ``strength`` flat airings were added."""
    x = airings["log_price"] - airings["log_price"].mean()
    spread = float((x**2).sum())
    slope = float((x * airings["y"]).sum()) / (spread + policy.strength) if spread > 0 else 0.0
    return float(airings["y"].mean() - slope * airings["log_price"].mean()), slope


def _shrunk(values: pd.Series, groups: pd.Series, strength: float) -> dict[object, float]:
    grouped = values.groupby(groups).agg(["sum", "count"])
    return (grouped["sum"] / (grouped["count"] + strength)).to_dict()


def _basis(brand: int, category: int, total: int) -> str:
    if brand:
        return f"{brand} airings of the brand, {category} of the category, {total} in all"
    if category:
        return f"no airing of the brand, {category} of the category, {total} in all"
    return f"no airing of brand or category, {total} in all"
