"""Price options as they would be worth if demand turned out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from bosspick.demand.estimate import Demand, estimate_demand
from bosspick.demand.options import price_options
from bosspick.errors import InputError
from bosspick.intake import Week
from bosspick.screening import Screening

__all__ = ["demand_scenarios"]

#: Part of the spread that moves all offers of a show alike: viewers, weather, a rival's show. An assumption, not learned.
_COMMON = 0.5


def demand_scenarios(
    week: Week, screening: Screening, *, demand: Demand | None = None, count: int = 50, seed: int = 1
) -> Iterator[pd.DataFrame]:
    """Draw demand around its estimate and price every option anew.

    Units at the opening price are multiplied by ``exp(σ z)``; half of the variance is the show's, half the offer's own.

    Parameters
    ----------
    week, screening
        The week and what the screen found.
    demand
        The estimate; made from the week if None.
    count, seed
        How many scenarios, and which; the same seed draws the same ones.

    Yields
    ------
    DataFrame
        Options as :func:`~bosspick.price_options` gives them, with this scenario's units, values and subsidy.

    Raises
    ------
    InputError
        The count is below 1.
    """
    if count < 1:
        raise InputError(f"{count} scenarios", where="demand_scenarios", hint="draw 1 or more")
    demand = demand if demand is not None else estimate_demand(week)
    rng = np.random.default_rng(seed)
    offers = demand.offers.sort_values("offer_id", ignore_index=True)
    for _ in range(count):
        common, own = rng.standard_normal(), rng.standard_normal(len(offers))
        z = np.sqrt(_COMMON) * common + np.sqrt(1 - _COMMON) * own
        drawn = offers.assign(units_at_opening=offers["units_at_opening"] * np.exp(demand.sigma * z))
        yield price_options(week, screening, demand=replace(demand, offers=drawn))
