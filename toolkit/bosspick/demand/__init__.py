"""Past airings to expected units at a price, and the price options an offer could air at."""

from bosspick.demand.acceptance import Acceptance, acceptance_of
from bosspick.demand.estimate import Demand, estimate_demand
from bosspick.demand.options import price_options
from bosspick.demand.past_talks import PastTalks, calibration, past_talks
from bosspick.demand.scenarios import demand_scenarios
from bosspick.demand.wishes import wish_topics

__all__ = ["Acceptance", "Demand", "PastTalks", "acceptance_of", "calibration", "demand_scenarios", "estimate_demand",
           "past_talks", "price_options", "wish_topics"]  # fmt: skip
