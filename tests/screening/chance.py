"""Random small rooms in which every kind of promotion, gap and disagreement occurs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.rooms import CHANNELS, WEEK, offer, quote, write_rows

POLICY = """
[screening]
min_channels = {min_channels}
margin = {margin}
rank_on = "{rank_on}"
min_grade = "{min_grade}"
required_channels = [{required}]
regions = [{regions}]
scale_spec_categories = ["食品"]

[bargaining]
hours = {{ "一组" = 8 }}
"""

Rows = list[dict[str, str]]


def promotion(chance: Random, quote_id: str) -> dict[str, str]:
    """One promotion of any kind; about one in eight is unconfirmed, one in twenty says no amount."""
    kind = chance.choice(["amount", "amount", "amount", "rate", "rate", "bundle_price", "nth_off", "deposit"])
    by_rate = kind in ("rate", "nth_off")
    missing = chance.random() < 0.05
    amount = "" if by_rate or missing else chance.choice(["5", "10.50", "20", "30", "80", "200"])
    rate = "" if not by_rate else chance.choice(["0.05", "0.1", "0.29", "0.333", "0.5", "1"])
    return {
        "quote_id": quote_id,
        "step": chance.choice("1234"),
        "kind": kind,
        "threshold": chance.choice(["", "", "30", "60", "90", "100", "300"]),
        "amount": amount,
        "rate": rate,
        "buy_qty": chance.choice(["2", "3", "3", "4", ""]) if kind in ("bundle_price", "nth_off") else "",
        "deposit": chance.choice(["10", "50", ""]) if kind == "deposit" else "",
        "repeat": chance.choice(["yes", "no", ""]),
        "cap": chance.choice(["", "", "", "8", "25"]),
        "exclusive_group": chance.choice(["", "", "a", "b", "alone 0"]),
        "audience": chance.choice(["public", "public", "public", "member", "new_user", "conditional"]),
        "confirmed": chance.choices(["yes", "no"], [7, 1])[0],
    }


def promotions_of(chance: Random, quotes: Rows) -> Rows:
    """None to four promotions a quote, no two under one key."""
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for each in quotes:
        for _ in range(chance.choices([0, 1, 2, 3, 4], [8, 4, 3, 2, 1])[0]):
            row = promotion(chance, each["quote_id"])
            key = [row[name] for name in ("quote_id", "step", "kind", "amount", "rate", "threshold", "buy_qty", "deposit")]
            # The same terms in two groups contradict each other.
            rows[(*key, row["audience"])] = row
    return list(rows.values())


def quotes_of(chance: Random, offers: Rows) -> Rows:
    """A few quotes an offer: mostly comparable, some stale, second hand, sold out, of another spec or without terms."""
    rows = []
    for number, each in enumerate(offers):
        titles = [each["title"], each["title"], each["title"].upper().replace(" ", "  "), "别的"]
        for place in range(chance.randint(0, 9)):
            row = quote(number, chance.choice(CHANNELS)) | {
                "quote_id": f"Q{number}-{place}",
                "gtin": chance.choice([each["gtin"], each["gtin"], each["gtin"].lstrip("0"), ""]),
                "title": chance.choice(titles),
                "spec_amount": chance.choice([each["spec_amount"]] * 4 + ["75", ""]),
                "spec_unit": each["spec_unit"],
                "pack_count": chance.choice([each["pack_count"]] * 3 + ["3", ""]),
                "display_price": f"{chance.randint(2000, 40000) / 100:.2f}",
                "shipping": chance.choice(["0", "0", "0", "0", "0", "6", "12.50", ""]),
                "seen_at": chance.choice(["2026-11-27T12:00:00+08:00"] * 12 + ["2026-11-20T12:00:00+08:00",
                                          "2026-11-28T23:00:00+08:00"]),
                "grade": chance.choice("AAAAAABBCD"),
                "condition": chance.choice(["new"] * 15 + ["used", ""]),
                "region": chance.choice(["内地", "内地", "内地", "港澳", ""]),
                "shop_type": chance.choice(["flagship", "flagship", "reseller", "unknown", ""]),
                "in_stock": chance.choice(["yes"] * 15 + ["no", ""]),
            }  # fmt: skip
            rows.append(row)
    return rows


def offers_of(chance: Random, count: int) -> Rows:
    """Offers with the store and brand of their number, some shared, some unlisted."""
    rows = []
    for number in range(count):
        amount, unit = chance.choice([("50", "ml"), ("0.05", "l"), ("0.3", "kg"), ("300", "g")])
        rows.append(
            offer(number) | {
                "gtin": chance.choice([f"0{6900000000000 + number}", f"{6900000000000 + number}", ""]),
                "title": f"品牌{number} Cream {amount}{unit}",
                "brand_id": f"B{chance.randint(0, count)}",
                "store_id": f"S{chance.randint(0, count)}",
                "spec_amount": chance.choice([amount] * 4 + [""]),
                "spec_unit": unit,
                "pack_count": chance.choice(["1", "1", "2", ""]),
                "opening_price": f"{chance.randint(1000, 30000) / 100:.2f}",
            }
        )  # fmt: skip
    return rows


def standing_of(chance: Random, count: int) -> dict[str, Rows]:
    """Stores, brands and authorisations with every gap the rules name."""
    day = ["2026-11-28", "2026-11-26", "2026-11-21", "2026-11-20", "2026-12-05", ""]
    until = ["2027-12-31", "2027-12-31", "2026-11-28", "2026-11-27", ""]
    stores = [
        {"store_id": f"S{n}", "name": f"店{n}", "score": chance.choice(["4.8", "4.8", "4.5", "4.49", ""]),
         "score_as_of": chance.choice(day)}
        for n in range(count)
    ]  # fmt: skip
    brands = [
        {"brand_id": f"B{n}", "name": f"品牌{n}", "trademark_no": chance.choice(["1", "1", ""]),
         "owner": chance.choice(["甲", "甲", ""]), "white_label": chance.choice(["no", "no", "no", "yes", ""])}
        for n in range(count)
    ]  # fmt: skip
    pairs = {(chance.randint(0, count), chance.randint(0, count)) for _ in range(3 * count)}
    chain = [{"brand_id": f"B{b}", "store_id": f"S{s}", "valid_until": chance.choice(until)} for b, s in sorted(pairs)]
    return {"stores": stores, "brands": brands, "authorisations": chain}


def policy_of(chance: Random) -> str:
    """A policy with other thresholds each time."""
    return POLICY.format(
        min_channels=chance.randint(1, 3), margin=chance.choice(["0", "0.01", "5"]),
        rank_on=chance.choice(["public", "conditional"]), min_grade=chance.choice("ABC"),
        required=chance.choice(["", "", f'"{CHANNELS[0]}"']),
        regions=chance.choice(["", '"内地"']),
    )  # fmt: skip


def random_tables(seed: int, *, offers: int) -> dict[str, Rows]:
    """All tables of a random room, as rows."""
    chance = Random(seed)
    rows = offers_of(chance, offers)
    # Several offers share a brand and a store, so that chains are often whole.
    standing = standing_of(chance, offers)
    for each in rows:
        if chance.random() < 0.7:
            link = chance.choice(standing["authorisations"])
            each |= {"brand_id": link["brand_id"], "store_id": link["store_id"]}
    quotes = quotes_of(chance, rows)
    return {"offers": rows, "quotes": quotes, "promotions": promotions_of(chance, quotes), **standing}


def write_tables(folder: Path, tables: dict[str, Sequence[dict[str, str]]] | dict[str, Rows], policy: str) -> Path:
    """Write them as a room."""
    for name, rows in tables.items():
        home = folder / WEEK if name in ("offers", "quotes", "promotions") else folder
        write_rows(home / f"{name}.csv", rows)
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    return folder
