"""Columns a verdict rests on are named when they are not there, and only then."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bosspick import open_room, screen
from bosspick.screening.verdicts import ADVISORY, RULES
from bosspick.tables import TABLES
from tests.rooms import CHANNELS, POLICY, WEEK, offer, quote, write_room, write_rows

DECIDING = [
    (table.name, column.name, column.decides) for table in TABLES.values() for column in table.columns if column.decides
]
REGIONS = POLICY.replace("[screening]", '[screening]\nregions = ["内地"]')


def room_of(tmp_path: Path, policy: str = REGIONS) -> Path:
    quotes = [quote(n, channel, region="内地") for n in (1, 2, 3) for channel in CHANNELS]
    return write_room(tmp_path / "room", quotes=quotes, policy=policy)


def path_of(room: Path, table: str) -> Path:
    return room / (WEEK if TABLES[table].weekly else "") / f"{table}.csv"


def without(room: Path, table: str, column: str, *, empty: bool = False) -> None:
    path = path_of(room, table)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    write_rows(path, [row | {column: ""} if empty else {k: v for k, v in row.items() if k != column} for row in rows])


def test_only_verdicts_that_stop_an_offer_are_named() -> None:
    assert {verdict for _, _, verdict in DECIDING} <= set(RULES) - set(ADVISORY)


@pytest.mark.parametrize(("table", "column", "verdict"), DECIDING)
def test_without_a_deciding_column_its_verdict_is_unknown_and_the_column_named(
    tmp_path: Path, table: str, column: str, verdict: str
) -> None:
    room = room_of(tmp_path)
    assert set(screen(open_room(room).week()).verdicts.query("rule == @verdict")["verdict"]) == {"PASS"}
    without(room, table, column)
    week = open_room(room).week()
    assert set(screen(week).verdicts.query("rule == @verdict")["verdict"]) == {"UNKNOWN"}
    (note,) = week.findings
    assert (note.severity, note.table, note.row, note.column) == ("note", table, None, column)
    assert note.reason == f"has no value in any row: the verdict {verdict} stays UNKNOWN, and no offer passes with it"
    assert note.mend.startswith(f"add the column {column} (")


def test_a_column_that_is_there_and_empty_is_named_too(tmp_path: Path) -> None:
    room = room_of(tmp_path)
    without(room, "offers", "return_rate", empty=True)
    assert [(each.file, each.column) for each in open_room(room).week().findings] == [(f"{WEEK}/offers.csv", "return_rate")]


@pytest.mark.parametrize(
    ("switch", "table", "column"),
    [("brand", "brands", "white_label"), ("store", "stores", "score"), ("vetoes", "offers", "return_rate"),
     ("lowest_price", "quotes", "shipping")],
)  # fmt: skip
def test_a_verdict_switched_off_asks_for_nothing(tmp_path: Path, switch: str, table: str, column: str) -> None:
    room = room_of(tmp_path, REGIONS.replace("[screening]", f'[screening]\n{switch} = "off"'))
    without(room, table, column)
    assert open_room(room).week().findings == ()


def test_a_region_is_asked_for_only_where_the_policy_names_one(tmp_path: Path) -> None:
    room = room_of(tmp_path, POLICY)
    without(room, "quotes", "region")
    assert open_room(room).week().findings == ()


def test_a_table_without_a_row_is_named(tmp_path: Path) -> None:
    room = room_of(tmp_path)
    path_of(room, "authorisations").unlink()
    (note,) = open_room(room).week().findings
    assert str(note).startswith(
        "authorisations: holds no row: the verdict brand stays UNKNOWN, and no offer passes with it → add"
    )


def test_a_value_in_a_row_set_aside_is_a_value(tmp_path: Path) -> None:
    room = room_of(tmp_path)
    write_rows(room / WEEK / "offers.csv", [offer(1, return_rate=""), offer(2, stock="?")])
    assert [each.column for each in open_room(room).week().findings] == ["stock"]
