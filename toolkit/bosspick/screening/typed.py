"""A feed's Parquet columns as the validated tables hold them, without reading them into Python.

What no row may hold becomes a value out of every range, so that :mod:`.sound` can name its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bosspick.errors import TableError
from bosspick.intake.barcodes import BARCODE_CUT, BARCODE_DRESS
from bosspick.intake.partitions import FIRST_MOMENT, LAST_MOMENT
from bosspick.intake.schema import MOST_YUAN
from bosspick.tables import TABLES, Column, Table

if TYPE_CHECKING:
    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir

__all__ = ["MOST_CONTENT", "loose_texts", "typed_rows", "written_promotions"]

#: As many digits as a spec may have in a table.
MOST_CONTENT = 1e12
#: What stands for a number no row may hold: out of every range, and no null, because a null would mean "not known".
_IMPOSSIBLE = -1
#: Digits up to which a decimal times 100 fits whatever it is; decimal places up to which one of a billion does.
_SAFE_DIGITS, _SAFE_PLACES = 16, 6
#: What Python's ``str.strip`` takes off the ends of a table's cells, inside a regular expression's brackets. Of ASCII by
#: number: Spark reads a form feed in a text as an f.
_BLANKS = (
    r"\x09-\x0D\x1C-\x20\x85\xA0"
    "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_NO_DIGIT = "[^0-9]"
_CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F]"


def typed_rows(
    table: str,
    rows: ir.Table,
    where: str,
    zone: ZoneInfo,
    around: datetime,
    *,
    number: str | None = None,
    loose: bool = True,
) -> ir.Table:
    """Columns of a table by its dictionary: money in fen, moments in UTC without offset, missing ones null.

    Parameters
    ----------
    table
        ``quotes`` or ``promotions``.
    rows
        The partition's rows as they are.
    where
        Name of the partition, as messages show it.
    zone, around
        Time zone of moments without offset, and a moment near them (changes of the clock are looked up within 500 days).
    number
        Column that is kept and stands in the place of quote_id.
    loose
        Whether texts may have blanks at their ends or control characters, and barcode numbers more than digits; see
        :func:`loose_texts`.

    Raises
    ------
    TableError
        A needed column is missing, or one is of another kind: the partition's schema is another one.
    """
    schema = TABLES[table]
    columns: dict[str, ir.Value] = {} if number is None else {number: rows[number]}
    for column, value in _written(schema, rows, where, () if number is None else ("quote_id",)):
        columns[column.stored] = (
            _null(column) if value is None else _typed(value, column, schema, where, zone, around, loose=loose)
        )
    return rows.select(**columns)


def loose_texts(table: str, rows: ir.Table, where: str) -> ir.Table:
    """One row, one column: whether some text may have blanks at its ends or control characters, a barcode more than digits.

    Nearly no partition has any. Asking once costs less than taking them off each time its rows are read.
    """
    import ibis

    found = ibis.literal(False)
    for column, value in _written(TABLES[table], rows, where, ("url",)):
        if value is not None and value.type().is_string():
            found = found | _found(value, _ends(column)).any().fill_null(False)
    return rows.aggregate(loose=found)


def written_promotions(rows: ir.Table, where: str, *, loose: bool) -> ir.Table:
    """Promotions by the dictionary's names: quote_id typed, all else a price depends on as it is written."""
    schema = TABLES["promotions"]
    written = _written(schema, rows, where, ("funder",))
    found = {column.name: value for column, value in written if value is not None}
    quote_id = _text(found["quote_id"], schema.column("quote_id"), schema, where, loose=loose)
    return rows.select(**found | {"quote_id": quote_id})


def _written(schema: Table, rows: ir.Table, where: str, without: Sequence[str]) -> Iterator[tuple[Column, ir.Value | None]]:
    """The columns asked for with what is written in them, None where an optional one is missing."""
    names = {str(name).strip().casefold(): name for name in rows.columns}
    for column in schema.columns:
        if column.name in without:
            continue
        written = next((names[each.casefold()] for each in (column.name, *column.zh) if each.casefold() in names), None)
        if written is None and column.required:
            raise _other_schema(schema, column, where, "is missing")
        yield column, None if written is None else rows[written]


