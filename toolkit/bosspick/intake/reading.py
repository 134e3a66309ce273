"""Files to raw tables, whatever the file is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from bosspick.errors import TableError
from bosspick.intake.csv_file import read_csv
from bosspick.intake.excel_file import read_excel
from bosspick.intake.raw import RawTable, cell_text, tidy

__all__ = ["SUFFIXES", "read_file"]

SUFFIXES = (".csv", ".xlsx", ".xlsm", ".parquet")


def read_file(table: str, path: Path, *, shown_as: str) -> RawTable:
    """Read a CSV (UTF-8 or GB18030), Excel or Parquet file as text cells.

    Raises
    ------
    TableError
        The file cannot be opened or is not what its name says.
    """
    try:
        if path.suffix == ".csv":
            return read_csv(table, path.read_bytes(), shown_as)
        if path.suffix == ".parquet":
            return RawTable(table, shown_as, _read_parquet(path))
        return read_excel(table, path, shown_as)
    except TableError:
        raise
    except Exception as error:
        lines = str(error).strip().splitlines()
        raise TableError(
            f"cannot be read: {lines[0] if lines else type(error).__name__}",
            where=shown_as,
            hint="save it again and check that it opens",
        ) from error


def _read_parquet(path: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    # Column by column and past pandas: its notes in the file would hide an index, and an id column with gaps
    # would go through floating point.
    with path.open("rb") as stream:
        table = pq.read_table(stream)
    columns = {name: _texts(table[name]) for name in table.column_names if not name.startswith("__index_level_")}
    return tidy(pd.DataFrame(columns, dtype="str"), range(2, table.num_rows + 2))


def _texts(column: Any) -> list[str]:
    import numpy as np
    import pyarrow as pa

    if pa.types.is_float32(column.type):
        # The shortest text that is this number: 98.9, not 98.9000015258789.
        return ["" if value is None else cell_text(float(str(np.float32(value)))) for value in column.to_pylist()]
    return [cell_text(value) for value in column.to_pylist()]
