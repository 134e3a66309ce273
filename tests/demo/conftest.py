"""Rooms the demo tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick.demo import generate_room

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room made with the default arguments."""
    return generate_room(tmp_path_factory.mktemp("demo") / "room")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room too small for traps."""
    return generate_room(tmp_path_factory.mktemp("demo") / "room", offers=30, quotes=300, weeks=2, shows=3)
