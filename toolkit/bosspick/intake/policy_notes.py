"""What a policy says that reaches nothing in a week: no fault of the file, and seldom what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

import pandas as pd

from bosspick.intake.findings import Finding
from bosspick.policy import Policy
from bosspick.policy_rules import BudgetSpec, GroupSpec, RuleSpec

__all__ = ["policy_notes"]


def policy_notes(policy: Policy, tables: Mapping[str, pd.DataFrame], session_id: str) -> Iterator[Finding]:
    """Keys of a policy that have no effect in a week.

    Parameters
    ----------
    policy
        The room's policy.
    tables
        The week's tables by name; ``offers`` and ``calendar`` are read.
    session_id
        ISO week, for rules that hold in some weeks only.

    Yields
    ------
    Finding
        Notes: platform money no budget rule draws on, pots of an event the calendar does not have, labels of group
        rules no offer carries, and talk hours of a negotiator without offers.
    """
    rules = [rule for rule in policy.rules if rule.mode != "off" and (not rule.sessions or session_id in rule.sessions)]
    yield from _pots(policy, rules, tables["calendar"])
    offers = tables["offers"]
    for rule in rules:
        if isinstance(rule, GroupSpec) and rule.label is not None and rule.column in offers:
            labels, needed = _names(offers[rule.column]), bool(rule.at_least)
            reason = f"no offer's {rule.column} is this, so the rule " + ("cannot be kept" if needed else "counts nothing")
            yield from _unknown(f"rules[{rule.id}].label", rule.label, labels, reason, always=needed)
    hours, negotiators = policy.bargaining.hours, _names(offers["negotiator"])
    for name in hours:
        unlisted = [each for each in negotiators if each not in hours]
        if name not in negotiators:
            yield from _unknown("bargaining.hours", name, unlisted, "no offer has this negotiator", always=False)


def _pots(policy: Policy, rules: list[RuleSpec], calendar: pd.DataFrame) -> Iterator[Finding]:
    drawn = any(isinstance(rule, BudgetSpec) and rule.pot == "platform" for rule in rules)
    # Only the platform's money is planned per unit; what brands and hosts give is spent on air.
    for pot in policy.pots:
        if pot.payer == "platform" and pot.goods != "new_users" and not drawn:
            reason = "no budget rule in force draws on the platform's pots, so it limits no plan"
            mend = 'add a rule with type = "budget", column = "subsidy_fen" and pot = "platform"'
            yield _note(f"pots[{pot.id}].amount", str(pot.amount), reason, mend)
        if pot.event is not None:
            reason = "the calendar has no such event, so the pot is never there"
            yield from _unknown(f"pots[{pot.id}].event", pot.event, _names(calendar["event"]), reason, always=True)


def _names(column: pd.Series) -> list[str]:
    return sorted(column.dropna().astype(str).unique())


def _unknown(column: str, value: str, known: list[str], reason: str, *, always: bool) -> Iterator[Finding]:
    """A note on a name that is not known; where most are merely absent this week, only on one that resembles a known one."""
    near = difflib.get_close_matches(value, known, n=1, cutoff=0.5)
    if value not in known and (near or always):
        yield _note(column, value, reason, f"did you mean {near[0]!r}?" if near else "correct the name, or add it to the table")


def _note(column: str, value: str, reason: str, mend: str) -> Finding:
    return Finding(
        table="policy", file="policy.toml", row=None, column=column, value=value, reason=reason, mend=mend, severity="note"
    )
