"""Where tables lie and what they hold as Markdown, for ``docs/data.md``: the columns are made from the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bosspick.tables import TABLES, Table

__all__ = ["data_dictionary"]

_PLACES = """\
# Data dictionary

Made by `python -m bosspick.tables`. Confidential columns are marked ●.

## Where tables lie

```
my-room/
  policy.toml                                            thresholds, rules, pots: docs/policy.md
  stores.csv  brands.csv  authorisations.csv             standing tables, the same for every week
  calendar.csv
  history/airings.csv                                    past shows
  wording.csv  wording_signed.csv                        words on air, see the end
  2026-W48/                                              one folder for each ISO week
    offers.csv  quotes.csv  promotions.csv  wishes.csv
```

A table is one file named like it, in small letters, ending in `.csv`, `.xlsx`, `.xlsm` or `.parquet`. It is looked for in the
week's folder, then in the room's, then in `history/`; the first one found counts, so a week may keep its own `stores.csv`. Two
files of one table in one folder are refused. Required tables must be there, and in them the columns marked as needed; all else
may be left out, and is then not known.
"""
_FORMATS = (
    (
        "CSV",
        "UTF-8 or GB18030, commas between the cells, the first row names the columns. What holds a comma "
        'stands in quotes, numbers too: `"1,099.00"`. A row in which a number seems torn apart at its comma '
        "is set aside",
    ),
    (
        "Excel",
        "one sheet, its first row names the columns: the sheet named like the table, else the one that has "
        "all needed columns. Formulas count by the value stored with them; of merged cells only the first "
        "has a value",
    ),
    ("Parquet", "one file a table, typed or as text"),
    (
        "Parquet partitions",
        "many quotes: files or folders in `2026-W48/quotes/`, each one's promotions under the same name in "
        "`2026-W48/promotions/`; typed: money as numbers in yuan, flags as booleans, moments as timestamps",
    ),
    ("a database", "tables of these names, those of a week with a column `session_id` such as `2026-W48`"),
)
_CHECK = """\
Headers are read in English or Chinese, whatever their case. `bosspick check my-room` says what is wrong, by file, row and
column.
"""
_KINDS = (
    ("id, text", "as it stands: `001` stays `001`, `NA` stays `NA`"),
    (
        "barcode",
        "digits; blanks, hyphens, an apostrophe before it and a `.0` behind it do not matter, nor do leading "
        "zeros where two are compared (a UPC of 12 digits is an EAN). A wrong check digit is said; a number "
        "cut to `6.9E+12` counts as none",
    ),
    ("money", "yuan, at most two decimals: `98.50`, `¥98`, `1,234.50`, `1.2万`"),
    ("count, number", "`5000`, `5,000`, `1.5万`; a count is whole"),
    ("rate", "a share from 0 to 1: `0.05` or `5%`"),
    ("date", "`2026-11-28`, `2026/11/28`, `2026年11月28日`"),
    ("moment", "`2026-11-27T18:00+08:00`; without an offset it is taken in the room's time zone"),
    ("clock", "`20:30`"),
    ("flag", "`yes` or `no`, `是` or `否`, `true`, `1` ..."),
    ("unit", "ml, l, g, kg, m, cm, piece, 毫升, 克, 个 ..."),
    ("words with `/` between them", "one of these"),
)
_DECIDES = """\
## What decides a pass

Where *decides* names a verdict, the verdict is UNKNOWN without a value, and an unknown never passes: an offer needs its
certificate's last day, its return rate, the units it ships a day and the days until all is shipped; a quote without shipping,
or of which nobody says that it is new and can be bought, proves no price. `bosspick check` notes such a column if it has no
value at all. Verdicts the policy switches off ask for nothing; `region` decides only where the policy names `regions`.
"""
_FILES = (
    (
        "wording.csv",
        "phrase, language (`zh` or `en`), kind, suggestion, source",
        "words that may not go on air as they are; beside `policy.toml`. It adds to the list that comes with "
        "the toolkit, and replaces its entries of the same phrase. May be left out",
    ),
    (
        "wording_signed.csv",
        "offer_id, phrase, who, why",
        "hits somebody answers for, beside `policy.toml` or in the week's folder. May be left out",
    ),
    (
        "facts.csv",
        "fact_id, value, unit, statement, trust, source",
        "figures of the field the policy's defaults rest on, in [seeds](../seeds/README.md). For people: "
        "nothing is computed from it",
    ),
)


def data_dictionary() -> str:
    """Where tables lie, what cells hold, all tables with their columns, and the other files of a room."""
    lines = [_PLACES, *_table(("format", "what is read"), _FORMATS), _CHECK]
    lines += ["## Kinds", "", *_table(("kind", "how it is written"), _KINDS), _DECIDES]
    for table in TABLES.values():
        need = "required" if table.required else "optional"
        lines += [f"## {table.name}", "", f"Key: {', '.join(table.key)}; {need}; {_span(table)}.", ""]
        lines += _table(("column", "kind", "needed", "decides", "Chinese headers read", "meaning"), _columns(table))
    lines += ["## Other files of a room", "", "CSV in UTF-8; every cell is to be filled in.", ""]
    return "\n".join([*lines, *_table(("file", "columns", "what for"), _FILES)])


def _columns(table: Table) -> Iterable[Sequence[str]]:
    for column in table.columns:
        name = f"{column.name}{' ●' if column.confidential else ''}"
        kind = " / ".join(column.choices) if column.kind == "choice" else column.kind
        yield name, kind, "yes" if column.required else "", column.decides, "、".join(column.zh), column.meaning


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [_row(head), "|---" * len(head) + "|", *(_row(cells) for cells in rows), ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _span(table: Table) -> str:
    return "one for each week" if table.weekly else "one for all weeks"
