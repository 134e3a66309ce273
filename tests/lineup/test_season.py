"""Seasons against trying every choice, and each week against its own rules."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pandas as pd
import pytest

from bosspick.errors import NoPlanError, OptionsError, RuleError
from bosspick.lineup import Apart, Ban, Budget, Change, Cover, Gini, Group, IfThen, Lock, Outcome, Repeat, Rule, Together
from bosspick.lineup.season import Rest, optimise_season
from tests.lineup.weeks import full_week
from tests.oracle.brute import worth


def tiny_season(seed: int) -> tuple[dict[str, pd.DataFrame], dict[str, list[Rule]], dict[str, Any]]:
    """Three weeks of a few offers, some of them in several weeks."""
    rng = random.Random(seed)
    brands = {f"o{k}": rng.choice(["b1", "b2", "b3"]) for k in range(5)}
    weeks, rules = {}, {}
    for number in range(3):
        week = f"2026-W{48 + number}"
        there = sorted(rng.sample(sorted(brands), 4))
        rows = [
            {
                "offer_id": o,
                "option_id": f"p{k}",
                "value": float(rng.randint(1, 90)),
                "cost": rng.randint(0, 50),
                "brand": brands[o],
            }
            for o in there
            for k in range(rng.randint(1, 2))
        ]
        weeks[week] = pd.DataFrame(rows)
        makers: list[Rule] = [
            Budget(column="cost", at_most=rng.randint(40, 90)),
            Group(column="brand", at_most=1),
            Lock(offer_id=there[0], mode="soft", penalty=20),
            Ban(offer_id=there[1], mode="soft", penalty=15),
            Apart(offer_ids=there[:2], mode="soft", penalty=10),
            Together(offer_ids=there[1:3], mode="soft", penalty=12),
            IfThen(if_any=there[:1], then_any=there[2:3], mode="soft", penalty=9),
            Repeat(column="brand", recent={"b1": 1}, at_least=2, mode="soft", penalty=8),
            Cover(topics={"sun": (14.0, there[2:])}),
            Change(published=[there[3], "gone"], tax=11.0),
        ]
        rules[week] = rng.sample(makers, 3)
    how: dict[str, Any] = {"once": bool(seed % 2)}
    if seed % 3 == 0:
        how["rests"] = [Rest(column="brand", shows=2)]
    if seed % 4 == 0:
        how["spread"] = [Gini(column="brand", at_most=rng.choice([0.2, 0.4]))]
    return weeks, rules, how


def best_by_trying(
    weeks: dict[str, pd.DataFrame], rules: dict[str, list[Rule]], how: dict[str, Any], pick: int
) -> float | None:
    """The best season, every lineup of every week tried."""
    names = sorted(weeks)
    each: list[list[tuple[float, list[dict[str, Any]]]]] = []
    for week in names:
        rows: list[dict[str, Any]] = weeks[week].to_dict("records")
        plans = []
        for chosen in itertools.combinations(rows, pick):
            if len({r["offer_id"] for r in chosen}) == pick:
                value = worth(list(chosen), rules[week], weeks[week])
                if value is not None:
                    plans.append((value, list(chosen)))
        each.append(plans)
    brands = sorted({b for frame in weeks.values() for b in frame["brand"]})
    best: float | None = None
    for season in itertools.product(*each):
        aired = [r["offer_id"] for _, plan in season for r in plan]
        if how.get("once", True) and len(set(aired)) < len(aired):
            continue
        by_week = [[r["brand"] for r in plan] for _, plan in season]
        if any(
            max(run.count(b) for b in brands) > 1
            for rest in how.get("rests", [])
            for k in range(len(names) - rest.shows + 1)
            for run in [list(itertools.chain(*by_week[k : k + rest.shows]))]
        ):
            continue
        counts = [sum(w.count(b) for w in by_week) for b in brands]
        far = sum(abs(a - b) for a, b in itertools.combinations(counts, 2)) / (len(brands) * len(aired))
        if any(far > gini.at_most + 1e-9 for gini in how.get("spread", [])):
            continue
        value = sum(v for v, _ in season)
        best = value if best is None or value > best else best
    return best


@pytest.mark.parametrize("seed", range(48))
def test_seasons_match_trying_everything(seed: int) -> None:
    weeks, rules, how = tiny_season(seed)
    pick = 1 + seed % 2
    best = best_by_trying(weeks, rules, how, pick)
    found = optimise_season(weeks, rules, pick=pick, gap=0.0, **how)
    if best is None:
        assert found.result.outcome is Outcome.INFEASIBLE
        with pytest.raises(NoPlanError):
            _ = found.first
        return
    assert found.result.outcome is Outcome.OPTIMAL
    assert found.result.value == pytest.approx(best, abs=1e-6)
    assert list(found.weeks) == sorted(weeks)
    assert found.first.equals(found.weeks["2026-W48"])
    assert {len(rows) for rows in found.weeks.values()} == {pick}


@pytest.mark.slow
def test_weeks_of_real_size_keep_their_rules_and_state_their_gap() -> None:
    frame, rules = full_week(80, 10)
    weeks = {f"2026-W{48 + k}": frame.assign(value=(frame["value"] * (1 + 0.05 * k)).round(2)) for k in range(3)}
    kept = [r for r in rules if not isinstance(r, (Lock, Together))]
    seen = []
    found = optimise_season(
        weeks, dict.fromkeys(weeks, kept), rests=[Rest(column="brand", shows=2)], spread=[Gini(column="category", at_most=0.3)],
        gap=0.03, told=seen.append,
    )  # fmt: skip
    assert found.result.outcome in (Outcome.WITHIN_GAP, Outcome.OPTIMAL)
    assert found.result.gap <= 0.03
    aired = [offer for rows in found.weeks.values() for offer in rows["offer_id"]]
    assert len(aired) == len(set(aired)) == 30
    shows = [set(rows["brand"]) for rows in found.weeks.values()]
    assert all(not one & other for one, other in itertools.pairwise(shows))
    values = [each.value for each in seen if each.value is not None]
    assert values == sorted(values)


def test_bad_seasons_are_named() -> None:
    frame = pd.DataFrame({"offer_id": ["a"], "option_id": "x", "value": [1.0]})
    with pytest.raises(OptionsError, match="9 weeks"):
        optimise_season({f"2026-W{k}": frame for k in range(10, 19)}, {}, pick=1)
    with pytest.raises(RuleError, match="rules for 2026-W49"):
        optimise_season({"2026-W48": frame}, {"2026-W49": []}, pick=1)
    with pytest.raises(RuleError, match="a rest over 1 shows"):
        optimise_season({"2026-W48": frame.assign(brand="b")}, {}, pick=1, rests=[Rest(column="brand", shows=1)])
    with pytest.raises(OptionsError, match="columns are missing: cost"):
        optimise_season({"2026-W48": frame}, {"2026-W48": [Budget(column="cost", at_most=1)]}, pick=1)
    gap = pd.DataFrame({"offer_id": ["a", "b"], "option_id": "x", "value": 1.0, "cost": [1.0, None]})
    with pytest.raises(OptionsError, match="no finite number"):
        optimise_season(
            {"2026-W48": gap, "2026-W49": gap}, {"2026-W48": [Budget(column="cost", at_most=1)]}, pick=1, once=False
        )
