"""What the grid shows of every offer that may air: one row by offer id, and where each stands."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bosspick.desk.state import DeskState

__all__ = ["offer_marks", "offer_rows"]

_TEXTS = ("title", "category")


def offer_rows(options: pd.DataFrame, brands: dict[str, str]) -> dict[str, list[Any]]:
    """The offers, each at the option that is worth most by itself.

    Parameters
    ----------
    options
        As :func:`bosspick.price_options` gives them.
    brands
        Name by brand id.

    Returns
    -------
    dict
        Columns of equal length, the worthiest offer first: id, title, category, brand, price (on air, yuan), worth.
    """
    best = options.sort_values(["value", "offer_id", "option_id"], ascending=[False, True, True]).drop_duplicates("offer_id")
    columns: dict[str, list[Any]] = {"id": best["offer_id"].tolist()}
    columns |= {name: best[name].fillna("").astype(str).tolist() for name in _TEXTS}
    columns["brand"] = [brands.get(brand, brand) for brand in best["brand_id"].fillna("").astype(str)]
    columns["price"] = (best["viewer_price_fen"] / 100).tolist()
    columns["worth"] = best["value"].tolist()
    return columns


def offer_marks(state: DeskState) -> dict[str, dict[str, Any]]:
    """Where offers stand that are anything but out and free, by offer id.

    Returns
    -------
    dict
        Of each: ``place`` (``ten`` or ``bench``, else missing), ``rank`` on the bench, ``mark`` (``locked`` or ``banned``
        by what is wanted now, else missing); in the ten also price and worth in the plan.
    """
    with state.lock:
        plan, bench, wanted = state.plan, state.bench, state.wanted
    marks: dict[str, dict[str, Any]] = {}
    if plan is not None:
        chosen = plan.chosen
        for offer, price, worth in zip(chosen["offer_id"], chosen["viewer_price_fen"], chosen["value"], strict=True):
            marks[offer] = {"place": "ten", "price": price / 100, "worth": worth}
    if bench is not None:
        for offer, rank in zip(bench["offer_id"], bench["bench_rank"], strict=True):
            marks[offer] = {"place": "bench", "rank": int(rank)}
    for word, offers in (("locked", wanted.locked), ("banned", wanted.banned)):
        for offer in offers:
            marks[offer] = marks.get(offer, {}) | {"mark": word}
    return marks
