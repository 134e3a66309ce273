"""The returned workbooks kept as they came, under their hash."""

from __future__ import annotations

import os
from pathlib import Path

from bosspick.bargaining.sheet_back import ReturnedBook
from bosspick.bargaining.sheet_formats import file_name
from bosspick.errors import OutputError

__all__ = ["keep_original"]


def keep_original(book: ReturnedBook, room: Path) -> Path:
    """Keep a returned workbook unchanged: complete, or not at all.

    Parameters
    ----------
    book
        The workbook.
    room
        Folder of the room; the file goes to ``returned/<session>/``.

    Returns
    -------
    Path
        The copy; one that is there already is left alone.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    folder = room / "returned" / book.session_id
    path = folder / f"{book.sha256[:16]}-{file_name(Path(book.file).stem)}.xlsx"
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == book.content:
            return path
        try:
            with part.open("wb") as stream:
                stream.write(book.content)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _settle(folder)
    except OSError as error:
        raise OutputError(
            f"the returned workbook cannot be kept: {error.strerror or error}", where=str(folder),
            hint="nothing was recorded; free some space or check the permissions, and import again",
        ) from error  # fmt: skip
    return path


def _settle(folder: Path) -> None:
    """See that the new name itself survives a power cut, where the system lets a folder be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
