"""Viewers' wishes: which offers would meet which topic."""

from __future__ import annotations

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
    votes: dict[str, int] = {}
    met: dict[str, set[str]] = {}
    for wish in records(wishes):
        topic = str(wish["topic"])
        votes[topic] = votes.get(topic, 0) + int(wish["votes"])
        met.setdefault(topic, set()).update(_meets(wish, offers))
    topics = sorted(votes)
    return pd.DataFrame({"topic": topics, "votes": [votes[t] for t in topics], "offer_ids": [sorted(met[t]) for t in topics]})


def _meets(wish: dict[str, Any], offers: pd.DataFrame) -> list[str]:
    fits = pd.Series(True, index=offers.index)
    named = False
    for column in ("brand_id", "category"):
        if pd.notna(wish[column]):
            fits &= (offers[column] == wish[column]).fillna(False)
            named = True
    words = [word.strip().casefold() for word in str(wish["keywords"]).split("|")] if pd.notna(wish["keywords"]) else []
    words = [word for word in words if word]
    if words:
        titles = offers["title"].str.casefold()
        fits &= pd.concat([titles.str.contains(word, regex=False) for word in words], axis=1).any(axis=1)
        named = True
    return offers.loc[fits, "offer_id"].tolist() if named else []
