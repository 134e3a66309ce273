"""Minutes for each item: the show's time shared out where one more minute sells most."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

__all__ = ["share_minutes"]


def share_minutes(worth: Sequence[float], *, total: int, least: int, most: int, exponent: float) -> list[int]:
    """Share whole minutes out among items.

    An item sells in proportion to ``minutes ** exponent``. Because each further minute brings less, giving every
    minute to the item that gains most is optimal (Fox 1966).

    Parameters
    ----------
    worth
        What each item is worth at one minute, any common unit; at least 0.
    total, least, most
        Minutes of the show, and bounds for one item. Minutes beyond ``most`` for all stay unused.
    exponent
        Between 0 and 1.

    Returns
    -------
    list of int
        Minutes by item, in the order given.

    Examples
    --------
    >>> share_minutes([4.0, 1.0], total=10, least=2, most=8, exponent=0.5)
    [8, 2]
    """
    minutes = [least] * len(worth)
    gains = [(-_gain(value, least, exponent), place) for place, value in enumerate(worth)]
    heapq.heapify(gains)
    for _ in range(total - least * len(worth)):
        while gains and minutes[gains[0][1]] >= most:
            heapq.heappop(gains)
        if not gains:
            break
        _, place = heapq.heappop(gains)
        minutes[place] += 1
        heapq.heappush(gains, (-_gain(worth[place], minutes[place], exponent), place))
    return minutes


def _gain(worth: float, minutes: int, exponent: float) -> float:
    return float(worth * ((minutes + 1) ** exponent - minutes**exponent))
