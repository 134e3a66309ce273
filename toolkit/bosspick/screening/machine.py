"""What DuckDB says when the machine, not what was asked, is at fault: no memory or no disk left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bosspick.errors import FindingError, OutputError

__all__ = ["enough", "nothing_half_written"]

#: How its message names a file, inside a text of its own or not.
_FILE = re.compile(r'file \\?"([^"\\]+)')


@contextmanager
def enough() -> Iterator[None]:
    """Say plainly that memory or disk do not suffice."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise FindingError(f"the memory does not suffice: {str(error).strip().splitlines()[0][:300]}",
                           hint="free memory or disk, or deliver smaller partitions") from error  # fmt: skip
    except duckdb.IOException as error:
        if "No space left" not in str(error):
            raise
        named = _FILE.search(str(error))
        raise OutputError("the disk is full", where=str(Path(named[1]).parent) if named else None,
                          hint="free some space and run it again; what was kept before is still good") from error  # fmt: skip


@contextmanager
def nothing_half_written(part: Path) -> Iterator[None]:
    """Leave no file behind that was not written to its end."""
    try:
        yield
    except BaseException:
        part.unlink(missing_ok=True)
        raise
