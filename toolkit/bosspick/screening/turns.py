"""Whoever builds or compiles expressions does so alone in the process; while an engine works, the next one may.

Ibis keeps by the addresses of its nodes which of them are equal, for all threads together and without a lock (pull request
8708 of its repository). Of two threads that build at the same time one may find what was kept of a node that is gone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["alone", "meanwhile"]

_TURN = threading.Lock()
_MINE = threading.local()


@contextmanager
def alone() -> Iterator[None]:
    """Build and compile in here; within another of the thread's own it changes nothing."""
    if getattr(_MINE, "turn", False):
        yield
        return
    _TURN.acquire()
    _MINE.turn = True
    try:
        yield
    finally:
        # Interrupted while it waited to have its turn back, it has none to give.
        if _MINE.turn:
            _MINE.turn = False
            _TURN.release()


@contextmanager
def meanwhile() -> Iterator[None]:
    """Let others build in here, where this thread only waits; outside of :func:`alone` it changes nothing."""
    if not getattr(_MINE, "turn", False):
        yield
        return
    _MINE.turn = False
    _TURN.release()
    try:
        yield
    finally:
        _TURN.acquire()
        _MINE.turn = True
