"""Quotes whose price depends on how something turns out, priced way by way.

A way says which unknown promotions come true and in which step a group over several steps counts; a quote is priced for
every way and every number of pieces that its multi-buys ask for, step after step, and the ways are compared at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.screening.plain_terms import STEPS
from bosspick.screening.terms import COMPLETE, FOR_ALL, KNOWN, deduction, unknown_words

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["landed_by_ways"]

_PRICES = ("public", "conditional")
_FLAGS = ("unknown_public", "unknown_any", "unbounded_public", "unbounded_any")
#: Quotes with more ways to turn out than two to this power are not priced: their terms count as unknown.
_MOST_BITS = 9
#: Least common multiple of 1 to 10: the price of so many pieces is a whole number of fen for any multi-buy.
_PIECES = 2520


def landed_by_ways(engine: Engine, quotes: ir.Table, terms: ir.Table, multi_buy_max: int) -> ir.Table:
    """Price quotes whose terms may turn out in several ways: over all ways, steps of a group and pieces bought.

    Parameters
    ----------
    engine
        Keeps each step's prices.
    quotes
        Columns quote_id, display_price_fen and shipping_fen, each quote once.
    terms
        Their terms: quote_id and columns of :func:`bosspick.screening.terms.term_rows` but term.
    multi_buy_max
        Most pieces a viewer may have to buy for a price to count.

    Returns
    -------
    Table
        quote_id, ``LANDED_COLUMNS`` and unknown.
    """
    terms = engine.cache("open_terms", engine.built(_numbered, terms))
    ways = engine.cache("ways", engine.built(_ways, quotes, terms))
    running = engine.cache("step_0", engine.built(_started, ways, quotes, terms, multi_buy_max))
    for step in STEPS:
        running = engine.cache(f"step_{step}", engine.built(_apply_step, running, terms, step))
    return engine.built(_ended, running)


def _started(ways: ir.Table, quotes: ir.Table, terms: ir.Table, multi_buy_max: int) -> ir.Table:
    """One row a quote, a way its terms may turn out and a number of pieces, at the price shown."""
    import ibis

    too_many = ways.open_terms + 2 * ways.open_choices > _MOST_BITS
    count = too_many.ifelse(1, _power_of_two(ways.open_terms + 2 * ways.open_choices))
    running = ways.select(
        "quote_id", "display_price_fen", "shipping_fen", "open_terms", too_many=too_many,
        way=ibis.range(0, count).unnest(),
    )  # fmt: skip
    running = running.inner_join(_variants(quotes, terms, multi_buy_max), "quote_id", rname="{name}_again")
    return running.select(
        "quote_id", "shipping_fen", "open_terms", "way", "bought", "too_many",
        public=running.display_price_fen * running.bought,
        conditional=running.display_price_fen * running.bought,
        unconfirmed=ibis.literal(False),
        incomplete=ibis.literal(False),
        **dict.fromkeys(_FLAGS, running.too_many),
    )  # fmt: skip


def _numbered(terms: ir.Table) -> ir.Table:
    """Unknown terms and groups over several steps, numbered by quote."""
    import ibis

    maybe = terms.state.isin((COMPLETE, COMPLETE + FOR_ALL))
    content = [name for name in terms.columns if name != "quote_id"]
    open_terms = terms.filter(maybe)
    by_quote = ibis.window(group_by="quote_id", order_by=content)
    open_terms = open_terms.mutate(bit=ibis.row_number().over(by_quote).cast("int64"))
    others = terms.filter(~maybe).mutate(bit=ibis.null("int64"))
    grouped = terms.filter(terms.exclusive_group.notnull()).group_by("quote_id", "exclusive_group")
    spanning = grouped.aggregate(steps=lambda rows: rows.step.nunique())
    spanning = spanning.filter(spanning.steps > 1)
    spanning = spanning.select(
        "quote_id",
        "exclusive_group",
        choice=ibis.row_number().over(ibis.window(group_by="quote_id", order_by="exclusive_group")).cast("int64"),
    )
    joined = open_terms.union(others).left_join(spanning, ["quote_id", "exclusive_group"], rname="{name}_again")
    return joined.select(*open_terms.columns, "choice")


def _ways(quotes: ir.Table, terms: ir.Table) -> ir.Table:
    """How many unknown promotions and open choices of a step each quote has."""
    counted = terms.group_by("quote_id").aggregate(open_terms=terms.bit.count(), open_choices=terms.choice.nunique())
    rows = quotes.select("quote_id", "display_price_fen", "shipping_fen")
    rows = rows.left_join(counted, "quote_id", rname="{name}_again")
    return rows.select(
        "quote_id", "display_price_fen", "shipping_fen",
        open_terms=rows.open_terms.fill_null(0), open_choices=rows.open_choices.fill_null(0),
    )  # fmt: skip


def _variants(quotes: ir.Table, terms: ir.Table, most: int) -> ir.Table:
    """How many pieces may be bought: one, and what each multi-buy needs."""
    import ibis

    several = terms.filter((terms.pieces > 1) & (terms.pieces <= most)).select("quote_id", bought=lambda rows: rows.pieces)
    return quotes.select("quote_id", bought=ibis.literal(1, "int64")).union(several, distinct=True)


def _apply_step(running: ir.Table, terms: ir.Table, step: int) -> ir.Table:
    import ibis

    state = running.select("quote_id", "way", "bought", "open_terms", *_PRICES)
    rows = terms.filter(terms.step == step).inner_join(state, "quote_id", rname="{name}_again")
    chosen_step = (rows.way // _power_of_two(rows.open_terms + 2 * rows.choice)) % 4
    possible = (rows.choice.isnull() | (chosen_step == step - 1)) & (rows.bought >= rows.pieces)
    comes_true = ((rows.way // _power_of_two(rows.bit)) % 2 == 1).fill_null(False)
    for_all = rows.state % 2 == 1
    known, complete = rows.state >= COMPLETE + KNOWN, rows.state >= COMPLETE
    real = possible & (known | comes_true)
    usable = {name: possible & (rows[name] >= rows.threshold_fen) for name in _PRICES}
    counted = {"public": real & for_all & usable["public"], "conditional": real & usable["conditional"]}
    either = usable["public"] | usable["conditional"]
    rows = rows.mutate(
        **{f"off_{name}": counted[name].ifelse(deduction(rows, rows[name], rows.bought), 0) for name in _PRICES},
        unknown_public_here=for_all & ~known & usable["public"],
        unknown_any_here=~known & either,
        unbounded_public_here=for_all & ~complete & usable["public"],
        unbounded_any_here=~complete & either,
        unconfirmed_here=complete & ~known & either,
        incomplete_here=~complete & either,
    )
    here = [*_FLAGS, "unconfirmed", "incomplete"]
    flags = [f"{name}_here" for name in here]
    keys = ["quote_id", "way", "bought"]
    best = rows.group_by(*keys, "exclusive_group").aggregate(
        **{f"most_{name}": rows[f"off_{name}"].max() for name in _PRICES},
        **{f"all_{name}": rows[f"off_{name}"].sum() for name in _PRICES},
        **{name: rows[name].any() for name in flags},
    )
    alone = best.exclusive_group.isnull()
    total = best.group_by(*keys).aggregate(
        **{f"off_{name}": alone.ifelse(best[f"all_{name}"], best[f"most_{name}"]).sum() for name in _PRICES},
        **{name: best[name].any() for name in flags},
    )
    # By name: total descends from running, and a column of running would be found on either side.
    joined = running.left_join(total, keys, rname="{name}_again")
    return joined.select(
        "quote_id", "shipping_fen", "open_terms", "way", "bought", "too_many",
        **{name: ibis.greatest(0, joined[name] - joined[f"off_{name}"].fill_null(0)).cast("int64") for name in _PRICES},
        **{name: joined[name] | joined[f"{name}_here"].fill_null(False) for name in here},
    )  # fmt: skip


def _ended(running: ir.Table) -> ir.Table:
    """One row a quote: the best choice of steps and pieces, with the unknown terms void and over all ways they may go."""
    import ibis

    paid = running.shipping_fen.fill_null(0)
    each = ibis.literal(_PIECES, "int64") // running.bought
    # One number that sorts by the price a piece, then by the fewest pieces.
    ranked = {
        name: (price + paid) * each * 16 + running.bought
        for name, price in (("public", running.public), ("best", ibis.least(running.public, running.conditional)))
    }
    running = running.mutate(ranked_public=ranked["public"], ranked_best=ranked["best"])
    void = running.way % _power_of_two(running.open_terms) == 0
    found = running.group_by("quote_id").aggregate(
        landed=running.ranked_public.min(where=void),
        conditional=running.ranked_best.min(where=void),
        possible=running.ranked_public.min(),
        possible_conditional=running.ranked_best.min(),
        unconfirmed=running.unconfirmed.any(),
        incomplete=running.incomplete.any(),
        too_many=running.too_many.any(),
        no_shipping=running.shipping_fen.isnull().any(),
        **{name: running[name].any() for name in _FLAGS},
    )
    known = {
        "landed": ~(found.unknown_public | found.no_shipping),
        "conditional": ~(found.unknown_any | found.no_shipping),
        "possible": ~found.unbounded_public,
        "possible_conditional": ~found.unbounded_any,
    }
    return found.select(
        "quote_id",
        **{f"{name}_fen": sure.ifelse(_fen(found[name]), None) for name, sure in known.items()},
        **{f"{name}_pieces": sure.ifelse(found[name] % 16, None) for name, sure in known.items()},
        unknown=unknown_words(found.no_shipping, found.too_many, found.incomplete, found.unconfirmed),
    )


def _fen(ranked: ir.IntegerColumn) -> ir.IntegerValue:
    import ibis

    return (ranked // 16) // (ibis.literal(_PIECES, "int64") // (ranked % 16))


def _power_of_two(exponent: ir.IntegerValue) -> ir.IntegerValue:
    import ibis

    # Not by shifting: the engines rank << differently beside %.
    return (ibis.literal(2.0) ** exponent).cast("int64")
