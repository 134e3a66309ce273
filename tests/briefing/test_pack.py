"""The evidence pack proves itself: verdicts recompute from it alone, and no byte of it changes unseen."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bosspick import open_room
from bosspick.briefing.pack import keep_until, read_pack, verify_pack, write_pack
from bosspick.briefing.pack_archive import sealed
from bosspick.briefing.pack_cells import as_csv, read_csv
from bosspick.errors import PackError
from bosspick.intake import Week
from bosspick.intake.schema import DTYPES
from bosspick.ledger import Ledger
from bosspick.screening import Screening, screen
from bosspick.share import share_path
from bosspick.tables import TABLES, Kind
from tests.rooms import CHANNELS, WEEK, offer, quote, write_room

PROMOTION = {"quote_id": "Q20", "step": "2", "kind": "amount", "threshold": "", "amount": "15.00", "audience": "public",
             "confirmed": "yes", "funder": "brand"}  # fmt: skip
#: Titles without barcode: one accepted, one for review, one of something else.
NAMELESS = [
    quote(1, "戊", quote_id="001", gtin="", title="品牌1 面霜 50ml 正品", display_price="99.00"),
    quote(1, "己", quote_id="NA", gtin="", title="品牌1 滋润面霜", display_price="80.00"),
    quote(1, "庚", quote_id="null", gtin="", title="别的东西 500g", display_price="9.00"),
]


def judged(folder: Path) -> tuple[Week, Screening, pd.DataFrame]:
    """A small week with promotions, odd ids and quotes without barcode, one title decided by a person."""
    quotes = [quote(n, channel) for n in (1, 2, 3) for channel in CHANNELS] + NAMELESS
    offers = [offer(1), offer(2), offer(3, opening_price="99999999.99")]
    room = write_room(folder, offers=offers, quotes=quotes, promotions=[PROMOTION])
    ledger = Ledger.of_room(room)
    ledger.record_match("品牌1 面霜 50ml", "品牌1 滋润面霜", "other", who="producer")
    ledger.record_match("品牌2 面霜 50ml", "a title of another week", "same", who="producer")
    week, decisions = open_room(room).week(WEEK), ledger.match_decisions()
    return week, screen(week, decisions=decisions), decisions


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Week, Screening, pd.DataFrame]:
    """The small week, judged."""
    return judged(tmp_path_factory.mktemp("judged") / "room")


@pytest.fixture(scope="module")
def pack(case: tuple[Week, Screening, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small week's pack."""
    path = tmp_path_factory.mktemp("pack") / "evidence.zip"
    write_pack(path, *case)
    return path


def members_of(pack: Path) -> dict[str, bytes]:
    """The members but for the hashes."""
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "hashes.json"}


def tampered(pack: Path, target: Path, name: str, old: str, new: str) -> Path:
    """A copy with one text of a member replaced, hashes and seal renewed."""
    members = members_of(pack)
    assert members[name].decode().count(old) == 1, old
    target.write_bytes(sealed(members | {name: members[name].decode().replace(old, new).encode()}))
    return target


def test_the_demo_week_recomputes_from_its_pack_alone(tmp_path: Path) -> None:
    week = open_room(share_path("seeds")).week(WEEK)
    found = screen(week)
    write_pack(tmp_path / "evidence.zip", week, found)
    report = verify_pack(tmp_path / "evidence.zip")
    assert report.is_ok, (report.damage, report.differences)
    assert report.verdicts == len(found.verdicts) > 1000
    assert report.keep_until == date(2029, 11, 28)


def test_the_small_week_recomputes_and_its_decisions_count(pack: Path, case: tuple[Week, Screening, pd.DataFrame]) -> None:
    assert verify_pack(pack).is_ok
    found = read_pack(pack)
    assert found.decisions["quote_title"].tolist() == ["品牌1 滋润面霜"]
    assert found.week.as_of == case[0].as_of
    assert (found.week.starts_at, found.week.starts_at.tzinfo) == (case[0].starts_at, case[0].starts_at.tzinfo)
    assert found.week.policy == case[0].policy
    # Without the decision the title would be up for review again.
    assert "品牌1 滋润面霜" in set(screen(found.week).reviews["quote_title"])
    assert "品牌1 滋润面霜" not in set(screen(found.week, decisions=found.decisions).reviews["quote_title"])


def test_tables_come_back_exactly(pack: Path, case: tuple[Week, Screening, pd.DataFrame]) -> None:
    found = read_pack(pack).week
    for name in ("offers", "promotions", "stores", "brands", "authorisations", "quotes"):
        table = TABLES[name]
        kept = [column.stored for column in table.columns if not column.confidential]
        before = case[0].table(name).sort_values(kept, ignore_index=True)
        after = found.table(name).sort_values(kept, ignore_index=True)
        pd.testing.assert_frame_equal(before[kept], after[kept])
        assert {column.stored: str(after[column.stored].dtype) for column in table.columns} == {
            column.stored: DTYPES[column.kind] for column in table.columns
        }
    assert {"001", "NA", "null"} <= set(found.table("quotes")["quote_id"])


