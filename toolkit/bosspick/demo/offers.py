"""The offers of one week: what brands apply with, priced against the web they will be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bosspick.demo.market import Market
from bosspick.demo.randomness import Floats, Ints, Mask, between, chance, pick
from bosspick.demo.sightings import shelf_price
from bosspick.demo.words import BANNED_CATEGORIES, GOODS, TEAMS
from bosspick.demo.writing import Columns, texts, yuan

__all__ = ["PASSES", "PASSES_AFTER_TALKS", "Applications", "Prices", "applications", "offer_table", "price"]

PASSES, PASSES_AFTER_TALKS, HOPELESS = range(3)
_STRATA_WEIGHTS = (18.0, 60.0, 22.0)

_GIFTS = ("旅行装", "帆布袋", "收纳盒", "替换装", "赠饮", "定制杯垫")
_ON_SET = (("20:00", "22:00"), ("20:00", "21:00"), ("20:30", "22:00"), ("21:00", "22:00"), (None, None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Applications:
    """Who applies with what this week, before any price; ``sound`` marks offers without a flaw of their own."""

    product: Ints
    brand: Ints
    store: Ints
    pack: Ints
    stock: Ints
    daily_capacity: Ints
    promise_days: Ints
    return_bp: Ints
    certificate: list[str | None]
    sound: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices per offer in fen; -1 is an empty cell."""

    stratum: Ints
    opening_fen: Ints
    floor_low_fen: Ints
    floor_high_fen: Ints
    list_fen: Ints
    own_lowest_fen: Ints
    own_usual_fen: Ints


