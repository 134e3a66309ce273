"""What the room shows to others, and what it keeps to one module."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bosspick.lineup as room


def test_the_public_names_are_sorted_and_there() -> None:
    assert list(room.__all__) == sorted(room.__all__)
    assert all(hasattr(room, name) for name in room.__all__)


@pytest.mark.parametrize(
    ("library", "seams"),
    [
        ("pulp", {"lineup/solver.py"}),
        ("cbcbox", {"lineup/solver.py"}),
        # Continuous programmes go to HiGHS as arrays; what PuLP cannot say to it is said beside PuLP.
        ("highspy", {"lineup/continuous.py", "lineup/solver.py"}),
    ],
)
def test_a_solver_is_imported_at_its_seam_alone(library: str, seams: set[str]) -> None:
    package = Path(room.__file__).parents[1]
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(rf"^\s*(import|from) {library}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert users == seams
