"""Tables as CSV that come back exactly as they were: every kind, null apart from empty text, ids apart from numbers.

A cell that is null is empty; a text that is empty is a single backslash, and a text that begins with a backslash has
one more put before it. Fractions are written with every digit they need, moments in UTC to the microsecond. Rows are
sorted by what is written in them, so that a table gives the same bytes in whatever order it was read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from bosspick.errors import PackError
from bosspick.intake.schema import DTYPES
from bosspick.tables import Kind

__all__ = ["as_csv", "raw_rows", "read_csv"]

_MIDNIGHT = "T00:00:00.000000"
_FLAGS = {"true": True, "false": False}


def as_csv(frame: pd.DataFrame) -> bytes:
    r"""Write a table by the types of its columns.

    Parameters
    ----------
    frame
        Columns of whole numbers, fractions, flags, moments, days or text; its index and the order of its rows do not
        matter.

    Examples
    --------
    >>> as_csv(pd.DataFrame({"id": pd.Series(["NA", "001", "", None], dtype="str"), "n": [1.0, 0.1, 2.5, None]}))
    b'id,n\r\n,\r\n001,0.1\r\nNA,1.0\r\n\\,2.5\r\n'
    """
    columns = [_written(frame[name]) for name in frame.columns]
    text = io.StringIO(newline="")
    # With a bare line feed as its ending the writer would leave a carriage return inside a cell unquoted.
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows(sorted(zip(*columns, strict=True)))
    return text.getvalue().encode()


def raw_rows(content: bytes, *, where: str) -> list[dict[str, str]]:
    """The rows as written, nothing interpreted.

    Raises
    ------
    PackError
        The bytes are no CSV, or a row has another number of cells than the header.
    """
    try:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PackError(f"is no table: {error}", where=where, hint=_HINT) from None
    if not rows:
        raise PackError("is empty: not even a header", where=where, hint=_HINT)
    header = rows[0]
    for place, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise PackError(f"row {place} has {len(row)} cells, not {len(header)}", where=where, hint=_HINT)
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def read_csv(content: bytes, kinds: Mapping[str, Kind], *, where: str) -> pd.DataFrame:
    """Read a table that :func:`as_csv` wrote.

    Parameters
    ----------
    content
        The file.
    kinds
        Kind of every column, in order; decides the type as in :data:`bosspick.intake.schema.DTYPES`.
    where
        Name of the file, for messages.

    Raises
    ------
    PackError
        A column is missing or unexpected, a cell is not of its column's kind, or the file is not written as
        :func:`as_csv` writes it.

    Examples
    --------
    >>> read_csv(as_csv(pd.DataFrame({"id": ["NA", "001"]})), {"id": "id"}, where="x.csv")["id"].tolist()
    ['001', 'NA']
    """
    rows = raw_rows(content, where=where)
    header = next(csv.reader(io.StringIO(content.decode(), newline="")))
    if header != list(kinds):
        raise PackError(f"has the columns {', '.join(header)}, not {', '.join(kinds)}", where=where, hint=_HINT)
    frame = pd.DataFrame({name: _read(name, kind, rows, where) for name, kind in kinds.items()})
    if as_csv(frame) != content:
        raise PackError("is not written as the toolkit writes it", where=where, hint=_HINT)
    return frame


_HINT = "it was changed after it was written: take an untouched copy"


def _written(column: pd.Series) -> list[str]:
    kind = column.dtype
    null = column.isna().to_numpy()
    if isinstance(kind, pd.DatetimeTZDtype):
        moments = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
        written = [f"{text}Z" for text in np.datetime_as_string(moments)]
    elif pd.api.types.is_datetime64_any_dtype(kind):
        days = np.datetime_as_string(column.to_numpy(dtype="datetime64[us]"))
        written = [str(text).removesuffix(_MIDNIGHT) for text in days]
    else:
        write = _writer(kind)
        written = ["" if empty else write(cell) for cell, empty in zip(column.tolist(), null, strict=True)]
    return ["" if empty else text for text, empty in zip(written, null, strict=True)]


def _writer(kind: Any) -> Callable[[Any], str]:
    if pd.api.types.is_bool_dtype(kind):
        return lambda cell: "true" if cell else "false"
    if pd.api.types.is_integer_dtype(kind):
        return lambda cell: str(int(cell))
    if pd.api.types.is_float_dtype(kind):
        return lambda cell: repr(float(cell))
    return lambda cell: _escaped(str(cell))


def _escaped(text: str) -> str:
    return f"\\{text}" if not text or text.startswith("\\") else text


def _read(name: str, kind: Kind, rows: list[dict[str, str]], where: str) -> pd.Series:
    cells: list[Any] = []
    parse = _PARSERS[DTYPES[kind]]
    for place, row in enumerate(rows, start=2):
        text = row[name]
        try:
            cells.append(parse(text) if text else None)
        except (ValueError, KeyError):
            raise PackError(f"row {place}, column {name}: {text!r} is no {kind}", where=where, hint=_HINT) from None
    if DTYPES[kind].startswith("datetime64"):
        moments = pd.Series(np.array(cells, dtype="datetime64[us]"))
        return moments.dt.tz_localize("UTC") if kind == "moment" else moments
    return pd.Series(cells, dtype=DTYPES[kind])


def _moment(text: str) -> np.datetime64:
    return np.datetime64(text.removesuffix("Z"), "us")


_PARSERS: dict[str, Callable[[str], Any]] = {
    "str": lambda text: text[1:] if text.startswith("\\") else text,
    "Int64": int,
    "float64": float,
    "boolean": _FLAGS.__getitem__,
    "datetime64[us]": _moment,
    "datetime64[us, UTC]": _moment,
}
