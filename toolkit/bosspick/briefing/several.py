"""Several sessions at once, each briefing in a process of its own: one that fails leaves the others whole."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bosspick.briefing.papermill_run import end_with_parent
from bosspick.briefing.runner import Briefing, brief
from bosspick.errors import BosspickError
from bosspick.intake import Room
from bosspick.warm import Processes

__all__ = ["Made", "SeveralProgress", "brief_several", "one_line"]

#: Called with a session, a step, and what happened to it: "started", "done", "failed".
SeveralProgress = Callable[[str, str, str], None]
#: Of a message, so much fits on one line of an alert.
_LINE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What became of one session: a briefing, or why there is none."""

    session_id: str
    briefing: Briefing | None = None
    failed: str = ""


def brief_several(
    room: Room,
    sessions: Sequence[str],
    *,
    jobs: int = 2,
    out: Path | str = "briefings",
    as_of: datetime | None = None,
    lang: str = "en",
    pdf: bool = True,
    timeout_s: int = 600,
    progress: SeveralProgress | None = None,
) -> list[Made]:
    """Plan several sessions of a room and publish their briefings.

    Parameters
    ----------
    room
        The room; see :func:`bosspick.open_room`.
    sessions
        ISO weeks.
    jobs
        How many are under way at once.
    out, as_of, lang, pdf, timeout_s
        As of :func:`bosspick.brief`.
    progress
        Called as steps start and end.

    Returns
    -------
    list of Made
        In the order of ``sessions``.
    """
    told = progress or (lambda session, step, event: None)
    options = {"out": Path(out).resolve(), "as_of": as_of, "lang": lang, "pdf": pdf, "timeout_s": timeout_s}
    waiting, running, made = list(sessions), dict[Connection, tuple[str, ForkServerProcess]](), dict[str, Made]()
    try:
        while waiting or running:
            while waiting and len(running) < max(jobs, 1):
                session = waiting.pop(0)
                link, process = _started(room, session, options)
                running[link] = session, process
            ready = wait(list(running))
            for link in [each for each in running if each in ready]:
                session, process = running[link]
                found = _heard(link, session, told)
                if found is not None:
                    made[session] = found
                    told(session, "", "failed" if found.failed else "done")
                    process.join()
                    link.close()
                    del running[link]
    finally:
        for _, process in running.values():
            if process.pid is not None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.join()
    return [made[session] for session in sessions]


def one_line(made: Sequence[Made]) -> str:
    """What became of all of them, in one line for an alert.

    Examples
    --------
    >>> one_line([Made(session_id="2026-W48", failed="02_lineup.ipynb cell 4: ValueError: no")])
    'brief: 0 of 1 published, failed 2026-W48: 02_lineup.ipynb cell 4: ValueError: no'
    """
    failed = [each for each in made if each.failed]
    summary = f"brief: {len(made) - len(failed)} of {len(made)} published"
    return ", ".join([summary, *(f"failed {each.session_id}: {each.failed}" for each in failed)])


def _started(room: Room, session: str, options: dict[str, Any]) -> tuple[Connection, ForkServerProcess]:
    context = get_context("forkserver")
    # Sessions are split off from a process that has imported everything, and their steps from them.
    context.set_forkserver_preload(["bosspick.warmed"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, room, session, options))
    process.start()
    theirs.close()
    return ours, process


def _heard(link: Connection, session: str, told: SeveralProgress) -> Made | None:
    """Read one message of a session's process; its result, or None while it is under way."""
    try:
        kind, content = link.recv()
    except (EOFError, OSError):
        return Made(session_id=session, failed="its process was killed")
    if kind == "progress":
        told(session, *content)
        return None
    return Made(session_id=session, briefing=content) if kind == "briefing" else Made(session_id=session, failed=content)


def _work(link: Connection, room: Room, session: str, options: dict[str, Any]) -> None:
    os.setsid()
    # Before this process has a second thread.
    processes = Processes(split=True)
    end_with_parent()
    try:
        made = brief(
            room, session, progress=lambda step, event: link.send(("progress", (step, event))), processes=processes, **options
        )
        link.send(("briefing", made))
    except BosspickError as error:
        link.send(("failed", _short(error)))


def _short(error: BosspickError) -> str:
    said = " ".join(error.message.split())
    where = Path(error.where).name if error.where else ""
    words = f"{where} {said}" if said.startswith("cell ") else f"{where}: {said}" if where else said
    return words if len(words) <= _LINE else words[: _LINE - 1] + "…"
