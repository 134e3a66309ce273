"""Headers as people write them, to the columns of a table."""

from __future__ import annotations

from bosspick.tables import Column, Table

__all__ = ["column_of", "known_headers", "spelled"]


def known_headers(table: Table) -> dict[str, Column]:
    """The columns of a table by every header that is read for them, without regard to case.

    Parameters
    ----------
    table
        Whose columns are meant.
    """
    known = {column.name.casefold(): column for column in table.columns}
    return known | {alias.casefold(): column for column in table.columns for alias in column.zh}


def column_of(known: dict[str, Column], header: str) -> Column | None:
    """The column a header stands for, None for one nobody knows.

    Examples
    --------
    >>> from bosspick.tables import TABLES
    >>> column_of(known_headers(TABLES["offers"]), "Offer ID").name
    'offer_id'
    """
    return known.get(header.casefold().replace(" ", "_")) or known.get(header.casefold())


def spelled(column: Column) -> str:
    """A column's name with the Chinese headers read for it, as messages say it."""
    return f"{column.name} ({'/'.join(column.zh)})" if column.zh else column.name
