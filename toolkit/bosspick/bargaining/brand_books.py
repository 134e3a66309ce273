"""The workbooks for the brands: what the room asks of each item and what it offers, and nothing confidential anywhere.

They are made from :class:`_Item`, which has no place for a floor, a target, a walk-away, a chance or a rung.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.bargaining.anchor import TRADES
from bosspick.bargaining.sheet_evidence import Seen, seen_prices
from bosspick.bargaining.sheet_formats import Look, file_name, height_of, look_of, new_book, put, set_up_page
from bosspick.bargaining.sheet_words import reason_in, trade_in, words_of
from bosspick.bargaining.targets import Targets
from bosspick.frames import records, rows_of
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from bosspick.screening import Screening

__all__ = ["write_brand_books"]

_WIDTHS = (30, 14, 12, 44)
#: Half-widths of the columns a remark runs over, and of all of them.
_REMARK, _ACROSS = 54, 98
#: A paper that ends so soon after the show must be renewed: orders are shipped and returned under it.
_PAPER_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """What a brand may read about its own item: money in fen, text in the language of the workbook."""

    offer_id: str
    title: str
    opening_fen: int
    ask: tuple[int, str] | None
    web_lowest_fen: int | None
    seen: tuple[Seen, ...]
    promises: tuple[tuple[str, str], ...]
    on_set: str
    papers: tuple[str, ...]


def write_brand_books(
    week: Week, plan: LineupPlan, targets: Targets, folder: Path, *, lang: str = "en", screening: Screening | None = None
) -> list[Path]:
    """Write one workbook a brand that has an item in the ten or worth a talk; it may be handed over as it is.

    Each holds, for every such item, the brand's opening price, what the room asks for with the reason that can be
    said, the public prices found on the web, the minutes on air, what the brand promised viewers, the papers still
    missing, and what can be offered in return. Whether an item is in the ten is not said.

    Parameters
    ----------
    week, plan, targets
        The week, its lineup, and what to ask for.
    folder
        Receives ``<brand>.xlsx``; made if missing.
    lang
        Language of the workbooks: en or zh.
    screening
        What the screen found; without it the web-lowest is named, but not the quotes behind it.

    Returns
    -------
    list of Path
        The files, by the name of the brand.

    Raises
    ------
    InputError
        There are no words in that language.
    """
    words = words_of(lang)
    folder.mkdir(parents=True, exist_ok=True)
    frame = targets.frame
    frame = frame[frame["in_plan"] | (frame["worth_per_hour"] > 0)].sort_values("offer_id")
    names = week.table("brands").set_index("brand_id")["name"].to_dict()
    offers = rows_of(week.table("offers").set_index("offer_id"))
    written: list[Path] = []
    for brand, rows in frame.groupby("brand_id", sort=True):
        name = str(names.get(brand, brand))
        path = folder / f"{file_name(name)}.xlsx"
        if path in written:
            # Two brands of one name: their ids keep them apart.
            path = folder / f"{file_name(f'{name} {brand}')}.xlsx"
        items = [_item(row, offers[row["offer_id"]], week, screening, lang) for row in records(rows)]
        _write_book(path, name, items, week, plan, lang, words)
        written.append(path)
    return written


def _item(target: Mapping[str, Any], offer: Mapping[str, Any], week: Week, screening: Screening | None, lang: str) -> _Item:
    words = words_of(lang)
    # A first ask that is the target itself would give the target away.
    sayable = int(target["anchor_fen"]) < int(target["target_fen"])
    web = target["web_lowest_fen"]
    return _Item(
        offer_id=target["offer_id"],
        title=str(offer["title"]),
        opening_fen=int(offer["opening_price_fen"]),
        ask=(int(target["anchor_fen"]), reason_in(lang, target["anchor_reason"])) if sayable else None,
        web_lowest_fen=None if pd.isna(web) else int(web),
        seen=tuple(seen_prices(screening, target["offer_id"], week.zone)),
        promises=tuple(_promises(offer, week, words)),
        on_set=words["on_set_unknown"]
        if pd.isna(offer["rep_from"]) and pd.isna(offer["rep_to"])
        else f"{_text(offer['rep_from'])} – {_text(offer['rep_to'])}",
        papers=tuple(_papers(offer, week, words)),
    )


def _promises(offer: Mapping[str, Any], week: Week, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the brand said it would do; what it did not say is asked for."""

    def told(name: str) -> str:
        return words["not_stated"] if pd.isna(offer[name]) else f"{int(offer[name]):,}"

    promises = [(words[name], told(name)) for name in ("stock", "daily_capacity", "promise_days")]
    if pd.notna(offer["gift_name"]):
        number = 1 if pd.isna(offer["gift_qty"]) else int(offer["gift_qty"])
        promises.append((words["gift"], f"{offer['gift_name']} × {number}"))
    promises.append((words["protection"], str(week.policy.screening.protection_days)))
    return promises


def _papers(offer: Mapping[str, Any], week: Week, words: Mapping[str, str]) -> list[str]:
    """Papers that are not there, or that end before orders are shipped and returned."""
    last = week.starts_at.date() + timedelta(days=_PAPER_DAYS)
    brands, rights = week.table("brands"), week.table("authorisations")
    brand = brands[brands["brand_id"] == offer["brand_id"]]
    right = rights[(rights["brand_id"] == offer["brand_id"]) & (rights["store_id"] == offer["store_id"])]
    needed = []
    if brand.empty or brand["trademark_no"].isna().all():
        needed.append(words["paper_trademark"])
    ends = None if right.empty else right["valid_until"].max()
    needed += _ending(ends, last, words, "paper_authorisation")
    needed += _ending(offer["certificate_until"], last, words, "paper_certificate")
    if pd.isna(offer["gtin"]):
        needed.append(words["paper_barcode"])
    if pd.notna(offer["claim_days"]):
        needed.append(words["paper_claim"] % {"days": int(offer["claim_days"])})
    return needed


