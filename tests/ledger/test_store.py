"""The ledger remembers what was published and agreed, and adds rather than replaces."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bosspick.errors import RoomError
from bosspick.ledger import Ledger


def test_nothing_is_created_by_reading(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    assert ledger.published("2026-W48") == ()
    assert ledger.settled("2026-W48") == {}
    assert list(tmp_path.iterdir()) == []


def test_the_last_entry_counts_and_none_is_lost(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    ledger.publish("2026-W48", "W48-a", ["o1", "o2"], who="producer")
    ledger.publish("2026-W48", "W48-b", ["o1", "o3"], who="producer")
    ledger.settle("2026-W48", "o1", 9900, who="team one")
    ledger.settle("2026-W48", "o1", 9800, who="team one")
    ledger.settle("2026-W49", "o1", 100, who="team one")
    assert ledger.published("2026-W48") == ("o1", "o3")
    assert ledger.published("2026-W50") == ()
    assert ledger.settled("2026-W48") == {"o1": 9800}
    engine = sa.create_engine(ledger.url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("select count(*) from settled")).scalar() == 3
    engine.dispose()


def test_a_price_below_zero_is_refused(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    with pytest.raises(RoomError, match="cannot be written"):
        ledger.settle("2026-W48", "o1", -1, who="team one")
    assert ledger.settled("2026-W48") == {}


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("not a database, but long enough to be read as one" * 100, encoding="utf-8")
    with pytest.raises(RoomError, match="cannot be read"):
        Ledger.of_room(tmp_path).published("2026-W48")
