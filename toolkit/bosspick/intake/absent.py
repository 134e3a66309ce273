"""Columns that decide a pass and hold nothing at all: better said before the screen than once for every offer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from bosspick.intake.findings import Finding
from bosspick.intake.headers import spelled
from bosspick.intake.validate import ValidTable
from bosspick.policy import Policy
from bosspick.tables import TABLES, Column

__all__ = ["note_absent"]

#: The switch of the policy for each verdict; the others have one together.
_SWITCHES = {"lowest_price": "lowest_price", "brand": "brand", "store_score": "store"}


def note_absent(tables: Mapping[str, ValidTable], policy: Policy, *, in_feed: Collection[str] = ()) -> dict[str, ValidTable]:
    """Note the columns without any value on which a verdict rests.

    Parameters
    ----------
    tables
        Validated tables by name.
    policy
        The room's policy: verdicts it switches off ask for nothing.
    in_feed
        Tables whose rows are not read here.

    Returns
    -------
    dict
        The tables, each with one more note for every such column, or for having no row.
    """
    found = dict(tables)
    for name, valid in tables.items():
        asked = [column for column in TABLES[name].columns if _is_asked(column, policy)]
        if name in in_feed or not asked:
            continue
        if valid.frame.empty:
            notes = [_note(name, valid, "", "holds no row", asked[0].decides, "add its rows")] if valid.rows_read == 0 else []
        else:
            empty = [column for column in asked if _is_empty(valid, column)]
            notes = [
                _note(name, valid, column.name, "has no value in any row", column.decides, f"add the column {spelled(column)}")
                for column in empty
            ]
        found[name] = replace(valid, findings=(*valid.findings, *notes))
    return found


def _is_asked(column: Column, policy: Policy) -> bool:
    if not column.decides or (column.name == "region" and not policy.screening.regions):
        return False
    switch: str = getattr(policy.screening, _SWITCHES.get(column.decides, "vetoes"))
    return switch != "off"


def _is_empty(valid: ValidTable, column: Column) -> bool:
    """Whether no row has a value, nor one that was set aside."""
    aside = valid.aside.get(column.stored, pd.Series(dtype="object"))
    return bool(valid.frame[column.stored].isna().all() and aside.isna().all())


def _note(name: str, valid: ValidTable, column: str, reason: str, verdict: str, mend: str) -> Finding:
    return Finding(table=name, file=valid.file or name, row=None, column=column, value="",
                   reason=f"{reason}: the verdict {verdict} stays UNKNOWN, and no offer passes with it",
                   mend=f"{mend}; docs/data.md says what decides a pass", severity="note")  # fmt: skip
