"""Excel workbooks: what a person sees in a cell, never what pandas would make of it."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from bosspick.errors import TableError
from bosspick.intake.findings import Finding
from bosspick.intake.headers import column_of, known_headers
from bosspick.intake.raw import RawTable, cell_text, tidy
from bosspick.tables import TABLES

__all__ = ["read_excel"]


def read_excel(table: str, path: Path, file: str) -> RawTable:
    """Read the sheet named like the table, else the one whose first row has the table's headers.

    Text stays text (``001``), a number under a format of zeros is read as it is shown, a formula by the value
    that was stored with it. A formula that nobody ever calculated has no value: its row is named. Of merged cells only the
    first has a value: each range of them is named. Of a workbook with several sheets messages name the one that was read.

    Parameters
    ----------
    table, file
        Name of the table, and of the file as messages show it.
    path
        The workbook.

    Raises
    ------
    TableError
        The sheet has no header, or no sheet or more than one could be meant.
    """
    with _opened(path) as book:
        sheet = _meant(table, book, file)
        shown = file if len(book.worksheets) == 1 else f"{file} sheet {sheet.title!r}"
        name, rows = sheet.title, _texts(sheet)
    if not rows or not any(rows[0]):
        raise TableError(f"the sheet {name!r} has no header", where=file, hint="the first row names the columns")
    findings = []
    if _holds(path, rb"<f[ >/]"):
        with _opened(path, data_only=False) as book:
            findings = _uncalculated(table, shown, rows, _texts(book[name]))
    left_out = {finding.row for finding in findings}
    if _holds(path, rb"<mergeCell "):
        with _opened(path, read_only=False) as book:
            findings += _merged(table, shown, rows[0], book[name])
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows]
    body = {number: row for number, row in enumerate(padded[1:], start=2) if number not in left_out}
    cells = pd.DataFrame(list(body.values()), columns=padded[0], dtype="str")
    refused = tuple(tuple(rows[number - 1]) for number in sorted(row for row in left_out if row is not None))
    return RawTable(table, shown, tidy(cells, body), tuple(findings), refused)


@contextmanager
def _opened(path: Path, *, data_only: bool = True, read_only: bool = True) -> Iterator[Any]:
    """The workbook: stored values, or formulas as they were written; merged cells are known unless it is read only."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # openpyxl warns of validations and styles it drops; nothing here is ever saved back.
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        book = load_workbook(path, read_only=read_only, data_only=data_only)
        try:
            yield book
        finally:
            book.close()


def _meant(table: str, book: Any, file: str) -> Any:
    """The sheet that holds the table: a cover sheet, notes and pivot tables have other headers."""
    sheets = book.worksheets
    named = [sheet for sheet in sheets if sheet.title.strip().casefold() == table]
    if named or len(sheets) == 1:
        return (named or sheets)[0]
    known = known_headers(TABLES[table])
    found = [{column.name for name in _texts(sheet, 1)[0] if (column := column_of(known, name))} for sheet in sheets]
    needed = {column.name for column in TABLES[table].columns if column.required}
    whole = [sheet for sheet, columns in zip(sheets, found, strict=True) if needed <= columns]
    if len(whole) == 1:
        return whole[0]
    if whole:
        names = " and ".join(repr(sheet.title) for sheet in whole)
        raise TableError(f"several sheets hold the table: {names}", where=file,
                         hint=f"name the one that is meant {table!r}, or remove the others")  # fmt: skip
    if not any(found):
        names = ", ".join(repr(sheet.title) for sheet in sheets)
        raise TableError(f"no sheet has a header of the table {table!r} in its first row; there are {names}", where=file,
                         hint=f"put the columns' names into the first row of the sheet, and name it {table!r}")  # fmt: skip
    # The nearest one, so that what it lacks is said of it.
    return max(zip(sheets, found, strict=True), key=lambda each: len(each[1]))[0]


def _texts(sheet: Any, rows: int | None = None) -> list[list[str]]:
    """Its first rows, or all of them, as text cells; of one without rows an empty row where rows are asked for."""
    # Some programs state a wrong size of the sheet, and only so much of it would be read.
    sheet.reset_dimensions()
    return [[_shown(cell) for cell in row] for row in sheet.iter_rows(max_row=rows)] or [[]] * (rows or 0)


def _shown(cell: Any) -> str:
    value = cell.value
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("0+", cell.number_format):
        return str(value).zfill(len(cell.number_format))
    return cell_text(value)


def _holds(path: Path, mark: bytes) -> bool:
    """Whether some sheet holds such XML."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(re.search(mark, archive.read(name)) for name in sheets)


def _merged(table: str, file: str, header: list[str], sheet: Any) -> list[Finding]:
    """Each range of merged cells below the headers that holds something."""
    return [
        Finding(
            table=table, file=file, row=area.min_row, column=header[area.min_col - 1], value=area.coord,
            reason="are merged cells: only the first one has a value, the others are empty",
            mend="unmerge them and fill in every cell", severity="note",
        )
        for area in sorted(sheet.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col))
        if area.min_col <= len(header) and cell_text(sheet.cell(area.min_row, area.min_col).value)
    ]  # fmt: skip


def _uncalculated(table: str, file: str, stored: list[list[str]], written: list[list[str]]) -> list[Finding]:
    findings = []
    for number, (values, formulas) in enumerate(zip(stored[1:], written[1:], strict=True), start=2):
        for index, (value, formula) in enumerate(zip(values, formulas, strict=True)):
            if not value and formula.startswith("=") and index < len(stored[0]):
                findings.append(
                    Finding(
                        table=table,
                        file=file,
                        row=number,
                        column=stored[0][index],
                        value=formula,
                        reason="is a formula without a stored value",
                        mend="open the file in Excel, save it, and hand it in again",
                    )
                )
    return findings
