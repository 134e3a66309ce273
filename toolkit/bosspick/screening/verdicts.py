"""Verdicts: one per offer and rule, each with its reason code, value, threshold and the rows it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bosspick.policy import Policy
from bosspick.screening.reference import REFERENCE_REASONS

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["ADVISORY", "REASONS", "RULES", "VERDICT_COLUMNS", "verdict_rows"]

RULES = ("lowest_price", "brand", "store_score", "category", "certificate", "return_rate", "stock", "capacity",
         "reference_price", "list_price", "pack", "claim", "sampling")  # fmt: skip
#: Rules that never stop an offer: they decide what may be said about it.
ADVISORY = ("reference_price", "list_price", "pack", "claim", "sampling")
VERDICT_COLUMNS = ("offer_id", "rule", "verdict", "reason_code", "value", "threshold", "passes_at", "web_lowest",
                   "channels_checked", "oldest_quote_age_h", "evidence")  # fmt: skip

#: What each reason code says to a producer.
REASONS = {
    "LOWEST": "below every price that may rank by the policy's margin",
    "ABOVE_WEB": "a lower price was found",
    "TIE_WITH_WEB": "equal to the web-lowest, not below it",
    "TOO_FEW_CHANNELS": "too few channels with evidence that may rank",
    "MISSING_CHANNEL": "a required channel has no evidence that may rank",
    "NO_ELIGIBLE_QUOTE": "no evidence that may rank",
    "UNKNOWN_TERMS": "a quote with unknown shipping or promotion could be lower",
    "BRAND_PROVEN": "trademark and authorisation hold on the day",
    "WHITE_LABEL": "white label",
    "AUTHORISATION_EXPIRED": "the store's authorisation ends before the show",
    "AUTHORISATION_BROKEN": "the brand authorises other stores, not this one",
    "AUTHORISATION_MISSING": "no authorisation was handed in",
    "AUTHORISATION_UNDATED": "the authorisation has no end date",
    "TRADEMARK_MISSING": "trademark number or owner is missing",
    "WHITE_LABEL_UNKNOWN": "nobody has said whether it is white label",
    "BRAND_UNLISTED": "the brand is not in the brands table",
    "SCORE_OK": "store score reaches the threshold",
    "SCORE_LOW": "store score below the threshold",
    "SCORE_STALE": "store score is too old",
    "SCORE_AFTER_SHOW": "store score is dated after the show",
    "SCORE_MISSING": "store score or its date is missing",
    "STORE_UNLISTED": "the store is not in the stores table",
    "CATEGORY_OK": "category allowed",
    "CATEGORY_BANNED": "category on the ban list",
    "CERTIFICATE_OK": "certificate valid on the day",
    "CERTIFICATE_EXPIRED": "certificate ends before the show",
    "CERTIFICATE_MISSING": "no certificate date was handed in",
    "RETURNS_OK": "return rate within the threshold",
    "RETURNS_HIGH": "return rate above the threshold",
    "RETURNS_UNKNOWN": "return rate was not handed in",
    "STOCK_OK": "stock reaches the threshold",
    "STOCK_LOW": "stock below the threshold",
    "CAPACITY_OK": "shipping capacity reaches the threshold",
    "CAPACITY_LOW": "shipping capacity below the threshold",
    "CAPACITY_UNKNOWN": "daily_capacity or promise_days was not handed in",
    **REFERENCE_REASONS,
    "SAMPLED": "ranking prices were seen at night and on a weekend too",
    "NIGHT_GAP": "no ranking price was seen at night, when prices dip",
    "WEEKEND_GAP": "no ranking price was seen on a weekend, when prices dip",
    "NIGHT_AND_WEEKEND_GAP": "no ranking price was seen at night or on a weekend, when prices dip",
    "SAMPLING_UNKNOWN": "no ranking price was seen at all",
    "RULE_OFF": "switched off by policy: nothing was checked",
}


@dataclass(frozen=True, slots=True)
class _Judged:
    """One rule's answer as columns of the wide table."""

    rule: str
    reason: ir.StringValue
    passing: str | tuple[str, ...]
    failing: tuple[str, ...]
    value: ir.StringValue
    threshold: ir.StringValue
    evidence: ir.StringValue