def test_no_confidential_figure_is_in_it(pack: Path) -> None:
    found = read_pack(pack).week.table("offers")
    assert found[["floor_low_fen", "floor_high_fen"]].isna().all(axis=None)
    assert b"floor_low" not in members_of(pack)["offers.csv"]


def test_the_same_evidence_in_any_order_gives_the_same_bytes(
    pack: Path, case: tuple[Week, Screening, pd.DataFrame], tmp_path: Path
) -> None:
    week, found, decisions = case
    mixed = {name: table.sample(frac=1, random_state=7, ignore_index=True) for name, table in week.tables.items()}
    again = replace(week, tables=mixed)
    write_pack(tmp_path / "evidence.zip", again, screen(again, decisions=decisions), decisions)
    assert (tmp_path / "evidence.zip").read_bytes() == pack.read_bytes()
    assert not found.pairs.empty


def is_seen(content: bytes, target: Path) -> bool:
    """Whether reading these bytes says that they are not as written."""
    target.write_bytes(content)
    try:
        return bool(read_pack(target).damage)
    except PackError:
        return True


@pytest.mark.parametrize("mask", [0x01, 0x20])
def test_no_flipped_byte_stays_unseen(pack: Path, tmp_path: Path, mask: int) -> None:
    content = pack.read_bytes()
    unseen = [
        place
        for place in [*range(0, len(content), 37), *range(len(content) - 120, len(content))]
        if not is_seen(content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :], tmp_path / "evidence.zip")
    ]
    assert unseen == []
    assert not is_seen(content, tmp_path / "evidence.zip")


@given(data=st.data())
def test_no_change_of_any_bytes_stays_unseen(pack: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = pack.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(start + 40, len(content))))
    instead = data.draw(st.binary(max_size=40))
    changed = content[:start] + instead + content[end:]
    if changed != content:
        assert is_seen(changed, tmp_path_factory.getbasetemp() / "changed.zip")


def test_a_changed_price_with_mended_hashes_is_said_with_offer_and_rule(pack: Path, tmp_path: Path) -> None:
    report = verify_pack(mended_offer(pack, tmp_path / "evidence.zip"))
    assert report.damage == ()
    cells = report.differences.set_index(["file", "offer_id", "key", "column"])
    told = cells.loc[("verdicts.csv", "O1", "lowest_price", "verdict")]
    assert (told["stated"], told["recomputed"]) == ("PASS", "FAIL")
    assert set(report.differences.loc[report.differences["file"] == "verdicts.csv", "offer_id"]) == {"O1"}


def mended_offer(pack: Path, target: Path) -> Path:
    """A copy in which the first offer opens at ¥120, hashes and seal renewed."""
    members = members_of(pack)
    rows = read_csv(members["offers.csv"], offer_kinds(), where="offers.csv")
    rows.loc[rows["offer_id"] == "O1", "opening_price_fen"] = 12_000
    target.write_bytes(sealed(members | {"offers.csv": as_csv(rows)}))
    return target


def offer_kinds() -> dict[str, Kind]:
    """The columns of a pack's offers."""
    return {column.stored: column.kind for column in TABLES["offers"].columns if not column.confidential}


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("verdicts.csv", "O2,brand,PASS,BRAND_PROVEN", "O2,brand,FAIL,WHITE_LABEL", "brand"),
        ("policy.json", '"store_score_min": 4.5', '"store_score_min": 4.9', "store_score"),
        ("stores.csv", "S2,店2,flagship,4.8", "S2,店2,flagship,4.4", "store_score"),
        ("promotions.csv", ",1500,", ",15,", "lowest_price"),
    ],
)
def test_whatever_changes_a_verdict_is_found_with_mended_hashes(
    pack: Path, tmp_path: Path, name: str, old: str, new: str, rule: str
) -> None:
    report = verify_pack(tampered(pack, tmp_path / "evidence.zip", name, old, new))
    assert not report.is_ok
    assert ("O2", rule) in set(zip(report.differences["offer_id"], report.differences["key"], strict=True))


def test_a_quote_taken_out_with_mended_hashes_is_found(pack: Path, tmp_path: Path) -> None:
    members = members_of(pack)
    kept = [line for line in members["quotes.csv"].splitlines(keepends=True) if not line.startswith(b"Q20,")]
    assert len(kept) == members["quotes.csv"].count(b"\n") - 1
    (tmp_path / "evidence.zip").write_bytes(sealed(members | {"quotes.csv": b"".join(kept)}))
    found = verify_pack(tmp_path / "evidence.zip").differences
    assert ("pairs.csv", "O2", "Q20") in set(zip(found["file"], found["offer_id"], found["key"], strict=True))
    assert ("verdicts.csv", "O2", "lowest_price") in set(zip(found["file"], found["offer_id"], found["key"], strict=True))


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """Take one member out."""
    return lambda members: {each: content for each, content in members.items() if each != name}


