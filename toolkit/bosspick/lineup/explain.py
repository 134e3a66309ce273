"""What the rules cost, why an offer is not in, and what changed between two lineups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from bosspick.errors import OptionsError
from bosspick.lineup.bench import bench
from bosspick.lineup.instance import OptionTable
from bosspick.lineup.optimiser import optimise
from bosspick.lineup.outcome import LineupResult
from bosspick.lineup.rules import Lock, Rule

__all__ = ["bench", "diff", "price_of_rules", "why_not"]


def price_of_rules(
    options: pd.DataFrame | OptionTable,
    rules: Sequence[Rule],
    result: LineupResult,
    *,
    time_limit_s: float = 30,
    solver: str = "highs",
) -> pd.DataFrame:
    """What each rule costs: drop it, solve again, take the difference in value.

    Parameters
    ----------
    options, rules
        As given to :func:`~bosspick.lineup.optimise`.
    result
        Its answer, with a plan.
    time_limit_s, solver
        For each of the solves, one per live rule.

    Returns
    -------
    DataFrame
        One row per live rule, dearest first: ``id``, ``kind``, ``title``, ``mode``, ``price`` (yuan the lineup
        would gain without the rule; a cover's is negative: its reward is gone), ``value_without`` (yuan),
        ``entered`` and ``left`` (lists of offer ids), ``outcome`` of the solve without it (NaN where that ran out of
        time).

    Raises
    ------
    NoPlanError
        When the result has no plan.
    """
    value, chosen = result.value, result.chosen
    rows = []
    for rule in sorted((r for r in rules if r.mode != "off"), key=lambda r: r.id):
        others = [replace(r, mode="off") if r is rule else r for r in rules]
        without = optimise(options, others, pick=result.pick, time_limit_s=time_limit_s, solver=solver)
        worth = without.value if without.outcome.has_plan else math.nan
        change = diff(chosen, without.chosen if without.outcome.has_plan else chosen)
        rows.append(
            {
                "id": rule.id,
                "kind": rule.kind,
                "title": rule.title,
                "mode": rule.mode,
                "price": worth - value,
                "value_without": worth,
                "entered": change.loc[change["change"] == "entered", "offer_id"].tolist(),
                "left": change.loc[change["change"] == "left", "offer_id"].tolist(),
                "outcome": str(without.outcome),
            }
        )
    columns = ["id", "kind", "title", "mode", "price", "value_without", "entered", "left", "outcome"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["price", "id"], ascending=[False, True], ignore_index=True)


def why_not(
    options: pd.DataFrame | OptionTable,
    rules: Sequence[Rule],
    result: LineupResult,
    offer_id: str,
    *,
    time_limit_s: float = 30,
    solver: str = "highs",
) -> tuple[LineupResult, float | None]:
    """Force one offer in and say what that costs.

    Parameters
    ----------
    options, rules, result
        As given to and by :func:`~bosspick.lineup.optimise`. The same :class:`OptionTable` knows the lineup of ``result``,
        which shows without a solve what a rule in the way needs.
    offer_id
        The offer asked about.

    Returns
    -------
    tuple of LineupResult and float or None
        The best lineup with the offer in it, and how many yuan it is worth less than ``result``; None when no lineup
        can hold the offer, and the first part then names the rules in the way.

    Raises
    ------
    NoPlanError
        When ``result`` has no plan.
    RuleError
        When the offer has no options, or a hard rule bans it.
    """
    value = result.value
    forced = optimise(
        options,
        [*rules, Lock(offer_id=offer_id, title=f"{offer_id} is asked for", id=f"asked-for-{offer_id}")],
        pick=result.pick,
        time_limit_s=time_limit_s,
        solver=solver,
    )
    return forced, (value - forced.value if forced.outcome.has_plan else None)


def diff(before: LineupResult | pd.DataFrame, after: LineupResult | pd.DataFrame) -> pd.DataFrame:
    """What left, what entered and what changed its option.

    Parameters
    ----------
    before, after
        Results with a plan, or frames of chosen rows (``offer_id``, ``option_id``, ``value``).

    Returns
    -------
    DataFrame
        One row per change, by offer id: ``offer_id``, ``change`` (``entered``, ``left`` or ``option``),
        ``option_before``, ``option_after``, ``value_before``, ``value_after`` (yuan). Empty for equal plans.

    Raises
    ------
    NoPlanError
        When a result has no plan.
    OptionsError
        When a frame has two rows for one offer.
    """
    old, new = _by_offer(before), _by_offer(after)
    rows = []
    for offer in sorted(old.keys() | new.keys()):
        was, now = old.get(offer), new.get(offer)
        if was and now and was[0] == now[0]:
            continue
        rows.append(
            {
                "offer_id": offer,
                "change": "option" if was and now else ("left" if was else "entered"),
                "option_before": was[0] if was else None,
                "option_after": now[0] if now else None,
                "value_before": was[1] if was else None,
                "value_after": now[1] if now else None,
            }
        )
    columns = ["offer_id", "change", "option_before", "option_after", "value_before", "value_after"]
    return pd.DataFrame(rows, columns=columns)


def _by_offer(plan: LineupResult | pd.DataFrame) -> dict[str, tuple[str, float]]:
    frame = plan.chosen if isinstance(plan, LineupResult) else plan
    cells = zip(frame["offer_id"], frame["option_id"], frame["value"], strict=True)
    found = {str(offer): (str(option), float(value)) for offer, option, value in cells}
    if len(found) != len(frame):
        raise OptionsError("a lineup has two rows for one offer", where="diff", hint="pass the chosen rows of one lineup")
    return found
