"""How likely a brand accepts a price: a distribution of its reservation price."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from bosspick.demand.past_talks import normal_cdf, past_talks
from bosspick.frames import rows_of
from bosspick.intake import Week

__all__ = ["Acceptance", "acceptance_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Reservation prices of a week's offers.

    The brand's reservation price lies between two bounds: our estimate of its floor, or, where nobody has estimated
    one, the policy's prior share of the opening price. Between them it is spread evenly as far as nothing is known of
    the brand's past talks; as far as something is, normally around what they lead to expect, cut off at the bounds. A
    brand always accepts the price it opened with.

    Attributes
    ----------
    bounds
        Indexed by offer_id: low_fen, high_fen, opening_fen, prior (flag: the bounds are the policy's prior),
        expected_fen and spread_fen (of past talks; null without any), weight (of past talks, 0 to 1), brand_talks,
        category_talks, basis (what the distribution rests on, in words).
    """

    bounds: pd.DataFrame
    _rows: dict[str, dict[str, Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", rows_of(self.bounds))

    def of(self, offer_id: str) -> dict[str, Any]:
        """The row of one offer; KeyError if there is none."""
        return self._rows[offer_id]

    def probability(self, offer_id: str, brand_price_fen: np.ndarray) -> np.ndarray:
        """Probability that the brand agrees to each price.

        Parameters
        ----------
        offer_id
            The offer.
        brand_price_fen
            Prices paid to the brand, fen.
        """
        row = self.of(offer_id)
        low, high, opening = float(row["low_fen"]), float(row["high_fen"]), float(row["opening_fen"])
        price = np.asarray(brand_price_fen, dtype="float64")
        inside = (price >= low) * 1.0 if high <= low else np.clip((price - low) / (high - low), 0.0, 1.0)
        weight = float(row["weight"])
        if weight > 0 and high > low:
            inside = (1 - weight) * inside + weight * _cut_normal(price, low, high, row["expected_fen"], row["spread_fen"])
        return np.where(price >= opening, 1.0, inside)


def acceptance_of(week: Week) -> Acceptance:
    """Reservation prices of every offer of a week.

    Parameters
    ----------
    week
        A validated week; ``floor_low`` and ``floor_high`` of its offers are confidential.

    Returns
    -------
    Acceptance
        With the prior flagged where a floor is missing. A floor above the opening price is held at it.
    """
    policy = week.policy.bargaining
    offers = week.table("offers")
    opening = offers["opening_price_fen"].astype("int64")
    low = offers["floor_low_fen"].fillna((opening * policy.prior_floor_low).round().astype("Int64"))
    high = offers["floor_high_fen"].fillna((opening * policy.prior_floor_high).round().astype("Int64"))
    high = high.clip(upper=opening)
    past = past_talks(week)
    spread = past.spread
    expected = past.expected(offers["brand_id"], offers["category"])
    prior = offers["floor_low_fen"].isna() | offers["floor_high_fen"].isna()
    bounds = pd.DataFrame(
        {
            "low_fen": np.minimum(low, high).astype("int64"),
            "high_fen": np.maximum(low.clip(upper=opening), high).astype("int64"),
            "opening_fen": opening,
            "prior": prior,
            "expected_fen": expected["share"] * opening,
            "spread_fen": np.nan if spread is None else spread * opening,
            "weight": 0.0 if spread is None else expected["weight"],
            "brand_talks": expected["brand_talks"],
            "category_talks": expected["category_talks"],
        }
    )
    bounds["basis"] = [
        _basis(*row) for row in bounds[["prior", "weight", "brand_talks", "category_talks"]].itertuples(index=False)
    ]
    return Acceptance(bounds=bounds.set_index(offers["offer_id"]))


def _cut_normal(price: np.ndarray, low: float, high: float, mean: float, spread: float) -> np.ndarray:
    """Distribution function of a normal cut off at the bounds; even where the bounds lie far out in its tail."""
    at_low, at_high = normal_cdf((np.array([low, high]) - mean) / spread)
    if at_high - at_low < 1e-6:
        # All that past talks lead to expect lies beyond the bounds: the nearer one is as close as it gets.
        return (price >= low) * 1.0 if mean < low else (price >= high) * 1.0
    return np.asarray(np.clip((normal_cdf((price - mean) / spread) - at_low) / (at_high - at_low), 0.0, 1.0))


def _basis(prior: bool, weight: float, brand_talks: int, category_talks: int) -> str:
    bounds = "the policy's prior bounds" if prior else "our estimate of the floor"
    if weight == 0:
        return f"{bounds}, spread evenly: no past talks"
    return f"{bounds} and past talks: {brand_talks} of the brand, {category_talks} of the category, counting {weight:.0%}"
