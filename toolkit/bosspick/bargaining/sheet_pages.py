"""A page a brand in a negotiator's workbook: the ladder as a picture, trades, reasons, and what happens if it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.bargaining.sheet_evidence import seen_prices
from bosspick.bargaining.sheet_formats import Look, height_of, page_name, put, set_up_page
from bosspick.bargaining.sheet_rows import Book, TalkRow, yuan
from bosspick.bargaining.sheet_words import reason_in, trade_in, words_of
from bosspick.bargaining.targets import Targets
from bosspick.lineup.plan import LineupPlan

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from bosspick.intake import Week
    from bosspick.screening import Screening

__all__ = ["worth_a_page", "write_brand_pages"]

_WIDTHS = (24, 12, 12, 44, 2, 11, 11, 11, 11, 11)
_HEADS = {"price": "head_right", "up_by": "head_right", "costs": "head_right", "in_return": "head_beside",
          "grade": "head_beside", "shop": "head_beside"}  # fmt: skip
#: Half-widths of the two columns a remark runs over.
_REMARK_WIDTH = 52
#: The picture stands beside the facts, above the columns it draws its lines from.
_CHART_COLUMN, _CHART_WIDTH = 5, 408
#: Lines across the picture: word, column of the targets, colour, dash.
_LINES = (
    ("opening", "opening_fen", "#1F3864", "solid"),
    ("walk_away", "stop_fen", "#9C0006", "solid"),
    ("accepts_to", "reservation_high_fen", "#548235", "dash"),
    ("accepts_from", "reservation_low_fen", "#548235", "round_dot"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    sheet: Worksheet
    look: Look
    words: Mapping[str, str]
    lang: str


def worth_a_page(row: TalkRow) -> bool:
    """Whether there is something to say about an offer: it is in the ten, or its talk is worth something."""
    target = row.target
    talked = bool(target["in_plan"]) or pd.notna(target["turn"])
    return talked or float(target["worth_per_hour"]) > 0 or target["agreement_zone"] == "likely"


def write_brand_pages(
    file: Workbook, look: Look, book: Book, week: Week, plan: LineupPlan, targets: Targets,
    screening: Screening | None, lang: str, taken: set[str],
) -> None:  # fmt: skip
    """Write a page for every brand with an offer worth talking about, in the order of the talks.

    Parameters
    ----------
    file, look
        The workbook and its formats.
    book, week, plan, targets, screening
        What the pages say.
    lang
        Language of the words.
    taken
        Names of pages there are already, casefolded; the new ones are added.
    """
    words = words_of(lang)
    by_brand: dict[str, list[TalkRow]] = {}
    for row in book.rows:
        if worth_a_page(row):
            by_brand.setdefault(str(row.target["brand_id"]), []).append(row)
    for rows in by_brand.values():
        name = page_name(rows[0].brand_name, taken)
        page = _Page(sheet=file.add_worksheet(name), look=look, words=words, lang=lang)
        page.sheet.write_string(0, 0, f"{rows[0].brand_name} · {book.negotiator}", look["title"])
        page.sheet.set_row(0, 22)
        page.sheet.write_string(1, 0, words["confidential"], look["warning"])
        for place, width in enumerate(_WIDTHS):
            page.sheet.set_column(place, place, width)
        at, breaks = 3, []
        for row in rows:
            if at > 3:
                breaks.append(at)
            at = _block(file, page, at, row, name, week, targets, screening)
        page.sheet.set_h_pagebreaks(breaks)
        page.sheet.freeze_panes(2, 0)
        page.sheet.protect("", {"select_locked_cells": True, "format_columns": True, "format_rows": True})
        set_up_page(page.sheet, left=words["confidential_short"], middle=f"{plan.session_id} · {plan.version}", head=0)


def _block(
    file: Workbook, page: _Page, at: int, row: TalkRow, name: str, week: Week, targets: Targets, screening: Screening | None
) -> int:
    """One offer; returns the row the next may begin at."""
    sheet, look, words = page.sheet, page.look, page.words
    heading = f"{row.offer_id} · {row.target['title']}"
    mark = f" · {words['in_ten']}" if row.target["in_plan"] else ""
    sheet.merge_range(at, 0, at, len(_WIDTHS) - 1, heading + mark, look["band"])
    sheet.set_row(at, height_of(heading + mark, 130) + 4)
    top = at + 1
    at, height = _facts(page, top, row)
    steps = _steps(page, row, targets)
    at, first = _ladder(page, at + 1, steps, row)
    if len(steps) > 1:
        prices = [price for price, _ in steps] + [
            int(row.target[column]) for _, column, _, _ in _LINES if pd.notna(row.target[column])
        ]
        _picture(file, page, name, (top, height), (first, first + len(steps) - 1), (min(prices), max(prices)))
    return _evidence(page, at + 1, row, week, screening) + 1


def _facts(page: _Page, at: int, row: TalkRow) -> tuple[int, float]:
    """Label, figure and remark a row; returns the row after them, and their height in points."""
    words, target = page.words, row.target
    stop, limit = yuan(target["stop_fen"]), yuan(target["walk_away_fen"])
    low, high = yuan(target["reservation_low_fen"]), yuan(target["reservation_high_fen"])
    known = words["from_prior" if target["floor_is_prior"] else "from_estimate"]
    brings = {name: _brings(words, target, name) for name in ("opening", "anchor", "walk_away")}
    at_limit = _joined(page, _subsidised(words, target["walk_away_subsidy_fen"]), brings["walk_away"])
    stands = words["no_walk_away"] if limit is None else at_limit
    if stop != limit:
        why = words["as_reserve" if target["agreement_zone"] == "reserve" else "held_by_rule"]
        now = stands if limit is None else words["as_it_stands"] % {"price": f"¥{limit:,.2f}"}
        stands = _joined(page, why, now)
    because = f"{words['because']}: {reason_in(page.lang, target['anchor_reason'])}"
    counted = yuan(target["plan_fen"])
    differs = counted is not None and counted != yuan(target["target_fen"])
    aim = (
        _subsidised(words, target["target_subsidy_fen"]),
        _brought(words, target["expected_units"], target["value_at_target"]),
        words["counts_on"] % {"price": f"¥{counted:,.2f}"} if differs else "",
    )
    facts: tuple[tuple[str, Any, str, str], ...] = (
        ("opening", yuan(target["opening_fen"]), "money", brings["opening"]),
        ("first_ask", yuan(target["anchor_fen"]), "money", _joined(page, because, brings["anchor"])),
        ("target", yuan(target["target_fen"]), "strong", _joined(page, *aim)),
        ("walk_away", stop, "stop", stands),
        ("reservation", None, "text", f"¥{low:,.2f} – ¥{high:,.2f} ({known})"),
        ("chance", float(target["accept_p"]), "share", ""),
        ("web_lowest", yuan(target["web_lowest_fen"]), "money", ""),
        ("passes_at", yuan(target["passes_at_fen"]), "money", ""),
        ("per_hour", float(target["worth_per_hour"]), "whole", ""),
        ("if_it_fails", None, "text", _if_it_fails(words, target)),
    )
    total = 0.0
    for number, (label, value, style, remark) in enumerate(facts, start=at):
        page.sheet.write_string(number, 0, words[label], page.look["label"])
        start, width = (1, _REMARK_WIDTH + _WIDTHS[1]) if value is None else (2, _REMARK_WIDTH)
        put(page.sheet, number, 1, value, page.look[style])
        if remark:
            page.sheet.merge_range(number, start, number, 3, remark, page.look["beside"])
        height = max(height_of(remark, width), height_of(words[label], _WIDTHS[0])) + 5
        page.sheet.set_row(number, height)
        total += height
    return at + len(facts), total


def _subsidised(words: Mapping[str, str], fen: Any) -> str:
    return "" if pd.isna(fen) or int(fen) == 0 else words["at_subsidy"] % {"subsidy": f"¥{int(fen) / 100:,.2f}"}


def _brings(words: Mapping[str, str], target: Mapping[str, Any], name: str) -> str:
    units, value = target[f"units_at_{name}"], target[f"value_at_{name}"]
    return "" if pd.isna(units) or pd.isna(value) else _brought(words, units, value)


def _brought(words: Mapping[str, str], units: Any, value: Any) -> str:
    return words["brings"] % {"units": f"{int(units):,}", "worth": f"{value:,.0f}"}


def _joined(page: _Page, *remarks: str) -> str:
    return ("；" if page.lang == "zh" else "; ").join(remark for remark in remarks if remark)


def _if_it_fails(words: Mapping[str, str], target: Mapping[str, Any]) -> str:
    if not target["in_plan"]:
        return words["stays_out"]
    if pd.isna(target["if_it_fails"]):
        return words["no_replacement"]
    return words["replaced_by"] % {"offer": target["if_it_fails"], "worth": f"{target['if_it_fails_cost']:,.0f}"}


def _steps(page: _Page, row: TalkRow, targets: Targets) -> list[tuple[int, str]]:
    """Price and words of each step, the first ask included."""
    steps = [(int(row.target["anchor_fen"]), page.words["first_ask"])]
    return steps + [(rung.price_fen, trade_in(page.lang, rung.trade)) for rung in targets.ladders.get(row.offer_id, ())]


def _ladder(page: _Page, at: int, steps: Sequence[tuple[int, str]], row: TalkRow) -> tuple[int, int]:
    """The steps as a table, beside them what the picture compares them with; returns the row after, and that of step 0."""
    sheet, look, words = page.sheet, page.look, page.words
    sheet.merge_range(at, 0, at, 3, words["ladder"], look["warning"])
    for place, name in enumerate(("step", "price", "up_by", "in_return")):
        sheet.write_string(at + 1, place, words[name], look[_HEADS.get(name, "head_left")])
    for place, (name, _, _, _) in enumerate(_LINES, start=_CHART_COLUMN):
        sheet.write_string(at + 1, place, words[name], look["head_right"])
    first = at + 2
    for number, (price, trade) in enumerate(steps, start=first):
        sheet.write_number(number, 0, number - first, look["step"])
        sheet.write_number(number, 1, price / 100, look["strong"])
        put(sheet, number, 2, (price - steps[number - first - 1][0]) / 100 if number > first else None, look["money"])
        sheet.write_string(number, 3, trade, look["beside"])
        for place, (_, column, _, _) in enumerate(_LINES, start=_CHART_COLUMN):
            put(sheet, number, place, yuan(row.target[column]), look["faint_money"])
        sheet.set_row(number, height_of(trade, _WIDTHS[3] - 2) + 3)
    return first + len(steps), first


def _evidence(page: _Page, at: int, row: TalkRow, week: Week, screening: Screening | None) -> int:
    sheet, look, words = page.sheet, page.look, page.words
    found = seen_prices(screening, row.offer_id, week.zone)
    if not found:
        return at
    for place, name in enumerate(("evidence", "costs", "grade", "shop")):
        sheet.write_string(at, place, words[name], look[_HEADS.get(name, "head_left")])
    for number, seen in enumerate(found, start=at + 1):
        sheet.write_string(number, 0, seen.channel, look["text"])
        sheet.write_number(number, 1, seen.price_fen / 100, look["money"])
        sheet.write_string(number, 2, seen.grade, look["beside"])
        sheet.write_string(number, 3, f"{seen.shop} · {seen.seen_at}", look["beside"])
        sheet.set_row(number, height_of(f"{seen.shop} · {seen.seen_at}", _WIDTHS[3] - 2) + 3)
    return at + 1 + len(found)


def _picture(
    file: Workbook, page: _Page, name: str, place: tuple[int, float], rows: tuple[int, int], fen: tuple[int, int]
) -> None:
    """The steps as columns, with what may be accepted, the walk-away and the opening as lines across.

    ``place`` is the row it begins at and its height in points, ``rows`` the first and last step, ``fen`` the range shown.
    """
    words, (top, height), (first, last) = page.words, place, rows
    # A tenth of the range is left below and above, or the lines would lie on the frame.
    margin = max((fen[1] - fen[0]) // 10, 1)
    low, high = max(fen[0] - margin, 0) / 100, (fen[1] + margin) / 100
    chart, lines = file.add_chart({"type": "column"}), file.add_chart({"type": "line"})
    steps = [name, first, 0, last, 0]
    chart.add_series(
        {"name": words["our_price"], "categories": steps, "values": [name, first, 1, last, 1], "gap": 60,
         "fill": {"color": "#9DC3E6"}, "data_labels": {"value": True, "position": "inside_base", "num_format": "#,##0.00",
                         "font": {"size": 8}}}
    )  # fmt: skip
    for column, (word, _, colour, dash) in enumerate(_LINES, start=_CHART_COLUMN):
        lines.add_series(
            {"name": words[word], "categories": steps, "values": [name, first, column, last, column],
             "line": {"color": colour, "width": 1.5, "dash_type": dash}, "marker": {"type": "none"}}
        )  # fmt: skip
    chart.combine(lines)
    chart.set_legend({"position": "bottom", "font": {"size": 8}})
    chart.set_x_axis({"num_font": {"size": 8}})
    chart.set_y_axis(
        {
            "min": low,
            "max": high,
            "num_format": "#,##0",
            "num_font": {"size": 8},
            "major_gridlines": {"visible": True, "line": {"color": "#E7E6E6"}},
        }
    )
    chart.set_size({"width": _CHART_WIDTH, "height": round(height * 4 / 3)})
    page.sheet.insert_chart(top, _CHART_COLUMN, chart, {"object_position": 2, "description": words["ladder"]})
