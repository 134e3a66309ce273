"""Raw cells to a validated frame, with the bad rows set aside by row, column, reason and mend."""

from __future__ import annotations

import difflib
from collections.abc import Hashable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pandas as pd

from bosspick.errors import TableError
from bosspick.intake.cells import parse_cells
from bosspick.intake.findings import Finding
from bosspick.intake.headers import column_of, known_headers, spelled
from bosspick.intake.raw import RawTable
from bosspick.intake.schema import MOST_YUAN, pandera_schema
from bosspick.tables import Column, Table

__all__ = ["ValidTable", "empty_table", "validate"]

#: Rows of one key that are named one by one.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ValidTable:
    """A frame that meets its schema, and what was found on the way.

    Attributes
    ----------
    frame
        Good rows in the order of the file.
    rows
        Spreadsheet row of each.
    aside
        What could be read of the bad rows, typed as the good ones, unreadable cells null; without those that repeat a good one.
    refused
        Cells of the rows that could not be read into columns at all.
    findings
        Bad cells and notes.
    rows_read, file
        How many rows there were, and where.
    """

    frame: pd.DataFrame
    rows: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    refused: tuple[tuple[str, ...], ...] = ()
    findings: tuple[Finding, ...] = ()
    rows_read: int = 0
    file: str = ""


def empty_table(table: Table) -> ValidTable:
    """The table without rows, for optional tables a room does not keep."""
    raw = pd.DataFrame({column.name: pd.Series(dtype="str") for column in table.columns} | {"_row": []})
    return validate(table, RawTable(table.name, "", raw), ZoneInfo("UTC"))


def validate(table: Table, raw: RawTable, zone: ZoneInfo) -> ValidTable:
    """Check and type one raw table.

    Parameters
    ----------
    table
        What the table must hold.
    raw
        Its cells as text.
    zone
        Time zone of moments that name none.

    Returns
    -------
    ValidTable
        Good rows in the order of the file, typed as :mod:`bosspick.tables` says, plus the findings.

    Raises
    ------
    TableError
        A needed column is missing, or two headers name the same column.
    """
    cells, notes = _rename(table, raw)
    rows = cells["_row"].astype("int64")
    found = _Collector(table, raw.file, rows)
    typed: dict[str, pd.Series] = {}
    for column in table.columns:
        text = cells[column.name]
        parsed = parse_cells(text, column, zone)
        typed[column.stored] = parsed.values
        found.add(column.name, text, parsed.reason, parsed.mend)
        if column.required:
            empty = pd.Series("", index=text.index, dtype="str").where(text != "", "is empty")
            found.add(column.name, text, empty, "fill it in")
        for said, mend in parsed.notes:
            notes += _cell_notes(table, raw, rows, column.name, text, said, mend)
        if 0 < parsed.naive < int(parsed.values.notna().sum()):
            reason = f"{parsed.naive} moments without an offset beside ones with one"
            notes.append(_note(table, raw, column.name, reason, f"they were read as {zone.key} time"))
    frame = pd.DataFrame(typed)
    _ranges(table, frame, cells, found)
    repeats = _duplicates(table, frame, cells, found)
    good = ~frame.index.isin(found.bad)
    return ValidTable(
        frame=frame[good].reset_index(drop=True),
        rows=rows[good].reset_index(drop=True),
        aside=frame[~good & ~frame.index.isin(repeats)].reset_index(drop=True),
        refused=raw.refused,
        findings=(*raw.findings, *found.findings, *notes),
        rows_read=len(cells) + len({finding.row for finding in raw.findings if finding.severity == "bad"}),
        file=raw.file,
    )


class _Collector:
    """Gathers findings of one table, the first of each cell."""

    def __init__(self, table: Table, file: str, rows: pd.Series) -> None:
        self.table, self.file, self.rows = table, file, rows
        self.findings: list[Finding] = []
        self.bad: set[int] = set()
        self._cells: set[tuple[int, str]] = set()

    def add(self, column: str, text: pd.Series, reason: pd.Series, mend: str) -> None:
        for index in reason.index[reason != ""]:
            if (index, column) in self._cells:
                continue
            self._cells.add((index, column))
            self.bad.add(index)
            self.findings.append(
                Finding(
                    table=self.table.name,
                    file=self.file,
                    row=int(self.rows[index]),
                    column=column,
                    value=str(text[index]),
                    reason=str(reason[index]),
                    mend=mend,
                )
            )

    def repeated(self, column: str, text: pd.Series, first: pd.Series) -> None:
        """One finding for all further copies of a row; ``first`` is the row each repeats."""
        self.bad.update(first.index)
        for row, copies in first.groupby(first, sort=False):
            at, last = copies.index[0], int(self.rows[copies.index[-1]])
            reason = f"repeats row {row}, as {len(copies)} rows to row {last} do"
            self.findings.append(
                Finding(table=self.table.name, file=self.file, row=int(self.rows[at]), column=column, value=str(text[at]),
                        reason=reason, mend="remove the repeated rows")
            )  # fmt: skip


def _note(table: Table, raw: RawTable, column: str, reason: str, mend: str) -> Finding:
    return Finding(table=table.name, file=raw.file, row=None, column=column, value="", reason=reason, mend=mend,
                   severity="note")  # fmt: skip


