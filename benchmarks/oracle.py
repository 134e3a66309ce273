"""The lineup against brute force on 300 random small weeks with every rule type, and in any order of its input.

Usage: python benchmarks/oracle.py [--weeks N]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bosspick.lineup import LineupResult, optimise
from tests.lineup.weeks import small_week
from tests.oracle.brute import brute


def lineup(result: LineupResult) -> list[list[str]]:
    return result.chosen[["offer_id", "option_id"]].to_numpy().tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=300)
    weeks = parser.parse_args().weeks
    equal = same = planned = 0
    for seed in range(weeks):
        options, rules, pick = small_week(seed)
        truth = brute(options, rules, pick).value
        found = optimise(options, rules, pick=pick)
        mixed = random.Random(seed).sample(rules, len(rules))
        again = optimise(options.sample(frac=1, random_state=seed), mixed, pick=pick)
        if found.outcome.has_plan:
            planned += 1
            equal += truth is not None and abs(found.value - truth) <= 1e-6 * max(1.0, abs(truth))
            same += again.outcome.has_plan and lineup(found) == lineup(again)
        else:
            equal += truth is None
            same += not again.outcome.has_plan
    print(f"{planned} of {weeks} weeks have a lineup; {equal} equal brute force, {same} keep their lineup when shuffled")
    right = min(equal, same)
    claim = "random small weeks with all rule types whose lineup equals brute force and survives shuffling"
    print(json.dumps({"claim": claim, "value": right, "unit": f"of {weeks}", "bar": weeks, "holds": right == weeks}))


if __name__ == "__main__":
    main()
