"""Bad rows: each is named by file, row, column, reason and mend, and the good rows go on."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import openpyxl
import pandas as pd
import pytest

from bosspick import open_room, screen
from bosspick.errors import RoomError, TableError
from bosspick.intake import Week
from bosspick.intake.findings import Finding, write_quarantine
from tests.rooms import CHANNELS, WEEK, offer, quote, write_room, write_rows
from tests.screening.chance import Rows, random_tables, write_tables

POLICY = "[screening]\nmin_channels = 2\n"


def week_of(room: Path) -> Week:
    return open_room(room).week()


def told(week: Week, severity: str = "bad") -> list[tuple[str, int | None, str, str, str]]:
    return [(each.file, each.row, each.column, each.value, each.reason) for each in week.findings if each.severity == severity]


BAD_OFFERS = [
    # column, what is written, reason
    ("offer_id", "", "is empty"), ("title", "  ", "is empty"), ("opening_price", "", "is empty"),
    ("opening_price", "-5", "is below zero"), ("opening_price", "0", "is below 0.01"),
    ("opening_price", "面议", "is not an amount of money"), ("opening_price", "98.505", "is finer than a fen"),
    ("opening_price", "20亿", "is not an amount of money"), ("opening_price", "200000万", "is above a billion yuan"),
    ("stock", "-1", "is below 0"), ("stock", "很多", "is not a whole number"), ("pack_count", "0", "is below 1"),
    ("return_rate", "1.2", "is above 1"), ("return_rate", "120%", "is above 1"), ("spec_amount", "0", "is below 1e-09"),
    ("spec_unit", "杯", "is no unit this toolkit knows"), ("certificate_until", "长期", "is not a date"),
    ("certificate_until", "2026-02-30", "is not a date"), ("rep_from", "25:00", "is not a time of day"),
    ("brand_id", "#N/A", "is a spreadsheet error"), ("store_id", "6.90E+12", "was cut short by a spreadsheet"),
]  # fmt: skip
BAD_QUOTES = [
    ("currency", "USD", "has no rate to CNY"), ("currency", "", "is empty"), ("display_price", "-1", "is below zero"),
    ("shipping", "待定", "is not an amount of money"), ("seen_at", "昨天", "is not a moment in time"),
    ("seen_at", "2026-11-27T18:00+08", "is not a moment in time"), ("grade", "E", "is none of A, B, C, D"),
    ("condition", "八成新", "is none of new, used, refurbished"), ("in_stock", "可能", "is none of yes, no"),
]  # fmt: skip


def test_a_bad_cell_sets_its_row_aside(tmp_path: Path) -> None:
    rows = [offer(100 + n, **{column: value}) for n, (column, value, _) in enumerate(BAD_OFFERS)]
    week = week_of(write_room(tmp_path, offers=[offer(1), *rows, offer(3)]))
    expected = [(f"{WEEK}/offers.csv", 3 + n, c, value.strip(), why) for n, (c, value, why) in enumerate(BAD_OFFERS)]
    assert sorted(told(week)) == sorted(expected)
    assert all(each.mend for each in week.bad)
    assert week.table("offers")["offer_id"].tolist() == ["O1", "O3"]


def test_a_bad_quote_is_set_aside(tmp_path: Path) -> None:
    rows = [quote(1, f"戊{n}", **{column: value}) for n, (column, value, _) in enumerate(BAD_QUOTES)]
    week = week_of(write_room(tmp_path, quotes=[quote(1, CHANNELS[0]), *rows]))
    expected = [(f"{WEEK}/quotes.csv", 3 + n, c, value, why) for n, (c, value, why) in enumerate(BAD_QUOTES)]
    assert sorted(told(week)) == sorted(expected)
    assert len(week.table("quotes")) == 1


def test_every_bad_cell_of_a_row_is_named_once(tmp_path: Path) -> None:
    bad = offer(2, opening_price="面议", stock="-1", spec_unit="杯")
    week = week_of(write_room(tmp_path, offers=[offer(1), bad]))
    assert sorted(each.column for each in week.bad) == ["opening_price", "spec_unit", "stock"]
    assert {each.row for each in week.bad} == {3}


def test_naive_and_offset_moments_are_read_in_the_rooms_time_and_said_so(tmp_path: Path) -> None:
    moments = ["2026-11-27T12:00:00", "2026-11-27T12:00:00+08:00", "2026-11-27T04:00:00Z", "2026/11/27 12:00"]
    quotes = [quote(1, channel, seen_at=moment) for channel, moment in zip(CHANNELS, moments, strict=True)]
    week = week_of(write_room(tmp_path, quotes=quotes))
    assert week.table("quotes")["seen_at"].nunique() == 1
    assert told(week) == []
    assert told(week, "note") == [
        (f"{WEEK}/quotes.csv", None, "seen_at", "", "2 moments without an offset beside ones with one")
    ]


@pytest.mark.parametrize(
    ("moments", "notes"),
    [
        (["2026-11-27T12:00", "2026-11-27T12:00", "昨天", "2026-11-27T12:00+08"], []),
        (["2026-11-27T12:00Z", "2026-11-27T12:00+08:00", "昨天", "?"], []),
        (["2026-11-27T12:00", "2026-11-27T12:00+08:00", "昨天", "昨天"], ["1 moments without an offset beside ones with one"]),
    ],
    ids=["none has one", "all have one", "one of two"],
)
def test_a_moment_that_cannot_be_read_has_no_offset_and_lacks_none(
    tmp_path: Path, moments: list[str], notes: list[str]
) -> None:
    quotes = [quote(1, channel, seen_at=moment) for channel, moment in zip(CHANNELS, moments, strict=True)]
    week = week_of(write_room(tmp_path, quotes=quotes))
    assert [each.reason for each in week.findings if each.severity == "note"] == notes
    assert len(week.bad) == 2


@pytest.mark.parametrize(
    ("second", "rows", "reasons"),
    [
        ({}, ["O1", "O2"], {4: "repeats row 2"}),
        ({"opening_price": "90"}, ["O1", "O2"], {4: "repeats row 2"}),
        ({"offer_id": "Ｏ１"}, ["O1", "O2"], {4: "repeats row 2"}),
        ({"opening_price": "80"}, ["O2"], {2: "stands for two different rows; see row 4",
                                           4: "stands for two different rows; see row 2"}),
    ],
    ids=["the same", "written otherwise", "full-width id", "different"],
)  # fmt: skip
def test_a_duplicate_id(tmp_path: Path, second: dict[str, str], rows: list[str], reasons: dict[int, str]) -> None:
    week = week_of(write_room(tmp_path, offers=[offer(1), offer(2), offer(1, **second)]))
    assert week.table("offers")["offer_id"].tolist() == rows
    assert {each.row: each.reason for each in week.bad} == reasons
    assert {each.column for each in week.bad} == {"offer_id"}


COUPON = {"quote_id": "Q10", "step": "2", "kind": "amount", "threshold": "", "amount": "5", "rate": "", "repeat": "", "cap": "",
          "exclusive_group": "", "audience": "public", "confirmed": "yes"}  # fmt: skip


def test_two_coupons_for_two_audiences_are_no_duplicates(tmp_path: Path) -> None:
    week = week_of(write_room(tmp_path, promotions=[COUPON, COUPON | {"audience": "conditional"}]))
    assert (week.bad, len(week.table("promotions"))) == ((), 2)


def test_broken_references_are_named_by_row(tmp_path: Path) -> None:
    room = write_room(
        tmp_path,
        offers=[offer(1), offer(2, store_id="S9", brand_id="B9")],
        quotes=[quote(1, CHANNELS[0]), quote(1, CHANNELS[1], display_price="面议")],
        promotions=[COUPON, COUPON | {"quote_id": "Q999"}, COUPON | {"quote_id": "Q11"}],
    )
    week = week_of(room)
    assert told(week, "note") == [
        (f"{WEEK}/offers.csv", 3, "store_id", "S9", "is not in stores"),
        (f"{WEEK}/offers.csv", 3, "brand_id", "B9", "is not in brands"),
    ]
    assert told(week) == [
        (f"{WEEK}/quotes.csv", 3, "display_price", "面议", "is not an amount of money"),
        (f"{WEEK}/promotions.csv", 3, "quote_id", "Q999", "is not in quotes"),
        (f"{WEEK}/promotions.csv", 4, "quote_id", "Q11", "names a row of quotes that was set aside"),
    ]
    assert len(week.table("offers")) == 2
    assert week.table("promotions")["quote_id"].tolist() == ["Q10"]


def test_a_promotion_that_cannot_be_read_stays_as_an_unconfirmed_one(tmp_path: Path) -> None:
    rows = [COUPON | {"amount": "-5", "rate": "7", "step": "9", "audience": "", "kind": "?"}, COUPON | {"amount": "3"}]
    week = week_of(write_room(tmp_path, promotions=rows))
    assert len(week.bad) == 5
    kept = week.table("promotions")
    assert kept[["quote_id", "step", "kind", "audience", "confirmed"]].to_numpy().tolist() == [
        ["Q10", "2", "amount", "public", True],
        ["Q10", "1", "amount", "public", False],
    ]
    assert kept["amount_fen"].isna().tolist() == [False, True]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_row_that_could_not_be_read_at_all_leaves_its_quote_without_a_price(tmp_path: Path, form: str) -> None:
    room = write_room(tmp_path, promotions=[COUPON | {"quote_id": "Q11"}])
    path = room / WEEK / "promotions.csv"
    if form == "csv":
        lost = ",".join((COUPON | {"threshold": "1,099.00"}).values())
        path.write_text(path.read_text(encoding="utf-8") + lost + "\n", encoding="utf-8")
    else:
        path.unlink()
        book = openpyxl.Workbook()
        for row in (list(COUPON), list((COUPON | {"quote_id": "Q11"}).values()), list((COUPON | {"amount": "=1+1"}).values())):
            book.active.append(row)
        book.save(path.with_suffix(".xlsx"))
    week = week_of(room)
    assert [finding.row for finding in week.bad] == [3]
    kept = week.table("promotions").set_index("quote_id")["confirmed"].to_dict()
    assert kept == {"Q11": True, "Q10": False}
    pairs = screen(week).pairs.set_index("quote_id")
    assert pairs.loc["Q10", "set_aside"] == "UNKNOWN_TERMS"


@pytest.mark.parametrize(
    ("headers", "lacks"),
    [
        ({"offer_id": "编码"}, "lacks the column offer_id (报名编号/商品编号)"),
        ({"opening_price": "价格"}, "lacks the column opening_price (报名价/开价)"),
        ({"opening_price": "价格", "stock": "还有"}, "lacks the columns opening_price (报名价/开价), stock (库存/备货量)"),
    ],
)
def test_a_missing_column_is_named_in_both_languages(tmp_path: Path, headers: dict[str, str], lacks: str) -> None:
    room = write_room(tmp_path)
    write_rows(room / WEEK / "offers.csv", [{headers.get(name, name): value for name, value in offer(1).items()}])
    with pytest.raises(TableError) as caught:
        week_of(room)
    assert (caught.value.where, caught.value.message) == (f"{WEEK}/offers.csv", lacks)
    assert next(iter(headers.values())) in str(caught.value.hint)


def test_an_unknown_column_is_noted_with_the_nearest_known(tmp_path: Path) -> None:
    room = write_room(tmp_path, offers=[{**offer(1), "retrun_rate": "0.5", "备注": "急"}])
    week = week_of(room)
    assert [(each.column, each.mend) for each in week.findings] == [
        ("retrun_rate", "it is not used; did you mean 'return_rate'?"), ("备注", "it is not used")]  # fmt: skip


def test_a_column_under_two_names(tmp_path: Path) -> None:
    room = write_room(tmp_path, offers=[{**offer(1), "开价": "80"}])
    with pytest.raises(TableError, match="two columns hold 'opening_price'"):
        week_of(room)


def spoilt(seed: int) -> dict[str, Rows]:
    """A random room in which some cells cannot be read and some keys are taken twice."""
    chance = Random(seed)
    tables = random_tables(seed, offers=30)
    for rows in tables.values():
        for row in chance.sample(rows, len(rows) // 8):
            row[chance.choice(list(row))] = chance.choice(["面议", "-1", "#N/A", "2026-13-01"])
        rows += [dict(row) for row in chance.sample(rows, 2)]
    return tables


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_rows_gives_the_same_rows(tmp_path: Path, seed: int) -> None:
    tables = spoilt(seed)
    chance = Random(seed)
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    first, second = (
        week_of(write_tables(tmp_path / name, rows, POLICY)) for name, rows in (("as written", tables), ("shuffled", shuffled))
    )
    assert len(first.bad) == len(second.bad) > 10
    for name, frame in first.tables.items():
        other = second.table(name)
        order = list(frame.columns)
        pd.testing.assert_frame_equal(frame.sort_values(order, ignore_index=True), other.sort_values(order, ignore_index=True))


@pytest.mark.parametrize("seed", range(3))
def test_the_quarantine_names_every_bad_cell_once(tmp_path: Path, seed: int) -> None:
    tables = spoilt(seed)
    week = week_of(write_tables(tmp_path / "room", tables, POLICY))
    written = {path.stem: quarantined(path) for path in write_quarantine(tmp_path / "q", week.findings)}
    cells = [(table, row["file"], row["row"], row["column"]) for table, rows in written.items() for row in rows]
    assert len(cells) == len(set(cells)) == len(week.bad)
    for name, rows in tables.items():
        aside = {row["row"] for row in written.get(name, [])}
        kept = week.table(name)
        # Unreadable promotions stay in the frame as unconfirmed ones.
        again = sum(row["quote_id"] in set(week.table("quotes")["quote_id"]) for row in rows) if name == "promotions" else 0
        assert len(kept) in range(len(rows) - len(aside), len(rows) - len(aside) + again + 1)
    assert all(row["reason"] and row["mend"] for rows in written.values() for row in rows)


def quarantined(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def finding(table: str = "offers", **changes: object) -> Finding:
    base = {"table": table, "file": f"{table}.csv", "row": 2, "column": "title", "value": "x", "reason": "r", "mend": "m"}
    return Finding(**(base | changes))  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_nothing_in_the_quarantine_runs_in_a_spreadsheet(tmp_path: Path, value: str) -> None:
    (path,) = write_quarantine(tmp_path / "q", [finding(value=value)])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert quarantined(path)[0]["value"] == "'" + value


def test_the_quarantine_of_a_table_now_clean_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    write_quarantine(tmp_path, [finding(), finding("quotes")])
    write_quarantine(tmp_path, [finding("quotes"), finding("stores", severity="note")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "quotes.csv"]


@pytest.mark.parametrize("findings", [[], [finding("stores")]], ids=["nothing to write", "something to write"])
def test_a_table_of_the_room_is_never_taken_for_quarantine(room: Path, findings: list[Finding]) -> None:
    before = (room / "stores.csv").read_bytes()
    with pytest.raises(RoomError, match="would be lost"):
        write_quarantine(room, findings)
    assert (room / "stores.csv").read_bytes() == before
