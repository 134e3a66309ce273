"""The briefing run: the planning notebooks, each in its own process, to one published folder."""

from __future__ import annotations

import json
import pickle
import shutil
import signal
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bosspick.briefing.ahead import printed
from bosspick.briefing.config import AHEAD, PRINTS, STEPS, RunConfig
from bosspick.briefing.history import record_failure, write_index
from bosspick.briefing.language import ENGLISH, Language
from bosspick.briefing.manifest import write_manifest
from bosspick.briefing.papermill_run import failing_cell
from bosspick.briefing.publish import Workplace, workplace
from bosspick.briefing.stage import store
from bosspick.errors import BosspickError, OutputError, StepFailedError
from bosspick.intake import Room
from bosspick.share import share_path
from bosspick.warm import Processes

__all__ = ["Briefing", "Progress", "brief"]

#: Called with a step and what happened to it: "started", "done".
Progress = Callable[[str, str], None]
_POLL_S = 0.05
#: With less than this many bytes free a step that failed, failed for want of space: no notebook fits.
_LITTLE_SPACE = 100_000
#: All there may be in a run, and the steps each needs.
_NEEDS = STEPS | AHEAD | PRINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A published run; ``notes`` says what it lacks for want of something on this machine."""

    folder: Path
    session_id: str
    version: str
    seconds: dict[str, float]
    findings: int
    notes: tuple[str, ...] = ()


def brief(
    room: Room,
    session_id: str | None = None,
    *,
    out: Path | str = "briefings",
    as_of: datetime | None = None,
    lang: str = "en",
    pdf: bool = True,
    timeout_s: int = 600,
    progress: Progress | None = None,
    processes: Processes | None = None,
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
    lang
        Language of page, cards, figures and workbooks: ``en`` or ``zh``.
    pdf
        Print page and cards to PDF where a Chromium is found.
    timeout_s
        Seconds any one cell may take.
    progress
        Called as steps start and end.
    processes
        Where the steps run, for this run alone; started for it if None.

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
    language = Language.of(lang)
    told = progress or (lambda step, event: None)
    started = time.monotonic()
    wanted = [step for step in _NEEDS if pdf or step not in PRINTS]
    week_id = session_id if session_id is not None else room.first_session()
    with workplace(Path(out).resolve(), week_id) as place:
        run = _Run(place=place, room=room, session_id=week_id, as_of=as_of, language=language, timeout_s=timeout_s,
                   told=told, processes=processes or Processes())  # fmt: skip
        try:
            for step in wanted:
                run.start(step)
            week = room.week(week_id, as_of=as_of)
            store(place.folder / "week.pickle", pickle.dumps(week))
            run.seconds["intake"] = round(time.monotonic() - started, 2)
            run.wait(wanted)
        except StepFailedError as error:
            record_failure(place.session, at=_now(), where=error.where or "", why=error.message)
            write_index(place.session.parent, language)
            raise
        finally:
            run.processes.stop()
        notes = printed(place.folder) if pdf else None
        plan = json.loads((place.files / "plan.json").read_text(encoding="utf-8"))
        run.seconds["total"] = round(time.monotonic() - started, 2)
        write_manifest(place.files, room, week, plan, run.seconds, language, made_at=_now())
        folder = place.publish()
        write_index(place.session.parent, language)
    return Briefing(folder=folder, session_id=week_id, version=plan["version"], seconds=run.seconds, findings=len(week.bad),
                    notes=(notes,) if notes else ())  # fmt: skip


@dataclass(slots=True)
class _Run:
    """The processes of one run."""

    place: Workplace
    room: Room
    session_id: str
    as_of: datetime | None
    timeout_s: int
    told: Progress
    processes: Processes
    language: Language = ENGLISH
    seconds: dict[str, float] = field(default_factory=dict)
    _alive: set[str] = field(default_factory=set)
    _retried: set[str] = field(default_factory=set)

    def start(self, step: str) -> None:
        # A cell that waits for the steps before it must not run out of time before they do.
        patience = self.timeout_s * (1 + _depth(step))
        config = RunConfig(room=str(self.room.folder), url=self.room.url, session=self.session_id, as_of=self.as_of,
                           folder=self.place.folder, step=step, wait_s=patience, lang=self.language.code)  # fmt: skip
        path = self.place.folder / f"{step}.json"
        store(path, config.model_dump_json().encode())
        self.processes.start(step, self._words(step, path, patience), self.place.folder / f"{step}.log")
        self._alive.add(step)
        self.told(step, "started")

    def _words(self, step: str, config: Path, patience: int) -> list[str | Path]:
        """A notebook is run by papermill, any other product by ourselves."""
        if step not in STEPS:
            return ["product", config]
        notebooks = self.place.files / "notebooks"
        notebooks.mkdir(exist_ok=True)
        source = share_path("notebooks") / f"{step}.ipynb"
        return ["notebook", source, notebooks / f"{step}.ipynb", config, str(patience)]

    def wait(self, wanted: Collection[str]) -> None:
        """Wait until all of the steps wanted are done, each of which waits for those before it; the first failure ends it."""
        done: set[str] = set()
        while len(done) < len(wanted):
            for step in sorted(self._alive):
                code = self.processes.code(step)
                if code is None:
                    continue
                self._alive.remove(step)
                sentinel = self.place.folder / f"{step}.done"
                if code == 0 and sentinel.is_file():
                    done.add(step)
                    self.seconds[step] = json.loads(sentinel.read_text(encoding="utf-8"))["seconds"]
                    self.told(step, "done")
                elif self._may_retry(step) or self._gave_up_waiting(step, done):
                    self.start(step)
                else:
                    raise self._failed(step, code)
            time.sleep(_POLL_S)

    def _may_retry(self, step: str) -> bool:
        """A kernel that did not come up is tried once more: no cell had run yet."""
        log = (self.place.folder / f"{step}.log").read_text(encoding="utf-8", errors="replace")
        if step in self._retried or ("Kernel didn't respond" not in log and "did not come up" not in log):
            return False
        self._retried.add(step)
        return True

    def _gave_up_waiting(self, step: str, done: set[str]) -> bool:
        """Whether a step ran out of time while one it needs was still at work: the slow one is to blame, if any is."""
        if all(name in done for name in _NEEDS[step]):
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
            where=f"{step}.ipynb" if step in STEPS else step,
            hint="the last good briefing is untouched" + (f"; look at {kept}" if kept else ""),
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _depth(step: str) -> int:
    """How many steps one after the other come before this one."""
    return max((1 + _depth(before) for before in _NEEDS[step]), default=0)
