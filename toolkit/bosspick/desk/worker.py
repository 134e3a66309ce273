"""A thread for what takes long: of the jobs handed in while one is under way, only the newest is done next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["LatestWorker", "ticking"]


class LatestWorker:
    """Runs jobs one after the other on a thread of its own; a job that waits gives way to a newer one.

    Parameters
    ----------
    name
        Name of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._next: tuple[float, Callable[[], None]] | None = None
        self._thread: threading.Thread | None = None
        self._raised: list[Exception] = []

    def submit(self, job: Callable[[], None], *, after_s: float = 0.0) -> None:
        """Do a job once nothing is under way and no newer one came for some seconds."""
        with self._changed:
            self._next = (time.monotonic() + after_s, job)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until nothing is left to do; raises what a job raised, once."""
        with self._changed:
            self._changed.wait_for(lambda: self._thread is None)
            raised, self._raised = self._raised, []
        if raised:
            raise raised[0]

    def _run(self) -> None:
        while (job := self._due()) is not None:
            try:
                job()
            except Exception as error:
                with self._changed:
                    # A producer who breaks the same thing all day must not fill the memory.
                    self._raised = [*self._raised[-9:], error]

    def _due(self) -> Callable[[], None] | None:
        """The next job when its time has come; None, and the thread ends, when there is none."""
        with self._changed:
            while self._next is not None:
                at, job = self._next
                left = at - time.monotonic()
                if left <= 0:
                    self._next = None
                    return job
                self._changed.wait(left)
            self._thread = None
            self._changed.notify_all()
            return None


@contextmanager
def ticking(told: Callable[[], None], every_s: float) -> Iterator[None]:
    """Call ``told`` again and again on another thread while the body runs."""
    over = threading.Event()

    def tick() -> None:
        while not over.wait(every_s):
            told()

    thread = threading.Thread(target=tick, name="bosspick-desk-clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
