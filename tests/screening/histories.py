"""Histories of an offer's own shop, as the reference rules read them: a line a quote, and the engine that judges them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from bosspick.policy import ReferenceRule, ScreeningPolicy
from bosspick.screening.engine import EngineName, open_engine
from bosspick.screening.own_prices import lowest_in_days
from bosspick.screening.reference import reference_facts

Row = dict[str, Any]

AS_OF = datetime(2026, 11, 27, 12, tzinfo=UTC)
CN, EU = ScreeningPolicy().reference_rules
HISTORY = {"offer_id": "str", "quote_id": "str", "seen_at": "datetime64[us, UTC]", "price_fen": "Int64",
           "display_fen": "Int64", "amount": "float64", "packs": "Int64", "same_spec": "boolean"}  # fmt: skip
OFFERS = {"offer_id": "str", "list_price_fen": "Int64", "opening_price_fen": "Int64", "amount": "float64", "packs": "Int64",
          "claim_days": "Int64"}  # fmt: skip


def seen(quote_id: str, days: float, price: int | None, **changes: Any) -> Row:
    """A quote of O1 so many days before the moment of judgement, at a price in yuan; one pack of 50."""
    fen = None if price is None else price * 100
    row = {"offer_id": "O1", "quote_id": quote_id, "seen_at": AS_OF - timedelta(days=days), "price_fen": fen,
           "display_fen": fen, "amount": 50.0, "packs": 1, "same_spec": True}  # fmt: skip
    return row | changes


def applied(**changes: Any) -> Row:
    """The offer O1: listed at ¥120, offered at ¥90, one pack of 50, no claim."""
    row = {"offer_id": "O1", "list_price_fen": 12000, "opening_price_fen": 9000, "amount": 50.0, "packs": 1,
           "claim_days": None}  # fmt: skip
    return row | changes


def frame(rows: list[Row], kinds: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def facts(
    history: list[Row], offers: list[Row], rule: ReferenceRule = CN, as_of: datetime = AS_OF, *, engine: EngineName = "duckdb"
) -> list[Row]:
    """What an engine makes of it: rows by offer, nulls as None, moments with offset."""
    with closing(open_engine(engine, master="local[1]")) as opened:
        tables = opened.table("history", frame(history, HISTORY)), opened.table("offers", frame(offers, OFFERS))
        return plain(opened.run(reference_facts(*tables, as_of=as_of, rule=rule)))


def judge(cases: list[tuple[list[Row], Row]], rule: ReferenceRule = CN, *, engine: EngineName = "duckdb") -> list[Row]:
    """The facts of many cases at once, each a history and what its offer is like; case n is the offer n."""
    names = [f"O{number:03d}" for number in range(len(cases))]
    history = [row | {"offer_id": name} for name, (rows, _) in zip(names, cases, strict=True) for row in rows]
    offers = [applied(**changes) | {"offer_id": name} for name, (_, changes) in zip(names, cases, strict=True)]
    return facts(history, offers, rule, engine=engine)


def lows(history: list[Row], days: int, *, carry: bool = False) -> list[Row]:
    with closing(open_engine()) as opened:
        return plain(opened.run(lowest_in_days(opened.table("history", frame(history, HISTORY)), AS_OF, days, carry=carry)))


def plain(found: pd.DataFrame) -> list[Row]:
    rows = found.sort_values("offer_id").to_dict("records")
    return [{str(name): _cell(cell) for name, cell in row.items()} for row in rows]


def _cell(cell: Any) -> Any:
    if pd.isna(cell):
        return None
    return cell.to_pydatetime().replace(tzinfo=UTC) if isinstance(cell, pd.Timestamp) else cell
