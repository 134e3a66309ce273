"""The pandera schema of a validated frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.tables import Column, Kind, Table

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = ["DTYPES", "MOST_YUAN", "pandera_schema"]

#: Above this an amount is a slip of the pen; below it a price times a million still fits in 64 bits.
MOST_YUAN = 1_000_000_000

#: How a validated frame holds each kind.
DTYPES: dict[Kind, str] = {
    "id": "str", "barcode": "str", "text": "str", "choice": "str", "unit": "str", "clock": "str",
    "money": "Int64", "count": "Int64", "number": "float64", "rate": "float64", "flag": "boolean",
    "date": "datetime64[us]", "moment": "datetime64[us, UTC]",
}  # fmt: skip


def pandera_schema(table: Table) -> pa.DataFrameSchema:
    """The pandera schema a validated frame of this table meets; see the module's docstring for the kinds."""
    import pandera.pandas as pa

    def checks(column: Column) -> list[pa.Check]:
        found = []
        if column.kind == "money":
            found.append(pa.Check.ge(0, error="is below zero"))
            found.append(pa.Check.le(MOST_YUAN * 100, error="is above a billion yuan"))
        if column.at_least is not None:
            least = round(column.at_least * 100) if column.kind == "money" else column.at_least
            found.append(pa.Check.ge(least, error=f"is below {column.at_least:g}"))
        if column.at_most is not None:
            found.append(pa.Check.le(column.at_most, error=f"is above {column.at_most:g}"))
        if column.choices and column.kind == "choice":
            found.append(pa.Check.isin(column.choices, error=f"is none of {', '.join(column.choices)}"))
        return found

    return pa.DataFrameSchema(
        {
            column.stored: pa.Column(
                DTYPES[column.kind],
                checks=checks(column),
                nullable=not column.required,
                required=True,
                description=column.meaning,
            )
            for column in table.columns
        },
        name=table.name,
        strict=False,
    )
