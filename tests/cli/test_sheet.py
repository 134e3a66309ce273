"""``bosspick sheet``: out to the negotiators, back into the ledger once confirmed, and never twice."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bosspick.bargaining.sheets import write_sheets
from bosspick.cli.main import main
from bosspick.ledger import Ledger
from tests.commands import run
from tests.rooms import WEEK
from tests.sheets import Planned, filled, planned_week

# One worker: what the module shares is made once.
pytestmark = pytest.mark.xdist_group("sheet command")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """Four offers of three workbooks."""
    return planned_week(tmp_path_factory.mktemp("cli") / "room")


@pytest.fixture(scope="module")
def sent(planned: Planned, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbooks by negotiator."""
    return {path.stem: path for path in write_sheets(*planned, tmp_path_factory.mktemp("sent"))}


@pytest.fixture
def room(planned: Planned, tmp_path: Path) -> Path:
    """A room of its own, with nothing in its ledger."""
    shutil.copytree(planned.room, tmp_path / "room")
    return tmp_path / "room"


@pytest.fixture
def bosspick(room: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run ``bosspick sheet import`` on the room: exit code and what was printed."""

    def run(*words: str | Path, who: str = "小林") -> tuple[int, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["sheet", "import", str(room), *map(str, words), "--session", WEEK, "--who", who])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(stopped.value.code or 0), out + err

    return run


def answered(sent: dict[str, Path], folder: Path, name: str = "back.xlsx", **answers: Any) -> Path:
    """The first team's workbook, filled in."""
    return filled(
        sent["一组"], folder / name, answers or {"O1": {"agreed_price": "８１．5", "outcome": "agreed", "note": "切片"}}
    )


def recorded(room: Path) -> list[tuple[Any, ...]]:
    """All talks in the ledger, in order."""
    path = room / "ledger.sqlite"
    if not path.is_file():
        return []
    with sqlite3.connect(path) as connection:
        rows = connection.execute("select offer_id, outcome, brand_price_fen, note, who from talks order by id").fetchall()
    connection.close()
    return rows


def test_export_writes_both_kinds_in_both_languages(room: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, names in (
        (["--lang", "zh"], {"unassigned.xlsx", "一组.xlsx", "二组.xlsx"}),
        (["--brands"], {"品牌1.xlsx", "品牌2.xlsx", "品牌3.xlsx", "品牌4.xlsx"}),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(["sheet", "export", str(room), "--out", str(tmp_path / words[-1]), "--json", *words])
        assert stopped.value.code in (0, None)
        assert {Path(each).name for each in json.loads(capsys.readouterr().out)} == names


def test_an_answer_reaches_the_ledger_and_the_next_plan(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    path = answered(sent, tmp_path)
    code, told = bosspick(path, "--yes")
    assert code == 0
    for words in (
        "back.xlsx: 一组, 2026-W48",
        "1 rows were left empty",
        "1 recorded",
        f"bosspick plan {room} --session {WEEK}",
    ):
        assert words in told
    assert recorded(room) == [("O1", "agreed", 8150, "切片", "小林")]
    assert Ledger.of_room(room).settled(WEEK) == {"O1": 8150}
    (kept,) = (room / "returned" / WEEK).iterdir()
    assert kept.read_bytes() == path.read_bytes()


def test_a_dry_run_shows_all_and_records_nothing(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    code, told = bosspick(answered(sent, tmp_path), "--dry-run")
    assert code == 0
    assert "1 would be recorded" in told
    assert not (room / "ledger.sqlite").exists()
    assert not (room / "returned").exists()


@pytest.mark.parametrize(("answer", "count"), [(True, 1), (False, 0)])
def test_without_yes_it_asks(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch, answer: bool, count: int,
) -> None:  # fmt: skip
    monkeypatch.setattr("click.confirm", lambda *_, **__: answer)
    code, told = bosspick(answered(sent, tmp_path))
    assert code == 0
    assert len(recorded(room)) == count
    assert ("nothing recorded" in told) is not answer


def test_what_was_recorded_while_looking_is_not_overwritten(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*_: object, **__: object) -> bool:
        Ledger.of_room(room).settle(WEEK, "O1", 8000, who="another")
        return True

    monkeypatch.setattr("click.confirm", meanwhile)
    code, told = bosspick(answered(sent, tmp_path))
    assert (code, "somebody recorded talks since this preview" in told) == (1, True)
    assert Ledger.of_room(room).settled(WEEK) == {"O1": 8000}
    assert not (room / "returned").exists()


def test_the_same_file_again_changes_nothing_and_says_so(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    path = answered(sent, tmp_path)
    bosspick(path, "--yes")
    before = (room / "ledger.sqlite").read_bytes()
    code, told = bosspick(path, "--yes")
    assert (code, "back.xlsx: imported before, nothing changes" in told) == (0, True)
    assert (room / "ledger.sqlite").read_bytes() == before
    # The same answers in another file, also where both were saved within one second.
    other = answered(sent, tmp_path, "other.xlsx")
    book = openpyxl.load_workbook(other)
    book.properties.title = "saved again"
    book.save(other)
    assert other.read_bytes() != path.read_bytes()
    code, told = bosspick(other, "--yes")
    assert (code, "other.xlsx: nothing changes" in told) == (0, True)
    assert len(recorded(room)) == 1


def test_an_older_file_again_does_not_undo_a_newer_answer(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    old = answered(sent, tmp_path)
    bosspick(old, "--yes")
    new = answered(sent, tmp_path, "new.xlsx", O1={"agreed_price": 80, "outcome": "agreed"})
    bosspick(new, "--yes")
    third = answered(sent, tmp_path, "third.xlsx", O4={"outcome": "no deal"})
    bosspick(old, third, "--yes")
    assert Ledger.of_room(room).settled(WEEK) == {"O1": 8000}
    assert Ledger.of_room(room).failed(WEEK) == ("O4",)


def test_good_rows_are_kept_beside_refused_ones_which_can_be_let_in_later(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    path = answered(
        sent, tmp_path,
        O1={"agreed_price": 80, "outcome": "agreed"}, O4={"agreed_price": 99, "outcome": "agreed", "note": "the hosts want it"},
    )  # fmt: skip
    code, told = bosspick(path, "--yes")
    assert code == 2
    assert "¥99.00 is above the walk-away" in told
    assert [row[0] for row in recorded(room)] == ["O1"]
    code, told = bosspick(path, "--yes", "--allow-above")
    assert code == 0
    assert Ledger.of_room(room).settled(WEEK) == {"O1": 8000, "O4": 9900}
    assert len(recorded(room)) == 2


def test_an_answer_can_be_taken_back(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    bosspick(answered(sent, tmp_path), "--yes")
    bosspick(answered(sent, tmp_path, "open.xlsx", O1={"outcome": "open"}), "--yes")
    assert [row[:3] for row in recorded(room)] == [("O1", "agreed", 8150), ("O1", "reopened", None)]
    assert Ledger.of_room(room).settled(WEEK) == {}


def test_a_recorded_slip_of_the_pen_does_not_keep_out_its_correction(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    lock = '[[rules]]\nid = "promised"\ntitle = "promised on air"\ntype = "lock"\noffer_id = "O1"\n'
    with (room / "policy.toml").open("a", encoding="utf-8") as file:
        file.write(lock)
    Ledger.of_room(room).settle(WEEK, "O1", 815_000, who="小林")
    done = run("plan", str(room))
    assert done.returncode == 1
    assert "the price agreed for it lies above the ¥99.99 at which it passes" in done.stderr
    code, told = bosspick(answered(sent, tmp_path), "--yes")
    assert code == 0, told
    assert "no lineup holds with the prices recorded for O1" in told
    assert Ledger.of_room(room).settled(WEEK) == {"O1": 8150}
    assert run("plan", str(room)).returncode == 0


def test_a_price_at_which_an_offer_cannot_air_is_told(
    sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    dear = {"O1": {"agreed_price": "815", "outcome": "agreed", "note": "boss's word"}}
    code, told = bosspick(answered(sent, tmp_path, **dear), "--dry-run", "--allow-above")
    assert code == 0
    assert "¥815.00 cannot air: the highest brand price that passes is ¥104.99" in told


def test_workbooks_that_differ_leave_the_offer_open_unless_one_is_preferred(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    one = answered(sent, tmp_path, "a.xlsx", O1={"agreed_price": 81, "outcome": "agreed"})
    two = answered(sent, tmp_path, "b.xlsx", O1={"agreed_price": 80, "outcome": "agreed"}, O4={"outcome": "no deal"})
    code, told = bosspick(one, two, "--yes")
    assert code == 2
    assert "b.xlsx says otherwise of O1" in told
    assert [row[:2] for row in recorded(room)] == [("O4", "failed")]
    code, told = bosspick(one, two, "--yes", "--prefer", "a.xlsx")
    assert code == 0, told
    assert Ledger.of_room(room).settled(WEEK) == {"O1": 8100}


def test_one_bad_file_stops_all_before_anything_is_recorded(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    for name in ("x.xlsx", "y.xlsx"):
        (tmp_path / name).write_text("no workbook", encoding="utf-8")
    code, told = bosspick(answered(sent, tmp_path), tmp_path / "x.xlsx", tmp_path / "y.xlsx", "--yes")
    assert code == 2
    assert "x.xlsx: is no Excel workbook" in told
    assert "y.xlsx: is no Excel workbook" in told
    assert not (room / "ledger.sqlite").exists()
    assert not (room / "returned").exists()


def test_where_the_original_cannot_be_kept_nothing_is_recorded(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    (room / "returned").write_text("in the way", encoding="utf-8")
    code, told = bosspick(answered(sent, tmp_path), "--yes")
    assert code == 1
    assert "cannot be kept" in told
    assert recorded(room) == []


def test_json_for_other_programs(
    room: Path, sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]]
) -> None:
    code, told = bosspick(answered(sent, tmp_path, O1={"agreed_price": 81}), "--yes", "--json")
    found = json.loads(told)
    assert (code, found["recorded"], found["next"]) == (0, 1, f"bosspick plan {room} --session {WEEK}")
    (file,) = found["files"]
    assert (file["state"], file["negotiator"], file["untouched"]) == ("recorded", "一组", 1)
    assert [(entry["offer_id"], entry["price_fen"], entry["change"]) for entry in file["entries"]] == [("O1", 8100, "new")]
    assert [finding["severity"] for finding in file["findings"]] == ["warning"]
    assert "content" not in file


@pytest.mark.parametrize(
    ("words", "message"),
    [(["--json"], "--json cannot ask"), (["--yes", "--prefer", "c.xlsx"], "c.xlsx is none of the files")],
)
def test_usage_that_cannot_be(
    sent: dict[str, Path], tmp_path: Path, bosspick: Callable[..., tuple[int, str]], words: list[str], message: str
) -> None:
    code, told = bosspick(answered(sent, tmp_path), *words)
    assert (code, message in told) == (2, True)


KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
import bosspick.bargaining.sheet_archive as archive
from bosspick.cli.main import main

def end(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

keep = archive.keep_original

def keep_and_end(*given, **named):
    keep(*given, **named)
    end()

def end_at_commit():
    # Armed only once the originals are kept: the next transaction is that of the answers.
    def keep_and_arm(*given, **named):
        event.listen(Engine, "commit", end)
        return keep(*given, **named)
    archive.keep_original = keep_and_arm

if sys.argv[1] == "kept":
    archive.keep_original = keep_and_end
else:
    end_at_commit()
main(sys.argv[2:])
"""


@pytest.mark.parametrize("moment", ["kept", "commit"])
def test_killed_between_keeping_the_original_and_the_commit(
    bosspick: Callable[..., tuple[int, str]], room: Path, sent: dict[str, Path], tmp_path: Path, moment: str
) -> None:
    path = answered(sent, tmp_path)
    words = ["sheet", "import", str(room), str(path), "--session", WEEK, "--who", "小林", "--yes"]
    killed = subprocess.run([sys.executable, "-c", KILLED, moment, *words], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert [kept.read_bytes() for kept in (room / "returned" / WEEK).iterdir()] == [path.read_bytes()]
    ledger = Ledger.of_room(room)
    assert ledger.talks(WEEK).empty
    assert not ledger.sheets(WEEK)
    code, said = bosspick(path, "--yes")
    assert code == 0, said
    assert ledger.settled(WEEK) == {"O1": 8150}
    assert len(list((room / "returned" / WEEK).iterdir())) == 1


def test_a_ledger_that_may_not_be_written_is_named_and_left_as_it_is(
    room: Path, sent: dict[str, Path], tmp_path: Path, bound: Sequence[str]
) -> None:
    ledger = Ledger.of_room(room)
    ledger.settle(WEEK, "O4", 8000, who="小林")
    path = answered(sent, tmp_path)
    file = room / "ledger.sqlite"
    for each in (file, room):
        each.chmod(0o444 if each is file else 0o555)
    try:
        found = run("sheet", "import", room, path, "--session", WEEK, "--who", "小林", "--yes", drop=bound)
    finally:
        room.chmod(0o755)
        file.chmod(0o644)
    assert found.returncode == 2, found.stdout + found.stderr
    assert "Traceback" not in found.stderr
    assert "ermission denied" in found.stderr or "readonly" in found.stderr, found.stderr
    assert "  → " in found.stderr
    assert ledger.settled(WEEK) == {"O4": 8000}
