"""Questions about a week's lineup, asked on the command line of the demo room."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bosspick.cli.main import cli
from bosspick.share import share_path

SEEDS = str(share_path("seeds"))


def asked(*words: str) -> Any:
    """What the command prints as JSON; its exit code is 0."""
    done = CliRunner().invoke(cli, ["plan", SEEDS, "--session", "2026-W48", "--json", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


def test_the_best_lineups_differ_as_asked_and_fall_in_value() -> None:
    rows = asked("--best", "4", "--differ", "2")
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    values = [row["value"] for row in rows]
    assert values == sorted(values, reverse=True)
    assert rows[0]["costs"] == 0
    assert all(len(row["in instead"]) == len(row["out"]) >= 2 for row in rows[1:])


def test_the_frontier_never_falls() -> None:
    values = [row["value"] for row in asked("--frontier", "platform-subsidy") if row["value"] is not None]
    assert values == sorted(values)
    assert values[-1] > values[0]


@pytest.mark.parametrize(
    ("offer", "words"),
    [("W48-019", "cannot be in under the rules"), ("W48-161", "Forcing W48-161"), ("W48-003", "may not air: ABOVE_WEB")],
)
def test_why_not(offer: str, words: str) -> None:
    found = asked("--why-not", offer)
    assert not found["in"]
    assert words in found["why"]


def test_the_exported_model_is_there_and_says_its_optimum(tmp_path: Path) -> None:
    path = tmp_path / "week.mps"
    done = CliRunner().invoke(cli, ["plan", SEEDS, "--export-model", str(path)], catch_exceptions=False)
    assert done.exit_code == 0
    assert path.read_text(encoding="utf-8").rstrip().endswith("ENDATA")
    assert "its least value is -" in done.output


def test_a_season_keeps_a_brand_resting_and_states_its_gap() -> None:
    done = CliRunner().invoke(cli, ["season", SEEDS, "--weeks", "2", "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert list(found["weeks"]) == ["2026-W48", "2026-W49"]
    assert {len(rows) for rows in found["weeks"].values()} == {10}
    assert found["value"] <= found["bound"] <= found["value"] * 1.011


def test_a_spread_that_is_none_is_named() -> None:
    done = CliRunner().invoke(cli, ["season", SEEDS, "--spread", "category"])
    assert done.exception is not None
    assert "'category' is no bound" in str(done.exception)
