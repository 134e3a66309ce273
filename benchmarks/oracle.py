"""The lineup room against brute force on 2,000 random small weeks with every rule type, and in any order of its input.

Usage: ``python benchmarks/oracle.py [--weeks N] [--only plan|best|walkaway|conflict|why]``. Trying everything is slow: all five
together take about half an hour for 2,000 weeks.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pandas as pd

from bosspick.bargaining.walkaway import walk_away
from bosspick.lineup import (
    Ban,
    Budget,
    Change,
    Conflict,
    Cover,
    Group,
    LineupResult,
    Lock,
    OptionTable,
    Outcome,
    Rule,
    alternatives,
    find_conflict,
    optimise,
    why_not,
)
from tests.bargaining.test_walkaway import by_trying, price_grid
from tests.lineup.test_alternatives import every_plan, one_by_one, shown
from tests.lineup.weeks import small_week
from tests.oracle.brute import brute


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=2000)
    parser.add_argument("--only", choices=sorted(CLAIMS))
    given = parser.parse_args()
    for name, (claim, right) in CLAIMS.items():
        if given.only in (None, name):
            good = sum(right(seed) for seed in range(given.weeks))
            line = {
                "claim": claim,
                "value": good,
                "unit": f"of {given.weeks}",
                "bar": given.weeks,
                "holds": good == given.weeks,
            }
            print(json.dumps(line), flush=True)


def lineup(result: LineupResult) -> list[list[str]]:
    return result.chosen[["offer_id", "option_id"]].to_numpy().tolist()


def plan(seed: int) -> bool:
    """Value and outcome as by trying every lineup, and the same lineup when rows and rules are shuffled."""
    options, rules, pick = small_week(seed)
    truth = brute(options, rules, pick)
    found = optimise(options, rules, pick=pick)
    mixed = random.Random(seed).sample(rules, len(rules))
    again = optimise(options.sample(frac=1, random_state=seed), mixed, pick=pick)
    if truth.value is None:
        return found.outcome is Outcome.INFEASIBLE and again.outcome is Outcome.INFEASIBLE
    near = abs(found.value - truth.value) <= 1e-6 * max(1.0, abs(truth.value))
    return found.outcome is Outcome.OPTIMAL and near and lineup(found) == lineup(again)


def best(seed: int) -> bool:
    """The ten best lineups, in their order, each differing from all before in one or two offers."""
    options, rules, pick = small_week(seed)
    differ = min(1 + seed % 2, pick)
    expected = one_by_one(every_plan(options, rules, pick), 10, differ, pick)
    return [shown(each) for each in alternatives(options, rules, pick=pick, differ=differ)] == [each for _, each in expected]


def walkaway(seed: int) -> bool:
    """The walk-away price of every offer, inside and outside the lineup."""
    options, rules, pick = small_week(seed)
    rules = [r for r in rules if not (isinstance(r, Group) and r.column == "band" and r.at_least)]
    rules.append(Budget(column="subsidy_fen", at_most=5_000, id="tight"))
    result = optimise(options, rules, pick=pick)
    if not result.outcome.has_plan:
        return brute(options, rules, pick).value is None
    grid = price_grid(options, seed)
    found = walk_away(options, rules, grid, pick=pick, result=result)
    return all(
        (None if pd.isna(row["walk_away_fen"]) else row["walk_away_fen"])
        == by_trying(options, rules, grid, pick, str(row["offer_id"]))[0]
        for row in found.to_dict("records")
    )


def conflict(seed: int) -> bool:
    """Whether there is a conflict, and that its rules cannot hold together while all but any one of them can."""
    options, rules, pick = small_week(seed)
    hard = [r for r in rules if r.mode == "hard" and not isinstance(r, (Cover, Change))]
    found = find_conflict(options, rules, pick=pick)
    if brute(options, hard, pick).value is not None:
        return found is None
    if found is None:
        return False
    return _is_minimal(options, hard, pick, found)


def why(seed: int) -> bool:
    """Why two offers are not in: the cost as by trying, or rules that cannot hold together while all but any one can."""
    options, rules, pick = small_week(seed)
    table = OptionTable(options)
    found = optimise(table, rules, pick=pick)
    if not found.outcome.has_plan:
        return True
    banned = {r.offer_id for r in rules if isinstance(r, Ban)}
    outside = sorted({*table.offers} - {*found.chosen["offer_id"]} - banned)
    for offer in random.Random(seed).sample(outside, min(2, len(outside))):
        if sum(isinstance(r, Lock) and r.mode == "hard" for r in rules) >= pick:
            continue
        forced, cost = why_not(table, rules, found, offer)
        asked = [*rules, Lock(offer_id=offer, id=f"asked-for-{offer}")]
        truth = brute(options, asked, pick).value
        if truth is not None and (cost is None or abs(found.value - truth - cost) > 1e-6 * max(1.0, abs(truth))):
            return False
        if truth is None and (
            cost is not None or not forced.conflict or not _is_minimal(options, asked, pick, forced.conflict)
        ):
            return False
    return True


def _is_minimal(options: pd.DataFrame, rules: list[Rule], pick: int, told: Conflict) -> bool:
    core = [r for r in rules if r.id in told.rule_ids]
    return brute(options, core, pick).value is None and all(
        brute(options, [r for r in core if r is not left], pick).value is not None for left in core
    )


CLAIMS: dict[str, tuple[str, Callable[[int], bool]]] = {
    "plan": ("random small weeks with all rule types whose lineup equals brute force and survives shuffling", plan),
    "best": ("random small weeks whose ten best lineups are those of brute force, in order", best),
    "walkaway": ("random small weeks whose walk-away prices are those of brute force, to the fen", walkaway),
    "why": ("random small weeks in which why two offers are not in is answered as by brute force", why),
    "conflict": ("random small weeks whose conflicts are found, are real and have no rule too many", conflict),
}

if __name__ == "__main__":
    main()
