"""Promotions that contradict each other: the same one of a quote, in several exclusive groups or with several caps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.screening.sound import unknown_unless
from bosspick.screening.terms import Promotions

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["without_contradictions"]

#: What promotions that are otherwise the same must not say in two ways.
_IN_ONE_WAY = ("exclusive_group", "confirmed", "cap_fen", "repeat")


def without_contradictions(engine: Engine, promotions: Promotions) -> Promotions:
    """Make unknown what stands beside a quote in two ways, as :func:`bosspick.intake.references.contradictory_groups` does.

    Parameters
    ----------
    engine
        Keeps what is found.
    promotions
        By term, as :func:`bosspick.screening.sound.sound_promotions` leaves them.

    Returns
    -------
    Promotions
        Contradictory promotions carry terms of their own, below zero, that nothing is known of and that are not readable.
    """
    import ibis

    rows, terms = promotions.rows, promotions.terms
    said = [name for name in terms.columns if name not in (*_IN_ONE_WAY, "term", "readable")]
    each = terms.filter(terms.readable)
    # Texts that differ before they are read alone are no contradiction: such terms have one form.
    each = each.mutate(form=each.term.min().over(ibis.window(group_by=[*said, *_IN_ONE_WAY])))
    alike = ibis.window(group_by=said)
    each = each.select("term", "form", twin=each.form.min().over(alike), other=each.form.max().over(alike))
    twins = engine.cache("twins", each.filter(each.twin != each.other).drop("other"))
    if not _count(engine, twins):
        return promotions
    carried = rows.inner_join(twins, "term").select("quote_id", "term", "form", "twin").distinct()
    at_once = carried.group_by("quote_id", "twin").aggregate(one=carried.form.min(), other=carried.form.max())
    doubted = carried.semi_join(at_once.filter(at_once.one != at_once.other), ["quote_id", "twin"])
    doubted = engine.cache("doubted", doubted.select("quote_id", "term"))
    if not _count(engine, doubted):
        return promotions
    joined = rows.left_join(doubted, ["quote_id", "term"], rname="{name}_again")
    rows = joined.select("quote_id", term=joined.term_again.isnull().ifelse(joined.term, -joined.term))
    unknown = unknown_unless(terms.semi_join(doubted, "term"), ibis.literal(False))
    unknown = unknown.mutate(term=-unknown.term, readable=ibis.literal(False))
    return Promotions(rows=engine.cache("told_apart", rows), terms=terms.union(unknown.select(*terms.columns)))


def _count(engine: Engine, rows: ir.Table) -> int:
    return int(engine.run(rows.aggregate(rows=rows.count()))["rows"][0])
