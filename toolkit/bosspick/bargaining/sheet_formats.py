"""How the workbooks look: formats, page set-up, and cells written so that text stays text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from bosspick.intake import Week

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["LINE", "MONEY", "Look", "file_name", "height_of", "look_of", "new_book", "page_name", "put", "set_up_page"]

MONEY = "¥#,##0.00"
#: Height of a line of text in points: spreadsheets differ in whether they make room for wrapped text by themselves.
LINE = 15
_A4 = 9
_FONT = {"font_name": "Noto Sans CJK SC", "font_size": 10, "valign": "vcenter"}
_INPUT = {"bg_color": "#FFF2CC", "border": 1, "border_color": "#BF9000", "locked": False}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "beside": {"text_wrap": True, "indent": 1},
    "top": {"text_wrap": True, "valign": "top"},
    # Read by the way back alone: there, and not shown.
    "stamp": {"num_format": ";;;"},
    "faint_money": {"font_color": "#7F7F7F", "num_format": MONEY},
    "run_on": {"indent": 1},
    "mark": {"align": "center"},
    "step": {"num_format": "0", "align": "left"},
    "whole": {"num_format": "#,##0"},
    "hours": {"num_format": "0.0"},
    "share": {"num_format": "0%"},
    "money": {"num_format": MONEY},
    "stop": {"num_format": MONEY, "bold": True, "font_color": "#9C0006"},
    "strong": {"num_format": MONEY, "bold": True},
    "input": {"num_format": MONEY, **_INPUT},
    "input_text": {"text_wrap": True, "num_format": "@", **_INPUT},
    "label": {"font_color": "#44546A", "text_wrap": True},
    "head": {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True, "border": 1, "align": "center"},
    "head_left": {"bold": True, "bottom": 1, "font_color": "#1F3864"},
    "head_beside": {"bold": True, "bottom": 1, "font_color": "#1F3864", "indent": 1},
    "head_right": {"bold": True, "bottom": 1, "font_color": "#1F3864", "align": "right"},
    "band": {"bold": True, "bg_color": "#D9E2F3", "font_size": 11, "text_wrap": True},
    "title": {"bold": True, "font_size": 14},
    "warning": {"bold": True, "font_color": "#9C0006"},
    "bad": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True},
    "good": {"bg_color": "#C6EFCE", "font_color": "#006100"},
    "gone": {"bg_color": "#D9D9D9", "font_color": "#595959"},
    "stripe": {"bg_color": "#F2F5FA"},
}
#: Formats laid over others by conditional formatting, which take no font of their own.
_OVERLAYS = ("bad", "good", "gone", "stripe")


@dataclass(frozen=True, slots=True)
class Look:
    """The formats of one workbook by name."""

    book: Workbook
    formats: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.formats[name]

    def per(self, unit: str) -> Any:
        """A price for an amount, such as ¥3.20/100ml."""
        return self.formats[f"per {unit}"]


def new_book(path: Path, week: Week, *, title: str, remark: str = "") -> Workbook:
    """Open a workbook in which text stays text and an unchanged plan gives unchanged bytes."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(path, options)
    # The evidence's own moment, not the clock's.
    book.set_properties(
        {"title": title, "author": "Boss's Pick", "created": week.as_of.replace(tzinfo=None), "comments": remark}
    )
    return book


def look_of(book: Workbook, words: Mapping[str, str]) -> Look:
    """Add the formats to a workbook in the language of these words."""
    formats = {
        name: book.add_format(extra if name in _OVERLAYS else _FONT | extra) for name, extra in _KINDS.items()
    }  # fmt: skip
    for unit in ("100ml", "100g", "m", "pc"):
        word = words["piece"] if unit == "pc" else unit
        formats[f"per {unit}"] = book.add_format(_FONT | {"num_format": f'{MONEY}"/{word}"'})
    return Look(book, formats)


def put(sheet: Worksheet, row: int, column: int, value: Any, style: Any) -> None:
    """Write a cell by what it is: nothing, text as text, or a number."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, float(value), style)


def set_up_page(sheet: Worksheet, *, left: str, middle: str, head: int | None = None) -> None:
    """A4 landscape, one page wide, with a footer; ``head`` is the row repeated on every page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    if head is not None:
        sheet.repeat_rows(head)
    # A lone ampersand would start a code of the footer.
    sheet.set_footer(f"&L{left.replace('&', '&&')}&C{middle.replace('&', '&&')}&R&P / &N")


def height_of(text: str, width: float, *, least: int = 1) -> float:
    """Height in points of a cell of so many half-widths for a text that wraps.

    Examples
    --------
    >>> height_of("two words", 20), height_of("面" * 25, 20)
    (15, 45)
    """
    # Latin letters are narrower than the digits a column's width is counted in.
    taken = sum(2 if east_asian_width(char) in "WF" else 0.9 for char in text)
    return LINE * max(least, ceil(taken / width))


def file_name(name: str) -> str:
    """A name as a file may have it."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in name).strip()
    return kept[:80] or "unassigned"


def page_name(name: str, taken: set[str]) -> str:
    """A name as a page may have it, unlike those taken before.

    Examples
    --------
    >>> page_name("A/B: café", set()), page_name("Talks", {"talks"})
    ('A B  café', 'Talks 2')
    """
    kept = "".join(" " if letter in "[]:*?/\\'" else letter for letter in name).strip()[:28].strip() or "page"
    found, number = kept, 1
    while found.casefold() in taken or found.casefold() == "history":
        number += 1
        found = f"{kept} {number}"
    taken.add(found.casefold())
    return found
