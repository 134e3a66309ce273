"""The rows of a feed that bear on a verdict, as tables: what is handed on as evidence of a week too large to hand on whole."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pandas as pd

from bosspick.intake import Week
from bosspick.intake.schema import DTYPES
from bosspick.screening.engine import open_engine
from bosspick.screening.feed import Feed
from bosspick.tables import TABLES

__all__ = ["bearing_week"]


def bearing_week(week: Week, quote_ids: Sequence[str]) -> Week:
    """A feed's week as one of tables, with these quotes and their promotions.

    Parameters
    ----------
    week
        A week with a feed.
    quote_ids
        ``Screening.bearing``. Beside them one quote of each title that is compared with others' comes along: how close two
        titles are depends on all there are.

    Returns
    -------
    Week
        The same verdicts come of it. Quotes under an id that stands for several never rank and are left out.
    """
    with closing(open_engine(threads=None)) as engine:
        feed = Feed(week, engine)
        ids = pd.Series(sorted({*quote_ids, *feed.titled()}), dtype="str")
        rows = feed.rows_of(ids)
    tables = {name: _as_validated(name, rows.get(name)) for name in ("quotes", "promotions")}
    return replace(week, tables={**week.tables, **tables}, feed=None)


def _as_validated(name: str, rows: pd.DataFrame | None) -> pd.DataFrame:
    columns = {column.stored: DTYPES[column.kind] for column in TABLES[name].columns}
    if rows is None:
        return pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in columns.items()})
    frame = rows[list(columns)].drop_duplicates()
    if name == "quotes":
        frame = frame[~frame["quote_id"].duplicated(keep=False)].assign(seen_at=frame["seen_at"].dt.tz_localize("UTC"))
    return frame.astype(columns).reset_index(drop=True)
