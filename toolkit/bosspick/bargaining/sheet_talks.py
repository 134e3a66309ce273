"""The page of talks: one row an offer, yellow cells to fill in, and formulas that say what an answer means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bosspick.bargaining.sheet_formats import LINE, Look, height_of, put, set_up_page
from bosspick.bargaining.sheet_rows import IN_TEN, Book, TalkRow, fingerprint, yuan
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["COLUMNS", "HEAD_ROW", "NOTE_LENGTH", "write_talks"]

#: Row of the headings, counted from 0.
HEAD_ROW = 5
NOTE_LENGTH = 500
#: Column, least width, and its format.
COLUMNS = (
    ("offer", 9, "text"), ("brand", 8, "text"), ("title", 24, "text"), ("in_ten", 5, "mark"), ("turn", 5, "mark"),
    ("per_hour", 8, "whole"), ("hours", 6, "hours"), ("opening", 8, "money"), ("first_ask", 8, "money"),
    ("target", 8, "strong"), ("walk_away", 8, "stop"), ("web_lowest", 8, "money"), ("subsidy", 8, "money"),
    ("units", 7, "whole"), ("zone", 8, "mark"), ("agreed_price", 11, "input"), ("outcome", 9, "input_text"),
    ("note", 20, "input_text"), ("above_target", 9, "money"), ("room_left", 9, "money"), ("viewer_pays", 9, "money"),
    ("viewer_saves", 9, "money"),
    ("unit_price", 9, "text"), ("subsidy_total", 9, "money"), ("check", 6, "stamp"),
)  # fmt: skip
_AT = {name: place for place, (name, _, _) in enumerate(COLUMNS)}
_LEFT_CELL = (3, 4)


def write_talks(sheet: Worksheet, look: Look, book: Book, week: Week, plan: LineupPlan, words: Mapping[str, str]) -> None:
    """Write the page of talks of one workbook."""
    first, last = HEAD_ROW + 1, HEAD_ROW + len(book.rows)
    title = f"{book.negotiator} · {week.session_id} · {words['version']} {plan.version}"
    sheet.write_string(0, 0, title, look["title"])
    sheet.write_string(1, 0, words["confidential"], look["warning"])
    sheet.set_row(0, 22)
    # Not merged and not wrapped: the words run over the empty cells beside them.
    sheet.write_string(2, 0, words["fill_in"])
    _subsidy_left(sheet, look, book, words, first, last)
    sheet.set_row(HEAD_ROW, 2 * LINE)
    for place, (name, _, _) in enumerate(COLUMNS):
        sheet.set_column(place, place, _width(name, book, words))
        sheet.write_string(HEAD_ROW, place, words[name], look["head"])
    for number, row in enumerate(book.rows, start=first):
        _row(sheet, look, number, row, words)
    _validate(sheet, words, first, last)
    _colour(sheet, look, words, first, last)
    sheet.freeze_panes(first, 3)
    sheet.autofilter(HEAD_ROW, 0, last, len(COLUMNS) - 1)
    allowed = ("autofilter", "sort", "format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")
    sheet.protect("", dict.fromkeys(allowed, True))
    set_up_page(sheet, left=words["confidential_short"], middle=f"{week.session_id} · {plan.version}", head=HEAD_ROW)


def _width(name: str, book: Book, words: Mapping[str, str]) -> float:
    """Width of a column: wide enough for its longest figure, which would else be shown as ####."""
    least, kind = next((width, kind) for column, width, kind in COLUMNS if column == name)
    shown = [0]
    for row in book.rows:
        for figure in (row.locked.get(name), _figures(0, row, words).get(name, ("", ""))[1]):
            if isinstance(figure, float) and (kind in ("money", "strong", "stop") or name == "unit_price"):
                unit = f"/{row.content[1]}" if name == "unit_price" and row.content else ""
                shown.append(len(f"¥{figure:,.2f}{unit}"))
    # A bold figure is wider, and so is one that has to make room for a minus.
    return max(least, max(shown) + 1.5)


def _subsidy_left(sheet: Worksheet, look: Look, book: Book, words: Mapping[str, str], first: int, last: int) -> None:
    """What is left of the book's share of the pot once the rows in the ten, and those agreed, have taken theirs."""
    row, column = _LEFT_CELL
    sheet.write_string(row, 0, words["subsidy_left"])
    if book.share_fen is None:
        sheet.write_string(row, column, words["no_pot"])
        return
    share = book.share_fen / 100
    left = round(share - sum(each.subsidy_fen for each in book.rows) / 100, 2)
    formula = f"={share!r}-SUM({_cell('subsidy_total', first)}:{_cell('subsidy_total', last)})"
    sheet.merge_range(row, column, row, column + 1, "", look["strong"])
    sheet.write_formula(row, column, formula, look["strong"], left)
    sheet.write_string(row, column + 2, f"{words['subsidy_share']} ¥{share:,.2f}", look["run_on"])


