"""A week's quotes as a feed: Parquet partitions, each with its promotions under the same name beside it.

::

    2026-W48/quotes/2026-11-27.parquet          promotions/2026-11-27.parquet
    2026-W48/quotes/day=2026-11-28/*.parquet    promotions/day=2026-11-28/*.parquet

Columns have the names and kinds of the data dictionary; money is a decimal or a number in yuan, flags are booleans,
moments are timestamps. Such a feed is never read into memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bosspick.errors import TableError

__all__ = ["Partition", "find_partitions", "is_feed", "last_capture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """One delivery of quotes.

    Attributes
    ----------
    name
        Name of its file or folder without ending.
    quotes, promotions
        Where it lies; promotions is None when it has none.
    stamp
        What changes when its files change: names, sizes and times.
    """

    name: str
    quotes: str
    promotions: str | None
    stamp: str


def is_feed(folder: Path) -> bool:
    """Whether a week's folder keeps its quotes as a feed."""
    home = folder / "quotes"
    return home.is_dir() and next(home.rglob("*.parquet"), None) is not None


def find_partitions(folder: Path) -> tuple[Partition, ...]:
    """The partitions of a local feed, by name.

    Raises
    ------
    TableError
        A file of promotions has no quotes beside it.
    """
    quotes = {_name(path): path for path in _deliveries(folder / "quotes")}
    promotions = {_name(path): path for path in _deliveries(folder / "promotions")}
    lonely = sorted(promotions.keys() - quotes.keys())
    if lonely:
        raise TableError(
            "holds promotions for no quotes", where=f"promotions/{promotions[lonely[0]].name}",
            hint=f"give it the name of its quotes' partition: one of {', '.join(sorted(quotes)[:3])} …",
        )  # fmt: skip
    return tuple(
        Partition(
            name=name,
            quotes=str(path),
            promotions=str(promotions[name]) if name in promotions else None,
            stamp="|".join(_stamps([path, *([promotions[name]] if name in promotions else [])])),
        )
        for name, path in sorted(quotes.items())
    )


def last_capture(partitions: Iterable[Partition], zone: ZoneInfo) -> datetime | None:
    """The latest seen_at the files' own statistics state, None where they state none.

    Parameters
    ----------
    partitions
        What to look at.
    zone
        Time zone of moments without offset.

    Raises
    ------
    TableError
        A file is truncated or no Parquet at all.
    """
    import pyarrow.parquet as pq

    latest: datetime | None = None
    for partition in partitions:
        for path in _files(Path(partition.quotes)):
            try:
                found = pq.ParquetFile(path)
            except Exception as error:
                raise TableError(f"is no whole Parquet file: {_first_line(error)}", where=path.name,
                                 hint="deliver it again; nothing of the week is judged without it") from error  # fmt: skip
            for stated in _maxima(found):
                each = stated if stated.tzinfo is not None else stated.replace(tzinfo=zone)
                latest = each if latest is None or each > latest else latest
            found.close()
    return latest


def _maxima(found: Any) -> list[datetime]:
    names = found.schema_arrow.names
    place = next((names.index(name) for name in _SEEN_AT if name in names), None)
    if place is None:
        return []
    groups = (found.metadata.row_group(group).column(place).statistics for group in range(found.metadata.num_row_groups))
    return [each.max for each in groups if each is not None and each.has_min_max and isinstance(each.max, datetime)]


_SEEN_AT = ("seen_at", "采集时间", "抓取时间")


def _deliveries(home: Path) -> list[Path]:
    if not home.is_dir():
        return []
    found = [path for path in home.iterdir() if not path.name.startswith((".", "_"))]
    return [path for path in found if path.suffix == ".parquet" or (path.is_dir() and _files(path))]


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.parquet")) if path.is_dir() else [path]


def _name(path: Path) -> str:
    return path.name.removesuffix(".parquet")


def _stamps(paths: Iterable[Path]) -> list[str]:
    found = []
    for path in paths:
        for file in _files(path):
            status = file.stat()
            found.append(f"{file.name}:{status.st_size}:{status.st_mtime_ns}")
    return found


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
