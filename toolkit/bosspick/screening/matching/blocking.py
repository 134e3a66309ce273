"""Blocking: the few offers' titles worth comparing with a quote's title."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bosspick.screening.matching.scoring import Weights
from bosspick.screening.matching.words import TitleWords

__all__ = ["MOST_CANDIDATES", "Index"]

#: Offers' titles kept for one quote's title.
MOST_CANDIDATES = 8
#: Titles looked at for one quote's title, those of its rarest tokens first, and the tokens looked up at least.
_MOST_PLACES, _LEAST_TOKENS = 2000, 3


class Index:
    """Offers' titles by token.

    Parameters
    ----------
    titles
        Offers' titles, distinct, in a fixed order.
    weights
        Weights of the tokens of both sides.
    """

    def __init__(self, titles: list[TitleWords], weights: Weights) -> None:
        places: dict[str, list[int]] = {}
        for place, title in enumerate(titles):
            for token in title.tokens:
                places.setdefault(token, []).append(place)
        self._places = {token: np.array(found, dtype=np.int64) for token, found in places.items()}
        self._weights = weights
        self._norms = np.sqrt([max(weights.of(title.tokens), 1e-9) for title in titles])

    def candidates(self, title: TitleWords) -> npt.NDArray[np.int64]:
        """Places of the offers' titles that share the heaviest tokens with a quote's title, the best first."""
        known = sorted((-self._weights[token], token) for token in title.tokens if token in self._places)
        found: list[npt.NDArray[np.int64]] = []
        for _, token in known:
            found.append(self._places[token])
            if sum(map(len, found)) > _MOST_PLACES and len(found) >= _LEAST_TOKENS:
                break
        if not found:
            return np.empty(0, dtype=np.int64)
        worth = np.repeat([-weight for weight, _ in known[: len(found)]], [len(places) for places in found])
        shared = np.bincount(np.concatenate(found), weights=worth, minlength=len(self._norms))
        places = np.flatnonzero(shared)
        # Rounded, so that the order tokens are added in cannot decide between equals.
        close = np.round(shared[places] / self._norms[places], 9)
        if len(places) > MOST_CANDIDATES:
            enough = close >= np.partition(close, -MOST_CANDIDATES)[-MOST_CANDIDATES]
            places, close = places[enough], close[enough]
        best: npt.NDArray[np.int64] = places[np.argsort(-close, kind="stable")][:MOST_CANDIDATES]
        return best
