"""Bargaining: what to ask for, what to aim at, and where to stop."""

from bosspick.bargaining.targets import Targets, price_targets

__all__ = ["Targets", "price_targets"]
