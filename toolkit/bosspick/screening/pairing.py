"""Which quotes speak about which offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.tables import UNITS

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["MATCHED_BY", "base_amount", "paired"]

#: How a quote was found to be the offer's product.
MATCHED_BY = {
    "gtin": "the same barcode number",
    "title": "the same title, where a barcode is missing",
    "match": "a title close enough to be accepted, where the quote has no barcode",
}


def paired(
    quotes: ir.Table, offers: ir.Table, accepted: ir.Table | None = None, rejected: ir.Table | None = None, *, titles: bool
) -> ir.Table:
    """Pair offers with the quotes of the same product.

    A quote is the same product when its GTIN is the offer's (leading zeros aside: a UPC is a GTIN too), or, where
    either has none, when the titles are equal but for case and blanks, or when its title was accepted as a match.

    Parameters
    ----------
    quotes
        Validated quotes.
    offers
        Validated offers.
    accepted, rejected
        offer_id and title of quotes that were accepted for an offer or turned down by title; None for none.
    titles
        Whether any offer or quote may lack a GTIN; without it no title is read.

    Returns
    -------
    Table
        The quotes' columns but for what only served to pair them, with quote_amount and quote_base (content of one pack
        in its base unit), and of the offer offer_id, category, opening_price_fen, offer_amount, offer_base, offer_packs;
        matched_by is a key of ``MATCHED_BY``.
    """
    import ibis

    offer = offers.select(
        "offer_id", "category", "opening_price_fen", offer_amount=base_amount(offers), offer_base=_base_unit(offers),
        offer_packs=offers.pack_count, offer_gtin=offers.gtin, offer_plain=_plain_title(offers.title),
    )  # fmt: skip
    quote = quotes.mutate(quote_amount=base_amount(quotes), quote_base=_base_unit(quotes))
    kept = [
        *(name for name in quotes.columns if name not in _LEFT),
        "quote_amount",
        "quote_base",
        *(name for name in offer.columns if name not in _KEYS),
    ]

    def found(rows: ir.Table, how: str) -> ir.Table:
        return rows.select(*kept, matched_by=ibis.literal(how))

    written = _ways_to_write(offer)
    parts = [found(quote.inner_join(written, quote.gtin == written.written), "gtin")]
    if titles:
        nameless, named = quote.filter(quote.gtin.isnull()), quote.filter(quote.gtin.notnull())
        for left, right in ((nameless, offer), (named, offer.filter(offer.offer_gtin.isnull()))):
            left = left.mutate(plain=_plain_title(left.title))
            equal = left.inner_join(right, left.plain == right.offer_plain)
            if rejected is not None:
                equal = equal.anti_join(rejected, ["offer_id", "title"])
            parts.append(found(equal, "title"))
        if accepted is not None:
            close = quote.inner_join(accepted, "title", rname="{name}_again")
            close = close.mutate(plain=_plain_title(close.title)).inner_join(offer, "offer_id", rname="{name}_again")
            either = close.gtin.isnull() | close.offer_gtin.isnull()
            parts.append(found(close.filter(either & (close.plain != close.offer_plain)), "match"))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


_KEYS = ("offer_gtin", "offer_plain")
#: What nobody asks a pair for.
_LEFT = ("gtin", "title", "url", "spec_amount", "spec_unit", "currency")


def _ways_to_write(offer: ir.Table) -> ir.Table:
    """The offers that have a barcode, once for each way to write it: with as many leading zeros as up to 14 digits take.

    There are few offers and many quotes, so the zeros are added on their side.
    """
    import ibis

    bare = offer.filter(offer.offer_gtin.notnull()).mutate(bare=offer.offer_gtin.re_replace(r"^0+", ""))
    each = bare.mutate(digits=ibis.range(ibis.greatest(bare.bare.length(), 1), 15).unnest())
    return each.mutate(written=each.bare.lpad(each.digits, "0")).drop("bare", "digits")


def _plain_title(title: ir.StringValue) -> ir.StringValue:
    return title.lower().re_replace(r"\s+", "")


def _base_unit(table: ir.Table) -> ir.StringValue:
    return table.spec_unit.lower().cases(*((unit, base) for unit, (base, _) in UNITS.items()), else_=None)


def base_amount(table: ir.Table) -> ir.FloatingValue:
    """Content of one pack in its base unit; null when it or its unit is not known."""
    factor = table.spec_unit.lower().cases(*((unit, factor) for unit, (_, factor) in UNITS.items()), else_=None)
    return table.spec_amount * factor
