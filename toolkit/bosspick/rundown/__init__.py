"""The show as it will run: order, minutes, stock releases."""

from bosspick.rundown.plan import Rundown, plan_rundown
from bosspick.rundown.show import Show, orderable_plan, plan_show

__all__ = ["Rundown", "Show", "orderable_plan", "plan_rundown", "plan_show"]
