"""Who pays for the prices on air: the brand by coming down, the platform and the hosts from their pots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from bosspick.frames import records
from bosspick.intake import Week
from bosspick.lineup import Budget, Rule, optimise
from bosspick.lineup.plan import LineupPlan
from bosspick.lineup.pots import events_on, plannable_fen, pots_in_force

__all__ = ["FALL_COLUMNS", "POT_COLUMNS", "Subsidy", "subsidy_by_payer"]

POT_COLUMNS = ("payer", "given_fen", "reserve_fen", "planned_fen", "left_fen", "high_fen", "stress_fen", "next_step_value")
FALL_COLUMNS = ("offer_id", "title", "units", "opening_fen", "brand_fen", "platform_fen", "viewer_fen", "saving_fen")
#: Money added to ask what more of it would bring: ¥10,000.
STEP_FEN = 1_000_000
_DRAWN = {"subsidy_fen", "subsidy90_fen", "subsidy_discounted_fen", "subsidy90_discounted_fen"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidy:
    """The money behind a plan.

    Attributes
    ----------
    pots
        One row a payer with a pot in force or a part in the prices, columns ``POT_COLUMNS``: money given, kept for the
        air, planned at expected demand, left to plan, spent at the 90th percentile of demand, the limit there, and what
        the next ¥10,000 would be worth to the lineup (yuan-equivalents; null where nothing is planned per unit). What a
        brand gives up by coming down from its opening price is its part; a brand's pot is beside that.
    fall
        One row an item, columns ``FALL_COLUMNS``: from the opening price to the viewers' price per unit, by who pays;
        ``saving_fen`` is what is left to the web-lowest. Null where the web-lowest is not known.
    not_in_force
        Pots of the policy whose event does not run on the show's day.
    """

    pots: pd.DataFrame
    fall: pd.DataFrame
    not_in_force: tuple[str, ...]


def subsidy_by_payer(week: Week, plan: LineupPlan) -> Subsidy:
    """Take the prices of a plan apart by who pays, and hold them against the pots.

    Parameters
    ----------
    week, plan
        The week and its lineup.

    Returns
    -------
    Subsidy
        The worth of the next ¥10,000 is exact: the lineup is solved again with that much more.
    """
    in_force = pots_in_force(week)
    opening = week.table("offers").set_index("offer_id")["opening_price_fen"]
    chosen = plan.chosen
    down = (chosen["offer_id"].map(opening).astype("int64") - chosen["brand_price_fen"]).clip(lower=0)
    planned = {
        "platform": (int(chosen["subsidy_fen"].sum()), int(chosen["subsidy90_fen"].sum())),
        "brand": (int((down * chosen["expected_units"]).sum()), int((down * chosen["units90"]).sum())),
        "host": (0, 0),
    }
    rows = []
    for payer, (expected, high) in planned.items():
        own = [pot for pot in in_force if pot.payer == payer]
        extra = sum(events_on(week).values()) if payer == "platform" else 0
        given = sum(int(pot.amount * 100) for pot in own) + extra
        if not given and not expected:
            continue
        limited = payer == "platform"
        plannable = plannable_fen(week, payer)
        rows.append(
            {
                "payer": payer,
                "given_fen": given,
                "reserve_fen": given - plannable if limited or payer == "host" else 0,
                "planned_fen": expected,
                "left_fen": plannable - expected if limited else None,
                "high_fen": high,
                "stress_fen": plannable_fen(week, payer, stress=True) if limited else None,
                "next_step_value": _next_step(plan) if limited else None,
            }
        )
    pots = pd.DataFrame(rows, columns=list(POT_COLUMNS))
    whole = [name for name in POT_COLUMNS if name.endswith("_fen")]
    pots = pots.astype(dict.fromkeys(whole, "Int64") | {"next_step_value": "Float64"})
    away = tuple(pot.id for pot in week.policy.pots if pot not in in_force)
    return Subsidy(pots=pots, fall=_fall(chosen, opening), not_in_force=away)


def _next_step(plan: LineupPlan) -> float:
    """What ¥10,000 more in every budget of subsidy would bring."""
    more: Sequence[Rule] = [
        replace(rule, at_most=rule.at_most + STEP_FEN) if isinstance(rule, Budget) and rule.column in _DRAWN else rule
        for rule in plan.rules
    ]
    result = optimise(plan.options, more, pick=plan.result.pick)
    return round(max(result.value - plan.result.value, 0.0), 2)


def _fall(chosen: pd.DataFrame, opening: pd.Series) -> pd.DataFrame:
    rows = []
    for row in records(chosen):
        start, brand, viewer = int(opening[row["offer_id"]]), int(row["brand_price_fen"]), int(row["viewer_price_fen"])
        lowest = row["web_lowest_fen"]
        rows.append(
            {
                "offer_id": row["offer_id"],
                "title": row["title"],
                "units": int(row["expected_units"]),
                "opening_fen": start,
                "brand_fen": start - brand,
                "platform_fen": brand - viewer,
                "viewer_fen": viewer,
                "saving_fen": None if pd.isna(lowest) else int(lowest) - viewer,
            }
        )
    frame = pd.DataFrame(rows, columns=list(FALL_COLUMNS)).astype({"saving_fen": "Int64"})
    return frame.sort_values("offer_id", ignore_index=True)
