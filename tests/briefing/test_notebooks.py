"""Every notebook by hand, and notebooks that end without reaching their end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from bosspick import brief, open_room
from bosspick.briefing import runner
from bosspick.briefing.config import STEPS
from bosspick.briefing.papermill_run import failing_cell, run_notebook
from bosspick.briefing.publish import workplace
from bosspick.errors import StepFailedError
from bosspick.share import share_path
from tests.rooms import WEEK, write_room

if TYPE_CHECKING:
    from bosspick.warm import Processes


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.filterwarnings("ignore")  # papermill's own; what our code does is judged in its own tests
def test_a_notebook_runs_by_hand_and_writes_nothing(step: str, tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"room": str(room), "session": WEEK}), encoding="utf-8")
    before = sorted(path for path in tmp_path.rglob("*"))
    run_notebook(share_path("notebooks") / f"{step}.ipynb", tmp_path / "out.ipynb", config, timeout_s=120)
    assert failing_cell(tmp_path / "out.ipynb") is None
    assert sorted(path for path in tmp_path.rglob("*") if path.name != "out.ipynb") == before


def with_last_cell(tmp_path: Path, source: str) -> Path:
    """The shipped notebooks, the first with another last cell."""
    folder = tmp_path / "notebooks"
    shutil.copytree(share_path("notebooks"), folder)
    path = folder / "01_screening.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][-1]["source"] = source
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import sys; sys.exit(0)", "SystemExit"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", ""),
        ("while True: pass", ""),
        ("raise ValueError('no such luck')", "ValueError: no such luck"),
        ("pass", "before the last cell"),
    ],
    ids=["exit", "killed", "too long", "error", "no sentinel"],
)
def test_success_is_never_read_from_the_notebook(
    source: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = with_last_cell(tmp_path, source)
    monkeypatch.setattr(runner, "share_path", {"notebooks": folder}.__getitem__)
    room = write_room(tmp_path / "room")
    with pytest.raises(StepFailedError, match=r"01_screening\.ipynb") as caught:
        brief(open_room(room), out=tmp_path / "out", timeout_s=15)
    assert said in str(caught.value)
    assert not (tmp_path / "out" / WEEK / "latest").exists()
    assert (tmp_path / "out" / WEEK / "failed" / "01_screening.ipynb").is_file()


@pytest.mark.parametrize(
    ("ename", "value", "done", "again"),
    [
        ("KeyboardInterrupt", "", set(), True),
        ("StepFailedError", "waited 30 s for 01_screening", set(), True),
        ("KeyboardInterrupt", "", {"01_screening"}, False),
        ("ValueError", "no such luck", set(), False),
    ],
    ids=["out of time while waiting", "waited in vain", "out of time by itself", "a fault of its own"],
)
def test_a_step_that_waited_too_long_for_a_slow_one_begins_again(
    ename: str, value: str, done: set[str], again: bool, tmp_path: Path
) -> None:
    with workplace(tmp_path, WEEK) as place:
        (place.files / "notebooks").mkdir()
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": 1}
        cell["outputs"] = [{"output_type": "error", "ename": ename, "evalue": value, "traceback": []}]
        content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (place.files / "notebooks" / "02_lineup.ipynb").write_text(json.dumps(content), encoding="utf-8")
        room = open_room(write_room(tmp_path / "room"))
        run = runner._Run(place=place, room=room, session_id=WEEK, as_of=None, timeout_s=15,
                          told=lambda step, event: None, processes=cast("Processes", None))  # fmt: skip
        assert run._gave_up_waiting("02_lineup", done) is again
