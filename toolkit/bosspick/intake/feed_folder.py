"""A week whose quotes are a feed, seen from its folder: which tables lie in it, and when something was captured last."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from bosspick.errors import TableError
from bosspick.intake.partitions import find_partitions, last_capture
from bosspick.intake.reading import SUFFIXES

__all__ = ["IN_FEED", "last_seen", "refuse_tables_beside"]

#: Tables that a feed holds.
IN_FEED = ("quotes", "promotions")


def refuse_tables_beside(feed: Path) -> None:
    """Refuse a file that holds a table the feed holds: one of them would go unread."""
    for name in IN_FEED:
        found = [f"{name}{suffix}" for suffix in SUFFIXES if (feed / f"{name}{suffix}").is_file()]
        if found:
            names = " and ".join([f"{name if (feed / name).is_dir() else 'quotes'}/", *found])
            raise TableError(f"two files hold the table: {names}", where=str(feed),
                             hint="keep one of them; promotions of quotes in partitions lie in promotions/")  # fmt: skip


def last_seen(quotes: pd.DataFrame, feed: Path | None, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """The moment evidence is judged at: the last capture, rounded up to the hour and never after the show starts.

    Parameters
    ----------
    quotes
        The week's quotes as a table; not read where there is a feed.
    feed
        Folder of the partitions, if the quotes are a feed.
    starts_at
        Start of the show.
    zone
        Zone of moments that name none.
    """
    if feed is None:
        return _last_capture(quotes, starts_at)
    latest = last_capture(find_partitions(feed), zone)
    return starts_at if latest is None else _last_capture(pd.DataFrame({"seen_at": [pd.Timestamp(latest)]}), starts_at)


def _last_capture(quotes: pd.DataFrame, starts_at: datetime) -> datetime:
    if quotes.empty:
        return starts_at
    last: datetime = quotes["seen_at"].max().ceil("h").to_pydatetime()
    return min(last.astimezone(starts_at.tzinfo), starts_at)
