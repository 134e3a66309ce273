"""The negotiators' workbooks: own brands only, cells to fill in, formulas that answer at once.

Confidential: every page says so. Text is always written as text, so a title that begins with ``=`` stays a title, and
every formula carries its value for viewers that do not calculate.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bosspick.bargaining.sheet_about import write_about
from bosspick.bargaining.sheet_formats import file_name, look_of, new_book
from bosspick.bargaining.sheet_pages import write_brand_pages
from bosspick.bargaining.sheet_rows import Book, books_of
from bosspick.bargaining.sheet_talks import write_talks
from bosspick.bargaining.sheet_words import words_of
from bosspick.bargaining.targets import Targets
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan

if TYPE_CHECKING:
    from bosspick.screening import Screening

__all__ = ["write_sheets"]


def write_sheets(
    week: Week, plan: LineupPlan, targets: Targets, folder: Path, *, lang: str = "en", screening: Screening | None = None
) -> list[Path]:
    """Write one workbook a negotiator.

    Each has a page of talks, sorted by what an hour of talk is worth, with cells for the agreed price, the outcome and
    a note; a page a brand worth talking to, with its ladder and reasons; and a page that says which plan it is of.

    Parameters
    ----------
    week, plan, targets
        The week, its lineup, and what to ask for.
    folder
        Receives ``<negotiator>.xlsx``; made if missing.
    lang
        Language of the workbooks: en or zh.
    screening
        What the screen found; without it the pages of the brands name the web-lowest, but not the quotes behind it.

    Returns
    -------
    list of Path
        The files, one for each negotiator with an offer that may air; offers without one are in ``unassigned.xlsx``.

    Raises
    ------
    InputError
        There are no words in that language.
    """
    words_of(lang)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for book in books_of(week, plan, targets, lang=lang):
        path = folder / f"{file_name(book.negotiator)}.xlsx"
        _write_book(path, book, week, plan, targets, screening, lang)
        written.append(path)
    return written


def _write_book(
    path: Path, book: Book, week: Week, plan: LineupPlan, targets: Targets, screening: Screening | None, lang: str
) -> None:
    words = words_of(lang)
    title = f"{words['page_talks']} {week.session_id} {plan.version}"
    with new_book(path, week, title=title, remark=words["confidential_short"]) as file:
        look = look_of(file, words)
        taken = {words["page_talks"].casefold(), words["page_about"].casefold()}
        write_talks(file.add_worksheet(words["page_talks"]), look, book, week, plan, words)
        write_brand_pages(file, look, book, week, plan, targets, screening, lang, taken)
        write_about(file.add_worksheet(words["page_about"]), look, book, week, plan, words)
