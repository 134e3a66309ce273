"""The lineup room: price options and rules in; the ten, the proof and the explanation out."""

from __future__ import annotations

from bosspick.lineup.diagnose import diagnose
from bosspick.lineup.optimiser import optimise
from bosspick.lineup.outcome import Conflict, LineupResult, Outcome, RuleReport
from bosspick.lineup.rules import (
    Apart,
    Ban,
    Budget,
    Change,
    Cover,
    Group,
    IfThen,
    Lock,
    Repeat,
    Rule,
    Together,
)
from bosspick.lineup.verify import verify

__all__ = [
    "Apart",
    "Ban",
    "Budget",
    "Change",
    "Conflict",
    "Cover",
    "Group",
    "IfThen",
    "LineupResult",
    "Lock",
    "Outcome",
    "Repeat",
    "Rule",
    "RuleReport",
    "Together",
    "diagnose",
    "optimise",
    "verify",
]
