"""The negotiators' workbooks: own brands only, input cells to fill in, formulas that show the gap at once.

Confidential: every sheet says so. Text is always written as text, so a title that begins with ``=`` stays a title.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.bargaining.targets import Targets
from bosspick.frames import records
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["write_sheets"]

_FIRST_ROW = 5
#: Height of two lines: spreadsheets differ in whether they make room for wrapped text by themselves.
_TWO_LINES = 30
#: Heading, width, and the format of the column.
_COLUMNS = (
    ("offer", 9, "text"), ("brand", 9, "text"), ("title", 22, "text"), ("in the ten", 5, "mark"), ("per hour", 9, "whole"),
    ("hours", 6, "hours"), ("opening", 10, "money"), ("first ask", 10, "money"), ("because", 26, "text"),
    ("target", 10, "money"), ("walk-away", 10, "stop"), ("web-lowest", 10, "money"), ("subsidy", 8, "money"),
    ("room to agree", 9, "text"), ("agreed price", 11, "input"), ("note", 16, "input_text"),
    ("above target", 9, "money"), ("viewer pays", 10, "money"), ("viewer saves", 9, "money"),
)  # fmt: skip
_AT = {name: place for place, (name, _, _) in enumerate(_COLUMNS)}


def write_sheets(week: Week, plan: LineupPlan, targets: Targets, folder: Path) -> list[Path]:
    """Write one workbook a negotiator.

    Parameters
    ----------
    week, plan, targets
        The week, its lineup, and what to ask for.
    folder
        Receives ``<negotiator>.xlsx``; made if missing.

    Returns
    -------
    list of Path
        The files, one for each negotiator with an offer that may air; offers without one are in ``unassigned.xlsx``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    frame = targets.frame.assign(negotiator=targets.frame["negotiator"].fillna("unassigned"))
    brands = week.table("brands").set_index("brand_id")["name"]
    frame = frame.assign(brand=frame["brand_id"].map(brands).fillna(frame["brand_id"]))
    written = []
    for negotiator, rows in frame.groupby("negotiator", sort=True):
        path = folder / f"{_file_name(str(negotiator))}.xlsx"
        ordered = rows.sort_values(["worth_per_hour", "in_plan", "offer_id"], ascending=[False, False, True])
        _write_book(path, str(negotiator), ordered, week, plan, targets)
        written.append(path)
    return written


def _file_name(name: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in name).strip()
    return kept or "unassigned"


def _write_book(path: Path, negotiator: str, rows: pd.DataFrame, week: Week, plan: LineupPlan, targets: Targets) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        # The plan's own moment: an unchanged plan gives unchanged bytes.
        made: datetime = week.as_of.replace(tzinfo=None)
        book.set_properties({"title": f"Targets {week.session_id} {plan.version}", "author": "Boss's Pick", "created": made,
                             "comments": "confidential"})  # fmt: skip
        formats = _formats(book)
        _talks(book.add_worksheet("Talks"), formats, negotiator, rows, week, plan)
        _ladders(book.add_worksheet("Ladders"), formats, rows, targets, plan)


def _formats(book: Workbook) -> dict[str, Any]:
    money = "¥#,##0.00"
    base = {"font_name": "Noto Sans CJK SC", "font_size": 10, "valign": "vcenter"}
    special: dict[str, dict[str, Any]] = {
        "text": {"text_wrap": True},
        "mark": {"align": "center"},
        "whole": {"num_format": "#,##0"},
        "hours": {"num_format": "0.0"},
        "money": {"num_format": money},
        "stop": {"num_format": money, "bold": True, "font_color": "#9C0006"},
        "input": {"num_format": money, "bg_color": "#FFF2CC", "border": 1, "locked": False},
        "input_text": {"bg_color": "#FFF2CC", "border": 1, "locked": False, "text_wrap": True, "num_format": "@"},
        "head": {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True, "border": 1},
        "title": {"bold": True, "font_size": 14},
        "warning": {"bold": True, "font_color": "#9C0006"},
    }
    return {name: book.add_format(base | extra) for name, extra in special.items()}


