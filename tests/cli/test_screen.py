"""``bosspick screen`` says what was left out of what it judged."""

from __future__ import annotations

from pathlib import Path

from tests.rooms import CHANNELS, offer, quote, write_room
from tests.runs import bosspick


def test_rows_left_out_are_said_beside_the_verdicts(tmp_path: Path) -> None:
    quotes = [quote(1, channel) for channel in CHANNELS]
    room = write_room(tmp_path / "room", offers=[offer(1)], quotes=quotes, count=1)
    assert "left out" not in bosspick("screen", room).stdout
    cheap = quote(1, CHANNELS[0], quote_id="Q9", display_price="10", currency="USD")
    room = write_room(tmp_path / "other", offers=[offer(1)], quotes=[*quotes, cheap], count=1)
    done = bosspick("screen", room)
    assert f"left out for bad cells: 1; `bosspick check {room}` names them with their rows" in done.stdout
    assert done.returncode == 0
