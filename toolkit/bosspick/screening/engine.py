"""The one seam to the engines that run the screen's Ibis expressions: DuckDB on one machine, Spark on many."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pandas as pd

from bosspick.errors import EngineError
from bosspick.screening.dialects import plain_types
from bosspick.screening.turns import alone

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

__all__ = ["Engine", "EngineName", "open_engine"]

EngineName = Literal["duckdb", "spark"]
Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(ABC):
    """Runs Ibis expressions; what runs them is nobody else's business."""

    name: EngineName
    _connection: Any

    def __init__(self) -> None:
        self._built: dict[Any, ir.Table] = {}

    def built(self, make: Callable[..., ir.Table], *given: Any) -> ir.Table:
        """What a function without side effects makes of tables and plain values.

        A feed's partitions ask for the same again and again, and building it takes longer than looking it up.
        """
        key = (make, *(each.op() if hasattr(each, "op") else each for each in given))
        with alone():
            if key not in self._built:
                self._built[key] = make(*given)
            return self._built[key]

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
        return self.rows(name, plain_types(pa.Table.from_pandas(plain, preserve_index=False)))

    def run(self, expression: ir.Table) -> pd.DataFrame:
        """Rows of an expression, with nullable integers kept."""
        frame: pd.DataFrame = self.arrow(expression).to_pandas(types_mapper=_nullable().get)
        return frame

    def is_empty(self, expression: ir.Table) -> bool:
        """Whether an expression has no row."""
        return len(self.run(expression.limit(1))) == 0

    def together(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """What ``work`` makes of each item, in their order; an engine may do several at once.

        Tables made at work are gone after it, and seen by it alone.
        """
        return [work(item) for item in items]

    @abstractmethod
    def rows(self, name: str, rows: pa.Table) -> ir.Table:
        """Hand Arrow rows to the engine."""

    @abstractmethod
    def arrow(self, expression: ir.Table) -> pa.Table:
        """Rows of an expression."""

    @abstractmethod
    def cache(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep the rows of an expression that several others read; the name's earlier rows are dropped."""

    @abstractmethod
    def parquet(self, paths: Sequence[str], name: str) -> ir.Table:
        """Rows of Parquet files, matched by column name; a path may name a folder of them.

        What was read before under this name is read no longer.
        """

    @abstractmethod
    def write(self, expression: ir.Table, path: str) -> None:
        """Write an expression's rows as Parquet; they appear complete or not at all."""

    @abstractmethod
    def close(self) -> None:
        """Give the engine's memory back."""


def open_engine(name: EngineName = "duckdb", *, master: str | None = None, threads: int | None = 1) -> Engine:
    """Open the engine of this name.

    Raises
    ------
    EngineError
        There is no such engine, or it does not start.
    """
    if name == "spark":
        from bosspick.screening.spark import SparkEngine

        return SparkEngine(master=master or "local[*]")
    if name == "duckdb":
        from bosspick.screening.duck import DuckEngine

        return DuckEngine.idle(threads) or DuckEngine(threads=threads)
    raise EngineError(f"there is no engine {name!r}", hint="duckdb or spark")


def _nullable() -> dict[object, object]:
    import pyarrow as pa

    return {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype(), pa.int8(): pd.Int64Dtype(),
            pa.bool_(): pd.BooleanDtype(), pa.string(): pd.StringDtype(na_value=float("nan")),
            pa.large_string(): pd.StringDtype(na_value=float("nan"))}  # fmt: skip
