"""Quotes that arrive as Parquet partitions: the same verdicts as from a table, each partition read once, bad ones named."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bosspick import open_room, screen
from bosspick.errors import InputError, TableError
from bosspick.intake import Week
from bosspick.screening import Screening
from bosspick.tables import TABLES
from tests.rooms import CHANNELS, WEEK, offer, quote, write_room
from tests.runs import bosspick
from tests.screening.chance import policy_of, random_tables, write_tables
from tests.screening.test_oracle import AS_OF

Rows = Sequence[dict[str, Any]]


def typed(week: Week, table: str) -> pa.Table:
    """A validated table as a feed would deliver it: yuan as decimals, moments with their zone."""
    frame = week.table(table)
    columns = {}
    for column in TABLES[table].columns:
        cells = pa.array(frame[column.stored].astype(object).where(frame[column.stored].notna(), None), from_pandas=True)
        if column.kind == "money":
            yuan = [None if value is None else Decimal(value) / 100 for value in cells.to_pylist()]
            cells = pa.array(yuan, pa.decimal128(14, 2))
        if pa.types.is_null(cells.type):
            continue
        columns[column.name] = cells
    return pa.table(columns)


def deliver(room: Path, name: str, quotes: pa.Table, promotions: pa.Table | None = None) -> None:
    for table, rows in (("quotes", quotes), ("promotions", promotions)):
        if rows is not None:
            home = room / WEEK / table
            home.mkdir(exist_ok=True)
            pq.write_table(rows, home / f"{name}.parquet")


def as_feed(room: Path, parts: int) -> Path:
    """Turn a room's quotes and promotions into partitions."""
    week = open_room(room).week(as_of=AS_OF)
    quotes, promotions = typed(week, "quotes"), typed(week, "promotions")
    place = {key: number % parts for number, key in enumerate(quotes["quote_id"].to_pylist())}
    for part in range(parts):
        for table, rows in (("quotes", quotes), ("promotions", promotions)):
            if rows.num_rows:
                mine = rows.filter(pa.array([place[key] == part for key in rows["quote_id"].to_pylist()]))
                (room / WEEK / table).mkdir(exist_ok=True)
                pq.write_table(mine, room / WEEK / table / f"2026-11-2{part}.parquet")
    for table in ("quotes", "promotions"):
        (room / WEEK / f"{table}.csv").unlink(missing_ok=True)
    return room


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Screening, Path]:
    from random import Random

    room = tmp_path_factory.mktemp("feed")
    write_tables(room, random_tables(5, offers=60), policy_of(Random(5)))
    table = screen(open_room(room).week(as_of=AS_OF))
    return table, as_feed(room, 3)


def test_a_feed_gives_the_verdicts_of_the_same_rows_in_a_table(both: tuple[Screening, Path]) -> None:
    table, room = both
    found = screen(open_room(room).week(as_of=AS_OF))
    pd.testing.assert_frame_equal(found.verdicts, table.verdicts)
    pd.testing.assert_frame_equal(found.offers, table.offers)
    assert [each.kept for each in found.census] == [False] * 3
    keys = ["offer_id", "quote_id"]
    known = table.pairs.set_index(keys).sort_index()
    told = found.pairs.set_index(keys).sort_index()
    assert 0 < len(told) <= len(known)
    pd.testing.assert_frame_equal(told, known.loc[told.index, told.columns])


def test_what_was_screened_is_not_read_again(both: tuple[Screening, Path]) -> None:
    table, room = both
    screen(open_room(room).week(as_of=AS_OF))
    old = room / WEEK / "quotes" / "2026-11-20.parquet"
    whole, status = old.read_bytes(), old.stat()
    # The same name, size and time, but nothing that could be read.
    old.write_bytes(b"\0" * len(whole))
    import os

    os.utime(old, ns=(status.st_atime_ns, status.st_mtime_ns))
    found = screen(open_room(room).week(as_of=AS_OF), reuse=True)
    old.write_bytes(whole)
    os.utime(old, ns=(status.st_atime_ns, status.st_mtime_ns))
    pd.testing.assert_frame_equal(found.verdicts, table.verdicts)
    assert all(each.kept for each in found.census)