def _row(sheet: Worksheet, look: Look, number: int, row: TalkRow, words: Mapping[str, str]) -> None:
    wraps = max(height_of(str(row.locked[name]), COLUMNS[_AT[name]][1]) for name in ("brand", "title"))
    sheet.set_row(number, wraps + 6)
    for name, value in row.locked.items():
        put(sheet, number, _AT[name], value, look[COLUMNS[_AT[name]][2]])
    for name in ("agreed_price", "outcome", "note"):
        sheet.write_blank(number, _AT[name], None, look[COLUMNS[_AT[name]][2]])
    put(sheet, number, _AT["check"], fingerprint(row.locked), look["stamp"])
    money = look["money"]
    for name, (formula, cached) in _figures(number, row, words).items():
        style = look.per(row.content[1]) if name == "unit_price" and row.content else money
        sheet.write_formula(number, _AT[name], formula, style, cached)


def _figures(number: int, row: TalkRow, words: Mapping[str, str]) -> dict[str, tuple[str, float | str]]:
    """Formula and value of each computed cell; until a price is agreed the target stands in for it."""

    def at(name: str) -> str:
        return _cell(name, number)

    target, walk_away, web = (yuan(row.target[f"{name}_fen"]) for name in ("target", "stop", "web_lowest"))
    assert target is not None
    pays = row.viewer_fen / 100
    price = f"IF(ISNUMBER({at('agreed_price')}),{at('agreed_price')},{at('target')})"
    counted = f'OR({at("outcome")}="{words["agreed"]}",AND({at("in_ten")}="{IN_TEN}",{at("outcome")}<>"{words["no_deal"]}"))'
    figures: dict[str, tuple[str, float | str]] = {
        "above_target": (f'=IF(ISNUMBER({at("agreed_price")}),{at("agreed_price")}-{at("target")},"")', ""),
        "room_left": (
            f'=IF({at("walk_away")}="","",{at("walk_away")}-{price})',
            "" if walk_away is None else round(walk_away - target, 2),
        ),
        "viewer_pays": (f"={price}-{at('subsidy')}", pays),
        "viewer_saves": (
            f'=IF({at("web_lowest")}="","",{at("web_lowest")}-{at("viewer_pays")})',
            "" if web is None else round(web - pays, 2),
        ),
        "subsidy_total": (f"=IF({counted},{at('units')}*{at('subsidy')},0)", row.subsidy_fen / 100),
    }
    if row.content is not None:
        amount = row.content[0]
        figures["unit_price"] = (f"={at('viewer_pays')}/{amount!r}", pays / amount)
    return figures


def _validate(sheet: Worksheet, words: Mapping[str, str], first: int, last: int) -> None:
    sheet.data_validation(
        first, _AT["agreed_price"], last, _AT["agreed_price"],
        {"validate": "decimal", "criteria": ">", "value": 0, "ignore_blank": True,
         "input_title": words["price_title"], "input_message": words["price_message"],
         "error_title": words["price_error_title"], "error_message": words["price_error"]},
    )  # fmt: skip
    sheet.data_validation(
        first, _AT["outcome"], last, _AT["outcome"],
        {"validate": "list", "source": [words["agreed"], words["no_deal"], words["open"]], "ignore_blank": True,
         "input_title": words["outcome"].capitalize(), "input_message": words["outcome_message"],
         "error_title": words["outcome"].capitalize(), "error_message": words["outcome_error"]},
    )  # fmt: skip
    sheet.data_validation(
        first, _AT["note"], last, _AT["note"],
        {"validate": "length", "criteria": "<=", "value": NOTE_LENGTH, "ignore_blank": True,
         "input_title": words["note"].capitalize(), "input_message": words["note_message"],
         "error_title": words["note"].capitalize(), "error_message": words["note_error"]},
    )  # fmt: skip


def _colour(sheet: Worksheet, look: Look, words: Mapping[str, str], first: int, last: int) -> None:
    """Red above the walk-away, green when agreed, grey when given up; every other row shaded, for the eye to follow."""
    price, stop, outcome = _cell("agreed_price", first), _cell("walk_away", first), _cell("outcome", first)
    over = f"=AND(ISNUMBER({price}),ISNUMBER({stop}),{price}>{stop})"
    rules = (
        ("agreed_price", over, "bad"),
        ("room_left", over, "bad"),
        ("outcome", f'={outcome}="{words["agreed"]}"', "good"),
        ("outcome", f'={outcome}="{words["no_deal"]}"', "gone"),
    )
    for name, criteria, style in rules:
        place = _AT[name]
        sheet.conditional_format(first, place, last, place, {"type": "formula", "criteria": criteria, "format": look[style]})
    stripe = {"type": "formula", "criteria": "=MOD(ROW(),2)=1", "format": look["stripe"]}
    for left, right in (("offer", "zone"), ("above_target", "check")):
        sheet.conditional_format(first, _AT[left], last, _AT[right], stripe)
    row, column = _LEFT_CELL
    sheet.conditional_format(row, column, row, column, {"type": "cell", "criteria": "<", "value": 0, "format": look["bad"]})


def _cell(name: str, row: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, _AT[name], col_abs=True))
