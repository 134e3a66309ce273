"""What may be wrong inside a feed: every bad cell, moment, text and file is named, and the good rows are judged."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bosspick import open_room, screen
from bosspick.cli.main import main
from bosspick.errors import FindingError, OutputError, TableError
from bosspick.screening.duck import DuckEngine
from tests.mounts import in_own_mounts
from tests.rooms import CHANNELS, WEEK, barcode, quote, write_rows
from tests.screening.test_feed import deliver, feed_room, four, plain

NAN, INFINITE = float("nan"), float("inf")
HUGE = Decimal("99999999999999999999999999.99")


def numbers(kind: pa.DataType, *values: Any) -> pa.Array:
    return pa.array(values, kind)


def delivered(room: Path, name: str, changed: dict[str, pa.Array]) -> None:
    """Deliver a partition in which one column is of a type of its own, one quote a value."""
    size = len(next(iter(changed.values())))
    rows = pa.Table.from_pylist([plain(quote_id=f"{name}{n}", display_price=50.0) for n in range(size)])
    for column, cells in changed.items():
        rows = rows.set_column(rows.schema.get_field_index(column), column, cells)
    deliver(room, name, rows)


@pytest.mark.parametrize(
    ("column", "cells", "code"),
    [
        ("display_price", numbers(pa.float64(), NAN, 1e300, INFINITE, -INFINITE), "BAD_PRICE"),
        # A file's statistics leave NaN out: by them this column is in order.
        ("display_price", numbers(pa.float64(), NAN, 100.0), "BAD_PRICE"),
        ("spec_amount", numbers(pa.float64(), NAN, 50.0), "BAD_SPEC"),
        ("shipping", numbers(pa.float64(), NAN, 1e300, -1.0), "BAD_SHIPPING"),
        ("display_price", numbers(pa.decimal128(38, 2), HUGE, -HUGE), "BAD_PRICE"),
        ("display_price", numbers(pa.decimal128(18, 2), Decimal("9999999999999999.99")), "BAD_PRICE"),
        ("display_price", numbers(pa.decimal128(38, 30), Decimal("99999999"), Decimal(0)), "BAD_PRICE"),
        ("shipping", numbers(pa.uint64(), 2**64 - 1), "BAD_SHIPPING"),
        ("display_price", numbers(pa.int64(), 2**62, -(2**62)), "BAD_PRICE"),
        ("spec_amount", numbers(pa.float64(), NAN, INFINITE, 0.0), "BAD_SPEC"),
        ("pack_count", numbers(pa.uint64(), 2**64 - 1), "BAD_SPEC"),
    ],
)
def test_a_number_beyond_all_bounds_costs_its_quote_and_no_other(
    tmp_path: Path, column: str, cells: pa.Array, code: str
) -> None:
    room = feed_room(tmp_path, four())
    delivered(room, "b", {column: cells})
    found = screen(open_room(room).week())
    good = sum(value in (50.0, 100.0, Decimal("99999999")) for value in cells.to_pylist())
    assert found.census[1].bad == {code: len(cells) - good}
    assert found.offers.set_index("offer_id").loc["O1", "quotes_seen"] == 4 + good
    named = (room / "quarantine" / "quotes-b.csv").read_text("utf-8-sig").splitlines()
    assert len(named) == 1 + len(cells) - good


@pytest.mark.parametrize(
    ("kind", "value", "fen"),
    [(pa.float64(), 50.005, 5001), (pa.int64(), 50, 5000), (pa.uint64(), 50, 5000), (pa.int8(), 50, 5000),
     (pa.decimal128(14, 2), Decimal("50.01"), 5001), (pa.decimal128(18, 9), Decimal("50.014"), 5001),
     (pa.decimal128(38, 2), Decimal("50.01"), 5001), (pa.decimal128(38, 30), Decimal("50.01"), 5001)],
)  # fmt: skip
def test_prices_are_read_from_every_kind_of_number(tmp_path: Path, kind: pa.DataType, value: Any, fen: int) -> None:
    room = feed_room(tmp_path, four())
    delivered(room, "b", {"display_price": numbers(kind, value)})
    assert screen(open_room(room).week()).offers.set_index("offer_id").loc["O1", "web_lowest_fen"] == fen


def test_a_price_that_is_no_number_among_others_costs_its_quote_only(tmp_path: Path) -> None:
    rows = [*four(), plain(quote_id="X", display_price=NAN), plain(quote_id="Y", display_price=60.0), plain(shipping=1e300)]
    found = screen(open_room(feed_room(tmp_path, rows)).week())
    assert found.census[0].bad == {"BAD_PRICE": 1, "BAD_SHIPPING": 1}
    assert found.offers.set_index("offer_id").loc["O1", "web_lowest_fen"] == 6000


TERMS = {"step": "2", "kind": "amount", "amount": 15.0, "audience": "public", "confirmed": True}


@pytest.mark.parametrize(
    "changes",
    [{"amount": NAN}, {"amount": INFINITE}, {"amount": 2**62}, {"threshold": NAN}, {"cap": 1e300},
     {"kind": "rate", "rate": NAN}, {"buy_qty": -3}, {"buy_qty": 1}, {"buy_qty": 1001}, {"exclusive_group": "a|b"},
     {"exclusive_group": "甲、乙"}],
)  # fmt: skip
def test_a_promotion_that_cannot_be_makes_its_quotes_price_unknown(tmp_path: Path, changes: dict[str, Any]) -> None:
    found = screen(open_room(feed_room(tmp_path, four(), [TERMS | {"quote_id": "Q1"} | changes])).week())
    assert found.census[0].unreadable == 1
    row = found.offers.set_index("offer_id").loc["O1"]
    assert (row["web_lowest_fen"], row["quotes_unknown"]) == (10000, 1)


@pytest.mark.parametrize(
    "changes",
    [{"exclusive_group": "a"}, {"confirmed": False}, {"cap": 10.0}],
)
def test_a_promotion_in_two_ways_makes_its_quotes_price_unknown_and_no_other(tmp_path: Path, changes: dict[str, Any]) -> None:
    plainly = TERMS | {"exclusive_group": None, "cap": None}
    both = [plainly | {"quote_id": "Q1"}, plainly | changes | {"quote_id": "Q1"}]
    # Each of them alone beside a quote of its own contradicts nothing, nor does one that is there twice.
    apart = [plainly | {"quote_id": "Q2"}, plainly | {"quote_id": "Q2"}, plainly | changes | {"quote_id": "Q3"}]
    found = screen(open_room(feed_room(tmp_path, four(), [*both, *apart])).week())
    assert found.census[0].unreadable == 2
    row = found.offers.set_index("offer_id").loc["O1"]
    assert (row["web_lowest_fen"], row["quotes_unknown"]) == (8500, 1 + ("confirmed" in changes))


MOMENTS = [
    pa.array([datetime(9999, 12, 31, 23, 59)], pa.timestamp("us")),
    pa.array([datetime(9999, 12, 31, 23, 59)], pa.timestamp("us", "UTC")),
    pa.array([datetime(2261, 1, 1)], pa.timestamp("us", "UTC")),
    pa.array([datetime(1, 1, 1)], pa.timestamp("us", "UTC")),
    pa.array([datetime(1, 1, 1)], pa.timestamp("us")),
    pa.array([2**63 - 1], pa.int64()).cast(pa.timestamp("us")),
    pa.array([2**62], pa.int64()).cast(pa.timestamp("us", "UTC")),
    pa.array([253402300740_000], pa.int64()).cast(pa.timestamp("ms")),
]


@pytest.mark.parametrize("statistics", [True, False])
@pytest.mark.parametrize("seen", MOMENTS)
def test_a_moment_that_cannot_be_is_named_and_judges_nothing(tmp_path: Path, seen: pa.Array, statistics: bool) -> None:
    room = feed_room(tmp_path, four())
    delivered(room, "b", {"seen_at": seen})
    path = room / WEEK / "quotes" / "b.parquet"
    pq.write_table(pq.read_table(path), path, write_statistics=statistics)
    week = open_room(room).week()
    assert week.as_of.isoformat() == "2026-11-27T12:00:00+08:00"
    found = screen(week)
    assert found.census[1].bad == {"BAD_MOMENT": 1}
    assert "b0,seen_at is not in the years 1900 to 2199" in (room / "quarantine" / "quotes-b.csv").read_text("utf-8-sig")
    assert found.offers.set_index("offer_id").loc["O1", "web_lowest_fen"] == 10000


def test_milliseconds_no_engine_can_hold_are_refused_by_name(tmp_path: Path) -> None:
    room = feed_room(tmp_path, four())
    delivered(room, "b", {"seen_at": pa.array([2**61], pa.int64()).cast(pa.timestamp("ms", "UTC"))})
    with pytest.raises(TableError, match="quotes/b: cannot be read"):
        screen(open_room(room).week())


@pytest.mark.parametrize(
    "how",
    [{"write_statistics": False}, {"use_deprecated_int96_timestamps": True}, {"write_statistics": ["quote_id"]}],
)
def test_the_last_capture_is_read_where_no_statistics_state_it(tmp_path: Path, how: dict[str, Any]) -> None:
    room = feed_room(tmp_path, four())
    late = four(seen_at=datetime(2026, 11, 27, 16, 30))
    pq.write_table(pa.Table.from_pylist(late), room / WEEK / "quotes" / "b.parquet", row_group_size=3, **how)
    assert open_room(room).week().as_of.isoformat() == "2026-11-27T17:00:00+08:00"


@pytest.mark.parametrize(
    ("unit", "zone"), [("ms", None), ("us", None), ("ns", None), ("ms", "UTC"), ("us", "UTC"), ("us", "Asia/Shanghai")]
)
def test_moments_are_read_in_every_unit(tmp_path: Path, unit: str, zone: str | None) -> None:
    room = feed_room(tmp_path, four())
    delivered(room, "b", {"seen_at": pa.array([datetime(2026, 11, 27, 4)], pa.timestamp("us")).cast(pa.timestamp(unit, zone))})
    found = screen(open_room(room).week())
    assert found.census[1].bad == {}
    seen = found.pairs.set_index("quote_id").loc["b0", "seen_at"]
    assert f"{seen:%d %H:%M}" == ("27 04:00" if zone else "26 20:00")


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\u3000", "\xa0", "\u2003"])
def test_blanks_at_the_ends_of_texts_make_no_channel_and_no_quote(tmp_path: Path, blank: str) -> None:
    rows = [
        plain(quote_id=f"{before}Q{n}{after}", channel=f"{before}甲商城{after}", gtin=f"{before}{barcode(1)}{after}")
        for n, (before, after) in enumerate([("", ""), ("", blank), (blank, ""), (blank, blank)])
    ]
    rows.append(plain(quote_id="Q9", channel=blank))
    found = screen(open_room(feed_room(tmp_path, rows, [TERMS | {"quote_id": f"Q2{blank}"}])).week())
    assert (found.census[0].bad, found.census[0].lonely) == ({"NO_CHANNEL": 1}, 0)
    row = found.offers.set_index("offer_id").loc["O1"]
    assert (row["channels_checked"], row["quotes_ranking"], row["web_lowest_fen"]) == (1, 4, 8500)
    assert sorted(found.pairs["quote_id"]) == sorted({each.strip() for each in found.pairs["quote_id"]})


@pytest.mark.parametrize(("column", "code"), [("quote_id", "NO_ID"), ("channel", "NO_CHANNEL")])
@pytest.mark.parametrize("text", ["甲\x00商城", "\x07甲", "甲\x1b"])
def test_ids_and_channels_with_control_characters_are_refused(tmp_path: Path, column: str, code: str, text: str) -> None:
    found = screen(open_room(feed_room(tmp_path, [*four(), plain(quote_id="BAD") | {column: text}])).week())
    assert found.census[0].bad == {code: 1}


def damaged(room: Path, table: str) -> None:
    path = room / WEEK / table / "a.parquet"
    held = path.read_bytes()
    path.write_bytes(held[:200] + b"\0" * 300 + held[500:])


@pytest.mark.parametrize("table", ["quotes", "promotions"])
def test_a_file_damaged_inside_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str) -> None:
    rows = [plain(quote_id=f"Q{n:06d}{n * 7919 % 104729}") for n in range(300)]
    room = feed_room(tmp_path, rows, [TERMS | {"quote_id": row["quote_id"]} for row in rows])
    damaged(room, table)
    with pytest.raises(SystemExit) as stopped:
        main(["screen", str(room), "--as-of", "2026-11-27T18:00+08:00"])
    err = capsys.readouterr().err
    assert stopped.value.code == 2
    assert f"{table}/a: cannot be read" in err
    assert "deliver the partition again" in err


def test_a_fault_of_our_own_is_not_laid_on_a_partition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys.modules["bosspick.screening.screen"], "pair_rows", fault)
    with pytest.raises(ZeroDivisionError):
        screen(open_room(feed_room(tmp_path, four())).week())


def test_want_of_memory_is_said_as_such() -> None:
    engine = DuckEngine(threads=1, memory="10MB")
    try:
        engine._con.execute("SET max_temp_directory_size = '0KB'")
        engine._con.execute("CREATE VIEW much AS SELECT range AS n, repeat('x', 100) || range AS t FROM range(3000000)")
        much = engine._described("much", ("memory", "main"))
        with pytest.raises(FindingError, match="the memory does not suffice"):
            engine.cache("kept", much)
    finally:
        engine.end()


def in_the_way(room: Path, name: str) -> None:
    (room / name).write_text("in the way")


@pytest.mark.parametrize(
    ("name", "words"), [("quarantine", "the quarantine cannot be written"), (".screened", "what was screened cannot be kept")]
)
def test_a_file_where_a_folder_should_be_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    room = feed_room(tmp_path, [*four(), plain(quote_id="BAD", grade="E")])
    in_the_way(room, name)
    with pytest.raises(OutputError, match=words):
        screen(open_room(room).week())
    with pytest.raises(SystemExit) as stopped:
        main(["screen", str(room)])
    assert (stopped.value.code, words in capsys.readouterr().err) == (1, True)
    assert not list(room.rglob("*.part"))
    assert (room / name).read_text() == "in the way"


@pytest.mark.parametrize("size", ["8k", "64k", "200k"])
def test_a_full_disk_leaves_what_was_kept_before(tmp_path: Path, size: str) -> None:
    room = feed_room(tmp_path, four())
    deliver(room, "b", pa.Table.from_pylist([plain(quote_id=f"b{n}", display_price=50.0 + n % 7) for n in range(20_000)]))
    (room / ".screened").mkdir()
    screened = (
        '"$0" -m bosspick.cli screen "$1" --json >/dev/null; code=$?; find "$1/.screened" -name "*.parquet.part"; exit $code'
    )
    done = in_own_mounts(f'mount -t tmpfs -o size={size} tmpfs "$1/.screened" && {{ {screened}; }}', room)
    assert (done.returncode, done.stdout) == (1, "")
    assert str(room / ".screened") in done.stderr
    assert "disk is full" in done.stderr or "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (room / "quarantine").exists()


def test_ids_that_a_spreadsheet_would_run_are_named_harmlessly(tmp_path: Path) -> None:
    room = feed_room(tmp_path, [*four(), plain(quote_id="=1+1", display_price=-1.0)])
    screen(open_room(room).week())
    assert "'=1+1," in (room / "quarantine" / "quotes-a.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("table", ["quotes", "promotions"])
def test_a_partition_that_lies_there_twice_is_refused(tmp_path: Path, table: str) -> None:
    room = feed_room(tmp_path, four())
    home = room / WEEK / table
    (home / "a").mkdir(parents=True)
    for name in ("a.parquet", "a/1.parquet"):
        pq.write_table(pa.Table.from_pylist(four()), home / name)
    with pytest.raises(TableError, match="lies there twice") as refused:
        open_room(room).week()
    assert refused.value.where == f"{table}/a"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+08:00", "9999-12-31T23:59-08:00", "2200-01-01T00:00+08:00"])
def test_no_week_is_judged_at_a_moment_that_cannot_be(room: Path, capsys: pytest.CaptureFixture[str], moment: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["screen", str(room), "--as-of", moment])
    assert (stopped.value.code, f"{moment!r} is not a moment" in capsys.readouterr().err) == (2, True)


def csv_quotes(room: Path) -> None:
    write_rows(room / WEEK / "quotes.csv", [quote(1, CHANNELS[0])])


def csv_promotions(room: Path) -> None:
    write_rows(room / WEEK / "promotions.csv", [{"quote_id": "Q1", "step": "2"}])


@pytest.mark.parametrize(
    ("beside", "words"), [(csv_quotes, "quotes/ and quotes.csv"), (csv_promotions, "quotes/ and promotions.csv")]
)
def test_a_table_beside_the_partitions_is_refused(tmp_path: Path, beside: Callable[[Path], None], words: str) -> None:
    room = feed_room(tmp_path, four())
    beside(room)
    with pytest.raises(TableError, match=f"two files hold the table: {words}"):
        open_room(room).week()


def test_columns_in_which_nothing_was_written_are_empty(tmp_path: Path) -> None:
    """What pandas writes of a column that holds nothing but None has no type at all."""

    def emptied(rows: pa.Table, *names: str) -> pa.Table:
        for name in names:
            rows = rows.set_column(rows.schema.get_field_index(name), name, pa.nulls(len(rows)))
        return rows

    room = feed_room(tmp_path, four())
    rows = emptied(
        pa.Table.from_pylist(four()), "shop", "spec_amount", "spec_unit", "pack_count", "shipping", "in_stock", "url"
    )
    deliver(room, "a", rows)
    found = screen(open_room(room).week())
    assert found.census[0].bad == {}
    assert found.offers.set_index("offer_id").loc["O1", "quotes_seen"] == 4
    for name, code in (("channel", "NO_CHANNEL"), ("seen_at", "NO_MOMENT"), ("display_price", "BAD_PRICE")):
        deliver(room, "b", emptied(rows, name))
        assert screen(open_room(room).week()).census[1].bad == {code: 4}
