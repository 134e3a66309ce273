"""Named scenarios: settings and their plan kept under a name, and how they compare with the present plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from bosspick.briefing.language import marked
from bosspick.desk.planner import Planned
from bosspick.errors import InputError
from bosspick.lineup import Budget, Cover, diff

__all__ = ["COLUMNS", "NAME_LENGTH", "Scenario", "compared", "name_of", "named"]

#: Longest name of a scenario, in characters.
NAME_LENGTH = 40
COLUMNS = (
    "name",
    "value",
    "bound",
    "proven",
    "subsidy_fen",
    "pot_fen",
    "talk_hours",
    "categories",
    "wishes_met",
    "wishes",
    "locked",
    "banned",
    "only_here",
    "only_present",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A plan and its settings under a name."""

    name: str
    planned: Planned


def name_of(text: str, taken: Iterable[str]) -> str:
    """The name as it will be kept: without blanks at its ends, and blanks inside as one space.

    Parameters
    ----------
    text
        What was typed.
    taken
        Names there are; capitals make no other name.

    Raises
    ------
    InputError
        The name is empty, too long, or taken.

    Examples
    --------
    >>> from bosspick.desk.scenarios import name_of
    >>> name_of("  more   skin care ", taken=[])
    'more skin care'
    """
    name = " ".join(text.split())
    if not name:
        raise InputError(marked("a scenario needs a name"), where=marked("Keep as"), hint=marked("type a name, then keep"))
    if len(name) > NAME_LENGTH:
        hint = f"use at most {NAME_LENGTH}, as a line of a table"
        raise InputError(f"the name has {len(name)} characters", where=marked("Keep as"), hint=hint)
    if name.casefold() in {other.casefold() for other in taken}:
        hint = marked("drop it first, or choose another name")
        raise InputError(f"there is a scenario {name!r}", where=marked("Keep as"), hint=hint)
    return name


def named(scenarios: Iterable[Scenario], name: str) -> Scenario:
    """The scenario of this name.

    Raises
    ------
    InputError
        There is none.
    """
    found = next((scenario for scenario in scenarios if scenario.name == name), None)
    if found is None:
        hint = marked("choose one of the table")
        raise InputError(f"there is no scenario {name!r}", where=marked("Scenarios"), hint=hint)
    return found


def compared(scenarios: Iterable[Scenario], present: Planned | None, titles: Mapping[str, str]) -> pd.DataFrame:
    """The present plan and every scenario side by side.

    Parameters
    ----------
    scenarios
        In the order they were kept.
    present
        The plan at the desk, the first row; left out where there is none.
    titles
        Title by offer id.

    Returns
    -------
    DataFrame
        Columns of ``COLUMNS``: value and bound in yuan-equivalents (bound NaN when not known), proven (flag); subsidy_fen of
        pot_fen (what the tightest subsidy budget allows, else the pot at the desk); talk_hours; categories (names of those
        covered); wishes_met of wishes (topics of the cover rules); locked and banned (offer ids); only_here and only_present
        (offers this plan has and the present one lacks, and the reverse, each with its title).
    """
    rows = [] if present is None else [_row(marked("present plan"), present, present, titles)]
    rows += [_row(scenario.name, scenario.planned, present, titles) for scenario in scenarios]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(name: str, planned: Planned, present: Planned | None, titles: Mapping[str, str]) -> dict[str, object]:
    plan, settings = planned.plan, planned.settings
    chosen = plan.chosen
    offers = set(chosen["offer_id"])
    topics = {topic: who for rule in plan.rules if isinstance(rule, Cover) for topic, (_, who) in rule.topics.items()}
    pots = [rule.at_most for rule in plan.rules if isinstance(rule, Budget) and rule.column == "subsidy_fen"]
    changes = diff(plan.chosen if present is None else present.plan.chosen, chosen)

    def named(change: str) -> list[str]:
        found = changes.loc[changes["change"] == change, "offer_id"]
        return [f"{offer} {titles.get(offer, '')}".strip() for offer in found]

    return {
        "name": name,
        "value": plan.result.value,
        "bound": plan.result.bound if plan.result.bound is not None else math.nan,
        "proven": plan.result.outcome.is_proven,
        "subsidy_fen": int(chosen["subsidy_fen"].sum()),
        "pot_fen": int(min(pots, default=settings.platform_pot_yuan * 100)),
        "talk_hours": float(chosen["talk_hours"].sum()),
        "categories": sorted({str(category) for category in chosen["category"].dropna()}),
        "wishes_met": sum(1 for who in topics.values() if offers & set(who)),
        "wishes": len(topics),
        "locked": list(settings.locked),
        "banned": list(settings.banned),
        "only_here": named("entered"),
        "only_present": named("left"),
    }
