"""The common cases priced by joins alone: one promotion a step, or several whose terms are all known.

A quote's terms are joined to it one step after the other; a price computed below a join is computed once, not
once for each use of it. What depends on how something turns out is priced in :mod:`bosspick.screening.ways`.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from bosspick.screening.terms import COMPLETE, FOR_ALL, KNOWN, LANDED_COLUMNS, deduction, unknown_words

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["SETS", "STEPS", "combined", "landed_grouped", "landed_mixed", "landed_plainly", "needed", "stepwise", "theirs"]

STEPS = (1, 2, 3, 4)
#: Columns that hold the numbers of a quote's terms, two steps in each: two numbers are gathered faster than four.
SETS = ("early", "late")
_PLACE_OF = {step: (SETS[(step - 1) // 2], 2 ** (31 * ((step - 1) % 2))) for step in STEPS}
_MOST_TERMS = 2**31
_MASK_OF = {step: (column, place * (_MOST_TERMS - 1)) for step, (column, place) in _PLACE_OF.items()}
_MARK = 2**62
#: States a term may be in.
_STATES = [FOR_ALL * a + KNOWN * k + COMPLETE * c for a in (0, 1) for k, c in ((0, 0), (0, 1), (1, 1))]
_UNKNOWN = [state for state in _STATES if not state & KNOWN]
_INCOMPLETE = [state for state in _STATES if not state & COMPLETE]
_COMPLETE = [state for state in _STATES if state & COMPLETE]
_KNOWN = [state for state in _STATES if state & KNOWN]
_PLAIN = FOR_ALL + KNOWN + COMPLETE
_OF_PLAIN = ("off_fen", "off_ppm", "threshold_fen", "per_fen", "cap_fen")
_OF_TERM = ("state", *_OF_PLAIN)


def _for_all(states: list[int]) -> list[int]:
    return [state for state in states if state & FOR_ALL]


def stepwise(rows: ir.Table, terms: ir.Table) -> ir.Table:
    """Each quote's terms by step, and how many of them are not plain.

    Parameters
    ----------
    rows
        quote_id and term.
    terms
        Result of :func:`bosspick.screening.terms.term_rows`.

    Returns
    -------
    Table
        One row a quote: quote_id, how many terms it has, and ``SETS``: where it has no two terms in a step, their numbers
        (0: none). A mark in the first says that one of them is not plain, in the second that one is a multi-buy.
        ``counts`` holds how many are not known, and above ``_MOST_TERMS`` how many are in an exclusive group.
    """
    shared, multi, plain = terms.exclusive_group.notnull(), terms.pieces > 1, terms.state == _PLAIN
    bits = {SETS[0]: plain.ifelse(0, _MARK).cast("int64"), SETS[1]: multi.ifelse(_MARK, 0).cast("int64")}
    for step, (column, place) in _PLACE_OF.items():
        bits[column] = bits[column] + (terms.step == step).ifelse(terms.term * place, 0)
    # Few aggregates, each of them full: their number is what gathering costs.
    counts = (terms.state % COMPLETE < KNOWN).cast("int64") + shared.cast("int64") * _MOST_TERMS
    each = rows.inner_join(terms.select("term", **bits, counts=counts), "term", rname="{name}_again")
    return each.group_by("quote_id").aggregate(
        terms=each.count(), **{name: each[name].bit_or() for name in SETS}, counts=each.counts.sum()
    )


def _term_of(rows: ir.Table, step: int) -> ir.IntegerValue:
    column, place = _PLACE_OF[step]
    return rows[column] // place % _MOST_TERMS


def needed(sets: ir.Table) -> ir.Table:
    """The quotes that are not plain, and what they need.

    Parameters
    ----------
    sets
        Result of :func:`stepwise`.

    Returns
    -------
    Table
        quote_id, ``SETS`` and needs: ``mixed`` (one promotion a step, some conditional or at most one unknown), ``grouped``
        (several in a step, all known) or ``ways`` (several unknown, a group over several steps, a multi-buy). Quotes
        with at most one promotion a step, all known and for everyone, are left out.
    """
    import ibis

    # Two terms of one step leave some number there, whichever: what counts is that there is one.
    steps = sum((((sets[column] & mask) > 0).cast("int64") for column, mask in _MASK_OF.values()), start=0 * sets.terms)
    found = sets.mutate(steps=steps)
    multi, odd = found[SETS[1]] >= _MARK, found[SETS[0]] >= _MARK
    several, spanning = found.terms > found.steps, (found.counts >= 2 * _MOST_TERMS) & (found.steps > 1)
    # Asked of every quote, so without words.
    found = found.filter(multi | several | odd | spanning)
    several, unknown = found.terms > found.steps, found.counts % _MOST_TERMS
    needs = ibis.cases(
        (found[SETS[1]] >= _MARK, "ways"),
        ((unknown > 1) | (several & (unknown > 0)), "ways"),
        ((found.counts >= 2 * _MOST_TERMS) & (found.steps > 1), "ways"),
        (several, "grouped"),
        else_="mixed",
    )
    return found.select("quote_id", *SETS, needs=needs)


def theirs(rows: ir.Table, needs: ir.Table, terms: ir.Table) -> ir.Table:
    """The terms of quotes that are priced by them: quote_id and columns of ``terms``; ``needs`` is :func:`needed`'s.

    A promotion that was delivered twice takes its part off once. It makes its quote one of several terms in a step, so that
    all such quotes are among these.
    """
    wanted = needs.filter(needs.needs != "mixed")
    found = rows.semi_join(wanted, "quote_id").distinct().inner_join(terms, "term", rname="{name}_again")
    return found.select("quote_id", *(name for name in terms.columns if name != "term"))


def combined(sets: ir.Table, terms: ir.Table) -> ir.Table:
    """The terms of every combination that occurs, side by side: ``SETS``, and of each step off_fen_1 and the like.

    A week has few combinations and many quotes: so a quote is joined once, not once for each step.
    """
    each = sets.select(*SETS).distinct()
    for step in STEPS:
        here = terms.select(**{f"{name}_{step}": terms[name] for name in ("term", *_OF_PLAIN)})
        joined = each.left_join(here, _term_of(each, step) == here[f"term_{step}"], rname="{name}_again")
        each = joined.select(*each.columns, *(f"{name}_{step}" for name in _OF_PLAIN))
    return each


def landed_plainly(quotes: ir.Table, combinations: ir.Table) -> ir.Table:
    """Price quotes with at most one promotion a step, all known and for everyone.

    Parameters
    ----------
    quotes
        Columns quote_id, display_price_fen, shipping_fen and ``SETS``; others are kept.
    combinations
        Result of :func:`combined`.

    Returns
    -------
    Table
        The quotes with their landed prices, as :func:`bosspick.screening.landed.landed_prices` describes.
    """
    joined = quotes.left_join(combinations, list(SETS), rname="{name}_again")
    rows = joined.select(
        *quotes.columns, *(name for name in combinations.columns if name not in SETS), void=joined.display_price_fen
    )
    for step in STEPS:
        term = {name: rows[f"{name}_{step}"] for name in _OF_PLAIN}
        rows = rows.mutate(void=_less(rows.void, SimpleNamespace(**term)))
    return _without_doubt(rows, quotes, rows.void, rows.void)


def _with_term(rows: ir.Table, terms: ir.Table, step: int) -> ir.Table:
    here = terms.select("term", *_OF_TERM)
    return rows.left_join(here, _term_of(rows, step) == here.term, rname="{name}_again")


def landed_grouped(engine: Engine, quotes: ir.Table, terms: ir.Table) -> ir.Table:
    """Price quotes with several promotions in a step, all known; ``terms`` as :func:`theirs` gives them.

    Each quote stands in one row; the engine keeps each step's prices, because two expressions of the next step read them.
    """
    import ibis

    names = ("void", "void_any")
    rows = quotes.mutate(void=quotes.display_price_fen, void_any=quotes.display_price_fen)
    for step in STEPS:
        here = terms.filter(terms.step == step).select("quote_id", "exclusive_group", *_OF_TERM)
        each = here.inner_join(rows.select("quote_id", *names), "quote_id", rname="{name}_again")
        applies = {"void": each.state == _PLAIN, "void_any": each.state.isin(_KNOWN)}
        each = each.mutate(
            **{f"off_{name}": (applies[name] & (each[name] >= each.threshold_fen)).ifelse(deduction(each, each[name]), 0)
               for name in names}
        )  # fmt: skip
        # Of an exclusive group the largest deduction counts, of the others all.
        best = each.group_by("quote_id", "exclusive_group").aggregate(
            **{f"most_{name}": each[f"off_{name}"].max() for name in names},
            **{f"all_{name}": each[f"off_{name}"].sum() for name in names},
        )
        alone = best.exclusive_group.isnull()
        total = best.group_by("quote_id").aggregate(
            **{f"off_{name}": alone.ifelse(best[f"all_{name}"], best[f"most_{name}"]).sum() for name in names}
        )
        joined = rows.left_join(total, "quote_id", rname="{name}_again")
        rows = joined.mutate(
            **{name: ibis.greatest(joined[name] - joined[f"off_{name}"].fill_null(0), 0).cast("int64") for name in names}
        ).select(*rows.columns)
        rows = engine.cache(f"grouped_{step}", rows)
    return _without_doubt(rows, quotes, rows.void, ibis.least(rows.void, rows.void_any))


def _without_doubt(rows: ir.Table, quotes: ir.Table, public: ir.IntegerValue, best: ir.IntegerValue) -> ir.Table:
    """Landed prices where only the shipping may be unknown."""
    import ibis

    paid = rows.shipping_fen.fill_null(0)
    fen = {"landed": public + rows.shipping_fen, "conditional": best + rows.shipping_fen,
           "possible": public + paid, "possible_conditional": best + paid}  # fmt: skip
    sure = rows.shipping_fen.notnull()
    one = ibis.literal(1, "int64")
    pieces = {name: one if name.startswith("possible") else sure.ifelse(one, None) for name in fen}
    columns = {f"{name}_fen": fen[name] for name in fen} | {f"{name}_pieces": pieces[name] for name in fen}
    return rows.select(
        *quotes.columns, **{name: columns[name] for name in LANDED_COLUMNS},
        unknown=sure.ifelse(None, ibis.literal("SHIPPING_UNKNOWN")),
    )  # fmt: skip


def landed_mixed(quotes: ir.Table, terms: ir.Table) -> ir.Table:
    """Price quotes with at most one promotion a step, some conditional, at most one unknown; see :func:`landed_plainly`.

    ``void`` takes the unknown term not to hold, ``true`` to hold; ``_any`` is the price of those who meet every
    condition.
    """
    import ibis

    price, no = quotes.display_price_fen, ibis.literal(False)
    rows = quotes.mutate(void=price, void_any=price, true=price, true_any=price,
                         unknown_public=no, unknown_any=no, incomplete_public=no, incomplete_any=no)  # fmt: skip
    for step in STEPS:
        joined = _with_term(rows, terms, step)
        state, threshold = joined.state, joined.threshold_fen
        public = joined.void >= threshold
        either = public | (joined.void_any >= threshold)
        flags = {
            "unknown_public": state.isin(_for_all(_UNKNOWN)) & public,
            "unknown_any": state.isin(_UNKNOWN) & either,
            "incomplete_public": state.isin(_for_all(_INCOMPLETE)) & public,
            "incomplete_any": state.isin(_INCOMPLETE) & either,
        }
        rows = joined.mutate(
            void=_less(joined.void, joined, [_PLAIN]),
            void_any=_less(joined.void_any, joined, _KNOWN),
            true=_less(joined.true, joined, _for_all(_COMPLETE)),
            true_any=_less(joined.true_any, joined, _COMPLETE),
            **{name: joined[name] | flag.fill_null(False) for name, flag in flags.items()},
        ).select(*rows.columns)
    paid, no_shipping = rows.shipping_fen.fill_null(0), rows.shipping_fen.isnull()
    best, possible_best = ibis.least(rows.void, rows.void_any), ibis.least(rows.true, rows.true_any)
    priced = {
        "landed": (no_shipping | rows.unknown_public, rows.void),
        "conditional": (no_shipping | rows.unknown_any, best),
        "possible": (rows.incomplete_public, ibis.least(rows.void, rows.true)),
        "possible_conditional": (rows.incomplete_any, ibis.least(best, possible_best)),
    }
    columns = {}
    for name, (unsure, fen) in priced.items():
        columns[f"{name}_fen"] = unsure.ifelse(None, fen + paid)
        columns[f"{name}_pieces"] = unsure.ifelse(None, ibis.literal(1, "int64"))
    return rows.select(
        *quotes.columns,
        **{name: columns[name] for name in LANDED_COLUMNS},
        unknown=unknown_words(no_shipping, no, rows.incomplete_any, rows.unknown_any),
    )


def _less(price: ir.IntegerValue, term: ir.Table | SimpleNamespace, states: list[int] | None = None) -> ir.IntegerValue:
    """A running price less the step's promotion, where it is in one of these states and its threshold is met."""
    import ibis

    counts = price >= term.threshold_fen
    if states is not None:
        counts = counts & term.state.isin(states)
    return counts.fill_null(False).ifelse(ibis.greatest(price - deduction(term, price), 0), price)
