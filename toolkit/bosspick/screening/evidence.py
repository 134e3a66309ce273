"""Evidence: what a quote would cost as the offer is sold, whether it may rank, and why the others may not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bosspick.policy import ScreeningPolicy
from bosspick.screening.cells import OUTLIERS, without_standing

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["PAIR_COLUMNS", "SET_ASIDE", "compare", "dated", "dated_cells", "usual_lows", "web_lowest", "without_outliers"]

#: Why a quote does not rank, in the order in which the reasons are named.
SET_ASIDE = {
    "AMBIGUOUS_ID": "its id stands for several different quotes",
    "AFTER_AS_OF": "seen after the moment of judgement",
    "TOO_OLD": "older than the window",
    "GRADE_LOW": "evidence grade too low",
    "NOT_NEW": "not new, or condition not stated",
    "OUT_OF_STOCK": "cannot be bought, or not stated",
    "OTHER_REGION": "holds in another region, or none is stated",
    "PACKS_UNKNOWN": "pack count not stated beside a multipack",
    "OTHER_SPEC": "another spec",
    "UNKNOWN_TERMS": "shipping or a promotion is unknown",
    "TYPING_ERROR": "about ten times over or under what the channels ask",
    "COUNTERFEIT_BAIT": "far below what the channels ask, from a shop without standing",
}
#: Columns of a pair of offer and quote that do not depend on the moment of judgement.
PAIR_COLUMNS = (
    "offer_id", "quote_id", "channel", "shop", "shop_type", "grade", "condition", "seen_at", "display_fen", "landed_fen",
    "conditional_fen", "possible_fen", "ranking_fen", "pieces", "unknown", "same_spec", "matched_by", "spec_from",
    "sold_fen", "content", "packs", "aside",
)  # fmt: skip


def compare(rows: ir.Table, policy: ScreeningPolicy) -> ir.Table:
    """Bring each quote's prices to the offer's packs, and say what keeps it from ranking whenever it is judged.

    Another spec ranks only in categories the policy allows.

    Parameters
    ----------
    rows
        Result of :func:`bosspick.screening.pairing.paired`, priced by
        :func:`bosspick.screening.landed.landed_prices`; with rates in the policy also yuan_ppm (millionths of a yuan
        for one unit of the quote's currency).
    policy
        Grade, region and spec thresholds, rates.

    Returns
    -------
    Table
        ``PAIR_COLUMNS``: prices in fen in the offer's packs, rounded down; pieces (to be bought for the ranking price);
        as the quote itself is sold: sold_fen (public landed price), content of one pack in the offer's base unit (null
        when unknown or of another unit), packs; aside (a key of ``SET_ASIDE``, null when the
        quote may rank within its time).
    """
    import ibis

    one_sided = rows.offer_packs.isnull() != rows.pack_count.isnull()
    packs_unknown = one_sided & (ibis.coalesce(rows.offer_packs, rows.pack_count) > 1)
    ours, theirs = rows.offer_packs.fill_null(1), rows.pack_count.fill_null(1)
    no_spec = rows.offer_amount.isnull() | rows.quote_amount.isnull()
    like_unit = no_spec | (rows.offer_base == rows.quote_base)
    same_spec = no_spec | (like_unit & ((rows.offer_amount - rows.quote_amount).abs() < 1e-9))
    scalable = like_unit & rows.category.isin([*policy.scale_spec_categories, ""])
    content = (rows.offer_amount * ours) / (rows.quote_amount * theirs)

    def scaled(fen: ir.IntegerValue, pieces: ir.IntegerValue) -> ir.IntegerValue:
        if policy.rates:
            fen = fen * rows.yuan_ppm // 1_000_000
        # Rounded down: where unit prices do not divide evenly the web is taken at its lowest.
        by_packs = fen * ours // (theirs * pieces)
        return same_spec.ifelse(by_packs, (fen * content / pieces + ibis.literal(1e-6, "float64")).floor().cast("int64"))

    one = ibis.literal(1, "int64")
    public = policy.rank_on == "public"
    ranking, possible = ("landed", "possible") if public else ("conditional", "possible_conditional")
    grades = "ABCD"[: "ABCD".index(policy.min_grade) + 1]
    reasons = [
        (~rows.grade.isin(list(grades)), "GRADE_LOW"),
        (rows.condition.fill_null("") != "new", "NOT_NEW"),
        (~rows.in_stock.fill_null(False), "OUT_OF_STOCK"),
        (packs_unknown, "PACKS_UNKNOWN"),
        (~(same_spec | scalable), "OTHER_SPEC"),
        (rows[f"{ranking}_fen"].isnull(), "UNKNOWN_TERMS"),
    ]
    if "ambiguous" in rows.columns:
        reasons.insert(0, (rows.ambiguous, "AMBIGUOUS_ID"))
    if policy.regions:
        reasons.insert(len(reasons) - 3, (~rows.region.fill_null("").isin(list(policy.regions)), "OTHER_REGION"))
    found = rows.mutate(
        display_fen=scaled(rows.display_price_fen, one),
        ranking_fen=scaled(rows[f"{ranking}_fen"], rows[f"{ranking}_pieces"]),
        possible_fen=scaled(rows[f"{possible}_fen"], rows[f"{possible}_pieces"]),
        landed_fen=scaled(rows.landed_fen, rows.landed_pieces),
        conditional_fen=scaled(rows.conditional_fen, rows.conditional_pieces),
        pieces=rows[f"{ranking}_pieces"],
        same_spec=same_spec,
        sold_fen=rows.landed_fen // rows.landed_pieces,
        content=(rows.offer_base == rows.quote_base).ifelse(rows.quote_amount, None),
        packs=theirs,
        aside=ibis.cases(*reasons, else_=None),
    )
    return found.select(*PAIR_COLUMNS)


def dated(pairs: ir.Table, policy: ScreeningPolicy, as_of: datetime) -> ir.Table:
    """Add age_h (hours before the moment of judgement) and set_aside (a key of ``SET_ASIDE``; null when it may rank)."""
    seconds = _second(as_of) - pairs.seen_at.epoch_seconds()
    return pairs.mutate(age_h=seconds.cast("float64") / 3600, set_aside=_set_aside(pairs, seconds, policy)).drop("aside")


def dated_cells(cells: ir.Table, policy: ScreeningPolicy, as_of: datetime) -> ir.Table:
    """Cells by set_aside in place of aside; all quotes of one are on the same side of the window's ends."""
    seconds = _second(as_of) - cells.first_second
    return cells.mutate(set_aside=_set_aside(cells, seconds, policy)).drop("aside")


