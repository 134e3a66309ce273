"""Questions about a week's lineup, asked on the command line of the demo room."""

from __future__ import annotations

import json
import shlex
import shutil
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from bosspick import open_room
from bosspick.cli.main import cli
from bosspick.cli.shared import session_of
from bosspick.errors import InputError, NoPlanError
from bosspick.ledger import Ledger
from bosspick.share import share_path
from tests.rooms import POLICY, WEEK, offer, write_room

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


def test_the_frontier_of_money_is_fen_to_programs_and_yuan_to_people(tmp_path: Path) -> None:
    room = small_room(tmp_path, policy=POLICY + BUDGET)
    done = CliRunner().invoke(cli, ["plan", room, "--frontier", "purse", "--json"], catch_exceptions=False)
    rows = json.loads(done.stdout)
    assert (rows[-1]["limit"], rows[-1]["unit"]) == (150_000_00, "fen")
    code, text = printed("plan", room, "--frontier", "purse")
    assert code == 0
    assert "limit, yuan" in text
    assert "used, yuan" in text
    assert "150,000.00" in text
    assert "yuan-equivalents" in text


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


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("category", "'category' is no bound"),
        ("nix=0.3", "columns are missing: nix"),
        ("category=0.01", "be as uneven as 0.134 instead of 0.01"),
    ],
)
def test_a_spread_that_cannot_be_is_named(bound: str, said: str) -> None:
    done = CliRunner().invoke(cli, ["season", SEEDS, "--weeks", "2", "--spread", bound])
    assert done.exception is not None
    assert said in str(done.exception)
    # Nobody is told to leave places of a week empty.
    assert "10 items" not in str(done.exception)


def test_a_season_says_which_weeks_have_no_tables(tmp_path: Path) -> None:
    room = small_room(tmp_path)
    code, text = printed("season", room, "--weeks", "2")
    assert code == 0
    assert f"2026-W49 (no tables yet: planned from the offers of {WEEK})" in text
    assert json.loads(CliRunner().invoke(cli, ["season", room, "--weeks", "1", "--json"]).stdout)["assumed_weeks"] == []


def test_a_season_of_a_database(tmp_path: Path) -> None:
    room = small_room(tmp_path)
    url = f"sqlite:///{tmp_path / 'room.db'}"
    engine = sa.create_engine(url)
    for path in Path(room).rglob("*.csv"):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        weekly = {"session_id": WEEK} if path.parent.name == WEEK else {}
        rows.assign(**weekly).to_sql(path.stem, engine, index=False)
    engine.dispose()
    done = CliRunner().invoke(cli, ["season", url, "--folder", room, "--weeks", "1", "--json"], catch_exceptions=False)
    assert list(json.loads(done.stdout)["weeks"]) == [WEEK]


def test_what_publish_prints_brings_the_lineup_back(tmp_path: Path) -> None:
    room = small_room(tmp_path)
    _, text = printed("publish", room, "--who", "the producer")
    command = shlex.split(text.partition("`bosspick ")[2].partition("`")[0])
    code, text = printed(*command)
    assert (code, text.startswith("W48-")) == (0, True), text


def printed(*words: str) -> tuple[int, str]:
    """Exit code and everything a command prints, as one line."""
    done = CliRunner().invoke(cli, list(words), catch_exceptions=False)
    return done.exit_code, " ".join(done.output.split())


BUDGET = """
[[rules]]
id = "purse"
title = "What the platform pays"
type = "budget"
column = "subsidy_fen"
at_most = "10000000"
"""


def small_room(folder: Path, policy: str = POLICY, **changes: str) -> str:
    offers = [offer(1, **changes), *(offer(number) for number in range(2, 5))]
    return str(write_room(folder / "room", offers=offers, policy=policy, count=4))


def test_a_title_with_brackets_is_printed_as_it_stands(tmp_path: Path) -> None:
    code, text = printed("plan", small_room(tmp_path, title="[/限量] [red]面霜[/red] 50ml", opening_price="80"))
    assert code == 0
    assert "[/限量]" in text
    assert "[red]面霜[/red]" in text


