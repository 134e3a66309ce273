"""Evidence: which quotes speak about which offer, which of them may rank, and why the others may not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bosspick.policy import ScreeningPolicy
from bosspick.tables import UNITS

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["SET_ASIDE", "compare", "lowest"]

#: Why a quote does not rank, in the order in which the reasons are named.
SET_ASIDE = {
    "AFTER_AS_OF": "seen after the moment of judgement",
    "TOO_OLD": "older than the window",
    "GRADE_LOW": "evidence grade too low",
    "NOT_NEW": "not new, or condition not stated",
    "OUT_OF_STOCK": "cannot be bought, or not stated",
    "PACKS_UNKNOWN": "pack count not stated beside a multipack",
    "OTHER_SPEC": "another spec",
    "UNKNOWN_TERMS": "shipping or a promotion is unknown",
}


def compare(offers: ir.Table, quotes: ir.Table, landed: ir.Table, policy: ScreeningPolicy, as_of: datetime) -> ir.Table:
    """Pair offers with the quotes of the same product, and say of each pair whether it may rank.

    A quote is the same product when its GTIN is the offer's (leading zeros aside: a UPC is a GTIN too), or, where
    either has none, when the titles are equal but for case and blanks. Prices are brought to the offer's pack
    count by unit price; another spec ranks only in categories the policy allows.

    Parameters
    ----------
    offers, quotes
        Validated tables.
    landed
        Result of :func:`bosspick.screening.landed.landed_prices`.
    policy
        Window, grade and spec thresholds.
    as_of
        The moment of judgement.

    Returns
    -------
    Table
        offer_id, quote_id, channel, shop, grade, condition, seen_at, age_h, display_fen, landed_fen, conditional_fen,
        possible_fen (all in the offer's packs), set_aside (null when the quote may rank), same_spec (flag).
    """
    import ibis

    product = _pairs(offers, quotes)
    offer = offers.select(
        "offer_id", "category", offer_amount=_base_amount(offers), offer_base=_base_unit(offers),
        offer_packs=offers.pack_count,
    )  # fmt: skip
    quote = quotes.mutate(quote_amount=_base_amount(quotes), quote_base=_base_unit(quotes), quote_packs=quotes.pack_count)
    rows = product.inner_join(offer, "offer_id").inner_join(quote, "quote_id").inner_join(landed, "quote_id")
    one_sided = rows.offer_packs.isnull() != rows.quote_packs.isnull()
    rows = rows.mutate(
        packs_unknown=one_sided & (ibis.coalesce(rows.offer_packs, rows.quote_packs) > 1),
        offer_packs=rows.offer_packs.fill_null(1),
        quote_packs=rows.quote_packs.fill_null(1),
    )
    no_spec = rows.offer_amount.isnull() | rows.quote_amount.isnull()
    like_unit = no_spec | (rows.offer_base == rows.quote_base)
    same_spec = no_spec | (like_unit & ((rows.offer_amount - rows.quote_amount).abs() < 1e-9))
    scalable = like_unit & rows.category.isin([*policy.scale_spec_categories, ""])
    content = (rows.offer_amount * rows.offer_packs) / (rows.quote_amount * rows.quote_packs)

    def scaled(price: ir.IntegerColumn) -> ir.IntegerValue:
        # Rounded down: where unit prices do not divide evenly the web is taken at its lowest.
        by_packs = (price * rows.offer_packs) // rows.quote_packs
        return same_spec.ifelse(by_packs, (price * content + 1e-6).floor().cast("int64"))

    age_h = (ibis.literal(int(as_of.timestamp())) - rows.seen_at.epoch_seconds()) / 3600.0
    grades = "ABCD"[: "ABCD".index(policy.min_grade) + 1]
    set_aside = ibis.cases(
        (age_h < 0, "AFTER_AS_OF"),
        (age_h > policy.window_hours, "TOO_OLD"),
        (~rows.grade.isin(list(grades)), "GRADE_LOW"),
        (rows.condition.fill_null("") != "new", "NOT_NEW"),
        (~rows.in_stock.fill_null(False), "OUT_OF_STOCK"),
        (rows.packs_unknown, "PACKS_UNKNOWN"),
        (~(same_spec | scalable), "OTHER_SPEC"),
        (_ranking_price(rows, policy).isnull(), "UNKNOWN_TERMS"),
        else_=None,
    )
    return rows.select(
        "offer_id", "quote_id", "channel", "shop", "grade", "condition", "seen_at",
        age_h=age_h,
        display_fen=scaled(rows.display_price_fen),
        landed_fen=scaled(rows.landed_fen),
        conditional_fen=scaled(rows.conditional_fen),
        possible_fen=scaled(_possible_price(rows, policy)),
        ranking_fen=scaled(_ranking_price(rows, policy)),
        set_aside=set_aside,
        same_spec=same_spec,
    )  # fmt: skip


def lowest(pairs: ir.Table, required_channels: Sequence[str]) -> ir.Table:
    """Web-lowest and coverage of every offer that has any pair.

    Parameters
    ----------
    pairs
        Result of :func:`compare`.
    required_channels
        Channels that must be among those checked.

    Returns
    -------
    Table
        offer_id, web_lowest_fen (null without a ranking quote), web_lowest_quote (its id; the first of equals),
        channels_checked, channels (names joined by a comma), has_required (flag), oldest_age_h, conditional_lowest_fen,
        possible_lowest_fen and possible_unbounded (from quotes with unknown terms), quotes_seen, quotes_ranking.
    """
    ranking = pairs.set_aside.isnull()
    unknown = (pairs.set_aside == "UNKNOWN_TERMS").fill_null(False)
    found = pairs.group_by("offer_id").aggregate(
        web_lowest_fen=pairs.ranking_fen.min(where=ranking),
        channels_checked=pairs.channel.nunique(where=ranking),
        has_required=_covers(pairs, ranking, required_channels),
        oldest_age_h=pairs.age_h.max(where=ranking),
        conditional_lowest_fen=pairs.conditional_fen.min(where=ranking),
        possible_lowest_fen=pairs.possible_fen.min(where=unknown),
        possible_unbounded=(unknown & pairs.possible_fen.isnull()).any(),
        quotes_seen=pairs.count(),
        quotes_ranking=pairs.count(where=ranking),
    )
    channels = pairs.filter(ranking).select("offer_id", "channel").distinct()
    names = channels.group_by("offer_id").aggregate(channels=channels.channel.group_concat(", ", order_by=channels.channel))
    first = pairs.filter(ranking).inner_join(found.select("offer_id", "web_lowest_fen"), "offer_id")
    first = first.filter(first.ranking_fen == first.web_lowest_fen)
    first = first.group_by("offer_id").aggregate(web_lowest_quote=first.quote_id.min())
    for other in (names, first):
        found = found.left_join(other, "offer_id").drop("offer_id_right")
    return found


def _covers(pairs: ir.Table, ranking: ir.BooleanColumn, required: Sequence[str]) -> ir.BooleanValue:
    import ibis

    if not required:
        return ibis.literal(True)
    return pairs.channel.nunique(where=ranking & pairs.channel.isin(sorted(set(required)))) == len(set(required))


def _pairs(offers: ir.Table, quotes: ir.Table) -> ir.Table:
    by_gtin = offers.select("offer_id", gtin=offers.gtin.lpad(14, "0")).inner_join(
        quotes.select("quote_id", gtin=quotes.gtin.lpad(14, "0")), "gtin"
    )
    titled_offers = offers.select("offer_id", "gtin", plain=_plain_title(offers))
    titled_quotes = quotes.select("quote_id", "gtin", plain=_plain_title(quotes))
    by_title = titled_offers.inner_join(titled_quotes, "plain")
    by_title = by_title.filter(by_title.gtin.isnull() | by_title.gtin_right.isnull())
    return by_gtin.select("offer_id", "quote_id").union(by_title.select("offer_id", "quote_id"), distinct=True)


def _plain_title(table: ir.Table) -> ir.StringValue:
    return table.title.lower().re_replace(r"\s+", "")


def _base_unit(table: ir.Table) -> ir.StringValue:
    return table.spec_unit.lower().cases(*((unit, base) for unit, (base, _) in UNITS.items()), else_=None)


def _base_amount(table: ir.Table) -> ir.FloatingValue:
    factor = table.spec_unit.lower().cases(*((unit, factor) for unit, (_, factor) in UNITS.items()), else_=None)
    return table.spec_amount * factor


def _ranking_price(rows: ir.Table, policy: ScreeningPolicy) -> ir.IntegerColumn:
    return rows.landed_fen if policy.rank_on == "public" else rows.conditional_fen


def _possible_price(rows: ir.Table, policy: ScreeningPolicy) -> ir.IntegerColumn:
    return rows.possible_fen if policy.rank_on == "public" else rows.possible_conditional_fen
