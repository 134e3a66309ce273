"""The examples people copy run as written."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from bosspick.lineup import optimiser

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formulation.md"


@pytest.mark.skipif(not PAGE.is_file(), reason="the docs are not beside the tests")
def test_the_formulation() -> None:
    done = doctest.testfile(str(PAGE), module_relative=False)
    assert done.attempted > 0
    assert done.failed == 0


def test_the_docstring_of_optimise() -> None:
    done = doctest.testmod(optimiser)
    assert done.attempted > 0
    assert done.failed == 0
