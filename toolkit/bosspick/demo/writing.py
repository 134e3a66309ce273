"""Columns of a demo table as text, and files of them with the same bytes every time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from bosspick.demo.randomness import Ints, Mask
from bosspick.tables import TABLES

__all__ = ["Cells", "Columns", "FileFormat", "ids", "moments", "stack", "texts", "write_table", "yuan"]

FileFormat: TypeAlias = Literal["csv", "parquet"]
Cells: TypeAlias = Sequence[str | None]
Columns: TypeAlias = dict[str, Cells]


def _spell(values: Ints, spell: Callable[[int], str | None]) -> list[str | None]:
    """Each distinct value is spelled once: a million prices are a few thousand distinct ones."""
    distinct, where = np.unique(values, return_inverse=True)
    words = np.array([spell(int(value)) for value in distinct], dtype=object)
    spelled: list[str | None] = words[where.reshape(-1)].tolist()
    return spelled


def yuan(fen: Ints) -> list[str | None]:
    """Fen as yuan with two decimals; below zero means unknown and gives an empty cell."""
    return _spell(fen, lambda value: None if value < 0 else f"{value // 100}.{value % 100:02d}")


def texts(values: Ints, *, decimals: int = 0) -> list[str | None]:
    """Whole numbers as text, the last ``decimals`` digits behind the point; below zero gives an empty cell."""
    scale = 10**decimals

    def spell(value: int) -> str | None:
        if value < 0:
            return None
        return f"{value // scale}.{value % scale:0{decimals}d}" if decimals else str(value)

    return _spell(values, spell)


def moments(until: datetime, minutes_before: Ints, naive: Mask) -> list[str | None]:
    """Moments so many minutes before another; naive ones are written without their offset."""

    def spell(code: int) -> str:
        moment = until - timedelta(minutes=code // 2)
        return moment.strftime("%Y-%m-%d %H:%M") if code % 2 else moment.isoformat()

    return _spell(minutes_before * 2 + naive, spell)


def ids(prefix: str, count: int, *, digits: int, first: int = 1) -> list[str]:
    """``prefix`` with running numbers of at least so many digits."""
    width = max(digits, len(str(count + first - 1)))
    return [f"{prefix}{number:0{width}d}" for number in range(first, first + count)]


def stack(*parts: Mapping[str, Cells]) -> Columns:
    """Tables one below the other; a column a part lacks is empty there."""
    names = list(dict.fromkeys(name for part in parts for name in part))
    sizes = [len(next(iter(part.values()))) if part else 0 for part in parts]
    return {
        name: [cell for part, size in zip(parts, sizes, strict=True) for cell in part.get(name, [None] * size)]
        for name in names
    }


def write_table(folder: Path, table: str, columns: Columns, file_format: FileFormat, *, chinese: bool = False) -> None:
    """Write one table in the column order of the data dictionary.

    Parameters
    ----------
    folder
        Where ``<table>.csv`` or ``<table>.parquet`` goes.
    table
        Name in :data:`bosspick.tables.TABLES`.
    columns
        Cells as text, None where empty; a column that is not there is empty.
    file_format
        ``csv`` writes text in UTF-8; ``parquet`` writes counts and numbers as numbers, money as exact decimals.
    chinese
        Chinese headers, and in a CSV the GB18030 encoding many office programs there save by default.
    """
    known = TABLES[table].columns
    empty: Cells = [None] * len(next(iter(columns.values()), []))
    heads = [column.zh[0] if chinese and column.zh else column.name for column in known]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table}.{file_format}"
    if file_format == "parquet":
        _write_parquet(path, heads, [(column.kind, columns.get(column.name, empty)) for column in known])
        return
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(zip(*(columns.get(column.name, empty) for column in known), strict=True))
    path.write_bytes(text.getvalue().encode("gb18030" if chinese else "utf-8"))


def _write_parquet(path: Path, heads: Sequence[str], cells: Sequence[tuple[str, Cells]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {
        "money": pa.decimal128(14, 2),
        "count": pa.int64(),
        "number": pa.float64(),
        "rate": pa.float64(),
    }
    arrays = []
    for kind, column in cells:
        text = pa.array(column, type=pa.string())
        arrays.append(text.cast(types[kind]) if kind in types else text)
    pq.write_table(pa.table(dict(zip(heads, arrays, strict=True))), path, compression="zstd")
