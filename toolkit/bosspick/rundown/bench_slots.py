"""Which slots a bench item could take as the show stands: its representative is there and its neighbours differ."""

from __future__ import annotations

import pandas as pd

from bosspick.frames import records
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.rundown.show_items import windows_of

__all__ = ["bench_slots"]

_COLUMNS = ["bench_rank", "offer_id", "slot", "instead_of", "stands_in", "fits", "in_the_way"]


def bench_slots(week: Week, plan: LineupPlan, slots: pd.DataFrame) -> pd.DataFrame:
    """Try every bench item in every slot, with the minutes of the item that would go.

    Parameters
    ----------
    week, plan
        The week and its lineup with a bench.
    slots
        The show; see :class:`bosspick.rundown.Rundown`.

    Returns
    -------
    DataFrame
        One row a bench item and slot: bench_rank, offer_id, slot, instead_of (offer that goes), stands_in (whether the
        lineup would choose it for that one), fits, in_the_way (what does not fit, in words).
    """
    windows = windows_of(week)
    categories = dict(zip(plan.options["offer_id"], plan.options["category"], strict=True))
    shown = records(slots)
    rows = []
    for bench in records(plan.bench):
        offer = bench["offer_id"]
        for place, slot in enumerate(shown):
            start = (slot["starts_at"] - week.starts_at).total_seconds() / 60
            window = windows[offer]
            found = []
            if window is not None and not (window[0] <= start and start + slot["minutes"] <= window[1]):
                found.append("representative not on set then")
            beside = [shown[other]["category"] for other in (place - 1, place + 1) if 0 <= other < len(shown)]
            if categories[offer] in beside:
                found.append(f"next to another of {categories[offer]}")
            rows.append(
                {
                    "bench_rank": bench["bench_rank"],
                    "offer_id": offer,
                    "slot": slot["slot"],
                    "instead_of": slot["offer_id"],
                    "stands_in": slot["offer_id"] in (bench.get("replaces") or []),
                    "fits": not found,
                    "in_the_way": "; ".join(found),
                }
            )
    return pd.DataFrame(rows, columns=_COLUMNS)
