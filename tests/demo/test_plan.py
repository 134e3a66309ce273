"""The demo room can be planned: ten items in every week, under all rules of its policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bosspick import open_room, plan_lineup
from bosspick.cli.main import cli
from bosspick.errors import InputError
from tests.demo.conftest import SEEDS


@pytest.mark.parametrize("week", ["2026-W48", "2026-W49", "2026-W50", "2026-W51"])
def test_every_week_has_a_proven_ten(week: str) -> None:
    plan = plan_lineup(open_room(SEEDS).week(week), explain=False)
    assert plan.result.outcome == "OPTIMAL"
    assert plan.chosen["offer_id"].nunique() == 10


def test_the_smallest_room_of_the_command_can_be_planned(tmp_path: Path) -> None:
    words = ["demo", str(tmp_path / "room"), "--offers", "120", "--quotes", "720", "--weeks", "2"]
    assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
    room = open_room(tmp_path / "room")
    for week in room.sessions():
        assert plan_lineup(room.week(week), explain=False).result.outcome == "OPTIMAL"


@pytest.mark.parametrize(
    ("words", "hint"),
    [(["--offers", "60"], "give at least 120"), (["--offers", "1000", "--quotes", "4000"], "give at least 6000: 6 an offer")],
)
def test_a_room_too_small_to_be_planned_is_refused(words: list[str], hint: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=hint):
        CliRunner().invoke(cli, ["demo", str(tmp_path / "room"), *words], catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []


def test_without_a_number_there_are_quotes_enough(tmp_path: Path) -> None:
    words = ["demo", str(tmp_path / "room"), "--offers", "300", "--weeks", "1", "--shows", "0"]
    assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
    assert len(open_room(tmp_path / "room").week().table("quotes")) == 4800
