"""What was published and what failed, read from the manifests of a folder of briefings, and the page that lists it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from bosspick.briefing.language import Language
from bosspick.briefing.render import render

__all__ = ["INDEX", "FailedRun", "Run", "Session", "history", "record_failure", "write_index"]

INDEX = "index.html"
#: Failures of a session that are remembered.
_REMEMBERED = 20
#: Seconds to wait for another process that lists the same folder.
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A published run as its manifest states it; ``folder`` is relative to the folder of all briefings."""

    folder: str
    version: str
    made_at: str
    as_of: str
    outcome: str
    language: str
    seconds: float | None
    has_pdf: bool
    is_latest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRun:
    """A run that published nothing: when, which notebook, and what went wrong in which cell."""

    at: str
    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session's runs and failures, the newest of each first."""

    id: str
    runs: tuple[Run, ...]
    failed: tuple[FailedRun, ...]

    @property
    def failed_last(self) -> bool:
        """Whether the last attempt failed, so that the latest good run is older than it could be."""
        return bool(self.failed) and (not self.runs or self.failed[0].at > self.runs[0].made_at)


def history(out: Path) -> list[Session]:
    """The sessions of a folder of briefings, the latest first; a folder without a readable manifest is no run."""
    sessions = []
    for folder in sorted((each for each in out.iterdir() if each.is_dir()), reverse=True):
        session = Session(id=folder.name, runs=tuple(_runs(folder)), failed=tuple(_failures(folder)))
        if session.runs or session.failed:
            sessions.append(session)
    return sessions


def record_failure(session: Path, *, at: str, where: str, why: str) -> None:
    """Remember a run that failed, beside the notebook that is kept of it.

    Parameters
    ----------
    session
        Folder of the session's briefings.
    at
        Moment as ISO text.
    where, why
        Notebook, and the cell with what went wrong.
    """
    path = session / "failed" / "manifest.json"
    path.parent.mkdir(exist_ok=True)
    before = _read(path).get("failures", [])
    content = {"session": session.name, "failures": [{"at": at, "where": where, "why": why}, *before][:_REMEMBERED]}
    _replace(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def write_index(out: Path, language: Language) -> Path:
    """List every session, run and failure in ``index.html``; a reader sees the old page or the new one, never half of one.

    Parameters
    ----------
    out
        Folder of all briefings.
    language
        Of the page.
    """
    from bosspick.briefing.sections import OUTCOMES

    path = out / INDEX
    # Two runs that end together must not list the folder as it was before either.
    with FileLock(out / ".index.lock", timeout=_PATIENCE_S):
        _replace(path, render("index/index.html", language, sessions=history(out), outcomes=OUTCOMES))
    return path


def _runs(folder: Path) -> Iterator[Run]:
    latest = folder / "latest"
    good = os.readlink(latest) if latest.is_symlink() else ""
    for run in sorted((each for each in folder.iterdir() if each.name.isdigit()), key=lambda each: -int(each.name)):
        stated = _read(run / "manifest.json")
        if "version" in stated:
            yield Run(
                folder=f"{folder.name}/{run.name}",
                version=str(stated["version"]),
                made_at=str(stated.get("made_at", "")),
                as_of=str(stated.get("as_of", "")),
                outcome=str(stated.get("outcome", "")),
                language=str(stated.get("language", "en")),
                seconds=stated.get("seconds", {}).get("total"),
                has_pdf="briefing.pdf" in stated.get("outputs", {}),
                is_latest=run.name == good,
            )


def _failures(folder: Path) -> Iterator[FailedRun]:
    for row in _read(folder / "failed" / "manifest.json").get("failures", []):
        yield FailedRun(at=str(row["at"]), where=str(row["where"]), why=str(row["why"]))


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _replace(path: Path, content: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(content, encoding="utf-8")
    part.replace(path)
