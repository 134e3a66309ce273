"""What to change about a rule that stands in the way, in words, and what a change weighs beside others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bosspick.errors import RuleError
from bosspick.lineup.instance import Instance
from bosspick.lineup.outcome import Mend, RuleReport
from bosspick.lineup.phrases import amount, counted, rounded_up
from bosspick.lineup.rules import Apart, Ban, Budget, Gini, Group, IfThen, Lock, Repeat, Rule, Together

__all__ = ["mend_of", "mended", "more_offers", "weight"]

#: In the elastic problem this share of a budget weighs as much as one pick or one lock.
BUDGET_SHARE = 0.1


def mended(rules: Iterable[Rule], by: Mapping[str, float]) -> list[Rule]:
    """The rules with some of them loosened.

    Parameters
    ----------
    rules
        Rules as given to :func:`~bosspick.lineup.optimise`.
    by
        By how much, by rule id: a budget's or a Gini bound's limit rises by it, a group's cap rises and its floor falls by so
        many picks, any other rule is switched off. ``dict(repair.by)`` of a conflict's repair.

    Returns
    -------
    list of Rule
        In the order given.

    Raises
    ------
    RuleError
        There is no rule of such an id.

    Examples
    --------
    >>> from bosspick.lineup import Lock, mended
    >>> [rule.mode for rule in mended([Lock(offer_id="o1", id="a"), Lock(offer_id="o2", id="b")], {"b": 1})]
    ['hard', 'off']
    """
    given = list(rules)
    unknown = by.keys() - {rule.id for rule in given}
    if unknown:
        hint = f"use one of: {', '.join(sorted(rule.id for rule in given))}"
        raise RuleError(f"there is no rule {sorted(unknown)[0]!r} to loosen", where="loosened rules", hint=hint)
    return [_loosened(rule, by[rule.id]) if rule.id in by else rule for rule in given]


def _loosened(rule: Rule, by: float) -> Rule:
    if isinstance(rule, (Budget, Gini)):
        return replace(rule, at_most=rule.at_most + by)
    if isinstance(rule, Group):
        picks = math.ceil(by)
        at_most, at_least = None if rule.at_most is None else rule.at_most + picks, max(0, rule.at_least - picks)
        if at_most is not None or at_least:
            return replace(rule, at_most=at_most, at_least=at_least)
    return replace(rule, mode="off")


def mend_of(reports: Iterable[RuleReport], rules: Mapping[str, Rule]) -> Mend:
    """What to change so that these violations are none."""
    broken = [report for report in reports if report.violation > 0]
    texts = [_words(report, rules[report.id]) for report in broken]
    return Mend(text=" and ".join(texts), by=tuple((report.id, report.violation) for report in broken))


def weight(rule: Rule) -> float:
    """What one unit of violation weighs in the elastic problem."""
    if isinstance(rule, Budget):
        return 1.0 / (BUDGET_SHARE * max(abs(rule.at_most), 1.0))
    return 1.0


def more_offers(instance: Instance) -> Mend:
    """What to do where there are fewer offers than places."""
    there = len(instance.offers)
    fewer = f", or plan {counted(there, 'item')}" if there else ""
    return Mend(text=f"admit {counted(instance.pick - there, 'more offer')}{fewer}")


def _words(report: RuleReport, rule: Rule) -> str:
    """What to change about one rule, by as much as it is violated."""
    by = f"{report.violation:,.10g}"
    if isinstance(rule, Budget):
        more, limit = (amount(rule.column, number) for number in (report.violation, rule.at_most + report.violation))
        return f"raise the limit of {rule.title!r} by {more} to {limit}"
    if isinstance(rule, Group):
        return f"loosen {rule.title!r} by {counted(report.violation, 'item')}"
    if isinstance(rule, Gini):
        uneven = rounded_up(rule.at_most + report.violation)
        return f"let {rule.title!r} be as uneven as {uneven} instead of {rule.at_most:.10g}"
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
        rest = "rests" if report.violation == 1 else "rest"
        return f"let {counted(report.violation, 'item')} in that {rest} under {rule.title!r}"
    return f"switch off {rule.title!r}"
