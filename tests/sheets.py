"""A small planned week, its workbooks, and workbooks filled in as people fill them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from bosspick import open_room, plan_lineup, price_targets, screen
from bosspick.bargaining import talk_plan
from bosspick.bargaining.sheet_talks import HEAD_ROW
from bosspick.bargaining.sheet_words import headings
from bosspick.bargaining.targets import Targets
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.screening import Screening
from tests.rooms import offer, write_room

HEADER, FIRST = HEAD_ROW + 1, HEAD_ROW + 2
#: Four offers of two negotiators and one of nobody; one title looks like a formula.
OFFERS = (
    offer(1, title='=HYPERLINK("http://x","y") <b>面霜</b>', category="美妆"),
    offer(2, negotiator="二组", opening_price="88.00", category="食品"),
    offer(3, negotiator="", category="家居"),
    offer(4, opening_price="92.00", category="数码"),
)
POTS = """
[show]
items = 2
bench = 1
minutes = 20

[screening]
min_channels = 4

[demand]
viewers = 100000

[bargaining]
hours = { "一组" = 8 }
subsidy_steps = ["0", "5"]

[[pots]]
id = "platform"
payer = "platform"
amount = "60000"

[[rules]]
id = "platform-subsidy"
title = "Platform subsidy"
type = "budget"
column = "subsidy_fen"
pot = "platform"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A week with everything the workbooks are made from."""

    room: Path
    week: Week
    screening: Screening
    plan: LineupPlan
    targets: Targets

    def __iter__(self) -> Any:
        return iter((self.week, self.plan, self.targets))

    def target(self, offer_id: str) -> dict[str, Any]:
        """The targets of one offer."""
        frame = self.targets.frame
        return dict(frame[frame["offer_id"] == offer_id].iloc[0])


def planned_week(folder: Path, *, policy: str = POTS) -> Planned:
    """Write a room of one week and plan it."""
    room = write_room(folder, offers=OFFERS, count=4, policy=policy)
    week = open_room(room).week()
    found = screen(week)
    plan = plan_lineup(week, found)
    talks = talk_plan(week, plan)
    targets = price_targets(week, found, plan, talks=talks.talks)
    return Planned(room=room, week=week, screening=found, plan=plan, targets=targets)


def talks_of(path: Path, *, values: bool = True) -> list[dict[str, Any]]:
    """Rows of the page of talks by the name of their column."""
    sheet = openpyxl.load_workbook(path, data_only=values).worksheets[0]
    names = columns_of(sheet)
    return [
        {name: sheet.cell(number, column).value for name, column in names.items()}
        for number in range(FIRST, sheet.max_row + 1)
        if sheet.cell(number, 1).value
    ]


def columns_of(sheet: Any) -> dict[str, int]:
    """Place of each column by its name."""
    known = headings()
    return {known[str(cell.value)]: cell.column for cell in sheet[HEADER] if str(cell.value) in known}


def filled(source: Path, target: Path, answers: Mapping[str, Mapping[str, Any]], change: Any = None) -> Path:
    """Fill a workbook in: cells by offer and name of the column; ``change`` may do anything else to it."""
    book = openpyxl.load_workbook(source)
    sheet = book.worksheets[0]
    names = columns_of(sheet)
    rows = {sheet.cell(number, 1).value: number for number in range(FIRST, sheet.max_row + 1)}
    for offer_id, cells in answers.items():
        for name, value in cells.items():
            sheet.cell(rows[offer_id], names[name]).value = value
    if change is not None:
        change(book)
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target
