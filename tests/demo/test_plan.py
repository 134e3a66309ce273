"""The demo room can be planned: ten items in every week, under all rules of its policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bosspick import open_room, plan_lineup
from bosspick.cli.main import cli
from tests.demo.conftest import SEEDS


@pytest.mark.parametrize("week", ["2026-W48", "2026-W49", "2026-W50", "2026-W51"])
def test_every_week_has_a_proven_ten(week: str) -> None:
    plan = plan_lineup(open_room(SEEDS).week(week), explain=False)
    assert plan.result.outcome == "OPTIMAL"
    assert plan.chosen["offer_id"].nunique() == 10


def test_the_smallest_room_of_the_command_can_be_planned(tmp_path: Path) -> None:
    words = ["demo", str(tmp_path / "room"), "--offers", "120", "--quotes", "720", "--weeks", "2"]
    done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "")
    room = open_room(tmp_path / "room")
    for week in room.sessions():
        assert plan_lineup(room.week(week), explain=False).result.outcome == "OPTIMAL"


@pytest.mark.parametrize("words", [["--offers", "60", "--quotes", "600"], ["--offers", "200", "--quotes", "800"]])
def test_a_room_that_may_be_too_small_is_said_to_be(words: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli, ["demo", str(tmp_path / "room"), "--weeks", "1", "--shows", "0", *words], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert "may have no ten that keep its rules" in done.stderr
    assert len(open_room(tmp_path / "room").week().table("offers")) == int(words[1])


def test_without_a_number_there_are_quotes_enough(tmp_path: Path) -> None:
    words = ["demo", str(tmp_path / "room"), "--offers", "300", "--weeks", "1", "--shows", "0"]
    assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
    assert len(open_room(tmp_path / "room").week().table("quotes")) == 4800