def with_score(score: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """Write the first store's score in other words."""
    return lambda members: members | {"stores.csv": members["stores.csv"].replace(b"4.8", score, 1)}


def another_schema(members: dict[str, bytes]) -> dict[str, bytes]:
    about = json.loads(members["pack.json"]) | {"schema": 99}
    return members | {"pack.json": json.dumps(about).encode()}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without("pack.json"), "holds no pack.json"),
        (without("quotes.csv"), "holds no quotes.csv"),
        (without("verdicts.csv"), "holds no verdicts.csv"),
        (another_schema, "schema 99, not 1"),
        (lambda members: members | {"policy.json": b"{}{"}, "is no policy"),
        (lambda members: members | {"quotes.csv": b"a,b\n1\n"}, "row 2 has 1 cells, not 2"),
        (lambda members: members | {"stores.csv": b""}, "is empty"),
        (with_score(b"x"), "row 2, column score: 'x' is no number"),
        (with_score(b"4.80"), "is not written as the toolkit writes it"),
    ],
)  # fmt: skip
def test_what_is_no_pack_is_said_with_file_and_what_to_do(
    pack: Path, tmp_path: Path, spoil: Callable[[dict[str, bytes]], dict[str, bytes]], message: str
) -> None:
    path = tmp_path / "evidence.zip"
    path.write_bytes(sealed(spoil(members_of(pack))))
    with pytest.raises(PackError) as raised:
        verify_pack(path)
    assert message in str(raised.value)
    assert raised.value.where is not None
    assert raised.value.where.startswith(str(path))
    assert raised.value.hint


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_truncated_pack_is_no_pack(pack: Path, tmp_path: Path, share: float) -> None:
    content = pack.read_bytes()
    (tmp_path / "evidence.zip").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(PackError, match="no readable zip archive"):
        read_pack(tmp_path / "evidence.zip")


def test_not_one_byte_may_be_missing_or_added_at_the_end(pack: Path, tmp_path: Path) -> None:
    content = pack.read_bytes()
    changed = [content[:-cut] for cut in range(1, 80)] + [content + b"\n", b"\n" + content]
    assert all(is_seen(each, tmp_path / "evidence.zip") for each in changed)


def test_packed_again_by_another_program_is_said(pack: Path, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("note.txt", "hello")
    (tmp_path / "evidence.zip").write_bytes(stream.getvalue())
    report = verify_pack(tmp_path / "evidence.zip")
    assert report.damage == ("the archive's bytes are not those that were sealed", "note.txt was added")
    assert report.differences.empty


ODD = ["", "001", "NA", "nan", "null", "\\", "\\\\", "a,b", 'a"b', "a\r\nb", "1e5", "面霜 🧴"]
TEXT = st.one_of(st.none(), st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), max_size=6))
KINDS: dict[str, Kind] = {"id": "id", "fen": "money", "share": "rate", "flag": "flag", "day": "date", "at": "moment"}
ROW = st.tuples(
    TEXT,
    st.one_of(st.none(), st.integers(0, 10**12)),
    st.one_of(st.none(), st.floats(allow_nan=False)),
    st.one_of(st.none(), st.booleans()),
    st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2200, 1, 1))),
    st.one_of(st.none(), st.datetimes(pd.Timestamp("1900-01-01").to_pydatetime(), pd.Timestamp("2200-01-01").to_pydatetime())),
)


@given(rows=st.lists(ROW, max_size=8))
def test_odd_cells_round_trip_exactly(rows: list[tuple[object, ...]]) -> None:
    cells = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in KINDS]
    frame = pd.DataFrame(
        {
            name: pd.Series(column, dtype="datetime64[us]").dt.tz_localize("UTC")
            if kind == "moment"
            else pd.Series(column, dtype=DTYPES[kind])
            for (name, kind), column in zip(KINDS.items(), cells, strict=True)
        }
    )
    again = read_csv(as_csv(frame), KINDS, where="x.csv")
    assert as_csv(again) == as_csv(frame)
    order = ["id", "fen", "share", "flag", "day", "at"]
    pd.testing.assert_frame_equal(again.sort_values(order, ignore_index=True), frame.sort_values(order, ignore_index=True))


def test_records_are_kept_three_years() -> None:
    assert keep_until(pd.Timestamp("2028-02-29T20:00+08:00").to_pydatetime()) == date(2031, 3, 1)
