"""The form that records a talk: what it takes, what it refuses, and that it is in the ledger at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick.desk import TalkForm, TalkRecord
from bosspick.errors import InputError
from bosspick.ledger import Ledger, story

WEEK = "2026-W48"


@pytest.fixture
def record(tmp_path: Path) -> TalkRecord:
    titles = {"o1": "面霜 50克", "o2": "袜子 <b>"}
    return TalkRecord(ledger=Ledger.of_room(tmp_path), session_id=WEEK, titles=titles, walk_away_fen={"o1": 10_000})


@pytest.mark.parametrize("price", ["98.50", "９８．５", "¥98.5", " 98.50元 "])
def test_an_agreed_price_is_in_the_ledger_at_once(record: TalkRecord, price: str) -> None:
    assert record.record("o1", "agreed", price, "", who="team one") == "o1: agreed at ¥98.50, recorded"
    assert record.ledger.settled(WEEK) == {"o1": 9850}
    assert record.standing() == [("o1", "agreed at ¥98.50")]
    assert story(record.ledger)["note"].tolist() == ["form"]


def test_a_failed_talk_and_a_second_thought(record: TalkRecord) -> None:
    record.record("o2", "no deal", "", "they keep their price", who="team one")
    assert record.ledger.failed(WEEK) == ("o2",)
    record.record("o2", "talk again", "", "", who="team one")
    assert record.ledger.failed(WEEK) == ()
    assert record.standing() == [("o2", "to be talked about again")]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (("o1", "agreed", "", "", "a"), "is no price"),
        (("o1", "agreed", "面议", "", "a"), "'面议'"),
        (("o1", "agreed", "-5", "", "a"), "'-5'"),
        (("o1", "agreed", "0", "", "a"), "'0'"),
        (("o1", "agreed", "120", "", "a"), "is above the walk-away of ¥100.00"),
        (("o1", "no deal", "98", "", "a"), "has a price"),
        (("o9", "agreed", "98", "", "a"), "is none of this week's offers"),
        (("o1", "agreed", "98", "", " "), "nobody is named"),
    ],
)
def test_what_is_refused_is_not_written(record: TalkRecord, entry: tuple[str, str, str, str, str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        record.record(*entry[:4], who=entry[4])
    assert words in str(caught.value)
    assert record.ledger.talks(WEEK).empty


def test_above_the_walk_away_with_a_reason(record: TalkRecord) -> None:
    record.record("o1", "agreed", "120", "decided by the producer: opener", who="team one")
    assert record.ledger.settled(WEEK) == {"o1": 12_000}


def test_the_form_shows_its_errors_and_what_stands(record: TalkRecord) -> None:
    form = TalkForm(record, suggested={"o1": "first ask ¥90.00"})
    form.offer.value = "o1 · 面霜 50克"
    assert "first ask" in form.said.value
    form.price.value = "abc"
    form.who.value = "team one"
    form.button.click()
    assert 'role="alert"' in form.said.value
    form.price.value = "95"
    form.button.click()
    form.guard.reraise()
    assert "recorded" in form.said.value
    assert form.price.value == ""
    assert "agreed at ¥95.00" in form.standing.value
    assert record.ledger.settled(WEEK) == {"o1": 9500}