def test_a_new_partition_and_a_changed_one_are_read(tmp_path: Path) -> None:
    room = as_feed(write_room(tmp_path), 2)
    first = screen(open_room(room).week(as_of=AS_OF))
    week = open_room(room).week(as_of=AS_OF)
    cheap = pq.read_table(room / WEEK / "quotes" / "2026-11-21.parquet").slice(0, 1).to_pylist()[0]
    cheap |= {"quote_id": "NEW", "display_price": cheap["display_price"] / 2, "seen_at": pd.Timestamp(AS_OF)}
    deliver(room, "2026-11-28", pa.Table.from_pylist([cheap]))
    found = screen(week, reuse=True)
    assert {each.partition: each.kept for each in found.census} == {
        "2026-11-20": True, "2026-11-21": True, "2026-11-28": False,
    }  # fmt: skip
    assert found.offers["web_lowest_quote"].tolist().count("NEW") == 1
    assert "NEW" not in first.offers["web_lowest_quote"].tolist()
    fresh = screen(week)
    pd.testing.assert_frame_equal(found.verdicts, fresh.verdicts)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"display_price": None}, "BAD_PRICE"),
    ({"display_price": 0}, "BAD_PRICE"),
    ({"currency": "USD"}, "NO_RATE"),
    ({"seen_at": None}, "NO_MOMENT"),
    ({"grade": "E"}, "BAD_GRADE"),
    ({"title": "长" * 10_000_000}, "LONG_TITLE"),
    ({"spec_unit": "furlong"}, "BAD_UNIT"),
    ({"pack_count": 0}, "BAD_SPEC"),
    ({"channel": None}, "NO_CHANNEL"),
]


def plain(**changes: Any) -> dict[str, Any]:
    row = quote(1, CHANNELS[0]) | {"display_price": 100.0, "shipping": 0.0, "in_stock": True, "spec_amount": 50.0,
                                   "pack_count": 1, "seen_at": pd.Timestamp("2026-11-27T04:00Z")}  # fmt: skip
    return row | changes


def feed_room(folder: Path, rows: Rows, promotions: Rows | None = None) -> Path:
    room = write_room(folder)
    (room / WEEK / "quotes.csv").unlink()
    deliver(room, "a", pa.Table.from_pylist(list(rows)), pa.Table.from_pylist(list(promotions)) if promotions else None)
    return room


def four(**changes: Any) -> list[dict[str, Any]]:
    return [plain(quote_id=f"Q{n}", channel=channel) | changes for n, channel in enumerate(CHANNELS)]


def test_bad_rows_are_counted_named_and_lose_no_good_one(tmp_path: Path) -> None:
    rows = [plain(quote_id=f"BAD{n}") | changes for n, (changes, _) in enumerate(BAD)]
    room = feed_room(tmp_path, [*four(), *rows])
    found = screen(open_room(room).week())
    expected: dict[str, int] = {}
    for _, code in BAD:
        expected[code] = expected.get(code, 0) + 1
    assert found.census[0].bad == expected
    assert found.offers.loc[found.offers["offer_id"] == "O1", "web_lowest_fen"].tolist() == [10000]
    named = (room / "quarantine" / "quotes-a.csv").read_text("utf-8-sig").splitlines()
    assert len(named) == 1 + len(BAD)
    assert named[1].startswith("BAD0,")


def test_quotes_from_the_future_stay_visible_and_do_not_rank(tmp_path: Path) -> None:
    late = plain(quote_id="LATE", display_price=1.0, seen_at=pd.Timestamp("2027-01-01T00:00Z"))
    found = screen(open_room(feed_room(tmp_path, [*four(), late])).week())
    assert found.pairs.set_index("quote_id").loc["LATE", "set_aside"] == "AFTER_AS_OF"
    assert found.offers["web_lowest_fen"].dropna().tolist() == [10000]


def test_a_hundred_thousand_repeats_of_one_quote_count_once(tmp_path: Path) -> None:
    rows = pa.Table.from_pylist([plain()])
    room = feed_room(tmp_path, four())
    deliver(room, "b", pa.concat_tables([rows] * 100_000).combine_chunks())
    found = screen(open_room(room).week())
    assert [each.repeated for each in found.census] == [0, 99_999]
    assert found.offers.set_index("offer_id").loc["O1", "quotes_seen"] == 5


def test_an_id_that_stands_for_two_quotes_does_not_rank(tmp_path: Path) -> None:
    found = screen(open_room(feed_room(tmp_path, [*four(), plain(quote_id="Q0", display_price=10.0)])).week())
    assert found.census[0].ambiguous == 1
    row = found.offers.set_index("offer_id").loc["O1"]
    assert (row["web_lowest_fen"], row["channels_checked"], row["quotes_seen"]) == (10000, 3, 5)
    aside = found.pairs[found.pairs["set_aside"] == "AMBIGUOUS_ID"]
    assert (len(aside), aside["landed_fen"].notna().any()) == (2, False)


