"""Landed price: what a viewer really pays for a quote, after promotions in step order and shipping.

Within a step every promotion is judged on the price at the start of the step, so their order does not
matter; of an exclusive group the largest deduction counts, and where a group spans several steps the step
that ends lowest. A price never falls below zero. A term that is unknown (an unconfirmed promotion that could
apply, shipping not stated) makes the landed price null; the lowest it could be is kept apart. That lowest is
found by pricing every way the unknown promotions may turn out, because a deduction that comes true early
can push the price below a later threshold and so make the quote dearer. The composition landed = display -
confirmed discounts + mandatory cost follows the open offer-comparison specification cited in
``seeds/facts.csv`` (landed_price).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["STEPS", "landed_prices"]

STEPS = ("1", "2", "3", "4")
_PRICES = ("public", "conditional")
_FLAGS = ("unknown_public", "unknown_any", "unbounded_public", "unbounded_any")
#: Quotes with more ways to turn out than two to this power are not priced: their terms count as unknown.
_MOST_BITS = 9


def landed_prices(engine: Engine, quotes: ir.Table, promotions: ir.Table) -> ir.Table:
    """Price every quote.

    Parameters
    ----------
    engine
        Keeps each step's prices: as one expression every step would hold the one before it twice.
    quotes
        Columns quote_id, display_price_fen, shipping_fen.
    promotions
        Validated ``promotions`` rows.

    Returns
    -------
    Table
        One row a quote: quote_id, landed_fen (public, null when a term is unknown), conditional_fen (best with
        membership and the like, never above the public price, null when a term is unknown), possible_fen and
        possible_conditional_fen (the lowest each could be whatever the unknown terms are; null when even that
        cannot be said).
    """
    import ibis

    terms = engine.cache("terms", _terms(promotions))
    ways = engine.cache("ways", _ways(quotes, terms))
    too_many = ways.open_terms + 2 * ways.open_choices > _MOST_BITS
    count = too_many.ifelse(1, _power_of_two(ways.open_terms + 2 * ways.open_choices))
    running = ways.select(
        "quote_id",
        "shipping_fen",
        "open_terms",
        way=ibis.range(0, count).unnest(),
        public=ways.display_price_fen,
        conditional=ways.display_price_fen,
        unknown_public=ways.shipping_fen.isnull() | too_many,
        unknown_any=ways.shipping_fen.isnull() | too_many,
        unbounded_public=too_many,
        unbounded_any=too_many,
    )
    running = engine.cache("step_0", running)
    for step in STEPS:
        running = engine.cache(f"step_{step}", _apply_step(running, terms, step))
    return _ended(running)


def _terms(promotions: ir.Table) -> ir.Table:
    """Promotions with what is known of them; unknown ones and groups over several steps are numbered by quote."""
    import ibis

    promotions = promotions.mutate(
        complete=((promotions.kind == "amount") & promotions.amount_fen.notnull())
        | ((promotions.kind == "rate") & promotions.rate.notnull()),
        for_all=promotions.audience == "public",
    )
    promotions = promotions.mutate(known=promotions.confirmed.fill_null(False) & promotions.complete)
    maybe = promotions.complete & ~promotions.known
    content = [
        "step",
        "kind",
        "threshold_fen",
        "amount_fen",
        "rate",
        "repeat",
        "cap_fen",
        "exclusive_group",
        "audience",
    ]
    by_quote = ibis.window(group_by="quote_id", order_by=content)
    open_terms = promotions.filter(maybe)
    open_terms = open_terms.mutate(bit=ibis.row_number().over(by_quote).cast("int64"))
    others = promotions.filter(~maybe).mutate(bit=ibis.null("int64"))
    grouped = promotions.filter(promotions.exclusive_group.notnull()).group_by("quote_id", "exclusive_group")
    spanning = grouped.aggregate(steps=lambda rows: rows.step.nunique())
    spanning = spanning.filter(spanning.steps > 1)
    spanning = spanning.select(
        "quote_id",
        "exclusive_group",
        choice=ibis.row_number().over(ibis.window(group_by="quote_id", order_by="exclusive_group")).cast("int64"),
    )
    return open_terms.union(others).left_join(spanning, ["quote_id", "exclusive_group"], rname="{name}_again")


def _ways(quotes: ir.Table, terms: ir.Table) -> ir.Table:
    """How many unknown promotions and open choices of a step each quote has."""
    counted = terms.group_by("quote_id").aggregate(open_terms=terms.bit.count(), open_choices=terms.choice.nunique())
    rows = quotes.select("quote_id", "display_price_fen", "shipping_fen")
    rows = rows.left_join(counted, "quote_id", rname="{name}_again").drop("quote_id_again")
    return rows.mutate(open_terms=rows.open_terms.fill_null(0), open_choices=rows.open_choices.fill_null(0))


def _apply_step(running: ir.Table, terms: ir.Table, step: str) -> ir.Table:
    import ibis

    state = running.select("quote_id", "way", "open_terms", *_PRICES)
    rows = terms.filter(terms.step == step).inner_join(state, "quote_id")
    rows = rows.mutate(alone=ibis.row_number())
    chosen_step = (rows.way // _power_of_two(rows.open_terms + 2 * rows.choice)) % 4
    possible = rows.choice.isnull() | (chosen_step == int(step) - 1)
    comes_true = ((rows.way // _power_of_two(rows.bit)) % 2 == 1).fill_null(False)
    real = possible & (rows.known | comes_true)
    usable = {name: possible & (rows[name] >= rows.threshold_fen.fill_null(0)) for name in _PRICES}
    counted = {"public": real & rows.for_all & usable["public"], "conditional": real & usable["conditional"]}
    either = usable["public"] | usable["conditional"]
    group = ibis.coalesce(ibis.literal("group ") + rows.exclusive_group, ibis.literal("alone ") + rows.alone.cast("string"))
    rows = rows.mutate(
        exclusive=group,
        **{f"off_{name}": counted[name].ifelse(_deduction(rows, rows[name]), 0) for name in _PRICES},
        unknown_public_here=rows.for_all & ~rows.known & usable["public"],
        unknown_any_here=~rows.known & either,
        unbounded_public_here=rows.for_all & ~rows.complete & usable["public"],
        unbounded_any_here=~rows.complete & either,
    )
    flags = [f"{name}_here" for name in _FLAGS]
    best = rows.group_by("quote_id", "way", "exclusive").aggregate(
        **{f"off_{name}": rows[f"off_{name}"].max() for name in _PRICES}, **{name: rows[name].any() for name in flags}
    )
    total = best.group_by("quote_id", "way").aggregate(
        **{f"off_{name}": best[f"off_{name}"].sum() for name in _PRICES}, **{name: best[name].any() for name in flags}
    )
    # By name: total descends from running, and a column of running would be found on either side.
    joined = running.left_join(total, ["quote_id", "way"], rname="{name}_again")
    return joined.select(
        "quote_id",
        "shipping_fen",
        "open_terms",
        "way",
        **{name: ibis.greatest(0, joined[name] - joined[f"off_{name}"].fill_null(0)).cast("int64") for name in _PRICES},
        **{name: joined[name] | joined[f"{name}_here"].fill_null(False) for name in _FLAGS},
    )


def _ended(running: ir.Table) -> ir.Table:
    """One row a quote: the best choice of steps, with the unknown terms void and over all ways they may turn out."""
    import ibis

    running = running.mutate(best=ibis.least(running.public, running.conditional))
    void = running.way % _power_of_two(running.open_terms) == 0
    found = running.group_by("quote_id", "shipping_fen").aggregate(
        landed=running.public.min(where=void),
        conditional=running.best.min(where=void),
        possible=running.public.min(),
        possible_conditional=running.best.min(),
        **{name: running[name].any() for name in _FLAGS},
    )
    paid = found.shipping_fen.fill_null(0)
    return found.select(
        "quote_id",
        landed_fen=(~found.unknown_public).ifelse(found.landed + paid, None),
        conditional_fen=(~found.unknown_any).ifelse(found.conditional + paid, None),
        possible_fen=(~found.unbounded_public).ifelse(found.possible + paid, None),
        possible_conditional_fen=(~found.unbounded_any).ifelse(found.possible_conditional + paid, None),
    )


def _power_of_two(exponent: ir.IntegerValue) -> ir.IntegerValue:
    import ibis

    # Not by shifting: the engines rank << differently beside %.
    return (ibis.literal(2.0) ** exponent).cast("int64")


def _deduction(rows: ir.Table, price: ir.IntegerColumn) -> ir.IntegerValue:
    """Fen one promotion takes off a price, cap included; a share is rounded half up to the fen."""
    import ibis

    threshold = rows.threshold_fen.fill_null(0)
    amount = rows.amount_fen.fill_null(0)
    repeats = rows["repeat"].fill_null(False) & (threshold > 0)
    # No more often than takes the whole price off: the product stays small.
    enough = price // ibis.greatest(amount, 1) + 1
    times = repeats.ifelse(ibis.least(price // ibis.greatest(threshold, 1), enough), 1)
    # In whole millionths, because 50 fen x 0.29 is 14.499999999999998 in floating point.
    millionths = (rows.rate.fill_null(0.0) * 1_000_000).round(0).cast("int64")
    by_rate = (price * millionths + 500_000) // 1_000_000
    plain = (rows.kind == "rate").ifelse(by_rate, amount * times)
    return ibis.least(plain, rows.cap_fen.fill_null(2**62)).cast("int64")
