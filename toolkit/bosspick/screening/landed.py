"""Landed price: what a viewer really pays for a quote, after promotions in step order and shipping.

Within a step every promotion is judged on the price at the start of the step, so their order does not
matter; of an exclusive group the largest deduction counts, and where a group spans several steps the step
that ends lowest. A multi-buy counts when its pieces are bought, and the price a piece is what ranks. A price never
falls below zero. A term that is unknown (an unconfirmed promotion that could apply, shipping not stated) makes
the landed price null; the lowest it could be is kept apart. That lowest is found by pricing every way the unknown
promotions may turn out, because a deduction that comes true early can push the price below a later threshold and
so make the quote dearer. The composition landed = display - confirmed discounts + mandatory cost follows the open
offer-comparison specification cited in ``seeds/facts.csv`` (landed_price).

Most quotes carry at most one promotion a step, or several that are known; :mod:`.plain_terms` prices those. What
depends on how something turns out is priced by :mod:`.ways`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.screening.plain_terms import (
    SETS,
    combined,
    landed_grouped,
    landed_mixed,
    landed_plainly,
    needed,
    stepwise,
    theirs,
)
from bosspick.screening.terms import LANDED_COLUMNS, Promotions, by_term, term_rows
from bosspick.screening.ways import landed_by_ways

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["landed_by_terms", "landed_prices"]


def landed_prices(engine: Engine, quotes: ir.Table, promotions: ir.Table, *, multi_buy_max: int = 3) -> ir.Table:
    """Price every quote by validated ``promotions`` rows; see :func:`landed_by_terms`."""
    return landed_by_terms(engine, quotes, by_term(engine, promotions), multi_buy_max=multi_buy_max)


def landed_by_terms(
    engine: Engine, quotes: ir.Table, promotions: Promotions, *, multi_buy_max: int = 3, prices: ir.Table | None = None
) -> ir.Table:
    """Price every quote.

    Parameters
    ----------
    engine
        Keeps each step's prices: as one expression every step would hold the one before it twice.
    quotes
        Columns quote_id, display_price_fen, shipping_fen, and others that are kept; rows of one id have one price.
    promotions
        What the quotes carry; the terms hold columns of validated ``promotions`` rows.
    multi_buy_max
        Most pieces a viewer may have to buy for a price to count, 1 to 10.
    prices
        quote_id, display_price_fen and shipping_fen of at least these quotes, each once, where they are read sooner than from
        ``quotes``.

    Returns
    -------
    Table
        The rows of ``quotes`` with ``LANDED_COLUMNS``: landed (public, null when a term is unknown), conditional
        (best with membership and the like, never above the public price, null when a term is unknown), possible
        and possible_conditional (the lowest each could be whatever the unknown terms are; null when even that
        cannot be said), each as fen for so many pieces; and ``unknown``, keys of ``UNKNOWN`` joined by a bar.
    """
    terms = engine.cache("terms", engine.built(term_rows, promotions.terms))
    sets = engine.cache("sets", engine.built(stepwise, promotions.rows, terms))
    plain = engine.built(_plainly, quotes, sets, engine.cache("combinations", engine.built(combined, sets, terms)))
    needs = engine.cache("needs", engine.built(needed, sets))
    found = set(engine.run(needs.select("needs").distinct())["needs"])
    if not found:
        return plain
    own = engine.cache("theirs", engine.built(theirs, promotions.rows, needs, terms)) if found - {"mixed"} else None
    if prices is None:
        prices = quotes.select("quote_id", "display_price_fen", "shipping_fen").distinct()
    special = _landed_specially(engine, prices, needs, own, terms, found, multi_buy_max)
    return engine.built(_chosen, quotes, plain, special)


def _plainly(quotes: ir.Table, sets: ir.Table, combinations: ir.Table) -> ir.Table:
    rows = quotes.left_join(sets.select("quote_id", *SETS), "quote_id", rname="{name}_again").select(*quotes.columns, *SETS)
    return landed_plainly(rows, combinations).drop(*SETS)


def _chosen(quotes: ir.Table, plain: ir.Table, special: ir.Table) -> ir.Table:
    joined = plain.left_join(special, plain.quote_id == special.special_id, rname="{name}_special")
    is_special = joined.special_id.notnull()
    chosen = {name: is_special.ifelse(joined[f"{name}_special"], joined[name]) for name in (*LANDED_COLUMNS, "unknown")}
    return joined.select(*quotes.columns, **chosen)


def _landed_specially(
    engine: Engine,
    prices: ir.Table,
    needs: ir.Table,
    own: ir.Table | None,
    terms: ir.Table,
    found: set[str],
    multi_buy_max: int,
) -> ir.Table:
    """Prices of the quotes that are not plain, each once, by special_id."""
    import ibis

    rows = prices.inner_join(needs, "quote_id", rname="{name}_again").select(*prices.columns, "needs", *SETS)
    rows = engine.cache("rows", rows)

    def of(kind: str) -> ir.Table:
        return rows.filter(rows.needs == kind).drop("needs")

    columns = ("quote_id", *LANDED_COLUMNS, "unknown")
    parts = []
    if "mixed" in found:
        parts.append(engine.built(landed_mixed, of("mixed"), terms))
    if own is not None and "grouped" in found:
        parts.append(landed_grouped(engine, of("grouped"), own))
    if own is not None and "ways" in found:
        wanted = of("ways")
        open_terms = engine.cache("ways_terms", own.semi_join(wanted, "quote_id"))
        parts.append(landed_by_ways(engine, wanted, open_terms, multi_buy_max))
    parts = [part.select(*columns) for part in parts]
    special = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return engine.cache("special", special.rename(special_id="quote_id"))
