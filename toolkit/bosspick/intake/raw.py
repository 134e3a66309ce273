"""Raw tables: every cell as text, with the spreadsheet row it came from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from numbers import Integral
from typing import Any

import pandas as pd

from bosspick.intake.findings import Finding

__all__ = ["RawTable", "cell_text", "tidy"]


@dataclass(frozen=True, slots=True)
class RawTable:
    """Cells as text, an int64 column ``_row`` with the spreadsheet row, and rows that were not rows at all.

    ``refused`` holds the cells of the latter as they stood: in which columns nobody can say.
    """

    name: str
    file: str
    cells: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    refused: tuple[tuple[str, ...], ...] = ()


def tidy(cells: pd.DataFrame, rows: Iterable[int]) -> pd.DataFrame:
    """Cells without surrounding blanks; empty rows and columns that have neither header nor cells are left out.

    Parameters
    ----------
    cells
        Text cells; column names are the headers as written.
    rows
        Spreadsheet row of each.
    """
    cells = cells.fillna("").apply(lambda column: column.str.strip()).reset_index(drop=True)
    filled = (cells != "").any(axis=0).to_numpy()
    headers = [str(header).strip() for header in cells.columns]
    cells = cells.set_axis(
        [f"(column {place})" if header in ("", "_row") else header for place, header in enumerate(headers, start=1)],
        axis=1,
    )
    cells = cells.loc[:, [bool(header) or bool(any_cell) for header, any_cell in zip(headers, filled, strict=True)]]
    blank = (cells == "").all(axis=1)
    cells = cells.assign(_row=pd.Series(list(rows), dtype="int64"))
    return cells[~blank].reset_index(drop=True)


def cell_text(value: Any) -> str:
    """Text of a typed cell as a person would have typed it.

    Examples
    --------
    >>> cell_text(1.1 + 2.2), cell_text(6901234567892.0), cell_text(True), cell_text(None)
    ('3.3', '6901234567892', 'yes', '')
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Decimal):
        return "" if value.is_nan() else format(value, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float):
        return _float_text(value)
    return str(value)


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ""
    # A spreadsheet shows 15 digits; the last ones hold the dust of its arithmetic (3.3000000000000003).
    text = format(value, ".12g" if abs(value) < 1e9 else ".15g")
    return format(Decimal(text), "f") if math.isfinite(value) else text
