"""Small random weeks with every kind of rule, and a large one as a real week looks."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bosspick.lineup import (
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


def small_week(seed: int) -> tuple[pd.DataFrame, list[Rule], int]:
    """Options, rules and the number of picks; small enough to try every lineup."""
    rng = random.Random(seed)
    offers = [f"o{k}" for k in range(rng.randint(5, 7))]
    tied = seed % 3 == 0
    rows: list[dict[str, Any]] = []
    for offer in offers:
        category = rng.choice(["beauty", "food", "home"])
        rows.extend(
            {
                "offer_id": offer,
                "option_id": f"p{option}",
                "value": float(rng.randint(1, 4) * 100) if tied else round(rng.uniform(-50, 900), 2),
                "subsidy_fen": rng.randint(0, 60) * 100,
                "hours": rng.choice([0.0, 0.5, 1.25]),
                "category": category,
                "band": rng.choice(["low", "mid", None]),
            }
            for option in range(rng.randint(1, 3))
        )
    pick = rng.randint(2, min(4, len(offers) - 1))
    makers = rng.sample(sorted(_MAKERS), rng.randint(1, 5))
    rules = [_with_mode(_MAKERS[m](rng, offers), rng) for m in makers]
    locked = {r.offer_id for r in rules if isinstance(r, Lock)}
    rules = [r for r in rules if not (isinstance(r, Ban) and r.offer_id in locked)]
    return pd.DataFrame(rows), rules, pick


def _with_mode(rule: Rule, rng: random.Random) -> Rule:
    if isinstance(rule, (Cover, Change)) or rng.random() < 0.55:
        return rule
    unit = 900.0 if isinstance(rule, Gini) else 90.0
    if isinstance(rule, Budget) and rule.column == "subsidy_fen":
        unit = 0.03
    return replace(rule, id="", mode="soft", penalty=round(unit * rng.uniform(0.2, 3), 4))


def _some(rng: random.Random, offers: list[str], least: int = 2) -> list[str]:
    return rng.sample(offers, rng.randint(least, 3))


_MAKERS: dict[str, Any] = {
    "apart": lambda rng, o: Apart(offer_ids=_some(rng, o)),
    "ban": lambda rng, o: Ban(offer_id=rng.choice(o)),
    "budget": lambda rng, o: Budget(column="subsidy_fen", at_most=rng.randint(10, 120) * 100),
    "change": lambda rng, o: Change(published=[*_some(rng, o), "gone"], tax=rng.choice([10.0, 150.0])),
    "cover": lambda rng, o: Cover(topics={"sun": (120.0, _some(rng, o)), "rain": (60.5, _some(rng, o, 1))}),
    "gini": lambda rng, o: Gini(column="category", at_most=rng.choice([0.1, 0.3, 0.5])),
    "each": lambda rng, o: Group(column="category", at_least=rng.randint(0, 1), at_most=rng.randint(1, 3)),
    "group": lambda rng, o: Group(column="category", label="beauty", at_least=rng.randint(0, 2), at_most=2),
    "hours": lambda rng, o: Budget(column="hours", at_most=rng.choice([0.5, 1.5, 2.0])),
    "if_then": lambda rng, o: IfThen(if_any=_some(rng, o, 1), then_any=_some(rng, o, 1)),
    "band": lambda rng, o: Group(column="band", label="low", at_least=1),
    "lock": lambda rng, o: Lock(offer_id=rng.choice(o), option_id=rng.choice([None, "p0"])),
    "repeat": lambda rng, o: Repeat(column="category", recent={"food": rng.randint(1, 4), "toys": 1}, at_least=3),
    "together": lambda rng, o: Together(offer_ids=_some(rng, o)),
}


def full_week(offers: int = 200, options: int = 30, seed: int = 7) -> tuple[pd.DataFrame, list[Rule]]:
    """A week as large as a real one with some twenty rules."""
    rng = np.random.default_rng(seed)
    n = offers * options
    offer = np.repeat(np.arange(offers), options)
    step = np.tile(np.arange(options), offers)
    base = rng.lognormal(9.0, 0.7, offers)[offer]
    subsidy = (step % 6) * rng.integers(1, 9, offers)[offer] * 10_000
    value = np.round(base * (0.6 + 0.4 * np.sin(step / options * 3) + 0.02 * (step % 6)), 2)
    names = np.array([f"o{k:04d}" for k in range(offers)])
    frame = pd.DataFrame(
        {
            "offer_id": names[offer],
            "option_id": np.array([f"p{k:02d}" for k in range(options)])[step],
            "value": value + np.round(rng.normal(0, 50, n), 2),
            "subsidy_fen": subsidy,
            "talk_hours": np.round(rng.uniform(0, 2, n), 2) * (step > 4),
            "category": np.array(["beauty", "food", "home", "baby", "digital", "fashion"])[rng.integers(0, 6, offers)][offer],
            "brand": np.array([f"b{k:02d}" for k in range(60)])[rng.integers(0, 60, offers)][offer],
            "band": np.array(["low", "mid", "high"])[rng.integers(0, 3, n)],
        }
    )
    pairs = rng.permutation(offers)

    def some(a: int, b: int) -> list[str]:
        return [str(names[k]) for k in pairs[a:b]]

    rules: list[Rule] = [
        Budget(column="subsidy_fen", at_most=900_000),
        Budget(column="talk_hours", at_most=9.0),
        Group(column="brand", at_most=1),
        Group(column="category", at_most=3),
        Group(column="category", label="beauty", at_least=1),
        Group(column="category", label="food", at_least=2),
        Group(column="band", label="low", at_least=3),
        Group(column="band", label="high", at_most=3, mode="soft", penalty=400.0),
        Ban(offer_id=some(0, 1)[0]),
        Ban(offer_id=some(1, 2)[0], mode="soft", penalty=900.0),
        Lock(offer_id=some(2, 3)[0]),
        Apart(offer_ids=some(3, 6)),
        Apart(offer_ids=some(6, 9), mode="soft", penalty=300.0),
        Together(offer_ids=some(9, 11)),
        IfThen(if_any=some(11, 14), then_any=some(14, 18)),
        IfThen(if_any=some(18, 22), then_any=some(22, 24), mode="soft", penalty=500.0),
        Repeat(
            column="brand",
            recent={f"b{k:02d}": 1 + k % 5 for k in range(10)},
            at_least=3,
        ),
        Cover(topics={f"t{k}": (800.0 + 100 * k, some(24 + 4 * k, 28 + 4 * k)) for k in range(6)}),
        Change(published=some(60, 70), tax=350.0),
    ]
    return frame, rules
