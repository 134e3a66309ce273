"""The screen's verdicts in words a person on set can read, the lowest price judged at the price on air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.wording import UNKNOWN, count, day, percent, yuan
from bosspick.screening.verdicts import REASONS, RULES

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["RULE_TITLES", "Check", "checks_of"]

RULE_TITLES = {
    "lowest_price": "Lowest price", "brand": "Real brand", "store_score": "Store score", "category": "Category",
    "certificate": "Certificate", "return_rate": "Returns", "stock": "Stock", "capacity": "Shipping capacity",
    "reference_price": "“Was” price", "list_price": "List price", "pack": "Pack size", "claim": "“Lowest in N days”",
    "sampling": "Night and weekend",
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
    return tuple(_check(rows[rule], viewer_fen) for rule in told)


def _check(row: dict[Any, Any], viewer_fen: int) -> Check:
    rule, verdict, reason = str(row["rule"]), str(row["verdict"]), str(row["reason_code"])
    why, figures = REASONS.get(reason, reason), _figures(rule, row["value"], row["threshold"])
    if reason == "RULE_OFF":
        figures = ""
    elif rule == "lowest_price":
        verdict, why, figures = _price(row, viewer_fen, verdict, why)
    elif verdict == "PASS":
        why = ""
    elif rule == "sampling":
        why = why.partition(",")[0]  # beside the title the reason needs no reason
    return Check(
        rule=rule, title=RULE_TITLES[rule], verdict=verdict, symbol=_SYMBOLS.get(verdict, "?"), why=why, figures=figures
    )


def _price(row: dict[Any, Any], viewer_fen: int, verdict: str, why: str) -> tuple[str, str, str]:
    """Judge the price on air: the screen judged the opening price, and a talk or a subsidy may have lowered it."""
    limit = row["passes_at"]
    if pd.isna(limit) or viewer_fen > int(limit):
        return verdict, why, f"{yuan(viewer_fen)} on air"
    figures = f"{yuan(viewer_fen)} on air, passes up to {yuan(limit)}"
    return "PASS", "", figures if verdict == "PASS" else f"{figures}; at the opening price: {why}"


def _figures(rule: str, value: Any, threshold: Any) -> str:
    got = UNKNOWN if value is None or pd.isna(value) else str(value)
    asked = UNKNOWN if threshold is None or pd.isna(threshold) else str(threshold)
    if rule in ("brand", "certificate"):
        return f"until {_day(got)}"
    if rule == "store_score":
        return f"{got}, at least {asked}"
    if rule == "return_rate":
        return f"{_share(got)}, at most {_share(asked)}"
    if rule in ("stock", "capacity"):
        return f"{_count(got)}, at least {_count(asked)}"
    if rule == "reference_price":
        return f"list price {_yuan(got)}, own lowest before {_yuan(asked)}"
    if rule == "list_price":
        return f"list price {_yuan(got)}, highest shown {_yuan(asked)}"
    if rule == "claim":
        return "" if asked == UNKNOWN else f"opening price {_yuan(got)}, own lowest then {_yuan(asked)}"
    if rule == "pack":
        return "" if asked == UNKNOWN else f"{got} now, {asked} before"
    if rule == "sampling":
        return ""
    return got


def _day(text: str) -> str:
    return text if text == UNKNOWN else day(pd.Timestamp(text))


def _share(text: str) -> str:
    return text if text == UNKNOWN else percent(float(text), 1)


def _count(text: str) -> str:
    return text if text == UNKNOWN else count(float(text))


def _yuan(text: str) -> str:
    return text if text == UNKNOWN else yuan(int(float(text)))
