"""The talk plan against the naive one over generated weeks with the demo room's full rules, and what planning again adds.

Usage: ``python benchmarks/talks.py [--weeks N] [--offers N] [--adaptive N]``. A week of 300 offers and six negotiators takes
up to 40 seconds with its screening; 40 weeks about half an hour.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from bosspick import open_room, price_options, screen
from bosspick.bargaining.talk_model import TalkModel
from bosspick.bargaining.talk_plan import TalkPlan, choose_talks, negotiator_hours
from bosspick.bargaining.talk_search import lineup_value
from bosspick.demo import generate_room
from bosspick.intake import Week
from bosspick.lineup import Rule
from bosspick.lineup.from_policy import week_rules
from bosspick.screening import Screening

#: Outcomes between two plans on an adaptive path.
EVERY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One week to plan talks for."""

    week: Week
    screening: Screening
    options: pd.DataFrame
    hours: Mapping[str, float]
    pick: int

    def rules(self, options: pd.DataFrame) -> list[Rule]:
        """The policy's rules for what is left; a lock whose offer failed is given up, as a producer would."""
        there = set(options["offer_id"])
        kept = tuple(r for r in self.week.policy.rules if r.type != "lock" or r.offer_id in there)
        return week_rules(
            replace(self.week, policy=self.week.policy.model_copy(update={"rules": kept})), self.screening, options
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=40)
    parser.add_argument("--offers", type=int, default=300)
    parser.add_argument("--adaptive", type=int, default=6, help="weeks in which talks are planned again as outcomes come in")
    parser.add_argument("--limit", type=float, default=30.0, help="seconds of wall time a plan may take")
    given = parser.parse_args()
    rows, added = [], []
    for seed in range(1, given.weeks + 1):
        asked = question(seed, given.offers)
        begun = time.process_time()
        rules = asked.rules(asked.options)
        found = choose_talks(asked.options, rules, asked.hours, pick=asked.pick, time_limit_s=given.limit)
        rows.append(row(seed, found, time.process_time() - begun))
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
        if seed <= given.adaptive:
            added.append(adaptive_gain(asked, found, seed))
            print(json.dumps({"seed": seed, "planning again adds": round(added[-1], 4)}), file=sys.stderr, flush=True)
    table = pd.DataFrame(rows)
    need = round(0.95 * given.weeks)
    share = table["gain"]
    half = 1.96 * share.std(ddof=1) / len(share) ** 0.5
    say(
        "weeks in which the talk plan beats the naive one, on fresh scenarios",
        int((share > 0).sum()),
        f"of {given.weeks}",
        need,
    )
    say("mean gain over the naive plan", round(float(share.mean()), 4), f"share of value, ± {half:.4f}", 0.06)
    say("mean share of the wait-and-see bound that is reached", round(float(table["reached"].mean()), 4), "share", None)
    say("longest plan, processor time", round(float(table["seconds"].max()), 1), "s", 30.0, most=True)
    if added:
        spread = 1.96 * np.std(added, ddof=1) / len(added) ** 0.5 if len(added) > 1 else 0.0
        unit = f"share of value, ± {spread:.4f}, {len(added)} weeks, again after every {EVERY} outcomes"
        say("planning again as outcomes come in adds", round(float(np.mean(added)), 4), unit, None)


def say(claim: str, value: float, unit: str, bar: float | None, *, most: bool = False) -> None:
    holds = None if bar is None else bool(value <= bar if most else value >= bar)
    print(json.dumps({"claim": claim, "value": value, "unit": unit, "bar": bar, "holds": holds}), flush=True)


def question(seed: int, offers: int) -> Question:
    with tempfile.TemporaryDirectory() as folder:
        room = generate_room(Path(folder) / "room", seed=seed, offers=offers, quotes=12 * offers, weeks=1, shows=20)
        week = open_room(room).week()
        screening = screen(week)
        options = price_options(week, screening)
        hours = negotiator_hours(week, {})
        return Question(week=week, screening=screening, options=options, hours=hours, pick=week.policy.show.items)


def row(seed: int, found: TalkPlan, seconds: float) -> dict[str, float]:
    naive = max(found.naive.mean, 1.0)
    return {
        "seed": seed, "talks": len(found.talks), "expected": found.expected.mean, "naive": found.naive.mean,
        "gain": found.gain.mean / naive, "low": found.gain.low / naive, "high": found.gain.high / naive,
        "reached": found.expected.mean / found.wait_and_see.mean, "gap": found.gap, "seconds": round(seconds, 1),
    }  # fmt: skip


def adaptive_gain(asked: Question, first: TalkPlan, seed: int) -> float:
    """What planning again brings on one path of true answers, as a share of what the first plan ends with on that path."""
    rng = np.random.default_rng(10_000 + seed)
    answers = {offer: float(rng.random()) for offer in sorted(asked.options["offer_id"].unique())}
    fixed = ended(asked, [(t.offer_id, t.aim_fen) for t in first.talks.itertuples()], answers)
    options, hours, plan = asked.options, dict(asked.hours), first
    done: list[tuple[str, int]] = []
    while len(plan.talks):
        for talk in plan.talks.sort_values("worth_per_hour", ascending=False).head(EVERY).itertuples():
            done.append((talk.offer_id, talk.aim_fen))
            hours[talk.negotiator] -= talk.hours
            options = after(options, talk.offer_id, talk.aim_fen, answers[talk.offer_id])
        plan = choose_talks(
            options, asked.rules(options), hours, pick=asked.pick, searched=16, checked=8, rounds=5, seed=len(done)
        )
    return (ended(asked, done, answers) - fixed) / max(fixed, 1.0)


def after(options: pd.DataFrame, offer: str, aim: int, answer: float) -> pd.DataFrame:
    """The options once one talk is over."""
    same = options["offer_id"] == offer
    asked = same & (options["brand_price_fen"] == aim)
    agreed = answer < float(options.loc[asked, "accept_p"].iloc[0])
    home = (options["talk_hours"] == 0) & (options["accept_p"] == 1)
    kept = options[~same | (asked if agreed else same & home)].copy()
    kept.loc[kept["offer_id"] == offer, ["accept_p", "talk_hours"]] = [1.0, 0.0]
    return kept


def ended(asked: Question, talks: Sequence[tuple[str, int]], answers: Mapping[str, float]) -> float:
    """Value of the best lineup after some talks, with these answers."""
    model = TalkModel(asked.options, asked.rules(asked.options), asked.hours, pick=asked.pick)
    places = {
        (offer, price): k
        for k, (offer, price) in enumerate(zip(model.aims["offer_id"], model.aims["brand_price_fen"], strict=True))
    }
    plan = [places[talk] for talk in talks]
    accepted = np.array([answers[offer] for offer in model.aims["offer_id"]]) < model.chance
    return lineup_value(model.recourse, model.there(plan, accepted), deadline=time.monotonic() + 60)[0]


if __name__ == "__main__":
    main()
