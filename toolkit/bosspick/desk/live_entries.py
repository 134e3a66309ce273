"""What is entered during the show, as entries of the ledger and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from bosspick.briefing.language import ENGLISH, Language
from bosspick.briefing.wording import yuan
from bosspick.frames import records

if TYPE_CHECKING:
    from bosspick.desk.live_clock import ShowClock

__all__ = ["BRAND_PAYS", "Entry", "Kind", "air_row", "entries_of", "entry_words", "standing"]

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


def entry_words(entry: Entry, entries: Sequence[Entry], language: Language = ENGLISH) -> str:
    """What an entry says, without the item.

    Parameters
    ----------
    entry
        One of ``entries``.
    entries
        All of the session, for what one takes back.
    language
        In which it is said.
    """
    t, amount = language.gettext, entry.amount or 0
    match entry.kind:
        case "on":
            return t("on air")
        case "off":
            return t("off air")
        case "release":
            return t("release %(number)s", number=amount)
        case "price":
            return t("settled at %(price)s", price=yuan(amount))
        case "units":
            return t("%(units)s units sold", units=f"{amount:,}")
        case "swap in":
            return t("steps in at %(price)s", price=yuan(amount))
        case "drop":
            return t("dropped")
        case "correction":
            return t("corrected on air: %(words)s", words=entry.note)
        case "take back":
            gone = next((each for each in entries if each.number == amount), None)
            what = entry.note if gone is None else entry_words(gone, entries, language)
            return t("taken back: %(what)s", what=what)


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