def _cell_notes(
    table: Table, raw: RawTable, rows: pd.Series, column: str, text: pd.Series, reason: pd.Series, mend: str
) -> list[Finding]:
    """What is said of cells that stay; beyond the first few of one kind, of all others together."""
    said = reason != ""
    told = list(zip(rows[said], text[said], reason[said], strict=True))
    found = [
        Finding(table=table.name, file=raw.file, row=int(row), column=column, value=str(cell), reason=str(why), mend=mend,
                severity="note")
        for row, cell, why in told[:_SHOWN]
    ]  # fmt: skip
    if len(told) > _SHOWN:
        more = f"{len(told) - _SHOWN} more cells to row {told[-1][0]} are like the one of row {found[-1].row}"
        found.append(_note(table, raw, column, more, mend))
    return found


def _rename(table: Table, raw: RawTable) -> tuple[pd.DataFrame, list[Finding]]:
    known = known_headers(table)
    names: dict[str, str] = {}
    notes = []
    for header in raw.cells.columns:
        if header == "_row":
            continue
        column = column_of(known, header)
        if column is None:
            near = difflib.get_close_matches(header.casefold(), known, n=1)
            mend = f"it is not used; did you mean {known[near[0]].name!r}?" if near else "it is not used"
            notes.append(_note(table, raw, header, "unknown column", mend))
        elif column.name in names.values():
            raise TableError(f"two columns hold {column.name!r}", where=raw.file, hint=f"remove one; the second is {header!r}")
        else:
            names[header] = column.name
    missing = [column for column in table.columns if column.name not in names.values()]
    needed = [column for column in missing if column.required]
    if needed:
        raise TableError(
            "lacks the column" + ("s " if len(needed) > 1 else " ") + ", ".join(spelled(column) for column in needed),
            where=raw.file,
            hint=f"its headers are: {', '.join(h for h in raw.cells.columns if h != '_row') or 'none'}",
        )
    cells = raw.cells[[*names, "_row"]].rename(columns=names)
    for column in missing:
        cells[column.name] = pd.Series("", index=cells.index, dtype="str")
    return cells, notes


def _ranges(table: Table, frame: pd.DataFrame, cells: pd.DataFrame, found: _Collector) -> None:
    """Let pandera judge ranges and choices; cells that could not be read are null and named already."""
    from pandera.errors import SchemaErrors

    if frame.empty:
        return
    by_stored = {column.stored: column for column in table.columns}
    try:
        pandera_schema(table).validate(frame, lazy=True)
    except SchemaErrors as errors:
        for case in errors.failure_cases.to_dict("records"):
            if case["check"] == "not_nullable":
                continue
            column = by_stored[str(case["column"])]
            at = case["index"]
            if at is None or pd.isna(at):
                raise  # A dtype that does not fit is a fault of ours, not of a row.
            reason = pd.Series(str(case["check"]), index=[int(at)], dtype="str")
            found.add(column.name, cells[column.name], reason, _range_mend(column))


def _range_mend(column: Column) -> str:
    low = 0 if column.at_least is None and column.kind == "money" else column.at_least
    high = MOST_YUAN if column.kind == "money" else column.at_most
    if low is not None and high is not None:
        return f"give a value from {low:.12g} to {high:,}"
    return f"give a value of at least {low:g}" if low is not None else f"give a value of at most {high:g}"


def _duplicates(table: Table, frame: pd.DataFrame, cells: pd.DataFrame, found: _Collector) -> pd.Index:
    """Of rows that are the same throughout one stays; rows that differ under one key are all set aside.

    Which of two differing rows is right nobody can say, and the first would be another one in another order. Given back are
    the rows that only repeat one that stays.
    """
    candidates = frame[~frame.index.isin(found.bad)]
    keys = [table.column(name).stored for name in table.key]
    shared = candidates[candidates.duplicated(keys, keep=False)]
    if shared.empty:
        return pd.Index([])
    group = shared.groupby(keys, dropna=False, sort=False).ngroup()
    same = (~shared.duplicated()).groupby(group).transform("sum") == 1
    rows = cells["_row"].astype("str").loc[shared.index]
    place = group.groupby(group).cumcount()
    repeats = rows[same & (place > 0)].index
    shown = cells[table.key[0]]
    first = rows.groupby(group).transform("first")[repeats]
    near = repeats[place[repeats] <= _SHOWN]
    found.add(table.key[0], shown, "repeats row " + first[near], "remove the repeated row")
    found.repeated(table.key[0], shown, first[repeats.difference(near)])
    differing: dict[Hashable, str] = {}
    for _, members in rows[~same].groupby(group[~same], sort=False):
        names = list(members.iloc[: _SHOWN + 1])
        more = f" and {len(members) - len(names)} more" if len(members) > len(names) else ""
        for index, own in members.items():
            others = ", ".join(name for name in names if name != own)
            differing[index] = f"stands for two different rows; see row {others}{more}"
    found.add(table.key[0], shown, pd.Series(differing, dtype="str"), "keep the right one of these rows")
    return repeats
