"""Rows of frames with the types we know they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["records", "row_of", "rows_of"]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as mappings from column to cell, in order."""
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def row_of(frame: pd.DataFrame, key: str) -> dict[str, Any]:
    """The row of an index with unique labels as a mapping from column to cell; KeyError if there is none."""
    return {str(name): cell for name, cell in frame.loc[[key]].to_dict("records")[0].items()}


def rows_of(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """All rows of an index with unique labels by label: for whoever asks for many of them."""
    return dict(zip(frame.index.astype(str), records(frame), strict=True))
