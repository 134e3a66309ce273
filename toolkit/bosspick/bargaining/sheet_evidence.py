"""The public prices behind a web-lowest, a few rows an offer; nothing in here is confidential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bosspick.frames import records

if TYPE_CHECKING:
    from bosspick.screening import Screening

__all__ = ["Seen", "seen_prices"]

#: Rows shown an offer: the lowest of so many channels.
_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One public price seen on the web, what it costs in fen, and when, in the room's time."""

    channel: str
    shop: str
    price_fen: int
    seen_at: str
    grade: str


def seen_prices(screening: Screening | None, offer_id: str, zone: ZoneInfo) -> list[Seen]:
    """The lowest price of each channel that may rank, lowest first; empty without a screening.

    Parameters
    ----------
    screening
        What the screen found.
    offer_id
        The offer.
    zone
        The room's time zone.
    """
    if screening is None:
        return []
    pairs = screening.pairs
    rows = pairs[(pairs["offer_id"] == offer_id) & pairs["set_aside"].isna() & pairs["ranking_fen"].notna()]
    rows = rows.sort_values(["ranking_fen", "quote_id"]).drop_duplicates("channel").head(_MOST)
    return [
        Seen(
            channel=str(row["channel"]),
            shop="" if row["shop"] is None or row["shop"] != row["shop"] else str(row["shop"]),
            price_fen=int(row["ranking_fen"]),
            # The screen's moments are UTC without offset.
            seen_at=row["seen_at"].tz_localize("UTC").tz_convert(zone).strftime("%Y-%m-%d %H:%M"),
            grade=str(row["grade"]),
        )
        for row in records(rows[["channel", "shop", "ranking_fen", "seen_at", "grade"]])
    ]
