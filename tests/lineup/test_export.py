"""The exported model, read and solved by others, has the value the optimiser proves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pandas as pd
import pytest

from bosspick.errors import NoPlanError
from bosspick.lineup import Ban, export_model, optimise
from tests.lineup.weeks import full_week, small_week


def by_highs(path: Path) -> float:
    import highspy

    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.readModel(str(path))
    model.run()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(model.getInfo().objective_function_value)


def by_cbc(path: Path) -> float:
    import cbcbox  # type: ignore[import-untyped, unused-ignore]  # ships no types

    answer = path.with_suffix(".txt")
    subprocess.run([cbcbox.cbc_bin_path(), str(path), "-solve", "-solution", str(answer)], check=True, capture_output=True)
    return float(answer.read_text().splitlines()[0].split()[-1])


@pytest.mark.parametrize("seed", range(620, 640))
def test_small_weeks(seed: int, tmp_path: Path) -> None:
    options, rules, pick = small_week(seed)
    found = optimise(options, rules, pick=pick)
    if not found.outcome.has_plan:
        return
    path, names = export_model(options, rules, tmp_path / "week.mps", pick=pick)
    assert by_highs(path) == pytest.approx(-found.value, abs=1e-5)
    listed = pd.read_csv(names, dtype=str)
    assert set(found.chosen["option_id"]) <= set(listed["option_id"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["week.mps", "week.mps.columns.csv"]


def test_a_real_sized_week_by_both_solvers(tmp_path: Path) -> None:
    options, rules = full_week(60, 10)
    found = optimise(options, rules)
    path, _ = export_model(options, rules, tmp_path / "week.mps")
    assert by_highs(path) == pytest.approx(-found.value, rel=1e-6)
    assert by_cbc(path) == pytest.approx(-found.value, rel=1e-6)


def test_nothing_to_write(tmp_path: Path) -> None:
    options = pd.DataFrame({"offer_id": ["a"], "option_id": "x", "value": [1.0]})
    with pytest.raises(NoPlanError, match="close every option"):
        export_model(options, [Ban(offer_id="a")], tmp_path / "week.mps", pick=1)
    assert list(tmp_path.iterdir()) == []
