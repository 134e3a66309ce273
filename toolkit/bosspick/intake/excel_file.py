"""Excel workbooks: what a person sees in a cell, never what pandas would make of it."""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from bosspick.errors import TableError
from bosspick.intake.findings import Finding
from bosspick.intake.raw import RawTable, cell_text, tidy

__all__ = ["read_excel"]


def read_excel(table: str, path: Path, file: str) -> RawTable:
    """Read the sheet named like the table, else the first.

    Text stays text (``001``), a number under a format of zeros is read as it is shown, a formula by the value
    that was stored with it. A formula that nobody ever calculated has no value: its row is named.

    Parameters
    ----------
    table, file
        Name of the table, and of the file as messages show it.
    path
        The workbook.

    Raises
    ------
    TableError
        The sheet has no rows.
    """
    name, rows = _rows(path, table, values=True)
    if not rows or not any(rows[0]):
        raise TableError(f"the sheet {name!r} has no header", where=file, hint="the first row names the columns")
    findings = _uncalculated(table, file, rows, _rows(path, table, values=False)[1]) if _holds_formulas(path) else []
    left_out = {finding.row for finding in findings}
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows]
    body = {number: row for number, row in enumerate(padded[1:], start=2) if number not in left_out}
    cells = pd.DataFrame(list(body.values()), columns=padded[0], dtype="str")
    return RawTable(table, file, tidy(cells, body), tuple(findings))


def _rows(path: Path, table: str, *, values: bool) -> tuple[str, list[list[str]]]:
    """Name of the sheet and its cells as text: stored values, or formulas as they were written."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # openpyxl warns of validations and styles it drops; nothing here is ever saved back.
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        book = load_workbook(path, read_only=True, data_only=values)
        try:
            sheet = book[table] if table in book.sheetnames else book.worksheets[0]
            # Some programs state a wrong size of the sheet, and only so much of it would be read.
            sheet.reset_dimensions()
            return sheet.title, [[_shown(cell) for cell in row] for row in sheet.iter_rows()]
        finally:
            book.close()


def _shown(cell: Any) -> str:
    value = cell.value
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("0+", cell.number_format):
        return str(value).zfill(len(cell.number_format))
    return cell_text(value)


def _holds_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(re.search(rb"<f[ >/]", archive.read(name)) for name in sheets)


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
