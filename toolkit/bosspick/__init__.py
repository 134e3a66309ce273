"""Plans an official shopping stream: screen offers on evidence, optimise the ten, bargain, brief.

The verbs are imported when first used, so that ``import bosspick`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bosspick.bargaining import price_targets as price_targets
    from bosspick.bargaining import talk_plan as talk_plan
    from bosspick.briefing import brief as brief
    from bosspick.demand import price_options as price_options
    from bosspick.intake import open_room as open_room
    from bosspick.lineup.plan import plan_lineup as plan_lineup
    from bosspick.reviewing import review as review
    from bosspick.rundown import plan_rundown as plan_rundown
    from bosspick.rundown import plan_show as plan_show
    from bosspick.screening import screen as screen

__version__ = "0.1.0"

_HOMES = {
    "brief": "bosspick.briefing",
    "open_room": "bosspick.intake",
    "plan_lineup": "bosspick.lineup.plan",
    "plan_rundown": "bosspick.rundown",
    "plan_show": "bosspick.rundown",
    "price_options": "bosspick.demand",
    "price_targets": "bosspick.bargaining",
    "review": "bosspick.reviewing",
    "screen": "bosspick.screening",
    "talk_plan": "bosspick.bargaining",
}

__all__ = ["brief", "open_room", "plan_lineup", "plan_rundown", "plan_show", "price_options", "price_targets", "review",
           "screen", "talk_plan"]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'bosspick' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
