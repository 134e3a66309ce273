"""Publishing a run: made elsewhere, renamed when complete, never changed afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bosspick.errors import BusyError, InputError, OutputError

__all__ = ["ManifestDifferences", "Workplace", "differences_from_manifest", "file_hashes", "workplace"]


class Workplace:
    """One run under way.

    Attributes
    ----------
    folder
        Where the steps meet; removed in the end.
    files
        What will be published.
    """

    def __init__(self, session: Path) -> None:
        self.session = session
        self.folder = session / ".work"
        self.files = self.folder / "files"

    def publish(self) -> Path:
        """Give the run its number and make it the latest; returns its folder."""
        taken = [int(path.name) for path in self.session.iterdir() if path.is_dir() and path.name.isdigit()]
        target = self.session / f"{max(taken, default=0) + 1:04d}"
        for path in sorted(self.files.rglob("*")):
            if path.is_file():
                _flush(path)
        self.files.rename(target)
        pointer = self.session / ".latest"
        pointer.unlink(missing_ok=True)
        pointer.symlink_to(target.name)
        pointer.replace(self.session / "latest")
        return target

    def keep_failed(self, notebook: Path) -> Path | None:
        """Keep the notebook of a failed step for whoever looks into it; returns where."""
        if not notebook.is_file():
            return None
        kept = self.session / "failed"
        kept.mkdir(exist_ok=True)
        return Path(shutil.copy2(notebook, kept / notebook.name))


@contextmanager
def workplace(out: Path, session_id: str) -> Iterator[Workplace]:
    """Hold a session's output folder for one run.

    Parameters
    ----------
    out
        Folder of all briefings.
    session_id
        ISO week.

    Raises
    ------
    BusyError
        Another run of this session is under way.
    OutputError
        The folder cannot be written: read-only, or the disk is full.
    """
    session = out / session_id
    try:
        session.mkdir(parents=True, exist_ok=True)
        lock = FileLock(session / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"another run of {session_id} is under way", where=str(session), hint="wait for it, or stop it first"
        ) from None
    except OSError as error:
        raise _unwritable(session, error) from error
    place = Workplace(session)
    try:
        shutil.rmtree(place.folder, ignore_errors=True)  # left behind by a run that was killed
        place.files.mkdir(parents=True)
        yield place
    except OSError as error:
        raise _unwritable(session, error) from error
    finally:
        shutil.rmtree(place.folder, ignore_errors=True)
        lock.release()


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestDifferences:
    """How a run's folder differs from its manifest: how many files that names, and the names of those that differ."""

    files: int
    changed: list[str]
    missing: list[str]
    added: list[str]


def differences_from_manifest(folder: Path) -> ManifestDifferences:
    """Compare every file of a published run with the hash its manifest states.

    Raises
    ------
    InputError
        The folder holds no readable manifest.
    """
    try:
        stated = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["outputs"]
        stated = {str(name): str(digest) for name, digest in stated.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"holds no readable manifest: {error}", where=str(folder), hint="name the folder of a run") from error
    found = {name: digest for name, digest in file_hashes(folder).items() if name != "manifest.json"}
    return ManifestDifferences(
        files=len(stated),
        changed=sorted(name for name in stated.keys() & found.keys() if stated[name] != found[name]),
        missing=sorted(stated.keys() - found.keys()),
        added=sorted(found.keys() - stated.keys()),
    )


def _flush(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _unwritable(session: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot be written: {error.strerror or error}",
        where=str(error.filename or session),
        hint="free space or choose another folder with --out; the last good briefing is untouched",
    )
