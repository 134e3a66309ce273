"""A shop's own earlier prices: which of them count in a span of days, and the lowest of them with its proof.

A history is a table with one row a quote of the offer's own shop: offer_id, quote_id, seen_at (moment in UTC without
offset), price_fen (what all its packs together really cost then; null when a term was unknown), display_fen (price
shown), amount (content of one pack in the base unit of the offer; null when unknown or of another unit), packs, and
same_spec (the content of a pack is the offer's). Where same_spec holds, both prices are brought to the offer's packs,
rounded down to the fen. Rows after the moment of judgement are ignored everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from bosspick.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["comparable", "first_row", "lowest", "lowest_in_days", "until", "within"]

#: Whether the price last seen at the start of a span counts in it: never, always, or if nothing was seen within.
Before = Literal["never", "always", "if_empty"]


def lowest_in_days(history: ir.Table, as_of: datetime, days: int, *, carry: bool = False) -> ir.Table:
    """The lowest own price of every offer over the days before a moment, both ends included.

    Parameters
    ----------
    history
        See the module.
    as_of
        The moment of judgement, with offset.
    days
        Length of the span in days of 24 hours.
    carry
        The price last seen at the start of the span or before it counts too, because it held until the next one:
        for histories that store changes only.

    Returns
    -------
    Table
        One row an offer with any quote of its spec that counts: offer_id, lowest_fen (null when no such price is
        known), lowest_quote (of equals the first seen), lowest_seen_at, unknown_prices (quotes that count but whose
        price is not known), spans (flag: a known price was seen at the start of the span or before it).

    Raises
    ------
    InputError
        The moment names no offset, or days is below 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from bosspick.screening.engine import open_engine
    >>> rows = pd.DataFrame({"offer_id": "O1", "quote_id": ["Q1", "Q2"], "price_fen": [8000, 9000],
    ...                      "display_fen": [8000, 9000], "amount": 50.0, "packs": 1, "same_spec": True,
    ...                      "seen_at": pd.to_datetime(["2026-11-01", "2026-11-22"])})
    >>> engine = open_engine()
    >>> history, now = engine.table("history", rows), datetime(2026, 11, 27, tzinfo=UTC)
    >>> [int(engine.run(lowest_in_days(history, now, 7, carry=c))["lowest_fen"].item()) for c in (False, True)]
    [9000, 8000]
    >>> engine.close()
    """
    import ibis

    if days < 1:
        raise InputError(f"a span of {days} days holds no price", hint="give 1 day or more")
    start = ibis.literal(until(as_of)) - ibis.interval(days=days)
    return lowest(within(comparable(history, as_of).mutate(start=start), "always" if carry else "never"))


def until(as_of: datetime) -> datetime:
    """A moment as histories hold moments: in UTC, without offset; InputError if it names no offset."""
    if as_of.tzinfo is None:
        raise InputError(f"as_of {as_of.isoformat()} names no offset", hint="its zone would be a guess: add one")
    return as_of.astimezone(UTC).replace(tzinfo=None)


def comparable(history: ir.Table, as_of: datetime) -> ir.Table:
    """The rows of a history that were seen by a moment and are of the offer's spec."""
    return history.filter(history.same_spec, history.seen_at <= until(as_of))


def within(rows: ir.Table, before: Before) -> ir.Table:
    """The rows seen from ``start`` on, with those of the last moment at it or before where these count.

    Parameters
    ----------
    rows
        Comparable rows with the column start, the same for all rows of an offer.
    before
        Whether the price last seen at the start counts.

    Returns
    -------
    Table
        The rows that count, with spans; see :func:`lowest_in_days`.
    """
    import ibis

    offer = ibis.window(group_by="offer_id")
    early = rows.seen_at <= rows.start
    marked = rows.mutate(
        held_since=rows.seen_at.max(where=early).over(offer),
        seen_inside=rows.count(where=rows.seen_at >= rows.start).over(offer),
        spans=rows.count(where=early & rows.price_fen.notnull()).over(offer) > 0,
    )
    counts = marked.seen_at >= marked.start
    if before != "never":
        held = (marked.seen_at == marked.held_since).fill_null(False)
        counts = counts | (held if before == "always" else held & (marked.seen_inside == 0))
    return marked.filter(counts).drop("held_since", "seen_inside")


def lowest(rows: ir.Table) -> ir.Table:
    """The lowest known price of the rows that count, by offer; columns as :func:`lowest_in_days`."""
    import ibis

    rows = rows.mutate(unknown=rows.price_fen.isnull())
    rows = rows.mutate(unknown_prices=rows.unknown.sum().over(ibis.window(group_by="offer_id")))
    first = first_row(rows, ["unknown", "price_fen", "seen_at", "quote_id"])
    known = ~first.unknown
    return first.select(
        "offer_id", "unknown_prices", "spans",
        lowest_fen="price_fen",
        lowest_quote=known.ifelse(first.quote_id, None),
        lowest_seen_at=known.ifelse(first.seen_at, None),
    )  # fmt: skip


def first_row(rows: ir.Table, order: Sequence[Any]) -> ir.Table:
    """The first row of every offer in an order that leaves no ties."""
    import ibis

    place = ibis.row_number().over(ibis.window(group_by="offer_id", order_by=list(order)))
    numbered = rows.mutate(place=place)
    return numbered.filter(numbered.place == 0).drop("place")
