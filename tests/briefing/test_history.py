"""The list of what was published and what failed, and several sessions at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bosspick import open_room
from bosspick.briefing.history import history, record_failure, write_index
from bosspick.briefing.language import ENGLISH, Language
from bosspick.briefing.several import Made, brief_several, one_line
from tests.briefing.test_page import parse
from tests.rooms import WEEK, write_room
from tests.runs import bosspick


def published(out: Path, session: str, number: int, *, version: str, at: str, latest: bool = False) -> None:
    """A run's manifest, as publishing leaves it."""
    run = out / session / f"{number:04d}"
    run.mkdir(parents=True)
    manifest = {
        "session": session, "version": version, "outcome": "OPTIMAL", "made_at": at, "as_of": "2026-11-27T18:00:00+08:00",
        "language": "zh", "seconds": {"total": 12.3}, "outputs": {"briefing.pdf": "…"},
    }  # fmt: skip
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if latest:
        (out / session / "latest").symlink_to(run.name)


def test_the_history_is_read_from_the_manifests_alone(tmp_path: Path) -> None:
    published(tmp_path, "2026-W48", 1, version="W48-a", at="2026-11-25T01:00:00+00:00")
    published(tmp_path, "2026-W48", 2, version="W48-b", at="2026-11-25T02:00:00+00:00", latest=True)
    record_failure(tmp_path / "2026-W48", at="2026-11-25T03:00:00+00:00", where="02_lineup.ipynb", why="cell 4: ValueError: no")
    (tmp_path / "2026-W49" / "0001").mkdir(parents=True)  # no manifest: no run
    (session,) = history(tmp_path)
    assert [(run.version, run.is_latest, run.has_pdf) for run in session.runs] == [
        ("W48-b", True, True),
        ("W48-a", False, True),
    ]
    assert session.failed_last
    assert (session.failed[0].where, session.failed[0].why) == ("02_lineup.ipynb", "cell 4: ValueError: no")


@pytest.mark.parametrize(
    ("lang", "badge", "outcome"), [("en", "latest good run", "proven best"), ("zh", "最近有效", "已证明最优")]
)
def test_the_index_marks_the_latest_and_names_the_failed_cell(lang: str, badge: str, outcome: str, tmp_path: Path) -> None:
    published(tmp_path, "2026-W48", 1, version="W48-a", at="2026-11-25T01:00:00+00:00", latest=True)
    record_failure(tmp_path / "2026-W48", at="2026-11-25T03:00:00+00:00", where="02_lineup.ipynb", why="cell 4: <b>no</b>")
    page = parse(write_index(tmp_path, Language.of(lang)))
    assert page.open_text.count(badge) == 1
    assert outcome in page.open_text
    assert "OPTIMAL" not in page.open_text
    assert "02_lineup.ipynb" in page.open_text
    assert "cell 4: <b>no</b>" in page.open_text
    links = [value for _, name, value in page.attributes if name == "href"]
    assert links == [f"2026-W48/0001/{name}" for name in ("briefing.html", "briefing.pdf", "cards/control-desk.html")]
    assert sorted(path.name for path in tmp_path.iterdir() if "part" in path.name) == []


def test_a_damaged_manifest_hides_its_run_only(tmp_path: Path) -> None:
    published(tmp_path, "2026-W48", 1, version="W48-a", at="2026-11-25T01:00:00+00:00", latest=True)
    published(tmp_path, "2026-W48", 2, version="W48-b", at="2026-11-25T02:00:00+00:00")
    (tmp_path / "2026-W48" / "0002" / "manifest.json").write_text("{", encoding="utf-8")
    assert [run.version for run in history(tmp_path)[0].runs] == ["W48-a"]
    write_index(tmp_path, ENGLISH)


def test_only_the_latest_failures_are_remembered(tmp_path: Path) -> None:
    (tmp_path / WEEK).mkdir()
    for number in range(25):
        record_failure(tmp_path / WEEK, at=f"{number:02d}", where="a", why="b")
    failed = history(tmp_path)[0].failed
    assert [each.at for each in failed][:2] == ["24", "23"]
    assert len(failed) == 20


def two_weeks(folder: Path) -> Path:
    """A room of two weeks, the second without a readable offers table."""
    room = write_room(folder)
    shutil.copytree(room / WEEK, room / "2026-W49")
    (room / "2026-W49" / "offers.csv").write_text("nothing\n1\n", encoding="utf-8")
    return room


@pytest.mark.slow
def test_a_failed_session_leaves_the_others_whole(tmp_path: Path) -> None:
    room, out = two_weeks(tmp_path / "room"), tmp_path / "out"
    told: list[tuple[str, str, str]] = []
    made = brief_several(open_room(room), [WEEK, "2026-W49"], out=out, pdf=False, progress=lambda *each: told.append(each))
    assert [bool(each.briefing) for each in made] == [True, False]
    assert "offers" in made[1].failed
    assert one_line(made).startswith("brief: 1 of 2 published, failed 2026-W49: ")
    assert "\n" not in one_line(made)
    assert (WEEK, "05_briefing", "done") in told
    assert (WEEK, "", "done") in told
    assert ("2026-W49", "", "failed") in told
    assert (out / WEEK / "latest" / "briefing.html").is_file()
    assert WEEK in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_command_sums_up_in_its_last_line(tmp_path: Path) -> None:
    done = bosspick("brief", two_weeks(tmp_path / "room"), "--all", "--jobs", "1", "--no-pdf", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("brief: 1 of 2 published, failed 2026-W49: ")
    assert "Traceback" not in done.stderr


def test_all_and_one_session_exclude_each_other(tmp_path: Path) -> None:
    done = bosspick("brief", tmp_path, "--all", "--session", WEEK)
    assert done.returncode == 2


def test_one_line_stays_short() -> None:
    made = [Made(session_id="2026-W48"), Made(session_id="2026-W50", failed="02_lineup.ipynb cell 4: ValueError: no")]
    assert one_line(made) == "brief: 1 of 2 published, failed 2026-W50: 02_lineup.ipynb cell 4: ValueError: no"
