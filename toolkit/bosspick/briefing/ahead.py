"""Products that take long and need no notebook, each made in a process of its own beside the notebooks.

Run as ``python -m bosspick.briefing.ahead CONFIG``: it makes the product the configuration names as its step, leaves it where
the steps meet, and says that it came to its end.
"""

from __future__ import annotations

import sys

from bosspick.briefing.config import read_config
from bosspick.briefing.papermill_run import end_with_parent
from bosspick.briefing.stage import Stage, store

__all__ = ["make"]


def make(path: str) -> None:
    """Make one product of a run; ``path`` is the configuration's."""
    config = read_config(path)
    assert config.folder is not None
    assert config.step is not None
    getattr(Stage(config), config.step)
    store(config.folder / f"{config.step}.done", b"{}")


if __name__ == "__main__":
    end_with_parent()
    make(sys.argv[1])
