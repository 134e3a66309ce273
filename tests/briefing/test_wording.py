"""The word list: what it finds, what it lets pass, who may sign, and what an unsigned hit stops."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bosspick.briefing.risks import list_risks
from bosspick.briefing.word_list import Phrase, find_phrases, read_word_list
from bosspick.briefing.wording_check import HIT_COLUMNS, unsigned_of, wording_hits
from bosspick.errors import TableError
from bosspick.ledger import Ledger
from bosspick.share import share_path
from tests.briefing.conftest import planned
from tests.rooms import WEEK, offer, write_room, write_rows
from tests.runs import bosspick

LISTED = read_word_list(share_path("seeds"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("今晚全网最低价，手慢无！", ["全网最低价", "手慢无"]),
        ("全 网·最 低", ["全网最低"]),
        ("全網最低", ["全網最低"]),
        ("本店销量第一，第一次直播", ["销量第一"]),
        ("修护面霜 50ml", []),
        ("The LOWEST  Price ever", ["lowest price"]),
        ("World’s best cream", ["world's best"]),
        ("secures and heals", ["heals"]),
        ("lowest prices of the 9 channels", []),
        ("Ｌｏｗｅｓｔ ｅｖｅｒ", ["lowest ever"]),
        ("", []),
    ],
)
def test_a_phrase_is_found_however_it_is_written(text: str, found: list[str]) -> None:
    assert [each.entry.phrase for each in find_phrases(text, LISTED)] == found


def test_every_entry_has_a_source_and_finds_itself() -> None:
    assert len(LISTED) > 50
    assert {entry.language for entry in LISTED} == {"zh", "en"}
    kinds = {entry.kind for entry in LISTED}
    assert kinds >= {"absolute claim", "unfounded original price", "false scarcity", "contract demand", "medical claim"}
    for entry in LISTED:
        assert all((entry.suggestion, entry.source, entry.kind))
        assert entry.phrase in {found.entry.phrase for found in find_phrases(f"今晚 {entry.phrase} !", LISTED)}
        assert not find_phrases(entry.suggestion, LISTED), "what to say instead is not on the list"


@given(before=st.text("面霜好价 ", max_size=6), entry=st.sampled_from(LISTED), after=st.text("面霜好价 ", max_size=6))
def test_what_stands_around_a_phrase_does_not_hide_it(before: str, entry: Phrase, after: str) -> None:
    spaced = f"{before} {entry.phrase} {after}"
    assert any(entry.phrase in found.entry.phrase for found in find_phrases(spaced, LISTED))


def talked_up(folder: Path) -> Path:
    """A room whose first title and second gift say too much."""
    offers = [offer(1, title="品牌1 国家级面霜 50ml"), offer(2, gift_name="治疗仪", gift_qty="1"), offer(3)]
    return write_room(folder, offers=offers)


def test_hits_name_place_phrase_and_source_and_a_signature_clears_them(tmp_path: Path) -> None:
    room = talked_up(tmp_path / "room")
    hits = wording_hits(planned(room))
    assert list(hits.columns) == HIT_COLUMNS
    assert set(zip(hits["offer_id"], hits["place"], hits["phrase"], strict=True)) == {
        ("O1", "title", "国家级"),
        ("O2", "gift", "治疗"),
    }
    assert not hits["signed"].any()
    assert hits["source"].str.contains("Advertising Law").all()
    signature = {"offer_id": "O1", "phrase": "国家级", "who": "王", "why": "the name of the certificate"}
    write_rows(room / "wording_signed.csv", [signature])
    write_rows(room / WEEK / "wording_signed.csv", [signature | {"offer_id": "O9"}])
    stage = planned(room)
    hits = wording_hits(stage).set_index("offer_id")
    assert (hits.loc["O1", "signed"], hits.loc["O1", "signed_by"]) == (True, "王")
    assert not hits.loc["O2", "signed"]
    unsigned = [risk for risk in list_risks(stage) if risk.what.startswith("not cleared for air")]
    chosen = set(stage.plan.chosen["offer_id"]) | set(stage.plan.bench["offer_id"])
    assert [risk.offer_id for risk in unsigned] == sorted({"O2"} & chosen)
    assert not any(risk.confidential for risk in unsigned)


def test_a_room_adds_to_the_list_and_may_say_it_in_its_own_words(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    row = {"phrase": "面霜", "language": "zh", "kind": "house rule", "suggestion": "say 乳霜", "source": "our own"}
    write_rows(room / "wording.csv", [row, row | {"phrase": "国家级", "source": "as our lawyer says"}])
    entries = {entry.phrase: entry for entry in read_word_list(room)}
    assert entries["国家级"].source == "as our lawyer says"
    assert len(entries) == len(LISTED) + 1
    hits = wording_hits(planned(room))
    assert set(hits["phrase"]) == {"面霜"}
    assert len(hits) == 3


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("wording.csv", {"phrase": "x", "language": "zh", "kind": "k", "suggestion": "s"}, "has no column 'source'"),
        (
            "wording.csv",
            {"phrase": "x", "language": "fr", "kind": "k", "suggestion": "s", "source": "t"},
            "row 2: language 'fr'",
        ),
        ("wording_signed.csv", {"offer_id": "O1", "phrase": "x", "who": "", "why": "w"}, "row 2: who is empty"),
    ],
)
def test_a_malformed_file_is_named_with_its_row(name: str, row: dict[str, str], message: str, tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    write_rows(room / name, [row])
    with pytest.raises(TableError, match=message):
        wording_hits(planned(room))


def test_the_command_exits_1_until_everything_is_signed(tmp_path: Path) -> None:
    room = talked_up(tmp_path / "room")
    first = bosspick("wording", str(room))
    assert first.returncode == 1
    assert "国家级" in first.stdout
    refused = bosspick("publish", str(room), "--who", "王")
    assert refused.returncode == 1
    assert "may not go on air as they are: O1, title: 国家级" in refused.stderr
    assert "bosspick wording" in refused.stderr
    assert Ledger.of_room(room).published(WEEK) == ()
    signed = [
        {"offer_id": offer_id, "phrase": phrase, "who": "王", "why": "checked"}
        for offer_id, phrase in (("O1", "国家级"), ("O2", "治疗"))
    ]
    write_rows(room / "wording_signed.csv", signed)
    assert bosspick("wording", str(room)).returncode == 0
    stage = planned(room)
    assert unsigned_of(stage.week, stage.screening, stage.plan) == []
    assert bosspick("publish", str(room), "--who", "王").returncode == 0
    assert len(Ledger.of_room(room).published(WEEK)) > 0


def test_what_is_written_of_an_offer_is_named_until_it_is_signed(tmp_path: Path) -> None:
    stage = planned(talked_up(tmp_path / "room"))
    lines = unsigned_of(stage.week, stage.screening, stage.plan)
    assert [line.split(" —")[0] for line in lines] == ["O1, title: 国家级", "O2, gift: 治疗"]


@pytest.mark.slow
def test_a_briefing_is_published_but_not_cleared(tmp_path: Path) -> None:
    room = talked_up(tmp_path / "room")
    made = bosspick("brief", str(room), "--out", str(tmp_path / "out"))
    assert made.returncode == 1
    assert "not cleared for air: O1, title: 国家级" in made.stdout
    folder = tmp_path / "out" / WEEK / "latest"
    with (folder / "cards" / "wording.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["phrase"] for row in csv.DictReader(stream)} == {"国家级", "治疗"}
    assert "not cleared for air" in (folder / "briefing.html").read_text(encoding="utf-8")
    assert "not cleared for air" in (folder / "cards" / "control-desk.html").read_text(encoding="utf-8")
