"""The live desk's screen: what its keys do, what a camera may see of it, and going on after a restart; what is exported."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from bosspick import open_room
from bosspick.briefing import Stage
from bosspick.briefing.config import STEPS, RunConfig
from bosspick.desk import LiveDesk
from bosspick.desk.live_clock import ShowClock
from bosspick.desk.live_desk import open_show
from bosspick.desk.live_entries import BRAND_PAYS
from bosspick.desk.live_export import aired_rows
from bosspick.desk.live_state import LiveState
from bosspick.desk.live_view import view_of
from bosspick.errors import InputError
from bosspick.ledger import Ledger
from bosspick.share import share_path
from bosspick.tables import TABLES
from tests.desk.live_show import START, WEEK, state
from tests.rooms import write_room

POLICY = "[show]\nitems = 2\nbench = 1\nminutes = 20\n[screening]\nmin_channels = 4\n[demand]\nviewers = 100000\n"


@pytest.fixture
def desk(tmp_path: Path) -> LiveDesk:
    return LiveDesk(state(tmp_path))


def press(desk: LiveDesk, ask: str, **said: object) -> str:
    """What the screen sends for a key, and what it is answered."""
    desk.panel._heard(desk.panel, {"ask": ask, "id": f"{ask} 1", **said}, [])
    desk.guard.reraise()
    assert desk.panel.answer["id"] == f"{ask} 1"
    return str(desk.panel.answer["text"])


def test_a_show_by_keys(desk: LiveDesk) -> None:
    assert press(desk, "next") == "商品 o1 is on air for 15 minutes"
    assert press(desk, "release").startswith("Release 1")
    press(desk, "price", text="80", brand_pays=True)
    assert desk.panel.answer["entered"] == "price"
    press(desk, "units", text="12")
    shown = desk.panel.view["running"]
    assert (shown["price"], shown["settled"], shown["sold"], shown["left"]) == ("¥80.00", True, 12, 121)
    assert desk.state.ledger.air(WEEK)["note"].tolist()[-2] == BRAND_PAYS
    press(desk, "correct", text="22 litres")
    assert desk.panel.view["corrections"][0]["words"] == "22 litres"
    press(desk, "bench", offer_id="p2", instead_of="o2")
    assert [each["offer_id"] for each in desk.panel.view["bench"]] == ["p1"]
    press(desk, "drop", offer_id="o3")
    assert desk.panel.view["vacancies"] == 1
    assert [each["best"] for each in desk.panel.view["bench"]] == [True]
    press(desk, "undo")
    assert desk.panel.view["vacancies"] == 0
    press(desk, "off")
    assert desk.panel.view["running"] is None
    assert press(desk, "replan") == "Planned again"


def test_what_is_refused_is_said_and_what_stands_stays(desk: LiveDesk) -> None:
    assert "nothing is on air" in press(desk, "units", text="3")
    assert desk.panel.answer["state"] == "error"
    desk.panel._heard(desk.panel, {"ask": "rm -rf"}, [])
    assert desk.state.ledger.air(WEEK).empty


def test_nothing_a_camera_must_not_see_is_on_the_screen(desk: LiveDesk) -> None:
    press(desk, "next")
    press(desk, "release")
    press(desk, "units", text="130")
    # Moments are thirteen digits, which say nothing of money.
    shown = re.sub(r"\b\d{13}\b", "", json.dumps([desk.panel.view, desk.panel.answer], ensure_ascii=False))
    # What the brand gets, and what the platform adds to a unit.
    for words in ("90.00", "9000", "¥5.00", "walk", "floor", "target", "chance", "brand_fen", "subsidy_fen"):
        assert words not in shown
    # The pot in whole thousands: beside the units an exact sum would tell the subsidy.
    assert desk.panel.view["pots"]["spent"] == "¥1,000"
    json.dumps(view_of(desk.state))


def test_a_clock_for_a_rehearsal(tmp_path: Path) -> None:
    real = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    clock = ShowClock(real=real, shown=START, speed=10, read=lambda: real + timedelta(minutes=1))
    desk = LiveDesk(state(tmp_path), now=clock, rehearsal="REHEARSAL")
    told = desk.panel.clock
    assert told["show"] - 1000 * START.timestamp() == 10 * 60 * 1000
    assert (told["speed"], told["offset"]) == (10, 0)
    assert desk.state.plan.next_at == START + timedelta(minutes=10)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    room = write_room(tmp_path_factory.mktemp("live") / "room", count=3, policy=POLICY)
    return Stage(RunConfig(room=str(room), session=WEEK))


def at(words: str) -> datetime:
    return datetime.fromisoformat(words)


@pytest.mark.parametrize(
    ("real", "rehearses"),
    [("2026-11-25T10:00+08:00", True), ("2026-11-28T17:30+08:00", False), ("2026-11-28T20:15+08:00", False),
     ("2026-11-29T10:00+08:00", True)],
)  # fmt: skip
def test_on_any_day_but_the_evening_it_is_a_rehearsal(stage: Stage, tmp_path: Path, real: str, rehearses: bool) -> None:
    show, words = open_show(stage, tmp_path, real=lambda: at(real))
    assert bool(words) is rehearses
    assert show.clock() == (stage.week.starts_at if rehearses else at(real))
    assert (show.ledger.url == Ledger.of_room(stage.week.room).url) is not rehearses


def test_a_restarted_kernel_goes_on_without_planning_again(stage: Stage, tmp_path: Path) -> None:
    first, _ = open_show(stage, tmp_path, rehearse=True, speed=60)
    first.go_on()
    first.settle_price("66")
    # Nothing but the tables is known after a restart: whoever asks this stage for a plan fails.
    bare = Stage(RunConfig(room=str(stage.week.room), session=WEEK, folder=tmp_path / "none", wait_s=0))
    bare.week = stage.week
    again, words = open_show(bare, tmp_path, rehearse=True, speed=1)
    assert words
    assert again.air == first.air
    assert again.clock.speed == 60
    assert again.air.running is not None
    assert again.air.running.started_at - stage.week.starts_at < timedelta(minutes=30)
    again.undo()
    assert again.air.price(again.air.running.offer_id) == again.air.item(again.air.running.offer_id).card_fen
    other, _ = open_show(stage, tmp_path, rehearse=True, name="second")
    assert other.air.entries == ()


def test_what_aired_is_a_table_the_next_week_reads(stage: Stage, tmp_path: Path) -> None:
    show, _ = open_show(stage, tmp_path, rehearse=True)
    first = show.plan.upcoming[0].item
    show.go_on()
    show.release()
    show.sold("10")
    show.settle_price(f"{(first.card_fen - 100) / 100:.2f}", brand_pays=True)
    show.go_on()
    show.go_off()
    rows = aired_rows(show.air, stage.week)
    assert list(rows.columns) == [column.name for column in TABLES["airings"].columns]
    assert rows["slot"].tolist() == ["1", "2"]
    top = rows.iloc[0]
    assert (top["offer_id"], top["units"], top["viewer_price"]) == (first.offer_id, "10", f"{first.card_fen / 100 - 1:.2f}")
    assert top["agreed_price"] == f"{first.brand_fen / 100 - 1:.2f}"
    assert rows["units"].tolist() == ["10", ""]
    # Read back as the room's own airings: the item with a count is taken, the one without is sent back.
    room = write_room(tmp_path / "next", count=3, policy=POLICY)
    text = rows.to_csv(index=False)
    (room / "history").mkdir()
    (room / "history" / "airings.csv").write_text(text, encoding="utf-8-sig")
    week = open_room(room).week(WEEK)
    taken = week.table("airings")
    assert taken["offer_id"].tolist() == [first.offer_id]
    assert taken["viewer_price_fen"].tolist() == [first.card_fen - 100]
    assert [finding for finding in week.bad if finding.table == "airings"]
    assert pd.read_csv(io.StringIO(text), dtype="str")["units"].isna().tolist() == [False, True]


def test_the_notebook_is_clean_and_thin() -> None:
    notebook = json.loads((share_path("notebooks") / "06_live.ipynb").read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert [cell["metadata"].get("tags") for cell in code].count(["parameters"]) == 1
    assert "06_live" not in STEPS


def test_an_unknown_offer_in_the_ledger_changes_nothing(tmp_path: Path) -> None:
    show = state(tmp_path)
    show.ledger.record_air(WEEK, "zz", "on", who="another tool")
    show.refresh()
    assert replace(show.air, entries=()) == replace(LiveState(
        book=show.book, ledger=Ledger.of_room(tmp_path / "empty"), clock=show.clock).air, entries=())  # fmt: skip
    assert view_of(show)["log"][0]["title"] == "zz"
    show.undo()
    with pytest.raises(InputError, match="nothing was entered"):
        show.undo()
