"""Several weeks at once: the same model on one frame, where an offer of a week is an offer of its own.

What binds within a week is that week's rules on columns only its options fill; what binds between weeks are groups: an offer
airs once, a brand rests between its shows, and airtime is spread over brands. So a season is proven by the same bound, core
and verifier as a week, and its first week is the plan to publish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from bosspick.errors import OptionsError, RuleError
from bosspick.lineup.optimiser import optimise
from bosspick.lineup.outcome import LineupResult, Progress
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
from bosspick.lineup.verify import as_records, label_names, recompute, verify_lineup

__all__ = ["Rest", "SeasonResult", "optimise_season"]

_MOST_WEEKS = 8
_OFFER = "offer of the season"
_WEEK = "week of the season"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """In any ``shows`` shows in a row at most one item carries the same label of ``column``.

    Parameters
    ----------
    column
        Such as ``brand_id``.
    shows
        2 or more: with 3, a brand that airs rests for two shows.
    """

    column: str
    shows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonResult:
    """The answer of :func:`optimise_season`.

    Attributes
    ----------
    result
        Outcome, value and bound of all weeks together; its rows carry ``week`` and the offers' own ids as ``offer``.
    weeks
        Each week's chosen rows as given, by week in order; empty without a plan.
    assumed
        Weeks without offers of their own, planned from those of another.
    """

    result: LineupResult
    weeks: Mapping[str, pd.DataFrame]
    assumed: tuple[str, ...] = ()

    @property
    def first(self) -> pd.DataFrame:
        """The rows of the first week: the plan to publish.

        Raises
        ------
        NoPlanError
            When there is no plan.
        """
        assert self.result.value is not None
        return next(iter(self.weeks.values()))


def optimise_season(
    weeks: Mapping[str, pd.DataFrame],
    rules: Mapping[str, Sequence[Rule]],
    *,
    pick: int = 10,
    once: bool = True,
    rests: Sequence[Rest] = (),
    spread: Sequence[Gini] = (),
    time_limit_s: float = 120,
    gap: float = 0.01,
    told: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> SeasonResult:
    """Plan up to eight weeks at once.

    Parameters
    ----------
    weeks
        Options of each week, by week (such as ``2026-W48``), columns as for :func:`~bosspick.lineup.optimise`. An offer that
        may air in several weeks is in each of their frames.
    rules
        Rules of each week; weeks without rules may be left out.
    pick
        How many offers each week has.
    once
        Whether an offer airs in one week at most.
    rests
        Cooldowns between the shows of one label.
    spread
        Bounds on how unevenly the season's picks fall on a column's labels.
    time_limit_s, gap, told, stop
        As for ``optimise``, for all weeks together. The gap is how much better another season could be at most; it is
        stated. With 0 the season is proven, which can take minutes for more than a few weeks.

    Returns
    -------
    SeasonResult
        Every week's lineup, verified by that week's own rules.

    Raises
    ------
    OptionsError, RuleError
        When the inputs are malformed.

    Examples
    --------
    >>> frame = pd.DataFrame({"offer_id": ["o1", "o2"], "option_id": "a", "value": [9.0, 5.0]})
    >>> season = optimise_season({"2026-W48": frame, "2026-W49": frame.assign(value=[9.5, 1.0])}, {}, pick=1)
    >>> {week: rows["offer_id"].item() for week, rows in season.weeks.items()}, season.result.value
    ({'2026-W48': 'o2', '2026-W49': 'o1'}, 14.5)
    """
    names = sorted(weeks)
    if not 1 <= len(names) <= _MOST_WEEKS:
        raise OptionsError(f"{len(names)} weeks", where="optimise_season", hint=f"give 1 to {_MOST_WEEKS} weeks")
    unknown = sorted(set(rules) - set(names))
    if unknown:
        raise RuleError(
            f"rules for {', '.join(unknown)}", where="optimise_season", hint=f"weeks with options: {', '.join(names)}"
        )
    live = {week: [r for r in rules.get(week, ()) if r.mode != "off"] for week in names}
    shared = sorted({rest.column for rest in rests} | {gini.column for gini in spread})
    frame = pd.concat([_frame(weeks[week], week, live[week], shared) for week in names], ignore_index=True)
    for week in names:
        for name in {f"{rule.column}@{week}" for rule in live[week] if isinstance(rule, Budget)}:
            # Nothing of another week counts; a gap in its own week stays one, and is named.
            frame.loc[frame["week"] != week, name] = 0.0
    asked = [_in_week(rule, week) for week in names for rule in live[week]]
    asked += [
        Group(column=_WEEK, label=week, at_least=pick, at_most=pick, id=f"{week}: its places", title=f"{week}: {pick} items")
        for week in names
    ]
    if once:
        asked.append(Group(column=_OFFER, at_most=1, id="season: once", title="an offer airs once in the season"))
    for rest in rests:
        asked += _rest(frame, rest, names)
    asked += [replace(gini, id=f"season: {gini.id}") for gini in spread]
    result = optimise(
        frame, asked, pick=pick * len(names), time_limit_s=time_limit_s, gap=gap, told=told, stop=stop, blocks=_WEEK
    )
    if not result.outcome.has_plan:
        return SeasonResult(result=result, weeks={})
    return SeasonResult(
        result=result, weeks={week: _chosen(result.chosen, weeks[week], week, live[week], pick) for week in names}
    )


def _frame(options: pd.DataFrame, week: str, rules: Sequence[Rule], shared: Sequence[str]) -> pd.DataFrame:
    """A week's options with the columns its rules name under the week's own names."""
    numbers = {r.column for r in rules if isinstance(r, Budget)}
    labels = {r.column for r in rules if isinstance(r, (Gini, Group, Repeat))}
    missing = [c for c in ("offer_id", "option_id", "value", *sorted(numbers | labels), *shared) if c not in options.columns]
    if missing:
        near = sorted(str(name) for name in options.columns if not str(name).startswith("_"))
        raise OptionsError(f"columns are missing: {', '.join(missing)}", where=f"options of {week}",
                           hint=f"add them, or name one of: {', '.join(near)}")  # fmt: skip
    offers = options["offer_id"].astype(str)
    columns = {
        "offer_id": offers + f"@{week}",
        "option_id": options["option_id"],
        "value": options["value"],
        "offer": offers,
        "week": week,
        _OFFER: offers,
        _WEEK: week,
        **{name: options[name] for name in shared},
        **{f"{name}@{week}": options[name] for name in sorted(numbers | labels)},
    }
    return pd.DataFrame(columns)


def _in_week(rule: Rule, week: str) -> Rule:
    """A week's rule, speaking of that week's options only."""

    def own(offers: Sequence[str]) -> list[str]:
        return [f"{offer}@{week}" for offer in offers]

    named: dict[str, Any] = {"id": f"{week}: {rule.id}", "title": f"{week}: {rule.title}"}
    match rule:
        case Budget() | Gini() | Group() | Repeat():
            return replace(rule, column=f"{rule.column}@{week}", **named)
        case Lock() | Ban():
            return replace(rule, offer_id=f"{rule.offer_id}@{week}", **named)
        case Apart() | Together():
            return replace(rule, offer_ids=own(rule.offer_ids), **named)
        case IfThen():
            return replace(rule, if_any=own(rule.if_any), then_any=own(rule.then_any), **named)
        case Cover():
            topics = {topic: (weight, tuple(own(offers))) for topic, (weight, offers) in rule.topics.items()}
            return replace(rule, topics=topics, **named)
        case Change():
            return replace(rule, published=own(rule.published), **named)
    raise RuleError(f"a season does not know {rule.kind} rules", where=f"rule {rule.title!r}", hint="leave it out")


def _rest(frame: pd.DataFrame, rest: Rest, weeks: Sequence[str]) -> list[Rule]:
    """One group a run of shows; a column of its own holds the labels of that run's weeks."""
    if rest.shows < 2:
        raise RuleError(f"a rest over {rest.shows} shows binds nothing", where=f"rest of {rest.column}", hint="give 2 or more")
    rules: list[Rule] = []
    for first in range(max(1, len(weeks) - rest.shows + 1)):
        run = weeks[first : first + rest.shows]
        column = f"{rest.column} in {run[0]} to {run[-1]}"
        frame[column] = frame[rest.column].where(frame["week"].isin(run))
        title = f"one item of a {rest.column} in {run[0]} to {run[-1]}"
        rules.append(Group(column=column, at_most=1, id=f"season: rest {column}", title=title))
    return rules


def _chosen(rows: pd.DataFrame, options: pd.DataFrame, week: str, rules: Sequence[Rule], pick: int) -> pd.DataFrame:
    """A week's rows as given, held against its own rules."""
    mine = rows[rows["week"] == week]
    keys = pd.MultiIndex.from_arrays([options["offer_id"].astype(str), options["option_id"].astype(str)])
    at = keys.get_indexer(pd.MultiIndex.from_arrays([mine["offer"], mine["option_id"].astype(str)]))
    chosen = options.iloc[at]
    worth = recompute(as_records(chosen), rules, pick, label_names(options, rules)).value
    verify_lineup(options, chosen, rules, pick=pick, value=worth)
    return chosen
