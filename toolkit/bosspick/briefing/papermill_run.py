"""The one seam to papermill: run one notebook in this process and leave it clean.

That papermill came back proves nothing: whoever called it must find the notebook's sentinel.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from bosspick.briefing.config import read_config
from bosspick.briefing.kernel import split_off
from bosspick.briefing.language import Language
from bosspick.briefing.notebook_text import translated

__all__ = ["end_with_parent", "failing_cell", "run_notebook"]


def run_notebook(notebook: Path, output: Path, config: Path, *, timeout_s: int, forked: bool = False) -> None:
    """Execute a notebook with its one parameter, and clean it of what differs from run to run.

    Parameters
    ----------
    notebook, output
        Source and where the executed notebook is written, rewritten in place while it runs.
    config
        Passed as the parameter ``config``; its language is that of the notebook's texts.
    timeout_s
        Seconds any one cell may take.
    forked
        Split the kernel off from this process rather than start an interpreter for it; this process then ends with its
        parent, and the kernel with this process.
    """
    kernel: dict[str, Any] = {"km": split_off(config.with_suffix(".kernel.json"))} if forked else {}
    if forked:
        end_with_parent()
    import papermill

    translated(notebook, Language.of(read_config(str(config)).lang), output)
    papermill.execute_notebook(
        str(output), str(output), parameters={"config": str(config)}, execution_timeout=timeout_s, start_timeout=120,
        kernel_name="python3", progress_bar=False, log_output=False, request_save_on_cell_execute=True,
        **kernel,
    )  # fmt: skip
    _clean(output)


def _clean(notebook: Path) -> None:
    """Remove what differs from run to run: times, paths, ids of injected cells, and papermill's own notes."""
    import nbformat

    content: Any = nbformat.read(notebook, as_version=4)
    content.metadata = {key: content.metadata[key] for key in ("kernelspec", "language_info") if key in content.metadata}
    for place, cell in enumerate(content.cells):
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = f"injected-{place}"
            cell.source = "# Parameters: the configuration of the briefing run"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
    nbformat.write(content, notebook)


def failing_cell(notebook: Path) -> str | None:
    """What went wrong in an executed notebook, in words; None when no cell shows an error."""
    import nbformat

    try:
        content: Any = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return None
    for place, cell in enumerate(content.cells, start=1):
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error":
                value = str(output.get("evalue", "")).strip() or str(output.get("ename"))
                return f"cell {place}: {output.get('ename')}: {value}"
    return None


def end_with_parent() -> None:
    """End this process, its kernel and their children when whoever started the run is gone, however it went."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
