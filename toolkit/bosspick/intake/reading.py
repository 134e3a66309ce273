"""Raw tables: every cell as text, with the row it came from, whatever the file is."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from bosspick.errors import TableError
from bosspick.intake.findings import Finding

__all__ = ["SUFFIXES", "RawTable", "read_file", "read_sql"]

SUFFIXES = (".csv", ".xlsx", ".xlsm", ".parquet")


@dataclass(frozen=True, slots=True)
class RawTable:
    """Cells as text, an Int64 column ``_row`` with the spreadsheet row, and rows that were not rows at all."""

    name: str
    file: str
    cells: pd.DataFrame
    findings: tuple[Finding, ...] = ()


def read_file(table: str, path: Path, *, shown_as: str) -> RawTable:
    """Read a CSV (UTF-8 or GB18030), Excel or Parquet file as text cells.

    Raises
    ------
    TableError
        The file cannot be opened or is not what its name says.
    """
    try:
        if path.suffix == ".csv":
            return _read_csv(table, path.read_bytes(), shown_as)
        if path.suffix == ".parquet":
            return RawTable(table, shown_as, _as_text(pd.read_parquet(path)))
        return RawTable(table, shown_as, _read_excel(table, path))
    except TableError:
        raise
    except Exception as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise TableError(f"cannot be read: {first}", where=shown_as, hint="save it again and check that it opens") from error


def read_sql(table: str, url: str, *, session_id: str | None) -> RawTable | None:
    """Read a table of a database, only the given week's rows where it has a ``session_id`` column.

    Returns None when the database has no such table. Raises TableError when it cannot be reached.
    """
    import sqlalchemy as sa

    shown = f"{sa.make_url(url).render_as_string(hide_password=True)}#{table}"
    try:
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            inspector = sa.inspect(connection)
            if not inspector.has_table(table):
                return None
            frame = sa.Table(table, sa.MetaData(), autoload_with=connection)
            query = sa.select(frame)
            if session_id is not None and "session_id" in frame.c:
                query = query.where(frame.c.session_id == session_id)
            rows = connection.execute(query).mappings().all()
        engine.dispose()
    except sa.exc.SQLAlchemyError as error:
        raise TableError(
            f"cannot be read: {str(error).splitlines()[0]}", where=shown, hint="check the URL and that the database is up"
        ) from error
    columns = [column for column in frame.c.keys() if session_id is None or column != "session_id"]
    return RawTable(table, shown, _as_text(pd.DataFrame(rows, columns=list(frame.c.keys()), dtype=object)[columns]))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _read_csv(table: str, data: bytes, file: str) -> RawTable:
    try:
        text = _decode(data)
    except UnicodeDecodeError:
        raise TableError("is neither UTF-8 nor GB18030 text", where=file, hint="save it as CSV UTF-8") from None
    if not text.strip():
        raise TableError("is empty", where=file, hint="the first row names the columns")
    try:
        cells = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_filter=False, skip_blank_lines=False,
                            index_col=False, header=None)  # fmt: skip
    except pd.errors.ParserError:
        return _read_ragged(table, text, file)
    cells = cells.set_axis(_headers(cells.iloc[0]), axis=1).iloc[1:]
    return RawTable(table, file, _tidy(cells, range(2, len(cells) + 2)))


def _read_ragged(table: str, text: str, file: str) -> RawTable:
    """Keep the rows with as many cells as the header; name the others."""
    rows: Iterator[list[str]] = csv.reader(io.StringIO(text))
    header = next(rows)
    good, numbers, findings = [], [], []
    for number, row in enumerate(rows, start=2):
        if len(row) > len(header):
            reason = f"has {len(row)} cells, the header has {len(header)}"
            findings.append(Finding(table=table, file=file, row=number, column="", value=",".join(row)[:80],
                                    reason=reason, mend="put text that holds a comma in quotes"))  # fmt: skip
        else:
            good.append(row + [""] * (len(header) - len(row)))
            numbers.append(number)
    cells = pd.DataFrame(good, columns=_headers(pd.Series(header)), dtype="str")
    return RawTable(table, file, _tidy(cells, numbers), tuple(findings))


def _headers(first: pd.Series) -> list[str]:
    return [str(value).strip().lstrip("\ufeff") for value in first]


def _tidy(cells: pd.DataFrame, rows: Any) -> pd.DataFrame:
    cells = cells.fillna("").apply(lambda column: column.str.strip()).reset_index(drop=True)
    cells["_row"] = list(rows)
    blank = (cells.drop(columns="_row") == "").all(axis=1)
    return cells[~blank].reset_index(drop=True)


def _read_excel(table: str, path: Path) -> pd.DataFrame:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book[table] if table in book.sheetnames else book.worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
    finally:
        book.close()
    rows = [tuple(_cell(value) for value in row) for row in rows]
    if not rows:
        raise TableError("has no rows", where=path.name, hint="the first row names the columns")
    width = len(rows[0])
    body = [row[:width] + ("",) * (width - len(row)) for row in rows[1:]]
    named = [index for index, header in enumerate(rows[0]) if header]
    cells = pd.DataFrame(body, columns=range(width), dtype="str").iloc[:, named]
    return _tidy(cells.set_axis([rows[0][index] for index in named], axis=1), range(2, len(body) + 2))


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    columns = {str(name): frame[name].map(_cell, na_action=None).astype("str") for name in frame.columns}
    return _tidy(pd.DataFrame(columns, dtype="str"), range(2, len(frame) + 2))


def _cell(value: Any) -> str:
    """Text of a typed cell as a person would have typed it."""
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) or hasattr(value, "dtype"):
        number = float(value)
        return "" if math.isnan(number) else format(number, ".12g") if abs(number) < 1e11 else format(number, ".0f")
    return str(value)
