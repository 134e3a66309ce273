"""From pairs of offers and quotes to one row an offer with everything its verdicts rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bosspick.screening.cells import OUTLIERS
from bosspick.screening.evidence import web_lowest
from bosspick.screening.pairing import base_amount
from bosspick.screening.reference import reference_facts
from bosspick.screening.weighing import Evidence, Judgement, weighed

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["judged", "own_shops"]

#: Most quote ids one cell of evidence names.
_NAMED = 20
#: How far back the own shop's prices are looked at: a year and the month before it.
_HISTORY_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Tables of the engine: one row an offer, one a pair, the pairs by offer, channel and reason, and ids of what bears."""

    wide: ir.Table
    pairs: ir.Table
    lows: ir.Table
    bearing: ir.Table | None = None

    def telling(self) -> ir.Table:
        """The pairs the verdicts rest on.

        Of each offer the lowest that ranks on each channel, the oldest that ranks, and for each reason the lowest that is
        set aside.
        """
        pairs, lows = self.pairs, self.lows
        ranking = lows.filter(lows.set_aside.isnull())
        low = ranking.select("offer_id", "channel", "low_fen")
        oldest = ranking.group_by("offer_id").aggregate(oldest=ranking.oldest_age_h.max())
        aside = lows.filter(lows.set_aside.notnull())
        aside = aside.group_by("offer_id", "set_aside").aggregate(least_fen=aside.least_fen.min())
        ranks = pairs.filter(pairs.set_aside.isnull())
        ranks = ranks.inner_join(low, ["offer_id", "channel"], rname="{name}_again")
        ranks = ranks.inner_join(oldest, "offer_id", rname="{name}_again")
        ranks = ranks.filter((ranks.ranking_fen == ranks.low_fen) | (ranks.age_h == ranks.oldest)).select(*pairs.columns)
        others = pairs.filter(pairs.set_aside.notnull()).inner_join(aside, ["offer_id", "set_aside"], rname="{name}_again")
        price = others.ranking_fen.coalesce(others.possible_fen)
        lowest = (price == others.least_fen) | (price.isnull() & others.least_fen.isnull())
        return ranks.union(others.filter(lowest.fill_null(False)).select(*pairs.columns))


def judged(
    engine: Engine, tables: dict[str, ir.Table], evidence: Evidence, how: Judgement, *, keep: bool, bearing: bool = False
) -> Judged:
    """Gather what the verdicts of every offer rest on.

    Parameters
    ----------
    engine
        Keeps what is read more than once.
    tables
        offers, stores, brands, authorisations.
    evidence
        The pairs of the week.
    how
        Policy and moments.
    keep
        Whether all judged pairs are kept, else those the verdicts may rest on.
    bearing
        As for :func:`bosspick.screening.weighing.weighed`.
    """
    import ibis

    screening = how.policy.screening
    shops = engine.cache("shops", own_shops(tables))
    found = weighed(engine, evidence, shops, how, keep=keep, bearing=bearing)
    lowest = engine.cache("lowest", web_lowest(found.lows, screening.required_channels))
    margin = int(screening.margin * 100)
    stores = tables["stores"].select(
        "store_id", "score", "score_as_of", store_name="name",
        score_age_days=ibis.literal(how.show_day).delta(tables["stores"].score_as_of.cast("date"), unit="day"),
    )  # fmt: skip
    brands = tables["brands"].select("brand_id", "trademark_no", "white_label", brand_name="name", trademark_owner="owner")
    papers = tables["authorisations"]
    allowed = papers.select("brand_id", "store_id", authorised_until=papers.valid_until.cast("date"),
                            authorisation=ibis.literal(True))  # fmt: skip
    offers = tables["offers"].mutate(certificate_until=tables["offers"].certificate_until.cast("date"))
    # Kept apart: together they would be one plan that reads the pairs several times inside itself.
    named = engine.cache("named", _named(found.pairs, lowest))
    own = engine.cache("own", _own_facts(engine, found.pairs, offers, shops, how))
    wide = offers
    for other, keys in (
        (lowest, ["offer_id"]),
        (named, ["offer_id"]),
        (own, ["offer_id"]),
        (stores, ["store_id"]),
        (brands, ["brand_id"]),
        (papers.group_by("brand_id").aggregate(brand_authorisations=papers.count()), ["brand_id"]),
        (allowed, ["brand_id", "store_id"]),
    ):
        kept = [name for name in other.columns if name not in keys]
        wide = wide.left_join(other, keys, rname="{name}_again").select(*wide.columns, *kept)
    # Terms still unknown bound the price that passes whatever they turn out to be.
    floor = ibis.least(wide.web_lowest_fen, wide.possible_lowest_fen.fill_null(2**62)) - margin
    covered = wide.has_required.fill_null(False) & (wide.channels_checked >= screening.min_channels)
    provable = covered & ~wide.possible_unbounded.fill_null(False)
    wide = wide.mutate(
        brand_authorisations=wide.brand_authorisations.fill_null(0),
        store_authorised=wide.authorisation.fill_null(False),
        channels_checked=wide.channels_checked.fill_null(0),
        has_required=wide.has_required.fill_null(False),
        possible_unbounded=wide.possible_unbounded.fill_null(False),
        passes_at_fen=(provable & (floor > 0)).ifelse(floor, None),
    )
    return Judged(wide=engine.cache("wide", wide), pairs=found.pairs, lows=found.lows, bearing=found.bearing)