def verdict_rows(wide: ir.Table, policy: Policy, show_day: date) -> ir.Table:
    """Judge every offer by every rule.

    Parameters
    ----------
    wide
        One row an offer with its evidence, store, brand and authorisation columns.
    policy
        Thresholds and switches.
    show_day
        Day on which documents must be valid.

    Returns
    -------
    Table
        Columns of ``VERDICT_COLUMNS``; value and threshold as text (money in fen), passes_at and web_lowest in
        fen and only where the rule is lowest_price.
    """
    import ibis

    screening = policy.screening
    switch = {"lowest_price": screening.lowest_price, "brand": screening.brand, "store_score": screening.store}
    parts = []
    for judged in (
        _lowest_price(wide, policy), _brand(wide, show_day), _store_score(wide, policy), _category(wide, policy),
        _certificate(wide, show_day), _returns(wide, policy), _stock(wide, policy), _capacity(wide, policy),
        _reference_price(wide), _list_price(wide), _pack(wide), _claim(wide), _sampling(wide),
    ):  # fmt: skip
        off = switch.get(judged.rule, screening.vetoes if judged.rule not in ADVISORY else "on") == "off"
        reason = ibis.literal("RULE_OFF") if off else judged.reason
        price_rule = judged.rule == "lowest_price" and not off
        verdict = ibis.cases(
            (reason.isin((judged.passing,) if isinstance(judged.passing, str) else judged.passing), "PASS"),
            (reason.isin(judged.failing or ("",)), "FAIL"),
            else_="UNKNOWN",
        )
        parts.append(
            wide.select(
                offer_id=wide.offer_id,
                rule=ibis.literal(judged.rule),
                verdict=verdict,
                reason_code=reason,
                value=judged.value,
                threshold=judged.threshold,
                passes_at=wide.passes_at_fen if price_rule else ibis.null("int64"),
                web_lowest=wide.web_lowest_fen if price_rule else ibis.null("int64"),
                channels_checked=wide.channels_checked if price_rule else ibis.null("int64"),
                oldest_quote_age_h=wide.oldest_age_h.round(1) if price_rule else ibis.null("float64"),
                evidence=ibis.null("string") if off else judged.evidence,
            )
        )
    return ibis.union(*parts)


def _lowest_price(wide: ir.Table, policy: Policy) -> _Judged:
    import ibis

    screening = policy.screening
    margin = int(screening.margin * 100)
    # With a margin of nothing the policy lets a tie air.
    tie = (wide.opening_price_fen == wide.web_lowest_fen) & (margin > 0)
    reason = ibis.cases(
        (wide.web_lowest_fen.isnull(), "NO_ELIGIBLE_QUOTE"),
        (wide.channels_checked < screening.min_channels, "TOO_FEW_CHANNELS"),
        (~wide.has_required, "MISSING_CHANNEL"),
        (wide.opening_price_fen > wide.web_lowest_fen, "ABOVE_WEB"),
        (tie, "TIE_WITH_WEB"),
        (wide.opening_price_fen > wide.web_lowest_fen - margin, "ABOVE_WEB"),
        (wide.possible_unbounded | (wide.possible_lowest_fen - margin < wide.opening_price_fen), "UNKNOWN_TERMS"),
        else_="LOWEST",
    )
    quote = ibis.literal("quotes:") + wide.web_lowest_quote
    unknown = wide.unknown_quotes.notnull().ifelse(ibis.literal(";unknown:") + wide.unknown_quotes, "")
    outlying = wide.outlying_quotes.notnull().ifelse(ibis.literal(";outliers:") + wide.outlying_quotes, "")
    return _Judged(
        "lowest_price", reason, "LOWEST", ("ABOVE_WEB", "TIE_WITH_WEB"),
        wide.opening_price_fen.cast("string"), (wide.web_lowest_fen - margin).cast("string"), quote + unknown + outlying,
    )  # fmt: skip


def _brand(wide: ir.Table, show_day: date) -> _Judged:
    import ibis

    reason = ibis.cases(
        (wide.brand_name.isnull(), "BRAND_UNLISTED"),
        (wide.white_label.fill_null(False), "WHITE_LABEL"),
        (wide.brand_authorisations == 0, "AUTHORISATION_MISSING"),
        (~wide.store_authorised, "AUTHORISATION_BROKEN"),
        (wide.authorised_until < show_day, "AUTHORISATION_EXPIRED"),
        (wide.trademark_no.isnull() | wide.trademark_owner.isnull(), "TRADEMARK_MISSING"),
        (wide.white_label.isnull(), "WHITE_LABEL_UNKNOWN"),
        (wide.authorised_until.isnull(), "AUTHORISATION_UNDATED"),
        else_="BRAND_PROVEN",
    )
    evidence = (
        ibis.literal("brands:")
        + wide.brand_id
        + wide.store_authorised.ifelse(ibis.literal(";authorisations:") + wide.brand_id + "/" + wide.store_id, "")
    )
    return _Judged(
        "brand", reason, "BRAND_PROVEN", ("WHITE_LABEL", "AUTHORISATION_BROKEN", "AUTHORISATION_EXPIRED"),
        wide.authorised_until.cast("string"), ibis.literal(show_day.isoformat()), evidence,
    )  # fmt: skip


def _store_score(wide: ir.Table, policy: Policy) -> _Judged:
    import ibis

    screening = policy.screening
    reason = ibis.cases(
        (wide.store_name.isnull(), "STORE_UNLISTED"),
        (wide.score.isnull() | wide.score_as_of.isnull(), "SCORE_MISSING"),
        (wide.score_age_days < 0, "SCORE_AFTER_SHOW"),
        (wide.score < screening.store_score_min, "SCORE_LOW"),
        (wide.score_age_days > screening.store_score_max_age_days, "SCORE_STALE"),
        else_="SCORE_OK",
    )
    return _Judged("store_score", reason, "SCORE_OK", ("SCORE_LOW",), wide.score.cast("string"),
                   ibis.literal(f"{screening.store_score_min:g}"), ibis.literal("stores:") + wide.store_id)  # fmt: skip


