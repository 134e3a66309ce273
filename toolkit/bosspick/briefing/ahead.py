"""Products that take long and need no notebook, each made in a process of its own beside the notebooks."""

from __future__ import annotations

from bosspick.briefing.config import read_config
from bosspick.briefing.stage import Stage

__all__ = ["make"]


def make(path: str) -> None:
    """Make the product a configuration names as its step, leave it where the steps meet, and say that it came to its end."""
    config = read_config(path)
    assert config.folder is not None
    assert config.step is not None
    stage = Stage(config)
    getattr(stage, config.step)
    stage.end(config.step)
