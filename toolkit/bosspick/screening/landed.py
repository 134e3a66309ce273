"""Landed price: what a viewer really pays for a quote, after promotions in step order and shipping.

Within a step every promotion is judged on the price at the start of the step, so their order does not
matter; of an exclusive group the largest deduction counts. A price never falls below zero. A term that is
unknown (an unconfirmed promotion that could apply, shipping not stated) makes the landed price null; the
lowest it could be is kept apart. The composition landed = display - confirmed discounts + mandatory cost
follows the open offer-comparison specification cited in ``seeds/facts.csv`` (landed_price).
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["STEPS", "landed_prices"]

STEPS = ("1", "2", "3", "4")
_PRICES = ("public", "conditional", "lowest")


def landed_prices(quotes: ir.Table, promotions: ir.Table) -> ir.Table:
    """Price every quote.

    Parameters
    ----------
    quotes
        Columns quote_id, display_price_fen, shipping_fen.
    promotions
        Validated ``promotions`` rows.

    Returns
    -------
    Table
        One row a quote: quote_id, landed_fen (public, null when a term is unknown), conditional_fen (best with
        membership and the like, null when a term is unknown), possible_fen (the lowest public price the unknown
        terms allow; null when even that cannot be said), unknown_terms (flag).
    """
    promotions = promotions.mutate(
        complete=((promotions.kind == "amount") & promotions.amount_fen.notnull())
        | ((promotions.kind == "rate") & promotions.rate.notnull()),
        known=promotions.confirmed.fill_null(False),
        for_all=promotions.audience == "public",
    )
    running = quotes.select(
        "quote_id",
        "shipping_fen",
        **{name: quotes.display_price_fen for name in _PRICES},
        unknown_public=quotes.shipping_fen.isnull(),
        unknown_any=quotes.shipping_fen.isnull(),
        unbounded=quotes.display_price_fen < 0,
    )
    running = reduce(lambda table, step: _apply_step(table, promotions, step), STEPS, running)
    shipping = running.shipping_fen
    return running.select(
        "quote_id",
        landed_fen=(~running.unknown_public).ifelse(running.public + shipping, None),
        conditional_fen=(~running.unknown_any).ifelse(running.conditional + shipping, None),
        possible_fen=(~running.unbounded).ifelse(running.lowest + shipping.fill_null(0), None),
        unknown_terms=running.unknown_public,
    )


def _apply_step(running: ir.Table, promotions: ir.Table, step: str) -> ir.Table:
    import ibis

    rows = promotions.filter(promotions.step == step)
    rows = rows.inner_join(running.select("quote_id", *_PRICES), "quote_id").mutate(alone=ibis.row_number())
    usable = {name: rows[name] >= rows.threshold_fen.fill_null(0) for name in _PRICES}
    known = rows.known & rows.complete
    counted = {
        "public": rows.for_all & known & usable["public"],
        "conditional": known & usable["conditional"],
        "lowest": rows.for_all & rows.complete & usable["lowest"],
    }
    group = ibis.coalesce(rows.exclusive_group, ibis.literal("alone ") + rows.alone.cast("string"))
    rows = rows.mutate(
        exclusive=group,
        **{f"off_{name}": counted[name].ifelse(_deduction(rows, rows[name]), 0) for name in _PRICES},
        unknown_public_here=rows.for_all & ~known & usable["lowest"],
        unknown_any_here=~known & usable["lowest"],
        unbounded_here=rows.for_all & ~rows.complete & usable["lowest"],
    )
    best = rows.group_by("quote_id", "exclusive").aggregate(
        **{f"off_{name}": rows[f"off_{name}"].max() for name in _PRICES},
        **{name: rows[name].max() for name in ("unknown_public_here", "unknown_any_here", "unbounded_here")},
    )
    total = best.group_by("quote_id").aggregate(
        **{f"off_{name}": best[f"off_{name}"].sum() for name in _PRICES},
        **{name: best[name].max() for name in ("unknown_public_here", "unknown_any_here", "unbounded_here")},
    )
    joined = running.left_join(total, "quote_id")
    return joined.select(
        quote_id=running.quote_id,
        shipping_fen=running.shipping_fen,
        **{
            name: ibis.greatest(0, running[name] - total[f"off_{name}"].fill_null(0)).cast("int64") for name in _PRICES
        },
        **{
            name: running[name] | total[f"{name}_here"].fill_null(False)
            for name in ("unknown_public", "unknown_any", "unbounded")
        },
    )


def _deduction(rows: ir.Table, price: ir.IntegerColumn) -> ir.IntegerValue:
    """Fen one promotion takes off a price, cap included."""
    import ibis

    threshold = rows.threshold_fen
    repeats = rows["repeat"].fill_null(False) & (threshold.fill_null(0) > 0)
    times = repeats.ifelse(price // ibis.greatest(threshold.fill_null(1), 1), 1)
    by_amount = rows.amount_fen.fill_null(0) * times
    by_rate = (price * rows.rate.fill_null(0.0)).round(0).cast("int64")
    plain = (rows.kind == "rate").ifelse(by_rate, by_amount)
    return ibis.least(plain, rows.cap_fen.fill_null(2**62)).cast("int64")
