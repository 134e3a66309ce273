"""Promotions as terms: what each takes off a price, and what is known of it.

A week has many promotions and few terms: a shop's "50 off every 300" stands beside each of its quotes. So terms are
numbered, read and checked once each, and a quote only carries their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["COMPLETE", "FOR_ALL", "KNOWN", "LANDED_COLUMNS", "MULTI_BUY", "UNKNOWN", "Promotions", "by_term", "deduction",
           "term_rows", "unknown_words"]  # fmt: skip

#: Kinds that count only when several pieces are bought.
MULTI_BUY = ("bundle_price", "nth_off")
#: What is known of a term, as summands of its state.
FOR_ALL, KNOWN, COMPLETE = 1, 2, 4
_NO_CAP = 2**62

#: Each price as the fen for so many pieces.
LANDED_COLUMNS = tuple(
    f"{name}_{part}" for name in ("landed", "conditional", "possible", "possible_conditional") for part in ("fen", "pieces")
)
#: Why a quote's price is not known.
UNKNOWN = {
    "SHIPPING_UNKNOWN": "shipping is not stated",
    "PROMOTION_UNCONFIRMED": "a promotion that could apply is not confirmed",
    "PROMOTION_INCOMPLETE": "a promotion does not say how much it takes off",
    "TOO_MANY_TERMS": "more unknown terms than can be gone through",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotions:
    """Promotions by their terms.

    Attributes
    ----------
    rows
        One row a promotion: quote_id and term.
    terms
        One row a term: its number from 1 on, and what the promotions that carry it say.
    """

    rows: ir.Table
    terms: ir.Table


def by_term(engine: Engine, promotions: ir.Table) -> Promotions:
    """Number the terms of promotions: rows that differ by their quote only carry the same one.

    Parameters
    ----------
    engine
        Keeps the numbers, which hold within one run only.
    promotions
        quote_id and whatever the terms are made of.
    """
    import ibis

    said = [name for name in promotions.columns if name != "quote_id"]
    terms = promotions.select(*said).distinct()
    terms = engine.cache("said", terms.mutate(term=ibis.row_number() + 1))
    same = [promotions[name].identical_to(terms[name]) for name in said]
    rows = promotions.inner_join(terms, same, rname="{name}_again").select("quote_id", "term")
    return Promotions(rows=engine.cache("carried", rows), terms=terms)


def term_rows(promotions: ir.Table) -> ir.Table:
    """Terms in the form the price is computed with.

    Parameters
    ----------
    promotions
        Columns of validated ``promotions`` rows but quote_id, and term.

    Returns
    -------
    Table
        term, step (1 to 4), exclusive_group, and of each: off_fen (yuan off in fen; of a bundle its price;
        of a deposit what it counts for beyond what is paid), off_ppm (share off in millionths), threshold_fen (0: none),
        per_fen (once for every so much; 0: once), cap_fen, pieces (1: no multi-buy), bundle (flag) and ``state``, a sum of
        ``FOR_ALL``, ``KNOWN`` (complete and confirmed) and ``COMPLETE`` (its terms say what it takes off).
    """
    import ibis

    kind = promotions.kind
    multi = kind.isin(MULTI_BUY)
    has_pieces = promotions.buy_qty.fill_null(0) >= 2
    complete = ibis.cases(
        (kind == "amount", promotions.amount_fen.notnull()),
        (kind == "rate", promotions.rate.notnull()),
        (kind == "bundle_price", promotions.amount_fen.notnull() & has_pieces),
        (kind == "nth_off", promotions.rate.notnull() & has_pieces),
        (kind == "deposit", promotions.amount_fen.notnull() & promotions.deposit_fen.notnull()),
        else_=False,
    )
    by_rate = kind.isin(("rate", "nth_off"))
    amount = promotions.amount_fen.fill_null(0)
    worth = (kind == "deposit").ifelse(ibis.greatest(amount - promotions.deposit_fen.fill_null(0), 0), amount)
    threshold = promotions.threshold_fen.fill_null(0)
    repeats = (kind == "amount") & promotions["repeat"].fill_null(False) & (threshold > 0)
    return promotions.select(
        "term",
        "exclusive_group",
        step=promotions.step.cast("int64"),
        off_fen=by_rate.ifelse(0, worth),
        # In whole millionths, because 50 fen x 0.29 is 14.499999999999998 in floating point.
        off_ppm=by_rate.ifelse((promotions.rate.fill_null(0.0) * 1_000_000).round(0).cast("int64"), 0),
        threshold_fen=threshold,
        per_fen=repeats.ifelse(threshold, 0),
        cap_fen=promotions.cap_fen.fill_null(_NO_CAP),
        pieces=(multi & has_pieces).ifelse(promotions.buy_qty, 1),
        bundle=kind == "bundle_price",
        state=(promotions.audience == "public").ifelse(FOR_ALL, 0)
        + (complete & promotions.confirmed.fill_null(False)).ifelse(KNOWN, 0)
        + complete.ifelse(COMPLETE, 0),
    )


def deduction(
    term: ir.Table | SimpleNamespace, price: ir.IntegerValue, bought: ir.IntegerValue | None = None
) -> ir.IntegerValue:
    """Fen a promotion takes off a price, cap included; a share is rounded half up to the fen.

    Parameters
    ----------
    term
        Table, or columns by name, that holds the columns of :func:`term_rows`.
    price
        Price of all pieces bought, in fen, at the start of the promotion's step.
    bought
        Pieces bought; None where no multi-buy can occur.
    """
    import ibis

    # No more often than takes the whole price off: the product stays small.
    enough = price // ibis.greatest(term.off_fen, 1) + 1
    times = (term.per_fen > 0).ifelse(ibis.least(price // ibis.greatest(term.per_fen, 1), enough), 1)
    plain = (term.off_ppm > 0).ifelse((price * term.off_ppm + 500_000) // 1_000_000, term.off_fen * times)
    if bought is not None:
        sets = bought // term.pieces
        by_bundle = ibis.greatest(price * sets * term.pieces // bought - sets * term.off_fen, 0)
        by_nth = (price * sets * term.off_ppm + 500_000 * bought) // (bought * 1_000_000)
        plain = ibis.cases((term.pieces == 1, plain), (term.bundle, by_bundle), else_=by_nth)
    return ibis.least(plain, term.cap_fen)


def unknown_words(
    no_shipping: ir.BooleanValue, too_many: ir.BooleanValue, incomplete: ir.BooleanValue, unconfirmed: ir.BooleanValue
) -> ir.StringValue:
    """Why a price is not known, as keys of ``UNKNOWN`` joined by a bar; null when it is."""
    import ibis

    terms = ibis.cases(
        (too_many, "TOO_MANY_TERMS"), (incomplete, "PROMOTION_INCOMPLETE"), (unconfirmed, "PROMOTION_UNCONFIRMED"), else_=None
    )
    both = ibis.literal("SHIPPING_UNKNOWN|") + terms
    return no_shipping.ifelse(ibis.coalesce(both, ibis.literal("SHIPPING_UNKNOWN")), terms)
