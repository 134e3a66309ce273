"""Workbooks as people keep them: cover sheets, notes, several weeks, merged cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bosspick import open_room
from bosspick.errors import TableError
from bosspick.intake import Week
from tests.rooms import WEEK, offer

ROWS = [list(offer(1)), *[list(offer(number).values()) for number in (1, 2, 3)]]
CHINESE = {"offer_id": "报名编号", "title": "标题", "opening_price": "报名价"}
FILE = f"{WEEK}/offers.xlsx"


def workbook(room: Path, **sheets: list[list[str]]) -> Callable[..., Week]:
    """The room's offers as a workbook of these sheets; what is given to the returned function is done to it first."""

    def read(change: Callable[[Any], object] = lambda _: None) -> Week:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        change(book)
        (room / WEEK / "offers.csv").unlink(missing_ok=True)
        book.save(room / FILE)
        return open_room(room).week()

    return read


COVER = [["双十一选品会"], ["制表", "一组"]]
SPOILT = [ROWS[0], ["O1", *ROWS[1][1:10], "面议", *ROWS[1][11:]], *ROWS[2:]]


@pytest.mark.parametrize(
    ("sheets", "read"),
    [
        ({"封面": COVER, "报名": SPOILT}, "报名"),
        ({"报名": SPOILT, "说明": [["列", "意思"]]}, "报名"),
        ({"封面": [], "报名": [[CHINESE.get(name, name) for name in SPOILT[0]], *SPOILT[1:]]}, "报名"),
        ({"旧": ROWS, "offers": SPOILT}, "offers"),
        ({"旧": ROWS, "Offers ": SPOILT}, "Offers "),
        ({"汇总": [["offer_id", "title"], ["O1", "x"]], "报名": SPOILT}, "报名"),
    ],
    ids=["a cover", "notes behind", "an empty sheet before", "by its name", "by its name, otherwise written", "a summary"],
)
def test_the_sheet_that_holds_the_table_is_read_and_named(room: Path, sheets: dict[str, list[list[str]]], read: str) -> None:
    week = workbook(room, **sheets)()
    assert week.table("offers")["offer_id"].tolist() == ["O2", "O3"]
    (finding,) = week.findings
    assert str(finding).startswith(f"{FILE} sheet {read!r} row 2, column opening_price: is not an amount of money ('面议')")


@pytest.mark.parametrize(
    ("sheets", "where", "message", "hint"),
    [
        ({"上周": ROWS, "本周": ROWS}, FILE, "several sheets hold the table: '上周' and '本周'",
         "name the one that is meant 'offers', or remove the others"),
        ({"封面": COVER, "说明": [["列"]]}, FILE,
         "no sheet has a header of the table 'offers' in its first row; there are '封面', '说明'",
         "put the columns' names into the first row of the sheet, and name it 'offers'"),
        ({"封面": COVER, "报名": [row[:5] for row in ROWS]}, f"{FILE} sheet '报名'",
         "lacks the columns category (类目/品类), opening_price (报名价/开价), stock (库存/备货量)",
         "its headers are: offer_id, brand_id, store_id, gtin, title"),
    ],
    ids=["two weeks", "none", "not all of it"],
)  # fmt: skip
def test_a_workbook_in_which_no_sheet_is_meant_for_certain(
    room: Path, sheets: dict[str, list[list[str]]], where: str, message: str, hint: str
) -> None:
    with pytest.raises(TableError) as caught:
        workbook(room, **sheets)()
    assert (caught.value.where, caught.value.message, caught.value.hint) == (where, message, hint)


def test_merged_cells_are_named_by_their_range(room: Path) -> None:
    def merge(book: Any) -> None:
        book["报名"].merge_cells("M2:M4")
        book["报名"].merge_cells("B3:B4")
        book["报名"].merge_cells("A9:C9")

    week = workbook(room, 报名=ROWS)(merge)
    assert [(each.severity, each.row, each.column, each.value) for each in week.findings] == [
        ("note", 2, "floor_high", "M2:M4"), ("note", 3, "brand_id", "B3:B4"), ("bad", 4, "brand_id", "")]  # fmt: skip
    assert week.files["offers"] == (FILE, 3)
    assert str(week.findings[0]) == (
        f"{FILE} row 2, column floor_high: are merged cells: only the first one has a value, the others are empty ('M2:M4')"
        " → unmerge them and fill in every cell"
    )
    assert week.table("offers")["offer_id"].tolist() == ["O1", "O2"]
