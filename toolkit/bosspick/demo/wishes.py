"""What viewers ask for in one week, and the marketing calendar."""

from __future__ import annotations

from datetime import date, timedelta

from bosspick.demo.market import Market
from bosspick.demo.randomness import order, stream
from bosspick.demo.words import BANNED_CATEGORIES, GOODS
from bosspick.demo.writing import Columns, ids, texts

__all__ = ["make_calendar", "make_wishes"]

_ASKS = ("想要{}的直播价", "{}求补货", "老板帮砍{}", "囤{}的时候到了", "{}或{}有好价吗")
_BY_BRAND = "想看{}家的{}"

#: First and last day within a year, event, subsidy in yuan.
_EVENTS = (
    ((1, 5), (1, 25), "年货季", 300_000),
    ((3, 1), (3, 8), "春日焕新", 200_000),
    ((5, 20), (6, 18), "年中狂欢", 600_000),
    ((8, 10), (8, 20), "开学季", 150_000),
    ((10, 30), (11, 11), "秋末大促", 800_000),
    ((12, 5), (12, 12), "年终答谢", 250_000),
)


def make_wishes(seed: int, market: Market, label: str, show: date) -> Columns:
    """25 to 35 topics with votes; some ask for one brand."""
    rng = stream(seed, 20, show.toordinal())
    size = int(rng.integers(25, 36))
    wanted = [index for index, good in enumerate(GOODS) if good.category not in BANNED_CATEGORIES]
    goods = [GOODS[wanted[index]] for index in order(rng, len(wanted))[:size].tolist()]
    others = [next(other for other in GOODS if other.category == good.category and other != good) for good in goods]
    asks = rng.integers(0, len(_ASKS), size).tolist()
    brands = rng.integers(0, len(market.brand_ids), size).tolist()
    named = (rng.random(size) < 0.15).tolist()
    # A few topics draw most of the votes.
    drawn = rng.random(size)
    return {
        "wish_id": ids(f"{label}-V", size, digits=2),
        "topic": [
            _BY_BRAND.format(market.brand_names[brand], good.noun) if by_brand else _ASKS[ask].format(good.noun, other.noun)
            for good, other, ask, brand, by_brand in zip(goods, others, asks, brands, named, strict=True)
        ],
        "votes": texts((80 + 2900 * drawn * drawn * drawn).astype("int64")),
        "brand_id": [market.brand_ids[brand] if by_brand else None for brand, by_brand in zip(brands, named, strict=True)],
        "category": [None if by_brand else good.category for good, by_brand in zip(goods, named, strict=True)],
        "keywords": [
            f"{good.noun}|{other.noun}" if "或" in _ASKS[ask] and not by_brand else good.noun
            for good, other, ask, by_brand in zip(goods, others, asks, named, strict=True)
        ],
    }


def make_calendar(first: date, last: date) -> Columns:
    """Events from the first show of the history to a month after the last week."""
    rows = []
    for year in range(first.year, last.year + 2):
        for start, end, event, budget in _EVENTS:
            begins, ends = date(year, *start), date(year, *end)
            if ends >= first and begins <= last + timedelta(days=31):
                rows.append((begins.isoformat(), ends.isoformat(), event, f"{budget}.00"))
    return {
        name: [row[place] for row in rows] for place, name in enumerate(("date_from", "date_to", "event", "subsidy_budget"))
    }
