"""What is kept of a feed's partitions: judged by their cells they give what judging every pair gives, at any moment."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from bosspick import open_room, screen
from bosspick.screening import Screening
from tests.rooms import CHANNELS, WEEK
from tests.screening.chance import policy_of, random_tables, write_tables
from tests.screening.test_engines import agree
from tests.screening.test_feed import as_feed, deliver, feed_room, plain, typed
from tests.screening.test_oracle import AS_OF
from tests.spark import needs_spark


def by_moment(room: Path) -> Path:
    """Turn a room's quotes into partitions, one for each moment they were seen at: no window cuts through one."""
    week = open_room(room).week(as_of=AS_OF)
    quotes, promotions = typed(week, "quotes"), typed(week, "promotions")
    seen = quotes["seen_at"].to_pylist()
    for moment in sorted(set(seen)):
        mine = quotes.filter(pa.array([each == moment for each in seen]))
        ids = set(mine["quote_id"].to_pylist())
        theirs = promotions.filter(pa.array([each in ids for each in promotions["quote_id"].to_pylist()]))
        deliver(room, f"at-{moment:%m-%d}", mine, theirs)
    for table in ("quotes", "promotions"):
        (room / WEEK / f"{table}.csv").unlink()
    return room


def judged(room: Path, *, reuse: bool = False, **how: Any) -> Screening:
    return screen(open_room(room).week(**how), reuse=reuse)


def same(ours: Screening, theirs: Screening) -> None:
    for name in ("verdicts", "offers", "pairs"):
        pd.testing.assert_frame_equal(getattr(ours, name), getattr(theirs, name))


def in_cells(room: Path) -> list[str]:
    """Partitions that were taken by their cells."""
    return sorted(path.name.rsplit("-", 1)[0] for path in (room / ".screened").rglob("cells/*.parquet"))


@pytest.mark.parametrize("seed", range(2))
def test_cells_give_the_verdicts_of_every_pair(tmp_path: Path, seed: int) -> None:
    write_tables(tmp_path, random_tables(seed, offers=60), policy_of(Random(seed)))
    table = judged(tmp_path, as_of=AS_OF)
    found = judged(by_moment(tmp_path), as_of=AS_OF)
    assert in_cells(tmp_path) == ["at-11-20", "at-11-27", "at-11-28"]
    pd.testing.assert_frame_equal(found.verdicts, table.verdicts)
    pd.testing.assert_frame_equal(found.offers, table.offers)
    keys = ["offer_id", "quote_id"]
    known, told = (each.pairs.set_index(keys).sort_index() for each in (table, found))
    pd.testing.assert_frame_equal(told, known.loc[told.index, told.columns])
    same(judged(tmp_path, as_of=AS_OF, reuse=True), found)


@pytest.mark.parametrize("later", [timedelta(days=-1), timedelta(days=4)])
def test_what_is_kept_serves_at_any_moment(tmp_path: Path, later: timedelta) -> None:
    room = by_moment(write_tables(tmp_path, random_tables(7, offers=60), policy_of(Random(7))))
    judged(room, as_of=AS_OF)
    again = judged(room, as_of=AS_OF + later, reuse=True)
    assert all(each.kept for each in again.census)
    same(again, judged(room, as_of=AS_OF + later))


@pytest.mark.parametrize("parts", [1, 3])
def test_partitions_the_window_cuts_through_are_judged_anew_at_every_moment(tmp_path: Path, parts: int) -> None:
    room = as_feed(write_tables(tmp_path, random_tables(11, offers=60), policy_of(Random(11))), parts)
    first = judged(room, as_of=AS_OF)
    # One that stands alone is read once, pair by pair; nothing is gathered of it.
    assert len(in_cells(room)) == (parts if parts > 1 else 0)
    for later in (timedelta(hours=-20), timedelta(hours=1), timedelta(days=8), timedelta()):
        again = judged(room, as_of=AS_OF + later, reuse=True)
        assert all(each.kept for each in again.census)
        same(again, judged(room, as_of=AS_OF + later))
    same(again, first)


