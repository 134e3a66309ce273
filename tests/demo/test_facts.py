"""The facts a room carries: complete rows, and every one a default cites."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.demo.conftest import SEEDS

TOOLKIT = Path(__file__).parents[2] / "toolkit"
TRUSTS = {"source document", "text found and read", "secondary report", "own derivation"}


def facts() -> list[dict[str, str]]:
    with (SEEDS / "facts.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cited() -> list[tuple[str, str]]:
    found = []
    for path in sorted(TOOLKIT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found += [(path.name, fact) for fact in re.findall(r"fact: (\w+)", text)]
        found += [(path.name, fact) for fact in re.findall(r"facts\.csv`* \((\w+)\)", text)]
    return found


def test_something_is_cited() -> None:
    assert len(cited()) >= 9


@pytest.mark.parametrize(("module", "fact"), cited())
def test_a_cited_fact_exists(module: str, fact: str) -> None:
    assert fact in {row["fact_id"] for row in facts()}, f"{module} cites {fact}"


def test_rows_are_complete_and_ids_are_used_once() -> None:
    ids = [row["fact_id"] for row in facts()]
    assert len(ids) == len(set(ids))
    assert [row for row in facts() if not all(row.values()) or row["trust"] not in TRUSTS] == []
