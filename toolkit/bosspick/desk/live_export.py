"""What aired, as rows of the table of airings, so that the next week learns from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bosspick.desk.live_air import Air
from bosspick.desk.live_desk import open_show
from bosspick.desk.live_typed import releases_of
from bosspick.intake import Week
from bosspick.tables import TABLES

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["aired_rows", "save_airings"]


def aired_rows(air: Air, week: Week) -> pd.DataFrame:
    """The items that were on air, in the columns of the airings table.

    Parameters
    ----------
    air
        How the show ended; an item dropped on air is among them if units of it were sold.
    week
        The week, for brands and opening prices.

    Returns
    -------
    DataFrame
        Columns of ``TABLES["airings"]`` as text, as the table is written: prices in yuan, moments with offset. What only the
        days after the show tell stays empty: views, returned units, complaints, breaches. Confidential: it holds the price
        agreed with the brand. Items without a count of units have an empty cell there, which intake sends back: fill it in.
    """
    offers = {str(row["offer_id"]): row for row in week.table("offers").to_dict("records")}
    columns = [column.name for column in TABLES["airings"].columns]
    rows = []
    ran = dict.fromkeys(run.offer_id for run in air.runs)
    shown = [offer for offer in ran if offer not in air.dropped or air.units.get(offer)]
    for slot, offer in enumerate(shown, start=1):
        item, runs = air.item(offer), [run for run in air.runs if run.offer_id == offer]
        minutes = sum((run.ended_at - run.started_at).total_seconds() / 60 for run in runs if run.ended_at is not None)
        done = air.released.get(offer, 0)
        price, lowest = air.price(offer), item.evidence.lowest_fen
        # A cut the brand bears lowers what the brand gets; one the platform pays does not.
        agreed = min(item.brand_fen, price + item.subsidy_fen) if offer in air.brand_pays else item.brand_fen
        known = {
            "session_id": air.book.session_id,
            "offer_id": offer,
            "brand_id": str(offers[offer]["brand_id"]),
            "category": item.category,
            "slot": str(slot),
            "starts_at": runs[0].started_at.isoformat(timespec="seconds"),
            "minutes": f"{minutes:.1f}" if all(run.ended_at for run in runs) else "",
            "opening_price": _yuan(int(offers[offer]["opening_price_fen"])),
            "agreed_price": _yuan(agreed),
            "viewer_price": _yuan(price),
            "web_lowest": "" if lowest is None else _yuan(lowest),
            "stock": str(sum(part.units for part in releases_of(air, offer)[:done]) if done else item.planned_units),
            "units": str(air.units[offer]) if offer in air.units else "",
        }
        rows.append(dict.fromkeys(columns, "") | known)
    return pd.DataFrame(rows, columns=columns, dtype="str")


def save_airings(stage: Stage) -> Path:
    """Write a show's airings beside the notebook, as a table of the room; see :func:`aired_rows`.

    Returns
    -------
    Path
        The file, with the mark that lets spreadsheets read Chinese.
    """
    state, _ = open_show(stage, Path.cwd(), rehearse=False)
    path = Path.cwd() / f"airings-{stage.week.session_id}.csv"
    text = aired_rows(state.air, stage.week).to_csv(index=False, lineterminator="\n")
    path.write_text(text, encoding="utf-8-sig")
    return path


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