def test_what_was_gathered_for_another_moment_is_left_to_whoever_judges_at_it_for_an_hour(tmp_path: Path) -> None:
    room = as_feed(write_tables(tmp_path, random_tables(11, offers=20), policy_of(Random(11))), 2)
    judged(room, as_of=AS_OF)
    first = set((room / ".screened").rglob("cells/*.parquet"))
    later = {"as_of": AS_OF + timedelta(hours=1)}
    judged(room, **later, reuse=True)
    both = set((room / ".screened").rglob("cells/*.parquet"))
    assert first < both
    for each in first:
        os.utime(each, (time.time() - 3601,) * 2)
    # Lost, so they are gathered anew, and what nobody wanted for an hour goes.
    for each in both - first:
        each.unlink()
    judged(room, **later, reuse=True)
    assert set((room / ".screened").rglob("cells/*.parquet")) == both - first


def outlying(folder: Path) -> Path:
    """Four channels at ¥100; a bait and a price typed ten times over, one a partition; an old quote beside the bait."""
    rows = [plain(quote_id=f"Q{n}", channel=channel) for n, channel in enumerate(CHANNELS)]
    room = feed_room(folder, rows)
    bait = plain(quote_id="BAIT", display_price=9.0, shop_type="unknown")
    old = plain(quote_id="OLD", display_price=50.0, seen_at=pd.Timestamp("2026-11-02T04:00Z"))
    deliver(room, "b", pa.Table.from_pylist([bait | {"display_price": 30.0}, plain(quote_id="FAIR", display_price=99.0)]))
    deliver(room, "c", pa.Table.from_pylist([plain(quote_id="TYPED", display_price=1000.0)]))
    deliver(room, "d", pa.Table.from_pylist([bait | {"quote_id": "BAIT2"}, old]))
    return room


def test_outliers_within_cells_are_found(tmp_path: Path) -> None:
    room = outlying(tmp_path)
    found = judged(room)
    assert in_cells(room) == ["a", "b", "c", "d"]
    row = found.offers.set_index("offer_id").loc["O1"]
    assert (row["web_lowest_quote"], row["web_lowest_fen"], row["quotes_outlying"]) == ("FAIR", 9900, 3)
    assert found.pairs.set_index("quote_id")["set_aside"].dropna().to_dict() == {
        "BAIT": "COUNTERFEIT_BAIT", "BAIT2": "TYPING_ERROR", "OLD": "TOO_OLD",
    }  # fmt: skip
    price = found.verdicts[(found.verdicts["offer_id"] == "O1") & (found.verdicts["rule"] == "lowest_price")]
    assert price["evidence"].tolist() == ["quotes:FAIR;outliers:BAIT|BAIT2"]
    same(judged(room, reuse=True), found)


def test_other_hours_of_night_and_another_shop_name_read_no_quote_again(tmp_path: Path) -> None:
    room = outlying(tmp_path)
    first = judged(room)
    assert not first.offers["at_night"].fillna(False).any()
    policy = room / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace("[screening]\n", "[screening]\nnight_from = 11:00:00\n"), "utf-8")
    stores = room / "stores.csv"
    stores.write_text(stores.read_text("utf-8").replace("店1", "另一家"), "utf-8")
    again = judged(room, reuse=True)
    assert all(each.kept for each in again.census)
    assert again.offers.set_index("offer_id").loc["O1", "at_night"]
    same(again, judged(room))


@needs_spark
def test_both_engines_judge_cells_alike(tmp_path: Path) -> None:
    agree(open_room(outlying(tmp_path)).week())


@needs_spark
def test_both_engines_judge_a_random_room_in_cells_alike(tmp_path: Path) -> None:
    room = by_moment(write_tables(tmp_path, random_tables(9, offers=40), policy_of(Random(9))))
    agree(open_room(room).week(as_of=AS_OF))