def _category(wide: ir.Table, policy: Policy) -> _Judged:
    import ibis

    banned = policy.screening.banned_categories
    reason = wide.category.isin(list(banned) or [""]).ifelse("CATEGORY_BANNED", "CATEGORY_OK")
    return _Judged("category", reason, "CATEGORY_OK", ("CATEGORY_BANNED",), wide.category,
                   ibis.literal("not: " + ", ".join(banned)), ibis.literal("offers:") + wide.offer_id)  # fmt: skip


def _certificate(wide: ir.Table, show_day: date) -> _Judged:
    import ibis

    until = wide.certificate_until
    reason = ibis.cases((until.isnull(), "CERTIFICATE_MISSING"), (until < show_day, "CERTIFICATE_EXPIRED"),
                        else_="CERTIFICATE_OK")  # fmt: skip
    return _Judged("certificate", reason, "CERTIFICATE_OK", ("CERTIFICATE_EXPIRED",), until.cast("string"),
                   ibis.literal(show_day.isoformat()), ibis.literal("offers:") + wide.offer_id)  # fmt: skip


def _returns(wide: ir.Table, policy: Policy) -> _Judged:
    import ibis

    most = policy.screening.return_rate_max
    reason = ibis.cases((wide.return_rate.isnull(), "RETURNS_UNKNOWN"), (wide.return_rate > most, "RETURNS_HIGH"),
                        else_="RETURNS_OK")  # fmt: skip
    return _Judged("return_rate", reason, "RETURNS_OK", ("RETURNS_HIGH",), wide.return_rate.cast("string"),
                   ibis.literal(f"{most:g}"), ibis.literal("offers:") + wide.offer_id)  # fmt: skip


def _stock(wide: ir.Table, policy: Policy) -> _Judged:
    import ibis

    least = policy.screening.stock_min
    reason = (wide.stock < least).ifelse("STOCK_LOW", "STOCK_OK")
    return _Judged("stock", reason, "STOCK_OK", ("STOCK_LOW",), wide.stock.cast("string"), ibis.literal(str(least)),
                   ibis.literal("offers:") + wide.offer_id)  # fmt: skip


def _capacity(wide: ir.Table, policy: Policy) -> _Judged:
    import ibis

    least = policy.screening.daily_capacity_min
    reason = ibis.cases((wide.daily_capacity.isnull() | wide.promise_days.isnull(), "CAPACITY_UNKNOWN"),
                        (wide.daily_capacity < least, "CAPACITY_LOW"), else_="CAPACITY_OK")  # fmt: skip
    return _Judged("capacity", reason, "CAPACITY_OK", ("CAPACITY_LOW",), wide.daily_capacity.cast("string"),
                   ibis.literal(str(least)), ibis.literal("offers:") + wide.offer_id)  # fmt: skip


def _reference_price(wide: ir.Table) -> _Judged:
    raised = wide.raised_quote.notnull().ifelse(_text("|") + wide.raised_quote, "")
    return _Judged("reference_price", wide.reference_code, "REFERENCE_OK", ("RAISED_BEFORE_DISCOUNT",),
                   wide.list_price_fen.cast("string"), wide.was_fen.cast("string"),
                   _text("quotes:") + wide.was_quote + raised)  # fmt: skip


def _list_price(wide: ir.Table) -> _Judged:
    return _Judged("list_price", wide.list_price_code, "LIST_PRICE_TRADED", ("LIST_PRICE_NEVER_TRADED",),
                   wide.list_price_fen.cast("string"), wide.highest_fen.cast("string"),
                   _text("quotes:") + wide.highest_quote)  # fmt: skip


def _pack(wide: ir.Table) -> _Judged:
    return _Judged("pack", wide.pack_code, "PACK_KEPT", ("SHRUNK_PACK",), wide.content_now.cast("string"),
                   wide.content_then.cast("string"), _text("quotes:") + wide.larger_quote)  # fmt: skip


def _claim(wide: ir.Table) -> _Judged:
    return _Judged("claim", wide.claim_code, ("CLAIM_HOLDS", "CLAIM_NONE"), ("CLAIM_FALSE",),
                   wide.opening_price_fen.cast("string"), wide.claim_fen.cast("string"),
                   _text("quotes:") + wide.claim_quote)  # fmt: skip


def _sampling(wide: ir.Table) -> _Judged:
    import ibis

    night, weekend = wide.at_night.fill_null(False), wide.at_weekend.fill_null(False)
    reason = ibis.cases(
        (wide.channels_checked == 0, "SAMPLING_UNKNOWN"),
        (~night & ~weekend, "NIGHT_AND_WEEKEND_GAP"),
        (~night, "NIGHT_GAP"),
        (~weekend, "WEEKEND_GAP"),
        else_="SAMPLED",
    )
    seen = night.ifelse("night", "") + (night & weekend).ifelse(" and ", "") + weekend.ifelse("weekend", "")
    return _Judged("sampling", reason, "SAMPLED", (), seen, _text("night and weekend"), ibis.null("string"))


def _text(text: str) -> ir.StringValue:
    import ibis

    return ibis.literal(text)
