"""Cells as people type them."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bosspick.intake.cells import Parsed, parse_cells
from bosspick.intake.raw import cell_text
from bosspick.tables import TABLES, UNITS, Column, Kind

ZONE = ZoneInfo("Asia/Shanghai")
NOTHING = "nothing"
NOT_MONEY = "is not an amount of money"


def parse(texts: list[str], column: Column) -> Parsed:
    return parse_cells(pd.Series(texts, dtype="str"), column, ZONE)


def read(text: str, column: Column) -> object:
    """The value of one cell, or the reason it cannot be read."""
    found = parse([text], column)
    if found.reason[0]:
        return found.reason[0]
    return NOTHING if pd.isna(found.values[0]) else found.values[0]


def of(kind: Kind) -> Column:
    return Column(name="x", kind=kind, meaning="")


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("98.5", 9850), ("98", 9800), ("98.", 9800), (".5", 50), ("0", 0), ("-5", -500), ("+5", 500), ("", NOTHING),
        ("１０２．５", 10250), ("￥１，２３４", 123400), ("¥98", 9800), ("98元", 9800), ("98 元", 9800), ("人民币98块", 9800),
        ("RMB 98", 9800), ("98 CNY", 9800), ("rmb98", 9800), ("1,234.50", 123450), ("12,345,678", 1234567800),
        ("1.2万", 1200000), ("1.2万元", 1200000), ("0.000001万", 1), ("98.500", 9850), ("−5", -500),
        ("面议", NOT_MONEY), ("待定", NOT_MONEY), ("98起", NOT_MONEY), ("98-108", NOT_MONEY), ("98,50", NOT_MONEY),
        ("1,23,456", NOT_MONEY), ("1 234", NOT_MONEY), ("1e5", NOT_MONEY), ("5²", NOT_MONEY), ("①", NOT_MONEY),
        ("٩٨", NOT_MONEY), ("九十八", NOT_MONEY), ("nan", NOT_MONEY), ("inf", NOT_MONEY), ("0x10", NOT_MONEY),
        (".", NOT_MONEY), ("¥", NOT_MONEY), ("$98", NOT_MONEY), ("9" * 13, NOT_MONEY), ("=1+1", NOT_MONEY),
        ("98.505", "is finer than a fen"), ("1.2345678万", "is finer than a fen"), ("#N/A", "is a spreadsheet error"),
    ],
)  # fmt: skip
def test_money(text: str, fen: object) -> None:
    assert read(text, of("money")) == fen


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**11), st.booleans(), st.booleans(), st.sampled_from(["", "¥", "￥", "CNY "]))
def test_money_round_trip_is_exact_to_the_fen(fen: int, commas: bool, full_width: bool, sign: str) -> None:
    yuan = Decimal(fen) / 100
    text = sign + (f"{yuan:,.2f}" if commas else f"{yuan:.2f}")
    if full_width:
        text = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert read(text, of("money")) == fen


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_money_from_a_spreadsheet_number_is_exact_to_the_fen(fen: int) -> None:
    assert read(cell_text(fen / 100), of("money")) == fen
    assert read(cell_text(fen * 0.01), of("money")) == fen


ONE_OF_EACH = {column.kind: column for table in TABLES.values() for column in table.columns}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=12), min_size=1))
def test_no_text_breaks_any_reader(texts: list[str]) -> None:
    texts = [text.strip() for text in texts]
    for column in ONE_OF_EACH.values():
        found = parse(texts, column)
        unread = found.values.isna() & (pd.Series(texts, dtype="str") != "")
        # Every cell that holds something is either read or said to be unreadable.
        assert (found.reason[unread] != "").all()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("count", "5000", 5000), ("count", "5,000", 5000), ("count", "５０００", 5000), ("count", "1.5万", 15000),
        ("count", "5.0", 5), ("count", "-3", -3), ("count", "5.5", "is not a whole number"),
        ("count", "约5000", "is not a whole number"), ("count", "9" * 20, "is not a whole number"),
        ("number", "4.7", 4.7), ("number", "４．７", 4.7), ("number", "4.7分", "is not a number"),
        ("number", "nan", "is not a number"), ("number", "9" * 400, "is not a number"),
        ("rate", "0.05", 0.05), ("rate", "5%", 0.05), ("rate", "５％", 0.05), ("rate", "8折", "is not a number"),
        ("date", "2026-11-28", "2026-11-28"), ("date", "2026/1/5", "2026-01-05"), ("date", "2026年1月5日", "2026-01-05"),
        ("date", "2026-11-28T00:00:00", "2026-11-28"), ("date", "9999-12-31", "9999-12-31"),
        ("date", "2026-02-30", "is not a date"), ("date", "2026-11-28 18:00", "is not a date"),
        ("date", "46354", "is not a date"), ("date", "长期", "is not a date"), ("date", "28.11.2026", "is not a date"),
        ("moment", "2026-11-27T18:00+08:00", "2026-11-27T10:00"), ("moment", "2026-11-27T10:00Z", "2026-11-27T10:00"),
        ("moment", "2026-11-27T05:00-0500", "2026-11-27T10:00"), ("moment", "2026-11-27 18:00", "2026-11-27T10:00"),
        ("moment", "2026/11/27 9:05", "2026-11-27T01:05"), ("moment", "2026-11-27", "2026-11-26T16:00"),
        ("moment", "2026-11-27T18:00:00.123456789", "2026-11-27T10:00:00.123456"),
        ("moment", "2026-11-27T18:00+08", "is not a moment in time"), ("moment", "2026", "is not a moment in time"),
        ("moment", "2026-11", "is not a moment in time"), ("moment", "20261127", "is not a moment in time"),
        ("moment", "2026-11-27T25:00", "is not a moment in time"), ("moment", "46354.5", "is not a moment in time"),
        ("moment", "0001-01-01T00:00", "is not a moment in time"), ("moment", "昨天", "is not a moment in time"),
        ("clock", "20:30", "20:30"), ("clock", "9:05", "09:05"), ("clock", "２０：３０", "20:30"),
        ("clock", "20:30:00", "20:30"), ("clock", "24:00", "is not a time of day"), ("clock", "8pm", "is not a time of day"),
        ("unit", "ML", "ml"), ("unit", "㎏", "kg"), ("unit", "毫升", "毫升"), ("unit", "杯", "is no unit this toolkit knows"),
        ("id", "001", "001"), ("id", "NA", "NA"), ("id", "null", "null"), ("id", "Ｏ１", "O1"), ("id", "\u200bO1", "O1"),
        ("id", "5²", "5²"), ("id", "6.90E+12", "was cut short by a spreadsheet"),
        ("id", "1E5", "was cut short by a spreadsheet"),
        ("id", "#REF!", "is a spreadsheet error"), ("text", "=1+1", "=1+1"), ("text", "<b>", "<b>"),
        ("text", "a\x00b", "holds control characters"), ("text", "x" * 2001, "is longer than 2,000 characters"),
    ],
)  # fmt: skip
def test_other_kinds(kind: Kind, text: str, value: object) -> None:
    found = read(text, of(kind))
    if isinstance(found, pd.Timestamp):
        assert found.tz_localize(None) == pd.Timestamp(str(value))
    else:
        assert found == value


@pytest.mark.parametrize(
    ("table", "column", "text", "value"),
    [
        ("quotes", "currency", "CNY", "CNY"), ("quotes", "currency", "人民币", "CNY"), ("quotes", "currency", "￥", "CNY"),
        ("quotes", "currency", "usd", "USD"), ("quotes", "currency", "港币", "HKD"),
        ("quotes", "grade", "a", "A"), ("quotes", "grade", "Ａ", "A"), ("quotes", "grade", "E", "is none of A, B, C, D"),
        ("quotes", "condition", "全新", "new"), ("quotes", "in_stock", "是", True), ("quotes", "in_stock", "0", False),
        ("quotes", "in_stock", "TRUE", True), ("quotes", "in_stock", "可能", "is none of yes, no"),
        ("promotions", "step", "店铺", "2"), ("promotions", "step", "2", "2"),
        ("promotions", "audience", "会员", "member"), ("promotions", "kind", "定金膨胀", "deposit"),
        ("brands", "white_label", "否", False), ("brands", "white_label", "", NOTHING),
    ],
)  # fmt: skip
def test_choices(table: str, column: str, text: str, value: object) -> None:
    assert read(text, TABLES[table].column(column)) == value


def test_an_hour_that_the_clocks_skip_is_no_moment() -> None:
    text = pd.Series(["2026-03-29T02:30", "2026-10-25T02:30", "2026-10-25T02:30+02:00"], dtype="str")
    found = parse_cells(text, of("moment"), ZoneInfo("Europe/Berlin"))
    assert (found.reason != "").tolist() == [True, True, False]


@pytest.mark.parametrize(
    "kind", ["id", "money", "count", "number", "rate", "date", "moment", "clock", "flag", "unit", "barcode"]
)
def test_blank_and_empty_columns_keep_their_type(kind: Kind) -> None:
    blank, empty, full = (parse(texts, of(kind)).values for texts in (["", ""], [], ["1"]))
    assert blank.dtype == empty.dtype == full.dtype
    assert blank.isna().all()


@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_header_stands_for_two_columns(table: str) -> None:
    headers = [name.casefold() for column in TABLES[table].columns for name in (column.name, *column.zh)]
    assert sorted({name for name in headers if headers.count(name) > 1}) == []


def test_units_lead_to_few_bases() -> None:
    assert {base for base, _ in UNITS.values()} == {"ml", "g", "m", "piece"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (float("nan"), ""), (pd.NaT, ""), (True, "yes"), (98, "98"), (98.0, "98"), (98.5, "98.5"), (1.1 + 2.2, "3.3"),
     (19.99 * 3, "59.97"), (6901234567892.0, "6901234567892"), (9007199254740993, "9007199254740993"), (1e-7, "0.0000001"),
     (Decimal("98.50"), "98.50"), (Decimal("NaN"), ""), (pd.Timestamp("2026-11-28"), "2026-11-28T00:00:00"),
     (pd.Timestamp("2026-11-28 18:00", tz="Asia/Shanghai"), "2026-11-28T18:00:00+08:00")],
    ids=str,
)  # fmt: skip
def test_typed_cells_read_as_a_person_would_type_them(value: object, text: str) -> None:
    assert cell_text(value) == text
