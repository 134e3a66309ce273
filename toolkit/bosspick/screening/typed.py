"""A feed's Parquet columns as the validated tables hold them, row by row checked, without reading them into Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bosspick.errors import TableError
from bosspick.intake.schema import MOST_YUAN
from bosspick.tables import TABLES, UNITS, Column, Table

if TYPE_CHECKING:
    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir

__all__ = ["REFUSED", "bad_quote", "sound_promotions", "typed_rows", "written_promotions"]

#: Why a row of a feed is set aside, and what to do.
REFUSED = {
    "NO_ID": ("has no quote_id", "give each quote its own id"),
    "NO_CHANNEL": ("has no channel", "say where it was seen"),
    "BAD_PRICE": ("display_price is empty, not above zero or above a billion yuan", "give the price shown"),
    "BAD_SHIPPING": ("shipping is below zero or above a billion yuan", "leave it empty if unknown"),
    "NO_RATE": ("its currency has no rate to CNY", "give the price in CNY, or a rate in policy.toml"),
    "NO_MOMENT": ("has no seen_at", "say when it was captured"),
    "BAD_GRADE": ("grade is none of A, B, C, D", "use one of A, B, C, D"),
    "BAD_UNIT": ("spec_unit is no unit this toolkit knows", "use ml, l, g, kg, m, cm or piece"),
    "BAD_SPEC": ("spec_amount or pack_count is not above zero", "leave it empty if unknown"),
    "LONG_TITLE": ("title is empty or longer than 2,000 characters", "write plain text of at most 2,000 characters"),
}
_LONGEST = 2000


def typed_rows(
    table: str, rows: ir.Table, where: str, zone: ZoneInfo, around: datetime, *, number: str | None = None
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

    Raises
    ------
    TableError
        A needed column is missing, or one is of another kind: the partition's schema is another one.
    """
    schema = TABLES[table]
    columns: dict[str, ir.Value] = {} if number is None else {number: rows[number]}
    for column, value in _written(schema, rows, where, () if number is None else ("quote_id",)):
        columns[column.stored] = _null(column) if value is None else _typed(value, column, schema, where, zone, around)
    return rows.select(**columns)


def written_promotions(rows: ir.Table, where: str) -> ir.Table:
    """Promotions by the dictionary's names: quote_id typed, all else a price depends on as it is written."""
    schema = TABLES["promotions"]
    written = _written(schema, rows, where, ("funder",))
    found = {column.name: value for column, value in written if value is not None}
    return rows.select(**found | {"quote_id": _text(found["quote_id"], schema.column("quote_id"), schema, where)})


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


def _typed(value: ir.Value, column: Column, schema: Table, where: str, zone: ZoneInfo, around: datetime) -> ir.Value:
    kind: dt.DataType = value.type()
    if kind.is_null():
        return _null(column)
    if column.kind == "money" and (kind.is_numeric()):
        if kind.is_integer():
            return value.cast("int64") * 100
        cents = value * 100
        return (cents if kind.is_decimal() and (kind.scale or 0) <= 2 else cents.round(0)).cast("int64")
    if column.kind == "count" and kind.is_integer():
        return value.cast("int64")
    if column.kind in ("number", "rate") and kind.is_numeric():
        return value.cast("float64")
    if column.kind == "flag" and kind.is_boolean():
        return value
    if column.kind == "moment" and kind.is_timestamp():
        return _in_utc(value, zone, around) if kind.timezone is None else value.cast("timestamp")
    if column.kind in ("id", "text", "unit", "choice"):
        return _text(value, column, schema, where)
    raise _other_schema(schema, column, where, f"is {kind}, not {_WANTED[column.kind]}")


def _text(value: ir.Value, column: Column, schema: Table, where: str) -> ir.Value:
    kind: dt.DataType = value.type()
    if kind.is_null():
        return _null(column)
    if not (kind.is_string() or kind.is_integer()):
        raise _other_schema(schema, column, where, f"is {kind}, not text")
    return value.cast("string").nullif("")


