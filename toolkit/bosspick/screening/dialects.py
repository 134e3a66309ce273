"""What both engines need of Ibis: exact whole numbers, selects kept apart, and Arrow columns every engine knows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["exact", "plain_types", "unfused"]

#: Ibis' options hold for the whole process.
_OPTIONS = threading.Lock()


def exact(compiler: Any) -> Any:
    """A compiler that divides whole numbers as whole numbers; Ibis goes through floating point, exact to 2**53 only."""
    import sqlglot.expressions as sge

    class Exact(type(compiler)):  # type: ignore[misc]
        __slots__ = ()

        def visit_FloorDivide(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802 - the visitor's name
            if op.left.dtype.is_integer() and op.right.dtype.is_integer():
                return sge.Paren(this=sge.IntDiv(this=sge.Paren(this=left), expression=sge.Paren(this=right)))
            return super().visit_FloorDivide(op, left=left, right=right)

        def visit_BitOr(self, op: Any, *, arg: Any, where: Any) -> Any:  # noqa: N802
            # Both engines have it; Ibis 12 knows of it in one of them only.
            del op
            return self.agg.bit_or(arg, where=where)

    return Exact()


@contextmanager
def unfused() -> Iterator[None]:
    """Keep selects apart: a price after four steps, fused into one, would be written out over two hundred times."""
    import ibis

    with _OPTIONS:
        before = ibis.options.sql.fuse_selects
        ibis.options.sql.fuse_selects = False
        try:
            yield
        finally:
            ibis.options.sql.fuse_selects = before


def plain_types(rows: pa.Table) -> pa.Table:
    """Spark knows neither columns without a type nor texts of 64-bit length."""
    import pyarrow as pa

    fields = []
    for field in rows.schema:
        kind = field.type
        if pa.types.is_null(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
            kind = pa.string()
        elif pa.types.is_timestamp(kind):
            kind = pa.timestamp("us")
        fields.append(pa.field(field.name, kind))
    return rows.cast(pa.schema(fields))
