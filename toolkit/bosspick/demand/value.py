"""What an offer is worth once a price is agreed, in yuan-equivalents, component by component.

``v = saving + orders + trust + gmv - subsidy``: units times what a viewer saves against the web-lowest, a
worth per order, a worth per order scaled by trust, and the platform's subsidy. The weights are the policy's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bosspick.demand.estimate import Demand
from bosspick.intake import Week
from bosspick.policy import ValuePolicy
from bosspick.screening import Screening

Floats = npt.NDArray[np.float64]

__all__ = ["OfferFacts", "agreed_values", "offer_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """What the value of one offer rests on; money in fen."""

    offer_id: str
    opening_fen: int
    cap_fen: int
    web_lowest_fen: int | None
    units_at_opening: float
    elasticity: float
    high: float
    units_cap: int
    trust: float
    talk_hours: float


def offer_facts(week: Week, screening: Screening, demand: Demand) -> dict[str, OfferFacts]:
    """Gather the facts of every offer that may air.

    Parameters
    ----------
    week, screening, demand
        The week, what the screen found, and the demand estimate.

    Returns
    -------
    dict
        By offer_id. ``cap_fen`` is the highest viewer price that passes, or the opening price where the
        lowest-price rule is switched off.
    """
    offers = week.table("offers").set_index("offer_id")
    units = demand.offers.set_index("offer_id")["units_at_opening"]
    trust = _trust(week)
    facts = {}
    for row in screening.airable().to_dict("records"):
        offer = offers.loc[row["offer_id"]]
        passes = row["passes_at_fen"]
        cap = int(offer["opening_price_fen"]) if pd.isna(passes) else int(passes)
        ship = offer["daily_capacity"] * offer["promise_days"]
        hours = offer["talk_hours"]
        facts[row["offer_id"]] = OfferFacts(
            offer_id=row["offer_id"],
            opening_fen=int(offer["opening_price_fen"]),
            cap_fen=cap,
            web_lowest_fen=None if pd.isna(row["web_lowest_fen"]) else int(row["web_lowest_fen"]),
            units_at_opening=float(units[row["offer_id"]]),
            elasticity=demand.elasticity,
            high=demand.high,
            units_cap=int(offer["stock"]) if pd.isna(ship) else min(int(offer["stock"]), int(ship)),
            trust=float(trust[row["offer_id"]]),
            talk_hours=week.policy.bargaining.default_talk_hours if pd.isna(hours) else float(hours),
        )
    return facts


def agreed_values(
    policy: ValuePolicy, facts: Sequence[OfferFacts], which: np.ndarray, brand_fen: np.ndarray, subsidy_fen: np.ndarray
) -> pd.DataFrame:
    """Value of offers at agreed brand prices and subsidies per unit.

    Parameters
    ----------
    policy
        Weights.
    facts
        The offers.
    which
        Position in ``facts`` of each row's offer.
    brand_fen, subsidy_fen
        Price paid to the brand and platform subsidy per unit, fen, of each row.

    Returns
    -------
    DataFrame
        offer_id, brand_price_fen, subsidy_step_fen, viewer_price_fen, web_lowest_fen, expected_units, units90,
        subsidy_fen, subsidy90_fen, the components in yuan and their sum agreed_value.
    """

    def each(name: str) -> Floats:
        found: Floats = np.asarray([getattr(fact, name) for fact in facts], dtype=np.float64)[which]
        return found

    price = brand_fen - subsidy_fen
    demand = each("units_at_opening") * (np.maximum(price, 1) / each("opening_fen")) ** each("elasticity")
    units = np.minimum(np.floor(demand), each("units_cap"))
    units90 = np.minimum(np.floor(demand * each("high")), each("units_cap"))
    lowest = pd.array([fact.web_lowest_fen for fact in facts], dtype="Int64")[which]
    saving = units * (lowest.to_numpy(dtype="float64", na_value=np.nan) - price) / 100
    parts = {
        "value_saving": policy.saving * np.where(lowest.isna(), 0.0, saving),
        "value_orders": policy.order * units,
        "value_trust": policy.trust * each("trust") * units,
        "value_gmv": policy.gmv * units * price / 100,
        "value_subsidy": -units * subsidy_fen / 100,
    }
    rounded = {name: np.round(part, 2) for name, part in parts.items()}
    return pd.DataFrame(
        {
            "offer_id": pd.array([fact.offer_id for fact in facts], dtype="str")[which],
            "brand_price_fen": brand_fen.astype("int64"),
            "subsidy_step_fen": subsidy_fen.astype("int64"),
            "viewer_price_fen": price.astype("int64"),
            "web_lowest_fen": lowest,
            "expected_units": units.astype("int64"),
            "units90": units90.astype("int64"),
            "subsidy_fen": (units * subsidy_fen).astype("int64"),
            "subsidy90_fen": (units90 * subsidy_fen).astype("int64"),
            **rounded,
            "agreed_value": np.round(sum(rounded.values()), 2),
        }
    )


def _trust(week: Week) -> pd.Series:
    """Trust of every offer from 0 to 1: the mean of store score, returns and standing.

    Score counts from the threshold to 5; returns from the threshold down to none; standing is the share of the
    brand's airings without breach, with one clean and one breached airing assumed beforehand.
    """
    screening = week.policy.screening
    offers = week.table("offers")
    score = offers["store_id"].map(week.table("stores").set_index("store_id")["score"]).astype("float64")
    top = max(5.0, screening.store_score_min)
    span = max(top - screening.store_score_min, 1e-9)
    by_score = ((score - screening.store_score_min) / span).clip(0, 1).fillna(0.0)
    by_returns = (1 - offers["return_rate"] / max(screening.return_rate_max, 1e-9)).clip(0, 1).fillna(0.0)
    airings = week.table("airings")
    earlier = airings[airings["session_id"] < week.session_id]
    clean = (~earlier["breach"].fillna(False).astype("bool")).groupby(earlier["brand_id"]).agg(["sum", "count"])
    standing = offers["brand_id"].map((clean["sum"] + 1) / (clean["count"] + 2)).astype("float64").fillna(0.5)
    return pd.Series(((by_score + by_returns + standing) / 3).to_numpy(), index=offers["offer_id"])
