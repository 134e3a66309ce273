"""Pairs of equivalent goods of two grocery chains, written as a room: which side is cheaper, and since when.

The pairs are real, with known answers, and are not part of the project; see ``FOLDER``. Their prices are euros, here
written as yuan: nothing that is compared depends on the currency. Each side is an offer whose only quote is the other
side, so that "dearer than the web" answers for one side what it answers for the other.
"""

from __future__ import annotations

import csv
import json
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd

from bosspick import open_room, screen
from bosspick.screening.engine import open_engine
from bosspick.screening.own_prices import lowest_in_days
from tests.rooms import WEEK, offer, quote, write_room

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "crossshop_pairs"
SIDES = ("a", "b")
SESSION = "2023-W26"
AS_OF = datetime(2023, 6, 26, 12, tzinfo=UTC)
#: What the answers call a pair whose units do not compare.
NO_ANSWER = "n/a"
_POLICY = """
[show]
items = 2
minutes = 20

[screening]
min_channels = 1
scale_spec_categories = ["grocery"]
"""
#: The chains' word for pieces; every other unit is written as the toolkit reads it, or not read at all.
_UNITS = {"stk": "piece"}

Row = dict[str, str]


def gold() -> list[Row]:
    """The pairs with their known answers, as text."""
    with (FOLDER / "pairs_gold.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def sticker(pair: Row) -> str:
    """The side with the lower price as shown."""
    a, b = (Decimal(pair[f"price_{side}"]) for side in SIDES)
    return "tie" if a == b else "a" if a < b else "b"


def cheaper_by_unit(pairs: list[Row], folder: Path) -> list[str]:
    """The side with the lower unit price by the screen: a, b, tie, or no answer.

    Parameters
    ----------
    pairs
        As :func:`gold` reads them.
    folder
        Where the room is written.
    """
    found = screen(open_room(_write(pairs, folder)).week(SESSION, as_of=AS_OF)).pairs
    ranking = found[found["set_aside"].isna()].set_index("offer_id")["ranking_fen"].to_dict()
    answers = []
    for number, pair in enumerate(pairs):
        beaten = {side: ranking.get(f"{number}{side}", _fen(pair, side)) < _fen(pair, side) for side in SIDES}
        compared = all(f"{number}{side}" in ranking for side in SIDES)
        answers.append("b" if beaten["a"] else "a" if beaten["b"] else "tie" if compared else NO_ANSWER)
    return answers


def lowest_of_year(pairs: list[Row], *, days: int = 365) -> pd.DataFrame:
    """The lowest price of each side over so many days before the last change of any price.

    The chains' histories hold changes only, so a price stays valid until the next.

    Returns
    -------
    DataFrame
        offer_id (number of the pair and side), lowest_fen.
    """
    history = _history(pairs)
    with closing(open_engine()) as engine:
        rows = engine.table("history", history)
        found = engine.run(lowest_in_days(rows, history["seen_at"].max().to_pydatetime(), days, carry=True))
    return found[["offer_id", "lowest_fen"]].sort_values("offer_id", ignore_index=True)


def known_lows(pairs: list[Row]) -> pd.Series:
    """The answers to :func:`lowest_of_year` by offer_id, in fen."""
    return pd.Series(
        {f"{n}{side}": int(Decimal(pair[f"min365_{side}"]) * 100) for n, pair in enumerate(pairs) for side in SIDES}
    )


def _fen(pair: Row, side: str) -> int:
    return int(Decimal(pair[f"price_{side}"]) * 100)


def _write(pairs: list[Row], folder: Path) -> Path:
    offers, quotes = [], []
    for number, pair in enumerate(pairs):
        for side, other in (SIDES, SIDES[::-1]):
            gtin = _gtin(2 * number + SIDES.index(side))
            offers.append(
                offer(1, offer_id=f"{number}{side}", gtin=gtin, category="grocery", list_price="", floor_low="",
                      floor_high="", opening_price=pair[f"price_{side}"], **_spec(pair, side))
            )  # fmt: skip
            quotes.append(
                quote(1, pair[f"store_{other}"], quote_id=f"{number}{other}", gtin=gtin, shop=pair[f"store_{other}"],
                      display_price=pair[f"price_{other}"], seen_at="2023-06-26T06:00:00+00:00", **_spec(pair, other))
            )  # fmt: skip
    room = write_room(folder, offers=offers, quotes=quotes, policy=_POLICY, count=1)
    # The shared helper writes its own week: these prices are of another.
    (room / WEEK).rename(room / SESSION)
    return room


def _spec(pair: Row, side: str) -> Row:
    unit = pair[f"unit_{side}"]
    return {"title": pair[f"name_{side}"], "spec_amount": pair[f"qty_{side}"], "spec_unit": _UNITS.get(unit, unit)}


def _gtin(number: int) -> str:
    """A made-up article number with a check digit that holds."""
    digits = f"900{number:09d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _history(pairs: list[Row]) -> pd.DataFrame:
    items = {}
    for name in sorted({pair["set"] for pair in pairs}):
        cart = json.loads((FOLDER / f"{name}-cart.json").read_text("utf-8"))
        items.update({(name, item["store"], item["id"]): item["priceHistory"] for item in cart["items"]})
    rows = [
        {"offer_id": f"{number}{side}", "quote_id": change["date"], "seen_at": change["date"],
         "price_fen": int(Decimal(str(change["price"])) * 100)}
        for number, pair in enumerate(pairs)
        for side in SIDES
        for change in items[pair["set"], pair[f"store_{side}"], pair[f"id_{side}"]]
    ]  # fmt: skip
    frame = pd.DataFrame(rows).assign(same_spec=True)
    return frame.assign(seen_at=pd.to_datetime(frame["seen_at"], utc=True))
