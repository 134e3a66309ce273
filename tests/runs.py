"""Run the command line as its users do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["bosspick", "bosspick_started"]

_COMMAND = [sys.executable, "-m", "bosspick.cli"]


def bosspick(*words: str | Path, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``bosspick`` to its end."""
    command = [*_COMMAND, *(str(word) for word in words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=os.environ | env, timeout=300, check=False)


def bosspick_started(*words: str | Path, cwd: Path | None = None) -> subprocess.Popen[str]:
    """Start ``bosspick`` and leave it running."""
    command = [*_COMMAND, *(str(word) for word in words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd)