def _null(column: Column) -> ir.Value:
    import ibis

    kinds = {
        "money": "int64",
        "count": "int64",
        "number": "float64",
        "rate": "float64",
        "flag": "boolean",
        "moment": "timestamp",
    }
    return ibis.null(kinds.get(column.kind, "string"))


def _typed(
    value: ir.Value, column: Column, schema: Table, where: str, zone: ZoneInfo, around: datetime, *, loose: bool
) -> ir.Value:
    kind: dt.DataType = value.type()
    if kind.is_null():
        return _null(column)
    if column.kind == "money" and (kind.is_numeric()):
        return _fen(value)
    if column.kind == "count" and kind.is_integer():
        return _possible(value, MOST_YUAN).try_cast("int64") if kind.is_uint64() else value.cast("int64")
    if column.kind in ("number", "rate") and kind.is_numeric():
        return _possible(value.cast("float64"), 1 if column.kind == "rate" else MOST_CONTENT)
    if column.kind == "flag" and kind.is_boolean():
        return value
    if column.kind == "moment" and kind.is_timestamp():
        return _in_utc(value, zone, around) if kind.timezone is None else value.cast("timestamp")
    if column.kind in ("id", "barcode", "text", "unit", "choice"):
        return _text(value, column, schema, where, loose=loose)
    raise _other_schema(schema, column, where, f"is {kind}, not {_WANTED[column.kind]}")


def _fen(yuan: ir.NumericValue) -> ir.IntegerValue:
    """Yuan to fen; what cannot be a price becomes ``_IMPOSSIBLE`` yuan before anything could overflow.

    Where a cast could fail it is tried only: see :func:`_possible`.
    """
    import ibis.expr.datatypes as dt

    kind = yuan.type()
    if kind.is_integer():
        return (_possible(yuan, MOST_YUAN).try_cast("int64") if kind.nbytes >= 8 else yuan.cast("int64")) * 100
    places = (kind.scale or 0) if kind.is_decimal() else None
    if places is not None and (kind.precision or 38) <= _SAFE_DIGITS:
        cents = yuan * 100
        return (cents if places <= 2 else cents.round(0)).cast("int64")
    if places is not None and places > _SAFE_PLACES:
        yuan = yuan.cast(dt.Decimal(38, min(places, 18)))
    cents = _possible(yuan, MOST_YUAN) * 100
    return (cents if places is not None and places <= 2 else cents.round(0)).try_cast("int64")


def _possible(value: ir.NumericValue, most: float) -> ir.NumericValue:
    """The number where it is between zero and ``most``, else one that is not; null stays null.

    Of floating numbers every one is brought near: NaN, which by a file's statistics is not there, and the words of a
    dictionary that no row has any more, which DuckDB casts nevertheless.
    """
    import ibis

    kind = value.type()
    if kind.is_floating():
        near = ibis.least(ibis.greatest(value, float(_IMPOSSIBLE)), most + 1.0)
        # To Ibis' Spark NaN is null as well.
        return (value.isnull() & ~value.isnan().fill_null(False)).ifelse(ibis.null(near.type()), near)
    other = ibis.literal(_IMPOSSIBLE) if kind.is_integer() else ibis.literal(_IMPOSSIBLE).cast(kind)
    return (~value.between(0, most)).ifelse(other, value)


def _text(value: ir.Value, column: Column, schema: Table, where: str, *, loose: bool) -> ir.Value:
    import ibis

    kind: dt.DataType = value.type()
    if kind.is_null():
        return _null(column)
    if not (kind.is_string() or kind.is_integer()):
        raise _other_schema(schema, column, where, f"is {kind}, not text")
    text = value.cast("string")
    if not loose or kind.is_integer():
        return text.nullif("")
    if column.kind == "barcode":
        return _barcode(text)
    if column.name in ("quote_id", "channel"):
        text = _found(text, _CONTROL).ifelse(ibis.null("string"), text)
    return _found(text, _ends(column)).ifelse(text.re_replace(f"^[{_BLANKS}]+|[{_BLANKS}]+$", ""), text).nullif("")


