"""Reviewing matches: each decision is saved at once, can be taken back, and holds at the next match."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bosspick.desk.review import ReviewDesk, ReviewQueue, review_queue
from bosspick.errors import InputError, RoomError, TableError
from bosspick.ledger import Ledger
from bosspick.screening.matching import match_titles

OFFERS = pd.DataFrame({"offer_id": ["O1", "O2"], "title": ["霁洲工 零添加酱油 800毫升", "璟柚记 黑巧克力 <b>A&B</b>"]})
QUOTES = pd.DataFrame(
    {
        "quote_id": ["Q1", "Q2", "Q3"],
        "title": ["霁洲工 零添加酱油 家用 800毫升", "霁洲工  零添加酱油 家用 800毫升", "璟柚记 黑巧克力 <i>A&B</i> 礼盒"],
    }
)


def reviews(ledger: Ledger) -> pd.DataFrame:
    """The match of the two frames with both titles, as a notebook has it."""
    found = match_titles(OFFERS, QUOTES, decisions=ledger.match_decisions())
    found = found.merge(OFFERS.rename(columns={"title": "offer_title"}), on="offer_id")
    return found.merge(QUOTES.rename(columns={"title": "quote_title"}), on="quote_id")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.of_room(tmp_path)


@pytest.fixture
def queue(ledger: Ledger) -> ReviewQueue:
    return ReviewQueue.of_reviews(ledger, reviews(ledger))


def test_pairs_stand_by_score_and_equal_titles_are_one(queue: ReviewQueue) -> None:
    assert [pair.quotes for pair in queue.pairs] == [2, 1]
    scores = [pair.score for pair in queue.pairs]
    assert scores == sorted(scores, reverse=True)
    assert (queue.remaining, queue.current) == (2, 0)


def test_a_decision_is_saved_at_once_and_holds_at_the_next_match(queue: ReviewQueue, ledger: Ledger) -> None:
    queue.decide(0, "same")
    assert ledger.match_decisions()["decision"].tolist() == ["same"]
    queue.decide(1, "other")
    assert (queue.remaining, queue.current) == (0, None)
    found = reviews(ledger)
    assert found[["quote_id", "decision", "why"]].to_numpy().tolist() == [
        ["Q1", "accept", "DECIDED"], ["Q2", "accept", "DECIDED"], ["Q3", "reject", "DECIDED"],
    ]  # fmt: skip
    assert ReviewQueue.of_reviews(ledger, found).pairs == ()


def test_undo_takes_back_the_last_decision_and_erases_nothing(queue: ReviewQueue, ledger: Ledger) -> None:
    before = reviews(ledger)
    queue.decide(0, "same")
    queue.decide(0, "other")
    assert queue.undo() == 0
    assert queue.decisions == {0: "same"}
    assert queue.undo() == 0
    assert queue.undo() is None
    assert (queue.remaining, queue.decisions) == (2, {})
    assert ledger.match_decisions()["decision"].tolist() == ["same", "other", "same", "undecided"]
    pd.testing.assert_frame_equal(reviews(ledger), before)


def test_pairs_decided_elsewhere_are_left_out(ledger: Ledger) -> None:
    found = reviews(ledger)
    ledger.record_match(OFFERS["title"][0].upper(), QUOTES["title"][1], "other", who="someone else")
    assert [pair.offer_title for pair in ReviewQueue.of_reviews(ledger, found).pairs] == [OFFERS["title"][1]]


def test_what_cannot_be_decided_is_said(queue: ReviewQueue, ledger: Ledger) -> None:
    with pytest.raises(InputError, match="unknown decision 'maybe'"):
        queue.decide(0, "maybe")
    with pytest.raises(InputError, match="no pair 2"):
        queue.decide(2, "same")
    with pytest.raises(TableError, match="no column quote_title"):
        ReviewQueue.of_reviews(ledger, reviews(ledger).drop(columns="quote_title"))
    assert ledger.match_decisions().empty


def test_the_widget_shows_progress_and_works_the_pairs_off(queue: ReviewQueue, ledger: Ledger) -> None:
    desk = ReviewDesk(queue)
    assert "1 of 2" in desk.shown.value
    assert "<mark>" in desk.shown.value
    assert desk.undo_button.disabled
    desk.same_button.click()
    assert "2 of 2" in desk.shown.value
    desk.other_button.click()
    assert "2 of 2 decided" in desk.shown.value
    assert desk.same_button.disabled
    desk.undo_button.click()
    assert "2 of 2" in desk.shown.value
    assert ledger.match_decisions()["decision"].tolist() == ["same", "other", "undecided"]


def test_titles_are_shown_as_text(queue: ReviewQueue) -> None:
    desk = ReviewDesk(queue)
    desk.other_button.click()
    assert "<b>A" not in desk.shown.value
    assert "<i>A" not in desk.shown.value
    assert "A&amp;B" in desk.shown.value


def test_a_decision_that_cannot_be_saved_is_shown_and_does_not_count(queue: ReviewQueue, tmp_path: Path) -> None:
    desk = ReviewDesk(queue)
    (tmp_path / "ledger.sqlite").write_text("no database, but long enough to be read as one" * 100, encoding="utf-8")
    with pytest.raises(RoomError, match="cannot be written"):
        desk._guarded(lambda: desk._decide("same"))(None)
    assert "cannot be written" in desk.error.value
    assert (queue.remaining, queue.current) == (2, 0)


def test_the_widget_of_a_room(tmp_path: Path) -> None:
    box = review_queue(tmp_path, reviews(Ledger.of_room(tmp_path)), who="producer")
    assert [type(child).__name__ for child in box.children] == ["HTML", "HBox", "HTML"]
    box.children[1].children[0].click()
    assert Ledger.of_room(tmp_path).match_decisions()["decided_by"].tolist() == ["producer"]
