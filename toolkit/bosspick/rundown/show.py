"""A lineup that has an order: planned again, with what stood in the way, where the best one has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from bosspick.demand import Demand
from bosspick.intake import Week
from bosspick.lineup import optimise
from bosspick.lineup.plan import LineupPlan, explained_plan
from bosspick.lineup.rules import Group
from bosspick.rundown.conflict import Conflict, find_conflict, widen
from bosspick.rundown.feasible import has_order
from bosspick.rundown.plan import Rundown, plan_rundown
from bosspick.rundown.show_items import minutes_of, order_rules, show_items, windows_of

__all__ = ["Show", "orderable_plan", "plan_show"]

#: What marks the members of a rule, in a column of the options of its own.
_MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """A lineup and its rundown."""

    plan: LineupPlan
    rundown: Rundown


def plan_show(week: Week, plan: LineupPlan, *, demand: Demand | None = None) -> Show:
    """Make sure a lineup has an order, and order it.

    Parameters
    ----------
    week, plan
        The week and its best lineup.
    demand
        As for :func:`bosspick.plan_rundown`.

    Returns
    -------
    Show
        The lineup given, or the one that replaces it; ``rundown.changes`` says which.
    """
    kept = orderable_plan(week, plan)
    return Show(plan=kept, rundown=plan_rundown(week, kept, demand=demand))


def orderable_plan(week: Week, plan: LineupPlan) -> LineupPlan:
    """Plan a lineup again until some order of it keeps every hard rule.

    Where a lineup has none, a smallest set of its items that cannot stand in one show is found, a rule "at most all but
    one of these" is added, and the lineup is solved again, up to ``rundown.order_attempts`` times.

    Parameters
    ----------
    week, plan
        The week and its best lineup.

    Returns
    -------
    LineupPlan
        The plan given where it has an order, or where nothing found in time has one. Otherwise the plan that has;
        ``order_changes`` says what was ruled out, who came and went and what that cost. If every conflict was certain,
        it is the best of all lineups that have an order.
    """
    count = len(plan.chosen)
    minutes, rules = minutes_of(week, count), order_rules(week)
    options, chosen = plan.options, plan.chosen
    cuts: list[Group] = []
    conflicts: list[Conflict] = []
    windows = windows_of(week)
    categories = {str(offer): str(label) for offer, label in zip(options["offer_id"], options["category"], strict=True)}
    result = plan.result
    for attempt in range(week.policy.rundown.order_attempts + 1):
        items = show_items(week, chosen)
        if has_order(items, minutes, rules):
            if not cuts:
                return plan
            found = explained_plan(week, options, [*plan.rules, *cuts], result)
            return replace(found, order_changes=_changes(week, plan, found, conflicts))
        conflict = find_conflict(items, minutes, rules)
        if conflict is None or attempt == week.policy.rundown.order_attempts:
            return plan
        by_offer = {item.offer_id: item for item in items}
        alike = widen(conflict, by_offer, windows, categories, count, minutes)
        column = f"order_{attempt + 1}"
        options = options.copy()
        options[column] = [_MEMBER if offer in alike else None for offer in options["offer_id"]]
        conflicts.append(conflict)
        cuts.append(_rule(column, conflict, len(alike), _titles(week)))
        result = optimise(options, [*plan.rules, *cuts], pick=count)
        if not result.outcome.has_plan:
            return plan
        chosen = result.chosen
    return plan


def _rule(column: str, conflict: Conflict, alike: int, titles: Mapping[str, str]) -> Group:
    most = len(conflict.offer_ids) - 1
    names = ", ".join(titles[offer] for offer in conflict.offer_ids)
    more = f" and {alike - most - 1} like them" if alike > most + 1 else ""
    return Group(id=column, title=f"An order exists: at most {most} of {names}{more}", why=conflict.why, column=column,
                 label=_MEMBER, at_most=most)  # fmt: skip


def _changes(week: Week, before: LineupPlan, after: LineupPlan, conflicts: list[Conflict]) -> tuple[str, ...]:
    titles = _titles(week)

    def names(offers: pd.Series) -> str:
        return ", ".join(f"{titles[offer]} ({offer})" for offer in sorted(offers))

    was, now = before.chosen["offer_id"], after.chosen["offer_id"]
    lost = before.result.value - after.result.value
    best = "the best lineup that has an order" if all(conflict.certain for conflict in conflicts) else "a lineup with an order"
    reasons = [
        f"The best lineup had no order: {', '.join(conflict.offer_ids)} cannot be in one show, {conflict.why}"
        if len(conflict.offer_ids) > 1
        else f"The best lineup had no order: {conflict.offer_ids[0]} cannot be shown, {conflict.why}"
        for conflict in conflicts
    ]
    share = f" ({lost / before.result.value:.1%})" if before.result.value > 0 else ""
    gone, come = names(was[~was.isin(now)]), names(now[~now.isin(was)])
    return (*reasons, f"In came {come}; out went {gone}: {best}, worth {lost:,.0f} yuan-equivalents{share} less.")


def _titles(week: Week) -> dict[str, str]:
    offers = week.table("offers")
    return dict(zip(offers["offer_id"], offers["title"], strict=True))
