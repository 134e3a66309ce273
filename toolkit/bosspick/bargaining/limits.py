"""The walk-away of every offer that may air, over the prices and subsidy steps of the week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bosspick.bargaining.walkaway import walk_away
from bosspick.demand import Demand
from bosspick.demand.options import agreed_rows, grid_prices
from bosspick.demand.value import OfferFacts, agreed_values, offer_facts
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.screening import Screening

__all__ = ["step_of", "value_at_limit", "walk_away_limits"]

#: Opening prices below which a walk-away is found to a step, both in fen: the dearer, the less anybody bargains over.
_STEPS = ((50_00, 1), (1_000_00, 10), (100_000_00, 1_00), (1_000_000_00, 10_00))
_COARSEST_FEN = 100_00


def walk_away_limits(week: Week, screening: Screening, plan: LineupPlan, demand: Demand) -> pd.DataFrame:
    """The walk-away price of every offer that may air.

    Parameters
    ----------
    week, screening, plan, demand
        The week, what the screen found, its lineup, and the demand estimate.

    Returns
    -------
    DataFrame
        As :func:`~bosspick.bargaining.walkaway.walk_away` gives it, by offer_id: the highest brand price which, once
        agreed, makes the best lineup with the offer worth at least the best lineup without it, by exact re-solving; to
        the fen below ¥50, to the jiao below ¥1,000, to the yuan below ¥100,000.
    """
    facts = offer_facts(week, screening, demand)
    lowest_ask = 1 - week.policy.bargaining.gross_margin_max
    labels = plan.options.drop_duplicates("offer_id").set_index("offer_id")
    asked = []
    for offer_id in sorted(set(facts) & set(labels.index)):
        fact = facts[offer_id]
        low = min(round(fact.opening_fen * lowest_ask), fact.cap_fen)
        asked.append((fact, grid_prices(week, fact, low_fen=max(low, 1), step_fen=step_of(fact.opening_fen))))
    grid = agreed_rows(week, asked)
    # A price that is agreed has cost its talk already. What else a rule names goes with the offer.
    named = {str(column) for rule in plan.rules if (column := getattr(rule, "column", None)) in labels.columns}
    candidates = grid.assign(talk_hours=0.0, s_fen=grid["subsidy_step_fen"]).join(
        labels[sorted(named.difference(grid.columns, ["talk_hours"]))], on="offer_id"
    )
    found = walk_away(plan.options, plan.rules, candidates, pick=plan.result.pick, result=plan.result)
    return found.set_index("offer_id")


def step_of(opening_fen: int) -> int:
    """Distance of two prices of a walk-away, fen, for an offer of this opening price."""
    return next((step for below, step in _STEPS if opening_fen < below), _COARSEST_FEN)


def value_at_limit(week: Week, walk: pd.DataFrame, facts: dict[str, OfferFacts]) -> dict[str, float]:
    """Value of each offer once agreed at its walk-away: what the place is worth without it."""
    known = walk[walk["walk_away_fen"].notna()]
    prices, steps = (known[name].to_numpy(dtype="int64") for name in ("walk_away_fen", "at_subsidy_fen"))
    rows = agreed_values(week.policy.value, [facts[str(o)] for o in known.index], np.arange(len(known)), prices, steps)
    return dict(zip(known.index.astype(str), rows["agreed_value"].tolist(), strict=True))
