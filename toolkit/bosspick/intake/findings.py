"""What intake found wrong: one value per finding, named as the user knows it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from bosspick.errors import RoomError
from bosspick.tables import TABLES

__all__ = ["Finding", "inert", "write_quarantine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with one cell, row or table.

    ``row`` counts as a spreadsheet does: the header is row 1. A finding of severity ``bad`` takes its row
    into quarantine; ``note`` lets it pass and says what it means.
    """

    table: str
    file: str
    row: int | None
    column: str
    value: str
    reason: str
    mend: str
    severity: Literal["bad", "note"] = "bad"

    def __str__(self) -> str:
        place = f"{self.file}" + (f" row {self.row}" if self.row is not None else "")
        column = f", column {self.column}" if self.column else ""
        shown = f" ({self.value[:60]!r})" if self.value else ""
        return f"{place}{column}: {self.reason}{shown} → {self.mend}"


_FIELDS = ["row", "column", "value", "reason", "mend", "file"]


def write_quarantine(folder: Path, findings: Iterable[Finding]) -> list[Path]:
    """Write the bad rows' findings to ``<folder>/<table>.csv`` and remove files of tables now clean.

    Returns
    -------
    list of Path
        The files written. They open in Excel as they are (UTF-8 with a byte order mark).

    Raises
    ------
    RoomError
        A file in the way was not written by this function; nothing is touched.
    OSError
        The folder cannot be written.
    """
    by_table: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity == "bad":
            by_table.setdefault(finding.table, []).append(finding)
    earlier = [folder / f"{table}.csv" for table in TABLES if (folder / f"{table}.csv").exists()]
    for path in earlier:
        if not _is_ours(path):
            raise RoomError("is not a quarantine file and would be lost", where=str(path),
                            hint="name an empty folder with --quarantine")  # fmt: skip
    for path in earlier:
        if path.stem not in by_table:
            path.unlink()
    return [_write(folder, table, rows) for table, rows in sorted(by_table.items())]


def _is_ours(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.readline().decode("utf-8-sig", errors="replace").rstrip() == ",".join(_FIELDS)


def _write(folder: Path, table: str, rows: list[Finding]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table}.csv"
    part = path.with_suffix(".csv.part")
    with part.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, _FIELDS, extrasaction="ignore")
        writer.writeheader()
        for finding in sorted(rows, key=lambda each: (each.file, each.row or 0, each.column)):
            writer.writerow(asdict(finding) | {"value": inert(finding.value)})
    part.replace(path)
    return path


def inert(value: str) -> str:
    """A cell no spreadsheet takes for a formula and runs."""
    return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else value
