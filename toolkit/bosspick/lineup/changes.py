"""What a new lineup changes about a published one, and whether it pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bosspick.lineup.instance import OptionTable
from bosspick.lineup.optimiser import optimise
from bosspick.lineup.outcome import LineupResult
from bosspick.lineup.rules import Ban, Change, Lock, Rule

__all__ = ["Changes", "changes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A lineup beside the one that was published.

    Attributes
    ----------
    entered, left
        Offer ids.
    worth
        Yuan the new lineup is worth more than the published offers at their best options now, a tax on changes left aside;
        None when these can no longer all air together.
    why_not
        What keeps the published offers from airing together, empty when nothing does.
    """

    entered: tuple[str, ...]
    left: tuple[str, ...]
    size: int
    worth: float | None
    why_not: str = ""

    def __str__(self) -> str:
        count = f"{len(self.entered)} of {self.size} changed"
        if not self.entered:
            return "nothing changed"
        if self.worth is None:
            return f"{count}, because the published ones cannot all air: {self.why_not}"
        return f"{count}, worth ¥{self.worth:,.0f}"


def changes(
    options: pd.DataFrame | OptionTable,
    rules: Sequence[Rule],
    result: LineupResult,
    published: Sequence[str],
    *,
    time_limit_s: float = 30,
) -> Changes:
    """Say how many offers a new lineup changes, and what that is worth.

    Parameters
    ----------
    options, rules, result
        As given to and by :func:`~bosspick.lineup.optimise`.
    published
        Offer ids of the published lineup.

    Raises
    ------
    NoPlanError
        When the result has no plan.

    Examples
    --------
    >>> options = pd.DataFrame({"offer_id": ["o1", "o2", "o3"], "option_id": "a", "value": [9.0, 5.0, 4.0]})
    >>> str(changes(options, [], optimise(options, [], pick=2), ["o1", "o3"]))
    '1 of 2 changed, worth ¥1'
    """
    table = options if isinstance(options, OptionTable) else OptionTable(options)
    now = [str(offer) for offer in result.chosen["offer_id"]]
    before = sorted(set(published))
    entered = tuple(offer for offer in now if offer not in before)
    left = tuple(offer for offer in before if offer not in now)
    gone = [offer for offer in before if not table.has_offer(offer)]
    if gone or len(before) != result.pick:
        named = ", ".join(gone)
        why = f"{named} may no longer air" if gone else f"{len(before)} were published, {result.pick} are planned"
        return Changes(entered=entered, left=left, size=result.pick, worth=None, why_not=why)
    untaxed = [rule for rule in rules if not isinstance(rule, Change)]
    banned = [rule for rule in untaxed if isinstance(rule, Ban) and rule.mode == "hard" and rule.offer_id in before]
    if banned:
        why = ", ".join(rule.title or f"{rule.offer_id} is banned" for rule in banned)
        return Changes(entered=entered, left=left, size=result.pick, worth=None, why_not=why)
    locks = [Lock(offer_id=offer, id=f"published: {offer}", title=f"{offer} was published") for offer in before]
    other = [rule for rule in untaxed if not (isinstance(rule, Lock) and rule.offer_id in before and rule.option_id is None)]
    kept = optimise(table, [*other, *locks], pick=result.pick, time_limit_s=time_limit_s)
    if not kept.outcome.has_plan:
        return Changes(entered=entered, left=left, size=result.pick, worth=None, why_not=str(kept.conflict or kept.outcome))
    taxed = sum(report.cost for report in result.rule_reports if report.kind == "change")
    return Changes(entered=entered, left=left, size=result.pick, worth=result.value + taxed - kept.value)
