"""The show on the terminal and as a figure."""

from __future__ import annotations

import json
from pathlib import Path

from bosspick import open_room, plan_lineup, plan_rundown
from bosspick.briefing.figures import INKED
from bosspick.briefing.rundown_figure import rundown_picture
from tests.rooms import POLICY, offer, write_room
from tests.runs import bosspick


def test_the_command_shows_order_bench_and_releases(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    told = bosspick("rundown", room)
    assert told.returncode == 0, told.stderr
    assert "Bench" in told.stdout
    assert "cannot be kept" not in told.stdout
    cues = json.loads(bosspick("rundown", room, "--json").stdout)
    assert [cue["cue"] for cue in cues[:4]] == ["on air", "link up", "price open", "stock release 1"]


def test_the_command_says_what_was_changed_what_cannot_be_kept_and_what_is_too_much(tmp_path: Path) -> None:
    late = [offer(1, rep_to="20:12"), offer(2, rep_to="20:12"), offer(3, opening_price="97.00", floor_low="90.00",
                                                                    floor_high="95.00")]  # fmt: skip
    changed = bosspick("rundown", write_room(tmp_path / "changed", offers=late))
    assert changed.returncode == 0
    assert "cannot be in one show" in changed.stdout
    kept = bosspick("rundown", write_room(tmp_path / "kept", offers=late[:2], count=2))
    assert kept.returncode == 1
    assert "cannot be kept:" in kept.stdout
    loud = bosspick("rundown", write_room(tmp_path / "loud", policy=f"{POLICY}\n[rundown]\norders_per_second_max = 1.0\n"))
    assert loud.returncode == 0
    assert "releases of the item would do" in loud.stdout


def test_the_figure_has_a_bar_a_role_a_window_and_every_release(tmp_path: Path) -> None:
    rows = [offer(1), offer(2, rep_from="", rep_to=""), offer(3)]
    week = open_room(write_room(tmp_path / "room", offers=rows)).week()
    rundown = plan_rundown(week, plan_lineup(week, explain=False))
    traces = rundown_picture(rundown).data
    # Of the releases a sample for the legend comes first.
    by_name = {trace.name: trace for trace in traces if trace.name}
    assert [len(trace.x) for trace in traces if trace.meta == INKED] == [1]
    stated = rundown.slots["rep_arrives"].notna().sum()
    assert len(by_name["representative on set"].y) == stated
    assert len(by_name["stock release"].x) == len(rundown.tranches)
    roles = set(rundown.slots["role"])
    assert roles <= set(by_name)
    texts = [trace.text for trace in traces if trace.type == "scatter" and trace.mode == "text"]
    words = [word.strip() for text in texts for word in text]
    shown = zip(rundown.slots["role"], rundown.slots["minutes"], strict=True)
    assert sorted(words) == sorted(f"{role} {minutes}′" for role, minutes in shown)
