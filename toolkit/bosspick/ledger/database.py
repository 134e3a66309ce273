"""The one way to the ledger's database: connections, the schema's version, and errors in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bosspick.errors import BusyError, InputError, RoomError
from bosspick.ledger.schema import HEAD

__all__ = ["Database"]

#: Seconds to wait for others who write at this moment.
_PATIENCE_S = 20
_KNOWN = ("", "0001", HEAD)
#: Any number, the same in every version: only one process at a time changes the schema.
_ADVISORY_LOCK = 7_210_355


class Database:
    """A ledger's database, brought to the newest schema before anything is written to it or read from it.

    SQLite files are kept in write-ahead mode, so that several notebooks and the command line read and write at once; a
    transaction that was acknowledged is on the disk. Nothing is created by reading.

    Parameters
    ----------
    url
        Database URL; SQLite and PostgreSQL are tested.
    """

    def __init__(self, url: str) -> None:
        try:
            self.url = sa.make_url(url)
        except sa.exc.ArgumentError as error:
            # The text itself is not shown: it may hold a password.
            raise InputError("the ledger's address is no database URL", where="BOSSPICK_LEDGER",
                             hint="write it as sqlite:///ledger.db or postgresql+psycopg://host/name") from error  # fmt: skip
        self.file = Path(self.url.database) if self.url.drivername.startswith("sqlite") and self.url.database else None

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection | None]:
        """A connection to read from; None where there is no ledger yet."""
        if self.file is not None and not self.file.is_file():
            yield None
            return
        with self._engine("read") as engine:
            if not self._bring_up(engine, create=False):
                yield None
                return
            with engine.connect().execution_options(bosspick_reads=True) as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: all of it is kept, or nothing."""
        with self._engine("written") as engine:
            self._bring_up(engine, create=True)
            with engine.begin() as connection:
                yield connection

    @contextmanager
    def _engine(self, verb: str) -> Iterator[sa.Engine]:
        engine = sa.create_engine(self.url, connect_args={"timeout": _PATIENCE_S} if self.file is not None else {})
        if self.file is not None:
            sa.event.listen(engine, "connect", _prepare)
            sa.event.listen(engine, "begin", _begin)
        try:
            yield engine
        except sa.exc.SQLAlchemyError as error:
            raise self._told(error, verb) from error
        finally:
            engine.dispose()

    def _told(self, error: sa.exc.SQLAlchemyError, verb: str) -> RoomError | BusyError:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        if "locked" in reason:
            return BusyError(
                f"somebody else has been writing for {_PATIENCE_S} s", where=self.shown,
                hint="try again; nothing of this entry was written",
            )  # fmt: skip
        hint = "check that the room folder is writable; nothing of this entry was written"
        if "not a database" in reason:
            hint = "another file lies in its place; move it away, or put the last backup there"
        elif verb == "read":
            hint = "check that the ledger and its folder are readable and writable, or that the server runs"
        return RoomError(f"the ledger cannot be {verb}: {reason}", where=self.shown, hint=hint)

    def _bring_up(self, engine: sa.Engine, *, create: bool) -> bool:
        """Bring the schema to the newest version; whether there is a ledger at all."""
        with engine.connect().execution_options(bosspick_reads=True) as connection:
            found = _revision(connection)
        if found == HEAD:
            return True
        if found is None and not create:
            return False
        if found is not None and found not in _KNOWN:
            raise RoomError(
                f"the ledger is of schema {found}, newer than this toolkit's {HEAD}", where=self.shown,
                hint="update the toolkit; nothing was changed",
            )  # fmt: skip
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            found = _revision(connection)  # another process may have been first
            if found != HEAD:
                if found is not None:
                    self._back_up(connection, found or "0000")
                _upgrade(connection)
        return True

    def _back_up(self, connection: sa.Connection, revision: str) -> None:
        """Keep a copy of an older ledger beside it before it is changed."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        if self.file is not None:
            target = self.file.with_name(f"{self.file.stem}-schema-{revision}-{stamp}{self.file.suffix}")
            source, copy = sqlite3.connect(self.file), sqlite3.connect(target)
            try:
                source.backup(copy)
            finally:
                source.close()
                copy.close()
        elif connection.dialect.name == "postgresql":
            schema = f"bosspick_schema_{revision}_{stamp}".lower()
            connection.execute(sa.text(f"create schema {schema}"))
            for name in sa.inspect(connection).get_table_names():
                connection.execute(sa.text(f"create table {schema}.{name} as table {name}"))


def _prepare(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None  # transactions are begun below, not by the driver's guess
    cursor = connection.cursor()
    try:
        cursor.execute("pragma journal_mode = wal")
        cursor.execute("pragma synchronous = full")
    finally:
        cursor.close()


def _begin(connection: sa.Connection) -> None:
    # A writer takes its turn at once: one that read first and then wants to write could never get it.
    reads = connection.get_execution_options().get("bosspick_reads", False)
    connection.exec_driver_sql("begin" if reads else "begin immediate")


def _revision(connection: sa.Connection) -> str | None:
    """Revision of the schema: None where there is no table of ours, empty for a ledger of before revisions were kept."""
    names = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in names:
        return str(connection.execute(sa.text("select version_num from alembic_version")).scalar() or "")
    return "" if names & {"plans", "settled", "matches"} else None


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
