"""The data dictionary in the docs is the one the code reads by."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bosspick.tables import TABLES, data_dictionary

DOCS = Path(__file__).parents[2] / "docs" / "data.md"


def test_the_committed_dictionary_is_current() -> None:
    assert DOCS.read_text(encoding="utf-8") == data_dictionary(), "run `python -m bosspick.tables > docs/data.md`"


def test_the_command_prints_it() -> None:
    printed = subprocess.run([sys.executable, "-m", "bosspick.tables"], capture_output=True, check=True)
    assert printed.stdout.decode("utf-8") == data_dictionary()


def test_every_column_has_its_line() -> None:
    text = data_dictionary()
    for table in TABLES.values():
        section = text.split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert section.count("\n| ") == len(table.columns) + 1
        for column in table.columns:
            assert f"| {column.name}{' ●' if column.confidential else ''} |" in section
