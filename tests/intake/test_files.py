"""The same rows from every kind of file, and what is said of a file that cannot be read."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from bosspick import open_room
from bosspick.errors import TableError
from bosspick.tables import TABLES
from tests.rooms import WEEK, barcode, offer, write_room, write_rows

OFFERS = [offer(1, offer_id="001", brand_id="NA", gtin=f"0{barcode(1)}"), offer(2, title='"引号", 逗号\n换行'), offer(3)]
CHINESE = {column.name: column.zh[0] for column in TABLES["offers"].columns if column.zh}


def read_offers(room: Path) -> pd.DataFrame:
    return open_room(room).week().table("offers")


def as_csv(encoding: str, headers: dict[str, str], newline: str = "\r\n") -> Callable[[Path], None]:
    def write(home: Path) -> None:
        with (home / "offers.csv").open("w", encoding=encoding, newline="") as stream:
            writer = csv.writer(stream, lineterminator=newline)
            writer.writerow([headers.get(name, name) for name in OFFERS[0]])
            writer.writerows(row.values() for row in OFFERS)

    return write


def as_excel_text(home: Path) -> None:
    book = xlsxwriter.Workbook(home / "offers.xlsx")
    sheet = book.add_worksheet("offers")
    for number, row in enumerate([list(OFFERS[0]), *[list(row.values()) for row in OFFERS]]):
        for place, value in enumerate(row):
            sheet.write_string(number, place, value)
    book.close()


def typed(name: str, value: str) -> Any:
    """A cell as a spreadsheet or a database types it."""
    column = TABLES["offers"].column(name)
    if value == "" or column.kind in ("id", "barcode", "text", "unit"):
        return value or None
    if column.kind == "date":
        return dt.date.fromisoformat(value)
    if column.kind == "clock":
        return dt.time.fromisoformat(value)
    return int(value) if column.kind == "count" else float(value)


def as_excel_typed(home: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(OFFERS[0]))
    for row in OFFERS:
        sheet.append([typed(name, value) for name, value in row.items()])
    # Under a format of zeros a number is an id with leading zeros, as everybody sees it.
    sheet["A2"].value, sheet["A2"].number_format = 1, "000"
    book.create_sheet("notes").append(["not a table"])
    book.save(home / "offers.xlsx")


def as_parquet_typed(home: Path) -> None:
    columns = {name: [typed(name, row[name]) for row in OFFERS] for name in OFFERS[0]}
    table = pa.table(columns)
    prices = pa.array([float(row["opening_price"]) for row in OFFERS], pa.float32())
    table = table.set_column(table.column_names.index("opening_price"), "opening_price", prices)
    pq.write_table(table, home / "offers.parquet")


def as_parquet_with_an_index(home: Path) -> None:
    pd.DataFrame(OFFERS, dtype="str").set_index("offer_id").to_parquet(home / "offers.parquet")


WRITERS: dict[str, Callable[[Path], None]] = {
    "UTF-8": as_csv("utf-8", {}),
    "UTF-8 with BOM": as_csv("utf-8-sig", {}),
    "UTF-8, Chinese headers": as_csv("utf-8", CHINESE),
    "GB18030, Chinese headers": as_csv("gb18030", CHINESE),
    "old Mac or Unix line ends": as_csv("utf-8", {}, "\n"),
    "spaced headers": as_csv("utf-8", {"offer_id": " Offer ID "}),
    "Excel, text cells": as_excel_text,
    "Excel, typed cells": as_excel_typed,
    "Parquet, typed columns": as_parquet_typed,
    "Parquet, id as index": as_parquet_with_an_index,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_the_same_rows_from_every_file(tmp_path: Path, writer: str) -> None:
    room = write_room(tmp_path / "room", offers=OFFERS)
    expected = read_offers(room)
    assert expected["offer_id"].tolist() == ["001", "O2", "O3"]
    assert expected["brand_id"].tolist() == ["NA", "B2", "B3"]
    (room / WEEK / "offers.csv").unlink()
    WRITERS[writer](room / WEEK)
    pd.testing.assert_frame_equal(read_offers(room), expected)


def test_ids_of_twenty_digits_survive_parquet_with_gaps(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    frame = pd.DataFrame([offer(1), offer(2), offer(3)]).astype({"gtin": "Int64"})
    frame["gtin"] = pd.array([9007199254740993, None, 9007199254740995], dtype="Int64")
    (room / WEEK / "offers.csv").unlink()
    frame.to_parquet(room / WEEK / "offers.parquet")
    assert read_offers(room)["gtin"].fillna("").tolist() == ["9007199254740993", "", "9007199254740995"]


def findings(room: Path) -> list[tuple[str, int | None, str, str]]:
    return [(each.file, each.row, each.column, each.reason) for each in open_room(room).week().findings]


def workbook(room: Path, change: Callable[[Any], None]) -> None:
    """The room's offers as a workbook, changed before it is saved."""
    as_excel = openpyxl.Workbook()
    sheet = as_excel.active
    assert sheet is not None
    rows = [offer(n) for n in (1, 2, 3)]
    for row in [list(rows[0]), *[list(row.values()) for row in rows]]:
        sheet.append(row)
    change(sheet)
    (room / WEEK / "offers.csv").unlink()
    as_excel.save(room / WEEK / "offers.xlsx")


def test_a_formula_without_a_stored_value_is_named(room: Path) -> None:
    workbook(room, lambda sheet: sheet.__setitem__("K3", "=80+9"))
    assert findings(room) == [(f"{WEEK}/offers.xlsx", 3, "opening_price", "is a formula without a stored value")]
    assert read_offers(room)["offer_id"].tolist() == ["O1", "O3"]


