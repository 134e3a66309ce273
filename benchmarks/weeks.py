"""Generated weeks for the lineup benchmarks, and the straightforward PuLP model of the same question.

A week has 12 categories, about one brand per six offers and one store per four, caps on brands and stores, two budgets,
floors for two price bands and 30 cover topics; the same arguments give the same week. The plain model is what a textbook
would write: one binary per option, every rule as one ``lpSum``; it knows nothing of bounds, cores or fixing.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd

from bosspick.lineup import Budget, Cover, Group, Rule

PICK = 10
CATEGORIES = [f"c{k:02d}" for k in range(12)]
BANDS = ["0-49", "50-99", "100-299", "300+"]


def week(offers: int, options: int, seed: int = 1) -> tuple[pd.DataFrame, list[Rule]]:
    """Options and rules of a week.

    Parameters
    ----------
    offers, options
        Offers, and price options of each.
    seed
        Which week.

    Returns
    -------
    tuple of DataFrame and list of Rule
        Columns offer_id, option_id, value, subsidy_fen, talk_hours, category, brand, store, band.
    """
    rng = np.random.default_rng(seed)
    offer = np.repeat(np.arange(offers), options)
    step = np.tile(np.arange(options), offers)
    worth = rng.lognormal(9.0, 0.6, offers)
    category = rng.integers(0, 12, offers)
    brand = rng.integers(0, max(20, offers // 6), offers)
    store = rng.integers(0, max(20, offers // 4), offers)
    price = rng.lognormal(4.6, 0.9, offers)
    # Deeper cuts and more subsidy bring more orders, and cost subsidy and hours.
    subsidy = (step % 5) * rng.integers(2, 12, offers)[offer] * 15_000
    cut = step // 5
    value = worth[offer] * (0.55 + 0.09 * (step % 5) + 0.11 * np.sqrt(cut)) * rng.uniform(0.93, 1.07, offers * options)
    ends = np.array([50, 100, 300])
    names = np.array([f"o{k:06d}" for k in range(offers)])
    frame = pd.DataFrame(
        {
            "offer_id": names[offer],
            "option_id": np.array([f"p{k:02d}" for k in range(options)])[step],
            "value": np.round(value, 2),
            "subsidy_fen": subsidy.astype("int64"),
            "talk_hours": np.where(cut > 0, np.round(rng.uniform(0.5, 3, offers), 2)[offer], 0.0),
            "category": np.array(CATEGORIES)[category][offer],
            "brand": np.array([f"b{k:05d}" for k in range(brand.max() + 1)])[brand][offer],
            "store": np.array([f"s{k:05d}" for k in range(store.max() + 1)])[store][offer],
            "band": np.array(BANDS)[np.searchsorted(ends, price[offer] * (1 - 0.05 * cut), side="right")],
        }
    )
    topics = {
        f"wish {t:02d}": (float(rng.integers(300, 3000)), sorted(names[rng.choice(offers, 25, replace=False)].tolist()))
        for t in range(30)
    }
    rules: list[Rule] = [
        Budget(column="subsidy_fen", at_most=3_000_000, id="subsidy", title="platform pot"),
        Budget(column="talk_hours", at_most=12.0, id="hours", title="hours of talks"),
        Group(column="category", at_most=2, id="category", title="two of a category"),
        Group(column="brand", at_most=1, id="brand", title="a brand once"),
        Group(column="store", at_most=2, id="store", title="a store twice"),
        Group(column="band", label="0-49", at_least=2, id="small", title="two small prices"),
        Group(column="band", label="50-99", at_least=2, id="middle", title="two middle prices"),
        Cover(topics=topics, id="wishes", title="wishes"),
    ]
    return frame, rules


def plain(frame: pd.DataFrame, rules: list[Rule], *, solver: str, time_limit_s: float) -> dict[str, Any]:
    """The straightforward model, written and solved by PuLP.

    Returns
    -------
    dict
        seconds (build, solve, read), value (yuan, recomputed from the chosen rows and topics), proven (flag).
    """
    import pulp  # type: ignore[import-untyped, unused-ignore]  # PuLP 3.3 has no types, 4 has

    begun = time.perf_counter()
    problem = pulp.LpProblem("lineup", pulp.LpMaximize)
    rows = list(frame.itertuples(index=False))
    x = [problem.add_variable(f"x{k}", 0, 1, "Integer") for k in range(len(rows))]
    of: dict[str, dict[str, list[int]]] = {}
    for column in ("offer_id", "category", "brand", "store", "band"):
        of[column] = {}
        for k, label in enumerate(frame[column]):
            of[column].setdefault(label, []).append(k)
    topics = [t for rule in rules if isinstance(rule, Cover) for t in rule.topics.values()]
    met = [problem.add_variable(f"t{k}", 0, 1, "Integer") for k in range(len(topics))]
    problem.setObjective(
        pulp.lpSum(row.value * v for row, v in zip(rows, x, strict=True))
        + pulp.lpSum(w * v for (w, _), v in zip(topics, met, strict=True))
    )
    problem.addConstraint(pulp.lpSum(x) == PICK, "pick")
    for name, own in of["offer_id"].items():
        problem.addConstraint(pulp.lpSum(x[k] for k in own) <= 1, f"offer_{name}")
    for place, rule in enumerate(rules):
        if isinstance(rule, Budget):
            taken = frame[rule.column].tolist()
            spent = pulp.lpSum(c * v for c, v in zip(taken, x, strict=True) if c)
            problem.addConstraint(spent <= rule.at_most, f"budget_{place}")
        elif isinstance(rule, Group):
            labels = of[rule.column] if rule.label is None else {rule.label: of[rule.column].get(rule.label, [])}
            for number, own in enumerate(labels.values()):
                if rule.at_most is not None:
                    problem.addConstraint(pulp.lpSum(x[k] for k in own) <= rule.at_most, f"most_{place}_{number}")
                if rule.at_least:
                    problem.addConstraint(pulp.lpSum(x[k] for k in own) >= rule.at_least, f"least_{place}_{number}")
    for place, ((_, offers), v) in enumerate(zip(topics, met, strict=True)):
        problem.addConstraint(v <= pulp.lpSum(x[k] for o in offers for k in of["offer_id"][o]), f"topic_{place}")
    if solver == "highs":
        engine = pulp.HiGHS(msg=False, threads=1, gapRel=0.0, timeLimit=time_limit_s)
    else:
        import cbcbox  # type: ignore[import-untyped, unused-ignore]  # ships no types

        engine = pulp.COIN_CMD(path=cbcbox.cbc_bin_path(), msg=False, threads=1, gapRel=0.0, timeLimit=time_limit_s)
    answer = problem.solve(engine)
    status = getattr(answer, "status", None)
    proven = (status.name == "Optimal") if status is not None else problem.sol_status == 1
    chosen = [k for k, v in enumerate(x) if (v.varValue or 0) > 0.5]
    value = sum(rows[k].value for k in chosen)
    picked = {rows[k].offer_id for k in chosen}
    value += sum(w for w, offers in topics if picked & set(offers))
    return {"seconds": time.perf_counter() - begun, "value": value, "proven": bool(proven)}
