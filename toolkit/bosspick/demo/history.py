"""Past airings of a demo room, drawn from a documented demand model.

Units of an item are ``views / 1000 × BASE × category × brand × slot × (minutes / 12)^MINUTES_EXPONENT ×
(opening / 10,000 fen)^PRICE_LEVEL × (viewer price / opening)^ELASTICITY × noise``, at most the stock. The noise is
log-normal with spread NOISE. BASE is set so that a show's ten items bring about 16 orders per 1,000 views.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import numpy as np

from bosspick.demo.market import Market
from bosspick.demo.randomness import Ints, bell, between, chance, order, stream
from bosspick.demo.words import BANNED_CATEGORIES, GOODS
from bosspick.demo.writing import Columns, texts, yuan

__all__ = ["CATEGORY_EFFECT", "ELASTICITY", "SLOT_MULTIPLIERS", "make_airings", "recent_brands", "show_day"]

ITEMS = 10
BASE = 1.02
ELASTICITY = -2.4
MINUTES_EXPONENT = 0.45
PRICE_LEVEL = -0.15
NOISE = 0.35
SLOT_MULTIPLIERS = (1.15, 1.25, 1.1, 1.0, 0.95, 0.95, 0.9, 0.95, 1.05, 1.2)
CATEGORY_EFFECT = {
    "美妆护肤": 1.25,
    "个护清洁": 1.1,
    "休闲零食": 1.2,
    "粮油调味": 1.1,
    "家居日用": 1.15,
    "家纺布艺": 0.8,
    "母婴用品": 0.95,
    "数码配件": 0.9,
    "厨房电器": 0.75,
    "运动户外": 0.8,
    "宠物用品": 0.9,
    "文具图书": 0.85,
}
#: Shows on these months' festivals draw several times the views of ordinary ones.
_FESTIVAL_MONTHS = (6, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Show:
    day: date
    products: Ints
    viewers: int


def show_day(monday: date) -> date:
    """Saturday of the week that starts on this Monday."""
    return monday + timedelta(days=5)


def make_airings(seed: int, market: Market, first_monday: date, shows: int) -> Columns:
    """The ``airings`` table: so many weekly shows before the first week, ten items each."""
    table: dict[str, list[str | None]] = {}
    rested: list[set[int]] = []
    for number in range(shows):
        monday = first_monday - timedelta(weeks=shows - number)
        rng = stream(seed, 10, monday.toordinal())
        products = _lineup(rng, market, set().union(*rested[-2:]))
        rested.append(set(market.products.brand[products].tolist()))
        day = show_day(monday)
        show = _Show(day=day, products=products, viewers=_viewers(rng, number, day))
        for name, cells in _air(rng, market, show).items():
            table.setdefault(name, []).extend(cells)
    return dict(table)


def recent_brands(airings: Columns, shows: int = 2) -> set[str | None]:
    """Brands on air in the last shows of the history."""
    last = sorted({session or "" for session in airings.get("session_id", [])})[-shows:]
    return {
        brand
        for brand, session in zip(airings.get("brand_id", []), airings.get("session_id", []), strict=True)
        if session in last
    }


def _lineup(rng: np.random.Generator, market: Market, resting: set[int]) -> Ints:
    """Ten products of ten proven brands that were not on air in the last two shows, as far as there are so many."""
    chosen: list[int] = []
    spare: list[int] = []
    used: set[int] = set()
    for product in order(rng, len(market.products.gtin)).tolist():
        brand = int(market.products.brand[product])
        category = GOODS[int(market.products.good[product])].category
        if brand in used or market.brand_state[brand] != 0 or category in BANNED_CATEGORIES:
            continue
        if brand in resting:
            spare.append(product)
            continue
        used.add(brand)
        chosen.append(product)
        if len(chosen) == ITEMS:
            break
    return np.array((chosen + spare)[:ITEMS], dtype=np.int64)


def _viewers(rng: np.random.Generator, number: int, day: date) -> int:
    """Views of a show in hundreds: 1.5 to 4 million, 4 to 13 million on a festival and at the first show."""
    big = number == 0 or day.month in _FESTIVAL_MONTHS
    low, high = (4_000_000, 13_000_000) if big else (1_500_000, 4_000_000)
    return int(rng.integers(low // 100, high // 100)) * 100


def _air(rng: np.random.Generator, market: Market, show: _Show) -> Columns:
    """Rows of one show."""
    size = len(show.products)
    brand = market.products.brand[show.products]
    minutes = rng.integers(8, 16, size)
    prices = _prices(rng, market, show)
    wanted = _wanted(rng, market, show, minutes, prices)
    scarce = chance(rng, 0.12, size)
    stock = np.where(scarce, 1, 4) * 100 * rng.integers(20, 125, size) * (3 if show.viewers >= 4_000_000 else 1)
    units = np.minimum(wanted, stock)
    begin = datetime(show.day.year, show.day.month, show.day.day, 20, tzinfo=timezone(timedelta(hours=8)))
    year, week, _ = show.day.isocalendar()
    return {
        "session_id": [f"{year}-W{week:02d}"] * size,
        "offer_id": [f"W{week:02d}-{place:03d}" for place in (1 + 7 * np.arange(size)).tolist()],
        "brand_id": [market.brand_ids[index] for index in brand.tolist()],
        "category": [GOODS[good].category for good in market.products.good[show.products].tolist()],
        "slot": texts(np.arange(1, size + 1)),
        "starts_at": [(begin + timedelta(minutes=m)).isoformat() for m in (np.cumsum(minutes) - minutes).tolist()],
        "minutes": texts(minutes),
        "viewers": [str(show.viewers)] * size,
        **{name: yuan(fen) for name, fen in prices.items()},
        "stock": texts(stock),
        "units": texts(units),
        "sold_out_after_s": texts(np.where(units == stock, 40 + rng.integers(0, 600, size), -1)),
        "returned_units": texts((units * between(rng, 0.004, 0.05, size)).astype(np.int64)),
        "complaints": texts((units * between(rng, 0.0, 0.0015, size)).astype(np.int64)),
        "breach": ["yes" if found else "no" for found in chance(rng, 0.02, size).tolist()],
    }


def _prices(rng: np.random.Generator, market: Market, show: _Show) -> dict[str, Ints]:
    """Prices in fen: a generous brand gives more, and what airs is below the web-lowest."""
    size, products = len(show.products), market.products
    web = products.base_fen[show.products] * products.pack[show.products] * between(rng, 0.94, 1.04, size)
    opening = np.maximum((web * between(rng, 0.97, 1.12, size)).astype(np.int64) // 100 * 100 - 10, 890)
    given = market.generosity[products.brand[show.products]] * between(rng, 0.35, 1.1, size)
    agreed = (np.minimum(opening * (1 - given), web * 0.99) / 10).astype(np.int64) * 10
    subsidy = np.where(chance(rng, 0.45, size), 500 * rng.integers(1, 5, size), 0)
    return {
        "opening_price": opening,
        "agreed_price": agreed,
        "viewer_price": agreed - np.minimum(subsidy, agreed // 5 // 100 * 100),
        "web_lowest": web.astype(np.int64),
    }


def _wanted(rng: np.random.Generator, market: Market, show: _Show, minutes: Ints, prices: dict[str, Ints]) -> Ints:
    """Units viewers want, by the model above; whole numbers, so that no last digit of a logarithm shows."""
    products = market.products
    steady = [CATEGORY_EFFECT[GOODS[good].category] for good in products.good[show.products].tolist()]
    appeal = market.appeal[products.brand[show.products]].tolist()
    errors = bell(rng, len(show.products)).tolist()
    wanted = []
    for slot, error in enumerate(errors):
        opening, viewer = int(prices["opening_price"][slot]), int(prices["viewer_price"][slot])
        units = show.viewers / 1000 * BASE * steady[slot] * appeal[slot] * SLOT_MULTIPLIERS[slot]
        units *= (int(minutes[slot]) / 12) ** MINUTES_EXPONENT * (opening / 10_000) ** PRICE_LEVEL
        units *= (viewer / opening) ** ELASTICITY * math.exp(NOISE * error)
        wanted.append(max(30, int(units)))
    return np.array(wanted, dtype=np.int64)
