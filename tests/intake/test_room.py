"""Rooms: what is missing, which weeks there are, and the same room from a database."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from bosspick import open_room
from bosspick.errors import InputError, PolicyError, RoomError, SessionError, TableError
from bosspick.intake.room import parse_session
from bosspick.tables import TABLES
from tests.rooms import WEEK, offer, write_room, write_rows


@pytest.mark.parametrize(
    ("text", "monday"),
    [("2026-W01", dt.date(2025, 12, 29)), ("2026-W48", dt.date(2026, 11, 23)), ("2026-W53", dt.date(2026, 12, 28)),
     ("2020-W53", dt.date(2020, 12, 28))],
)  # fmt: skip
def test_weeks(text: str, monday: dt.date) -> None:
    assert parse_session(text) == monday


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("2026-W60", "the year 2026 has no week 60", "its last is 2026-W53"),
        ("2021-W53", "the year 2021 has no week 53", "its last is 2021-W52"),
        ("2026-W00", "the year 2026 has no week 00", "its last is 2026-W53"),
        ("2026-48", "'2026-48' is not an ISO week", "write it as 2026-W48"),
        ("2026-W4", "'2026-W4' is not an ISO week", "write it as 2026-W48"),
        ("0000-W01", "'0000-W01' is not an ISO week", "write it as 2026-W48"),
        ("２０２６-W48", "'２０２６-W48' is not an ISO week", "write it as 2026-W48"),
        ("", "'' is not an ISO week", "write it as 2026-W48"),
    ],
)
def test_weeks_that_do_not_exist(text: str, message: str, hint: str) -> None:
    with pytest.raises(SessionError) as caught:
        parse_session(text)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_week_the_room_does_not_have(room: Path) -> None:
    with pytest.raises(SessionError, match="the room has no week 2026-W49") as caught:
        open_room(room).week("2026-W49")
    assert caught.value.hint == "it has 2026-W48"


@pytest.mark.parametrize(
    ("at", "week"),
    [
        ("2026-11-20T10:00Z", "2026-W48"),
        ("2026-11-29T15:59Z", "2026-W48"),  # Sunday evening where the room is
        ("2026-11-29T16:00Z", "2026-W50"),  # Monday there; the week itself has no offers
        ("2030-01-01T00:00Z", "2026-W50"),
    ],
)
def test_the_current_week_is_that_of_the_rooms_calendar(room: Path, at: str, week: str) -> None:
    shutil.copytree(room / WEEK, room / "2026-W50")
    assert open_room(room).current_session(dt.datetime.fromisoformat(at)) == week


def test_a_room_without_weeks(room: Path) -> None:
    shutil.rmtree(room / WEEK)
    with pytest.raises(SessionError, match="the room has no week"):
        open_room(room).week()


def test_a_moment_without_offset_is_no_moment_of_judgement(room: Path) -> None:
    with pytest.raises(SessionError, match="names no offset"):
        open_room(room).week(as_of=dt.datetime(2026, 11, 27, 18))


def test_the_moment_of_judgement_is_the_last_capture_and_never_after_the_show(room: Path) -> None:
    assert open_room(room).week().as_of.isoformat() == "2026-11-27T12:00:00+08:00"
    quotes = (room / WEEK / "quotes.csv").read_text(encoding="utf-8")
    (room / WEEK / "quotes.csv").write_text(quotes.replace("2026-11-27T12", "2199-12-31T23"), encoding="utf-8")
    assert open_room(room).week().as_of.isoformat() == "2026-11-28T20:00:00+08:00"


@pytest.mark.parametrize("table", [table.name for table in TABLES.values() if table.required])
def test_a_missing_table(room: Path, table: str) -> None:
    path = room / (WEEK if TABLES[table].weekly else "") / f"{table}.csv"
    path.unlink()
    with pytest.raises(TableError, match=f"the table '{table}' is missing") as caught:
        open_room(room).week()
    assert f"{table} as .csv, .xlsx or .parquet" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["offers.xls", "Offers.csv", "offers.et"])
def test_a_table_under_a_name_that_is_not_read(room: Path, name: str) -> None:
    (room / WEEK / "offers.csv").rename(room / WEEK / name)
    with pytest.raises(TableError) as caught:
        open_room(room).week()
    assert caught.value.hint == f"{name} is not read: save it as offers as .csv, .xlsx or .parquet"


@pytest.mark.parametrize("table", [table.name for table in TABLES.values() if not table.required])
def test_an_optional_table_may_be_absent(room: Path, table: str) -> None:
    (room / f"{table}.csv").unlink(missing_ok=True)
    frame = open_room(room).week().table(table)
    assert frame.empty
    assert list(frame.columns) == [column.stored for column in TABLES[table].columns]


def test_no_folder_and_no_policy(room: Path) -> None:
    with pytest.raises(RoomError, match="there is no such folder"):
        open_room(room / "nowhere")
    with pytest.raises(RoomError, match="is a file, not a room's folder"):
        open_room(room / "policy.toml")
    (room / "policy.toml").unlink()
    with pytest.raises(PolicyError, match="there is no policy file"):
        open_room(room).week()


def test_an_unknown_time_zone(room: Path) -> None:
    with (room / "policy.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[room]\ntimezone = "Asia/Peking"\n')
    with pytest.raises(PolicyError, match=r"room\.timezone 'Asia/Peking' is unknown"):
        open_room(room).week()


def fill(url: str, room: Path, *, leave_out: tuple[str, ...] = ()) -> None:
    """Put the room's tables into a database, typed, with a second week beside the first."""
    engine = sa.create_engine(url)
    week = open_room(room).week()
    for name, table in TABLES.items():
        if name in leave_out or not week.files[name][0]:
            continue
        frame = week.table(name)
        columns = {}
        for column in table.columns:
            values = frame[column.stored]
            columns[column.name] = values / 100 if column.kind == "money" else values
            if column.kind == "moment" and engine.dialect.name == "sqlite":
                # SQLite's own moments hold no offset; one written as text keeps it.
                columns[column.name] = values.map(pd.Timestamp.isoformat, na_action="ignore")
        rows = pd.DataFrame(columns)
        if table.weekly:
            other = rows.assign(session_id="2026-W49", **({"opening_price": 1.0} if name == "offers" else {}))
            rows = pd.concat([rows.assign(session_id=WEEK), other])
        rows.to_sql(name, engine, index=False)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'room.db'}"
    return str(request.getfixturevalue("postgres"))


