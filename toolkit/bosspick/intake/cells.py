"""Cells as people type them, to values of a column's kind.

Every parser takes a text series without surrounding blanks, in which the empty string means no value, and
returns the values and, where a cell cannot be read, a reason with a mend. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import pandas as pd

from bosspick.intake.barcodes import read_barcodes
from bosspick.intake.schema import DTYPES
from bosspick.tables import UNITS, Column

__all__ = ["Parsed", "parse_cells"]

_AMOUNT = (
    r"(?i)^(?P<sign>[+-]?)(?:(?:cny|rmb|人民币|¥)\s*)*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<fraction>[0-9]*))?"
    r"\s*(?P<wan>万?)\s*(?:元|块|圆|cny|rmb)?$"
)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_OFFSET = r"(?:[zZ]|[+-][0-9]{2}:?[0-9]{2})"
#: Only years in which something may have been captured: a mistyped year is not a moment.
_MOMENT = r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}" + (
    rf"(?:[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,9}})?)?{_OFFSET}?)?"
)
_SPREADSHEET_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
#: Full-width forms to the signs they stand for; what cannot be seen is dropped. Superscripts, circled digits and
#: the like stay as they are, because 5² is not 52.
_HALF_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: " ", 0xA0: " ", 0xFFE5: "¥", 0x2212: "-", 0x200B: None, 0xFEFF: None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """Values of a column, and for the cells that could not be read why not and what to do.

    ``notes`` are reasons, and what to do, of cells that were read and about which there is something to say.
    """

    values: pd.Series
    reason: pd.Series
    mend: str
    naive: int = 0
    notes: tuple[tuple[pd.Series, str], ...] = ()


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
    if (text == "").all():
        return Parsed(pd.Series(None, index=text.index, dtype=DTYPES[column.kind]), _none(text), "")
    broken = text.isin(_SPREADSHEET_ERRORS)
    if not broken.any():
        return _PARSERS[column.kind](text, column, zone)
    parsed = _PARSERS[column.kind](text.where(~broken, ""), column, zone)
    return replace(parsed, reason=parsed.reason.where(~broken, "is a spreadsheet error"))


def _half_width(text: pd.Series) -> pd.Series:
    ascii_only = text.str.isascii()
    return text if ascii_only.all() else text.where(ascii_only, text.str.translate(_HALF_WIDTH).str.strip())


def _folded(text: pd.Series) -> pd.Series:
    """Cells of a closed set of words, where every compatible spelling may stand for the word."""
    ascii_only = text.str.isascii()
    plain = text if ascii_only.all() else text.where(ascii_only, text.str.normalize("NFKC").str.strip())
    return plain.str.casefold()


def _none(text: pd.Series) -> pd.Series:
    return pd.Series("", index=text.index, dtype="str")


def _flagged(text: pd.Series, bad: pd.Series, reason: str, mend: str, values: pd.Series, naive: int = 0) -> Parsed:
    return Parsed(values, _none(text).where(~bad, reason), mend, naive)


def _text(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del zone
    if column.kind == "id":
        text = _half_width(text)
    reason = _none(text).where(text.str.len() <= 2000, "is longer than 2,000 characters")
    reason = reason.where(~text.str.contains(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", regex=True), "holds control characters")
    mend = "write plain text of at most 2,000 characters"
    if column.kind == "id":
        cut = text.str.fullmatch(r"(?i)[0-9](?:\.[0-9]+)?E\+?[0-9]+")
        reason, mend = (
            reason.where(~cut, "was cut short by a spreadsheet"),
            "format the column as text and enter it in full",
        )
    return Parsed(text.where(text != ""), reason, mend)


def _barcode(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    parsed = _text(text, column, zone)
    found = read_barcodes(_half_width(text).where(parsed.reason == "", ""))
    return replace(parsed, values=found.values, notes=found.notes)


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Decimal numbers as written: digits before and after the point, and what they are multiplied by."""

    readable: pd.Series
    sign: pd.Series
    whole: pd.Series
    fraction: pd.Series
    factor: pd.Series


def _amounts(text: pd.Series) -> _Amounts:
    parts = _half_width(text).str.extract(_AMOUNT)
    whole = parts["whole"].fillna("").str.replace(",", "", regex=False)
    fraction = parts["fraction"].fillna("").str.rstrip("0")
    digits = whole + parts["fraction"].fillna("")
    readable = (digits != "") & (whole.str.len() <= 12) & (fraction.str.len() <= 12)
    return _Amounts(
        readable,
        parts["sign"].eq("-").map({True: -1, False: 1}).astype("int64"),
        whole.where(readable, "0").replace("", "0").astype("int64"),
        fraction.where(readable, ""),
        parts["wan"].eq("万").map({True: 10_000, False: 1}).astype("int64"),
    )


