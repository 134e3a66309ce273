"""Pairs gathered in cells: an offer, a channel where quotes may rank or else the reason why not, and all that is asked of it.

A cell of one delivery does not depend on the moment of judgement, unless an end of the window cuts through it then. So the
cells are kept beside the pairs, with the few pairs verdicts may rest on, and the pairs themselves need not be read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.policy import ScreeningPolicy

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["OUTLIERS", "cells_of", "likely", "merged", "sampled", "with_outliers", "without_standing"]

OUTLIERS = ("TYPING_ERROR", "COUNTERFEIT_BAIT")
#: Shops whose low price is a price, not bait.
_STANDING = ("flagship", "authorised", "self_operated")
_LEAST = ("low_fen", "bare_fen", "conditional_fen", "possible_fen", "least_fen", "first_second")
_MOST = ("high_fen", "last_second")
_ANY = ("unbounded", "at_night", "at_weekend")


def cells_of(pairs: ir.Table, reason: str, *, night: ir.BooleanValue, weekend: ir.BooleanValue) -> ir.Table:
    """The cells of pairs.

    Parameters
    ----------
    pairs
        Columns of ``bosspick.screening.evidence.PAIR_COLUMNS``.
    reason
        Column that says why a pair does not rank: aside or set_aside.
    night, weekend
        Whether each was seen then; see :func:`sampled`.

    Returns
    -------
    Table
        offer_id, channel (null beside a reason), the reason, quotes, low_fen and high_fen (of the ranking price),
        bare_fen (the lowest of shops without standing), conditional_fen, possible_fen, unbounded (any whose lowest
        possible price cannot be said), least_fen (of the ranking price, or the possible one where there is none),
        first_second and last_second (of the epoch, of capture), at_night, at_weekend.
    """
    import ibis

    rows = pairs.select(
        "offer_id", reason, "ranking_fen", "conditional_fen", "possible_fen",
        channel=_place(pairs, reason), bare=without_standing(pairs), second=pairs.seen_at.epoch_seconds().cast("int64"),
        night=night, weekend=weekend,
    )  # fmt: skip
    return rows.group_by("offer_id", "channel", reason).aggregate(
        quotes=rows.count(),
        low_fen=rows.ranking_fen.min(),
        high_fen=rows.ranking_fen.max(),
        bare_fen=rows.ranking_fen.min(where=rows.bare),
        conditional_fen=rows.conditional_fen.min(),
        possible_fen=rows.possible_fen.min(),
        unbounded=rows.possible_fen.isnull().any(),
        least_fen=ibis.coalesce(rows.ranking_fen, rows.possible_fen).min(),
        first_second=rows.second.min(),
        last_second=rows.second.max(),
        at_night=rows.night.any(),
        at_weekend=rows.weekend.any(),
    )


def merged(cells: ir.Table) -> ir.Table:
    """The cells of several deliveries, by set_aside, as those of one."""
    return cells.group_by("offer_id", "channel", "set_aside").aggregate(
        quotes=cells.quotes.sum(),
        **{name: cells[name].min() for name in _LEAST},
        **{name: cells[name].max() for name in _MOST},
        **{name: cells[name].any() for name in _ANY},
    )


def likely(pairs: ir.Table, cells: ir.Table, shops: ir.Table, reason: str, web: ir.Table | None = None) -> ir.Table:
    """The pairs a verdict may rest on.

    Those with the lowest price of their cell, the oldest of those that may rank, those with unknown terms and the outliers
    (they are named where they could undercut), and those of the offer's own shop.

    Parameters
    ----------
    pairs, cells, reason
        As :func:`cells_of` takes and gives them.
    shops
        offer_id and store_name, where it is known.
    web
        offer_id and web_lowest_fen of the offers that have one, once the cells are the whole week's: what could not undercut
        it is named no more.
    """
    import ibis

    known = cells.select("offer_id", reason, "channel", "least_fen", "first_second")
    # There are few cells and many pairs: what is known of an offer comes with its cells.
    known = known.left_join(shops, "offer_id", rname="{name}_of_shop")
    if web is not None:
        known = known.left_join(web, "offer_id", rname="{name}_of_web")
    same = [pairs.offer_id == known.offer_id, _place(pairs, reason).identical_to(known.channel),
            pairs[reason].identical_to(known[reason])]  # fmt: skip
    rows = pairs.inner_join(known, same, rname="{name}_of_cell")
    price = ibis.coalesce(rows.ranking_fen, rows.possible_fen)
    lowest = (price == rows.least_fen) | (price.isnull() & rows.least_fen.isnull())
    oldest = rows[reason].isnull() & (rows.seen_at.epoch_seconds() == rows.first_second)
    named = rows[reason].isin(("UNKNOWN_TERMS", *OUTLIERS))
    if web is not None:
        named = named & (rows.possible_fen.isnull() | rows.web_lowest_fen.isnull() | (rows.possible_fen <= rows.web_lowest_fen))
    kept = lowest | oldest | named | (rows.shop == rows.store_name)
    return rows.filter(kept.fill_null(False)).select(*pairs.columns)


def with_outliers(cells: ir.Table, policy: ScreeningPolicy) -> ir.Table:
    """The cells that may rank and hold an outlier; ``cells`` with usual_fen, the usual low of the offer or null."""
    usual = cells.usual_fen
    lowest, highest, bare = (cells[name].cast("float64") for name in ("low_fen", "high_fen", "bare_fen"))
    typing = (lowest * policy.outlier_typing <= usual) | (highest >= usual * policy.outlier_typing)
    odd = typing.fill_null(False) | (bare < usual * policy.outlier_bait).fill_null(False)
    return cells.filter(cells.set_aside.isnull() & odd)


def sampled(pairs: ir.Table, policy: ScreeningPolicy, ahead: int) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    """Whether a quote was seen at night and on a weekend, by a clock so many seconds ahead of UTC."""
    local = pairs.seen_at.epoch_seconds() + ahead
    second = local % 86_400
    start, end = ((each.hour * 60 + each.minute) * 60 + each.second for each in (policy.night_from, policy.night_to))
    night = (second >= start) & (second < end) if start <= end else (second >= start) | (second < end)
    # Day 0 of the epoch was a Thursday: Saturday and Sunday are days 2 and 3 of that week.
    weekend = ((local // 86_400) % 7).isin((2, 3))
    return night, weekend


def _place(pairs: ir.Table, reason: str) -> ir.StringValue:
    return pairs[reason].isnull().ifelse(pairs.channel, None)


def without_standing(pairs: ir.Table) -> ir.BooleanValue:
    """Whether a low price of the shop may be bait."""
    return ~pairs.shop_type.fill_null("unknown").isin(_STANDING)
