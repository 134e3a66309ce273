"""References between tables: a promotion without its quote is useless, an offer without its store is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from bosspick.intake.findings import Finding
from bosspick.intake.validate import ValidTable
from bosspick.policy_rules import is_week

__all__ = ["broken_references", "contradictory_groups", "no_week", "quarantined", "unreadable_promotions", "without_rate"]

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


def without_rate(quotes: ValidTable, rates: Mapping[str, object]) -> ValidTable:
    """Set aside the quotes in a currency the policy has no rate for.

    Parameters
    ----------
    quotes
        The validated table.
    rates
        Currencies that have one, beside CNY.
    """
    lost = ~quotes.frame["currency"].isin(["CNY", *rates])
    return quarantined(
        "quotes", quotes, lost, "currency", "has no rate to CNY", "give the price in CNY, or a rate in policy.toml"
    )


def no_week(airings: ValidTable) -> ValidTable:
    """Set aside airings of no ISO week: nothing could be learned from when they were."""
    lost = ~airings.frame["session_id"].map(is_week).astype(bool)
    return quarantined("airings", airings, lost, "session_id", "is no ISO week", "write it as 2026-W48")


def contradictory_groups(promotions: ValidTable) -> ValidTable:
    """Set aside promotions whose exclusive groups cannot be kept.

    A promotion belongs to one group: named in several, groups would exclude each other in circles. The same promotion
    in two groups, or in one and in none, contradicts itself.

    Parameters
    ----------
    promotions
        The validated table.
    """
    group = promotions.frame["exclusive_group"]
    several = group.fillna("").str.contains(r"[|,;，；、]", regex=True)
    mend = "name one group; promotions that exclude each other in a circle cannot be priced"
    found = quarantined("promotions", promotions, several, "exclusive_group", "names several exclusive groups", mend)
    terms = [
        name for name in found.frame.columns if name not in ("exclusive_group", "confirmed", "funder", "cap_fen", "repeat")
    ]
    twice = found.frame.duplicated(terms, keep=False)
    return quarantined(
        "promotions", found, twice, "exclusive_group", "stands in several groups with the same terms", "keep the right row"
    )


def quarantined(name: str, table: ValidTable, lost: pd.Series, column: str, reason: str, mend: str) -> ValidTable:
    """The table without these rows, with a finding for each; they are kept among the ones set aside.

    Parameters
    ----------
    name, table
        The table's name, and the validated table.
    lost
        Flags by row.
    column, reason, mend
        The column it is said of, what is wrong with it, and what to do. Money is not repeated: it may be confidential.
    """
    if not lost.any():
        return table
    shown = table.frame[column][lost] if column in table.frame else pd.Series(None, index=table.frame.index[lost], dtype="str")
    findings = [
        Finding(table=name, file=table.file, row=int(row), column=column, value="" if pd.isna(value) else _shown(value),
                reason=reason, mend=mend)
        for row, value in zip(table.rows[lost], shown, strict=True)
    ]  # fmt: skip
    return replace(
        table,
        frame=table.frame[~lost].reset_index(drop=True),
        rows=table.rows[~lost].reset_index(drop=True),
        aside=pd.concat([table.aside, table.frame[lost]], ignore_index=True),
        findings=(*table.findings, *findings),
    )


def _shown(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


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
    known = set(quotes["quote_id"])
    # Of a row that is none at all the first cell that names a quote is taken for its id.
    named = [cell for cells in promotions.refused if (cell := next((each for each in cells if each in known), ""))]
    aside = pd.concat([promotions.aside, promotions.frame.iloc[:0].reindex(range(len(named))).assign(quote_id=named)])
    lost = aside[aside["quote_id"].isin(known)]
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
