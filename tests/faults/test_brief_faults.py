"""A briefing run under real faults: the message, the exit code, and the last good briefing untouched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from bosspick.briefing.config import STEPS
from bosspick.briefing.pdf import find_browser
from bosspick.briefing.publish import file_hashes
from tests.mounts import in_own_mounts
from tests.rooms import POLICY, WEEK, write_room, write_rows
from tests.runs import bosspick, bosspick_started

# One worker: what the module shares is made once.
pytestmark = pytest.mark.xdist_group("brief faults")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A room with one good briefing, and a folder for what is temporary."""
    base = tmp_path_factory.mktemp("good")
    room = write_room(base / "room")
    (base / "scratch").mkdir()
    done = bosspick("brief", room, "--out", base / "out", TMPDIR=str(base / "scratch"))
    assert done.returncode == 0, done.stderr
    return room, base / "out"


@pytest.fixture
def out(good: tuple[Path, Path], tmp_path: Path) -> Iterator[Path]:
    """A copy of the good briefing that must be unchanged in the end."""
    copy = tmp_path / "out"
    shutil.copytree(good[1], copy, symlinks=True)
    before = file_hashes(copy / WEEK / "0001")
    yield copy
    assert (copy / WEEK / "latest").resolve() == copy / WEEK / "0001"
    assert file_hashes(copy / WEEK / "0001") == before
    assert not (copy / WEEK / "0002").exists()
    assert not (copy / WEEK / ".work").exists()


WARM = "bosspick.warm"


def kernels_below(pid: int) -> list[int]:
    """Kernels among a process's descendants: split off from a notebook's process, which is split off from the warm one."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    family, grown = {pid}, True
    while grown:
        children = {int(child) for child, parent, _ in rows if int(parent) in family}
        grown = not children <= family
        family |= children
    above = {int(child): int(parent) for child, parent, args in rows if WARM in args}
    return [child for child in above if child in family and above.get(above[child], 0) in above]


def is_kernel(pid: int, *, wait_s: float) -> bool:
    """Whether a process is still a kernel, after giving it a moment."""
    threading.Event().wait(wait_s)
    try:
        return WARM.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_run_leaves_nothing_temporary(good: tuple[Path, Path]) -> None:
    assert list((good[0].parent / "scratch").iterdir()) == []


def test_a_killed_kernel_is_a_failure_not_a_briefing(good: tuple[Path, Path], out: Path) -> None:
    run = bosspick_started("brief", good[0], "--out", out)
    # One that has come up: before that it is started once more, and the run goes on.
    while len(list((out / WEEK / ".work").glob("*.kernel.json"))) < len(STEPS) and run.poll() is None:
        pass
    os.kill(kernels_below(run.pid)[0], signal.SIGKILL)
    _, errors = run.communicate(timeout=120)
    assert run.returncode == 1
    assert ".ipynb" in errors
    assert "the last good briefing is untouched" in errors
    assert "Traceback" not in errors
    assert kernels_below(run.pid) == []


def test_a_second_run_is_refused(good: tuple[Path, Path], out: Path) -> None:
    with FileLock(out / WEEK / ".lock"):
        done = bosspick("brief", good[0], "--out", out)
    assert done.returncode == 1
    assert "another run of 2026-W48 is under way" in done.stderr


def test_a_run_killed_before_leaves_nothing_in_the_way(good: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = bosspick_started("brief", good[0], "--out", out)
    found: list[int] = []
    while not found and run.poll() is None:
        found = kernels_below(run.pid)
    run.kill()
    run.communicate()
    assert not (out / WEEK / "latest").exists()
    # The kernels notice by themselves that nobody waits for them any more.
    assert all(any(not is_kernel(pid, wait_s=0.1) for _ in range(600)) for pid in found)
    done = bosspick("brief", good[0], "--out", out)
    assert done.returncode == 0, done.stderr
    assert (out / WEEK / "latest" / "briefing.html").is_file()


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="Chromium is not installed (Debian: apt-get install chromium)")
def test_a_run_killed_while_its_browser_waits_leaves_nothing_of_it(
    good: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    run = bosspick_started("brief", good[0], "--out", tmp_path / "out")
    while not list(scratch.glob("bosspick-browser-*/*")) and run.poll() is None:
        pass
    assert run.poll() is None
    run.kill()
    run.communicate()

    def left() -> list[str]:
        listed = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout
        # A browser killed while it comes up may not have had the time for a folder of its own, outside its profile.
        return [line for line in listed.splitlines() if str(scratch) in line] + [str(p) for p in scratch.glob("bosspick-*")]

    assert any(not left() or threading.Event().wait(0.1) for _ in range(300)), left()


def test_a_full_disk(good: tuple[Path, Path], tmp_path: Path) -> None:
    brief = '"$0" -m bosspick.cli brief "$1" --out "$2"; code=$?; ls -R "$2"; exit $code'
    script = f'mount -t tmpfs -o size=128k tmpfs "$2" && {{ {brief}; }}'
    done = in_own_mounts(script, good[0], tmp_path)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert WEEK in done.stdout
    assert "latest" not in done.stdout


def test_an_output_folder_that_cannot_be_made(good: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    done = bosspick("brief", good[0], "--out", tmp_path / "taken")
    assert done.returncode in (1, 2)
    assert "taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_room_that_is_read_only_is_briefed_all_the_same(good: tuple[Path, Path], tmp_path: Path) -> None:
    script = 'mount --bind -o ro "$1" "$1" && ! touch "$1/probe" 2>/dev/null && "$0" -m bosspick.cli brief "$1" --out "$2"'
    done = in_own_mounts(script, good[0], tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / WEEK / "latest" / "briefing.html").is_file()


def rule(kind: str, **keys: str) -> str:
    """A rule as a policy writes it."""
    lines = "\n".join(f'{key} = "{value}"' for key, value in keys.items())
    return f'\n[[rules]]\ntype = "{kind}"\n{lines}\n'


def test_ten_cannot_be_reached_names_the_rules(good: tuple[Path, Path], out: Path, tmp_path: Path) -> None:
    policy = (
        POLICY
        + rule("ban", id="no-one", title="No first", offer_id="O1")
        + rule("ban", id="no-two", title="No second", offer_id="O2")
    )
    room = write_room(tmp_path / "room", policy=policy)
    done = bosspick("brief", room, "--out", out)
    assert done.returncode == 1
    assert "No first" in done.stderr
    assert "No second" in done.stderr


def test_contradictory_locks_are_named(out: Path, tmp_path: Path) -> None:
    policy = (
        POLICY + rule("lock", id="in", title="Promised", offer_id="O1") + rule("ban", id="out", title="Left out", offer_id="O1")
    )
    room = write_room(tmp_path / "room", policy=policy)
    done = bosspick("plan", room)
    assert done.returncode in (1, 2)
    assert "Promised" in done.stderr
    assert "Left out" in done.stderr
    assert bosspick("brief", room, "--out", out).returncode == 1


def test_bad_input_stops_before_anything_is_written(out: Path, tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    write_rows(room / WEEK / "offers.csv", [{"offer_id": "O1"}])
    done = bosspick("brief", room, "--out", out)
    assert done.returncode == 2
    assert "lacks the columns" in done.stderr
