"""``bosspick watch``: one line for an alert, an exit code, and what undercuts the published prices."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bosspick.cli.main import main
from bosspick.errors import SessionError
from bosspick.ledger import published_plan
from tests.rooms import CHANNELS, WEEK, quote, write_room

TWO_HOURS = "2026-11-28T18:00+08:00"
VERDICTS = """offer_id,rule,verdict,reason_code,value,threshold,passes_at,web_lowest,channels_checked
O1,lowest_price,PASS,LOWEST,9000,9999,9999,10000,4
O1,brand,PASS,BRAND_PROVEN,,,,,
O2,lowest_price,UNKNOWN,TOO_FEW_CHANNELS,9000,,,,1
"""


def publish(out: Path, **changes: object) -> Path:
    """A briefing as far as it is watched: two items at ¥90."""
    folder = out / WEEK / "latest"
    folder.mkdir(parents=True)
    lineup = [{"slot": 2, "offer_id": "O1", "viewer_price": 9000}, {"slot": 1, "offer_id": "O2", "viewer_price": 9000}]
    (folder / "plan.json").write_text(json.dumps({"schema": 1, "lineup": lineup} | changes), encoding="utf-8")
    (folder / "verdicts.csv").write_text(VERDICTS, encoding="utf-8")
    return out


def watch(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code and what was printed."""
    with pytest.raises(SystemExit) as stopped:
        main(["watch", *[str(each) for each in arguments]])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(stopped.value.code or 0), out, err


def room_with(tmp_path: Path, *quotes: dict[str, str]) -> Path:
    """The clean room with more quotes."""
    base = [quote(n, channel) for n in (1, 2, 3) for channel in CHANNELS]
    return write_room(tmp_path / "room", quotes=[*base, *quotes])


def test_all_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = publish(tmp_path / "out")
    code, told, err = watch(capsys, room_with(tmp_path), "--as-of", TWO_HOURS, "--out", out)
    assert (code, err) == (0, "")
    assert told.splitlines()[0] == "2026-W48, two hours before: of 2 items 2 kept"
    assert "undercuts" not in told


def test_lost_before_the_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    low = quote(1, "乙仓", quote_id="LOW", display_price="80.00", seen_at="2026-11-28T17:00:00+08:00")
    code, told, _ = watch(capsys, room_with(tmp_path, low), "--as-of", TWO_HOURS, "--out", publish(tmp_path / "out"))
    assert code == 1
    assert told.splitlines()[0] == "2026-W48, two hours before: of 2 items 1 lost, 1 kept"
    assert "LOW" in told
    assert "breach" not in told.splitlines()[0]


def test_json_under_protection(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    low = quote(1, "乙仓", quote_id="LOW", display_price="80.00", seen_at="2026-12-01T17:00:00+08:00")
    room, out = room_with(tmp_path, low), publish(tmp_path / "out")
    code, told, _ = watch(capsys, room, "--as-of", "2026-12-01T10:00Z", "--out", out, "--json")
    report = json.loads(told)
    assert (code, report["ok"], report["phase"], report["phase_in_words"]) == (1, False, "protection", "protection day 3 of 60")
    assert report["as_of"] == "2026-12-01T18:00:00+08:00"
    assert [(each["offer_id"], each["now"], each["breach"]) for each in report["items"]] == [
        ("O2", "unknown", False), ("O1", "lost", True)]  # fmt: skip
    assert (report["items"][1]["funder"], report["items"][1]["difference_fen"]) == ("unknown", 1000)
    assert [each["verdict_then"] for each in report["items"]] == ["UNKNOWN", "PASS"]


def test_after_the_show_it_is_said_which_prices_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = watch(capsys, room_with(tmp_path), "--as-of", "2026-11-29T10:00+08:00", "--out", publish(tmp_path / "out"))
    assert code == 1
    assert told.splitlines()[1] == "only prices seen since the show began count: 2026-11-28 20:00, the room's time"


def test_now_is_the_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = watch(capsys, room_with(tmp_path), "--out", publish(tmp_path / "out"), "--json")
    report = json.loads(told)
    assert code in (0, 1)
    assert report["as_of"] > "2026-01-01"


@pytest.mark.parametrize(
    ("at", "watched"),
    [
        ("2026-11-28T18:00+08:00", "2026-W48"),  # two hours before its show
        ("2026-12-01T10:00+08:00", "2026-W48"),  # the next week is not published yet
        ("2027-03-01T10:00+08:00", "2026-W50"),
    ],
)
def test_the_last_published_show_is_watched(tmp_path: Path, capsys: pytest.CaptureFixture[str], at: str, watched: str) -> None:
    room, out = room_with(tmp_path), publish(tmp_path / "out")
    for week in ("2026-W47", "2026-W49", "2026-W50"):
        shutil.copytree(room / WEEK, room / week)
    shutil.copytree(out / WEEK, out / "2026-W50")
    assert json.loads(watch(capsys, room, "--as-of", at, "--out", out, "--json")[1])["session"] == watched


@pytest.mark.parametrize("arguments", [["--as-of", "2026-11-28T18:00"], ["--as-of", "soon"], ["--session", "2026-W50"]])
def test_bad_arguments_exit_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert watch(capsys, room_with(tmp_path), *arguments, "--out", publish(tmp_path / "out"))[0] == 2


def test_nothing_published_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = watch(capsys, room_with(tmp_path), "--as-of", TWO_HOURS, "--out", tmp_path / "nowhere")
    assert code == 2
    assert "no lineup was published for 2026-W48" in err
    assert "bosspick brief" in err


def test_a_plan_that_cannot_be_read_says_which(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="is of schema 7, not 1"):
        published_plan(publish(tmp_path / "a", schema=7), WEEK)
    with pytest.raises(SessionError, match="is no readable plan"):
        published_plan(publish(tmp_path / "b", lineup=[{"slot": 1}]), WEEK)


def test_what_was_published_is_read_in_the_order_of_the_show(tmp_path: Path) -> None:
    out = publish(tmp_path / "out")
    found = published_plan(out, WEEK)
    assert found["offer_id"].tolist() == ["O2", "O1"]
    assert found["verdict_then"].tolist() == ["UNKNOWN", "PASS"]
    assert found["web_lowest_then_fen"].isna().tolist() == [True, False]
    (out / WEEK / "latest" / "verdicts.csv").unlink()
    assert published_plan(out, WEEK)["verdict_then"].isna().all()
