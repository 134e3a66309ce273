"""What of a desk outlives its kernel: settings, scenarios, and the steps back and forth, as text and as plans again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from bosspick.desk.planner import Planned
from bosspick.desk.settings import Settings
from bosspick.desk.state import DeskState
from bosspick.errors import BosspickError

__all__ = ["Plans", "draft_of", "settings_of"]

#: Steps either way that are kept: each is planned again when a kernel starts.
_STEPS = 10


def draft_of(state: DeskState) -> str:
    """A desk as JSON: the settings wanted, scenarios by name, and the settings of the last steps before and after."""
    with state.lock:
        past, future = state.history.past[-_STEPS:], state.history.future[:_STEPS]
        kept = {
            "settings": asdict(state.wanted),
            "scenarios": [{"name": each.name, "settings": asdict(each.planned.settings)} for each in state.scenarios],
            "past": [asdict(each.settings) for each in past],
            "future": [asdict(each.settings) for each in future],
        }
        return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def settings_of(kept: Mapping[str, Any], start: Settings) -> Settings:
    """Settings as kept; what a later version turns beside them stands as the policy has it."""
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if hasattr(start, name)}
    return Settings(**(asdict(start) | known))


class Plans:
    """Plans made again from kept settings, each once."""

    def __init__(self, state: DeskState) -> None:
        self._planner = state.planner
        self._made: dict[Settings, Planned] = {} if state.present is None else {state.settings: state.present}

    def of(self, kept: Mapping[str, Any]) -> Planned:
        """The plan of kept settings.

        Raises
        ------
        BosspickError
            They have none any more.
        """
        settings = settings_of(kept, self._planner.start)
        if settings not in self._made:
            self._made[settings] = self._planner.plan(settings)
        return self._made[settings]

    def of_all(self, kept: Iterable[Mapping[str, Any]]) -> tuple[Planned, ...]:
        """The plans of kept steps in their order, without those that have none any more."""
        found = []
        for each in kept:
            try:
                found.append(self.of(each))
            except BosspickError:
                continue
        return tuple(found)
