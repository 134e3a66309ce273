"""What is entered during the show, as entries of the ledger and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from bosspick.frames import records

if TYPE_CHECKING:
    from bosspick.desk.live_clock import ShowClock

__all__ = ["BRAND_PAYS", "Entry", "Kind", "air_row", "entries_of", "standing"]

Kind = Literal["on", "off", "release", "price", "units", "correction", "take back", "swap in", "drop"]
#: Note of a price below the planned one whose difference the brand bears; else it counts against the platform's reserve.
BRAND_PAYS = "the brand bears the cut"
_EVENTS: dict[str, Kind] = {
    "on": "on", "off": "off", "release": "release", "price": "price", "units": "units", "correction": "correction",
    "taken back": "take back", "swapped in": "swap in", "dropped": "drop",
}  # fmt: skip
_WORDS: dict[Kind, str] = {kind: event for event, kind in _EVENTS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry.

    Attributes
    ----------
    number
        Its place among the entries of the session, from 1.
    kind, offer_id
        What happened to which item.
    amount
        Planned minutes (``on``), number of the release, fen (``price``, and of a ``swap in`` its price on air), units sold so
        far, or the number of the entry taken back.
    note
        What was typed beside it.
    at
        When, by the show's clock.
    who
        Who entered it.
    """

    number: int
    kind: Kind
    offer_id: str
    amount: int | None
    note: str
    at: datetime
    who: str

    @property
    def words(self) -> str:
        """What it says, without the item."""
        amount = self.amount or 0
        match self.kind:
            case "on":
                return "on air"
            case "off":
                return "off air"
            case "release":
                return f"release {amount}"
            case "price":
                return f"settled at ¥{amount / 100:,.2f}"
            case "units":
                return f"{amount:,} units sold"
            case "swap in":
                return f"steps in at ¥{amount / 100:,.2f}"
            case "drop":
                return "dropped"
            case "correction":
                return f"corrected on air: {self.note}"
            case "take back":
                return f"entry {amount} taken back"


def air_row(kind: Kind, amount: int | None, note: str) -> dict[str, Any]:
    """What :meth:`bosspick.ledger.Ledger.record_air` takes for an entry, beside the session and the item."""
    return {"event": _WORDS[kind], "amount": amount, "note": note}


def entries_of(air: pd.DataFrame, clock: ShowClock) -> tuple[Entry, ...]:
    """The entries of a session in order.

    Parameters
    ----------
    air
        As :meth:`bosspick.ledger.Ledger.air` gives it.
    clock
        Tells what the show's clock showed at each.
    """
    found = []
    for number, row in enumerate(records(air), start=1):
        amount = None if pd.isna(row["amount"]) else int(row["amount"])
        found.append(
            Entry(
                number=number,
                kind=_EVENTS[str(row["event"])],
                offer_id=str(row["offer_id"]),
                amount=amount,
                note=str(row["note"]),
                at=clock.at(pd.Timestamp(row["at"]).to_pydatetime().replace(tzinfo=UTC)),
                who=str(row["who"]),
            )
        )
    return tuple(found)


def standing(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that still stand: neither taken back nor taking back."""
    gone = {entry.amount for entry in entries if entry.kind == "take back"}
    return tuple(entry for entry in entries if entry.kind != "take back" and entry.number not in gone)