def _barcode(text: ir.StringValue) -> ir.StringValue:
    """Barcode numbers as :func:`bosspick.intake.barcodes.read_barcodes` reads them; most are plain digits, and stay."""
    import ibis

    half = text.translate("０１２３４５６７８９．－＇", "0123456789.-'").re_replace(f"^[{_BLANKS}]+|[{_BLANKS}]+$", "")
    bare = half.re_replace(BARCODE_DRESS, "")
    read = ibis.cases((_found(bare, "^[0-9]+$"), bare), (_found(half, BARCODE_CUT), ibis.null("string")), else_=half)
    return _found(text, _NO_DIGIT).ifelse(read, text).nullif("")


def _found(text: ir.StringValue, pattern: str) -> ir.BooleanValue:
    """Whether something in the text meets the pattern; asked this way DuckDB looks once at each word of a dictionary."""
    return text.re_extract(pattern, 0) != ""


def _ends(column: Column) -> str:
    """What only a text meets that may have blanks at its ends, or control characters: an id seldom has other letters.

    A barcode number may be written with more than digits.
    """
    if column.kind == "barcode":
        return _NO_DIGIT
    return "[^!-~]" if column.kind == "id" else f"^[{_BLANKS}]|[{_BLANKS}]$|{_CONTROL}"


_WANTED = {"money": "a decimal number of yuan", "count": "a whole number", "number": "a number", "rate": "a number",
           "flag": "a boolean", "moment": "a timestamp"}  # fmt: skip


def _other_schema(schema: Table, column: Column, where: str, what: str) -> TableError:
    return TableError(
        f"has another schema: column {column.name} {what}", where=f"{schema.name}/{where}",
        hint="write all partitions with the columns of docs/data.md; the week is not judged without this one",
    )  # fmt: skip


def _in_utc(local: ir.TimestampValue, zone: ZoneInfo, around: datetime) -> ir.TimestampValue:
    """Local moments to UTC, by the offsets the zone has had; an hour that occurs twice is taken as the earlier one.

    A moment out of range becomes the one before the first that may be: nothing can be taken off the last one there is.
    """
    import ibis

    changes = _changes(zone, around)
    first, last = (ibis.literal(each.replace(tzinfo=None)) for each in (FIRST_MOMENT, LAST_MOMENT))
    seconds = (~local.between(first, last)).ifelse(int(FIRST_MOMENT.timestamp()) - _DAY_S, local.epoch_seconds())
    offset: ir.IntegerValue = ibis.literal(changes[0][1], "int64")
    if len(changes) > 1:
        offset = ibis.cases(
            *((seconds >= since + before, after) for (_, before), (since, after) in reversed(list(pairwise(changes)))),
            else_=changes[0][1],
        ).cast("int64")
    return (seconds - offset).as_timestamp("s").cast("timestamp")


_DAY_S = 86_400


def _changes(zone: ZoneInfo, around: datetime) -> list[tuple[int, int]]:
    """Moments (epoch seconds) from which an offset (seconds) holds, the first one open to the past."""
    day = timedelta(days=1)
    found: list[tuple[int, int]] = []
    for place in range(-500, 501):
        at = around + place * day
        offset = int((at.astimezone(zone).utcoffset() or timedelta()).total_seconds())
        if not found:
            found.append((int(at.timestamp()), offset))
        elif offset != found[-1][1]:
            low, high = int((at - day).timestamp()), int(at.timestamp())
            while high - low > 1:
                middle = (low + high) // 2
                same = datetime.fromtimestamp(middle, zone).utcoffset() == timedelta(seconds=found[-1][1])
                low, high = (middle, high) if same else (low, middle)
            found.append((high, offset))
    return found
