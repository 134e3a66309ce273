"""Rows delivered twice: a repeated promotion takes its part off once, in a table and in a feed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from bosspick import open_room, screen
from tests.rooms import CHANNELS, WEEK, offer, quote, write_room
from tests.screening.test_feed import as_feed, deliver, typed
from tests.screening.test_oracle import AS_OF

PLAIN = {"quote_id": "Q10", "step": "2", "kind": "amount", "amount": "5", "audience": "public", "confirmed": "yes"}
#: Promotions of one quote, of which the first is delivered several times.
CARRIED = {
    "alone": [PLAIN],
    "beside one of its step": [PLAIN, PLAIN | {"amount": "3"}],
    "beside one of another step": [PLAIN, PLAIN | {"step": "4", "kind": "rate", "amount": "", "rate": "0.1"}],
    "the larger of a group": [PLAIN | {"exclusive_group": "g"}, PLAIN | {"amount": "3", "exclusive_group": "g"}],
    "of a group over two steps": [
        PLAIN | {"exclusive_group": "g"},
        PLAIN | {"step": "3", "exclusive_group": "g", "amount": "7"},
    ],
    "unconfirmed": [PLAIN | {"confirmed": "no"}],
    "for members": [PLAIN | {"audience": "member"}],
    "second at half price": [PLAIN | {"kind": "nth_off", "amount": "", "rate": "0.5", "buy_qty": "2"}],
    "from so much on": [PLAIN | {"threshold": "96"}],
}
COLUMNS = ("quote_id", "step", "kind", "amount", "rate", "threshold", "buy_qty", "exclusive_group", "audience", "confirmed")
PRICES = ["quote_id", "landed_fen", "conditional_fen", "possible_fen", "ranking_fen", "pieces", "unknown"]


def rows(carried: list[dict[str, str]], copies: int) -> list[dict[str, str]]:
    each = [{name: row.get(name, "") for name in COLUMNS} for row in carried]
    return [each[0]] * copies + each[1:]


def room_of(folder: Path, promotions: list[dict[str, str]]) -> Path:
    quotes = [quote(1, channel) for channel in CHANNELS]
    return write_room(folder, offers=[offer(1)], quotes=quotes, promotions=promotions, count=1)


def priced(room: Path) -> dict[str, Any]:
    found = screen(open_room(room).week(as_of=AS_OF)).pairs.set_index("quote_id").loc["Q10"]
    return {name: None if pd.isna(found[name]) else found[name] for name in PRICES[1:]}


@pytest.mark.parametrize("name", CARRIED)
def test_a_repeated_promotion_counts_once(tmp_path: Path, name: str) -> None:
    once = room_of(tmp_path / "once", rows(CARRIED[name], 1))
    expected = priced(once)
    assert priced(room_of(tmp_path / "table", rows(CARRIED[name], 3))) == expected

    promotions = typed(open_room(once).week(as_of=AS_OF), "promotions")
    feed = as_feed(once, 1)
    assert priced(feed) == expected
    (file,) = (feed / WEEK / "quotes").glob("*.parquet")
    first = promotions.slice(0, 1)
    deliver(feed, file.stem, pa.parquet.read_table(file), pa.concat_tables([promotions, first, first]))
    assert priced(feed) == expected
