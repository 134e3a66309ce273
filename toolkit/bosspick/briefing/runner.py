"""The briefing run: the planning notebooks, each in its own process, to one published folder."""

from __future__ import annotations

import json
import os
import pickle
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bosspick.briefing import papermill_run
from bosspick.briefing.config import STEPS, RunConfig
from bosspick.briefing.pack import keep_until
from bosspick.briefing.papermill_run import clean, failing_cell
from bosspick.briefing.publish import Workplace, file_hashes, workplace
from bosspick.briefing.stage import sentinel, store
from bosspick.errors import BosspickError, OutputError, StepFailedError
from bosspick.intake import Room, Week
from bosspick.share import share_path

__all__ = ["Briefing", "Progress", "brief"]

#: Called with a step and what happened to it: "started", "done".
Progress = Callable[[str, str], None]
_POLL_S = 0.05
#: With less than this many bytes free a step that failed, failed for want of space: no notebook fits.
_LITTLE_SPACE = 100_000
_PACKAGES = ("bosspick", "pandas", "pulp", "highspy", "ibis-framework", "duckdb", "papermill", "plotly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A published run."""

    folder: Path
    session_id: str
    version: str
    seconds: dict[str, float]
    findings: int


def brief(
    room: Room,
    session_id: str | None = None,
    *,
    out: Path | str = "briefings",
    as_of: datetime | None = None,
    timeout_s: int = 600,
    progress: Progress | None = None,
) -> Briefing:
    """Plan a session and publish its briefing.

    Parameters
    ----------
    room
        The room; see :func:`bosspick.open_room`.
    session_id
        ISO week; the room's first if None.
    out
        Folder of all briefings; the run appears there as ``<session>/<number>`` and ``<session>/latest`` points to
        it.
    as_of
        Moment the evidence is judged at; by default the week's last capture.
    timeout_s
        Seconds any one cell may take.
    progress
        Called as steps start and end.

    Returns
    -------
    Briefing
        Where it is.

    Raises
    ------
    InputError
        Bad input; nothing was written.
    BusyError
        Another run of this session is under way.
    StepFailedError
        A notebook failed, was killed, or never reached its end; the last good briefing is untouched.
    OutputError
        The output folder cannot be written.
    """
    told = progress or (lambda step, event: None)
    started = time.monotonic()
    week_id = session_id if session_id is not None else room.first_session()
    with workplace(Path(out).resolve(), week_id) as place:
        run = _Run(place=place, room=room, session_id=week_id, as_of=as_of, timeout_s=timeout_s, told=told)
        try:
            run.start("01_screening")
            week = room.week(week_id, as_of=as_of)
            store(place.folder / "week.pickle", pickle.dumps(week))
            run.seconds["intake"] = round(time.monotonic() - started, 2)
            run.wait()
        finally:
            run.stop()
        for step in STEPS:
            clean(place.files / "notebooks" / f"{step}.ipynb")
        plan = json.loads((place.files / "plan.json").read_text(encoding="utf-8"))
        run.seconds["total"] = round(time.monotonic() - started, 2)
        _write_manifest(place, room, week, plan, run.seconds)
        folder = place.publish()
    return Briefing(folder=folder, session_id=week_id, version=plan["version"], seconds=run.seconds, findings=len(week.bad))


@dataclass(slots=True)
class _Run:
    """The processes of one run."""

    place: Workplace
    room: Room
    session_id: str
    as_of: datetime | None
    timeout_s: int
    told: Progress
    seconds: dict[str, float] = field(default_factory=dict)
    _alive: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)
    _retried: set[str] = field(default_factory=set)

    def start(self, step: str) -> None:
        # A cell that waits for the steps before it must not run out of time before they do.
        patience = self.timeout_s * (1 + _depth(step))
        config = RunConfig(room=str(self.room.folder), url=self.room.url, session=self.session_id, as_of=self.as_of,
                           folder=self.place.folder, step=step, wait_s=patience)  # fmt: skip
        path = self.place.folder / f"{step}.json"
        store(path, config.model_dump_json().encode())
        notebooks = self.place.files / "notebooks"
        notebooks.mkdir(exist_ok=True)
        with (self.place.folder / f"{step}.log").open("wb") as log:
            self._alive[step] = subprocess.Popen(
                [sys.executable, "-P", papermill_run.__file__, share_path("notebooks") / f"{step}.ipynb",
                 notebooks / f"{step}.ipynb", path, str(patience)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.place.folder, start_new_session=True,
                env=os.environ | {"PYTHONWARNINGS": "ignore", "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
            )  # fmt: skip
        self._since.setdefault(step, time.monotonic())
        self.told(step, "started")

    def wait(self) -> None:
        """Start steps as those before them get going, until all are done; the first failure ends the run."""
        done: set[str] = set()
        while len(done) < len(STEPS):
            for step, process in list(self._alive.items()):
                code = process.poll()
                if code is None:
                    continue
                del self._alive[step]
                if code == 0 and sentinel(self.place.folder, step):
                    done.add(step)
                    self.seconds[step] = round(time.monotonic() - self._since[step], 2)
                    self.told(step, "done")
                elif self._may_retry(step) or self._gave_up_waiting(step, done):
                    self.start(step)
                else:
                    raise self._failed(step, code)
            for step in STEPS:
                if step not in self._since and self._ready(step, done):
                    self.start(step)
            time.sleep(_POLL_S)

    def _ready(self, step: str, done: set[str]) -> bool:
        """A step starts its kernel while the one before it works: what it needs it waits for itself."""
        needed = STEPS[step]
        return (len(self._alive) < 2 and all(name in self._since for name in needed)) or all(n in done for n in needed)

    def _may_retry(self, step: str) -> bool:
        """Kernels started together can race for a port: once, and only where no cell had run yet."""
        log = (self.place.folder / f"{step}.log").read_text(encoding="utf-8", errors="replace")
        if step in self._retried or ("Kernel didn't respond" not in log and "Address already in use" not in log):
            return False
        self._retried.add(step)
        return True

    def _gave_up_waiting(self, step: str, done: set[str]) -> bool:
        """Whether a step ran out of time while one it needs was still at work: the slow one is to blame, if any is."""
        if all(name in done for name in STEPS[step]):
            return False
        reason = failing_cell(self.place.files / "notebooks" / f"{step}.ipynb") or ""
        return "KeyboardInterrupt" in reason or "StepFailedError" in reason

    def _failed(self, step: str, code: int) -> BosspickError:
        if shutil.disk_usage(self.place.folder).free < _LITTLE_SPACE:
            return OutputError(
                "No space left on device",
                where=str(self.place.session),
                hint="free space or choose another folder with --out; the last good briefing is untouched",
            )
        notebook = self.place.files / "notebooks" / f"{step}.ipynb"
        reason = failing_cell(notebook)
        if reason is None:
            log = (self.place.folder / f"{step}.log").read_text(encoding="utf-8", errors="replace").strip()
            last = log.splitlines()[-1] if log else ""
            killed = "its kernel died or ran out of time before the last cell"
            reason = last if code not in (0, -signal.SIGKILL) and last else killed
        kept = self.place.keep_failed(notebook)
        return StepFailedError(
            reason,
            where=f"{step}.ipynb",
            hint="the last good briefing is untouched" + (f"; look at {kept}" if kept else ""),
        )

    def stop(self) -> None:
        """End whatever still runs, with its kernel and its solver."""
        for process in self._alive.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait()
        self._alive.clear()


def _depth(step: str) -> int:
    """How many steps one after the other come before this one."""
    return max((1 + _depth(before) for before in STEPS[step]), default=0)


def _write_manifest(place: Workplace, room: Room, week: Week, plan: dict[str, object], seconds: dict[str, float]) -> None:
    inputs = {name: {"file": file, "rows": rows} for name, (file, rows) in sorted(week.files.items())}
    read = {file for file, _ in week.files.values() if file and room.url is None} | {"policy.toml"}
    hashes = file_hashes(room.folder)
    manifest = {
        "session": week.session_id,
        "version": plan["version"],
        "outcome": plan["outcome"],
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "keep_until": keep_until(week.starts_at).isoformat(),
        "as_of": week.as_of.isoformat(),
        "seconds": seconds,
        "tables": inputs,
        "inputs": {name: digest for name, digest in hashes.items() if name in read},
        "outputs": file_hashes(place.files),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (place.files / "manifest.json").write_text(text + "\n", encoding="utf-8")
