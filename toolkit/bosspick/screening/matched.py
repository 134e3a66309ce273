"""What the titles of quotes without barcode say: accepted for an offer, up for review, or turned down by a person."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from bosspick.intake import Week

__all__ = ["MATCH_COLUMNS", "Matches", "matched_titles"]

MATCH_COLUMNS = ("offer_id", "offer_title", "quote_title", "score", "why")


def _none() -> pd.DataFrame:
    return pd.DataFrame({"offer_id": pd.Series(dtype="str"), "title": pd.Series(dtype="str")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Titles of quotes by what was found of them.

    Attributes
    ----------
    accepted, rejected
        offer_id and title; what a person decided counts before what is computed.
    reviews
        ``MATCH_COLUMNS``, the likeliest first.
    asked
        Whether titles matter at all: whether any offer or quote lacks a barcode.
    single
        Whether a quote can speak for one offer at most.
    """

    accepted: pd.DataFrame = field(default_factory=_none)
    rejected: pd.DataFrame = field(default_factory=_none)
    reviews: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MATCH_COLUMNS)))
    asked: bool = False
    single: bool = False


def matched_titles(week: Week, quotes: pd.DataFrame, decisions: pd.DataFrame | None) -> Matches:
    """Match the titles of a week's quotes to its offers, where a barcode is missing on either side.

    Parameters
    ----------
    week
        Offers, brands and policy.
    quotes
        gtin, title, spec_amount, spec_unit; rows may repeat.
    decisions
        What was decided before; see :func:`bosspick.screening.matching.match_titles`.
    """
    offers = week.table("offers")
    nameless = quotes["gtin"].isna()
    asked = bool(nameless.any() or offers["gtin"].isna().any())
    if not asked or week.policy.screening.match_titles == "off":
        return Matches(asked=asked, single=not asked and not offers["gtin"].str.zfill(14).duplicated().any())
    from bosspick.screening.matching import match_titles

    brands = week.table("brands")[["brand_id", "name"]].rename(columns={"name": "brand_name"})
    left = offers.merge(brands, on="brand_id", how="left")[["offer_id", "gtin", "title", "brand_name", *_SPEC]]
    found = []
    # A quote with a barcode may only speak for an offer without one: else its title would contradict its barcode.
    for theirs, ours in ((quotes[nameless], left), (quotes[~nameless], left[left["gtin"].isna()])):
        right = theirs[["title", *_SPEC]].drop_duplicates()
        if len(right) and len(ours):
            right = right.assign(quote_id=range(len(right)))
            pairs = match_titles(ours, right, decisions=decisions)
            found.append(pairs.merge(right[["quote_id", "title"]], on="quote_id"))
    if not found:
        return Matches(asked=True)
    rows = pd.concat(found, ignore_index=True).drop(columns="quote_id")
    rows = rows.sort_values(["offer_id", "title", "score"], ascending=[True, True, False], ignore_index=True)
    rows = rows.drop_duplicates(["offer_id", "title", "decision"])
    named = rows[rows["decision"] == "review"].rename(columns={"title": "quote_title"})
    named = named.merge(offers[["offer_id", "title"]].rename(columns={"title": "offer_title"}), on="offer_id")
    reviews = named.sort_values(["score", "offer_id", "quote_title"], ascending=[False, True, True], ignore_index=True)
    return Matches(
        accepted=rows.loc[rows["decision"] == "accept", ["offer_id", "title"]].reset_index(drop=True),
        rejected=rows.loc[rows["decision"] == "reject", ["offer_id", "title"]].reset_index(drop=True),
        reviews=reviews[list(MATCH_COLUMNS)],
        asked=True,
    )


_SPEC = ["spec_amount", "spec_unit"]
