"""The ledger remembers what was published and agreed, and adds rather than replaces; in SQLite and in PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bosspick.errors import BusyError, InputError, RoomError
from bosspick.ledger import Ledger, Sheet, Talk, story
from bosspick.ledger import database as database_module

WEEK = "2026-W48"


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    if request.param == "sqlite":
        return Ledger.of_room(tmp_path)
    return Ledger(str(request.getfixturevalue("postgres_url")))


def agreed(offer: str, fen: int, **more: str) -> Talk:
    return Talk(session_id=WEEK, offer_id=offer, outcome="agreed", brand_price_fen=fen, **more)  # type: ignore[arg-type]


def sheet(digest: str) -> Sheet:
    return Sheet(session_id=WEEK, sha256=digest * 64, name="team one.xlsx", negotiator="team one", plan_version="W48-a")


def test_nothing_is_created_by_reading(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    assert ledger.published(WEEK) == ()
    assert ledger.settled(WEEK) == {}
    assert ledger.draft(WEEK) is None
    assert story(ledger).empty
    assert list(tmp_path.iterdir()) == []


def test_the_last_entry_counts_and_none_is_lost(ledger: Ledger) -> None:
    ledger.publish(WEEK, "W48-a", ["o1", "o2"], who="producer", document={"lineup": [{"offer_id": "o1"}]})
    ledger.publish(WEEK, "W48-b", ["o1", "o3"], who="producer", note="o2 ran out")
    ledger.settle(WEEK, "o1", 9900, who="team one")
    ledger.settle(WEEK, "o1", 9800, who="team one")
    ledger.settle("2026-W49", "o1", 100, who="team one")
    ledger.record_talks([Talk(session_id=WEEK, offer_id="o2", outcome="failed", note="面议不成")], who="team two")
    assert ledger.published(WEEK) == ("o1", "o3")
    assert ledger.published("2026-W50") == ()
    assert ledger.settled(WEEK) == {"o1": 9800}
    assert ledger.failed(WEEK) == ("o2",)
    found = ledger.versions(WEEK)
    assert found["version"].tolist() == ["W48-a", "W48-b"]
    assert found["document"].tolist() == [{"lineup": [{"offer_id": "o1"}]}, {}]
    told = story(ledger, WEEK, "o1")
    assert told["what"].tolist() == [
        "into the ten with W48-a",
        "agreed at ¥99.00 to the brand",
        "agreed at ¥98.00 to the brand",
    ]
    assert story(ledger, offer_id="o2")["what"].tolist() == ["into the ten with W48-a", "out of the ten with W48-b", "no deal"]
    assert story(ledger, offer_id="o2")["note"].tolist()[-1] == "面议不成"


def test_a_restored_lineup_is_a_new_entry(ledger: Ledger) -> None:
    first = ledger.publish(WEEK, "W48-a", ["o1"], who="producer", document={"lineup": []})
    ledger.publish(WEEK, "W48-b", ["o2"], who="producer")
    assert ledger.restore(WEEK, first, who="second producer") == "W48-a"
    assert ledger.published(WEEK) == ("o1",)
    found = ledger.versions(WEEK)
    assert found["restores"].tolist()[-1] == first
    assert found["document"].tolist()[-1] == {"lineup": []}
    with pytest.raises(InputError, match="has no published lineup number 99"):
        ledger.restore(WEEK, 99, who="producer")
    with pytest.raises(InputError, match="has no published lineup number"):
        ledger.restore("2026-W49", first, who="producer")


def test_a_talk_can_be_reopened(ledger: Ledger) -> None:
    ledger.settle(WEEK, "o1", 9900, who="team one")
    ledger.record_talks([Talk(session_id=WEEK, offer_id="o1", outcome="reopened")], who="team one")
    assert ledger.settled(WEEK) == {}
    assert ledger.failed(WEEK) == ()


def test_a_sheet_is_taken_once(ledger: Ledger) -> None:
    assert ledger.record_talks([agreed("o1", 9900)], who="team one", sheet=sheet("a"))
    assert not ledger.record_talks([agreed("o1", 100)], who="team one", sheet=sheet("a"))
    assert ledger.record_talks([agreed("o1", 9700)], who="team one", sheet=sheet("b"))
    assert ledger.settled(WEEK) == {"o1": 9700}
    assert ledger.sheets(WEEK) == {"a" * 64, "b" * 64}


@pytest.mark.parametrize(
    "talk",
    [
        agreed("o2", 0),
        agreed("o2", -1),
        Talk(session_id=WEEK, offer_id="o2", outcome="agreed"),
        Talk(session_id=WEEK, offer_id="o2", outcome="failed", brand_price_fen=1),
        Talk(session_id=WEEK, offer_id="o2", outcome="perhaps"),  # type: ignore[arg-type]
    ],
    ids=["zero", "below zero", "agreed without a price", "failed with a price", "another word"],
)
def test_one_bad_entry_keeps_all_of_them_out(ledger: Ledger, talk: Talk) -> None:
    with pytest.raises(RoomError, match="cannot be written"):
        ledger.record_talks([agreed("o1", 9900), talk], who="team one", sheet=sheet("a"))
    assert ledger.settled(WEEK) == {}
    assert ledger.sheets(WEEK) == frozenset()


def test_choices_drafts_and_the_air(ledger: Ledger) -> None:
    ledger.choose(WEEK, {"o1": "lock", "o2": "ban", "o3": "lock"}, who="producer", why="promised")
    ledger.choose(WEEK, {"o3": "free"}, who="producer")
    ledger.save_draft(WEEK, {"locks": ["o1"]}, who="producer")
    ledger.save_draft(WEEK, {"locks": ["o1", "o4"]}, who="producer")
    ledger.record_air(WEEK, "o1", "on", who="desk")
    ledger.record_air(WEEK, "o1", "units", amount=1200, who="desk")
    assert ledger.choices(WEEK) == {"o1": "lock", "o2": "ban"}
    assert ledger.draft(WEEK) == {"locks": ["o1", "o4"]}
    assert ledger.air(WEEK)["amount"].tolist()[-1] == 1200
    words = story(ledger, WEEK, "o1")["what"].tolist()
    assert words == ["locked into the ten", "on air", "1,200 units sold"]


@pytest.mark.parametrize("verb", ["update plans set who = 'x'", "delete from talks", "delete from plans"])
def test_the_database_itself_refuses_to_change_a_row(ledger: Ledger, verb: str) -> None:
    ledger.publish(WEEK, "W48-a", ["o1"], who="producer")
    ledger.settle(WEEK, "o1", 9900, who="team one")
    engine = sa.create_engine(ledger.url)
    with pytest.raises(sa.exc.DatabaseError, match="the ledger only grows"), engine.begin() as connection:
        connection.execute(sa.text(verb))
    engine.dispose()
    assert ledger.published(WEEK) == ("o1",)
    assert ledger.settled(WEEK) == {"o1": 9900}


WRITER = """
import sys
from bosspick.ledger import Ledger
ledger = Ledger(sys.argv[1])
for number in range(20):
    ledger.settle("2026-W48", f"{sys.argv[2]}-{number}", 100 + number, who=sys.argv[2])
