"""Rows of a CSV file in which a number was torn apart at its thousands comma: ``1,099.00`` read as ``1`` and ``099.00``.

Such a row has a cell too many, and when its last cell is empty nothing shows: every cell behind the number has moved one
column to the right, and the price is 1. Yet two cells that look like a torn number are often two numbers, a pack count of 1
beside a list price of 199.00 in a row that merely ends in a comma too many. So a row is torn only if all of this holds:

- it has more cells than the header, and more than the file's rows usually have: where every row ends in the same needless
  commas, they are a habit of the program that wrote the file;
- joining such cells again leaves exactly as many cells as there should be;
- joined, the cells fit their columns at least as well as they stand. Where both readings fit, nobody can say which is
  meant, and a price that may be a thousand times too low must not pass for one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from zoneinfo import ZoneInfo

import pandas as pd

from bosspick.intake.cells import parse_cells
from bosspick.intake.headers import column_of, known_headers
from bosspick.tables import TABLES

__all__ = ["Torn", "torn_numbers"]

_DIGIT = "[0-9０-９]"
#: The first group of a number, with what may stand before it; no number with thousands begins with a zero.
_HEAD = re.compile(rf"\s*['\"‘“]?[+-]?(?:(?:cny|rmb|人民币|[¥￥$])\s*)*[1-9１-９]{_DIGIT}{{0,2}}", re.IGNORECASE)
_MIDDLE = re.compile(rf"{_DIGIT}{{3}}")
_TAIL = re.compile(rf"{_DIGIT}{{3}}(?:[.．]{_DIGIT}*)?\s*万?\s*(?:元|块|圆|cny|rmb)?['\"’”]?\s*", re.IGNORECASE)
#: Ways to join the cells of one row that are looked at.
_WAYS = 50
#: Which zone a moment is read in does not matter here: only whether it is one.
_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Torn:
    """Where a number was torn: the column its first cell stands in, and its cells as they stand."""

    column: str
    cells: tuple[str, ...]

    @property
    def written(self) -> str:
        """The number as it was meant."""
        return ",".join(cell.strip() for cell in self.cells)


def torn_numbers(table: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, Torn]:
    """The rows in which a number was torn apart, by their place.

    Parameters
    ----------
    table
        Name of the table: its columns say what a cell may hold.
    header
        The first row.
    rows
        All others, with empty cells at their ends.
    """
    width = len(header)
    usual = _usual_surplus(width, rows)
    readings: list[list[str]] = []
    joined: dict[int, list[tuple[int, Torn]]] = {}
    as_written: dict[int, int] = {}
    for place, row in enumerate(rows):
        if len(row) - width <= usual:
            continue
        ways = list(islice(_ways(row, header, usual), _WAYS))
        if not ways:
            continue
        if not any(cell.strip() for cell in row[width:]):
            as_written[place] = len(readings)
            readings.append(list(row[:width]))
        joined[place] = [(len(readings) + number, torn) for number, (_, torn) in enumerate(ways)]
        readings += [cells for cells, _ in ways]
    if not readings:
        return {}
    misfits = _misfits(table, header, readings)
    found = {}
    for place, choices in joined.items():
        at, torn = min(choices, key=lambda choice: misfits[choice[0]])
        if misfits[at] <= (misfits[as_written[place]] if place in as_written else 0):
            found[place] = torn
    return found


def _usual_surplus(width: int, rows: Sequence[Sequence[str]]) -> int:
    """How many cells more than the header most of the rows have that hold no torn number for certain."""
    counts = Counter(
        max(len(row) - width, 0) for row in rows
        if any(cell.strip() for cell in row) and not any(cell.strip() for cell in row[width:]) and not _seams(row)
    )  # fmt: skip
    return min(counts, key=lambda surplus: (-counts[surplus], surplus), default=0)


def _seams(row: Sequence[str]) -> list[int]:
    """The places whose cell reads, with the next one, as part of one number."""
    return [
        place
        for place, (left, right) in enumerate(pairwise(row))
        if (_HEAD.fullmatch(left) or _MIDDLE.fullmatch(left)) and _TAIL.fullmatch(right)
    ]


def _ways(row: Sequence[str], header: Sequence[str], usual: int) -> Iterator[tuple[list[str], Torn]]:
    """Every way to join cells so that the row has the right number of them, with the first number joined."""
    width, seams = len(header), _seams(row)
    filled = max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)
    for surplus in dict.fromkeys((len(row) - width - usual, filled - width)):
        for chosen in combinations(seams, surplus) if surplus > 0 else ():
            groups = _grouped(row, set(chosen))
            numbers = [(place, group) for place, group in enumerate(groups) if len(group) > 1]
            if any(not _HEAD.fullmatch(group[0]) for _, group in numbers):
                continue
            if any(any(cell.strip() for cell in group) for group in groups[width:]):
                continue
            place, group = numbers[0]
            yield [",".join(group) for group in groups[:width]], Torn(header[place].strip(), tuple(group))


def _grouped(row: Sequence[str], seams: set[int]) -> list[list[str]]:
    groups: list[list[str]] = []
    for place, cell in enumerate(row):
        if place - 1 in seams:
            groups[-1].append(cell)
        else:
            groups.append([cell])
    return groups


def _misfits(table: str, header: Sequence[str], readings: Sequence[Sequence[str]]) -> list[int]:
    """How many cells of each reading cannot be what their columns hold."""
    known = known_headers(TABLES[table])
    total = pd.Series(0, index=range(len(readings)))
    for place, name in enumerate(header):
        column = column_of(known, name.strip())
        if column is not None:
            text = pd.Series([row[place].strip() for row in readings], dtype="str")
            unread = parse_cells(text, column, _ZONE).reason != ""
            total += unread | (text == "") if column.required else unread
    return [int(count) for count in total]