def applications(rng: np.random.Generator, market: Market, product: Ints, show: date) -> Applications:
    """Stores, stock and papers of the offers with these products, a few of them flawed."""
    size = len(product)
    brand = market.products.brand[product]
    second = market.second_store[brand]
    store = np.where(chance(rng, 0.18, size) & (second >= 0), second, brand)
    stray = chance(rng, 0.02, size)
    store = np.where(stray, rng.integers(0, len(market.store_ids), size), store)
    stock = 100 * rng.integers(30, 400, size)
    short = chance(rng, 0.025, size)
    capacity = 100 * rng.integers(8, 80, size)
    slow, silent = chance(rng, 0.02, size), chance(rng, 0.015, size)
    returns = rng.integers(40, 620, size)
    many, unsaid = chance(rng, 0.03, size), chance(rng, 0.02, size)
    paper = pick(rng, (95.5, 2.5, 2.0), size)
    days = np.where(paper == 1, -rng.integers(1, 120, size), rng.integers(60, 700, size)).tolist()
    banned = np.array([good.category in BANNED_CATEGORIES for good in GOODS])[market.products.good[product]]
    sound = (market.brand_state[brand] == 0) & ~(stray | short | slow | silent | many | unsaid | banned) & (paper == 0)
    return Applications(
        product=product,
        brand=brand,
        store=store,
        pack=market.products.pack[product],
        stock=np.where(short, stock // 30, stock),
        daily_capacity=np.where(silent, -1, np.where(slow, capacity // 60, capacity)),
        promise_days=rng.integers(2, 6, size),
        return_bp=np.where(unsaid, -1, np.where(many, returns + 800, returns)),
        certificate=[
            None if code == 2 else (show + timedelta(days=ahead)).isoformat()
            for code, ahead in zip(paper.tolist(), days, strict=True)
        ],
        sound=sound & np.array([score is not None and float(score) >= 4.5 for score in market.stores["score"]])[store],
    )


def price(rng: np.random.Generator, web_fen: Floats, generosity: Floats) -> Prices:
    """Opening prices and floors against the web-lowest of each offer (for all its packs).

    Some open below the web-lowest, about half open above it with a floor below, the rest cannot get there.
    """
    size = len(web_fen)
    stratum = pick(rng, _STRATA_WEIGHTS, size)
    up, depth = rng.random(size), rng.random(size)
    target = np.choose(stratum, [0.94 + 0.05 * up, 1.01 + 0.13 * up, 1.12 + 0.2 * up]) * web_fen
    opening = np.where(stratum == PASSES, _ending(target), _ending(target) + _step(target))
    floor = np.choose(
        stratum,
        [
            opening * (0.95 - generosity * (0.4 + 0.6 * depth)),
            web_fen * (0.975 - 0.4 * generosity * depth),
            web_fen * 1.03,
        ],
    )
    # Nobody's reservation price lies above what they ask, nor below 72% of it.
    floor_low = (np.clip(floor, opening * 0.72, opening * 0.97) / 10).astype(np.int64) * 10
    floor_high = floor_low + ((opening * 0.985 - floor_low) * (0.25 + 0.45 * rng.random(size)) / 10).astype(np.int64) * 10
    unknown = chance(rng, 0.06, size)
    list_fen = shelf_price(opening * between(rng, 1.08, 1.45, size))
    raised = chance(rng, 0.05, size)
    own_lowest = np.where(raised, (opening + list_fen) // 2, list_fen)
    return Prices(
        stratum=stratum,
        opening_fen=opening,
        floor_low_fen=np.where(unknown, -1, floor_low),
        floor_high_fen=np.where(unknown, -1, floor_high),
        list_fen=np.where(chance(rng, 0.03, size), -1, list_fen),
        own_lowest_fen=own_lowest,
        own_usual_fen=shelf_price(list_fen * between(rng, 1.02, 1.1, size)) + 100,
    )


def _step(fen: Floats) -> Ints:
    return np.where(fen < 10000, 100, 1000).astype(np.int64)


def _ending(fen: Floats) -> Ints:
    """The nearest lower usual price: x.90 below 100 yuan, then tens plus 9."""
    step = _step(fen)
    last = np.where(step == 100, 90, 900)
    ended: Ints = np.maximum((fen.astype(np.int64) - last) // step * step + last, 890)
    return ended


def offer_table(
    rng: np.random.Generator, market: Market, offer_ids: list[str], applied: Applications, prices: Prices
) -> Columns:
    """The ``offers`` table of the week."""
    size = len(offer_ids)
    products, chosen = market.products, applied.product.tolist()
    goods = [GOODS[good] for good in products.good[applied.product].tolist()]
    gift = np.where(chance(rng, 0.3, size), rng.integers(0, len(_GIFTS), size), -1)
    on_set = [_ON_SET[slot] for slot in pick(rng, (45.0, 15.0, 15.0, 10.0, 15.0), size).tolist()]
    return {
        "offer_id": offer_ids,
        "brand_id": [market.brand_ids[brand] for brand in applied.brand.tolist()],
        "store_id": [market.store_ids[store] for store in applied.store.tolist()],
        "gtin": [products.gtin[index] for index in chosen],
        "title": [products.title(index, pack) for index, pack in zip(chosen, applied.pack.tolist(), strict=True)],
        "category": [good.category for good in goods],
        "spec_amount": texts(products.amount[applied.product]),
        "spec_unit": [good.unit for good in goods],
        "pack_count": texts(applied.pack),
        "list_price": yuan(prices.list_fen),
        "opening_price": yuan(prices.opening_fen),
        "floor_low": yuan(prices.floor_low_fen),
        "floor_high": yuan(prices.floor_high_fen),
        "gift_name": [_GIFTS[index] if index >= 0 else None for index in gift.tolist()],
        "gift_qty": texts(np.where(gift >= 0, 1 + gift % 2, -1)),
        "gift_value": yuan(np.where(gift >= 0, 900 + 500 * gift, -1)),
        "stock": texts(applied.stock),
        "daily_capacity": texts(applied.daily_capacity),
        "promise_days": texts(applied.promise_days),
        "return_rate": texts(applied.return_bp, decimals=4),
        "certificate_until": applied.certificate,
        "rep_from": [slot[0] for slot in on_set],
        "rep_to": [slot[1] for slot in on_set],
        "negotiator": [TEAMS[brand % len(TEAMS)] for brand in applied.brand.tolist()],
        "talk_hours": texts(np.where(chance(rng, 0.04, size), -1, 5 * rng.integers(1, 5, size)), decimals=1),
    }