def test_a_formula_with_a_stored_value_is_read(room: Path) -> None:
    (room / WEEK / "offers.csv").unlink()
    book = xlsxwriter.Workbook(room / WEEK / "offers.xlsx")
    sheet = book.add_worksheet()
    for place, (name, value) in enumerate(offer(1).items()):
        sheet.write_string(0, place, name)
        sheet.write_string(1, place, value)
        if name == "opening_price":
            sheet.write_formula(1, place, "=80+9", None, 89)
    book.close()
    assert findings(room) == []
    assert read_offers(room)["opening_price_fen"].tolist() == [8900]


def test_a_failed_lookup_is_no_brand(room: Path) -> None:
    workbook(room, lambda sheet: sheet.__setitem__("B3", "#N/A"))
    assert findings(room) == [(f"{WEEK}/offers.xlsx", 3, "brand_id", "is a spreadsheet error")]


def test_a_column_without_a_header_is_named_and_left_out(room: Path) -> None:
    workbook(room, lambda sheet: sheet.cell(3, 26, "问一下"))
    assert findings(room) == [(f"{WEEK}/offers.xlsx", None, "(column 26)", "unknown column")]
    assert len(read_offers(room)) == 3


def test_gaps_between_rows_keep_their_numbers(room: Path) -> None:
    workbook(room, lambda sheet: (sheet.insert_rows(3, 5), sheet.__setitem__("K9", "面议")))
    assert findings(room) == [(f"{WEEK}/offers.xlsx", 9, "opening_price", "is not an amount of money")]
    assert read_offers(room)["offer_id"].tolist() == ["O1", "O2"]


def csv_text(room: Path, change: Callable[[list[str]], list[str]]) -> None:
    path = room / WEEK / "offers.csv"
    path.write_text("\n".join(change(path.read_text(encoding="utf-8").splitlines())), encoding="utf-8")


def test_a_row_with_too_many_cells_is_named_and_the_rest_read(room: Path) -> None:
    csv_text(room, lambda lines: [lines[0], lines[1], lines[2] + ",多,了", lines[3]])
    assert findings(room) == [(f"{WEEK}/offers.csv", 3, "", "has 27 cells, the header has 25")]
    assert read_offers(room)["offer_id"].tolist() == ["O1", "O3"]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [line + ",,," for line in lines],
        lambda lines: [lines[0], lines[1] + ",,", *lines[2:]],
        lambda lines: [*lines[:2], "", "," * 24, *lines[2:], "", ""],
        lambda lines: [*lines[:3], lines[3].rsplit(",", 2)[0]],
        lambda lines: ["", "", *lines],
    ],
    ids=["commas after every row", "commas after one row", "blank rows", "a short row", "blank rows before the header"],
)
def test_ragged_ends_that_lose_nothing_are_read(room: Path, change: Callable[[list[str]], list[str]]) -> None:
    csv_text(room, change)
    assert findings(room) == []
    assert read_offers(room)["offer_id"].tolist() == ["O1", "O2", "O3"]


def error(room: Path) -> TableError:
    with pytest.raises(TableError) as caught:
        open_room(room).week()
    assert caught.value.hint
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n\n", "is empty"),
        ("offer_id,brand_id\n".encode("utf-16"), "is UTF-16 text"),
        (b"offer_id;brand_id;title\n1;2;3\n", "is separated by ';'"),
        (b"offer_id\tbrand_id\n1\t2\n", "is separated by tabs"),
        (b'offer_id,brand_id\n1,"2\n3,4\n', "cannot be read after row 1: unexpected end of data"),
        (b'offer_id,brand_id\n1,"2\n3,"4\n5,6\n', "cannot be read after row 1: ',' expected after '\"'"),
        ("商品标题,标题二\n".encode() + "好".encode()[:2] + b",x\n", "is UTF-8 text with a damaged character in line 2"),
        (b"\x80\x81\x82\xff\xff\xff,\xff\n", "is neither UTF-8 nor GB18030 text"),
    ],
    ids=["empty", "only blanks", "UTF-16", "semicolons", "tabs", "open quote", "two open quotes", "damaged UTF-8", "binary"],
)
def test_a_csv_that_is_not_one(room: Path, data: bytes, message: str) -> None:
    (room / WEEK / "offers.csv").write_bytes(data)
    caught = error(room)
    assert (caught.where, caught.message) == (f"{WEEK}/offers.csv", message)


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_a_file_that_is_not_what_its_name_says(room: Path, suffix: str) -> None:
    (room / WEEK / "offers.csv").rename(room / WEEK / f"offers{suffix}")
    assert error(room).message.startswith("cannot be read: ")


def test_a_workbook_without_rows(room: Path) -> None:
    (room / WEEK / "offers.csv").unlink()
    openpyxl.Workbook().save(room / WEEK / "offers.xlsx")
    assert error(room).message == "the sheet 'Sheet' has no header"


def test_two_files_for_one_table(room: Path) -> None:
    shutil.copy(room / WEEK / "offers.csv", room / WEEK / "offers.parquet")
    assert "two files hold the table: offers.csv and offers.parquet" in error(room).message


def test_a_header_only_table_holds_no_offer(room: Path) -> None:
    csv_text(room, lambda lines: lines[:1])
    assert error(room).message == "holds no usable offer"


def test_no_usable_offer_names_the_first_reason_by_row_and_all_findings(room: Path) -> None:
    write_rows(room / WEEK / "offers.csv", [offer(1, stock="?"), offer(2, opening_price="面议")])
    caught = error(room)
    assert caught.message == "holds no usable offer"
    assert "row 2, column stock: is not a whole number ('?')" in str(caught.hint)
    assert [(each.row, each.column) for each in caught.findings] == [(3, "opening_price"), (2, "stock")]
