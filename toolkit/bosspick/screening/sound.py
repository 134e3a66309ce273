"""Which typed rows of a feed can be used: a quote that cannot is set aside, a promotion that cannot be read is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bosspick.intake.partitions import FIRST_MOMENT, LAST_MOMENT
from bosspick.intake.schema import MOST_YUAN
from bosspick.screening.typed import MOST_CONTENT
from bosspick.tables import TABLES, UNITS

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["REFUSED", "bad_quote", "sound_promotions", "unknown_unless"]

#: Why a row of a feed is set aside, and what to do.
REFUSED = {
    "NO_ID": ("has no quote_id, or one with control characters", "give each quote its own id"),
    "NO_CHANNEL": ("has no channel, or one with control characters", "say where it was seen"),
    "BAD_PRICE": ("display_price is empty, no number, not above zero or above a billion yuan", "give the price shown"),
    "BAD_SHIPPING": ("shipping is no number, below zero or above a billion yuan", "leave it empty if unknown"),
    "NO_RATE": ("its currency has no rate to CNY", "give the price in CNY, or a rate in policy.toml"),
    "NO_MOMENT": ("has no seen_at", "say when it was captured"),
    "BAD_MOMENT": ("seen_at is not in the years 1900 to 2199", "say when it was captured"),
    "BAD_GRADE": ("grade is none of A, B, C, D", "use one of A, B, C, D"),
    "BAD_UNIT": ("spec_unit is no unit this toolkit knows", "use ml, l, g, kg, m, cm or piece"),
    "BAD_SPEC": ("spec_amount or pack_count is no number, not above zero or beyond any pack", "leave it empty if unknown"),
    "LONG_TITLE": ("title is empty or longer than 2,000 characters", "write plain text of at most 2,000 characters"),
}
_LONGEST = 2000
_SEVERAL_GROUPS = "[|,;，；、]"


def bad_quote(quotes: ir.Table, rates: Iterable[str]) -> ir.StringValue:
    """Key of ``REFUSED`` for each typed quote that cannot be used, null for the others."""
    import ibis

    price, paid = quotes.display_price_fen, quotes.shipping_fen
    most = MOST_YUAN * 100
    first, last = (ibis.literal(each.replace(tzinfo=None)) for each in (FIRST_MOMENT, LAST_MOMENT))
    return ibis.cases(
        (quotes.quote_id.isnull(), "NO_ID"),
        (quotes.channel.isnull(), "NO_CHANNEL"),
        (price.isnull() | (price < 1) | (price > most), "BAD_PRICE"),
        ((paid < 0) | (paid > most), "BAD_SHIPPING"),
        (~quotes.currency.isin(["CNY", *rates]) | quotes.currency.isnull(), "NO_RATE"),
        (quotes.seen_at.isnull(), "NO_MOMENT"),
        (~quotes.seen_at.between(first, last), "BAD_MOMENT"),
        (~quotes.grade.isin(list("ABCD")) | quotes.grade.isnull(), "BAD_GRADE"),
        (quotes.title.isnull() | (quotes.title.length() > _LONGEST), "LONG_TITLE"),
        (quotes.spec_unit.notnull() & ~quotes.spec_unit.lower().isin(list(UNITS)), "BAD_UNIT"),
        (~_is_content(quotes.spec_amount) | (quotes.pack_count < 1) | (quotes.pack_count > 100_000), "BAD_SPEC"),
        else_=None,
    )


def _is_content(amount: ir.FloatingValue) -> ir.BooleanValue:
    """Whether a pack may hold so much."""
    return (amount > 0) & (amount < MOST_CONTENT)


def sound_promotions(promotions: ir.Table) -> ir.Table:
    """Promotions of which what cannot be is made unknown: a price must not look dearer for want of a readable term.

    Returns
    -------
    Table
        The rows with a column readable; of the others the step, kind and terms count as unconfirmed and incomplete.
    """
    schema = TABLES["promotions"]
    choices = {name: list(schema.column(name).choices) for name in ("step", "kind", "audience")}
    most = MOST_YUAN * 100
    money = [(promotions[name] >= 0).fill_null(True) & (promotions[name] <= most).fill_null(True)
             for name in ("threshold_fen", "amount_fen", "cap_fen", "deposit_fen")]  # fmt: skip
    parts = [promotions[name].isin(values).fill_null(False) for name, values in choices.items()]
    pieces = schema.column("buy_qty")
    parts += [*money, promotions.rate.between(0, 1).fill_null(True), promotions.confirmed.notnull(),
              promotions.buy_qty.between(pieces.at_least, pieces.at_most).fill_null(True),
              ~promotions.exclusive_group.re_search(_SEVERAL_GROUPS).fill_null(False)]  # fmt: skip
    readable = parts[0]
    for part in parts[1:]:
        readable = readable & part
    promotions = promotions.mutate(readable=readable)
    promotions = unknown_unless(promotions, promotions.readable)
    return promotions.mutate(
        step=promotions.step.isin(choices["step"]).fill_null(False).ifelse(promotions.step, "1"),
        audience=promotions.audience.isin(choices["audience"]).fill_null(False).ifelse(promotions.audience, "public"),
    )


def unknown_unless(promotions: ir.Table, readable: ir.BooleanValue) -> ir.Table:
    """Promotions, unconfirmed and without what they take off where they are not readable."""
    return promotions.mutate(
        kind=readable.ifelse(promotions.kind, "amount"),
        amount_fen=readable.ifelse(promotions.amount_fen, None),
        threshold_fen=readable.ifelse(promotions.threshold_fen, None),
        cap_fen=readable.ifelse(promotions.cap_fen, None),
        deposit_fen=readable.ifelse(promotions.deposit_fen, None),
        rate=readable.ifelse(promotions.rate, None),
        buy_qty=readable.ifelse(promotions.buy_qty, None),
        confirmed=readable & promotions.confirmed.fill_null(False),
    )
