"""What a producer has decided about pairs of titles, remembered by the titles themselves."""

from __future__ import annotations

import pandas as pd

from bosspick.errors import TableError
from bosspick.screening.matching.words import fold

__all__ = ["DECISION_COLUMNS", "latest_decisions"]

DECISION_COLUMNS = ("offer_title", "quote_title", "decision", "decided_at", "decided_by")
_WORDS = ("same", "other", "undecided")


def latest_decisions(decisions: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    """The decision in force for each pair of folded titles, ``same`` or ``other``.

    Parameters
    ----------
    decisions
        Columns of ``DECISION_COLUMNS``, where decision is ``same``, ``other`` or ``undecided`` (which cancels); of
        one pair the latest counts, and of equally late ones the last row.

    Raises
    ------
    TableError
        A column is missing or a decision is another word.

    Examples
    --------
    >>> rows = [["面霜 A", "面霜　a", "same", pd.Timestamp("2026-11-01"), "producer"]]
    >>> latest_decisions(pd.DataFrame(rows, columns=DECISION_COLUMNS))
    {('面霜 a', '面霜 a'): 'same'}
    """
    if decisions is None or decisions.empty:
        return {}
    missing = [name for name in DECISION_COLUMNS[:4] if name not in decisions.columns]
    if missing:
        raise TableError(f"no column {', '.join(missing)}", where="decisions", hint=f"needed: {', '.join(DECISION_COLUMNS)}")
    wrong = sorted(set(decisions["decision"].astype("str")) - set(_WORDS))
    if wrong:
        raise TableError(f"unknown decision {wrong[0]!r}", where="decisions", hint=f"use {', '.join(_WORDS)}")
    last: dict[tuple[str, str], str] = {}
    ordered = decisions.sort_values("decided_at", kind="stable")
    for offer, quote, decision in zip(ordered["offer_title"], ordered["quote_title"], ordered["decision"], strict=True):
        last[fold(offer), fold(quote)] = decision
    return {pair: decision for pair, decision in last.items() if decision != "undecided"}