def _second(moment: datetime) -> ir.IntegerValue:
    import ibis

    return ibis.literal(int(moment.timestamp()), "int64")


def _set_aside(rows: ir.Table, seconds: ir.IntegerValue, policy: ScreeningPolicy) -> ir.StringValue:
    import ibis

    return ibis.cases(
        (rows.aside == "AMBIGUOUS_ID", "AMBIGUOUS_ID"),
        (seconds < 0, "AFTER_AS_OF"),
        (seconds > policy.window_hours * 3600, "TOO_OLD"),
        else_=rows.aside,
    )


def usual_lows(lowest: ir.Table, policy: ScreeningPolicy) -> ir.Table:
    """The usual low of each offer: the median over the channels of their lowest ranking price.

    One channel's bait does not move it.

    Parameters
    ----------
    lowest
        offer_id, channel and low_fen of what may rank by its date; rows of one channel may be several.
    policy
        ``outlier_channels``: offers seen on fewer have no usual low.

    Returns
    -------
    Table
        offer_id and usual_fen.
    """
    low = lowest.group_by("offer_id", "channel").aggregate(low_fen=lowest.low_fen.min())
    usual = low.group_by("offer_id").aggregate(usual_fen=low.low_fen.median().cast("float64"), seen_on=low.count())
    return usual.filter((usual.seen_on >= policy.outlier_channels) & (usual.usual_fen > 0)).drop("seen_on")


