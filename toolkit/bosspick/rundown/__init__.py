"""The show as it will run: order, minutes, stock tranches."""

from bosspick.rundown.plan import Rundown, plan_rundown

__all__ = ["Rundown", "plan_rundown"]
