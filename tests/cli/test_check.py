"""``bosspick check``: the whole report, an exit code, never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bosspick.cli.main import main
from tests.commands import run
from tests.rooms import WEEK, offer, quote, write_room, write_rows
from tests.screening.test_feed import deliver, feed_room, four

DATABASE = "sqlite:////nowhere/room.db"


def check(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code and what was printed."""
    with pytest.raises(SystemExit) as stopped:
        main(["check", *[str(each) for each in arguments]])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(stopped.value.code or 0), out, err


def test_a_clean_room(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = check(capsys, room)
    assert (code, err) == (0, "")
    assert "2026-W48: 3 offers, 12 quotes, 3 stores, 3 brands, 3 authorisations" in out
    assert "all rows are good" in out
    assert not (room / "quarantine").exists()


def test_bad_rows_are_said_and_set_aside_and_mended_rows_leave_quarantine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room = write_room(
        tmp_path / "room", offers=[offer(1, opening_price="面议"), offer(2), offer(3, title="=cmd|'/c calc'!A1", stock="?")]
    )
    code, out, _ = check(capsys, room)
    assert code == 1
    assert f"{WEEK}/offers.csv row 2, column opening_price: is not an amount of money ('面议') → write yuan" in out
    assert "2 bad rows set aside" in out
    assert (room / "quarantine" / "offers.csv").read_text(encoding="utf-8-sig").count("\n") == 3
    write_rows(room / WEEK / "offers.csv", [offer(1), offer(2)])
    assert check(capsys, room)[0] == 0
    assert list((room / "quarantine").iterdir()) == []


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room = write_room(tmp_path / "room", offers=[offer(1, stock="-1"), offer(2, store_id="S9")])
    code, out, _ = check(capsys, room, "--json")
    report = json.loads(out)
    assert code == 1
    assert [(each["severity"], each["row"], each["column"]) for each in report["findings"]] == [
        ("bad", 2, "stock"), ("note", 3, "store_id")]  # fmt: skip
    assert report["weeks"][0]["tables"]["offers"] == 1
    assert report["quarantine"] == [str(room / "quarantine" / "offers.csv")]


def spoil_policy(room: Path) -> None:
    with (room / "policy.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n[value]\nsavign = 1\n")


def no_week(room: Path) -> None:
    shutil.rmtree(room / WEEK)


def odd_week(room: Path) -> None:
    (room / WEEK).rename(room / "2026-W60")


def header_only(room: Path) -> None:
    path = room / WEEK / "offers.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")


def no_column(room: Path) -> None:
    write_rows(room / WEEK / "quotes.csv", [{"quote_id": "1", "channel": "甲", "title": "x", "price": "5"}])


def folder_for_a_table(room: Path) -> None:
    (room / "stores.csv").unlink()
    (room / "stores.csv").mkdir()