def _named(pairs: ir.Table, lowest: ir.Table) -> ir.Table:
    """Ids the evidence names.

    The web-lowest's quote (the first of equals), and the first few of those set aside for unknown terms or as outliers
    that could undercut it.
    """
    import ibis

    rows = pairs.select("offer_id", "quote_id", "set_aside", "ranking_fen", "possible_fen")
    rows = rows.filter(rows.set_aside.isnull() | rows.set_aside.isin(("UNKNOWN_TERMS", *OUTLIERS)))
    rows = rows.left_join(lowest.select("offer_id", "web_lowest_fen"), "offer_id", rname="{name}_again")
    ranks = rows.set_aside.isnull()
    lower = rows.possible_fen.isnull() | rows.web_lowest_fen.isnull() | (rows.possible_fen <= rows.web_lowest_fen)
    rows = rows.mutate(
        kind=ibis.cases(
            (ranks & (rows.ranking_fen == rows.web_lowest_fen), "first"),
            (ranks | ~lower, None),
            (rows.set_aside == "UNKNOWN_TERMS", "unknown"),
            else_="outlying",
        )
    )
    rows = rows.filter(rows.kind.notnull())
    named = rows.group_by("offer_id").aggregate(
        web_lowest_quote=rows.quote_id.min(where=rows.kind == "first"),
        unknown=rows.quote_id.collect(where=rows.kind == "unknown"),
        outlying=rows.quote_id.collect(where=rows.kind == "outlying"),
    )
    return named.select(
        "offer_id", "web_lowest_quote",
        unknown_quotes=named.unknown.sort()[:_NAMED].join("|").nullif(""),
        outlying_quotes=named.outlying.sort()[:_NAMED].join("|").nullif(""),
    )  # fmt: skip


def own_shops(tables: dict[str, ir.Table]) -> ir.Table:
    """offer_id and store_name of the offers whose store is listed."""
    stores = tables["stores"].select("store_id", store_name="name")
    return tables["offers"].select("offer_id", "store_id").inner_join(stores, "store_id").select("offer_id", "store_name")


def _own_facts(engine: Engine, pairs: ir.Table, offers: ir.Table, shops: ir.Table, how: Judgement) -> ir.Table:
    """What the prices of the offer's own shop say of its list price, pack and claim."""
    own = pairs.inner_join(shops, "offer_id", rname="{name}_again")
    own = own.filter((own.shop == own.store_name) & (own.condition.fill_null("new") == "new"))
    # Which of two quotes an id stands for nobody can say: neither tells of the shop's prices.
    own = own.filter((own.age_h <= _HISTORY_DAYS * 24) & (own.set_aside.fill_null("") != "AMBIGUOUS_ID"))
    history = own.select(
        "offer_id", "quote_id", "seen_at", "display_fen", "packs", "same_spec",
        price_fen=own.same_spec.ifelse(own.landed_fen, own.sold_fen), amount=own.content,
    )  # fmt: skip
    known = offers.select(
        "offer_id", "list_price_fen", "opening_price_fen", "claim_days",
        amount=base_amount(offers), packs=offers.pack_count.fill_null(1),
    )  # fmt: skip
    rule = how.policy.reference_rule_in_force()
    return reference_facts(engine.cache("history", history), engine.cache("known", known), as_of=how.as_of, rule=rule)
