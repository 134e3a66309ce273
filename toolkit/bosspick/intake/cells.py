"""Cells as people type them, to values of a column's kind.

Every parser takes a text series without surrounding blanks, in which the empty string means no value, and
returns the values and, where a cell cannot be read, a reason with a mend. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

from bosspick.tables import UNITS, Column

__all__ = ["Parsed", "parse_cells"]

_OFFSET = r"(?:[zZ]|[+-]\d{2}:?\d{2})$"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"


@dataclass(frozen=True, slots=True)
class Parsed:
    """Values of a column, and for the cells that could not be read why not and what to do."""

    values: pd.Series
    reason: pd.Series
    mend: str
    naive: int = 0


def parse_cells(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    """Read one column of text cells as its kind.

    Parameters
    ----------
    text
        Text cells; the empty string means no value.
    column
        What the column holds.
    zone
        Time zone of moments that name none.
    """
    return _PARSERS[column.kind](text, column, zone)


def _plain(text: pd.Series) -> pd.Series:
    ascii_only = text.str.isascii()
    if not ascii_only.all():
        text = text.where(ascii_only, text.str.normalize("NFKC").str.strip())
    return text


def _none(text: pd.Series) -> pd.Series:
    return pd.Series("", index=text.index, dtype="str")


def _flagged(text: pd.Series, bad: pd.Series, reason: str, mend: str, values: pd.Series, naive: int = 0) -> Parsed:
    return Parsed(values, _none(text).where(~bad, reason), mend, naive)


def _text(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del zone
    if column.kind == "id":
        text = _plain(text)
    long = text.str.len() > 2000
    return _flagged(text, long, "is longer than 2,000 characters", "shorten the text", text.where(text != ""))


def _numbers(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Plain decimal text of each cell without signs of currency and thousands, and a factor of 1 or 10,000."""
    plain = _plain(text).str.replace(r"(?i)^(?:cny|rmb|人民币)\s*|[¥￥,\s]|(?:元|块|cny|rmb)$", "", regex=True)
    wan = plain.str.endswith("万")
    return plain.where(~wan, plain.str.slice(0, -1)), wan.map({True: 10_000, False: 1})


def _money(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del zone
    plain, factor = _numbers(text)
    empty = text == ""
    parts = plain.str.extract(r"^([+-]?)(\d*)(?:\.(\d*))?$")
    readable = plain.str.fullmatch(_NUMBER) & (parts[1].fillna("").str.len() <= 12)
    fraction = parts[2].fillna("").str.rstrip("0")
    fine = readable & ((fraction.str.len() <= 2) | (factor > 1))
    digits = parts[1].fillna("").where(fine, "0").replace("", "0").astype("int64")
    cents = fraction.where(fine, "").str.slice(0, 6).str.ljust(6, "0").astype("int64")
    sign = parts[0].eq("-").map({True: -1, False: 1})
    fen = sign * (digits * 100 * factor + cents * factor // 10_000)
    values = fen.astype("Int64").where(fine & ~empty)
    reason = _none(text)
    reason = reason.where(empty | readable, "is not an amount of money")
    reason = reason.where(empty | ~readable | fine, "has more than two decimals")
    return Parsed(values, reason, "write yuan as a number such as 98.50, or leave the cell empty if unknown")


def _count(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del zone
    plain, factor = _numbers(text)
    empty = text == ""
    number = pd.to_numeric(plain.where(plain.str.fullmatch(_NUMBER)), errors="coerce") * factor
    fine = number.notna() & (number == number.round()) & (number.abs() < 2**53)
    values = number.where(fine).astype("Int64")
    return _flagged(text, ~fine & ~empty, "is not a whole number", "write a whole number such as 5000", values)


def _number(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del zone
    plain, factor = _numbers(text)
    percent = plain.str.endswith("%") if column.kind == "rate" else pd.Series(False, index=text.index)
    plain = plain.where(~percent, plain.str.slice(0, -1))
    number = pd.to_numeric(plain.where(plain.str.fullmatch(_NUMBER)), errors="coerce").astype("float64") * factor
    number = number.where(~percent, number / 100)
    bad = number.isna() & (text != "")
    return _flagged(text, bad, "is not a number", "write a plain number such as 4.7", number)


def _choice(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del zone
    aliases = {choice.casefold(): choice for choice in column.choices}
    aliases |= {alias.casefold(): choice for alias, choice in column.aliases}
    values = _plain(text).str.casefold().map(aliases)
    bad = values.isna() & (text != "")
    listed = ", ".join(column.choices)
    reason = "has no rate to CNY" if column.name == "currency" else f"is none of {listed}"
    mend = "give the price in CNY" if column.name == "currency" else f"use one of {listed}"
    return _flagged(text, bad, reason, mend, values.astype("str"))


def _flag(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    parsed = _choice(text, column, zone)
    return Parsed(parsed.values.map({"yes": True, "no": False}).astype("boolean"), parsed.reason, "write yes or no")


def _unit(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column, zone
    plain = _plain(text).str.lower()
    bad = ~plain.isin(UNITS) & (text != "")
    return _flagged(text, bad, "is no unit this toolkit knows", "use ml, l, g, kg, m, cm or piece (毫升, 克, 个 ...)",
                    plain.where(text != ""))  # fmt: skip


def _iso(text: pd.Series) -> pd.Series:
    plain = _plain(text).str.replace(r"[年月/]", "-", regex=True).str.replace("日", "", regex=False)
    return plain.str.replace(
        r"^(\d{4})-(\d{1,2})-(\d{1,2})", lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}", regex=True
    )


def _date(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column, zone
    iso = _iso(text)
    day = iso.str.fullmatch(r"\d{4}-\d{2}-\d{2}(?:[T ]00:00(?::00)?)?")
    values = pd.to_datetime(iso.where(day).str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    bad = values.isna() & (text != "")
    return _flagged(text, bad, "is not a date", "write a day such as 2026-11-28", values.astype("datetime64[us]"))


def _moment(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column
    iso = _iso(text)
    offset = iso.str.contains(_OFFSET, regex=True) & (iso.str.len() > 10)
    aware = pd.to_datetime(iso.where(offset), format="ISO8601", errors="coerce", utc=True)
    local = pd.to_datetime(iso.where(~offset & (iso != "")), format="ISO8601", errors="coerce")
    naive = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT").dt.tz_convert("UTC")
    values = aware.astype("datetime64[us, UTC]").fillna(naive.astype("datetime64[us, UTC]"))
    bad = values.isna() & (text != "")
    mend = "write a moment such as 2026-11-27T18:00+08:00"
    return _flagged(text, bad, "is not a moment in time", mend, values, naive=int(naive.notna().sum()))


def _clock(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column, zone
    parts = _plain(text).str.extract(r"^([01]?\d|2[0-3]):([0-5]\d)(?::00)?$")
    values = parts[0].str.zfill(2) + ":" + parts[1]
    bad = values.isna() & (text != "")
    return _flagged(text, bad, "is not a time of day", "write it as 20:30", values)


_PARSERS: dict[str, Callable[[pd.Series, Column, ZoneInfo], Parsed]] = {
    "id": _text,
    "text": _text,
    "money": _money,
    "count": _count,
    "number": _number,
    "rate": _number,
    "choice": _choice,
    "flag": _flag,
    "unit": _unit,
    "date": _date,
    "moment": _moment,
    "clock": _clock,
}
