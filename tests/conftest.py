"""Small rooms the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rooms import write_room


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room of one week with three clean offers, each quoted on four channels."""
    return write_room(tmp_path / "room")
