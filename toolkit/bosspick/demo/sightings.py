"""Prices seen on the web in one week: drawn around each product's market price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bosspick.demo.promotions import PATTERNS, Promoted, draw_patterns, promote
from bosspick.demo.randomness import Floats, Ints, Mask, bell, between, chance, pick
from bosspick.demo.words import CHANNELS

__all__ = [
    "HISTORY_MINUTES",
    "WINDOW_MINUTES",
    "Sightings",
    "elsewhere",
    "lowest",
    "on_market",
    "own_shop",
    "shelf_price",
]

WINDOW_MINUTES = 72 * 60
HISTORY_MINUTES = 40 * 24 * 60

_UNCONFIRMED = PATTERNS.index("unconfirmed_coupon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """Seen prices. ``offer`` is -1 for products not on offer; ``channel`` is -1 in an offer's own shop.

    Money is in fen, with -1 for an unknown ``shipping_fen``; ``minutes`` count back from the end of capture;
    ``grade`` and ``condition`` index the table's choices.
    """

    product: Ints
    offer: Ints
    channel: Ints
    pack: Ints
    display_fen: Ints
    shipping_fen: Ints
    minutes: Ints
    grade: Ints
    condition: Ints
    in_stock: Mask
    promoted: Promoted

    @property
    def known(self) -> Mask:
        """Whether every term of the price is known."""
        terms: Mask = (self.promoted.price_fen >= 0) & (self.shipping_fen >= 0)
        return terms

    @property
    def eligible(self) -> Mask:
        """Whether it may rank: fresh, first hand, new, in stock, all terms known."""
        fresh: Mask = (self.minutes < WINDOW_MINUTES) & (self.grade <= 1) & (self.condition == 0) & self.in_stock
        return fresh & self.known


def shelf_price(fen: Floats | Ints) -> Ints:
    """The nearest lower price a shop would print: x.90 below 100 yuan, whole yuan from there."""
    whole = np.asarray(fen).astype(np.int64) // 100 * 100
    return np.where(whole < 10000, np.maximum(whole - 10, 490), whole).astype(np.int64)


def on_market(rng: np.random.Generator, product: Ints, pack: Ints, pack_fen: Ints, count: int) -> Sightings:
    """Other sellers' prices of the products on offer, spread evenly over offers and over channels."""
    offers = len(product)
    turn, offer = np.divmod(np.arange(count, dtype=np.int64), max(offers, 1))
    narrow = chance(rng, 0.05, offers)
    # Steps of 3 walk through all eight channels; a narrow product is sold on two only.
    channel = (rng.integers(0, len(CHANNELS), offers)[offer] + np.where(narrow[offer], turn % 2, turn * 3)) % len(CHANNELS)
    own_pack = pack[offer]
    packs = np.where(chance(rng, 0.12, count), np.where(own_pack > 1, 1, 2), own_pack)
    old, condition = chance(rng, 0.12, count), pick(rng, (98.0, 1.2, 0.8), count)
    in_stock = ~chance(rng, 0.04, count)
    pattern = draw_patterns(rng, count)
    shipping = np.array([0, 600, 800, 1000, -1])[pick(rng, (82.0, 6.0, 5.0, 4.0, 3.0), count)]
    # On most products a price with an unknown term is too high to matter; on a few it leaves the verdict open.
    murky = chance(rng, 0.08, offers)[offer]
    shipping = np.where(murky & (turn == 0), -1, shipping)
    unclear = (pattern == _UNCONFIRMED) | (shipping < 0)
    factor = np.array([place.level for place in CHANNELS])[channel] * (1.0 + np.clip(0.04 * bell(rng, count), -0.1, 0.14))
    factor = np.where(pattern > 0, factor * 1.05, factor)
    factor = np.where(unclear, factor * np.where(murky, 0.85, 1.6), factor)
    # Past events, sold-out bargains and used goods are cheaper, which is why they must not rank.
    factor = np.where(old | ~in_stock, factor * 0.93, np.where(condition > 0, factor * 0.72, factor))
    display = shelf_price(pack_fen[offer] * packs * factor)
    minutes = np.where(
        old, rng.integers(WINDOW_MINUTES + 60, HISTORY_MINUTES, count), rng.integers(1, WINDOW_MINUTES - 60, count)
    )
    if count:
        minutes[0] = 3  # the capture ends within the hour, so every room has the same as-of moment
    return Sightings(
        product=product[offer],
        offer=offer,
        channel=channel,
        pack=packs,
        display_fen=display,
        shipping_fen=np.where((shipping > 0) & (display >= 9900), 0, shipping),
        minutes=minutes,
        grade=pick(rng, (30.0, 63.0, 4.0, 3.0), count),
        condition=condition,
        in_stock=in_stock,
        promoted=promote(display, pattern),
    )


