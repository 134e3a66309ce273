"""How likely a brand accepts a price: a distribution of its reservation price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bosspick.frames import row_of
from bosspick.intake import Week

__all__ = ["Acceptance", "acceptance_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Reservation prices of a week's offers.

    The brand's reservation price is taken as evenly spread between two bounds: our estimate of its floor, or,
    where nobody has estimated one, the policy's prior share of the opening price. A brand always accepts the
    price it opened with.

    Attributes
    ----------
    bounds
        Indexed by offer_id: low_fen, high_fen, opening_fen, prior (flag: the bounds are the policy's prior).
    """

    bounds: pd.DataFrame

    def probability(self, offer_id: str, brand_price_fen: np.ndarray) -> np.ndarray:
        """Probability that the brand agrees to each price.

        Parameters
        ----------
        offer_id
            The offer.
        brand_price_fen
            Prices paid to the brand, fen.
        """
        row = row_of(self.bounds, offer_id)
        low, high, opening = float(row["low_fen"]), float(row["high_fen"]), float(row["opening_fen"])
        price = np.asarray(brand_price_fen, dtype="float64")
        inside = (price >= low) * 1.0 if high <= low else np.clip((price - low) / (high - low), 0.0, 1.0)
        return np.where(price >= opening, 1.0, inside)


def acceptance_of(week: Week) -> Acceptance:
    """Reservation bounds of every offer of a week.

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
    bounds = pd.DataFrame(
        {
            "low_fen": np.minimum(low, high).astype("int64"),
            "high_fen": np.maximum(low.clip(upper=opening), high).astype("int64"),
            "opening_fen": opening,
            "prior": offers["floor_low_fen"].isna() | offers["floor_high_fen"].isna(),
        }
    )
    return Acceptance(bounds=bounds.set_index(offers["offer_id"]))
