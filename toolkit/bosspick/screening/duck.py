"""DuckDB behind the screen's expressions: in memory, several partitions at once."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from bosspick.screening.dialects import exact, plain_types, unfused
from bosspick.screening.engine import Engine
from bosspick.screening.machine import enough, nothing_half_written
from bosspick.screening.turns import alone, meanwhile

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

__all__ = ["DuckEngine"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_MOST_COMPILED = 1000
#: Different values up to which a column of kept rows is written by dictionary.
_MOST_WORDS = 1000
#: Partitions read at once, whatever the number of cores: each takes memory of its own.
_MOST_AT_ONCE = 4


class DuckEngine(Engine):
    """An in-memory DuckDB.

    What several threads ask at once each asks on a cursor of its own, whose temporary tables the others do not see; an
    expression is built and compiled once for all of them. Rows to be kept are asked for and not waited for: while the engine
    finds them, what comes next is built and compiled. Whatever is asked after them comes after them.

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
        self._threads = threads or os.cpu_count() or 1
        self.asked, self.made_in = (threads, memory), os.getpid()
        # DuckDB makes it when first it is needed: a process that is ended leaves nothing behind where it never was.
        self._spill = Path(tempfile.gettempdir()) / f"bosspick-spill-{uuid4().hex}"
        self._connection = ibis.duckdb.connect(
            threads=self._threads, memory_limit=memory, temp_directory=str(self._spill), preserve_insertion_order=False
        )
        self._connection.compiler = exact(self._connection.compiler)
        self._own = threading.local()
        _in_utc(self._connection.con)

    @classmethod
    def idle(cls, threads: int | None) -> DuckEngine | None:
        """An engine nobody uses, with what it has compiled; None where there is none for so many threads."""
        if not _IDLE:
            return None
        found = _IDLE.pop()
        # A connection does not outlive a fork.
        if found.made_in != os.getpid():
            return None
        if found.asked[0] == threads:
            return found
        found.end()
        return None

    @property
    def _con(self) -> Any:
        """The connection of the thread at work, once all it was asked for is done."""
        self._await()
        return self._open

    @property
    def _open(self) -> Any:
        return getattr(self._own, "cursor", None) or self._connection.con

    def _later(self, *statements: str) -> None:
        """Have statements carried out after all that was asked before; what goes wrong shows when next the engine is asked.

        With one thread they are carried out at once: so few rows are found sooner than handed over.
        """
        # As one script: between two statements a thread would wait for Python's lock.
        script = "; ".join(statements)
        if self._threads == 1:
            with meanwhile(), enough():
                self._open.execute(script)
            return
        if not hasattr(self._own, "queue"):
            self._own.queue, self._own.asked = ThreadPoolExecutor(1, thread_name_prefix="bosspick-ahead"), []
        self._own.asked.append(self._own.queue.submit(self._open.execute, script))

    def _await(self) -> None:
        """Wait for all that was asked for; raises what went wrong first."""
        asked = getattr(self._own, "asked", [])
        with meanwhile(), enough():
            # Of all: what failed for want of an earlier one must not show when something else is asked.
            failed = [error for error in [each.exception() for each in asked] if error is not None]
            asked.clear()
            if failed:
                raise failed[0]

    def _no_more(self) -> None:
        """End what carries out statements, whatever came of them."""
        if hasattr(self._own, "queue"):
            self._own.queue.shutdown(cancel_futures=True)
            del self._own.queue, self._own.asked

    @property
    def _place(self) -> tuple[str, str]:
        """Where tables are made: for the thread at work alone, or for all."""
        return ("temp", "main") if hasattr(self._own, "cursor") else ("memory", "main")

    def together(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """What ``work`` makes of each item, several at once, each by one thread: none then waits for another's join."""
        self._await()  # what they read may still be made
        at_once = min(self._threads, len(items), _MOST_AT_ONCE)
        if at_once < 2:
            return [self._at_work(work, item) for item in items]
        left, counting = len(items), threading.Lock()

        def done(_: Future[Result]) -> None:
            nonlocal left
            with counting:
                left -= 1
                if 0 < left < at_once:
                    self._share(left)

        self._share(at_once)
        try:
            with meanwhile(), ThreadPoolExecutor(at_once, thread_name_prefix="bosspick-partition") as pool:
                asked = [pool.submit(self._at_work, work, item) for item in items]
                for each in asked:
                    each.add_done_callback(done)
                try:
                    return [each.result() for each in asked]
                finally:
                    for each in asked:
                        each.cancel()
        finally:
            self._share(1)

    def _share(self, at_work: int) -> None:
        """Leave what so many threads at work do not take to all of them."""
        with closing(self._connection.con.cursor()) as cursor:
            cursor.execute(f"SET threads = {self._threads - at_work + 1}")

    def _at_work(self, work: Callable[[Item], Result], item: Item) -> Result:
        cursor = self._connection.con.cursor()
        _in_utc(cursor)
        self._own.cursor = cursor
        try:
            with alone():
                done = work(item)
            self._await()
            return done
        finally:
            self._no_more()
            del self._own.cursor
            cursor.close()

    def rows(self, name: str, rows: pa.Table) -> ir.Table:
        """Hand Arrow rows to the engine."""
        con = self._con
        con.register("arrow_rows", rows)
        try:
            con.execute(f"{self._create(name)} AS SELECT * FROM arrow_rows")  # noqa: S608 - names of our own
        finally:
            con.unregister("arrow_rows")
        return self._described(name, self._place)

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Rows of an expression."""
        sql = self._sql(expression)  # before the connection is waited for
        with meanwhile(), enough():
            found = self._con.sql(sql).to_arrow_table()
        return plain_types(found.cast(expression.schema().to_pyarrow()))

    def cache(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep the rows of an expression that several others read."""
        # By our own statements: Ibis 12 asks the engine four times for what is known here.
        schema = expression.schema()
        kinds = self._connection.compiler.type_mapper
        typed = {each: "INTEGER" if kind.is_null() else kinds.to_string(kind) for each, kind in schema.items()}
        columns = ", ".join(f'"{each}" {kind}' for each, kind in typed.items())
        self._later(f"{self._create(name)} ({columns})", f"INSERT INTO {self._named(name)} {self._sql(expression)}")
        return self._known(name, schema, self._place)

    def parquet(self, paths: Sequence[str], name: str) -> ir.Table:
        """Rows of Parquet files."""
        found = [str(Path(path) / "**" / "*.parquet") if Path(path).is_dir() else path for path in paths]
        listed = ", ".join(f"'{_quoted(path)}'" for path in found)
        by_name = ", union_by_name = true" if len(found) > 1 else ""
        files = f"read_parquet([{listed}]{by_name})"
        self._con.execute(f'CREATE OR REPLACE TEMP VIEW "files_{name}" AS SELECT * FROM {files}')  # noqa: S608 - quoted above
        return self._described(f"files_{name}", ("temp", "main"))

    def write(self, expression: ir.Table, path: str) -> None:
        """Write an expression's rows as one Parquet file."""
        part = Path(f"{path}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        sql = self._sql(expression)  # before the connection is waited for
        # Dictionaries of ids and prices cost more time than they save space; differences (v2) save both.
        with meanwhile(), enough(), nothing_half_written(part):
            self._con.execute(
                f"COPY ({sql}) TO '{_quoted(str(part))}' "
                f"(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT {_MOST_WORDS})"
            )
            part.replace(path)

    def _sql(self, expression: ir.Table) -> str:
        """The expression's SQL; a feed's partitions ask for the same one again and again."""
        known = expression.op()
        with alone():
            if known not in self._compiled:
                with unfused():
                    self._compiled[known] = self._connection.compile(expression)
            return self._compiled[known]

    def _create(self, name: str) -> str:
        return f"CREATE OR REPLACE {'TEMP ' if self._place[0] == 'temp' else ''}TABLE {self._named(name)}"

    def _named(self, name: str) -> str:
        return ".".join(f'"{part}"' for part in (*self._place, name))

    def _described(self, name: str, place: tuple[str, str]) -> ir.Table:
        import ibis

        kinds = self._connection.compiler.type_mapper
        told = self._con.execute(f'DESCRIBE "{place[0]}"."{place[1]}"."{name}"').fetchall()
        # A column in which nothing was written has a type that Ibis does not know by its name.
        schema = {column: "null" if kind.strip('"') == "NULL" else kinds.from_string(kind) for column, kind, *_ in told}
        return self._known(name, ibis.schema(schema), place)

    def _known(self, name: str, schema: Any, place: tuple[str, str]) -> ir.Table:
        from ibis.expr import operations as ops

        namespace = ops.Namespace(catalog=place[0], database=place[1])
        return ops.DatabaseTable(name=name, schema=schema, source=self._connection, namespace=namespace).to_expr()

    def close(self) -> None:
        """Give the engine's memory back."""
        self._no_more()
        con = self._connection.con
        for catalog, name in con.execute("SELECT database_name, table_name FROM duckdb_tables()").fetchall():
            con.execute(f'DROP TABLE "{catalog}"."main"."{name}"')
        for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            con.execute(f'DROP VIEW "{name}"')
        if len(self._compiled) > _MOST_COMPILED:
            self._compiled.clear()
            self._built.clear()
        _IDLE.append(self)

    def end(self) -> None:
        """Close for good."""
        self._connection.disconnect()
        shutil.rmtree(self._spill, ignore_errors=True)


#: Engines nobody uses, with what they have compiled: the next screen of this process takes one of them up.
_IDLE: list[DuckEngine] = []


@atexit.register
def _end_idle() -> None:
    for engine in _IDLE:
        if engine.made_in == os.getpid():
            engine.end()
    _IDLE.clear()


def _in_utc(con: Any) -> None:
    """Moments with an offset become moments in UTC, wherever the machine stands."""
    con.execute("SET TimeZone = 'UTC'")


def _quoted(path: str) -> str:
    return path.replace("'", "''")
