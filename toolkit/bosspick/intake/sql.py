"""Tables of a database, by any URL SQLAlchemy speaks to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bosspick.errors import RoomError, TableError
from bosspick.intake.raw import RawTable, cell_text, tidy

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["read_sql", "sql_sessions"]


def read_sql(table: str, url: str, *, session_id: str | None) -> RawTable | None:
    """Read a table as text cells, only the given week's rows if one is given.

    Rows are numbered as they were read, as if below a header.

    Returns
    -------
    RawTable or None
        None when the database has no such table.

    Raises
    ------
    RoomError
        The database cannot be reached.
    TableError
        A week is asked for and the table has no column ``session_id``.
    """
    import sqlalchemy as sa

    with _connected(url) as (connection, shown):
        if not sa.inspect(connection).has_table(table):
            return None
        found = sa.Table(table, sa.MetaData(), autoload_with=connection)
        query = sa.select(found)
        if session_id is not None:
            query = query.where(_session_column(found, f"{shown}#{table}") == session_id)
        columns = [column for column in [each.name for each in found.c] if session_id is None or column != "session_id"]
        rows = [[cell_text(row[column]) for column in columns] for row in connection.execute(query).mappings()]
    return RawTable(table, f"{shown}#{table}", tidy(pd.DataFrame(rows, columns=columns, dtype="str"), range(2, len(rows) + 2)))


def sql_sessions(url: str) -> list[str]:
    """ISO weeks the database has offers for, in order."""
    import sqlalchemy as sa

    with _connected(url) as (connection, shown):
        if not sa.inspect(connection).has_table("offers"):
            return []
        offers = sa.Table("offers", sa.MetaData(), autoload_with=connection)
        weeks = connection.execute(sa.select(_session_column(offers, f"{shown}#offers")).distinct()).scalars().all()
    return sorted(str(week) for week in weeks if week is not None)


def _session_column(table: sa.Table, shown: str) -> sa.Column[str]:
    if "session_id" not in table.c:
        raise TableError("lacks the column session_id", where=shown, hint="it says which week, such as 2026-W48, a row is for")
    return table.c.session_id


@contextmanager
def _connected(url: str) -> Iterator[tuple[sa.Connection, str]]:
    """A connection, and the URL as messages show it: without its password."""
    import sqlalchemy as sa

    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise RoomError(
            "is not a database URL", where=url.partition("://")[0] + "://…", hint="such as sqlite:///room.db"
        ) from None
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite" and parsed.database and not Path(parsed.database).is_file():
        raise RoomError("there is no such database", where=shown, hint="check the path; sqlite:////… is an absolute one")
    try:
        engine = sa.create_engine(parsed)
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise RoomError(f"no driver for this database: {error}", where=shown,
                        hint="for PostgreSQL install bosspick[postgres]") from error  # fmt: skip
    try:
        with engine.connect() as connection:
            yield connection, shown
    except sa.exc.SQLAlchemyError as error:
        raise RoomError(f"cannot be read: {str(error).splitlines()[0]}", where=shown,
                        hint="check the URL and that the database is up") from error  # fmt: skip
    finally:
        engine.dispose()