def test_promotions_for_no_quote_and_unreadable_ones_are_named(tmp_path: Path) -> None:
    base = {"step": "2", "kind": "amount", "amount": 15.0, "audience": "public", "confirmed": True}
    promotions = [base | {"quote_id": "Q0"}, base | {"quote_id": "GONE"}, base | {"quote_id": "Q1", "kind": "magic"}]
    room = feed_room(tmp_path, four(), promotions)
    found = screen(open_room(room).week())
    assert (found.census[0].lonely, found.census[0].unreadable) == (1, 1)
    assert "GONE" in (room / "quarantine" / "promotions-a.csv").read_text("utf-8-sig")
    row = found.offers.set_index("offer_id").loc["O1"]
    assert (row["web_lowest_fen"], row["quotes_unknown"]) == (8500, 1)


def test_moments_without_zone_are_the_rooms(tmp_path: Path) -> None:
    room = feed_room(tmp_path, four())
    deliver(room, "naive", pa.Table.from_pylist([plain(quote_id="N", seen_at=pd.Timestamp("2026-11-27T12:00"))]))
    found = screen(open_room(room).week())
    seen = found.pairs.set_index("quote_id")["seen_at"]
    assert seen["Q0"] == pd.Timestamp("2026-11-27T04:00")
    told = screen(open_room(room).week(), reuse=True).pairs.set_index("quote_id")["age_h"]
    assert told.max() == told.min()


def broken(room: Path) -> None:
    path = room / WEEK / "quotes" / "b.parquet"
    path.write_bytes((room / WEEK / "quotes" / "a.parquet").read_bytes()[:-200])


def other_schema(room: Path) -> None:
    deliver(room, "b", pa.Table.from_pylist([plain(display_price="98元")]))


def lacks_column(room: Path) -> None:
    deliver(room, "b", pa.Table.from_pylist([{"quote_id": "X", "title": "t"}]))


def lonely_file(room: Path) -> None:
    (room / WEEK / "promotions").mkdir()
    pq.write_table(pa.table({"quote_id": ["Q0"]}), room / WEEK / "promotions" / "zz.parquet")


@pytest.mark.parametrize(
    ("harm", "words"),
    [(broken, "quotes/b: is no whole Parquet file"), (other_schema, "quotes/b: has another schema: column display_price"),
     (lacks_column, "quotes/b: has another schema: column channel is missing"),
     (lonely_file, "promotions/zz: holds promotions for no quotes")],
)  # fmt: skip
def test_a_partition_that_cannot_be_read_is_refused_by_name(tmp_path: Path, harm: Callable[[Path], None], words: str) -> None:
    room = feed_room(tmp_path, four())
    harm(room)
    with pytest.raises(TableError) as refused:
        screen(open_room(room).week())
    assert words in str(refused.value)
    assert refused.value.hint
    done = bosspick("screen", room)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_says_what_it_read_and_what_was_wrong(tmp_path: Path) -> None:
    room = feed_room(tmp_path, [*four(), plain(quote_id="BAD", grade="E")])
    done = bosspick("screen", room)
    assert done.returncode == 1
    assert "1 of 1 partitions read: 5 quotes" in done.stdout
    assert "quotes/a: 1 rows: grade is none of A, B, C, D" in done.stdout
    again = bosspick("screen", room, "--since")
    assert "0 of 1 partitions read" in again.stdout
    rows = json.loads(bosspick("screen", room, "--since", "--json").stdout)
    assert {row["offer_id"] for row in rows} == {"O1", "O2", "O3"}
    told = bosspick("screen", room, "--since", "--explain", "O1")
    assert "Quotes the verdicts rest on" in told.stdout


def test_since_needs_partitions(tmp_path: Path) -> None:
    done = bosspick("screen", write_room(tmp_path, offers=[offer(1)]), "--since")
    assert (done.returncode, "in 2026-W48/quotes/" in done.stderr) == (2, True)


def test_a_week_without_any_moment_is_judged_at_the_show(tmp_path: Path) -> None:
    rows = pa.Table.from_pylist(four())
    place = rows.schema.get_field_index("seen_at")
    room = feed_room(tmp_path, four())
    deliver(room, "a", rows.set_column(place, "seen_at", pa.nulls(len(rows), pa.timestamp("us", "UTC"))))
    week = open_room(room).week()
    assert week.as_of == week.starts_at
    with pytest.raises(InputError, match="engine"):
        screen(week, engine="abacus")  # type: ignore[arg-type]
