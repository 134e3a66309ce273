"""Long solves in a process of their own: they end when asked to, or when their time is up, whatever the solver is doing.

Solvers look at the clock when they please; a hard programme took 13 s where 1 s was asked. Here a child solves, tells of
every better point it finds, and is ended from outside. It is started when first needed and kept for the next question.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from bosspick.lineup.program import Answer, Floats, Program, Status

__all__ = ["Job", "Watch", "solve_guarded"]

#: Seconds beyond the limit after which the child is ended.
_GRACE_S = 0.25
_LOOK_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who looks on while a programme is solved.

    Attributes
    ----------
    told
        Called with the best point so far and the bound, either None when not known.
    stop
        Asked whether to end.
    """

    told: Callable[[Floats | None, float | None], None]
    stop: Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A programme and how to solve it; see :func:`bosspick.lineup.solver.solve`."""

    program: Program
    solver: str
    time_limit_s: float
    gap: float
    floor: float


def solve_guarded(job: Job, watch: Watch | None) -> Answer:
    """Solve in the child; at the limit, or when told to stop, the best point so far with ``Status.LIMIT``."""
    with _LOCK:
        child = _Child.ready()
        deadline = time.monotonic() + job.time_limit_s + _GRACE_S
        x: Floats | None = None
        bound: float | None = None
        try:
            child.send(job)
            while time.monotonic() < deadline and not (watch and watch.stop()):
                try:
                    word, *said = child.heard.get(timeout=_LOOK_S)
                except queue.Empty:
                    continue
                if word == "answer":
                    answer: Answer = said[0]
                    return answer
                if word == "gone":
                    child.end()
                    return Answer(status=Status.ERROR, x=x, bound=bound)
                x, bound = said[0] if said[0] is not None else x, said[1] if said[1] is not None else bound
                if watch:
                    watch.told(x, bound)
        except OSError:
            child.end()
            return Answer(status=Status.ERROR, x=x, bound=bound)
        child.end()
        return Answer(status=Status.LIMIT, x=x, bound=bound)


class _Child:
    """The process and a thread that listens to it."""

    current: _Child | None = None

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from bosspick.lineup.guarded import work; work()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.made_in = os.getpid()
        self.heard: queue.Queue[tuple[Any, ...]] = queue.Queue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    @classmethod
    def ready(cls) -> _Child:
        """The child that is there and alive, or a new one."""
        known = cls.current
        if known is not None and known.made_in == os.getpid():
            if known.process.poll() is None:
                return known
            known.end()
        cls.current = cls()
        return cls.current

    def send(self, job: Job) -> None:
        """Ask it."""
        assert self.process.stdin is not None
        pickle.dump(job, self.process.stdin)
        self.process.stdin.flush()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while True:
                self.heard.put(pickle.load(self.process.stdout))  # noqa: S301 - our own child
        self.heard.put(("gone",))

    def end(self) -> None:
        """End it and what it has started."""
        _Child.current = None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, 9)
        self.process.wait()
        self.listener.join()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError, ValueError):
                assert pipe is not None
                pipe.close()


_LOCK = threading.Lock()


@atexit.register
def _end() -> None:
    if _Child.current is not None and _Child.current.made_in == os.getpid():
        _Child.current.end()


def work() -> None:
    """The child's life: read a job, solve it, tell, until the parent is gone."""
    from bosspick.lineup.solver import solve_here

    said: IO[bytes] = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _die_with_parent()

    def tell(*words: object) -> None:
        pickle.dump(words, said)
        said.flush()

    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent
            found = solve_here(
                job.program, solver="cbc" if job.solver == "cbc" else "highs", time_limit_s=job.time_limit_s, gap=job.gap,
                floor=job.floor, told=lambda x, bound: tell("progress", x, bound),
            )  # fmt: skip
            tell("answer", found)


def _die_with_parent() -> None:
    """Linux: no orphan goes on solving for a parent that was killed."""
    if sys.platform == "linux":
        import ctypes
        import signal

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
