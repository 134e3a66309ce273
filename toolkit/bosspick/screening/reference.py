"""Reference prices and fake discounts: what an offer's own shop asked before, and what that makes of its claims.

Which price a "was" price may be is dated rule data (:class:`bosspick.policy.ReferenceRule`): in China the lowest price
traded in the 7 days before, or else the last price before them; in the European Union the lowest of at least the 30
days before. Sources: ``reference_cn_7`` and ``reference_eu_30`` in ``seeds/facts.csv``. A lower price that was seen is
proof whatever else is unknown; that none was lower needs a known price in every quote that counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from bosspick.errors import PolicyError
from bosspick.policy import ReferenceRule
from bosspick.screening.own_prices import Before, comparable, first_row, lowest, until, within

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["REFERENCE_REASONS", "reference_facts", "rule_in_force"]

#: What each reason code says to a producer.
REFERENCE_REASONS = {
    "REFERENCE_OK": "the shop asked no less than the list price in the days the rule looks back",
    "RAISED_BEFORE_DISCOUNT": "the list price is above the shop's own lowest in the days before",
    "REFERENCE_SHORT": "the shop's history is shorter than the days the rule looks back",
    "REFERENCE_UNKNOWN": "too little history to allow a 'was' price",
    "LIST_PRICE_TRADED": "the shop has shown the list price or more",
    "LIST_PRICE_NEVER_TRADED": "the shop was never seen to show as much as the list price",
    "LIST_PRICE_UNKNOWN": "no list price, or no earlier price to hold it against",
    "PACK_KEPT": "no earlier pack of known content held more for as little",
    "SHRUNK_PACK": "an earlier pack held more for no more money",
    "PACK_UNKNOWN": "the content of the pack, then or now, is not known",
    "CLAIM_NONE": "the brand claims no lowest price",
    "CLAIM_HOLDS": "no price of the shop in those days was lower",
    "CLAIM_FALSE": "the shop itself was cheaper in those days",
    "CLAIM_UNKNOWN": "too little history to show that no price was lower",
}
#: Jurisdictions whose rule falls back on the last price before, where none was traded in its days.
_FALLS_BACK = ("CN",)
#: Contents that differ by less are one content: 0.1 kg is 100.00000000000001 g.
_SAME_CONTENT = 1 + 1e-9


def rule_in_force(rules: Sequence[ReferenceRule], jurisdiction: str, day: date) -> ReferenceRule:
    """The reference-price rule of a jurisdiction on a day: the one that came into force last.

    Parameters
    ----------
    rules
        Dated rules, as ``screening.reference_rules`` of a policy holds them.
    jurisdiction
        Such as ``CN`` or ``EU``.
    day
        Day of the show.

    Raises
    ------
    PolicyError
        There is no rule of the jurisdiction, none is in force yet, two came into force on one day, or a date is none.

    Examples
    --------
    >>> from bosspick.policy import ScreeningPolicy
    >>> rule_in_force(ScreeningPolicy().reference_rules, "CN", date(2026, 11, 28)).id
    'CN-7'
    """
    named = [rule for rule in rules if rule.jurisdiction == jurisdiction]
    if not named:
        known = ", ".join(sorted({rule.jurisdiction for rule in rules})) or "none"
        raise _no_rule(f"no reference-price rule of jurisdiction {jurisdiction!r}", f"add one; there are rules of: {known}")
    since = [_in_force_from(rule) for rule in named]
    begun = [at for at in since if at <= day]
    if not begun:
        first = min(since)
        raise _no_rule(f"no reference-price rule of {jurisdiction!r} in force on {day}", f"the first begins on {first}")
    latest = [rule for rule, at in zip(named, since, strict=True) if at == max(begun)]
    if len(latest) > 1:
        ids = " and ".join(sorted(rule.id for rule in latest))
        raise _no_rule(f"{ids} both came into force on {max(begun)}", "keep one of them")
    return latest[0]


def _in_force_from(rule: ReferenceRule) -> date:
    try:
        return date.fromisoformat(rule.in_force_from)
    except ValueError:
        raise _no_rule(f"in_force_from {rule.in_force_from!r} of {rule.id} is no date", "write it as 2020-12-01") from None


def _no_rule(message: str, hint: str) -> PolicyError:
    return PolicyError(message, where="screening.reference_rules", hint=hint)


def reference_facts(history: ir.Table, offers: ir.Table, *, as_of: datetime, rule: ReferenceRule) -> ir.Table:
    """Judge every offer's list price, pack and claim by the prices its own shop asked before.

    Parameters
    ----------
    history
        Quotes of the offers' own shops; see :mod:`bosspick.screening.own_prices`.
    offers
        offer_id, list_price_fen, opening_price_fen, amount (content of one pack in its base unit), packs, claim_days
        (the brand claims "lowest in N days"; null without a claim).
    as_of
        The moment of judgement, with offset.
    rule
        The reference-price rule in force; see :func:`rule_in_force`.

    Returns
    -------
    Table
        One row an offer, prices in fen, moments in UTC without offset, codes of ``REFERENCE_REASONS``:

        - reference_code; was_fen, was_quote, was_seen_at: the lowest price that counts (null unless the code is
          REFERENCE_OK or RAISED_BEFORE_DISCOUNT); raised_fen, raised_quote, raised_at: the first dearer price after it
          where the price was raised before the discount
        - list_price_code; highest_fen, highest_quote, highest_seen_at: the highest price shown
        - pack_code; larger_fen, larger_quote, larger_seen_at: the latest earlier quote that held more for no more money
          than opening_price_fen, with content_then beside content_now
        - claim_code; claim_fen, claim_quote, claim_seen_at: the lowest price of the days claimed
    """
    facts = offers.select("offer_id")
    known = comparable(history, as_of)
    for part in (
        _reference(known, offers, as_of, rule),
        _list_price(known, offers),
        _pack(history, offers, as_of),
        _claim(known, offers, as_of),
    ):
        facts = facts.inner_join(part, "offer_id")
    return facts


def _reference(known: ir.Table, offers: ir.Table, as_of: datetime, rule: ReferenceRule) -> ir.Table:
    import ibis

    falls_back = rule.jurisdiction in _FALLS_BACK
    before: Before = "if_empty" if falls_back else "never"
    start = ibis.literal(until(as_of)) - ibis.interval(days=rule.days)
    was = offers.select("offer_id", "list_price_fen").left_join(lowest(within(known.mutate(start=start), before)), "offer_id")
    price, low = was.list_price_fen, was.lowest_fen
    code = ibis.cases(
        (price.isnull() | was.unknown_prices.isnull(), "REFERENCE_UNKNOWN"),
        (price > low, "RAISED_BEFORE_DISCOUNT"),
        (ibis.literal(not falls_back) & ~was.spans, "REFERENCE_SHORT"),
        (low.isnull() | (was.unknown_prices > 0), "REFERENCE_UNKNOWN"),
        else_="REFERENCE_OK",
    )
    was = was.mutate(reference_code=code, shown=code.isin(["REFERENCE_OK", "RAISED_BEFORE_DISCOUNT"]))
    was = was.select(
        "offer_id", "reference_code",
        was_fen=was.shown.ifelse(was.lowest_fen, None),
        was_quote=was.shown.ifelse(was.lowest_quote, None),
        was_seen_at=was.shown.ifelse(was.lowest_seen_at, None),
    )  # fmt: skip
    after = known.inner_join(was.filter(was.reference_code == "RAISED_BEFORE_DISCOUNT"), "offer_id")
    after = after.filter(after.seen_at > after.was_seen_at, after.price_fen > after.was_fen)
    raised = first_row(after, ["seen_at", "price_fen", "quote_id"])
    raised = raised.select("offer_id", raised_fen="price_fen", raised_quote="quote_id", raised_at="seen_at")
    return was.left_join(raised, "offer_id").drop("offer_id_right")


def _list_price(known: ir.Table, offers: ir.Table) -> ir.Table:
    import ibis

    shown = known.filter(known.display_fen.notnull())
    highest = first_row(shown, [ibis.desc("display_fen"), "seen_at", "quote_id"])
    highest = highest.select("offer_id", highest_fen="display_fen", highest_quote="quote_id", highest_seen_at="seen_at")
    rows = offers.select("offer_id", "list_price_fen").left_join(highest, "offer_id")
    # Captures are samples: a shop that showed more than its list price has not made it up.
    code = ibis.cases(
        (rows.list_price_fen.isnull() | rows.highest_fen.isnull(), "LIST_PRICE_UNKNOWN"),
        (rows.list_price_fen > rows.highest_fen, "LIST_PRICE_NEVER_TRADED"),
        else_="LIST_PRICE_TRADED",
    )
    return rows.select("offer_id", "highest_fen", "highest_quote", "highest_seen_at", list_price_code=code)


def _pack(history: ir.Table, offers: ir.Table, as_of: datetime) -> ir.Table:
    import ibis

    now = offers.select("offer_id", "opening_price_fen", now_packs="packs", content_now=offers.amount * offers.packs)
    past = history.filter(history.seen_at <= until(as_of)).inner_join(now, "offer_id")
    # Back from the offer's packs to its own: the lowest whole price that rounding down can have come from.
    up = past.now_packs - 1
    sold = past.same_spec.ifelse((past.price_fen * past.packs + up) // past.now_packs, past.price_fen)
    past = past.mutate(content_then=past.amount * past.packs, sold_fen=sold)
    past = past.filter(past.content_then.notnull(), past.sold_fen.notnull())
    more = (past.content_then > past.content_now * _SAME_CONTENT) & (past.sold_fen <= past.opening_price_fen)
    past = past.mutate(more=more.fill_null(False))
    told = first_row(past, [ibis.desc("more"), ibis.desc("seen_at"), ibis.desc("content_then"), "quote_id"])
    told = told.select(
        "offer_id", "more",
        larger_fen=told.more.ifelse(told.sold_fen, None),
        larger_quote=told.more.ifelse(told.quote_id, None),
        larger_seen_at=told.more.ifelse(told.seen_at, None),
        content_then=told.more.ifelse(told.content_then, None),
    )  # fmt: skip
    rows = now.left_join(told, "offer_id")
    code = ibis.cases(
        (rows.content_now.isnull() | rows.more.isnull(), "PACK_UNKNOWN"),
        (rows.more, "SHRUNK_PACK"),
        else_="PACK_KEPT",
    )
    return rows.select("offer_id", "larger_fen", "larger_quote", "larger_seen_at", "content_then", "content_now",
                       pack_code=code)  # fmt: skip


def _claim(known: ir.Table, offers: ir.Table, as_of: datetime) -> ir.Table:
    import ibis

    claimed = offers.filter(offers.claim_days.notnull())
    claimed = claimed.select("offer_id", start=ibis.literal(until(as_of)) - claimed.claim_days.as_interval("D"))
    low = lowest(within(known.inner_join(claimed, "offer_id"), "never"))
    rows = offers.select("offer_id", "claim_days", "opening_price_fen").left_join(low, "offer_id")
    code = ibis.cases(
        (rows.claim_days.isnull(), "CLAIM_NONE"),
        (rows.opening_price_fen > rows.lowest_fen, "CLAIM_FALSE"),
        (rows.lowest_fen.isnull() | ~rows.spans | (rows.unknown_prices > 0), "CLAIM_UNKNOWN"),
        else_="CLAIM_HOLDS",
    )
    return rows.select("offer_id", claim_code=code, claim_fen=rows.lowest_fen, claim_quote=rows.lowest_quote,
                       claim_seen_at=rows.lowest_seen_at)  # fmt: skip
