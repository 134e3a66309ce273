"""The scorecard of one past show, judged only by what was known before it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bosspick.demand import estimate_demand
from bosspick.errors import SessionError
from bosspick.intake import Room

__all__ = ["Review", "review"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """How a show went.

    Attributes
    ----------
    session_id
        ISO week of the show.
    items
        One row an airing: slot, offer_id, brand_id, category, viewer_price_fen, units, expected_units (from the
        airings before), error (share of the expectation), breach.
    scores
        forecast_error (weighted absolute error of units), breaches, return_rate, complaints_per_10000_orders,
        sold_out; null where the airings do not say.
    """

    session_id: str
    items: pd.DataFrame
    scores: dict[str, float | int | None]


def review(room: Room, session_id: str | None = None) -> Review:
    """Score a past show.

    Parameters
    ----------
    room
        The room; see :func:`bosspick.open_room`.
    session_id
        A show in ``airings``; the last one if None.

    Raises
    ------
    SessionError
        The airings hold no such show.
    """
    week = room.week()
    airings = week.table("airings")
    shows = sorted(airings["session_id"].unique())
    if not shows or (session_id is not None and session_id not in shows):
        known = f"they hold {shows[0]} to {shows[-1]}" if shows else "add history/airings.csv"
        raise SessionError(f"the airings hold no show {session_id or ''}".strip(), hint=known)
    show = session_id if session_id is not None else shows[-1]
    aired = airings[airings["session_id"] == show].sort_values("slot", ignore_index=True)
    # The airings stand in for the week's offers, so that the estimate sees only the shows before.
    as_offers = aired[["offer_id", "brand_id", "category", "opening_price_fen"]]
    as_offers = as_offers[as_offers["opening_price_fen"].notna()]
    before = replace(week, session_id=show, tables={**week.tables, "offers": as_offers})
    demand = estimate_demand(before)
    at_opening = aired["offer_id"].map(demand.offers.set_index("offer_id")["units_at_opening"])
    views = aired["viewers"].astype("float64") / demand.viewers
    price = (aired["viewer_price_fen"].astype("float64") / aired["opening_price_fen"].astype("float64")) ** demand.elasticity
    expected = (at_opening * views.fillna(1.0) * price).round()
    expected = expected.clip(upper=aired["stock"].astype("float64").fillna(np.inf))
    units = aired["units"].astype("float64")
    items = aired[["slot", "offer_id", "brand_id", "category", "viewer_price_fen", "units"]].assign(
        expected_units=expected.astype("Int64"), error=(units / expected - 1).round(3), breach=aired["breach"]
    )
    judged = expected.notna()
    return Review(session_id=show, items=items, scores=_scores(aired, units, expected, judged))


def _scores(aired: pd.DataFrame, units: pd.Series, expected: pd.Series, judged: pd.Series) -> dict[str, float | int | None]:
    sold = units.sum()
    returned, complaints = aired["returned_units"], aired["complaints"]
    error = (units - expected)[judged].abs().sum() / units[judged].sum() if units[judged].sum() else np.nan
    return {
        "forecast_error": None if np.isnan(error) else round(float(error), 3),
        "breaches": int(aired["breach"].fillna(False).sum()) if aired["breach"].notna().any() else None,
        "return_rate": round(float(returned.sum() / sold), 4) if returned.notna().any() and sold else None,
        "complaints_per_10000_orders": round(float(complaints.sum() / sold * 1e4), 2)
        if complaints.notna().any() and sold
        else None,
        "sold_out": int(aired["sold_out_after_s"].notna().sum()),
    }
