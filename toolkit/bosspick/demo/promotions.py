"""Promotions on seen prices: what they take off, and the rows that say so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bosspick.demo.randomness import Ints, Mask, pick
from bosspick.demo.writing import Columns, stack, texts, yuan

__all__ = ["PATTERNS", "Promoted", "draw_patterns", "promote"]

#: What a seen price may carry. About a third carry something.
PATTERNS = (
    "none",
    "item_markdown",
    "shop_coupon",
    "spend_to_save",
    "platform_coupons",
    "payment_discount",
    "markdown_and_payment",
    "member_price",
    "unconfirmed_coupon",
)
_WEIGHTS = (65.0, 7.0, 7.0, 5.0, 5.0, 4.0, 3.0, 3.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """Prices after public promotions, in fen (-1: a term is unknown), and the rows with their quotes' indices."""

    price_fen: Ints
    quote: Ints
    rows: Columns


def draw_patterns(rng: np.random.Generator, size: int) -> Ints:
    """Indices into :data:`PATTERNS`."""
    return pick(rng, _WEIGHTS, size)


def promote(display_fen: Ints, pattern: Ints) -> Promoted:
    """Apply each quote's pattern to its display price in step order.

    Amounts are whole yuan taken from the price itself, so equal inputs give equal rows.
    """
    running = display_fen.copy()
    parts: list[tuple[Ints, Columns]] = []

    def chosen(*names: str) -> Ints:
        return np.flatnonzero(np.isin(pattern, [PATTERNS.index(name) for name in names]))

    def take(index: Ints, off: Ints) -> None:
        running[index] = np.maximum(running[index] - off, 0)

    index = chosen("item_markdown", "markdown_and_payment")
    off = _share(running[index], 6)
    take(index, off)
    parts.append((index, _rows("1", amount=off)))

    index = chosen("member_price")
    parts.append((index, _rows("1", rate=np.full(len(index), 15), audience="conditional")))

    index = chosen("shop_coupon")
    off = _share(running[index], 8)
    take(index, off)
    parts.append((index, _rows("2", amount=off, threshold=_whole(running[index] * 9 // 10))))

    index = chosen("spend_to_save")
    threshold = np.maximum(_whole(running[index] * 45 // 100), 100)
    off, cap = _share(running[index], 4), _share(running[index], 10)
    take(index, np.minimum(running[index] // threshold * off, cap))
    parts.append((index, _rows("2", amount=off, threshold=threshold, cap=cap, repeat="yes")))

    index = chosen("platform_coupons")
    small, large = _share(running[index], 4), _share(running[index], 7)
    parts.append((index, _rows("3", amount=small, threshold=_whole(running[index] // 2), group="P")))
    parts.append((index, _rows("3", amount=large, threshold=_whole(running[index] * 8 // 10), group="P")))
    take(index, large)

    index = chosen("unconfirmed_coupon")
    parts.append((index, _rows("3", amount=_share(running[index], 9), confirmed="no")))

    index = chosen("payment_discount", "markdown_and_payment")
    cap = np.full(len(index), 2000, dtype=np.int64)
    take(index, np.minimum(running[index] * 5 // 100, cap))
    parts.append((index, _rows("4", rate=np.full(len(index), 5), cap=cap)))

    unknown: Mask = pattern == PATTERNS.index("unconfirmed_coupon")
    return Promoted(
        price_fen=np.where(unknown, -1, running),
        quote=np.concatenate([index for index, _ in parts]),
        rows=stack(*(rows for _, rows in parts)),
    )


def _whole(fen: Ints) -> Ints:
    return fen // 100 * 100


def _share(fen: Ints, percent: int) -> Ints:
    return np.maximum(_whole(fen * percent // 100), 100)


def _rows(
    step: str,
    *,
    amount: Ints | None = None,
    rate: Ints | None = None,
    threshold: Ints | None = None,
    cap: Ints | None = None,
    repeat: str = "no",
    group: str | None = None,
    audience: str = "public",
    confirmed: str = "yes",
) -> Columns:
    size = len(amount) if amount is not None else len(rate) if rate is not None else 0
    empty: list[str | None] = [None] * size
    return {
        "step": [step] * size,
        "kind": ["amount" if amount is not None else "rate"] * size,
        "threshold": yuan(threshold) if threshold is not None else empty,
        "amount": yuan(amount) if amount is not None else empty,
        "rate": texts(rate, decimals=2) if rate is not None else empty,
        "repeat": [repeat] * size,
        "cap": yuan(cap) if cap is not None else empty,
        "exclusive_group": [group] * size,
        "audience": [audience] * size,
        "confirmed": [confirmed] * size,
    }
