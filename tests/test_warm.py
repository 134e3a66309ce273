"""Jobs split off from the warm process: how each ended is told, and none outlives whoever asked for it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bosspick.warm import Processes, serve

#: What a job may do, by its first word.
SLEEP, ENDED, RAISED, KILLED = "sleep", "ended", "raised", "killed"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, int, int]]:
    """The loop that forks, in a process of its own: its id, where to write jobs, where to read what became of them."""
    jobs, answers = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(jobs[0], 0)
        os.dup2(answers[1], 1)
        for end in (*jobs, *answers):
            os.close(end)
        serve(do)
        os._exit(0)
    os.close(jobs[0])
    os.close(answers[1])
    yield pid, jobs[1], answers[0]
    for end in (jobs[1], answers[0]):
        with suppress(OSError):
            os.close(end)
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def do(words: list[str]) -> None:
    """One job."""
    if words[0] == SLEEP:
        Path(words[1]).write_text(str(os.getpid()), encoding="utf-8")
        time.sleep(600)
    if words[0] == RAISED:
        raise ValueError("no such luck")
    if words[0] == KILLED:
        os.kill(os.getpid(), signal.SIGKILL)
    os.write(1, b"said\n")


def asked(to: int, job: str, words: list[str], log: Path) -> None:
    """Ask for a job."""
    import json

    os.write(to, json.dumps({"job": job, "words": words, "log": str(log)}).encode() + b"\n")


def until(there: Path) -> int:
    """The process id in a file, once it is there."""
    for _ in range(600):
        with suppress(OSError, ValueError):
            return int(there.read_text(encoding="utf-8"))
        time.sleep(0.05)
    raise AssertionError("the job never began")


def gone(pid: int) -> bool:
    """Whether a process is gone, after giving it time."""
    for _ in range(600):
        try:
            if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_every_end_is_told_by_its_code(server: tuple[int, int, int], tmp_path: Path) -> None:
    _, to, answers = server
    for word in (ENDED, RAISED, KILLED):
        asked(to, word, [word], tmp_path / f"{word}.log")
    told = b""
    while told.count(b"\n") < 3:
        told += os.read(answers, 4096)
    assert sorted(told.decode().splitlines()) == ['["ended", 0]', '["killed", -9]', '["raised", 1]']
    assert (tmp_path / "ended.log").read_text(encoding="utf-8") == "said\n"
    assert (tmp_path / "raised.log").is_file()


def test_jobs_end_when_nobody_asks_any_more(server: tuple[int, int, int], tmp_path: Path) -> None:
    pid, to, _ = server
    asked(to, SLEEP, [SLEEP, str(tmp_path / "pid")], tmp_path / "log")
    job = until(tmp_path / "pid")
    os.close(to)
    assert os.waitpid(pid, 0) == (pid, 0)
    assert gone(job)


def test_a_run_whose_warm_process_is_killed_knows_its_jobs_are_gone(tmp_path: Path) -> None:
    processes = Processes()
    processes.start("talks", ["product", tmp_path / "no-such-config.json"], tmp_path / "log")
    os.kill(processes.pid, signal.SIGKILL)
    assert gone(processes.pid)
    assert processes.code("talks") == -signal.SIGKILL
    processes.start("talks", ["product", tmp_path / "no-such-config.json"], tmp_path / "log")
    processes.stop()
