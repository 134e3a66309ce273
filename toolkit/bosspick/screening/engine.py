"""The one seam to the engines that run the screen's Ibis expressions: DuckDB on one machine, Spark on many."""

from __future__ import annotations

import atexit
import os
import tempfile
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from bosspick.errors import EngineError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

__all__ = ["DuckEngine", "Engine", "EngineName", "SparkEngine", "open_engine"]

EngineName = Literal["duckdb", "spark"]


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
        return self.rows(name, _typed(pa.Table.from_pandas(plain, preserve_index=False)))

    def run(self, expression: ir.Table) -> pd.DataFrame:
        """Rows of an expression, with nullable integers kept."""
        frame: pd.DataFrame = self.arrow(expression).to_pandas(types_mapper=_nullable().get)
        return frame

    def is_empty(self, expression: ir.Table) -> bool:
        """Whether an expression has no row."""
        return len(self.run(expression.limit(1))) == 0

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


class DuckEngine(Engine):
    """An in-memory DuckDB.

    Parameters
    ----------
    threads
        One for a week's tables, so that the same rows give the same bytes; None for as many as there are cores.
    memory
        Most memory it takes before it uses the disk, such as ``4GB``.
    """

    name = "duckdb"

    def __init__(self, *, threads: int | None = 1, memory: str = "4GB") -> None:
        import ibis

        super().__init__()
        self._compiled: dict[Any, str] = {}
        self.asked, self.made_in = (threads, memory), os.getpid()
        self._spill = tempfile.TemporaryDirectory(prefix="bosspick-")
        self._connection = ibis.duckdb.connect(
            threads=threads or os.cpu_count() or 1, memory_limit=memory, temp_directory=self._spill.name,
            preserve_insertion_order=False,
        )  # fmt: skip
        # Moments with an offset become moments in UTC, wherever the machine stands.
        self._connection.con.execute("SET TimeZone = 'UTC'")
        self._connection.compiler = _exact(self._connection.compiler)

    def rows(self, name: str, rows: pa.Table) -> ir.Table:
        """Hand Arrow rows to the engine."""
        return self._create(name, rows)

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Rows of an expression."""
        found = self._connection.con.sql(self._sql(expression)).to_arrow_table()
        return _typed(found.cast(expression.schema().to_pyarrow()))

    def cache(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep the rows of an expression that several others read."""
        from ibis.expr import operations as ops

        # By our own statements: Ibis 12 asks the engine four times for what is known here.
        schema = expression.schema()
        kinds = self._connection.compiler.type_mapper
        columns = ", ".join(f'"{each}" {kinds.to_string(kind)}' for each, kind in schema.items())
        con = self._connection.con
        con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({columns})')
        con.execute(f'INSERT INTO "{name}" {self._sql(expression)}')
        place = ops.Namespace(catalog="temp", database="main")
        return ops.DatabaseTable(name=name, schema=schema, source=self._connection, namespace=place).to_expr()

    def _sql(self, expression: ir.Table) -> str:
        """The expression's SQL; a feed's partitions ask for the same one again and again."""
        known = expression.op()
        if known not in self._compiled:
            with _unfused():
                self._compiled[known] = self._connection.compile(expression)
        return self._compiled[known]

    def parquet(self, paths: Sequence[str], name: str) -> ir.Table:
        """Rows of Parquet files."""
        found = [str(Path(path) / "**" / "*.parquet") if Path(path).is_dir() else path for path in paths]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)
            return self._connection.read_parquet(found, table_name=f"files_{name}", union_by_name=len(found) > 1)

    def write(self, expression: ir.Table, path: str) -> None:
        """Write an expression's rows as one Parquet file."""
        part = Path(f"{path}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        # Dictionaries of ids and prices cost more time than they save space.
        self._connection.con.execute(
            f"COPY ({self._sql(expression)}) TO '{_quoted(part)}' "
            f"(FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT {_MOST_WORDS})"
        )
        part.replace(path)

    def _create(self, name: str, rows: pa.Table) -> ir.Table:
        with warnings.catch_warnings():
            # Ibis 12 reads a new table's schema by a call DuckDB 2 has renamed; the rows are not touched by it.
            warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)
            return self._connection.create_table(name, rows, temp=True, overwrite=True)

    def close(self) -> None:
        """Give the engine's memory back."""
        con = self._connection.con
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
            con.execute(f'DROP TABLE temp."{name}"')
        for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            con.execute(f'DROP VIEW "{name}"')
        if len(self._compiled) > _MOST_COMPILED:
            self._compiled.clear()
            self._built.clear()
        _IDLE.append(self)

    def end(self) -> None:
        """Close for good."""
        self._connection.disconnect()
        self._spill.cleanup()


#: Engines nobody uses, with what they have compiled: the next screen of this process takes one of them up.
_IDLE: list[DuckEngine] = []
_MOST_COMPILED = 1000
#: Different values up to which a column of kept rows is written by dictionary.
_MOST_WORDS = 1000


@atexit.register
def _end_idle() -> None:
    for engine in _IDLE:
        if engine.made_in == os.getpid():
            engine.end()
    _IDLE.clear()


