"""What may be typed at the live desk, what to remark about it, and the stock releases it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from bosspick.briefing.language import ENGLISH, Language
from bosspick.briefing.wording import Evidence, on_air, yuan
from bosspick.desk.live_air import Air
from bosspick.desk.live_book import LiveItem
from bosspick.errors import InputError
from bosspick.frames import records
from bosspick.intake.cells import parse_cells
from bosspick.rundown.releases import stock_releases
from bosspick.tables import TABLES

__all__ = ["Part", "above_evidence", "overdrawn", "price_remarks", "releases_of", "sayable", "typed_units"]

_UNITS = TABLES["airings"].column("units")
#: A settled price further than this from the cards' is more likely a slip of the hand.
_FAR = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One stock release: planned moment, units, and units not released after it."""

    number: int
    at: datetime
    units: int
    left: int


def releases_of(air: Air, offer_id: str) -> tuple[Part, ...]:
    """The releases of an item, at moments that follow its real start; before that, the start of the show."""
    item = air.item(offer_id)
    run = next((run for run in reversed(air.runs) if run.offer_id == offer_id), None)
    starts, minutes = (air.book.starts_at, item.minutes) if run is None else (run.started_at, run.minutes)
    slot = {"slot": item.slot, "offer_id": offer_id, "starts_at": starts, "minutes": minutes,
            "planned_units": item.planned_units}  # fmt: skip
    rows = records(stock_releases(pd.DataFrame([slot]), air.book.rundown))
    return tuple(
        Part(number=int(row["tranche"]), at=row["at"].to_pydatetime(), units=int(row["units"]), left=int(row["left_after"]))
        for row in rows
    )


def typed_units(text: str, language: Language = ENGLISH) -> int:
    """A count as people type it.

    Raises
    ------
    InputError
        It is none.

    Examples
    --------
    >>> typed_units("1,200"), typed_units("１.２万")
    (1200, 12000)
    """
    parsed = parse_cells(pd.Series([text.strip()], dtype="str"), _UNITS, ZoneInfo("UTC"))
    reason = str(parsed.reason.iloc[0])
    if reason or pd.isna(parsed.values.iloc[0]) or int(parsed.values.iloc[0]) < 0:
        t = language.gettext
        why = language.told(reason) or t("is no count")
        raise InputError(f"{text!r} {why}", where=t("units sold"), hint=t("write units sold so far, such as 1200"))
    return int(parsed.values.iloc[0])


def above_evidence(item: LiveItem, price_fen: int) -> bool:
    """Whether the evidence carries no comparison at a price."""
    return not on_air(item.evidence, price_fen).compares


def price_remarks(item: LiveItem, price_fen: int, language: Language = ENGLISH) -> tuple[str, ...]:
    """What the hosts must know about a settled price."""
    found, t, card = [], language.gettext, yuan(item.card_fen)
    if above_evidence(item, price_fen):
        found.append(" ".join(sayable(item.evidence, price_fen, language)))
    if price_fen > item.card_fen:
        found.append(t("above the %(price)s on the cards: ask the producer before it is shown", price=card))
    if abs(price_fen - item.card_fen) > _FAR * item.card_fen:
        found.append(t("far from the %(price)s on the cards: if it is a slip, Z takes it back", price=card))
    return tuple(found)


def overdrawn(language: Language) -> str:
    """What to do when pot and reserve cannot pay for what is sold and expected; without a sum, for a camera may see it."""
    t = language.gettext
    return t("the platform's money is used up, with what was kept for the air: stop subsidised units, or have more approved")


def sayable(evidence: Evidence, price_fen: int, language: Language) -> list[str]:
    """What hosts may say about a price: in Chinese as they say it, before it in English where the desk speaks English."""
    words = on_air(evidence, price_fen)
    return [words.chinese] if language.code == "zh" else [words.english, words.chinese]
