"""A returned workbook as data: nothing is judged here, nothing is written, and the file is never saved again.

Rows are known by their offer, columns by their heading in either language, wherever either stands now.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.bargaining.sheet_about import ABOUT
from bosspick.bargaining.sheet_file import workbook_bytes
from bosspick.bargaining.sheet_findings import SheetFinding
from bosspick.bargaining.sheet_rows import LOCKED, SHEET_FORMAT
from bosspick.bargaining.sheet_talks import COLUMNS
from bosspick.bargaining.sheet_words import folded, headings, words_of
from bosspick.catalogue import LANGUAGES
from bosspick.errors import SheetError
from bosspick.intake.raw import cell_text

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

__all__ = ["INPUTS", "Answered", "ReturnedBook", "ReturnedRow", "read_sheet"]

INPUTS = ("agreed_price", "outcome", "note")
_NEEDED = ("offer", *INPUTS)
#: How far down the headings may have been pushed, and how far the rows may reach.
_MOST_ABOVE, _MOST_ROWS, _MOST_COLUMNS = 60, 20_000, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One cell to fill in, as it came back.

    Attributes
    ----------
    where
        Page and cell.
    text
        What it shows, without surrounding blanks.
    formula, merged
        Whether it holds a formula, and whether it is merged with others.
    """

    where: str
    text: str
    formula: bool = False
    merged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRow:
    """One offer's row: what was filled in, and what its other cells show (text by column) with where they are."""

    offer_id: str
    where: str
    inputs: Mapping[str, Answered]
    locked: Mapping[str, str]
    places: Mapping[str, str]
    check: str

    @property
    def touched(self) -> bool:
        """Whether anything was filled in."""
        return any(cell.text or cell.formula for cell in self.inputs.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedBook:
    """A workbook that came back.

    Attributes
    ----------
    file, content, sha256
        Its name, its bytes and their hash.
    session_id, version, negotiator
        What it says it is of; ``about`` has the cell of each.
    lang
        Language it was written in.
    rows
        Its rows in order.
    findings
        What was seen while reading.
    """

    file: str
    content: bytes
    sha256: str
    session_id: str
    version: str
    negotiator: str
    about: Mapping[str, str]
    lang: str
    rows: tuple[ReturnedRow, ...]
    findings: tuple[SheetFinding, ...]


def read_sheet(path: Path) -> ReturnedBook:
    """Read a workbook a negotiator sent back.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    ReturnedBook
        Rows by offer in the order they have now; columns that are not ours are named in the findings.

    Raises
    ------
    SheetError
        The file is no readable workbook, is not one of ours, is of another layout, or lacks a column that is needed.
    """
    content = workbook_bytes(path)
    book = _opened(content, path.name)
    about, places = _about(book, path.name)
    sheet, head, columns, extra = _talks(book, path.name)
    findings = [
        SheetFinding(severity="note", file=path.name, where=_at(sheet, cell), what=f"column {_short(cell.value)} is not read")
        for cell in extra
    ]
    spoken = [folded(cell_text(cell.value)) for cell in sheet[head]]
    lang = max(LANGUAGES, key=lambda each: len({folded(words_of(each)[name]) for name, _, _ in COLUMNS} & set(spoken)))
    gone = [words_of(lang)[name] for name in LOCKED if name not in columns]
    if gone:
        what = f"columns were removed, and are not compared: {', '.join(gone)}"
        findings.append(SheetFinding(severity="note", file=path.name, where=sheet.title, what=what))
    return ReturnedBook(
        file=path.name, content=content, sha256=hashlib.sha256(content).hexdigest(),
        session_id=about["session"], version=about["version"], negotiator=about["negotiator"], about=places, lang=lang,
        rows=tuple(_rows(sheet, head, columns)), findings=tuple(findings),
    )  # fmt: skip


def _opened(content: bytes, file: str) -> Workbook:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # openpyxl warns of validations and styles it drops; nothing here is ever saved back.
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        try:
            # Formulas as they were written: a figure somebody computed in a cell to fill in is not an answer.
            return load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
        except Exception as error:  # openpyxl raises whatever its parsers meet
            raise SheetError(
                f"cannot be read as a workbook: {error}", where=file, hint="open it, save it as .xlsx, and send it again"
            ) from error


def _about(book: Workbook, file: str) -> tuple[dict[str, str], dict[str, str]]:
    """What the workbook says it is of, and where it says so."""
    labels = headings(ABOUT)
    for sheet in book.worksheets:
        values: dict[str, str] = {}
        places: dict[str, str] = {}
        for row in sheet.iter_rows(max_row=_MOST_ABOVE, max_col=4):
            for label, value in pairwise(row):
                name = labels.get(folded(cell_text(label.value)))
                if name is not None and name not in values:
                    values[name], places[name] = cell_text(value.value), _at(sheet, value)
        if {"session", "version", "negotiator", "format"} <= values.keys():
            if values["format"] != str(SHEET_FORMAT):
                raise SheetError(
                    f"is of sheet format {values['format']}, this toolkit reads {SHEET_FORMAT}",
                    where=f"{file} {places['format']}", hint="copy the answers into a fresh export",
                )  # fmt: skip
            return values, places
    raise SheetError(
        "has no page that says which session, plan and negotiator it is of", where=file,
        hint="was the page About (说明) removed? copy the answers into a fresh export",
    )  # fmt: skip


def _talks(book: Workbook, file: str) -> tuple[Any, int, dict[str, int], list[Any]]:
    """The page with the answers, the row of its headings, its columns by name, and headings that are not ours."""
    known = headings()
    found = []
    for sheet in book.worksheets:
        best: tuple[int, dict[str, int], list[Any]] | None = None
        for row in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ABOVE), max_col=min(sheet.max_column, _MOST_COLUMNS)):
            named = [(known.get(folded(cell_text(cell.value)), ""), place, cell) for place, cell in enumerate(row, start=1)]
            names = [name for name, _, _ in named if name]
            if len(set(names) & {"offer", *INPUTS}) >= 2 and (best is None or len(set(names)) > len(best[1])):
                number = int(row[0].row or 0)
                _refuse_doubled(names, f"{file} {sheet.title}!{number}")
                columns = {name: place for name, place, _ in named if name}
                best = (number, columns, [cell for name, _, cell in named if not name and cell_text(cell.value)])
        if best is not None:
            found.append((sheet, *best))
    if not found:
        hint = "was the row of headings removed? copy the answers into a fresh export"
        raise SheetError("has no page of talks", where=file, hint=hint)
    if len(found) > 1:
        titles = " and ".join(repr(sheet.title) for sheet, *_ in found)
        raise SheetError(f"has more than one page of talks: {titles}", where=file, hint="keep one of them")
    sheet, head, columns, extra = found[0]
    missing = [f"{words_of('en')[name]} ({words_of('zh')[name]})" for name in _NEEDED if name not in columns]
    if missing:
        raise SheetError(
            f"columns were removed: {', '.join(missing)}", where=f"{file} {sheet.title}",
            hint="put them back under the same heading, or copy the answers into a fresh export",
        )  # fmt: skip
    if sheet.max_row > _MOST_ROWS:
        hint = "delete the empty rows below the last offer"
        raise SheetError(f"reaches down to row {sheet.max_row:,}", where=f"{file} {sheet.title}", hint=hint)
    return sheet, head, columns, extra


