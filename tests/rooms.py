"""Rooms small enough to read, written as a producer would keep them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

WEEK = "2026-W48"
CHANNELS = ("甲商城", "乙仓", "丙百货", "丁团购")

POLICY = """
[show]
items = 2
bench = 1
minutes = 20

[screening]
min_channels = 4

[demand]
viewers = 100000

[bargaining]
hours = { "一组" = 8 }
"""


def barcode(number: int) -> str:
    """An EAN of 13 digits with a right check digit."""
    body = f"690{number:09d}"
    return body + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def offer(number: int, **changes: str) -> dict[str, str]:
    """A clean offer at ¥90 against a web-lowest of ¥100."""
    row = {
        "offer_id": f"O{number}", "brand_id": f"B{number}", "store_id": f"S{number}", "gtin": barcode(number),
        "title": f"品牌{number} 面霜 50ml", "category": "美妆" if number % 2 else "食品",
        "spec_amount": "50", "spec_unit": "ml", "pack_count": "1",
        "list_price": "100.00", "opening_price": "90.00", "floor_low": "70.00", "floor_high": "85.00",
        "gift_name": "", "gift_qty": "", "gift_value": "",
        "stock": "20000", "daily_capacity": "2000", "promise_days": "5",
        "return_rate": "0.01", "certificate_until": "2027-12-31",
        "rep_from": "19:00", "rep_to": "23:00", "negotiator": "一组", "talk_hours": "1",
    }  # fmt: skip
    return row | changes


def quote(number: int, channel: str, **changes: str) -> dict[str, str]:
    """A grade A quote of offer ``number`` at ¥100, seen the day before the show."""
    row = {
        "quote_id": f"Q{number}{CHANNELS.index(channel) if channel in CHANNELS else channel}", "channel": channel,
        "shop": f"店{number}", "shop_type": "flagship",
        "gtin": barcode(number), "title": f"品牌{number} 面霜 50ml",
        "spec_amount": "50", "spec_unit": "ml", "pack_count": "1",
        "display_price": "100.00", "shipping": "0", "currency": "CNY",
        "seen_at": "2026-11-27T12:00:00+08:00", "grade": "A", "condition": "new", "in_stock": "yes", "url": "",
    }  # fmt: skip
    return row | changes


def write_rows(path: Path, rows: Sequence[dict[str, str]], *, encoding: str = "utf-8") -> None:
    """Write rows with the keys of the first as header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_room(
    folder: Path,
    *,
    offers: Sequence[dict[str, str]] | None = None,
    quotes: Sequence[dict[str, str]] | None = None,
    promotions: Sequence[dict[str, str]] = (),
    policy: str = POLICY,
    count: int = 3,
    first: int = 1,
) -> Path:
    """Write a room of one week with ``count`` stores and brands, and by default as many clean offers."""
    numbers = range(first, first + count)
    write_rows(folder / WEEK / "offers.csv", offers if offers is not None else [offer(n) for n in numbers])
    quotes = quotes if quotes is not None else [quote(n, channel) for n in numbers for channel in CHANNELS]
    write_rows(folder / WEEK / "quotes.csv", quotes)
    if promotions:
        write_rows(folder / WEEK / "promotions.csv", promotions)
    write_rows(
        folder / "stores.csv",
        [
            {"store_id": f"S{n}", "name": f"店{n}", "type": "flagship", "score": "4.8", "score_as_of": "2026-11-26"}
            for n in numbers
        ],
    )
    write_rows(
        folder / "brands.csv",
        [
            {"brand_id": f"B{n}", "name": f"品牌{n}", "trademark_no": f"10{n}", "trademark_class": "3",
             "owner": f"公司{n}", "white_label": "no", "evidence": "doc"}
            for n in numbers
        ],
    )  # fmt: skip
    write_rows(
        folder / "authorisations.csv",
        [{"brand_id": f"B{n}", "store_id": f"S{n}", "valid_until": "2027-12-31", "evidence": "doc"} for n in numbers],
    )
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    return folder
