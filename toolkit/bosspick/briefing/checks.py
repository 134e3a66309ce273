"""The screen's verdicts in words a person on set can read, the lowest price judged at the price on air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.language import Language, marked
from bosspick.screening.verdicts import REASONS, RULES

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["RULE_TITLES", "Check", "checks_of"]

RULE_TITLES = {
    "lowest_price": marked("Lowest price"), "brand": marked("Real brand"), "store_score": marked("Store score"),
    "category": marked("Category"), "certificate": marked("Certificate"), "return_rate": marked("Returns"),
    "stock": marked("Stock"), "capacity": marked("Shipping capacity"), "reference_price": marked("“Was” price"),
    "list_price": marked("List price"), "pack": marked("Pack size"), "claim": marked("“Lowest in N days”"),
    "sampling": marked("Night and weekend"),
}  # fmt: skip
_SYMBOLS = {"PASS": "✓", "FAIL": "✕", "UNKNOWN": "?"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule's verdict: PASS, FAIL or UNKNOWN, its symbol, why, and the figures behind it."""

    rule: str
    title: str
    verdict: str
    symbol: str
    why: str
    figures: str


def checks_of(stage: Stage, offer_id: str, viewer_fen: int) -> tuple[Check, ...]:
    """Verdicts of one planned item, in the order of the rules."""
    verdicts = stage.screening.verdicts
    rows = {row["rule"]: row for row in verdicts[verdicts["offer_id"] == offer_id].to_dict("records")}
    # A claim nobody makes is no check.
    told = [rule for rule in RULES if rule in rows and rows[rule]["reason_code"] != "CLAIM_NONE"]
    return tuple(_check(stage.language, rows[rule], viewer_fen) for rule in told)


def _check(language: Language, row: dict[Any, Any], viewer_fen: int) -> Check:
    rule, verdict, reason = str(row["rule"]), str(row["verdict"]), str(row["reason_code"])
    words = REASONS.get(reason, reason)
    if rule == "sampling":
        words = words.partition(",")[0]  # beside the title the reason needs no reason
    why, figures = language.told(words), _figures(language, rule, row["value"], row["threshold"])
    if reason == "RULE_OFF":
        figures = ""
    elif rule == "lowest_price":
        verdict, why, figures = _price(language, row, viewer_fen, verdict, why)
    elif verdict == "PASS":
        why = ""
    title = language.gettext(RULE_TITLES[rule])
    return Check(rule=rule, title=title, verdict=verdict, symbol=_SYMBOLS.get(verdict, "?"), why=why, figures=figures)


def _price(language: Language, row: dict[Any, Any], viewer_fen: int, verdict: str, why: str) -> tuple[str, str, str]:
    """Judge the price on air: the screen judged the opening price, and a talk or a subsidy may have lowered it."""
    t, limit, price = language.gettext, row["passes_at"], language.yuan(viewer_fen)
    if pd.isna(limit) or viewer_fen > int(limit):
        return verdict, why, t("%(price)s on air", price=price)
    figures = t("%(price)s on air, passes up to %(limit)s", price=price, limit=language.yuan(limit))
    told = t("%(figures)s; at the opening price: %(why)s", figures=figures, why=why)
    return "PASS", "", figures if verdict == "PASS" else told


def _figures(language: Language, rule: str, value: Any, threshold: Any) -> str:
    t = language.gettext
    got = None if value is None or pd.isna(value) else str(value)
    asked = None if threshold is None or pd.isna(threshold) else str(threshold)
    if rule in ("brand", "certificate"):
        return t("until %(day)s", day=language.day(None if got is None else pd.Timestamp(got)))
    if rule == "store_score":
        return t("%(got)s, at least %(asked)s", got=got or language.unknown, asked=asked or language.unknown)
    if rule == "return_rate":
        return t("%(got)s, at most %(asked)s", got=language.percent(_number(got), 1), asked=language.percent(_number(asked), 1))
    if rule in ("stock", "capacity"):
        return t("%(got)s, at least %(asked)s", got=language.exact(_number(got)), asked=language.exact(_number(asked)))
    if rule == "sampling":
        return ""
    if rule not in ("reference_price", "list_price", "claim", "pack"):
        return got or language.unknown
    if rule == "pack":
        return "" if asked is None else t("%(got)s now, %(asked)s before", got=got or language.unknown, asked=asked)
    paid, known = language.yuan(_number(got)), language.yuan(_number(asked))
    if rule == "reference_price":
        return t("list price %(got)s, own lowest before %(asked)s", got=paid, asked=known)
    if rule == "list_price":
        return t("list price %(got)s, highest shown %(asked)s", got=paid, asked=known)
    return "" if asked is None else t("opening price %(got)s, own lowest then %(asked)s", got=paid, asked=known)


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