def test_the_same_room_from_a_database(tmp_path: Path, url: str) -> None:
    room = write_room(tmp_path / "room", offers=[offer(1, offer_id="001", brand_id="NA"), offer(2), offer(3, stock="")])
    write_rows(room / WEEK / "offers.csv", [offer(1, offer_id="001", brand_id="NA"), offer(2)])
    fill(url, room)
    found = open_room(url, folder=room)
    assert found.sessions() == ["2026-W48", "2026-W49"]
    ours, theirs = found.week(), open_room(room).week()
    for name in TABLES:
        order = [column.stored for column in TABLES[name].columns]
        pd.testing.assert_frame_equal(
            ours.table(name).sort_values(order, ignore_index=True), theirs.table(name).sort_values(order, ignore_index=True)
        )
    assert found.week("2026-W49").table("offers")["opening_price_fen"].tolist() == [100, 100]
    with pytest.raises(SessionError, match="the room has no week 2026-W50") as caught:
        found.week("2026-W50")
    assert caught.value.hint == "it has 2026-W48, 2026-W49"


def test_a_database_without_a_table(tmp_path: Path, room: Path) -> None:
    url = f"sqlite:///{tmp_path / 'room.db'}"
    fill(url, room, leave_out=("stores",))
    with pytest.raises(TableError, match="the table 'stores' is missing"):
        open_room(url, folder=room).week()


def test_a_weekly_table_of_a_database_needs_its_week(tmp_path: Path, room: Path) -> None:
    url = f"sqlite:///{tmp_path / 'room.db'}"
    engine = sa.create_engine(url)
    pd.DataFrame([offer(1)]).to_sql("offers", engine, index=False)
    engine.dispose()
    with pytest.raises(TableError, match="lacks the column session_id"):
        open_room(url, folder=room).week(WEEK)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:///{folder}/nowhere.db", "there is no such database"),
        ("oracle+none://user:secret@host/db", "no driver for this database"),
        ("postgresql+psycopg://user:secret@127.0.0.1:1/db", "cannot be read"),
        ("postgresql+psycopg://user:secret@127.0.0.1:port/db", "is not a database URL"),
    ],
)
def test_a_database_that_cannot_be_reached(room: Path, url: str, message: str) -> None:
    if "psycopg" in url:
        pytest.importorskip("psycopg", reason="needs the postgres extra")
    with pytest.raises(InputError) as caught:
        open_room(url.format(folder=room), folder=room).week()
    assert message in caught.value.message
    assert "secret" not in str(caught.value)
    assert not (room / "nowhere.db").exists()
