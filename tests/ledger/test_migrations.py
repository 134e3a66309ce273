"""Ledgers of an older and of a newer schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bosspick.errors import RoomError
from bosspick.ledger import Ledger
from bosspick.ledger.schema import HEAD, TABLES

WEEK = "2026-W48"
FIRST = """
create table plans (id integer primary key, session_id varchar(16) not null, version varchar(32) not null,
  at datetime default current_timestamp not null, who varchar(100) not null, offer_ids text not null);
create table settled (id integer primary key, session_id varchar(16) not null, offer_id varchar(100) not null,
  brand_price_fen integer not null, at datetime default current_timestamp not null, who varchar(100) not null);
insert into plans (session_id, version, who, offer_ids) values ('2026-W48', 'W48-a', 'producer', '["o1", "o2"]');
insert into settled (session_id, offer_id, brand_price_fen, who) values
  ('2026-W48', 'o1', 9900, 'team one'), ('2026-W48', 'o1', 9800, 'team one'), ('2026-W48', 'o3', 0, 'team one');
"""


def old_ledger(folder: Path) -> Ledger:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as connection:
        connection.executescript(FIRST)
    return Ledger.of_room(folder)


@pytest.mark.parametrize("first", ["read", "write"])
def test_an_older_ledger_is_backed_up_and_carried_over(tmp_path: Path, first: str) -> None:
    ledger = old_ledger(tmp_path)
    if first == "write":
        ledger.settle(WEEK, "o2", 5000, who="team one")
    assert ledger.published(WEEK) == ("o1", "o2")
    assert ledger.settled(WEEK) == {"o1": 9800} | ({"o2": 5000} if first == "write" else {})
    assert ledger.match_decisions().empty
    (backup,) = tmp_path.glob("ledger-schema-0000-*.sqlite")
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("select count(*) from settled").fetchone() == (3,)
    ledger.publish(WEEK, "W48-b", ["o1"], who="producer")
    assert ledger.versions(WEEK)["version"].tolist() == ["W48-a", "W48-b"]
    assert len(list(tmp_path.glob("ledger-schema-*"))) == 1


def test_a_newer_ledger_is_left_alone(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    ledger.publish(WEEK, "W48-a", ["o1"], who="producer")
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as connection, connection:
        connection.execute("update alembic_version set version_num = '0099'")
    for act in (lambda: ledger.published(WEEK), lambda: ledger.settle(WEEK, "o1", 1, who="team one")):
        with pytest.raises(RoomError, match="schema 0099, newer than this toolkit's"):
            act()
    assert len(list(tmp_path.glob("*.sqlite"))) == 1


def test_a_new_ledger_has_the_tables_the_code_speaks_of(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    ledger.publish(WEEK, "W48-a", ["o1"], who="producer")
    engine = sa.create_engine(ledger.url)
    found = sa.inspect(engine)
    for table in TABLES:
        names = {column["name"] for column in found.get_columns(table.name)}
        assert names == {column.name for column in table.columns}, table.name
    with engine.connect() as connection:
        assert connection.execute(sa.text("select version_num from alembic_version")).scalar() == HEAD
    engine.dispose()


def test_an_older_ledger_of_a_team_is_copied_into_a_schema_of_its_own(postgres: str) -> None:
    engine = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("create database older_team"))
    engine.dispose()
    url = sa.make_url(postgres).set(database="older_team")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in FIRST.replace("datetime", "timestamp").replace("integer primary key", "serial primary key").split(";"):
            if statement.strip():
                connection.execute(sa.text(statement))
    ledger = Ledger(url.render_as_string(hide_password=False))
    assert ledger.settled(WEEK) == {"o1": 9800}
    schemas = [name for name in sa.inspect(engine).get_schema_names() if name.startswith("bosspick_schema_0000")]
    assert len(schemas) == 1
    with engine.connect() as connection:
        assert connection.execute(sa.text(f"select count(*) from {schemas[0]}.settled")).scalar() == 3
    engine.dispose()
