"""The data dictionary in the docs is the one the code reads by."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bosspick.tables import TABLES
from bosspick.tables_docs import data_dictionary

DOCS = Path(__file__).parents[2] / "docs" / "data.md"
SEEDS = DOCS.parents[1] / "seeds"


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


def test_every_file_of_a_room_is_told() -> None:
    text = data_dictionary()
    places, others = text.split("## Kinds")[0], text.split("## Other files of a room")[1]
    assert [table for table in TABLES if f"{table}.csv" not in places] == []
    for path in (SEEDS / "facts.csv", SEEDS / "wording.csv"):
        header = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        line = next(line for line in others.splitlines() if line.startswith(f"| {path.name} |"))
        assert [name for name in header if name not in line] == []
    assert "| wording_signed.csv | offer_id, phrase, who, why |" in others


def test_every_kind_is_told() -> None:
    kinds = data_dictionary().split("## Kinds")[1].split("##")[0]
    told = {kind for line in kinds.splitlines() if line.startswith("| ") for kind in line.split(" | ")[0][2:].split(", ")}
    assert {column.kind for table in TABLES.values() for column in table.columns} - {"choice"} <= told
