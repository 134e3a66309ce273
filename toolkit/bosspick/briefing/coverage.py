"""What the ten cover: categories, brands, wishes, and the prices from the lowest to the highest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from bosspick.briefing.items import Item
from bosspick.demand import wish_topics
from bosspick.frames import records

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["Coverage", "Step", "Wish", "coverage_of"]

#: Wishes that are listed, the most wanted first.
_WISHES_SHOWN = 12
#: Share of the full width that the lowest price gets.
_LEAST_WIDTH = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A topic viewers asked for, its votes, and the items of the ten that meet it."""

    topic: str
    votes: int
    met_by: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One item on the price ladder; ``width`` is its share of the widest bar, on a logarithmic scale."""

    item: Item
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the ten cover together.

    Attributes
    ----------
    categories
        Category and its items, the fullest first.
    brands
        How many brands there are.
    repeated
        Brands with more than one item.
    ladder
        The items from the lowest price on air to the highest.
    wishes
        The most wanted topics.
    topics, topics_met, votes, votes_met
        All topics and all votes, and how many of them an item meets.
    topics_airable
        Topics an offer that may air could meet: those the rule on wishes counts.
    """

    categories: tuple[tuple[str, tuple[Item, ...]], ...]
    brands: int
    repeated: tuple[str, ...]
    ladder: tuple[Step, ...]
    wishes: tuple[Wish, ...]
    topics: int
    topics_met: int
    topics_airable: int
    votes: int
    votes_met: int


def coverage_of(stage: Stage, items: list[Item]) -> Coverage:
    """Count what the planned items cover."""
    by_category: dict[str, list[Item]] = {}
    for item in items:
        by_category.setdefault(item.category, []).append(item)
    brands = Counter(item.brand for item in items)
    topics = wish_topics(stage.week.table("wishes"), stage.week.table("offers"))
    airable = set(map(str, stage.plan.options["offer_id"]))
    wishes = [
        Wish(topic=str(row["topic"]), votes=int(row["votes"]),
             met_by=tuple(item for item in items if item.offer_id in row["offer_ids"]))
        for row in records(topics)
    ]  # fmt: skip
    wishes.sort(key=lambda wish: (-wish.votes, wish.topic))
    return Coverage(
        categories=tuple(
            sorted(((name, tuple(own)) for name, own in by_category.items()), key=lambda row: (-len(row[1]), row[0]))
        ),
        brands=len(brands),
        repeated=tuple(sorted(brand for brand, number in brands.items() if number > 1)),
        ladder=_ladder(items),
        wishes=tuple(wishes[:_WISHES_SHOWN]),
        topics=len(wishes),
        topics_met=sum(bool(wish.met_by) for wish in wishes),
        topics_airable=sum(not airable.isdisjoint(row["offer_ids"]) for row in records(topics)),
        votes=sum(wish.votes for wish in wishes),
        votes_met=sum(wish.votes for wish in wishes if wish.met_by),
    )


def _ladder(items: list[Item]) -> tuple[Step, ...]:
    """Prices lie orders of magnitude apart: equal steps on the ladder are equal ratios."""
    ordered = sorted(items, key=lambda item: (item.viewer_fen, item.slot))
    low, high = log(max(ordered[0].viewer_fen, 1)), log(max(ordered[-1].viewer_fen, 1))
    spread = max(high - low, 1e-9)
    return tuple(
        Step(item=item, width=_LEAST_WIDTH + (1 - _LEAST_WIDTH) * (log(max(item.viewer_fen, 1)) - low) / spread)
        for item in ordered
    )
