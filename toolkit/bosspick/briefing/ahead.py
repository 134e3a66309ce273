"""Products that need no notebook, each made in a process of its own beside the notebooks."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

from bosspick.briefing.config import PRINTS, read_config
from bosspick.briefing.pdf import write_pdfs
from bosspick.briefing.stage import Stage, store

__all__ = ["make", "printed"]


def make(path: str) -> None:
    """Make the product a configuration names as its step, leave it where the steps meet, and say that it came to its end."""
    config = read_config(path)
    assert config.folder is not None
    assert config.step is not None
    stage = Stage(config)
    if config.step in PRINTS:
        store(config.folder / "pdf.json", json.dumps(_print(stage, config.folder / "files")).encode())
    else:
        getattr(stage, config.step)
    stage.end(config.step)


def printed(folder: Path) -> str | None:
    """Why the run whose steps meet in this folder has no PDF; None if it has."""
    why: str | None = json.loads((folder / "pdf.json").read_text(encoding="utf-8"))
    return why


def _print(stage: Stage, files: Path) -> str | None:
    """Print the pages when they are there; returns why it could not be done."""
    # Ended early, it still ends its browser and takes away what that wrote.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))

    def pages() -> list[Path]:
        stage.wait_for("05_briefing")
        return [files / "briefing.html", *sorted((files / "cards").glob("*.html"))]

    # With the talks planned a processor is idle, and a browser may come up.
    stage.wait_for("talks")
    return write_pdfs(pages, dated=stage.week.as_of)
