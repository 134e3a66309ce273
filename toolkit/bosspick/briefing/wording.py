"""How figures are written, and what may be said on air: only what the evidence carries, bounded in scope and time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

__all__ = ["UNKNOWN", "Evidence", "Sentence", "clock", "count", "day", "language", "moment", "on_air", "percent",
           "short_day", "yuan"]  # fmt: skip

#: What stands where a figure is missing: never a zero, never a blank.
UNKNOWN = "unknown"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found elsewhere about one offer; prices in fen, moments with offset.

    Attributes
    ----------
    lowest_fen, channel, shop, grade, seen_at, age_h
        The web-lowest and the quote it comes from; None without a quote that may rank.
    channels
        Names of the channels with a quote that may rank.
    oldest_at, oldest_age_h
        The oldest of those quotes.
    as_of
        When the evidence was judged.
    passes_at_fen
        Highest price on air the evidence carries; None when it carries none.
    conditional_fen
        Lowest price for members and the like; None when none is known.
    seen, ranking
        Quotes of the same product, and those of them that may rank.
    """

    lowest_fen: int | None
    channel: str | None
    shop: str | None
    grade: str | None
    seen_at: datetime | None
    age_h: float | None
    channels: tuple[str, ...]
    oldest_at: datetime | None
    oldest_age_h: float | None
    as_of: datetime
    passes_at_fen: int | None
    conditional_fen: int | None
    seen: int
    ranking: int

    def carries(self, price_fen: int) -> bool:
        """Whether a price on air lies below everything found, with evidence enough to say so."""
        return self.passes_at_fen is not None and price_fen <= self.passes_at_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence for the air in both languages, and whether it compares with other sellers at all."""

    english: str
    chinese: str
    compares: bool


def on_air(evidence: Evidence, price_fen: int) -> Sentence:
    """Build the sentence a host may say about a price.

    It names how many channels were checked and from when to when, and speaks of public prices only. Where the
    evidence does not carry the price, it compares with nobody.

    Parameters
    ----------
    evidence
        What was found.
    price_fen
        Price on air.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    >>> found = Evidence(
    ...     lowest_fen=10000, channel="A", shop="S", grade="A", seen_at=at, age_h=0.0, channels=("A", "B"),
    ...     oldest_at=at, oldest_age_h=0.0, as_of=at, passes_at_fen=9999, conditional_fen=None, seen=2, ranking=2,
    ... )
    >>> on_air(found, 9000).english
    'Lower than every public price we could verify on the 2 channels checked by 18:00 on 27 November.'
    >>> on_air(found, 10000).compares
    False
    """
    if not evidence.carries(price_fen) or evidence.oldest_at is None:
        return Sentence(
            english="Say the price only: the evidence does not carry a comparison.",
            chinese="只报价格，不与其他渠道比较。",
            compares=False,
        )
    number = len(evidence.channels)
    channels = f"{number} channel{'' if number == 1 else 's'}"
    end, start = evidence.as_of, evidence.oldest_at
    if start.date() == end.date():
        when, zh = f"by {clock(end)} on {short_day(end)}", f"{end.month}月{end.day}日{clock(end)}"
    else:
        when = f"between {short_day(start)} and {clock(end)} on {short_day(end)}"
        zh = f"{start.month}月{start.day}日至{end.month}月{end.day}日{clock(end)}"
    return Sentence(
        english=f"Lower than every public price we could verify on the {channels} checked {when}.",
        chinese=f"{zh}，我们在{number}个渠道核实到的公开价，都比这个价高。",
        compares=True,
    )


def yuan(fen: Any, *, whole: bool = False) -> str:
    """Fen as yuan; an unknown amount is called unknown.

    Parameters
    ----------
    fen
        Amount in fen; None or NA where it is not known.
    whole
        Round to whole yuan: for totals of many units, never for a price.

    Examples
    --------
    >>> yuan(123456), yuan(-50), yuan(None), yuan(123456, whole=True)
    ('¥1,234.56', '−¥0.50', 'unknown', '¥1,235')
    """
    if fen is None or pd.isna(fen):
        return UNKNOWN
    amount = abs(int(fen))
    sign = "−" if int(fen) < 0 else ""
    return f"{sign}¥{(amount + 50) // 100:,}" if whole else f"{sign}¥{amount // 100:,}.{amount % 100:02d}"


def count(number: Any) -> str:
    """A count with thousands separated."""
    return UNKNOWN if number is None or pd.isna(number) else f"{round(float(number)):,}".replace("-", "−")


def percent(share: Any, digits: int = 0) -> str:
    """A share as percent."""
    return UNKNOWN if share is None or pd.isna(share) else f"{float(share):.{digits}%}".replace("-", "−")


def clock(at: datetime) -> str:
    """Time of day."""
    return at.strftime("%H:%M")


def short_day(at: date) -> str:
    """Day and month, whatever the machine's language."""
    return f"{at.day} {_MONTHS[at.month - 1]}"


def day(at: Any) -> str:
    """A whole date."""
    return UNKNOWN if at is None or pd.isna(at) else f"{short_day(at)} {at.year}"


def moment(at: Any) -> str:
    """Day and time."""
    return UNKNOWN if at is None or pd.isna(at) else f"{short_day(at)}, {clock(at)}"


def language(text: object) -> str:
    """Language tag of a piece of text: Chinese if it has Chinese characters, else English."""
    return "zh" if _HAN.search(str(text)) else "en"
