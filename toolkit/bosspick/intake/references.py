"""References between tables: a promotion without its quote is useless, an offer without its store is unknown."""

from __future__ import annotations

import pandas as pd

from bosspick.intake.findings import Finding

__all__ = ["broken_references"]

#: table, column, target table, whether the row goes into quarantine, and what a break means
_REFERENCES = (
    ("offers", "store_id", "stores", False, "its store score will be UNKNOWN; add the store"),
    ("offers", "brand_id", "brands", False, "its brand will be UNKNOWN; add the brand"),
    ("promotions", "quote_id", "quotes", True, "add the quote or remove the promotion"),
    ("authorisations", "brand_id", "brands", False, "it proves nothing; add the brand"),
    ("authorisations", "store_id", "stores", False, "it proves nothing; add the store"),
    ("wishes", "brand_id", "brands", False, "the wish counts by its other columns"),
)


def broken_references(
    frames: dict[str, pd.DataFrame], files: dict[str, str]
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Name every reference that leads nowhere, and set aside the rows that are useless without it.

    Parameters
    ----------
    frames
        Validated frames by table name.
    files
        Where each table was read from.

    Returns
    -------
    tuple
        The frames without useless rows, and one finding a row.
    """
    frames, findings = dict(frames), []
    for table, column, target, fatal, mend in _REFERENCES:
        rows = frames[table]
        broken = rows[column].notna() & ~rows[column].isin(frames[target][column])
        key = rows.columns[0]
        for _, row in rows[broken].iterrows():
            findings.append(
                Finding(table=table, file=files[table], row=None, column=column, value=str(row[column]),
                        reason=f"{key} {row[key]!r} names {column} {row[column]!r}, which is not in {target}",
                        mend=mend, severity="bad" if fatal else "note")  # fmt: skip
            )
        if fatal:
            frames[table] = rows[~broken].reset_index(drop=True)
    return frames, findings
