"""Small rooms the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.rooms import write_room

# A loaded machine is no finding: no law is judged by how long an example took.
settings.register_profile("bosspick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bosspick")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room of one week with three clean offers, each quoted on four channels."""
    return write_room(tmp_path / "room")
