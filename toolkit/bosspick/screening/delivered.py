"""The partitions of a feed as one engine reads them: cells as they are meant, and broken files by their name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bosspick.errors import BosspickError, TableError
from bosspick.intake import Week
from bosspick.intake.partitions import Partition
from bosspick.screening.engine import Engine
from bosspick.screening.typed import loose_texts, typed_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["TITLED", "Deliveries"]

#: What a title is compared by.
TITLED = ("gtin", "title", "spec_amount", "spec_unit")


class Deliveries:
    """What partitions hold.

    Parameters
    ----------
    week
        A week with a feed.
    engine
        What reads it.
    """

    def __init__(self, week: Week, engine: Engine) -> None:
        self.week, self.engine = week, engine
        self._loose: dict[str, bool] = {}

    def quotes(self, part: Partition) -> ir.Table:
        """Its quotes, typed."""
        rows = self._read("quotes", part.quotes)
        if part.name not in self._loose:
            self._loose[part.name] = bool(self.engine.run(loose_texts("quotes", rows, part.name))["loose"][0])
        return self.typed("quotes", rows, part, loose=self._loose[part.name])

    def compared(self, part: Partition) -> ir.Table:
        """The quotes whose titles are compared: those without barcode, and all if an offer has none."""
        quotes = self.quotes(part)
        every = bool(self.week.table("offers")["gtin"].isna().any())
        return quotes if every else quotes.filter(quotes.gtin.isnull())

    def promotions(self, part: Partition) -> ir.Table | None:
        """Its promotions as they are written; None without any."""
        return None if part.promotions is None else self._read("promotions", part.promotions)

    def typed(self, table: str, rows: ir.Table, part: Partition, *, number: str | None = None, loose: bool = True) -> ir.Table:
        """Rows of one of its tables with the columns and kinds of the data dictionary; see :func:`typed_rows`."""
        return typed_rows(table, rows, part.name, self.week.zone, self.week.starts_at, number=number, loose=loose)

    def size(self, part: Partition) -> dict[str, int]:
        """Rows of its tables, as the files state it.

        Raises
        ------
        TableError
            A table cannot be opened, or has another schema.
        """
        found = {}
        for table, path in (("quotes", part.quotes), ("promotions", part.promotions)):
            if path is not None:
                written = self._read(table, path)
                self.typed(table, written, part)
                found[table] = int(self.engine.run(written.aggregate(rows=written.count()))["rows"][0])
        return found

    @contextmanager
    def reading(self, part: Partition) -> Iterator[None]:
        """Say what went wrong while a partition is read: that a file of it is damaged, if one of them cannot be read.

        Where both can be read the fault is another one, and stays as it is.
        """
        try:
            yield
        except BosspickError:
            raise
        except Exception as error:
            self._refuse_damaged(part)
            raise error

    def _read(self, table: str, path: str) -> ir.Table:
        return self.engine.parquet([path], table)

    def _refuse_damaged(self, part: Partition) -> None:
        """Read every cell of a partition, to find the file that cannot be read."""
        for table, path in (("quotes", part.quotes), ("promotions", part.promotions)):
            if path is not None:
                try:
                    rows = self._read(table, path)
                    self.engine.run(rows.aggregate(**{name: rows[name].hash().max() for name in rows.columns}))
                except BosspickError:
                    raise
                except Exception as error:  # each engine has its own words for a broken file
                    lines = str(error).strip().splitlines()
                    raise TableError(f"cannot be read: {lines[0][:200] if lines else type(error).__name__}",
                                     where=f"{table}/{part.name}", hint="deliver the partition again") from error  # fmt: skip
