"""Barcode numbers as they are written, and what is said of those that match nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bosspick import open_room
from bosspick.intake.barcodes import read_barcodes
from tests.rooms import CHANNELS, WEEK, barcode, offer, quote, write_room

EAN = "6901234567892"
LOST = "lost its last digits to a spreadsheet and counts as none"
NONE = "is no barcode number"


def read(*texts: str) -> tuple[list[str | None], list[str]]:
    """Values, and what is said of each."""
    found = read_barcodes(pd.Series(texts, dtype="str"))
    said = pd.concat([reason for reason, _ in found.notes], axis=1)
    return found.values.astype(object).where(found.values.notna(), None).tolist(), said.sum(axis=1).tolist()


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        (EAN, EAN, ""), ("", None, ""), ("690 1234 567892", EAN, ""), ("690-1234-567892", EAN, ""), (f"'{EAN}", EAN, ""),
        ("’6901234567892", EAN, ""), ("6901234567892.0", EAN, ""), ("6901234567892.00", EAN, ""), ("690–1234–567892", EAN, ""),
        ("690\xa01234567892", EAN, ""), ("036000291452", "036000291452", ""), ("0036000291452", "0036000291452", ""),
        ("96385074", "96385074", ""), ("16901234567899", "16901234567899", ""),
        ("6901234567891", "6901234567891", "is mistyped: its check digit would be 2"),
        ("036000291453", "036000291453", "is mistyped: its check digit would be 2"),
        ("6.9E+12", None, LOST), ("6.90123E12", None, LOST), ("7e+12", None, LOST),
        ("SKU-001", "SKU-001", NONE), ("12345678901234567", "12345678901234567", NONE),
        ("6901234567892.5", "6901234567892.5", NONE),
    ],
)  # fmt: skip
def test_one_number(text: str, value: str | None, said: str) -> None:
    assert read(text) == ([value], [said])


@settings(deadline=None)
@given(
    st.integers(min_value=0, max_value=10**9 - 1), st.integers(min_value=0, max_value=12), st.integers(min_value=1, max_value=9)
)
def test_every_slip_of_one_digit_is_found(number: int, place: int, change: int) -> None:
    right = barcode(number)
    slip = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1 :]
    said = read(right, slip)[1]
    assert (said[0], said[1].startswith("is mistyped")) == ("", True)


def test_ways_to_write_a_number_name_the_same_product_and_the_others_are_named(tmp_path: Path) -> None:
    written = ["６９０００００００００１４", f"'{barcode(1)}", f"{barcode(1)}.0", f"0{barcode(1)}"]
    assert read(*[each for each in written if each.isascii()])[1] == ["", "", ""]
    quotes = [quote(1, channel, gtin=gtin) for channel, gtin in zip(CHANNELS, written, strict=True)]
    quotes.append(quote(2, "戊", gtin="6.9E+12"))
    room = write_room(tmp_path, offers=[offer(1, gtin=f"{barcode(1)[:3]} {barcode(1)[3:]}"), offer(2, gtin="6901234567891")],
                      quotes=quotes)  # fmt: skip
    week = open_room(room).week()
    assert week.bad == ()
    assert week.table("offers")["gtin"].tolist() == [barcode(1), "6901234567891"]
    assert week.table("quotes")["gtin"].astype(object).where(week.table("quotes")["gtin"].notna(), None).tolist() == [
        barcode(1), barcode(1), barcode(1), f"0{barcode(1)}", None]  # fmt: skip
    assert [(each.file, each.row, each.column, each.value, each.reason) for each in week.findings] == [
        (f"{WEEK}/offers.csv", 3, "gtin", "6901234567891", "is mistyped: its check digit would be 2"),
        (f"{WEEK}/quotes.csv", 6, "gtin", "6.9E+12", LOST),
    ]
    assert all(each.mend for each in week.findings)


def test_many_of_one_kind_are_told_together(tmp_path: Path) -> None:
    quotes = [quote(1, f"店{number}", gtin=f"K-{number}") for number in range(30)]
    week = open_room(write_room(tmp_path, quotes=quotes)).week()
    assert [each.row for each in week.findings] == [*range(2, 22), None]
    assert week.findings[-1].reason == "10 more cells to row 31 are like the one of row 21"
    assert len(week.table("quotes")) == 30
