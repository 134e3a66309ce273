"""What to change about a rule that stands in the way, in words, and what a change weighs beside others."""

from __future__ import annotations

from bosspick.lineup.instance import Instance
from bosspick.lineup.outcome import RuleReport
from bosspick.lineup.rules import Apart, Ban, Budget, Gini, Group, IfThen, Lock, Repeat, Rule, Together

__all__ = ["mend_text", "more_offers", "weight"]

#: In the elastic problem this share of a budget weighs as much as one pick or one lock.
BUDGET_SHARE = 0.1


def weight(rule: Rule) -> float:
    """What one unit of violation weighs in the elastic problem."""
    if isinstance(rule, Budget):
        return 1.0 / (BUDGET_SHARE * max(abs(rule.at_most), 1.0))
    return 1.0


def more_offers(instance: Instance) -> str:
    """What to do where there are fewer offers than places."""
    there = len(instance.offers)
    fewer = f", or plan {there} picks" if there else ""
    return f"admit {instance.pick - there} more offers{fewer}"


def mend_text(report: RuleReport, rule: Rule) -> str:
    """What to change about one rule, by as much as it is violated."""
    by = f"{report.violation:,.10g}"
    if isinstance(rule, Budget):
        return f"raise the limit of {rule.title!r} by {by} to {rule.at_most + report.violation:,.10g}"
    if isinstance(rule, Group):
        return f"loosen {rule.title!r} by {by} picks"
    if isinstance(rule, Gini):
        return f"raise the bound of {rule.title!r} by {by} to {rule.at_most + report.violation:,.10g}"
    if isinstance(rule, Lock):
        return f"release the lock {rule.title!r}"
    if isinstance(rule, Ban):
        return f"lift the ban {rule.title!r}"
    if isinstance(rule, Apart):
        return f"allow {by} more of {', '.join(rule.offer_ids)} in {rule.title!r}"
    if isinstance(rule, Together):
        return f"let {by} of {', '.join(rule.offer_ids)} stay out in {rule.title!r}"
    if isinstance(rule, IfThen):
        return f"switch off {rule.title!r}"
    if isinstance(rule, Repeat):
        return f"allow {by} repeated picks in {rule.title!r}"
    return f"switch off {rule.title!r}"
