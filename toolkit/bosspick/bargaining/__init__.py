"""Bargaining: what to ask for, what to aim at, and where to stop."""

from bosspick.bargaining.talk_plan import TalkPlan, talk_plan
from bosspick.bargaining.targets import Targets, price_targets

__all__ = ["TalkPlan", "Targets", "price_targets", "talk_plan"]
