"""DuckDB and Spark run the same expressions: every verdict, every evidence row, every kept pair is the same."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pandas as pd

from bosspick import open_room, screen
from bosspick.intake import Week
from tests.runs import bosspick
from tests.screening.chance import policy_of, random_tables, write_tables
from tests.screening.test_barcodes import BARE, DRESSED
from tests.screening.test_feed import feed_room, four, plain
from tests.screening.test_oracle import AS_OF
from tests.spark import MASTER, needs_spark


def agree(week: Week, *, reuse: bool = False) -> None:
    ours, theirs = screen(week, reuse=reuse), screen(week, engine="spark", master=MASTER, reuse=reuse)
    for name in ("verdicts", "offers", "pairs"):
        pd.testing.assert_frame_equal(getattr(ours, name), getattr(theirs, name))
    assert [each.bad for each in ours.census] == [each.bad for each in theirs.census]
    assert len(ours.pairs) > 0


@needs_spark
def test_both_engines_judge_a_random_room_alike(tmp_path: Path) -> None:
    # Every kind of promotion, gap and disagreement occurs in it.
    room = write_tables(tmp_path, random_tables(21, offers=60), policy_of(Random(21)))
    agree(open_room(room).week(as_of=AS_OF))


@needs_spark
def test_both_engines_judge_a_feed_alike(tmp_path: Path) -> None:
    term = {"quote_id": "Q1", "step": "2", "kind": "amount", "amount": 15.0, "audience": "public", "confirmed": True}
    terms = [term | {"exclusive_group": None}, term | {"exclusive_group": "a"}, term | {"quote_id": "Q2"}]
    quotes = [*four(), plain(quote_id="BAD", grade="E"), plain(quote_id="Q0", display_price=10.0)]
    room = feed_room(tmp_path, quotes, terms)
    week = open_room(room).week()
    agree(week)
    again = screen(week, engine="spark", master=MASTER, reuse=True)
    assert all(each.kept for each in again.census)


@needs_spark
def test_both_engines_take_the_same_blanks_off_and_read_the_same_numbers(tmp_path: Path) -> None:
    odd = [
        {"channel": " \t甲商城\u3000", "shop": "\x0cvanity fair\x0b"}, {"channel": "\u3000"}, {"quote_id": "Q\x001"},
        {"display_price": float("nan")}, {"display_price": 1e300}, {"shipping": float("inf")}, {"spec_amount": float("nan")},
        {"seen_at": pd.Timestamp("2261-01-01T00:00Z")},
    ]  # fmt: skip
    rows = [plain(quote_id=f"O{number}") | changes for number, changes in enumerate(odd)]
    rows += [plain(quote_id=f"B{number}", gtin=gtin) for number, gtin in enumerate(DRESSED + BARE)]
    week = open_room(feed_room(tmp_path, [*four(), *rows])).week()
    agree(week)
    found = screen(week)
    assert set(found.pairs["quote_id"]) >= {f"B{number}" for number in range(len(DRESSED))}
    assert found.pairs.set_index("quote_id").loc["O0", ["channel", "shop"]].tolist() == ["甲商城", "vanity fair"]
    assert found.census[0].bad == {
        "BAD_MOMENT": 1,
        "BAD_PRICE": 2,
        "BAD_SHIPPING": 1,
        "BAD_SPEC": 1,
        "NO_CHANNEL": 1,
        "NO_ID": 1,
    }


def test_a_master_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    # In a process of its own: the session of this one runs.
    room = feed_room(tmp_path, four())
    done = bosspick("screen", room, "--engine", "spark", "--master", "nonsense://nowhere")
    assert done.returncode == 2
    assert "nonsense://nowhere" in done.stderr
    assert "Traceback" not in done.stderr
