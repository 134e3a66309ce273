"""The ladder of brand prices tried for an offer: usual price endings between its floor and its opening."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["price_ladder", "usual_prices"]


def usual_prices(low_fen: int, high_fen: int, endings: Sequence[str]) -> np.ndarray:
    """All prices in [low, high] with one of the usual endings, ascending.

    Parameters
    ----------
    low_fen, high_fen
        Bounds in fen, inclusive.
    endings
        Endings of a price in yuan as written: ".9" means 12.90, "9" means 19.00, "99" means 199.00.

    Examples
    --------
    >>> usual_prices(1000, 3000, [".9", "9"]).tolist()[:4]
    [1090, 1190, 1290, 1390]
    """
    found = [np.arange(0)]
    for ending in endings:
        whole, _, cents = ending.partition(".")
        step = 10 ** len(whole) * 100
        offset = int(whole or 0) * 100 + int((cents + "00")[:2])
        first = low_fen + (offset - low_fen) % step
        found.append(np.arange(first, high_fen + 1, step))
    return np.unique(np.concatenate(found)).astype("int64")


def price_ladder(low_fen: int, opening_fen: int, *, keep: Sequence[int], steps: int, endings: Sequence[str]) -> list[int]:
    """Brand prices to try, the opening first, descending.

    Parameters
    ----------
    low_fen, opening_fen
        The ladder's ends in fen; the opening is always on it.
    keep
        Prices whose next usual price at or below must be on the ladder, such as the highest that passes.
    steps
        Prices below the opening, spread evenly.
    endings
        See :func:`usual_prices`.

    Examples
    --------
    >>> price_ladder(8000, 10000, keep=[9950], steps=3, endings=[".9"])
    [10000, 9990, 9890, 8990, 8090]
    """
    usual = usual_prices(low_fen, opening_fen - 1, endings)
    if not len(usual):
        return [opening_fen] if low_fen >= opening_fen else [opening_fen, low_fen]
    below = [int(usual[usual <= price][-1]) for price in keep if (usual <= price).any()]
    targets = np.linspace(usual[-1], usual[0], min(steps, len(usual)))
    spread = usual[np.abs(usual[None, :] - targets[:, None]).argmin(axis=1)]
    return sorted({opening_fen, *below, *spread.tolist()}, reverse=True)