"""


def test_several_write_at_once(ledger: Ledger) -> None:
    names = ["one", "two", "three"]
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, ledger.url, name]) for name in names]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    assert ledger.settled(WEEK) == {f"{name}-{number}": 100 + number for name in names for number in range(20)}


def test_a_locked_ledger_says_so_and_keeps_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_PATIENCE_S", 0.2)
    ledger = Ledger.of_room(tmp_path)
    ledger.settle(WEEK, "o1", 9900, who="team one")
    engine = sa.create_engine(ledger.url, connect_args={"autocommit": True} if sys.version_info >= (3, 12) else {})
    with engine.connect() as connection:
        connection.exec_driver_sql("begin exclusive")
        with pytest.raises(BusyError, match="somebody else has been writing"):
            ledger.settle(WEEK, "o1", 100, who="team one")
        assert ledger.settled(WEEK) == {"o1": 9900}
        connection.exec_driver_sql("rollback")
    engine.dispose()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("not a database, but long enough to be read as one" * 100, encoding="utf-8")
    with pytest.raises(RoomError, match="cannot be read") as caught:
        Ledger.of_room(tmp_path).published(WEEK)
    assert "another file lies in its place" in str(caught.value)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(RoomError, match="cannot be read") as caught:
        Ledger("postgresql+psycopg://team:secret@127.0.0.1:1/ledger").published(WEEK)
    assert "secret" not in str(caught.value)


def test_the_teams_ledger_goes_by_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOSSPICK_LEDGER", f"sqlite:///{tmp_path / 'team.sqlite'}")
    Ledger.of_room(tmp_path / "room").publish(WEEK, "W48-a", ["o1"], who="producer")
    assert (tmp_path / "team.sqlite").is_file()
    assert Ledger.of_room(tmp_path / "another room").published(WEEK) == ("o1",)
