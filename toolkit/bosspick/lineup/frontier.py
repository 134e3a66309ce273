"""What more or less of a budget would bring, and how firmly each item stands when demand turns out otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from bosspick.errors import NoPlanError, RuleError
from bosspick.lineup.explain import diff
from bosspick.lineup.instance import OptionTable
from bosspick.lineup.optimiser import optimise
from bosspick.lineup.rules import Budget, Rule

__all__ = ["frontier", "stability"]

_SHARES = tuple(k / 10 for k in range(16))


def frontier(
    options: pd.DataFrame | OptionTable,
    rules: Sequence[Rule],
    budget_id: str,
    *,
    at: Sequence[float] | None = None,
    pick: int = 10,
    time_limit_s: float = 30,
    told: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """The best value at each limit of one budget, everything else as it is.

    Parameters
    ----------
    options, rules, pick
        As for :func:`~bosspick.lineup.optimise`.
    budget_id
        Id of a :class:`Budget` among the rules.
    at
        Limits in the budget's own unit; from none to one and a half times its limit, by tenths, if None.
    time_limit_s
        For each limit.
    told
        Called with how many limits are done, and how many there are.

    Returns
    -------
    DataFrame
        One row a limit, ascending: limit, value (yuan; NaN without a lineup), used (of the budget), gain (yuan more than
        at the limit before), per_unit (that, for one unit of the limit more), entered and left (offers, against the limit
        before), outcome. The value never falls along the limits.

    Raises
    ------
    RuleError
        No budget among the rules has the id.
    """
    rule = next((r for r in rules if r.id == budget_id and isinstance(r, Budget)), None)
    if not isinstance(rule, Budget):
        known = ", ".join(r.id for r in rules if isinstance(r, Budget)) or "none"
        raise RuleError(f"no budget has the id {budget_id!r}", where="frontier", hint=f"budgets among the rules: {known}")
    table = options if isinstance(options, OptionTable) else OptionTable(options)
    limits = sorted({float(x) for x in at}) if at is not None else sorted({round(rule.at_most * s, 6) for s in _SHARES})
    rows: list[dict[str, object]] = []
    before: pd.DataFrame | None = None
    last = math.nan
    for place, limit in enumerate(limits):
        asked = [replace(r, at_most=limit) if r is rule else r for r in rules]
        found = optimise(table, asked, pick=pick, time_limit_s=time_limit_s)
        value = found.value if found.outcome.has_plan else math.nan
        changes = diff(before, found.chosen) if before is not None and found.outcome.has_plan else None
        gain = value - last
        rows.append(
            {
                "limit": limit,
                "value": value,
                "used": next((r.used for r in found.rule_reports if r.id == budget_id), math.nan),
                "gain": gain,
                "per_unit": gain / (limit - limits[place - 1]) if place else math.nan,
                "entered": [] if changes is None else changes.loc[changes["change"] == "entered", "offer_id"].tolist(),
                "left": [] if changes is None else changes.loc[changes["change"] == "left", "offer_id"].tolist(),
                "outcome": str(found.outcome),
            }
        )
        if found.outcome.has_plan:
            before, last = found.chosen, value
        if told:
            told(place + 1, len(limits))
    columns = ["limit", "value", "used", "gain", "per_unit", "entered", "left", "outcome"]
    return pd.DataFrame(rows, columns=columns)


def stability(
    scenarios: Iterable[pd.DataFrame],
    rules: Sequence[Rule],
    chosen: pd.DataFrame,
    *,
    pick: int = 10,
    time_limit_s: float = 30,
    told: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """In what share of scenarios each item of a lineup, and each other that ever enters, is in the best lineup.

    Parameters
    ----------
    scenarios
        Options as they would be valued in each scenario, such as :func:`bosspick.demand.demand_scenarios` draws.
    rules, pick
        As for :func:`~bosspick.lineup.optimise`.
    chosen
        The lineup's rows.
    told
        Called with how many scenarios are done.

    Returns
    -------
    DataFrame
        offer_id, in_plan, share (of the scenarios that have a lineup), low and high (its 95 % Wilson interval, 1927),
        scenarios; the lineup's own items first, then the others by falling share.

    Raises
    ------
    NoPlanError
        No scenario has a lineup.
    """
    counts: dict[str, int] = {str(offer): 0 for offer in chosen["offer_id"]}
    ours = set(counts)
    planned = 0
    for place, options in enumerate(scenarios):
        found = optimise(options, rules, pick=pick, time_limit_s=time_limit_s)
        if found.outcome.has_plan:
            planned += 1
            for offer in found.chosen["offer_id"]:
                counts[str(offer)] = counts.get(str(offer), 0) + 1
        if told:
            told(place + 1)
    if not planned:
        raise NoPlanError("no scenario has a lineup", where="stability", hint="loosen the rules, or draw other scenarios")
    share = np.array(list(counts.values())) / planned
    low, high = _wilson(share, planned)
    frame = pd.DataFrame(
        {"offer_id": list(counts), "in_plan": [o in ours for o in counts], "share": share, "low": low, "high": high,
         "scenarios": planned}
    )  # fmt: skip
    return frame.sort_values(["in_plan", "share", "offer_id"], ascending=[False, False, True], ignore_index=True)


def _wilson(share: np.ndarray, n: int, z: float = 1.959964) -> tuple[np.ndarray, np.ndarray]:
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