def test_a_season_starts_from_what_is_settled(tmp_path: Path) -> None:
    room = small_room(tmp_path)
    week = ["season", room, "--weeks", "1", "--json"]
    before = json.loads(CliRunner().invoke(cli, week, catch_exceptions=False).stdout)
    picked = [row["offer_id"] for row in before["weeks"][WEEK]]
    others = sorted({"O1", "O2", "O3", "O4"} - set(picked))
    ledger = Ledger.of_room(Path(room))
    ledger.choose(WEEK, {picked[0]: "ban", others[0]: "lock"}, who="producer")
    ledger.settle(WEEK, others[0], 7000, who="negotiator")
    after = json.loads(CliRunner().invoke(cli, week, catch_exceptions=False).stdout)
    now = [row["offer_id"] for row in after["weeks"][WEEK]]
    assert others[0] in now
    assert picked[0] not in now
    plan = json.loads(CliRunner().invoke(cli, ["plan", room, "--json"], catch_exceptions=False).stdout)
    assert after["value"] == pytest.approx(plan["value"], rel=0.01)


def test_a_ban_on_what_was_published_is_told_beside_the_new_plan(tmp_path: Path) -> None:
    room = small_room(tmp_path)
    assert printed("publish", room, "--who", "producer")[0] == 0
    out = Ledger.of_room(Path(room)).published(WEEK)[0]
    Ledger.of_room(Path(room)).choose(WEEK, {out: "ban"}, who="producer")
    code, text = printed("plan", room)
    assert code == 0
    assert f"because the published ones cannot all air: Banned by the producer: {out}" in text
    assert "The ten" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--differ", "2"], "how the best lineups differ"),
        (["--best", "2", "--why-not", "O1", "--json"], "one question at a time"),
        (["--export-model", "/dev/null/x.mps"], "is a file, not a folder"),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(tmp_path: Path, words: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        printed("plan", small_room(tmp_path), *words)


def test_every_answer_asked_for_as_json_is_json(tmp_path: Path) -> None:
    room = small_room(tmp_path)
    for words in (["--most-different", "0.5"], ["--export-model", str(tmp_path / "new" / "week.mps")], ["--best", "2"]):
        done = CliRunner().invoke(cli, ["plan", room, "--json", *words], catch_exceptions=False)
        assert done.exit_code == 0
        json.loads(done.stdout)


def test_nobody_and_no_ledger_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = small_room(tmp_path)
    with pytest.raises(InputError, match="nobody is named"):
        printed("publish", room, "--who", "  ")
    assert printed("log", room)[0] == 0
    monkeypatch.setenv("BOSSPICK_LEDGER", "nonsense")
    with pytest.raises(InputError, match="no database URL"):
        printed("log", room)


def test_workbooks_go_where_they_can_be_written_or_nothing_is_planned(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    room = small_room(tmp_path)
    with pytest.raises(InputError, match="is a file, not a folder"):
        printed("sheet", "export", room, "--out", str(tmp_path / "file" / "sub"))
    Ledger.of_room(Path(room)).choose(WEEK, dict.fromkeys(("O1", "O2", "O3"), "ban"), who="producer")
    for words in (("sheet", "export", room, "--out"), ("plan", room, "--export-model")):
        with pytest.raises(NoPlanError):
            printed(*words, str(tmp_path / "new" / "x"))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("synthetic", "at", "week"),
    [
        ("false", "2026-11-20T10:00Z", "2026-W48"),
        ("false", "2026-12-02T10:00Z", "2026-W49"),
        ("false", "2027-03-01T10:00Z", "2026-W49"),
        ("true", "2026-12-02T10:00Z", "2026-W48"),
    ],
)
def test_without_a_session_the_week_is_the_one_that_counts_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synthetic: str, at: str, week: str
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.fromisoformat(at).astimezone(tz)

    room = Path(small_room(tmp_path, policy=POLICY + f"\n[room]\nsynthetic = {synthetic}\n"))
    shutil.copytree(room / WEEK, room / "2026-W49")
    monkeypatch.setattr("bosspick.cli.shared.datetime", Clock)
    assert session_of(open_room(room), None) == week
    assert session_of(open_room(room), "2026-W47") == "2026-W47"
