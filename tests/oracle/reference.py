"""Reference prices, list prices, packs and claims worked out one offer at a time in plain Python."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

Row = dict[str, Any]


def judged(history: list[Row], offer: Row, as_of: datetime, days: int, *, falls_back: bool) -> Row:
    """The facts of one offer; moments with offset, prices in fen."""
    past = [row for row in history if row["offer_id"] == offer["offer_id"] and row["seen_at"] <= as_of]
    same = [row for row in past if row["same_spec"]]
    return {
        "offer_id": offer["offer_id"],
        **reference(same, offer, as_of - timedelta(days=days), falls_back=falls_back),
        **list_price(same, offer),
        **pack(past, offer),
        **claim(same, offer, as_of),
    }


def cheapest(rows: list[Row]) -> Row | None:
    known = [row for row in rows if row["price_fen"] is not None]
    return min(known, key=lambda row: (row["price_fen"], row["seen_at"], row["quote_id"]), default=None)


def proof(row: Row | None, name: str, price: str = "price_fen") -> Row:
    if row is None:
        return dict.fromkeys((f"{name}_fen", f"{name}_quote", f"{name}_seen_at"))
    return {f"{name}_fen": row[price], f"{name}_quote": row["quote_id"], f"{name}_seen_at": row["seen_at"]}


def reaches(rows: list[Row], start: datetime) -> bool:
    return any(row["seen_at"] <= start and row["price_fen"] is not None for row in rows)


def reference(same: list[Row], offer: Row, start: datetime, *, falls_back: bool) -> Row:
    counts = [row for row in same if row["seen_at"] >= start]
    if not counts and falls_back and same:
        last = max(row["seen_at"] for row in same)
        counts = [row for row in same if row["seen_at"] == last]
    low, asked = cheapest(counts), offer["list_price_fen"]
    if asked is None or not counts:
        code = "REFERENCE_UNKNOWN"
    elif low is not None and asked > low["price_fen"]:
        code = "RAISED_BEFORE_DISCOUNT"
    elif not falls_back and not reaches(same, start):
        code = "REFERENCE_SHORT"
    elif any(row["price_fen"] is None for row in counts):
        code = "REFERENCE_UNKNOWN"
    else:
        code = "REFERENCE_OK"
    raised = None
    if code == "RAISED_BEFORE_DISCOUNT" and low is not None:
        dearer = [row for row in same if (row["price_fen"] or 0) > low["price_fen"] and row["seen_at"] > low["seen_at"]]
        raised = min(dearer, key=lambda row: (row["seen_at"], row["price_fen"], row["quote_id"]), default=None)
    told = proof(raised, "raised")
    return {
        "reference_code": code,
        **proof(low if code in ("RAISED_BEFORE_DISCOUNT", "REFERENCE_OK") else None, "was"),
        "raised_fen": told["raised_fen"],
        "raised_quote": told["raised_quote"],
        "raised_at": told["raised_seen_at"],
    }


def list_price(same: list[Row], offer: Row) -> Row:
    shown = [row for row in same if row["display_fen"] is not None]
    top = min(shown, key=lambda row: (-row["display_fen"], row["seen_at"], row["quote_id"]), default=None)
    if top is None or offer["list_price_fen"] is None:
        code = "LIST_PRICE_UNKNOWN"
    else:
        code = "LIST_PRICE_TRADED" if top["display_fen"] >= offer["list_price_fen"] else "LIST_PRICE_NEVER_TRADED"
    return {"list_price_code": code, **proof(top, "highest", "display_fen")}


def pack(past: list[Row], offer: Row) -> Row:
    now = None if offer["amount"] is None or offer["packs"] is None else offer["amount"] * offer["packs"]
    readable = []
    for row in past:
        if None not in (row["amount"], row["packs"], row["price_fen"]) and (offer["packs"] is not None or not row["same_spec"]):
            sold = row["price_fen"]
            if row["same_spec"]:
                sold = next(whole for whole in count() if whole * offer["packs"] // row["packs"] >= row["price_fen"])
            readable.append(row | {"sold_fen": sold, "content": row["amount"] * row["packs"]})
    more = [row for row in readable if now is not None and row["content"] > now + 1e-6]
    more = [row for row in more if row["sold_fen"] <= offer["opening_price_fen"]]
    larger = None
    for row in sorted(more, key=lambda row: row["quote_id"]):
        if larger is None or (row["seen_at"], row["content"]) > (larger["seen_at"], larger["content"]):
            larger = row
    code = "PACK_KEPT" if larger is None else "SHRUNK_PACK"
    if now is None or not readable:
        code = "PACK_UNKNOWN"
    content = {"content_then": larger and larger["content"], "content_now": now}
    return {"pack_code": code, **proof(larger, "larger", "sold_fen"), **content}


def claim(same: list[Row], offer: Row, as_of: datetime) -> Row:
    if offer["claim_days"] is None:
        return {"claim_code": "CLAIM_NONE", **proof(None, "claim")}
    start = as_of - timedelta(days=offer["claim_days"])
    counts = [row for row in same if row["seen_at"] >= start]
    low = cheapest(counts)
    if low is not None and offer["opening_price_fen"] > low["price_fen"]:
        code = "CLAIM_FALSE"
    elif low is None or not reaches(same, start) or any(row["price_fen"] is None for row in counts):
        code = "CLAIM_UNKNOWN"
    else:
        code = "CLAIM_HOLDS"
    return {"claim_code": code, **proof(low, "claim")}
