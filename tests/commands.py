"""The installed command line, run as somebody would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def run(*arguments: object, drop: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """The installed command line, as somebody else if ``drop`` says who."""
    command = [*drop, str(Path(sys.executable).parent / "bosspick"), *[str(each) for each in arguments]]
    environment = {**os.environ, "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/tmp")