def _talks(
    sheet: Worksheet, formats: dict[str, Any], negotiator: str, rows: pd.DataFrame, week: Week, plan: LineupPlan
) -> None:
    last = _FIRST_ROW + len(rows)
    sheet.write_string(0, 0, f"{negotiator} · {week.session_id} · plan {plan.version}", formats["title"])
    sheet.write_string(1, 0, "Confidential: floors and walk-aways never leave the team.", formats["warning"])
    sheet.write_string(2, 0, "Fill in the yellow cells: the agreed price to the brand in yuan, and a note.")
    sheet.set_row(_FIRST_ROW - 1, _TWO_LINES)
    for place, (heading, width, _) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(_FIRST_ROW - 1, place, heading, formats["head"])
    for number, row in enumerate(records(rows), start=_FIRST_ROW):
        _talk_row(sheet, formats, number, row)
    sheet.data_validation(
        _FIRST_ROW, _AT["agreed price"], last, _AT["agreed price"],
        {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True, "error_title": "Not a price",
         "error_message": "Write yuan as a number such as 98.50, or leave the cell empty."},
    )  # fmt: skip
    sheet.freeze_panes(_FIRST_ROW, 3)
    sheet.autofilter(_FIRST_ROW - 1, 0, last - 1, len(_COLUMNS) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "select_locked_cells": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST_ROW - 1)
    sheet.set_footer(f"&LConfidential&C{plan.version}&R&P / &N")


def _talk_row(sheet: Worksheet, formats: dict[str, Any], number: int, row: dict[str, Any]) -> None:
    values = {
        "offer": row["offer_id"], "brand": row["brand"], "title": row["title"], "in the ten": "●" if row["in_plan"] else "",
        "per hour": row["worth_per_hour"], "hours": row["talk_hours"], "opening": _yuan(row["opening_fen"]),
        "first ask": _yuan(row["anchor_fen"]), "because": row["anchor_reason"], "target": _yuan(row["target_fen"]),
        "walk-away": _yuan(row["walk_away_fen"]), "web-lowest": _yuan(row["web_lowest_fen"]),
        "subsidy": _yuan(row["target_subsidy_fen"]), "room to agree": row["agreement_zone"], "agreed price": None, "note": None,
    }  # fmt: skip
    sheet.set_row(number, _TWO_LINES)
    for name, value in values.items():
        kind = formats[_COLUMNS[_AT[name]][2]]
        if value is None:
            sheet.write_blank(number, _AT[name], None, kind)
        elif isinstance(value, str):
            sheet.write_string(number, _AT[name], value, kind)
        else:
            sheet.write_number(number, _AT[name], float(value), kind)
    agreed, target = _cell("agreed price", number), _cell("target", number)
    subsidy, lowest = _cell("subsidy", number), _cell("web-lowest", number)
    # Until something is agreed the target stands in, and that is also the value stored for viewers that do not calculate.
    pays = _yuan(row["target_fen"] - row["target_subsidy_fen"])
    web = _yuan(row["web_lowest_fen"])
    price = f'IF({agreed}="",{target},{agreed})-{subsidy}'
    money = formats["money"]
    sheet.write_formula(number, _AT["above target"], f'=IF({agreed}="","",{agreed}-{target})', money, "")
    sheet.write_formula(number, _AT["viewer pays"], f"={price}", money, pays)
    saves = "" if web is None or pays is None else round(web - pays, 2)
    sheet.write_formula(number, _AT["viewer saves"], f'=IF({lowest}="","",{lowest}-({price}))', money, saves)


def _ladders(sheet: Worksheet, formats: dict[str, Any], rows: pd.DataFrame, targets: Targets, plan: LineupPlan) -> None:
    headings = (("offer", 11), ("title", 34), ("step", 6), ("price", 12), ("in return for", 46))
    sheet.write_string(0, 0, f"Concessions from the first ask to the walk-away · plan {plan.version}", formats["title"])
    sheet.write_string(1, 0, "Never give a step away: each is paired with something in return.", formats["warning"])
    for place, (heading, width) in enumerate(headings):
        sheet.set_column(place, place, width)
        sheet.write_string(_FIRST_ROW - 1, place, heading, formats["head"])
    number = _FIRST_ROW
    for row in records(rows[rows["worth_per_hour"] > 0]):
        steps = [(row["anchor_fen"], "the first ask: " + row["anchor_reason"])]
        steps += [(rung.price_fen, rung.trade) for rung in targets.ladders[row["offer_id"]]]
        for step, (price, trade) in enumerate(steps):
            sheet.set_row(number, _TWO_LINES)
            sheet.write_string(number, 0, row["offer_id"], formats["text"])
            sheet.write_string(number, 1, row["title"], formats["text"])
            sheet.write_number(number, 2, step, formats["mark"])
            sheet.write_number(number, 3, price / 100, formats["money"])
            sheet.write_string(number, 4, trade, formats["text"])
            number += 1
    sheet.freeze_panes(_FIRST_ROW, 0)
    sheet.protect()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST_ROW - 1)
    sheet.set_footer(f"&LConfidential&C{plan.version}&R&P / &N")


def _yuan(fen: Any) -> float | None:
    return None if fen is None or pd.isna(fen) else int(fen) / 100


def _cell(name: str, row: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, _AT[name], col_abs=True))