@pytest.mark.parametrize(
    ("spoil", "arguments", "message"),
    [
        (spoil_policy, [], "value.savign: unknown key, did you mean 'saving'?"),
        (lambda room: (room / "policy.toml").unlink(), [], "there is no policy file"),
        (lambda room: (room / "stores.csv").unlink(), [], "the table 'stores' is missing"),
        (folder_for_a_table, [], "the table 'stores' is missing"),
        (no_column, [], "lacks the columns display_price (展示价/页面价/标价), currency (币种), seen_at"),
        (header_only, [], "holds no usable offer"),
        (no_week, [], "the room has no week"),
        (odd_week, [], "the year 2026 has no week 60"),
        (None, ["--session", "2026-W60"], "the year 2026 has no week 60"),
        (None, ["--session", "2021-W53"], "the year 2021 has no week 53"),
        (None, ["--session", "2026-W50"], "the room has no week 2026-W50"),
        (None, ["--as-of", "2026-11-27T18:00"], "names no offset"),
        (None, ["--as-of", "yesterday"], "'yesterday' is not a moment"),
        (None, ["--nonsense"], "No such option"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_exits_with_2(
    room: Path, capsys: pytest.CaptureFixture[str], spoil: object, arguments: list[str], message: str
) -> None:
    if callable(spoil):
        spoil(room)
    code, out, err = check(capsys, room, *arguments)
    assert (code, message in out + err) == (2, True)


@pytest.mark.parametrize(
    ("room", "message"),
    [
        ("/nowhere", "there is no such folder"),
        (__file__, "is a file, not a room's folder"),
        (DATABASE, "there is no policy file"),
    ],
)
def test_no_room(tmp_path: Path, capsys: pytest.CaptureFixture[str], room: str, message: str) -> None:
    code, _, err = check(capsys, room, "--folder", tmp_path) if "://" in room else check(capsys, room)
    assert code == 2
    assert message in err or (room == DATABASE and "there is no such database" in err)


def test_good_weeks_are_read_beside_a_bad_one(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(room / WEEK, room / "2026-W49")
    (room / WEEK / "quotes.csv").unlink()
    code, out, err = check(capsys, room)
    assert code == 2
    assert "2026-W49: 3 offers" in out
    assert "2026-W48: " in err
    assert "the table 'quotes' is missing" in err


def test_without_a_usable_offer_everything_else_is_said_too(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(room / WEEK / "offers.csv", [offer(1, stock="?", title=""), offer(2, opening_price="面议")])
    write_rows(room / WEEK / "quotes.csv", [quote(1, "甲商城"), quote(2, "乙仓", grade="E")])
    code, out, err = check(capsys, room)
    assert code == 2
    for words in ("offers.csv row 2, column stock", "offers.csv row 2, column title", "offers.csv row 3, column opening_price",
                  "quotes.csv row 3, column grade"):  # fmt: skip
        assert f"bad   {WEEK}/{words}" in out
    assert "holds no usable offer" in err
    assert "3 bad rows set aside" in out
    assert sorted(path.name for path in (room / "quarantine").iterdir()) == ["offers.csv", "quotes.csv"]
    assert len(json.loads(check(capsys, room, "--json")[1])["findings"]) == 4


def test_a_column_that_decides_a_pass_and_is_not_there_is_noted(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{name: cell for name, cell in offer(n).items() if name != "daily_capacity"} for n in (1, 2, 3)]
    write_rows(room / WEEK / "offers.csv", rows)
    code, out, _ = check(capsys, room)
    assert code == 0
    assert f"note  {WEEK}/offers.csv, column daily_capacity: has no value in any row: the verdict capacity stays UNKNOWN" in out


def test_a_file_where_the_quarantine_should_be(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(room / WEEK / "offers.csv", [offer(1), offer(2, stock="?")])
    (room / "quarantine").write_text("in the way")
    code, out, err = check(capsys, room)
    assert code == 1
    assert "column stock" in out
    assert "the quarantine folder cannot be written" in err


def test_quarantine_never_takes_the_place_of_a_table(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (room / "stores.csv").read_bytes()
    code, _, err = check(capsys, room, "--quarantine", room)
    assert (code, "would be lost" in err) == (2, True)
    assert (room / "stores.csv").read_bytes() == before


def test_the_real_command_says_what_is_wrong(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room", quotes=[quote(1, "甲商城", display_price="面议"), quote(2, "乙仓")])
    bad, missing = run("check", room), run("check", tmp_path / "nowhere")
    assert (bad.returncode, missing.returncode) == (1, 2)
    assert "column display_price: is not an amount of money ('面议')" in bad.stdout
    assert missing.stderr.startswith(f"bosspick: {tmp_path / 'nowhere'}: there is no such folder\n  → ")
    assert not any("Traceback" in each.stdout + each.stderr for each in (bad, missing))


def test_a_read_only_room_is_checked_and_its_quarantine_named(tmp_path: Path, bound: Sequence[str]) -> None:
    room = write_room(tmp_path / "room", offers=[offer(1), offer(2, stock="?")])
    room.chmod(0o555)
    try:
        found = run("check", room, drop=bound)
    finally:
        room.chmod(0o755)
    assert found.returncode == 1, found.stderr
    assert "column stock: is not a whole number ('?')" in found.stdout
    assert "the quarantine folder cannot be written (Permission denied): name another with --quarantine" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_room_that_may_not_be_read(tmp_path: Path, bound: Sequence[str]) -> None:
    room = write_room(tmp_path / "room")
    (room / "stores.csv").chmod(0)
    closed = write_room(tmp_path / "closed")
    closed.chmod(0)
    try:
        table, folder = run("check", room, drop=bound), run("check", closed, drop=bound)
    finally:
        closed.chmod(0o755)
    assert (table.returncode, folder.returncode) == (2, 2), table.stderr + folder.stderr
    assert "stores.csv: cannot be read: [Errno 13] Permission denied" in table.stderr
    assert "Permission denied" in folder.stderr
    assert "Traceback" not in table.stderr + folder.stderr


def test_partitions_are_counted_and_their_rows_left_to_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terms = {"quote_id": "Q0", "step": "2", "kind": "amount", "amount": 15.0, "audience": "public", "confirmed": True}
    room = feed_room(tmp_path, four(), [terms])
    deliver(room, "b", pa.Table.from_pylist(four()))
    code, out, err = check(capsys, room)
    assert (code, err) == (0, "")
    assert "8 quotes in 2 partitions, 1 promotions in 1 partition;" in out
    assert "all rows are good but those in partitions: `bosspick screen` reads them" in out
    report = json.loads(check(capsys, room, "--json")[1])
    assert report["weeks"][0]["partitions"]["quotes"] == {"partitions": 2, "rows": 8}


@pytest.mark.parametrize(
    ("table", "rows", "words"),
    [
        ("quotes", b"no parquet", "quotes/b: is no whole Parquet file"),
        ("promotions", b"no parquet", "promotions/b: cannot be read"),
        ("quotes", {"quote_id": ["Q9"]}, "quotes/b: has another schema: column channel is missing"),
        ("promotions", {"quote_id": ["Q9"]}, "promotions/b: has another schema: column step is missing"),
    ],
)
def test_a_partition_that_cannot_be_screened_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, rows: object, words: str
) -> None:
    room = feed_room(tmp_path, four())
    deliver(room, "b", pa.Table.from_pylist(four()))
    path = room / WEEK / table / "b.parquet"
    path.parent.mkdir(exist_ok=True)
    if isinstance(rows, bytes):
        path.write_bytes(rows)
    else:
        pq.write_table(pa.table(rows), path)
    code, out, err = check(capsys, room)
    assert (code, words in err) == (2, True), out + err
