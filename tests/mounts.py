"""File systems of a test's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def in_own_mounts(script: str, *words: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell script whose mounts nobody else sees and which end with it; skip where that is not allowed."""
    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("mounts of one's own are for root only")
    command = ["unshare", "--mount", "sh", "-c", script, sys.executable, *(str(word) for word in words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
