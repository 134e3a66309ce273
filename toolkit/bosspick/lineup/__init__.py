"""The lineup room: price options and rules in; the ten, the proof and the explanation out."""

from __future__ import annotations

from bosspick.lineup.alternatives import alternatives, most_different
from bosspick.lineup.bench import bench
from bosspick.lineup.changes import Changes, changes
from bosspick.lineup.diagnose import find_conflict
from bosspick.lineup.explain import diff, price_of_rules, why_not
from bosspick.lineup.export import export_model
from bosspick.lineup.frontier import frontier, stability
from bosspick.lineup.instance import OptionTable
from bosspick.lineup.mending import mended
from bosspick.lineup.optimiser import optimise
from bosspick.lineup.outcome import Conflict, LineupResult, Mend, Outcome, Progress, RuleReport
from bosspick.lineup.rules import (
    Apart,
    Ban,
    Budget,
    Change,
    Cover,
    Gini,
    Group,
    IfThen,
    Lock,
    Repeat,
    Rule,
    Together,
)
from bosspick.lineup.season import Rest, SeasonResult, optimise_season
from bosspick.lineup.verify import verify_lineup

__all__ = [
    "Apart",
    "Ban",
    "Budget",
    "Change",
    "Changes",
    "Conflict",
    "Cover",
    "Gini",
    "Group",
    "IfThen",
    "LineupResult",
    "Lock",
    "Mend",
    "OptionTable",
    "Outcome",
    "Progress",
    "Repeat",
    "Rest",
    "Rule",
    "RuleReport",
    "SeasonResult",
    "Together",
    "alternatives",
    "bench",
    "changes",
    "diff",
    "export_model",
    "find_conflict",
    "frontier",
    "mended",
    "most_different",
    "optimise",
    "optimise_season",
    "price_of_rules",
    "stability",
    "verify_lineup",
    "why_not",
]