_WANTED = {"money": "a decimal number of yuan", "count": "a whole number", "number": "a number", "rate": "a number",
           "flag": "a boolean", "moment": "a timestamp"}  # fmt: skip


def _other_schema(schema: Table, column: Column, where: str, what: str) -> TableError:
    return TableError(
        f"has another schema: column {column.name} {what}", where=f"{schema.name}/{where}",
        hint="write all partitions with the columns of docs/data.md; the week is not judged without this one",
    )  # fmt: skip


def _in_utc(local: ir.TimestampValue, zone: ZoneInfo, around: datetime) -> ir.TimestampValue:
    """Local moments to UTC, by the offsets the zone has had; an hour that occurs twice is taken as the earlier one."""
    import ibis

    changes = _changes(zone, around)
    seconds = local.epoch_seconds()
    offset: ir.IntegerValue = ibis.literal(changes[0][1], "int64")
    if len(changes) > 1:
        offset = ibis.cases(
            *((seconds >= since + before, after) for (_, before), (since, after) in reversed(list(pairwise(changes)))),
            else_=changes[0][1],
        ).cast("int64")
    return (seconds - offset).as_timestamp("s").cast("timestamp")


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


def bad_quote(quotes: ir.Table, rates: Iterable[str]) -> ir.StringValue:
    """Key of ``REFUSED`` for each typed quote that cannot be used, null for the others."""
    import ibis

    price, paid = quotes.display_price_fen, quotes.shipping_fen
    most = MOST_YUAN * 100
    return ibis.cases(
        (quotes.quote_id.isnull(), "NO_ID"),
        (quotes.channel.isnull(), "NO_CHANNEL"),
        (price.isnull() | (price < 1) | (price > most), "BAD_PRICE"),
        ((paid < 0) | (paid > most), "BAD_SHIPPING"),
        (~quotes.currency.isin(["CNY", *rates]) | quotes.currency.isnull(), "NO_RATE"),
        (quotes.seen_at.isnull(), "NO_MOMENT"),
        (~quotes.grade.isin(list("ABCD")) | quotes.grade.isnull(), "BAD_GRADE"),
        (quotes.title.isnull() | (quotes.title.length() > _LONGEST), "LONG_TITLE"),
        (quotes.spec_unit.notnull() & ~quotes.spec_unit.lower().isin(list(UNITS)), "BAD_UNIT"),
        ((quotes.spec_amount <= 0) | (quotes.pack_count < 1) | (quotes.pack_count > 100_000), "BAD_SPEC"),
        else_=None,
    )


def sound_promotions(promotions: ir.Table) -> ir.Table:
    """Promotions of which what cannot be is made unknown: a price must not look dearer for want of a readable term.

    Returns
    -------
    Table
        The rows with a column readable; of the others the step, kind and terms count as unconfirmed and incomplete.
    """
    schema = TABLES["promotions"]
    choices = {name: list(schema.column(name).choices) for name in ("step", "kind", "audience")}
    most = MOST_YUAN * 100
    money = [(promotions[name] >= 0).fill_null(True) & (promotions[name] <= most).fill_null(True)
             for name in ("threshold_fen", "amount_fen", "cap_fen", "deposit_fen")]  # fmt: skip
    parts = [promotions[name].isin(values).fill_null(False) for name, values in choices.items()]
    parts += [*money, promotions.rate.between(0, 1).fill_null(True), promotions.confirmed.notnull()]
    readable = parts[0]
    for part in parts[1:]:
        readable = readable & part
    promotions = promotions.mutate(readable=readable)
    readable = promotions.readable
    return promotions.mutate(
        step=promotions.step.isin(choices["step"]).fill_null(False).ifelse(promotions.step, "1"),
        kind=readable.ifelse(promotions.kind, "amount"),
        audience=promotions.audience.isin(choices["audience"]).fill_null(False).ifelse(promotions.audience, "public"),
        amount_fen=readable.ifelse(promotions.amount_fen, None),
        threshold_fen=readable.ifelse(promotions.threshold_fen, None),
        cap_fen=readable.ifelse(promotions.cap_fen, None),
        confirmed=readable & promotions.confirmed.fill_null(False),
    )
