"""Decisions about titles: every one is kept, in order, and undoing one adds a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick.errors import RoomError
from bosspick.ledger import Ledger

COLUMNS = ["offer_title", "quote_title", "decision", "decided_at", "decided_by"]


def test_reading_creates_nothing_and_names_the_columns(tmp_path: Path) -> None:
    found = Ledger.of_room(tmp_path).match_decisions()
    assert list(found.columns) == COLUMNS
    assert found.empty
    assert list(tmp_path.iterdir()) == []


def test_decisions_are_kept_in_order(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    for decision in ("same", "other", "undecided"):
        ledger.record_match("面霜 A", "面霜 B", decision, who="producer")
    found = ledger.match_decisions()
    assert list(found.columns) == COLUMNS
    assert found[["offer_title", "quote_title", "decision", "decided_by"]].to_numpy().tolist() == [
        ["面霜 A", "面霜 B", decision, "producer"] for decision in ("same", "other", "undecided")
    ]
    assert found["decided_at"].is_monotonic_increasing
    assert found["decided_at"].notna().all()


def test_another_word_is_refused(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    with pytest.raises(RoomError, match="cannot be written"):
        ledger.record_match("a", "b", "perhaps", who="producer")
    assert ledger.match_decisions().empty
