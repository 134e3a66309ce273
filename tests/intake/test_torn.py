"""Numbers torn apart at their thousands comma, and rows that only look like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick import open_room
from bosspick.intake import Finding
from tests.rooms import WEEK, write_room

#: Behind the price everything may be any number or text: nothing but the count of cells shows that a row has shifted.
HEADER = "offer_id,brand_id,store_id,title,category,opening_price,stock,gift_name"
MEND = "put the number in quotes or write it without the comma"


def read(tmp_path: Path, *lines: str, header: str = HEADER) -> tuple[list[Finding], dict[str, int]]:
    """Bad findings of a week's offers, and the prices in fen that were read."""
    room = write_room(tmp_path / "room")
    good = "O9,B1,S1,面霜,美妆,90,5000,梳子"
    (room / WEEK / "offers.csv").write_text("\n".join([header, good, *lines]), encoding="utf-8")
    week = open_room(room).week()
    offers = week.table("offers")
    return list(week.bad), dict(zip(offers["offer_id"], offers["opening_price_fen"], strict=True))


@pytest.mark.parametrize(
    ("cells", "number", "parts"),
    [
        ("1,099.00,5000,", "1,099.00", "'1' and '099.00'"),
        ("1,099,5000,", "1,099", "'1' and '099'"),
        ("¥1,099.00,5000,", "¥1,099.00", "'¥1' and '099.00'"),
        ("￥12,500元,5000,", "￥12,500元", "'￥12' and '500元'"),
        ("'1,099.00,5000,", "'1,099.00", '"\'1" and \'099.00\''),
        ("１,０９９．００,5000,", "１,０９９．００", "'１' and '０９９．００'"),
        ("1,099.00,5000,梳子", "1,099.00", "'1' and '099.00'"),
    ],
    ids=["decimals", "whole", "yuan sign", "full-width sign", "apostrophe", "full-width digits",
         "the last cell is full"],
)  # fmt: skip
def test_a_torn_price_is_never_read_as_one_yuan(tmp_path: Path, cells: str, number: str, parts: str) -> None:
    bad, prices = read(tmp_path, f"O1,B1,S1,面霜,美妆,{cells}")
    assert prices == {"O9": 9000}
    (finding,) = bad
    assert (finding.file, finding.row) == (f"{WEEK}/offers.csv", 3)
    assert (finding.column, finding.value) == ("opening_price", number)
    assert finding.reason == f"has 9 cells, the header has 8: {parts} look like one number torn apart"
    assert finding.mend.startswith(MEND)


def test_a_number_torn_twice_is_named_as_a_whole(tmp_path: Path) -> None:
    (finding,) = read(tmp_path, "O1,B1,S1,面霜,美妆,1,234,567.00,5000,")[0]
    assert finding.reason == "has 10 cells, the header has 8: '1' and '234' and '567.00' look like one number torn apart"


def test_two_torn_numbers_in_one_row(tmp_path: Path) -> None:
    (finding,) = read(tmp_path, "O1,B1,S1,面霜,美妆,1,099.00,12,000,")[0]
    assert (finding.row, finding.value) == (3, "1,099.00")


@pytest.mark.parametrize(
    "lines",
    [
        ["O1,B1,S1,面霜,美妆,88,5000,,,", "O2,B1,S1,面霜,美妆,88,5000"],
        ["O1,B1,S1,面霜,美妆,88,5000,,", "O2,B1,S1,面霜,美妆,5,100,,", "O3,B1,S1,面霜,美妆,88,5000,,"],
        ["O1,B1,S1,面霜,美妆,5,100,梳子,"],
        ["O1,B1,S1,面霜,美妆,0,100,,"],
        ['O1,B1,S1,面霜,美妆,"1,099.00",5000,,'],
        ["O1,B1,S1,面霜,美妆,5,100"],
    ],
    ids=[
        "no two numbers",
        "commas the file always has",
        "joined it would not fit",
        "no number begins so",
        "quoted",
        "no surplus",
    ],
)
def test_commas_at_the_end_of_a_row_of_two_numbers_lose_nothing(tmp_path: Path, lines: list[str]) -> None:
    bad, prices = read(tmp_path, *lines)
    assert [str(each) for each in bad if "torn" in each.reason] == []
    assert len(prices) + len(bad) == len(lines) + 1


def test_a_pack_count_beside_a_list_price_is_no_torn_number(tmp_path: Path) -> None:
    header = "offer_id,brand_id,store_id,title,category,pack_count,list_price,opening_price,stock"
    room = write_room(tmp_path / "room")
    lines = [f"O{n},B1,S1,面霜,美妆,1,199.00,90,5000," for n in range(1, 4)]
    (room / WEEK / "offers.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    week = open_room(room).week()
    assert (week.bad, week.table("offers")["list_price_fen"].tolist()) == ((), [19900] * 3)


def test_a_torn_number_among_rows_that_all_end_in_a_comma(tmp_path: Path) -> None:
    lines = [f"O{n},B1,S1,面霜,美妆,88,5000,梳子," for n in range(1, 4)]
    bad, prices = read(tmp_path, *lines, "O4,B1,S1,面霜,美妆,1,099.00,5000,,")
    assert [(each.row, each.value) for each in bad] == [(6, "1,099.00")]
    assert sorted(prices) == ["O1", "O2", "O3", "O9"]


def test_every_price_of_a_file_torn_is_no_habit(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    lines = [f"O{n},B1,S1,面霜,美妆,{n},099.00,5000," for n in range(1, 4)]
    (room / WEEK / "offers.csv").write_text("\n".join([HEADER, *lines, "O9,B1,S1,面霜,美妆,90,5000"]), encoding="utf-8")
    assert [each.row for each in open_room(room).week().bad] == [2, 3, 4]


def test_what_cannot_be_a_number_is_said_to_need_quotes(tmp_path: Path) -> None:
    (finding,) = read(tmp_path, "O1,B1,S1,面霜,50ml,美妆,88,5000,梳子")[0]
    assert (finding.column, finding.reason) == ("", "has 9 cells, the header has 8")
    assert finding.mend == "put what holds a comma in quotes, text or number"