def _money(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column, zone
    found = _amounts(text)
    empty = text == ""
    exact = found.fraction.str.len() <= found.factor.map({1: 2, 10_000: 6})
    millionths = found.fraction.where(exact, "").str.ljust(6, "0").astype("int64")
    fen = found.sign * (found.whole * 100 * found.factor + millionths * found.factor // 10_000)
    reason = _none(text).where(empty | found.readable, "is not an amount of money")
    reason = reason.where(empty | ~found.readable | exact, "is finer than a fen")
    mend = "write yuan as a number such as 98.50, or leave the cell empty if unknown"
    return Parsed(fen.astype("Int64").where(found.readable & exact & ~empty), reason, mend)


def _count(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column, zone
    found = _amounts(text)
    exact = found.readable & (found.fraction.str.len() <= found.factor.map({1: 0, 10_000: 4}))
    rest = found.fraction.where(exact, "").str.ljust(4, "0").astype("int64")
    count = found.sign * (found.whole * found.factor + rest * found.factor // 10_000)
    bad = ~exact & (text != "")
    return _flagged(text, bad, "is not a whole number", "write a whole number such as 5000",
                    count.astype("Int64").where(exact & (text != "")))  # fmt: skip


def _number(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del zone
    rate = column.kind == "rate"
    plain = _half_width(text)
    percent = plain.str.endswith("%") & rate
    found = _amounts(plain.where(~percent, plain.str.slice(0, -1)))
    number = pd.to_numeric(found.whole.astype("str") + "." + found.fraction.where(found.fraction != "", "0"))
    number = number.astype("float64") * found.factor * found.sign
    number = number.where(~percent, number / 100)
    mend = "write a share such as 0.05 or 5%" if rate else "write a plain number such as 4.7"
    return _flagged(text, ~found.readable & (text != ""), "is not a number", mend, number.where(found.readable))


def _choice(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del zone
    aliases = {choice.casefold(): choice for choice in column.choices}
    aliases |= {alias.casefold(): choice for alias, choice in column.aliases}
    values = _folded(text).map(aliases)
    bad = values.isna() & (text != "")
    listed = ", ".join(column.choices)
    return _flagged(text, bad, f"is none of {listed}", f"use one of {listed}", values.astype("str"))


def _flag(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    parsed = _choice(text, column, zone)
    return Parsed(parsed.values.map({"yes": True, "no": False}).astype("boolean"), parsed.reason, "write yes or no")


def _unit(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column, zone
    plain = _folded(text)
    bad = ~plain.isin(UNITS) & (text != "")
    return _flagged(text, bad, "is no unit this toolkit knows", "use ml, l, g, kg, m, cm or piece (毫升, 克, 个 ...)",
                    plain.where(text != ""))  # fmt: skip


def _iso(text: pd.Series) -> pd.Series:
    plain = _half_width(text).str.replace(r"[年月/]", "-", regex=True).str.replace("日", "", regex=False)
    plain = plain.str.replace(
        r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])",
        lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}",
        regex=True,
    )
    # Excel writes 9:05 where ISO 8601 has 09:05.
    return plain.str.replace(r"[T ]+([0-9]):", lambda m: f"T0{m[1]}:", regex=True)


def _date(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column, zone
    iso = _iso(text)
    day = iso.str.fullmatch(rf"{_DAY}(?:[T ]00:00(?::00(?:\.0+)?)?)?")
    values = pd.to_datetime(iso.where(day).str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    bad = values.isna() & (text != "")
    return _flagged(text, bad, "is not a date", "write a day such as 2026-11-28", values.astype("datetime64[us]"))


def _moment(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column
    iso = _iso(text)
    iso = iso.where(iso.str.fullmatch(_MOMENT), "")
    offset = iso.str.contains(rf":[0-9.]+{_OFFSET}$", regex=True)
    aware = pd.to_datetime(iso.where(offset), format="ISO8601", errors="coerce", utc=True)
    local = pd.to_datetime(iso.where(~offset & (iso != "")), format="ISO8601", errors="coerce")
    naive = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT").dt.tz_convert("UTC")
    values = aware.astype("datetime64[us, UTC]").fillna(naive.astype("datetime64[us, UTC]"))
    bad = values.isna() & (text != "")
    mend = "write a moment such as 2026-11-27T18:00+08:00"
    return _flagged(text, bad, "is not a moment in time", mend, values, naive=int(naive.notna().sum()))


def _clock(text: pd.Series, column: Column, zone: ZoneInfo) -> Parsed:
    del column, zone
    parts = _half_width(text).str.extract(r"^([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00)?$")
    values = parts[0].str.zfill(2) + ":" + parts[1]
    bad = values.isna() & (text != "")
    return _flagged(text, bad, "is not a time of day", "write it as 20:30", values)


_PARSERS: dict[str, Callable[[pd.Series, Column, ZoneInfo], Parsed]] = {
    "id": _text,
    "barcode": _barcode,
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
