"""CSV files: UTF-8 or GB18030, with rows that have too many cells named instead of lost."""

from __future__ import annotations

import codecs
import csv
import io
import warnings

import pandas as pd

from bosspick.errors import TableError
from bosspick.intake.findings import Finding
from bosspick.intake.raw import RawTable, tidy
from bosspick.intake.torn import Torn, torn_numbers

__all__ = ["read_csv"]

#: Among text that is neither, this share of well-formed UTF-8 tells a damaged UTF-8 file from a GB18030 one.
_MOSTLY = 0.8


def read_csv(table: str, data: bytes, file: str) -> RawTable:
    """Read the bytes of a CSV file.

    Parameters
    ----------
    table, file
        Name of the table, and of the file as messages show it.
    data
        Its bytes.

    Raises
    ------
    TableError
        It is no text, is empty, or a quote is never closed.
    """
    text = _decode(data, file)
    if not text.strip():
        raise TableError("is empty", where=file, hint="the first row names the columns")
    body = text.lstrip("\r\n")
    blank = text[: len(text) - len(body)].count("\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            cells = pd.read_csv(io.StringIO(body), dtype="str", keep_default_na=False, na_filter=False,
                                skip_blank_lines=False, header=None)  # fmt: skip
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        return _read_ragged(table, body, file, blank)
    if '"' in body:
        _refuse_open_quotes(body, file, blank)
    cells = cells.set_axis(_headers(list(cells.iloc[0].fillna("")), file), axis=1).iloc[1:]
    return RawTable(table, file, tidy(cells, range(blank + 2, blank + len(cells) + 2)))


def _refuse_open_quotes(text: str, file: str, blank: int) -> None:
    """A quote that is not closed takes the next row into its cell, and pandas lets it."""
    read = blank
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for _ in reader:
            read += 1
    except csv.Error as error:
        raise _unreadable(read, error, file) from None


def _unreadable(last: int, error: csv.Error, file: str) -> TableError:
    hint = "a quote is not closed, or text after a closing quote"
    return TableError(f"cannot be read after row {last}: {error}", where=file, hint=hint)


def _decode(data: bytes, file: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise TableError("is UTF-16 text", where=file, hint="save it as CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        lenient = data.decode("utf-8", errors="replace")
        foreign = [letter for letter in lenient if not letter.isascii()]
        if foreign.count("\ufffd") <= (1 - _MOSTLY) * len(foreign):
            row = data[: error.start].count(b"\n") + 1
            raise TableError(f"is UTF-8 text with a damaged character in line {row}", where=file,
                             hint="write that cell again and save the file as CSV UTF-8") from None  # fmt: skip
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        raise TableError("is neither UTF-8 nor GB18030 text", where=file, hint="save it as CSV UTF-8") from None


def _read_ragged(table: str, text: str, file: str, blank: int) -> RawTable:
    """Keep the rows with as many cells as the header, which so many blank ones come before; name the others."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(reader)
        rows.extend(reader)
    except csv.Error as error:
        raise _unreadable(blank + len(rows) + 1, error, file) from None
    headers = _headers(header, file)
    torn = torn_numbers(table, headers, rows)
    good: dict[int, list[str]] = {}
    findings, refused = [], []
    for place, row in enumerate(rows):
        number, surplus = place + blank + 2, row[len(header) :]
        if place not in torn and not any(cell.strip() for cell in surplus):
            good[number] = row[: len(header)] + [""] * (len(header) - len(row))
            continue
        refused.append(tuple(cell.strip() for cell in row))
        findings.append(_surplus(table, file, number, row, len(header), torn.get(place)))
    cells = pd.DataFrame(list(good.values()), columns=headers, dtype="str")
    return RawTable(table, file, tidy(cells, good), tuple(findings), tuple(refused))


def _surplus(table: str, file: str, number: int, row: list[str], width: int, torn: Torn | None) -> Finding:
    """What is said of a row with too many cells, and of a number torn apart in it."""
    reason = f"has {len(row)} cells, the header has {width}"
    if torn is None:
        return Finding(table=table, file=file, row=number, column="", value=",".join(row)[:80], reason=reason,
                       mend="put what holds a comma in quotes, text or number")  # fmt: skip
    parts = " and ".join(repr(cell.strip()) for cell in torn.cells)
    return Finding(
        table=table, file=file, row=number, column=torn.column, value=torn.written,
        reason=f"{reason}: {parts} look like one number torn apart",
        mend="put the number in quotes or write it without the comma; are they numbers of their own, take the empty cells"
        " off the end of the row",
    )  # fmt: skip


def _headers(first: list[str], file: str) -> list[str]:
    headers = [str(value).strip().lstrip("\ufeff") for value in first]
    other = next((mark for mark in ";\t|" if len(headers) == 1 and mark in headers[0]), None)
    if other is not None:
        shown = "tabs" if other == "\t" else repr(other)
        raise TableError(f"is separated by {shown}", where=file, hint="save it with commas between the cells")
    return headers
