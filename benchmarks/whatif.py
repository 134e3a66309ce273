"""What a producer asks in a row: what if, why not, the ten best, conflicts, walk-aways; 2,000 offers with 15 options each.

Usage: ``python benchmarks/whatif.py [--changes N] [--weeks N] [--only whatif|best|conflict|walkaway]``. Each figure stands
beside one plain PuLP solve of the same week with HiGHS in the same run.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

import weeks

from bosspick.bargaining.walkaway import walk_away
from bosspick.lineup import (
    Apart,
    Ban,
    Budget,
    Group,
    IfThen,
    Lock,
    OptionTable,
    Repeat,
    Rule,
    Together,
    alternatives,
    optimise,
    why_not,
)

OFFERS, OPTIONS = 2000, 15


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--changes", type=int, default=200)
    asked.add_argument("--weeks", type=int, default=8)
    asked.add_argument("--only", choices=["whatif", "best", "conflict", "walkaway"])
    given = asked.parse_args()
    frame, rules = weeks.week(OFFERS, OPTIONS)
    plain_s = weeks.plain(frame, rules, solver="highs", time_limit_s=900)["seconds"]
    print(f"  plain solve: {plain_s:.2f} s", file=sys.stderr)
    made = {"whatif": whatif, "best": best, "conflict": conflict, "walkaway": walkaway}
    for name, claim in made.items():
        if given.only in (None, name):
            for line in claim(given, plain_s):
                print(json.dumps(line), flush=True)


def timed(seconds: list[float], ask: Any, *about: Any, **how: Any) -> Any:
    begun = time.perf_counter()
    answer = ask(*about, **how)
    seconds.append(time.perf_counter() - begun)
    return answer


def whatif(given: argparse.Namespace, plain_s: float) -> Iterator[dict[str, Any]]:
    """A slider, a lock or a ban changes; the new plan is proven and verified."""
    changed: list[float] = []
    asked: list[float] = []
    barred: dict[str, list[float]] = {}
    for seed in range(given.weeks):
        frame, rules = weeks.week(OFFERS, OPTIONS, seed)
        table, rng = OptionTable(frame), random.Random(seed)
        found = optimise(table, rules)
        now = list(rules)
        for k in range(given.changes // given.weeks):
            wanted = turned(now, rules, rng, table, found, k)
            new = timed(changed, optimise, table, wanted)
            if new.outcome.has_plan:
                now, found = wanted, new
        outside = sorted(set(table.offers) - set(found.chosen["offer_id"]))
        for offer in rng.sample(outside, 25):
            if not any(isinstance(rule, Ban) and rule.offer_id == offer for rule in now):
                timed(asked, why_not, table, now, found, offer)
        found = optimise(table, rules)
        for name, more, offer in forbidding(frame, found):
            now = optimise(table, [*rules, *more])
            said, cost = timed(barred.setdefault(name, []), why_not, table, [*rules, *more], now, offer)
            assert cost is None
            assert said.conflict is not None
            assert len(said.conflict.rule_ids) == len(more) + (2 if name == "beyond a cap" else 1), (name, said.conflict)
    every = [each for seconds in barred.values() for each in seconds]
    for claim, seconds, bar in (
        ("what-if after a changed slider, lock or ban, 95th percentile", changed, 0.15),
        ("why an offer is not in, 95th percentile", asked, 0.1),
        ("why an offer cannot be in, with the rules in the way and what each would need, 95th percentile", every, 0.1),
    ):
        told: dict[str, Any] = {"median": round(statistics.median(seconds), 3), "questions": len(seconds)}
        if seconds is every:
            told["median_by_reason"] = {name: round(statistics.median(each), 3) for name, each in barred.items()}
        yield line(claim, p95(seconds), "s", bar, plain_times=round(plain_s / p95(seconds), 1), **told)


def forbidding(frame: pd.DataFrame, found: Any) -> Iterator[tuple[str, list[Rule], str]]:
    """Rules that keep an offer out, each kind alone, and the offer."""
    one = frame.groupby("offer_id")[["category", "brand"]].first()
    inside = found.chosen["offer_id"].tolist()
    outside = [offer for offer in one.index if offer not in inside]
    held, asked, other = inside[0], outside[50], outside[60]
    yield "kept apart", [Lock(offer_id=held), Apart(offer_ids=[held, asked])], asked
    yield "needs what is banned", [Ban(offer_id=other), IfThen(if_any=[asked], then_any=[other])], asked
    yield "goes with what is banned", [Ban(offer_id=other), Together(offer_ids=[asked, other])], asked
    yield "aired lately", [Repeat(column="brand", recent={one.loc[asked, "brand"]: 1}, at_least=3)], asked
    alike = [offer for offer in outside if one.loc[offer, "category"] == one.loc[asked, "category"] and offer != asked]
    yield "beyond a cap", [Lock(offer_id=alike[0]), Lock(offer_id=alike[1])], asked


def turned(now: list[Rule], rules: list[Rule], rng: random.Random, table: OptionTable, found: Any, k: int) -> list[Rule]:
    """The rules after one turn of a control; locks and bans pile up to five."""
    kind = rng.choice(["pot", "hours", "category", "lock", "ban"])
    kept = [r for r in now if isinstance(r, (Lock, Ban))][-4:]
    base = [next((x for x in now if x.id == r.id), r) for r in rules]
    if kind in ("pot", "hours"):
        name = {"pot": "subsidy", "hours": "hours"}[kind]
        limit = next(r.at_most for r in rules if isinstance(r, Budget) and r.id == name) * rng.uniform(0.6, 1.4)
        base = [replace(r, at_most=limit) if isinstance(r, Budget) and r.id == name else r for r in base]
    elif kind == "category":
        most = rng.choice([2, 3])
        base = [replace(r, at_most=most) if isinstance(r, Group) and r.id == "category" else r for r in base]
    else:
        inside = found.chosen["offer_id"].tolist() if found.outcome.has_plan else list(table.offers)
        named = {r.offer_id for r in kept}
        offer = rng.choice(sorted((set(inside) if kind == "ban" else set(table.offers)) - named))
        kept = [*kept, Ban(offer_id=offer, id=f"ban {k}") if kind == "ban" else Lock(offer_id=offer, id=f"lock {k}")]
    return [*base, *kept]


def best(given: argparse.Namespace, plain_s: float) -> Iterator[dict[str, Any]]:
    seconds: list[float] = []
    for seed in range(given.weeks):
        frame, rules = weeks.week(OFFERS, OPTIONS, seed)
        table = OptionTable(frame)
        found = timed(seconds, alternatives, table, rules, count=10)
        assert len(found) == 10
        assert all(each.outcome.is_proven for each in found)
    yield line("ten best plans, median of the weeks", statistics.median(seconds), "s", 1.0, worst=round(max(seconds), 3),
               plain_times=round(plain_s / statistics.median(seconds), 1))  # fmt: skip


def conflict(given: argparse.Namespace, plain_s: float) -> Iterator[dict[str, Any]]:
    seconds: list[float] = []
    for seed in range(given.weeks):
        frame, rules = weeks.week(OFFERS, OPTIONS, seed)
        table = OptionTable(frame)
        some = frame.loc[frame["category"] == "c01", "offer_id"].unique()[:4]
        asked = [*rules, *(Lock(offer_id=offer) for offer in some)]
        found = timed(seconds, optimise, table, asked)
        assert found.conflict is not None
        assert "two of a category" in found.conflict.titles
    yield line("a conflict found, explained and mended, median of the weeks", statistics.median(seconds), "s", 1.0,
               worst=round(max(seconds), 3), plain_times=round(plain_s / statistics.median(seconds), 1))  # fmt: skip


def walkaway(given: argparse.Namespace, plain_s: float) -> Iterator[dict[str, Any]]:
    del given
    frame, rules = weeks.week(OFFERS, OPTIONS)
    found = optimise(frame, rules)
    seconds: list[float] = []
    told = timed(seconds, walk_away, frame, rules, grid(frame), pick=10, result=found, time_limit_s=900)
    claim = f"walk-away and entry prices of {len(told):,} offers against one plain solve"
    more = {"seconds": round(seconds[0], 1), "plain_seconds": round(plain_s, 1), "solves": int(told["solves"].sum())}
    yield line(claim, seconds[0] / plain_s, "ratio", 10.0, **more)


def grid(frame: pd.DataFrame, prices: int = 20, steps: int = 2) -> pd.DataFrame:
    """Forty once-agreed prices an offer: dearer ones are worth less, subsidy brings orders and costs the pot."""
    rng = np.random.default_rng(5)
    one = frame.groupby("offer_id").first()
    count, each = len(one), prices * steps
    price = np.tile(np.repeat(np.arange(prices), steps), count)
    step = np.tile(np.arange(steps), count * prices)
    worth = np.repeat(one["value"].to_numpy(), each)
    made = pd.DataFrame(
        {
            "offer_id": np.repeat(one.index.to_numpy(), each), "brand_price_fen": 5000 + 100 * price, "s_fen": 500 * step,
            "agreed_value": np.round(worth * (1.9 - 0.06 * price + 0.1 * step), 2),
            "subsidy_fen": step * np.repeat(rng.integers(2, 12, count), each) * 15_000.0,
            "talk_hours": np.where(price < 15, np.repeat(rng.uniform(0.5, 3, count).round(2), each), 0.0),
        }
    )  # fmt: skip
    return made.assign(**{name: np.repeat(one[name].to_numpy(), each) for name in ("category", "brand", "store", "band")})


def p95(seconds: list[float]) -> float:
    return float(np.percentile(seconds, 95))


def line(claim: str, value: float, unit: str, bar: float, **more: Any) -> dict[str, Any]:
    return {"claim": claim, "value": round(value, 3), "unit": unit, "bar": bar, "holds": value <= bar} | more


if __name__ == "__main__":
    main()