def _refuse_doubled(names: Sequence[str], where: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        word = words_of("en")[twice[0]]
        raise SheetError(f"the column {word!r} is there twice", where=where, hint="remove the copy")


def _rows(sheet: Any, head: int, columns: Mapping[str, int]) -> Iterator[ReturnedRow]:
    merged = {cell for area in sheet.merged_cells.ranges for cell in area.cells} if sheet.merged_cells.ranges else set()
    for number in range(head + 1, sheet.max_row + 1):
        cells = {name: sheet.cell(number, column) for name, column in columns.items()}
        inputs = {
            name: Answered(
                where=_at(sheet, cells[name]),
                text=_text(cells[name]),
                formula=cells[name].data_type == "f",
                merged=(number, columns[name]) in merged,
            )
            for name in INPUTS
        }
        offer = _text(cells["offer"])
        if not offer and not any(cell.text for cell in inputs.values()):
            continue
        own = [name for name in LOCKED if name in cells]
        yield ReturnedRow(
            offer_id=offer,
            where=_at(sheet, cells["offer"]),
            inputs=inputs,
            locked={name: _text(cells[name]) for name in own},
            places={name: _at(sheet, cells[name]) for name in own},
            check=_text(cells["check"]) if "check" in cells else "",
        )


def _text(cell: Any) -> str:
    if cell.data_type == "f":
        # An array formula is an object; what it says is its text.
        return str(getattr(cell.value, "text", cell.value))
    return cell_text(cell.value)


def _at(sheet: Any, cell: Any) -> str:
    return f"{sheet.title}!{cell.coordinate}"


def _short(value: Any) -> str:
    text = cell_text(value)
    return repr(text if len(text) <= 40 else text[:39] + "…")
