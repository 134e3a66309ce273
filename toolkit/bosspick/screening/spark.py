"""Apache Spark behind the screen's expressions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bosspick.errors import EngineError
from bosspick.screening.dialects import exact, plain_types, unfused
from bosspick.screening.engine import Engine
from bosspick.screening.turns import meanwhile

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

__all__ = ["SparkEngine"]


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
        self._connection.compiler = exact(self._connection.compiler)

    def rows(self, name: str, rows: pa.Table) -> ir.Table:
        """Hand Arrow rows to the engine."""
        return self._view(name, self._session.createDataFrame(rows))

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Rows of an expression."""
        frame = self._frame(expression)
        with meanwhile():
            return plain_types(frame.toArrow())

    def cache(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep the rows of an expression that several others read."""
        # A checkpoint, not persist: that would carry the whole plan so far into every later one, and plans of plans
        # outgrow the driver's memory.
        frame = self._frame(expression)
        with meanwhile():
            frame = frame.localCheckpoint(eager=True)
        return self._view(name, frame)

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
        frame = self._frame(expression)
        with meanwhile():
            frame.write.mode("overwrite").parquet(path)

    def _frame(self, expression: ir.Table) -> Any:
        with unfused():
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
