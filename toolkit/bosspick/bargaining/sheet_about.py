"""The page that says what a workbook is of: read back to tell which week and plan an answer belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bosspick.bargaining.sheet_formats import Look, height_of, set_up_page
from bosspick.bargaining.sheet_rows import SHEET_FORMAT, Book
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["ABOUT", "write_about"]

#: What the page names, in order; the importer needs the session, the version, the negotiator and the format.
ABOUT = ("session", "show_at", "version", "judged_at", "negotiator", "format", "offers")


def write_about(sheet: Worksheet, look: Look, book: Book, week: Week, plan: LineupPlan, words: Mapping[str, str]) -> None:
    """Write the page: a label and a value a row, in plain sight."""
    values = {
        "session": week.session_id,
        "show_at": week.starts_at.strftime("%Y-%m-%d %H:%M"),
        "version": plan.version,
        "judged_at": week.as_of.astimezone(week.zone).strftime("%Y-%m-%d %H:%M"),
        "negotiator": book.negotiator,
        "format": str(SHEET_FORMAT),
        "offers": str(len(book.rows)),
    }
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, words["about_title"], look["title"])
    sheet.set_row(0, 22)
    for number, name in enumerate(ABOUT, start=1):
        sheet.write_string(number, 0, words[name], look["label"])
        sheet.write_string(number, 1, values[name], look["text"])
    number = len(ABOUT) + 2
    sheet.merge_range(number, 0, number, 1, words["about_back"], look["top"])
    sheet.set_row(number, height_of(words["about_back"], 88))
    sheet.write_string(number + 1, 0, words["confidential"], look["warning"])
    sheet.protect("", {"select_locked_cells": True, "format_columns": True})
    set_up_page(sheet, left=words["confidential_short"], middle=f"{week.session_id} · {plan.version}")
