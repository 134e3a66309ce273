"""What the room shows to others, and what it keeps to one module."""

from __future__ import annotations

import re
from pathlib import Path

import bosspick.lineup as room


def test_the_public_names_are_sorted_and_there() -> None:
    assert list(room.__all__) == sorted(room.__all__)
    assert all(hasattr(room, name) for name in room.__all__)


def test_one_module_imports_pulp() -> None:
    package = Path(room.__file__).parents[1]
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"^\s*(import|from) (pulp|highspy|cbcbox)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert users == {"lineup/solver.py"}
