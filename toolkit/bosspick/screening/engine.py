"""The one seam to the engine that runs the screen's Ibis expressions."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

__all__ = ["Engine"]


class Engine:
    """Runs Ibis expressions on an in-memory DuckDB with one thread, so that the same rows give the same bytes."""

    def __init__(self) -> None:
        import ibis

        self._connection = ibis.duckdb.connect(threads=1)

    def table(self, name: str, frame: pd.DataFrame) -> ir.Table:
        """Hand a validated frame to the engine; moments become UTC without offset, flags stay nullable.

        Parameters
        ----------
        name
            Name of the table there.
        frame
            Validated frame as :mod:`bosspick.tables` describes.
        """
        import pyarrow as pa

        plain = frame.copy(deep=False)
        for column in plain.columns:
            if isinstance(plain[column].dtype, pd.DatetimeTZDtype):
                plain[column] = plain[column].dt.tz_convert("UTC").dt.tz_localize(None)
        return self._create(name, pa.Table.from_pandas(plain, preserve_index=False))

    def run(self, expression: ir.Table) -> pd.DataFrame:
        """Rows of an expression, with nullable integers kept."""
        table = self._connection.to_pyarrow(expression)
        frame: pd.DataFrame = table.to_pandas(types_mapper=_NULLABLE.get)
        return frame

    def cache(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep the rows of an expression that several others read."""
        return self._create(name, expression)

    def _create(self, name: str, rows: pa.Table | ir.Table) -> ir.Table:
        with warnings.catch_warnings():
            # Ibis 12 reads a new table's schema by a call DuckDB 2 has renamed; the rows are not touched by it.
            warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)
            return self._connection.create_table(name, rows)

    def close(self) -> None:
        """Give the engine's memory back."""
        self._connection.disconnect()


def _nullable() -> dict[object, object]:
    import pyarrow as pa

    return {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype(), pa.int8(): pd.Int64Dtype(),
            pa.bool_(): pd.BooleanDtype(), pa.string(): pd.StringDtype(na_value=float("nan"))}  # fmt: skip


_NULLABLE = _nullable()
