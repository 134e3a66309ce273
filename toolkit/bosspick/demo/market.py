"""Who sells what in a demo room: brands, stores, authorisations and the pool of products."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bosspick.demo.randomness import Floats, Ints, bell, between, chance, order, pick, stream
from bosspick.demo.words import ADJECTIVES, BANNED_CATEGORIES, BRAND_PARTS, GOODS
from bosspick.demo.writing import Columns, ids, texts

__all__ = ["CLEAN_PAIRS", "Market", "Products", "gtins", "make_market", "stores_as_of"]

#: So many first brands and their own stores are beyond reproach; the traps lean on them.
CLEAN_PAIRS = 8

_BRAND_STATES = ("clean", "white_label", "trademark_missing", "unauthorised", "expired", "elsewhere")
_BRAND_WEIGHTS = (87.0, 3.0, 2.0, 3.0, 3.0, 2.0)
_STORE_STATES = ("clean", "low", "stale", "missing")
_STORE_WEIGHTS = (90.0, 5.0, 2.5, 2.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """The pool: one entry a product; prices are per pack in fen."""

    brand: Ints
    good: Ints
    amount: Ints
    pack: Ints
    base_fen: Ints
    gtin: list[str]
    stem: list[str]

    def title(self, product: int, packs: int) -> str:
        """What a listing of this product calls it."""
        return self.stem[product] + (f"×{packs}{GOODS[int(self.good[product])].measure}" if packs > 1 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Brands, stores and products of a room, with their tables."""

    brand_ids: list[str]
    brand_names: list[str]
    brand_state: Ints
    generosity: Floats
    appeal: Floats
    store_ids: list[str]
    store_names: list[str]
    second_store: Ints
    products: Products
    brands: Columns
    authorisations: Columns
    stores: Columns


