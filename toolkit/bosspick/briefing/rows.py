"""Rows of the plan's frames as plain records, found by offer."""

from __future__ import annotations

from typing import Any

import pandas as pd

__all__ = ["Row", "by_offer", "of_offer", "text", "whole"]

Row = dict[str, Any]


def by_offer(frame: pd.DataFrame) -> dict[str, Row]:
    """Records of a frame by its offer_id, one each."""
    records = ({str(name): value for name, value in row.items()} for row in frame.to_dict("records"))
    return {str(row["offer_id"]): row for row in records}


def of_offer(frame: pd.DataFrame, offer_id: str) -> Row:
    """The record of one offer; KeyError where there is none."""
    # Turning a whole frame into records for one of them costs more than finding its row.
    return by_offer(frame[frame["offer_id"] == offer_id])[offer_id]


def whole(value: Any) -> int | None:
    """A whole number, or None where it is not known."""
    return None if value is None or pd.isna(value) else int(value)


def text(value: Any) -> str | None:
    """Text, or None where there is none."""
    return None if value is None or pd.isna(value) else str(value)
