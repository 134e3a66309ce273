"""The evidence pack of a week whose quotes came as a feed: the rows that bear on a verdict, and the same verdicts again."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pandas as pd
import pytest

from bosspick import open_room, screen
from bosspick.briefing.pack import read_pack, verify_pack, write_pack
from bosspick.briefing.pack_archive import sealed, unsealed
from tests.rooms import CHANNELS, WEEK, offer, quote, write_room
from tests.screening.chance import policy_of, random_tables, write_tables
from tests.screening.test_feed import as_feed
from tests.screening.test_oracle import AS_OF


def packed(folder: Path, room: Path, parts: int) -> tuple[Path, int]:
    """The pack of a room turned into a feed, and how many quotes the feed holds."""
    count = len(open_room(room).week(as_of=AS_OF).table("quotes"))
    week = open_room(as_feed(room, parts)).week(as_of=AS_OF)
    write_pack(folder / "evidence.zip", week, screen(week, bearing=True))
    return folder / "evidence.zip", count


@pytest.mark.parametrize("seed", range(3))
def test_the_verdicts_of_a_feed_recompute_from_its_pack_alone(tmp_path: Path, seed: int) -> None:
    room = tmp_path / "room"
    write_tables(room, random_tables(seed, offers=40), policy_of(Random(seed)))
    pack, _ = packed(tmp_path, room, 1 + seed % 3)
    report = verify_pack(pack)
    assert report.damage == ()
    assert report.differences.to_dict("records") == []
    assert report.verdicts == 40 * 13


def test_the_pack_holds_what_bears_and_no_more(tmp_path: Path) -> None:
    """Of many dear quotes a channel's lowest, the oldest, and the one seen at night are there."""
    quotes = [quote(1, channel) for channel in CHANNELS]
    for number in range(60):
        more = {
            "quote_id": f"D{number:02}",
            "shop": "another",
            "display_price": f"{150 + number}",
            "seen_at": f"2026-11-27T11:00:{number:02}+08:00",
        }
        quotes.append(quote(1, CHANNELS[number % 4]) | more)
    night = quote(1, CHANNELS[0]) | {
        "quote_id": "NIGHT",
        "shop": "another",
        "display_price": "180",
        "seen_at": "2026-11-26T23:30:00+08:00",
    }
    room = write_room(tmp_path / "room", offers=[offer(1)], quotes=[*quotes, night], count=1)
    pack, count = packed(tmp_path, room, 2)
    held = set(read_pack(pack).week.table("quotes")["quote_id"])
    assert held >= {*(row["quote_id"] for row in quotes[:4]), "NIGHT"}
    assert len(held) < 10 < count
    assert verify_pack(pack).is_ok
    verdicts = pd.DataFrame(read_pack(pack).stated["verdicts.csv"]).set_index("rule")
    assert verdicts.loc["lowest_price", "verdict"] == "PASS"


def test_a_changed_price_in_a_feeds_pack_is_found(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room", count=2)
    pack, _ = packed(tmp_path, room, 1)
    members = dict(unsealed(pack.read_bytes(), where="pack").members)
    members["quotes.csv"] = members["quotes.csv"].replace(b",10000,", b",8000,", 1)
    pack.write_bytes(sealed({name: content for name, content in members.items() if name != "MANIFEST"}))
    found = verify_pack(pack).differences
    assert {"verdict", "reason_code"} <= set(found.loc[found["file"] == "verdicts.csv", "column"])


def test_rows_delivered_twice_and_ids_of_two_quotes_do_not_stop_a_pack(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room", count=2)
    feed = as_feed(room, 1)
    (file,) = (feed / WEEK / "quotes").glob("*.parquet")
    rows = pd.read_parquet(file, dtype_backend="pyarrow")
    other = rows.iloc[:1].assign(display_price=rows["display_price"].iloc[0] + 7)
    pd.concat([rows, rows.iloc[3:4], other], ignore_index=True).to_parquet(file)
    week = open_room(feed).week(as_of=AS_OF)
    write_pack(tmp_path / "evidence.zip", week, screen(week, bearing=True))
    report = verify_pack(tmp_path / "evidence.zip")
    assert report.differences.to_dict("records") == []
