"""Stock releases: how many units when, what is truly left, and how hard each hits the till."""

from __future__ import annotations

import math
from datetime import timedelta

import pandas as pd

from bosspick.frames import records
from bosspick.policy import RundownPolicy

__all__ = ["peak_rate", "stock_releases"]

#: Share of an item's minutes after which its first and its last release come.
_FIRST, _LAST = 0.25, 0.9
#: The link goes up so long before the price opens, but never before the item is on air.
_LINK_UP = timedelta(minutes=1)


def peak_rate(units: int, policy: RundownPolicy) -> float:
    """Orders in the first second of a release.

    A release is assumed to sell out in ``sell_out_seconds``, at a rate that falls from ``peak_to_mean`` times the mean.

    Examples
    --------
    >>> peak_rate(50_000, RundownPolicy(peak_to_mean=1.0))
    833.3
    """
    return round(policy.peak_to_mean * units / policy.sell_out_seconds, 1)


def stock_releases(slots: pd.DataFrame, policy: RundownPolicy) -> pd.DataFrame:
    """Release the planned units of each item in falling shares, spread over its minutes.

    Parameters
    ----------
    slots
        slot, offer_id, starts_at, minutes, planned_units.
    policy
        How many releases, how they sell, and what the room can carry.

    Returns
    -------
    DataFrame
        One row a release: slot, offer_id, tranche, link_up (moment, first release only), at, units, left_after (units
        not yet released: a true count), peak_per_s (orders in the first second), over_capacity, releases_needed (how
        many releases of the item would keep each within what the room can carry).
    """
    count = policy.tranches
    weights = list(range(count, 0, -1))
    rows = []
    for slot in records(slots):
        planned, released = slot["planned_units"], 0
        needed = _releases_needed(planned, policy)
        for tranche in range(1, count + 1):
            units = round(planned * sum(weights[:tranche]) / sum(weights)) - released
            released += units
            part = _FIRST + (_LAST - _FIRST) * (tranche - 1) / max(count - 1, 1)
            at = slot["starts_at"] + timedelta(seconds=round(slot["minutes"] * 60 * part))
            peak = peak_rate(units, policy)
            rows.append(
                {
                    "slot": slot["slot"],
                    "offer_id": slot["offer_id"],
                    "tranche": tranche,
                    "link_up": max(slot["starts_at"], at - _LINK_UP) if tranche == 1 else pd.NaT,
                    "at": at,
                    "units": units,
                    "left_after": planned - released,
                    "peak_per_s": peak,
                    "over_capacity": peak > policy.orders_per_second_max,
                    "releases_needed": needed,
                }
            )
    columns = ["slot", "offer_id", "tranche", "link_up", "at", "units", "left_after", "peak_per_s", "over_capacity",
               "releases_needed"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _releases_needed(planned: int, policy: RundownPolicy) -> int:
    """The fewest releases whose first, the largest, stays within capacity; the shares fall evenly."""
    bearable = policy.orders_per_second_max * policy.sell_out_seconds / policy.peak_to_mean
    # The first of n releases has n / (1 + ... + n) = 2 / (n + 1) of the units.
    return max(1, math.ceil(2 * planned / bearable - 1 - 1e-9))
