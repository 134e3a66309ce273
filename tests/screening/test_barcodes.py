"""Barcode numbers are compared as numbers, whatever they were dressed in, in a table and in a feed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick import open_room, screen
from tests.rooms import CHANNELS, barcode, quote, write_room
from tests.screening.test_feed import feed_room, plain

#: Ways to write the barcode of the first offer, and what is none or another one.
DRESSED = [barcode(1), f"0{barcode(1)}", f"'{barcode(1)}", f"{barcode(1)[:3]}-{barcode(1)[3:7]} {barcode(1)[7:]}",
           f"{barcode(1)}.0", f"\u3000{barcode(1)}\xa0", barcode(1).translate({code: code + 0xFEE0 for code in range(48, 58)}),
           f"‘{barcode(1)}’", f"{barcode(1)[:6]}–{barcode(1)[6:]}"]  # fmt: skip
BARE = ["SKU-001", f"{barcode(1)}.5", f"{barcode(1)[:-1]}9", "''"]
CUT = ["6.9E+12", "6.90000e12"]


@pytest.mark.parametrize("feed", [False, True], ids=["table", "feed"])
def test_the_same_number_however_it_is_written(tmp_path: Path, feed: bool) -> None:
    rows = [{"quote_id": f"B{number}", "gtin": gtin, "title": "别的"} for number, gtin in enumerate(DRESSED + BARE + CUT)]
    if feed:
        room = feed_room(tmp_path, [plain(**row) for row in rows])
    else:
        room = write_room(tmp_path, quotes=[quote(1, CHANNELS[0], **row) for row in rows])
    found = screen(open_room(room).week())
    assert sorted(found.pairs["quote_id"]) == sorted(f"B{number}" for number in range(len(DRESSED)))
    assert set(found.pairs["matched_by"]) == {"gtin"}


@pytest.mark.parametrize("feed", [False, True], ids=["table", "feed"])
def test_a_number_that_lost_its_digits_leaves_the_word_to_the_title(tmp_path: Path, feed: bool) -> None:
    rows = [{"quote_id": f"C{number}", "gtin": gtin} for number, gtin in enumerate(CUT)]
    if feed:
        room = feed_room(tmp_path, [plain(**row) for row in rows])
    else:
        room = write_room(tmp_path, quotes=[quote(1, CHANNELS[0], **row) for row in rows])
    pairs = screen(open_room(room).week()).pairs
    assert dict(zip(pairs["quote_id"], pairs["matched_by"], strict=True)) == {"C0": "title", "C1": "title"}