def own_shop(
    rng: np.random.Generator, product: Ints, pack: Ints, lowest_fen: Ints, usual_fen: Ints, per_offer: int
) -> Sightings:
    """Prices in the offers' own shops over the last days: one at ``lowest_fen``, the others at ``usual_fen``."""
    turn, offer = np.divmod(np.arange(len(product) * per_offer, dtype=np.int64), max(len(product), 1))
    count = len(offer)
    display = np.where(turn == 0, lowest_fen[offer], usual_fen[offer])
    span = 7 * 24 * 60 // max(per_offer, 1)
    first_days = turn * span
    unseen = chance(rng, 0.05, len(product))[offer]
    return Sightings(
        product=product[offer],
        offer=offer,
        channel=np.full(count, -1, dtype=np.int64),
        pack=pack[offer],
        display_fen=display,
        shipping_fen=np.zeros(count, dtype=np.int64),
        # An unseen shop's prices are all older than the reference window.
        minutes=first_days + rng.integers(60, span - 60, count) + np.where(unseen, 8 * 24 * 60, 0),
        grade=pick(rng, (70.0, 30.0), count),
        condition=np.zeros(count, dtype=np.int64),
        in_stock=np.ones(count, dtype=np.bool_),
        promoted=promote(display, np.zeros(count, dtype=np.int64)),
    )


def elsewhere(rng: np.random.Generator, products: Ints, packs: Ints, pack_fen: Ints, count: int) -> Sightings:
    """Prices of products nobody applied with this week."""
    chosen = rng.integers(0, len(products), count)
    display = shelf_price(pack_fen[chosen] * packs[chosen] * between(rng, 0.92, 1.12, count))
    return Sightings(
        product=products[chosen],
        offer=np.full(count, -1, dtype=np.int64),
        channel=rng.integers(0, len(CHANNELS), count),
        pack=packs[chosen],
        display_fen=display,
        shipping_fen=np.zeros(count, dtype=np.int64),
        minutes=rng.integers(1, HISTORY_MINUTES, count),
        grade=pick(rng, (20.0, 60.0, 10.0, 10.0), count),
        condition=np.zeros(count, dtype=np.int64),
        in_stock=np.ones(count, dtype=np.bool_),
        promoted=promote(display, draw_patterns(rng, count)),
    )


def lowest(seen: Sightings, offers: int) -> tuple[Floats, Mask]:
    """Per offer the lowest eligible price per pack in fen (inf where none), and whether evidence is broad and clear."""
    rows = seen.eligible
    price = np.full(offers, np.inf)
    landed = (seen.promoted.price_fen + seen.shipping_fen) / seen.pack
    np.minimum.at(price, seen.offer[rows], landed[rows])
    on = np.zeros((offers, len(CHANNELS)), dtype=np.bool_)
    on[seen.offer[rows], seen.channel[rows]] = True
    clear = on.sum(axis=1) >= 4
    clear[np.unique(seen.offer[~seen.known])] = False
    return price, clear
