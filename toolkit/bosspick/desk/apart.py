"""One call in a process of its own: it takes no time from the kernel, and is ended when nobody wants its answer any more."""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import TypeVar

__all__ = ["run_apart"]

_LOOK_S = 0.1

Answer = TypeVar("Answer")


def run_apart(job: Callable[[], Answer], *, stop: Callable[[], bool]) -> Answer | None:
    """Call a job in a new process.

    Parameters
    ----------
    job
        Something that can be pickled, such as a partial of a module's function.
    stop
        Asked from time to time whether the answer is still wanted; the process is ended when it is not.

    Returns
    -------
    object or None
        What the job returns; None when it was stopped. What it raises is raised here.
    """
    command = [sys.executable, "-c", "from bosspick.desk.apart import work; work()"]
    # Through files without a name: nothing waits for a pipe, however much is said.
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as heard:
        pickle.dump(job, told)
        told.seek(0)
        child = subprocess.Popen(command, stdin=told, stdout=heard, start_new_session=True)
        while child.poll() is None:
            if stop():
                child.kill()
                child.wait()
                return None
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_LOOK_S)
        heard.seek(0)
        out = heard.read()
    if child.returncode:
        raise RuntimeError(f"the process ended with {child.returncode}")
    answer: Answer | Exception = pickle.loads(out)  # noqa: S301 - written by our own process
    if isinstance(answer, Exception):
        raise answer
    return answer


def work() -> None:
    """Read a job, do it, write its answer; what is printed meanwhile goes nowhere near it."""
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    job = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the process that started this one
    answer: object
    try:
        answer = job()
    except Exception as error:
        answer = error
    out.write(pickle.dumps(answer))
