"""Which rows an evidence pack holds: no more than bear on a verdict, no fewer than computing it again needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bosspick.tables import TABLES, Kind

if TYPE_CHECKING:
    from bosspick.intake import Week
    from bosspick.screening import Screening

__all__ = ["DECISION_KINDS", "bearing_quotes", "decisions_in_force", "kinds_of"]

#: Columns of the title decisions.
DECISION_KINDS: dict[str, Kind] = {
    "offer_title": "text", "quote_title": "text", "decision": "text", "decided_at": "date", "decided_by": "text",
}  # fmt: skip


def bearing_quotes(week: Week, screening: Screening) -> pd.DataFrame:
    """The quotes that bear on a verdict.

    Beside those paired with an offer these are the ones compared by title: how rare a word is, and so how close two titles
    are, depends on all titles there are. Of equal titles one says as much as all.
    """
    quotes = week.table("quotes")
    paired = quotes["quote_id"].isin(set(screening.pairs["quote_id"]))
    if week.policy.screening.match_titles == "off":
        return quotes[paired]
    by_title = quotes["gtin"].isna() | bool(week.table("offers")["gtin"].isna().any())
    others = quotes[by_title & ~paired].sort_values("quote_id")
    one_each = others.assign(nameless=others["gtin"].isna()).drop_duplicates(["nameless", "title", "spec_amount", "spec_unit"])
    return pd.concat([quotes[paired], one_each[quotes.columns]], ignore_index=True)


def decisions_in_force(decisions: pd.DataFrame | None, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Of the decisions about titles in the pack the last of each pair, those taken back left out."""
    from bosspick.screening.matching.words import fold

    if decisions is None or decisions.empty:
        return pd.DataFrame({name: pd.Series(dtype="datetime64[us]" if kind == "date" else "str")
                             for name, kind in DECISION_KINDS.items()})  # fmt: skip
    told = decisions[list(DECISION_KINDS)].sort_values("decided_at", kind="stable")
    told = told.assign(offer=told["offer_title"].map(fold), quote=told["quote_title"].map(fold))
    told = told.drop_duplicates(["offer", "quote"], keep="last")
    known = {name: {fold(title) for title in tables[name]["title"].dropna().unique()} for name in ("offers", "quotes")}
    told = told[told["offer"].isin(known["offers"]) & told["quote"].isin(known["quotes"]) & (told["decision"] != "undecided")]
    return told[list(DECISION_KINDS)]


def kinds_of(table: str) -> dict[str, Kind]:
    """Kind of each column of a table that a pack may show: the confidential ones are left out."""
    return {column.stored: column.kind for column in TABLES[table].columns if not column.confidential}
