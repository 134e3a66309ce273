"""Specs and packs read from titles where the columns are empty, as expressions for any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.screening.title_patterns import (
    BLOCK,
    CONTENT,
    CORE,
    DIGITS,
    FOLD_FROM,
    FOLD_TO,
    GIFT,
    GIVEN,
    LONGEST,
    MENTION,
    NOISE,
    NUMERALS,
    OTHER,
    PACKS,
    TIMES,
    TOTAL,
)
from bosspick.tables import UNITS

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["with_title_specs"]

_COLUMNS = ("spec_amount", "spec_unit", "pack_count")


def with_title_specs(table: ir.Table) -> ir.Table:
    """Fill empty specs and packs from the titles.

    Only what a title says once and plainly is read: ranges, bundles, choices and model numbers give nothing, and
    neither does a title that contradicts a column that is filled. Filled columns stay as they are.

    Parameters
    ----------
    table
        Any table with the columns title (string; its first 2,000 characters are looked at), spec_amount (float64),
        spec_unit (string; a key of :data:`bosspick.tables.UNITS` in any case) and pack_count (int64), each null
        where it is unknown.

    Returns
    -------
    Table
        The same columns and rows, where a filled amount is in the unit of its row and a filled unit is a base unit
        (ml, g, m or piece); and spec_from (string), the words of the title they were read from, null where nothing
        was filled.

    Examples
    --------
    >>> import ibis
    >>> rows = {"title": ["酱油 1.5L×2瓶", "面膜 25-30ml"], "spec_amount": [None] * 2, "spec_unit": [None] * 2,
    ...         "pack_count": [None] * 2}
    >>> types = {"title": "string", "spec_amount": "float64", "spec_unit": "string", "pack_count": "int64"}
    >>> filled = with_title_specs(ibis.memtable(rows, schema=types)).drop("title").to_pyarrow().to_pylist()
    >>> [list(row.values()) for row in filled]
    [[1500.0, 'ml', 2, '1.5L×2瓶'], [None, None, None, None]]
    """
    rows = _with_mentions(table)
    rows = _with_parts(rows)
    return _filled(rows, table.columns)


def _with_mentions(table: ir.Table) -> ir.Table:
    """Columns ``_first`` and ``_second``: the mentions of titles that are needed and plain, null elsewhere."""
    import ibis

    empty = table.spec_amount.isnull() | table.spec_unit.isnull() | table.pack_count.isnull()
    # Nothing below is computed from a null, so titles of rows that lack nothing are never searched.
    rows = table.mutate(_start=empty.ifelse(table.title.substr(0, LONGEST), None))
    rows = rows.mutate(_text=ibis.literal(" ") + rows._start.translate(FOLD_FROM, FOLD_TO) + ibis.literal(" "))
    plain = rows._text.re_search(MENTION) & ~rows._text.re_search(BLOCK)
    rows = rows.mutate(_quiet=plain.ifelse(rows._text, None).re_replace(NOISE, "|"))
    rows = rows.mutate(_place=rows._quiet.re_extract(MENTION, 0))
    rows = rows.mutate(_rest=_without(rows._quiet, rows._place))
    rows = rows.mutate(_place_2=rows._rest.re_extract(MENTION, 0))
    rows = rows.mutate(_rest=_without(rows._rest, rows._place_2))
    clear = ~rows._rest.re_search(OTHER)
    rows = rows.mutate(_first=clear.ifelse(_core(rows._place), None), _second=clear.ifelse(_core(rows._place_2), None))
    return rows.mutate(_second=(rows._second == rows._first).ifelse("", rows._second))


def _without(text: ir.StringValue, place: ir.StringValue) -> ir.StringValue:
    """A text without a mention; what stands on either side of it may be part of another one, and stays."""
    # What is taken out is never empty: the engines disagree on replacing nothing.
    found = place.nullif("").fill_null("  ")
    return text.replace(found, found.substr(0, 1) + "|" + found.substr(found.length() - 1, 1))


def _core(place: ir.StringValue) -> ir.StringValue:
    return place.substr(1).re_extract(CORE, 0)


def _with_parts(rows: ir.Table) -> ir.Table:
    """Columns ``_number``, ``_written`` (unit as written), ``_packs`` and ``_from``; null where nothing is said."""
    import ibis

    def gift(text: ir.StringValue) -> ir.BooleanValue:
        return text.startswith("买") | text.startswith("拍")

    def packs(text: ir.StringValue) -> ir.BooleanValue:
        return text.replace(" ", "").re_search(PACKS)

    # Two mentions go together only when one of them is 买一送一 or the like, or nothing but packs.
    one_gift = gift(rows._first) | gift(rows._second)
    apart = ~one_gift & (rows._second != "") & ~rows._text.re_search(GIVEN)
    first_aside = one_gift.ifelse(gift(rows._first), apart & packs(rows._first))
    second_aside = one_gift.ifelse(gift(rows._second), apart & packs(rows._second))
    one_aside = first_aside | second_aside
    rows = rows.mutate(
        _aside=one_aside.ifelse(first_aside.ifelse(rows._first, rows._second), "").replace(" ", ""),
        _main=one_aside.ifelse(first_aside.ifelse(rows._second, rows._first), rows._first).replace(" ", ""),
        _sound=((rows._second == "") | (first_aside != second_aside)) & (rows._first != ""),
    )
    only, times = rows._main.re_search(PACKS), rows._main.re_search(TIMES)

    def part(of_times: int, of_content: int) -> ir.StringValue:
        return times.ifelse(rows._main.re_extract(TIMES, of_times), rows._main.re_extract(CONTENT, of_content))

    rows = rows.mutate(
        _number=only.ifelse(None, part(2, 1)).nullif("").cast("float64"),
        _written=only.ifelse(None, part(3, 2)).nullif("").lower(),
        _packs=_count(only.ifelse(rows._main.re_extract(PACKS, 1), part(1, 3))),
        _counted=ibis.coalesce(
            _count(rows._aside.re_extract(GIFT, 1)) + _count(rows._aside.re_extract(GIFT, 2)),
            _count(rows._aside.re_extract(TOTAL, 1)),
            _count(rows._aside.re_extract(PACKS, 1)),
        ),
    )
    sound = rows._sound & (rows._counted.isnull() | rows._packs.isnull())
    second = (rows._second == "").ifelse("", ibis.literal(" ") + _as_written(rows, rows._second))
    return rows.mutate(
        _number=sound.ifelse(rows._number, None),
        _written=sound.ifelse(rows._written, None),
        _packs=sound.ifelse(ibis.coalesce(rows._counted, rows._packs), None),
        _from=sound.ifelse(_as_written(rows, rows._first) + second, None),
    )


def _count(digits: ir.StringValue) -> ir.IntegerValue:
    return digits.nullif("").replace("十", "10").translate(NUMERALS, DIGITS).cast("int64")


def _as_written(rows: ir.Table, core: ir.StringValue) -> ir.StringValue:
    # One character was folded to one, and one blank was put before: places are the same but for that.
    return rows._start.substr(rows._text.find(core) - 1, core.length())


def _filled(rows: ir.Table, names: tuple[str, ...]) -> ir.Table:
    import ibis

    rows = rows.mutate(
        _base=_unit_base(rows._written),
        _amount=(rows._number * _unit_factor(rows._written)).round(6),
        _own_base=_unit_base(rows.spec_unit.lower()),
        _own_factor=_unit_factor(rows.spec_unit.lower()),
    )
    # An amount without a unit agrees with a title that says it in the base unit or as it is written.
    in_base = rows.spec_unit.isnull() & _near(rows.spec_amount, rows._amount)
    as_written = rows.spec_unit.isnull() & _near(rows.spec_amount, rows._number)
    same_amount = rows.spec_amount.isnull() | in_base | as_written | _near(rows.spec_amount * rows._own_factor, rows._amount)
    same_unit = rows.spec_unit.isnull() | (rows._own_base == rows._base)
    said = rows._amount.notnull()
    same_packs = rows.pack_count.isnull() | rows._packs.isnull() | (rows.pack_count == rows._packs)
    agrees = (said & same_amount & same_unit & same_packs).fill_null(False)
    # 12罐 alone may be the twelve pieces the columns speak of already.
    lone = ~said & rows._packs.notnull() & (rows._own_base.fill_null("") != "piece")
    rows = rows.mutate(
        _new_amount=(agrees & rows.spec_amount.isnull()).ifelse(rows._amount / rows._own_factor.fill_null(1.0), None),
        _new_unit=(agrees & rows.spec_unit.isnull()).ifelse(
            (rows.spec_amount.notnull() & ~in_base).ifelse(rows._written, rows._base), None
        ),
        _new_packs=((agrees | lone) & rows.pack_count.isnull()).ifelse(rows._packs, None),
    )
    anything = rows._new_amount.notnull() | rows._new_unit.notnull() | rows._new_packs.notnull()
    new = dict(zip(_COLUMNS, ("_new_amount", "_new_unit", "_new_packs"), strict=True))
    return rows.select(
        *(ibis.coalesce(rows[name], rows[new[name]]).name(name) if name in new else rows[name] for name in names),
        spec_from=anything.ifelse(rows._from, None),
    )


def _near(left: ir.FloatingValue, right: ir.FloatingValue) -> ir.BooleanValue:
    return ((left - right).abs() < 1e-6).fill_null(False)


def _unit_base(unit: ir.StringValue) -> ir.StringValue:
    return unit.cases(*((name, base) for name, (base, _) in UNITS.items()), else_=None)


def _unit_factor(unit: ir.StringValue) -> ir.FloatingValue:
    return unit.cases(*((name, factor) for name, (_, factor) in UNITS.items()), else_=None)