class SparkEngine(Engine):
    """Apache Spark, on this machine or a cluster.

    Parameters
    ----------
    master
        Spark's master URL, such as ``local[2]`` or ``spark://host:7077``.

    Raises
    ------
    EngineError
        The extra is not installed, there is no Java, or the master cannot be reached.
    """

    name = "spark"

    def __init__(self, *, master: str = "local[*]") -> None:
        import ibis

        super().__init__()
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise EngineError("Spark is not installed", hint="pip install 'bosspick[spark]', and Java 17") from error
        settings = {
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.ansi.enabled": "true",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "8" if master.startswith("local") else "200",
            "spark.sql.execution.arrow.pyspark.enabled": "true",
            "spark.driver.memory": os.environ.get("BOSSPICK_SPARK_DRIVER_MEMORY", "3g"),
        }
        if master.startswith("local"):
            settings["spark.driver.bindAddress"] = settings["spark.driver.host"] = "127.0.0.1"
        builder = SparkSession.builder.master(master).appName("bosspick")
        for key, value in settings.items():
            builder = builder.config(key, value)
        try:
            session = builder.getOrCreate()
            session.sparkContext.setLogLevel("ERROR")
        except Exception as error:  # py4j, PySpark and the JVM each have trees of their own
            raise EngineError(
                f"Spark does not start: {str(error).strip().splitlines()[0][:200]}", where=master,
                hint="check --master, and that Java 17 is installed (JAVA_HOME)",
            ) from error  # fmt: skip
        self._session = session
        self._views: set[str] = set()
        self._connection = ibis.pyspark.connect(session)
        self._connection.compiler = _exact(self._connection.compiler)

    def rows(self, name: str, rows: pa.Table) -> ir.Table:
        """Hand Arrow rows to the engine."""
        return self._view(name, self._session.createDataFrame(rows))

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Rows of an expression."""
        return _typed(self._frame(expression).toArrow())

    def cache(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep the rows of an expression that several others read."""
        # A checkpoint, not persist: that would carry the whole plan so far into every later one, and plans of plans
        # outgrow the driver's memory.
        return self._view(name, self._frame(expression).localCheckpoint(eager=True))

    def parquet(self, paths: Sequence[str], name: str) -> ir.Table:
        """Rows of Parquet files or folders, on any file system the cluster knows."""
        reader = self._session.read.option("mergeSchema", "true").option("recursiveFileLookup", "true")
        from ibis.expr import datatypes as dt
        from pyspark.sql.types import TimestampType

        frame = reader.parquet(*paths)
        view = self._view(f"files_{name}_{len(self._views)}", frame)
        # Ibis 12 takes both of Spark's kinds of timestamp for one without offset.
        zoned = [field.name for field in frame.schema.fields if isinstance(field.dataType, TimestampType)]
        return view.mutate(**{name: view[name].cast(dt.Timestamp(timezone="UTC")) for name in zoned}) if zoned else view

    def write(self, expression: ir.Table, path: str) -> None:
        """Write an expression's rows as a folder of Parquet files; Spark commits it as a whole."""
        self._frame(expression).write.mode("overwrite").parquet(path)

    def _frame(self, expression: ir.Table) -> Any:
        with _unfused():
            return self._session.sql(self._connection.compile(expression))

    def _view(self, name: str, frame: Any) -> ir.Table:
        frame.createOrReplaceTempView(name)
        self._views.add(name)
        return self._connection.table(name)

    def close(self) -> None:
        """Forget the tables; the session stays, because starting one takes seconds."""
        for name in self._views:
            self._session.catalog.dropTempView(name)
        self._views.clear()


def _exact(compiler: Any) -> Any:
    """A compiler that divides whole numbers as whole numbers; Ibis goes through floating point, exact to 2**53 only."""
    import sqlglot.expressions as sge

    class Exact(type(compiler)):  # type: ignore[misc]
        __slots__ = ()

        def visit_FloorDivide(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802 - the visitor's name
            if op.left.dtype.is_integer() and op.right.dtype.is_integer():
                return sge.Paren(this=sge.IntDiv(this=sge.Paren(this=left), expression=sge.Paren(this=right)))
            return super().visit_FloorDivide(op, left=left, right=right)

        def visit_BitOr(self, op: Any, *, arg: Any, where: Any) -> Any:  # noqa: N802
            # Both engines have it; Ibis 12 knows of it in one of them only.
            del op
            return self.agg.bit_or(arg, where=where)

    return Exact()


def open_engine(name: EngineName = "duckdb", *, master: str | None = None, threads: int | None = 1) -> Engine:
    """Open the engine of this name.

    Raises
    ------
    EngineError
        There is no such engine, or it does not start.
    """
    if name == "spark":
        return SparkEngine(master=master or "local[*]")
    if name == "duckdb":
        with suppress(IndexError):
            idle = _IDLE.pop()
            # A connection does not outlive a fork.
            if idle.asked[0] == threads and idle.made_in == os.getpid():
                return idle
            if idle.made_in == os.getpid():
                idle.end()
        return DuckEngine(threads=threads)
    raise EngineError(f"there is no engine {name!r}", hint="duckdb or spark")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@contextmanager
def _unfused() -> Iterator[None]:
    """Keep selects apart: a price after four steps, fused into one, would be written out over two hundred times."""
    import ibis

    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


def _typed(rows: pa.Table) -> pa.Table:
    """Spark knows neither columns without a type nor texts of 64-bit length."""
    import pyarrow as pa

    fields = []
    for field in rows.schema:
        kind = field.type
        if pa.types.is_null(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
            kind = pa.string()
        elif pa.types.is_timestamp(kind):
            kind = pa.timestamp("us")
        fields.append(pa.field(field.name, kind))
    return rows.cast(pa.schema(fields))


def _nullable() -> dict[object, object]:
    import pyarrow as pa

    return {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype(), pa.int8(): pd.Int64Dtype(),
            pa.bool_(): pd.BooleanDtype(), pa.string(): pd.StringDtype(na_value=float("nan")),
            pa.large_string(): pd.StringDtype(na_value=float("nan"))}  # fmt: skip