def without_outliers(pairs: ir.Table, usual: ir.Table | None, policy: ScreeningPolicy) -> ir.Table:
    """Set prices aside that no honest shop asks.

    A price many times over or under the usual low is a typing error; a low one is bait if the shop has no standing. A
    flagship's deep cut stays.

    Parameters
    ----------
    pairs
        Result of :func:`dated`.
    usual
        Result of :func:`usual_lows`; None where nobody asks for outliers.
    policy
        ``outlier_*`` thresholds.

    Returns
    -------
    Table
        The pairs with set_aside completed, and usual_fen (null with too few channels to tell).
    """
    import ibis

    if usual is None:
        return pairs.mutate(usual_fen=ibis.null("float64"))
    joined = pairs.left_join(usual, "offer_id", rname="{name}_again")
    price, times = joined.ranking_fen.cast("float64"), policy.outlier_typing
    typing = (price * times <= joined.usual_fen) | (price >= joined.usual_fen * times)
    bait = (price < joined.usual_fen * policy.outlier_bait) & without_standing(joined)
    set_aside = ibis.cases(
        (joined.set_aside.notnull(), joined.set_aside),
        (typing.fill_null(False), "TYPING_ERROR"),
        (bait.fill_null(False), "COUNTERFEIT_BAIT"),
        else_=None,
    )
    return joined.mutate(set_aside=set_aside).select(*pairs.columns, "usual_fen")


def web_lowest(found: ir.Table, required_channels: Sequence[str]) -> ir.Table:
    """Web-lowest and coverage of every offer that has any pair.

    Parameters
    ----------
    found
        Cells by set_aside, with oldest_age_h; see :func:`bosspick.screening.cells.merged`.
    required_channels
        Channels that must be among those checked.

    Returns
    -------
    Table
        offer_id, web_lowest_fen (null without a ranking quote), channels_checked, channels (names joined by a comma),
        has_required (flag), oldest_age_h, conditional_lowest_fen, possible_lowest_fen and possible_unbounded (from
        quotes with unknown terms), quotes_seen, quotes_ranking, quotes_unknown, quotes_outlying, at_night, at_weekend.
    """
    import ibis

    ranking = found.set_aside.isnull()
    unknown = (found.set_aside == "UNKNOWN_TERMS").fill_null(False)
    outlying = found.set_aside.isin(OUTLIERS).fill_null(False)
    required = sorted(set(required_channels))
    has = [(found.channel == name) & ranking for name in required]
    offers = found.group_by("offer_id").aggregate(
        web_lowest_fen=found.low_fen.min(where=ranking),
        channels_checked=ranking.cast("int64").sum(),
        channels=found.channel.collect(where=ranking).sort().join(", "),
        oldest_age_h=found.oldest_age_h.max(where=ranking),
        conditional_lowest_fen=found.conditional_fen.min(where=ranking),
        possible_lowest_fen=found.possible_fen.min(where=unknown),
        possible_unbounded=(unknown & found.unbounded).any(),
        quotes_seen=found.quotes.sum(),
        quotes_ranking=ranking.ifelse(found.quotes, 0).sum(),
        quotes_unknown=unknown.ifelse(found.quotes, 0).sum(),
        quotes_outlying=outlying.ifelse(found.quotes, 0).sum(),
        at_night=(ranking & found.at_night).any(),
        at_weekend=(ranking & found.at_weekend).any(),
        **{f"required_{place}": flag.any() for place, flag in enumerate(has)},
    )
    each = [offers[f"required_{place}"].fill_null(False) for place in range(len(required))]
    whole = each[0] if each else ibis.literal(True)
    for flag in each[1:]:
        whole = whole & flag
    return offers.mutate(has_required=whole).drop(*(f"required_{place}" for place in range(len(required))))
