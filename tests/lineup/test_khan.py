"""Published optima of multiple-choice knapsacks (Khan 1998): every group airs, every resource is a budget."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bosspick.lineup import Budget, Outcome, optimise

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "mmkp_khan"
#: Those solved within a second; I03 (1602) takes some fourteen seconds and I04 (3597) a
#: hundred: `benchmarks/lineup.py --only khan` proves all six.
OPTIMA = {"I01": 173.0, "I02": 364.0, "I05": 3905.7, "I06": 4799.3}


def read(name: str) -> tuple[pd.DataFrame, list[Budget], int]:
    """One instance as options and budgets."""
    words = (FOLDER / f"{name}.txt").read_text().split("Solutions")[0].split()
    groups, items, resources = (int(w) for w in words[:3])
    numbers = [float(w) for w in words[3:]]
    limits, body = numbers[:resources], numbers[resources:]
    width = 1 + items * (1 + resources)
    rows = []
    for g in range(groups):
        block = body[g * width + 1 : (g + 1) * width]
        for k in range(items):
            cells = block[k * (1 + resources) : (k + 1) * (1 + resources)]
            uses = {f"r{m}": cells[1 + m] for m in range(resources)}
            rows.append({"offer_id": f"g{g:03d}", "option_id": f"p{k:02d}", "value": cells[0], **uses})
    return pd.DataFrame(rows), [Budget(column=f"r{m}", at_most=limits[m]) for m in range(resources)], groups


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the published instances are not beside the checkout")
@pytest.mark.parametrize("name", sorted(OPTIMA))
def test_published_optimum(name: str) -> None:
    options, budgets, groups = read(name)
    result = optimise(options, budgets, pick=groups, time_limit_s=60)
    assert result.outcome is Outcome.OPTIMAL
    assert result.value == pytest.approx(OPTIMA[name], abs=0.05)
