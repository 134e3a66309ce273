"""References between tables: a promotion without its quote is useless, an offer without its store is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from bosspick.intake.findings import Finding
from bosspick.intake.validate import ValidTable

__all__ = ["broken_references", "unreadable_promotions"]

#: table, column, target table, whether the row goes into quarantine, and what a break means
_REFERENCES = (
    ("offers", "store_id", "stores", False, "its store score will be UNKNOWN; add the store"),
    ("offers", "brand_id", "brands", False, "its brand will be UNKNOWN; add the brand"),
    ("promotions", "quote_id", "quotes", True, "add the quote or remove the promotion"),
    ("authorisations", "brand_id", "brands", False, "it proves nothing; add the brand"),
    ("authorisations", "store_id", "stores", False, "it proves nothing; add the store"),
    ("wishes", "brand_id", "brands", False, "the wish counts by its other columns"),
)


def broken_references(tables: Mapping[str, ValidTable]) -> dict[str, ValidTable]:
    """Name every reference that leads nowhere, and set aside the rows that are useless without it.

    Parameters
    ----------
    tables
        Validated tables by name.

    Returns
    -------
    dict
        The tables without useless rows, each with one more finding for every such reference.
    """
    found = dict(tables)
    for table, column, target, fatal, mend in _REFERENCES:
        valid = found[table]
        broken = valid.frame[column].notna() & ~valid.frame[column].isin(tables[target].frame[column])
        if not broken.any():
            continue
        aside = set(tables[target].aside[column].dropna())
        findings = [
            Finding(
                table=table,
                file=valid.file,
                row=int(row),
                column=column,
                value=str(value),
                mend=mend,
                reason=f"names a row of {target} that was set aside" if value in aside else f"is not in {target}",
                severity="bad" if fatal else "note",
            )
            for row, value in zip(valid.rows[broken], valid.frame.loc[broken, column], strict=True)
        ]
        valid = replace(valid, findings=(*valid.findings, *findings))
        if fatal:
            frame, rows = valid.frame[~broken], valid.rows[~broken]
            valid = replace(valid, frame=frame.reset_index(drop=True), rows=rows.reset_index(drop=True))
        found[table] = valid
    return found


def unreadable_promotions(promotions: ValidTable, quotes: pd.DataFrame) -> pd.DataFrame:
    """Promotions including those set aside whose quote is known, as unconfirmed ones.

    A quote that lost a promotion to quarantine would look dearer than it is, and an offer could pass for it.
    Kept as unconfirmed, with what could be read of it, the promotion makes the quote's price unknown instead.

    Parameters
    ----------
    promotions
        The validated table.
    quotes
        Validated quotes.
    """
    lost = promotions.aside[promotions.aside["quote_id"].isin(quotes["quote_id"])]
    if lost.empty:
        return promotions.frame
    lost = lost.assign(
        step=lost["step"].fillna("1"),
        kind=lost["kind"].fillna("amount"),
        audience=lost["audience"].fillna("public"),
        confirmed=pd.array([False] * len(lost), dtype="boolean"),
    )
    for column in ("threshold_fen", "amount_fen", "cap_fen"):
        lost[column] = lost[column].where(lost[column] >= 0)
    lost["rate"] = lost["rate"].where(lost["rate"].between(0, 1))
    return pd.concat([promotions.frame, lost], ignore_index=True)
