"""A week's quotes as a feed: Parquet partitions, each with its promotions under the same name beside it.

::

    2026-W48/quotes/2026-11-27.parquet          promotions/2026-11-27.parquet
    2026-W48/quotes/day=2026-11-28/*.parquet    promotions/day=2026-11-28/*.parquet

Columns have the names and kinds of the data dictionary; money is a decimal or a number in yuan, flags are booleans,
moments are timestamps. Such a feed is never read into memory as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bosspick.errors import TableError

__all__ = ["FIRST_MOMENT", "LAST_MOMENT", "Partition", "find_partitions", "is_feed", "last_capture"]

#: The moments at which something may have been captured, the years of a table's moments: others are mistyped.
FIRST_MOMENT = datetime(1900, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


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
        A file of promotions has no quotes beside it, or a partition lies there twice, as a file and as a folder.
    """
    quotes, promotions = (_by_name(folder / table) for table in ("quotes", "promotions"))
    lonely = sorted(promotions.keys() - quotes.keys())
    if lonely:
        raise TableError(
            "holds promotions for no quotes", where=f"promotions/{lonely[0]}",
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
    """The latest seen_at that may be one, None where there is none.

    The files' own statistics state it. Where they do not, or state a moment that cannot be one, the column is read.

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
    found = [each for partition in partitions for path in _files(Path(partition.quotes))
             for each in _latest_of(path, partition.name, zone)]  # fmt: skip
    return max(found, default=None)


def _latest_of(path: Path, partition: str, zone: ZoneInfo) -> list[datetime]:
    """The latest moment of each row group of a file that has one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Moments of 96 bits reach further than nanoseconds of 64 do.
        with pq.ParquetFile(path, coerce_int96_timestamp_unit="us") as file:
            return list(_maxima(file, zone))
    except (pa.ArrowException, OSError) as error:
        raise TableError(f"is no whole Parquet file: {_first_line(error)}", where=f"quotes/{partition}",
                         hint="deliver it again; nothing of the week is judged without it") from error  # fmt: skip


def _maxima(file: Any, zone: ZoneInfo) -> Iterator[datetime]:
    import pyarrow as pa

    paths = [file.metadata.schema.column(place).path for place in range(file.metadata.num_columns)]
    place = next((place for place, path in enumerate(paths) if path.strip().casefold() in _SEEN_AT), None)
    if place is None or not pa.types.is_timestamp(file.schema_arrow.field(paths[place]).type):
        return
    kind = file.schema_arrow.field(paths[place]).type
    for group in range(file.metadata.num_row_groups):
        latest = _stated(file.metadata.row_group(group).column(place), file.schema.column(place))
        if latest is None:
            latest = _latest(file.read_row_group(group, columns=[paths[place]]).column(0))
        if latest is not None:
            yield latest.replace(tzinfo=UTC if kind.tz is not None else zone)


def _stated(chunk: Any, column: Any) -> datetime | None:
    """The latest moment as a chunk's statistics state it, as if in UTC; None where they do not, or it cannot be one."""
    statistics = chunk.statistics
    if statistics is None or not statistics.has_min_max or column.physical_type != "INT64":
        return None
    a_second = _PER_SECOND[json.loads(column.logical_type.to_json()).get("timeUnit", "")]
    return _possible(statistics.max_raw, a_second)


def _latest(moments: Any) -> datetime | None:
    """The latest of a column's moments that may be one, as if in UTC."""
    import pyarrow as pa
    import pyarrow.compute as pc

    a_second = _A_SECOND[moments.type.unit]
    numbers = moments.cast(pa.int64())
    first, last = (int(each.timestamp() * a_second) for each in (FIRST_MOMENT, LAST_MOMENT))
    numbers = numbers.filter(pc.and_(pc.greater_equal(numbers, first), pc.less_equal(numbers, last)))
    most = pc.max(numbers).as_py()
    return None if most is None else _possible(most, a_second)


def _possible(number: int, a_second: int) -> datetime | None:
    """A moment counted from 1970 on in so many parts of a second; None out of range."""
    microseconds = number * 1_000_000 // a_second
    if not _since_1970(FIRST_MOMENT) <= microseconds <= _since_1970(LAST_MOMENT):
        return None
    return _EPOCH + timedelta(microseconds=microseconds)


def _since_1970(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEEN_AT = ("seen_at", "采集时间", "抓取时间")
#: What moments are counted in, a second's worth of it.
_A_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_PER_SECOND = {"milliseconds": _A_SECOND["ms"], "microseconds": _A_SECOND["us"], "nanoseconds": _A_SECOND["ns"]}


def _by_name(home: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in _deliveries(home):
        other = found.setdefault(_name(path), path)
        if other is not path:
            raise TableError("lies there twice, as a file and as a folder", where=f"{home.name}/{_name(path)}",
                             hint="keep one of them, or give the other a name of its own")  # fmt: skip
    return found


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
