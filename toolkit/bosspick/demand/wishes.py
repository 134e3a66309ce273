"""Viewers' wishes: which offers would meet which topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bosspick.frames import records

__all__ = ["wish_topics"]


def wish_topics(wishes: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Match wishes to offers.

    An offer meets a wish when every one of brand and category that the wish names is the offer's, and, where
    the wish names keywords, one of them stands in the title. A wish that names nothing is met by none.

    Parameters
    ----------
    wishes, offers
        Validated tables.

    Returns
    -------
    DataFrame
        topic, votes (summed over the topic's wishes), offer_ids (sorted list of offers that meet any of them).
    """
    known = [_Offer.of(row) for row in records(offers[["offer_id", "brand_id", "category", "title"]])]
    votes: dict[str, int] = {}
    met: dict[str, set[str]] = {}
    for wish in records(wishes):
        topic = str(wish["topic"])
        votes[topic] = votes.get(topic, 0) + int(wish["votes"])
        met.setdefault(topic, set()).update(_meets(wish, known))
    topics = sorted(votes)
    return pd.DataFrame({"topic": topics, "votes": [votes[t] for t in topics], "offer_ids": [sorted(met[t]) for t in topics]})


@dataclass(frozen=True, slots=True)
class _Offer:
    offer_id: str
    brand_id: Any
    category: Any
    title: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> _Offer:
        title = "" if pd.isna(row["title"]) else str(row["title"]).casefold()
        return cls(str(row["offer_id"]), row["brand_id"], row["category"], title)


def _meets(wish: dict[str, Any], offers: list[_Offer]) -> list[str]:
    fits, named = offers, False
    for column in ("brand_id", "category"):
        if pd.notna(wish[column]):
            fits, named = [offer for offer in fits if getattr(offer, column) == wish[column]], True
    words = [word.strip().casefold() for word in str(wish["keywords"]).split("|")] if pd.notna(wish["keywords"]) else []
    words = [word for word in words if word]
    if words:
        fits, named = [offer for offer in fits if any(word in offer.title for word in words)], True
    return [offer.offer_id for offer in fits] if named else []
