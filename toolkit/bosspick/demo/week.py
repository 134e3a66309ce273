"""One week of a demo room: offers, the prices seen for them, promotions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import numpy as np

from bosspick.demo.market import Market
from bosspick.demo.offers import PASSES, PASSES_AFTER_TALKS, applications, offer_table, price
from bosspick.demo.randomness import Floats, Ints, between, chance, order, stream
from bosspick.demo.sightings import Sightings, elsewhere, lowest, on_market, own_shop
from bosspick.demo.words import CHANNELS, GOODS, OWN_CHANNEL
from bosspick.demo.writing import Columns, ids, moments, texts, yuan

__all__ = ["Week", "capture_end", "make_week"]

_PREFIXES = ("", "【包邮】", "正品 ", "官方直发 ")
_SELLERS = (("自营", "self_operated"), ("授权店", "authorised"), ("优选小店", "reseller"), ("百货铺", "unknown"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Tables of one week, and which offers are sure to pass as they are or after talks."""

    offers: Columns
    quotes: Columns
    promotions: Columns
    passing: list[int]
    passable: list[int]


def capture_end(show: date) -> datetime:
    """When the week's price capture ends: 18:00 on the day before the show, China time."""
    return datetime(show.year, show.month, show.day, 18, tzinfo=timezone(timedelta(hours=8))) - timedelta(days=1)


def make_week(seed: int, market: Market, label: str, show: date, *, offers: int, quotes: int) -> Week:
    """Offers and quotes of one week; ``label`` such as ``W48`` starts their ids."""
    key = (seed, show.isocalendar().year, show.isocalendar().week)
    rng, products = stream(*key, 1), market.products
    pool = order(rng, len(products.gtin))
    applied = applications(rng, market, pool[:offers], show)
    pack_fen = (products.base_fen * between(rng, 0.96, 1.04, len(pool))).astype(np.int64)
    own_each, other = _split(offers, quotes)
    seen = on_market(
        stream(*key, 2), applied.product, applied.pack, pack_fen[applied.product], quotes - other - own_each * offers
    )
    pack_low, clear = lowest(seen, offers)
    known = np.isfinite(pack_low)
    web: Floats = np.where(known, pack_low, pack_fen[applied.product].astype(np.float64)) * applied.pack
    prices = price(stream(*key, 3), web, market.generosity[applied.brand])
    own = own_shop(stream(*key, 4), applied.product, applied.pack, prices.own_lowest_fen, prices.own_usual_fen, own_each)
    rest = elsewhere(stream(*key, 5), pool[offers:], products.pack[pool[offers:]], pack_fen[pool[offers:]], other)
    quote_table, promotion_table = _tables(stream(*key, 6), market, applied.store, [seen, own, rest], label, show)
    sure = applied.sound & clear & known & (prices.floor_low_fen >= 0)
    return Week(
        offers=offer_table(stream(*key, 7), market, ids(f"{label}-", offers, digits=3), applied, prices),
        quotes=quote_table,
        promotions=promotion_table,
        passing=np.flatnonzero(sure & (prices.stratum == PASSES)).tolist(),
        passable=np.flatnonzero(sure & (prices.stratum == PASSES_AFTER_TALKS)).tolist(),
    )


def _split(offers: int, quotes: int) -> tuple[int, int]:
    """How many prices are seen in each offer's own shop, and how many of products not on offer."""
    own_each = min(3, quotes // max(offers, 1) // 4)
    return own_each, (quotes - own_each * offers) * 3 // 100


def _tables(
    rng: np.random.Generator, market: Market, store: Ints, batches: list[Sightings], label: str, show: date
) -> tuple[Columns, Columns]:
    def joined(name: str) -> Ints:
        return np.concatenate([getattr(batch, name) for batch in batches]).astype(np.int64)

    minutes = joined("minutes")
    size = len(minutes)
    by_time = np.argsort(-minutes, kind="stable")
    quote_ids = ids(f"{label}-Q", size, digits=5)
    product, pack, offer = joined("product")[by_time], joined("pack")[by_time], joined("offer")[by_time]
    channel = joined("channel")[by_time]
    seller, prefix = rng.integers(0, len(_SELLERS), size), rng.integers(0, len(_PREFIXES), size)
    nameless = (offer < 0) & chance(rng, 0.3, size)
    linked = chance(rng, 0.25, size)
    products = market.products
    shops = _shops(market, store, offer, channel, seller)
    quotes: Columns = {
        "quote_id": quote_ids,
        "channel": [OWN_CHANNEL if place < 0 else CHANNELS[place].name for place in channel.tolist()],
        "shop": [name for name, _ in shops],
        "shop_type": [kind for _, kind in shops],
        "gtin": [None if blank else products.gtin[p] for p, blank in zip(product.tolist(), nameless.tolist(), strict=True)],
        "title": [
            _PREFIXES[front] + products.title(p, packs)
            for front, p, packs in zip(prefix.tolist(), product.tolist(), pack.tolist(), strict=True)
        ],
        "spec_amount": texts(products.amount[product]),
        "spec_unit": [GOODS[good].unit for good in products.good[product].tolist()],
        "pack_count": texts(pack),
        "display_price": yuan(joined("display_fen")[by_time]),
        "shipping": yuan(joined("shipping_fen")[by_time]),
        "currency": ["CNY"] * size,
        "seen_at": moments(capture_end(show), minutes[by_time], chance(rng, 0.15, size)),
        "grade": ["ABCD"[grade] for grade in joined("grade")[by_time].tolist()],
        "condition": [("new", "used", "refurbished")[code] for code in joined("condition")[by_time].tolist()],
        "in_stock": ["yes" if stocked else "no" for stocked in joined("in_stock")[by_time].tolist()],
        "url": [
            f"https://c{place + 1}.example/{products.gtin[p]}" if shown else None
            for place, p, shown in zip(channel.tolist(), product.tolist(), linked.tolist(), strict=True)
        ],
    }
    return quotes, _promotion_table(batches, quote_ids, by_time)


def _shops(market: Market, store: Ints, offer: Ints, channel: Ints, seller: Ints) -> list[tuple[str, str]]:
    found = []
    for place, row, kind in zip(channel.tolist(), offer.tolist(), seller.tolist(), strict=True):
        if place < 0:
            found.append((market.store_names[store[row]], "flagship"))
        else:
            suffix, shop_type = _SELLERS[kind]
            found.append((CHANNELS[place].name + suffix, shop_type))
    return found


def _promotion_table(batches: list[Sightings], quote_ids: list[str], by_time: Ints) -> Columns:
    place = np.empty(len(by_time), dtype=np.int64)
    place[by_time] = np.arange(len(by_time))
    offsets = np.cumsum([0, *(len(batch.product) for batch in batches)])
    position = np.concatenate([place[batch.promoted.quote + start] for batch, start in zip(batches, offsets[:-1], strict=True)])
    rows = {name: [cell for batch in batches for cell in batch.promoted.rows[name]] for name in batches[0].promoted.rows}
    sequence = np.argsort(position, kind="stable").tolist()
    table: Columns = {"quote_id": [quote_ids[index] for index in np.sort(position, kind="stable").tolist()]}
    return table | {name: [cells[index] for index in sequence] for name, cells in rows.items()}