def _ending(until: Any, last: date, words: Mapping[str, str], name: str) -> list[str]:
    if until is None or pd.isna(until):
        return [words[name]]
    day = pd.Timestamp(until).date()
    return [words[f"{name}_ends"] % {"day": day.isoformat()}] if day < last else []


def _write_book(
    path: Path, brand: str, items: list[_Item], week: Week, plan: LineupPlan, lang: str, words: Mapping[str, str]
) -> None:
    title = words["book_title"] % {"brand": brand, "session": week.session_id}
    with new_book(path, week, title=title) as file:
        look = look_of(file, words)
        sheet = file.add_worksheet(words["page_offer"])
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width)
        sheet.merge_range(0, 0, 0, 3, title, look["title"])
        sheet.set_row(0, 24)
        sheet.merge_range(1, 0, 1, 3, words["book_intro"], look["label"])
        sheet.set_row(1, height_of(words["book_intro"], _ACROSS) + 4)
        at = _offered(sheet, look, 3, words, lang)
        breaks = []
        for number, item in enumerate(items):
            if number:
                breaks.append(at)
            at = _write_item(sheet, look, at, item, week, words) + 1
        sheet.set_h_pagebreaks(breaks)
        sheet.freeze_panes(1, 0)
        set_up_page(sheet, left=brand, middle=f"{week.session_id} · {plan.version}", head=0)


def _offered(sheet: Worksheet, look: Look, at: int, words: Mapping[str, str], lang: str) -> int:
    sheet.merge_range(at, 0, at, 3, words["trades"], look["band"])
    for number, trade in enumerate(TRADES, start=at + 1):
        sheet.merge_range(number, 0, number, 3, f"• {trade_in(lang, trade)}", look["text"])
    return at + len(TRADES) + 2


def _write_item(sheet: Worksheet, look: Look, at: int, item: _Item, week: Week, words: Mapping[str, str]) -> int:
    """One item; returns the row after it."""
    heading = f"{item.offer_id} · {item.title}"
    sheet.merge_range(at, 0, at, 3, heading, look["band"])
    sheet.set_row(at, height_of(heading, _ACROSS - 10) + 4)
    show, policy = week.starts_at.strftime("%Y-%m-%d %H:%M"), week.policy.rundown
    checked = words["checked_at"] % {"moment": f"{week.as_of.astimezone(week.zone):%Y-%m-%d %H:%M}"}
    ask = (None, words["ask_open"]) if item.ask is None else (item.ask[0] / 100, f"{words['because']}: {item.ask[1]}")
    web = None if item.web_lowest_fen is None else item.web_lowest_fen / 100
    facts: list[tuple[str, float | None, str]] = [
        (words["your_price"], item.opening_fen / 100, ""),
        (words["our_ask"], *ask),
        (words["found_on_web"], web, checked),
        (
            words["on_air_time"],
            None,
            words["minutes_range"] % {"least": policy.minutes_min, "most": policy.minutes_max, "show": show},
        ),
        (words["on_set"], None, item.on_set),
    ]
    at += 1
    for label, value, remark in facts:
        _fact(sheet, look, at, label, value, remark)
        at += 1
    for label, told in item.promises:
        _fact(sheet, look, at, f"{words['delivery']}: {label}", None, told)
        at += 1
    for number, paper in enumerate(item.papers or (words["no_papers"],)):
        _fact(sheet, look, at, words["papers"] if number == 0 else "", None, paper)
        at += 1
    return _seen(sheet, look, at + 1, item, words)


def _fact(sheet: Worksheet, look: Look, at: int, label: str, value: float | None, remark: str) -> None:
    sheet.write_string(at, 0, label, look["label"])
    start, width = (1, _REMARK + _WIDTHS[1]) if value is None else (2, _REMARK)
    put(sheet, at, 1, value, look["strong"])
    if remark:
        sheet.merge_range(at, start, at, 3, remark, look["beside"])
    sheet.set_row(at, max(height_of(remark, width), height_of(label, _WIDTHS[0])) + 3)


def _seen(sheet: Worksheet, look: Look, at: int, item: _Item, words: Mapping[str, str]) -> int:
    if not item.seen:
        return at
    for place, (name, style) in enumerate(
        (("evidence", "head_left"), ("costs", "head_right"), ("grade", "head_beside"), ("shop", "head_beside"))
    ):
        sheet.write_string(at, place, words[name], look[style])
    for number, seen in enumerate(item.seen, start=at + 1):
        sheet.write_string(number, 0, seen.channel, look["text"])
        sheet.write_number(number, 1, seen.price_fen / 100, look["money"])
        sheet.write_string(number, 2, seen.grade, look["beside"])
        sheet.write_string(number, 3, f"{seen.shop} · {seen.seen_at}", look["beside"])
        sheet.set_row(number, height_of(f"{seen.shop} · {seen.seen_at}", _WIDTHS[3] - 2) + 3)
    return at + 1 + len(item.seen)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