def make_market(seed: int, offers: int, first_show: date) -> Market:
    """The market a room of this size needs; brand ``i`` owns store ``i``, the last stores sell many brands.

    Scores are as of the days before the first show; see :func:`stores_as_of` for later weeks.
    """
    brand_count = max(12, round(60 * math.sqrt(offers / 240)))
    shared = max(2, brand_count // 5)
    rng = stream(seed, 1)
    brand_names = _brand_names(rng, brand_count)
    brand_state = _states(rng, _BRAND_WEIGHTS, brand_count)
    second_store = np.where(chance(rng, 0.6, brand_count), brand_count + rng.integers(0, shared, brand_count), -1)
    own = ["旗舰店", "官方店", "品牌店"]
    store_names = [f"{name}{own[index % 3]}" for index, name in enumerate(brand_names)]
    store_names += [f"{name}专营店" for name in _brand_names(rng, shared)]
    brand_ids = ids("B", brand_count, digits=3)
    store_ids = ids("S", len(store_names), digits=3)
    return Market(
        brand_ids=brand_ids,
        brand_names=brand_names,
        brand_state=brand_state,
        generosity=between(rng, 0.04, 0.24, brand_count),
        appeal=1.0 + 0.12 * bell(rng, brand_count),
        store_ids=store_ids,
        store_names=store_names,
        second_store=second_store,
        products=_products(stream(seed, 2), max(24, offers + offers * 3 // 5), brand_names),
        brands=_brand_table(brand_ids, brand_names, brand_state),
        stores=_store_table(rng, store_ids, store_names, brand_count, first_show),
        authorisations=_authorisation_table(brand_ids, store_ids, brand_state, second_store, first_show),
    )


def _states(rng: np.random.Generator, weights: tuple[float, ...], size: int) -> Ints:
    """States in these shares behind the clean first ones; each flaw occurs where the room is large enough."""
    flawed = [max(1, round(size * weight / sum(weights))) for weight in weights[1:]]
    states = np.zeros(size, dtype=np.int64)
    places = CLEAN_PAIRS + order(rng, max(0, size - CLEAN_PAIRS))
    drawn = np.repeat(np.arange(1, len(weights)), flawed)[: len(places) // 2]
    states[places[: len(drawn)]] = drawn
    return states


def _brand_names(rng: np.random.Generator, count: int) -> list[str]:
    first, second, third = BRAND_PARTS
    combinations = len(first) * len(second) * len(third)
    names = []
    for number, code in enumerate(np.resize(order(rng, combinations), count).tolist()):
        name = first[code % len(first)] + second[code // len(first) % len(second)]
        again = number // combinations
        names.append(name + third[code // (len(first) * len(second))] + (str(again + 1) if again else ""))
    return names


def _brand_table(brand_ids: list[str], names: list[str], state: Ints) -> Columns:
    states = [_BRAND_STATES[code] for code in state.tolist()]
    return {
        "brand_id": brand_ids,
        "name": names,
        "trademark_no": [
            None if word == "trademark_missing" else f"SYN{number:07d}" for number, word in enumerate(states, start=1)
        ],
        "trademark_class": [str(3 + number % 30) for number in range(len(names))],
        "owner": [f"{name}（虚构）有限公司" for name in names],
        "white_label": ["yes" if word == "white_label" else "no" for word in states],
        "evidence": [f"evidence/brand-{brand}.pdf" for brand in brand_ids],
    }


def stores_as_of(stores: Columns, weeks_later: int) -> Columns:
    """The stores with their scores of so many weeks later: fresh ones renewed, stale ones still not."""
    later = timedelta(weeks=weeks_later)
    dates = [(date.fromisoformat(day) + later).isoformat() if day else None for day in stores["score_as_of"]]
    return stores | {"score_as_of": dates}


def _store_table(rng: np.random.Generator, store_ids: list[str], names: list[str], own: int, first_show: date) -> Columns:
    count = len(names)
    state = _states(rng, _STORE_WEIGHTS, count)
    score = np.where(state == 1, 410 + rng.integers(0, 40, count), 455 + rng.integers(0, 41, count))
    age = np.where(state == 2, 30, 1 + rng.integers(0, 5, count)).tolist()
    return {
        "store_id": store_ids,
        "name": names,
        "type": ["flagship"] * own + ["multi_brand"] * (count - own),
        "score": texts(np.where(state == 3, -1, score), decimals=2),
        "score_as_of": [(first_show - timedelta(days=days)).isoformat() for days in age],
    }


def _authorisation_table(
    brand_ids: list[str], store_ids: list[str], state: Ints, second_store: Ints, first_show: date
) -> Columns:
    rows: list[tuple[int, int, date]] = []
    for brand, code in enumerate(state.tolist()):
        word = _BRAND_STATES[code]
        until = first_show + timedelta(days=-20 if word == "expired" else 200 + brand % 300)
        if word == "unauthorised":
            continue
        rows.append((brand, (brand + 1) % len(brand_ids) if word == "elsewhere" else brand, until))
        if second_store[brand] >= 0 and word != "elsewhere":
            rows.append((brand, int(second_store[brand]), until))
    return {
        "brand_id": [brand_ids[brand] for brand, _, _ in rows],
        "store_id": [store_ids[store] for _, store, _ in rows],
        "valid_until": [until.isoformat() for _, _, until in rows],
        "evidence": [f"evidence/chain-{brand_ids[brand]}-{store_ids[store]}.pdf" for brand, store, _ in rows],
    }


def _products(rng: np.random.Generator, count: int, brand_names: list[str]) -> Products:
    banned = np.array([good.category in BANNED_CATEGORIES for good in GOODS])
    good = pick(rng, np.where(banned, 0.6, 1.0).tolist(), count)
    # Every brand has products before any has its share of the rest.
    brand = np.concatenate([np.arange(len(brand_names)), rng.integers(0, len(brand_names), count)])[:count]
    adjective = rng.integers(0, len(ADJECTIVES), count).tolist()
    choice = rng.random((3, count))
    amount = _choose([kind.amounts for kind in GOODS], good, choice[0])
    pack = _choose([kind.packs for kind in GOODS], good, choice[1])
    low = np.array([kind.low for kind in GOODS])[good]
    high = np.array([kind.high for kind in GOODS])[good]
    # The square leans towards the cheap end, as assortments do.
    base_fen = ((low + (high - low) * choice[2] * choice[2]) * 100).astype(np.int64)
    stem = [
        f"{brand_names[b]} {ADJECTIVES[a]}{GOODS[g].noun} {size}{GOODS[g].unit}"
        for b, a, g, size in zip(brand.tolist(), adjective, good.tolist(), amount.tolist(), strict=True)
    ]
    return Products(brand=brand, good=good, amount=amount, pack=pack, base_fen=base_fen, gtin=gtins(20, count), stem=stem)


def _choose(options: list[tuple[int, ...]], good: Ints, drawn: Floats) -> Ints:
    widest = max(len(values) for values in options)
    table = np.array([[*values, *[0] * (widest - len(values))] for values in options])
    size = np.array([len(values) for values in options])[good]
    chosen: Ints = table[good, (drawn * size).astype(np.int64)]
    return chosen


def gtins(prefix: int, count: int) -> list[str]:
    """Barcode numbers with a right check digit, in the range kept for use inside a shop: none is a real product's."""
    body = prefix * 10**10 + np.arange(1, count + 1, dtype=np.int64)
    total = np.zeros(count, dtype=np.int64)
    for place in range(12):
        total += body // 10**place % 10 * (3 if place % 2 == 0 else 1)
    return [str(number) for number in (body * 10 + (10 - total % 10) % 10).tolist()]
