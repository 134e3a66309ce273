"""Rows delivered twice: a repeated promotion takes its part off once, in a table and in a feed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

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


def rows(copies: int) -> list[dict[str, str]]:
    """The promotions of every case, each on a quote of its own offer."""
    found = []
    for number, carried in enumerate(CARRIED.values(), start=1):
        each = [{name: (row | {"quote_id": f"Q{number}0"}).get(name, "") for name in COLUMNS} for row in carried]
        found += [each[0]] * copies + each[1:]
    return found


def room_of(folder: Path, promotions: list[dict[str, str]]) -> Path:
    numbers = range(1, len(CARRIED) + 1)
    quotes = [quote(number, channel) for number in numbers for channel in CHANNELS]
    offers = [offer(number) for number in numbers]
    return write_room(folder, offers=offers, quotes=quotes, promotions=promotions, count=len(numbers))


def priced(room: Path) -> dict[str, dict[str, Any]]:
    """Prices by case."""
    pairs = screen(open_room(room).week(as_of=AS_OF)).pairs.set_index("quote_id")
    found = {name: pairs.loc[f"Q{number}0"] for number, name in enumerate(CARRIED, start=1)}
    return {name: {price: None if pd.isna(row[price]) else row[price] for price in PRICES[1:]} for name, row in found.items()}


def test_a_repeated_promotion_counts_once(tmp_path: Path) -> None:
    once = room_of(tmp_path / "once", rows(1))
    expected = priced(once)
    assert len({tuple(prices.values()) for prices in expected.values()}) > len(CARRIED) // 2
    assert priced(room_of(tmp_path / "table", rows(3))) == expected

    promotions = typed(open_room(once).week(as_of=AS_OF), "promotions")
    feed = as_feed(once, 1)
    assert priced(feed) == expected
    (file,) = (feed / WEEK / "quotes").glob("*.parquet")
    first = promotions.take([sum(map(len, [*CARRIED.values()][:number])) for number in range(len(CARRIED))])
    deliver(feed, file.stem, pa.parquet.read_table(file), pa.concat_tables([promotions, first, first]))
    assert priced(feed) == expected
