"""The best lineup by trying every one: slow, obvious, and without a line of the package's own arithmetic.

A rule is read by the name of its class and its fields only.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Best:
    """The greatest value and the first plan in id order that reaches it; both None without a plan."""

    value: float | None
    plan: tuple[tuple[str, str], ...] | None


def brute(options: pd.DataFrame, rules: list[Any], pick: int, tie: float = 1e-9) -> Best:
    """Try every choice of ``pick`` offers with every option of each."""
    rows: list[Any] = options.sort_values(["offer_id", "option_id"], kind="stable").to_dict("records")
    by_offer: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_offer.setdefault(row["offer_id"], []).append(row)
    largest = max((abs(r["value"]) for r in rows), default=0.0)
    scored = []
    for offers in itertools.combinations(sorted(by_offer), pick):
        for plan in itertools.product(*(by_offer[o] for o in offers)):
            value = worth(list(plan), rules, options)
            if value is not None:
                scored.append((value, tuple((r["offer_id"], r["option_id"]) for r in plan)))
    if not scored:
        return Best(None, None)
    top = max(value for value, _ in scored)
    slack = tie * max(abs(top), largest)
    return Best(top, min(plan for value, plan in scored if value >= top - slack))


def worth(plan: list[dict[str, Any]], rules: list[Any], options: pd.DataFrame) -> float | None:
    """Value of a plan in yuan, or None where a hard rule forbids it."""
    total: float = sum(row["value"] for row in plan)
    offers = {row["offer_id"] for row in plan}
    for rule in rules:
        if rule.mode == "off":
            continue
        kind = type(rule).__name__
        if kind == "Cover":
            total += sum(w for w, wanted in rule.topics.values() if offers & set(wanted))
            continue
        if kind == "Change":
            total -= rule.tax * sum(o not in offers for o in rule.published)
            continue
        violation = _violation(kind, rule, plan, offers, options)
        if violation and rule.mode == "hard":
            return None
        total -= rule.penalty * violation if violation else 0.0
    return total


def _violation(
    kind: str,
    rule: Any,
    plan: list[dict[str, Any]],
    offers: set[str],
    options: pd.DataFrame,
) -> float:
    if kind == "Budget":
        over: float = sum(row[rule.column] for row in plan) - rule.at_most
        return over if over > 1e-9 * max(1.0, abs(rule.at_most)) else 0.0
    if kind == "Group":
        labels = sorted(set(options[rule.column].dropna())) if rule.label is None else [rule.label]
        counts = Counter(row[rule.column] for row in plan)
        top = math.inf if rule.at_most is None else rule.at_most
        off = [max(0.0, rule.at_least - counts[x]) + max(0.0, counts[x] - top) for x in labels]
        return float(sum(off))
    if kind == "Gini":
        counts = Counter(row[rule.column] for row in plan)
        picks = [counts[x] for x in sorted(set(options[rule.column].dropna()))]
        far = sum(abs(a - b) for a, b in itertools.combinations(picks, 2)) / (len(picks) * len(plan)) if picks else 0.0
        return far - rule.at_most if far > rule.at_most + 1e-9 else 0.0
    if kind == "Lock":
        ok = any(
            row["offer_id"] == rule.offer_id and (rule.option_id is None or row["option_id"] == rule.option_id) for row in plan
        )
        return 0 if ok else 1
    if kind == "Ban":
        return 1 if rule.offer_id in offers else 0
    if kind == "Apart":
        return max(0, len(offers & set(rule.offer_ids)) - 1)
    if kind == "Together":
        n = len(offers & set(rule.offer_ids))
        return len(set(rule.offer_ids)) - n if n else 0
    if kind == "IfThen":
        return 1 if offers & set(rule.if_any) and not offers & set(rule.then_any) else 0
    if kind == "Repeat":
        return sum(1 for row in plan if rule.recent.get(row[rule.column], 10**9) < rule.at_least)
    raise AssertionError(f"the oracle does not know {kind}")
