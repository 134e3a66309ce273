"""An answered row held against the week as it is now: whose offer it is, what was changed, and whether the price holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from bosspick.bargaining.sheet_back import ReturnedRow
from bosspick.bargaining.sheet_cells import Answer, Refusal
from bosspick.bargaining.sheet_findings import SheetFinding
from bosspick.bargaining.sheet_rows import STEADY, changed_names, fingerprint
from bosspick.bargaining.sheet_words import words_of
from bosspick.intake import Week
from bosspick.intake.raw import cell_text

__all__ = ["Place", "changed_cells", "check_price"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What rows are held against: the week's offers, today's targets by offer, whose workbook it is, and if of another plan."""

    week: Week
    targets: Mapping[str, Mapping[str, Any]]
    offers: Mapping[str, Mapping[str, Any]]
    negotiator: str
    allow_above: bool
    file: str
    stale: bool = False

    def title(self, offer_id: str) -> str:
        """Title of an offer; empty when there is no such offer."""
        return str(self.offers[offer_id]["title"]) if offer_id in self.offers else ""

    def fen(self, offer_id: str, column: str) -> int | None:
        """An amount of the targets; None where it is not known."""
        value = self.targets.get(offer_id, {}).get(column)
        return None if value is None or pd.isna(value) else int(value)


def changed_cells(row: ReturnedRow, sent: Mapping[str, Any] | None, *, stale: bool, file: str) -> list[SheetFinding]:
    """Locked cells that no longer hold what was sent out; such a change is never taken.

    Parameters
    ----------
    row
        The row as it came back.
    sent
        What an export of today would write into the locked cells; None for an offer that has no row there any more.
    stale
        Whether the workbook is of another plan, so that today's figures say nothing about what was sent.
    file
        Name of the file, for the findings.
    """
    words = words_of("en")
    stamped = len(row.check) == len(fingerprint({}))
    if stamped:
        names = changed_names(row.check, row.locked)
        kept = changed_names(row.check, sent or {})
    else:
        # The stamp itself is gone: today's own export is what is left to compare with, as far as no talk plan is in it.
        steady = {} if sent is None or stale else {name: cell_text(sent[name]) for name in STEADY if name in row.locked}
        names = [name for name, told in steady.items() if row.locked[name] != told]
        kept = []
    found = []
    for name in names:
        if name not in row.locked:
            continue
        before = f" from {_shown(sent[name])}" if sent is not None and name not in kept else ""
        what = f"{words[name]} was changed{before} to {_shown(row.locked[name])}"
        mend = "the change is not taken; new figures come from the tables"
        found.append(SheetFinding(severity="warning", file=file, where=row.places[name], what=what, mend=mend,
                                  offer_id=row.offer_id))  # fmt: skip
    return found


def check_price(row: ReturnedRow, answer: Answer, place: Place) -> list[SheetFinding]:
    """Hold an answer against today's targets.

    Returns
    -------
    list of SheetFinding
        What is odd about it and yet taken.

    Raises
    ------
    Refusal
        No such offer, another negotiator's, one that may not air, or a price above the walk-away.
    """
    cell = row.inputs["agreed_price"].where

    def finding(severity: Literal["refused", "warning"], where: str, what: str, mend: str) -> SheetFinding:
        return SheetFinding(severity=severity, file=place.file, where=where, what=what, mend=mend, offer_id=row.offer_id)

    if row.offer_id not in place.offers:
        shown = repr(row.offer_id) if row.offer_id else "no offer"
        what = f"{shown} is none of the offers of {place.week.session_id}"
        raise Refusal(finding("refused", row.where, what, "put the id back as it was sent"))
    named = place.offers[row.offer_id]["negotiator"]
    owner = "unassigned" if pd.isna(named) else str(named)
    if owner != place.negotiator:
        what = f"is {owner}'s offer, this workbook is {place.negotiator}'s"
        raise Refusal(finding("refused", row.where, what, f"let {owner} answer it"))
    if row.offer_id not in place.targets:
        what = "may not air as the evidence stands, so nothing can be agreed for it"
        raise Refusal(finding("refused", row.where, what, "run `bosspick screen` to see why"))
    if answer.price_fen is None:
        return []
    return _weighed(answer, place, row.offer_id, _stop_sent(row, place), lambda *told: finding(told[0], cell, told[1], told[2]))


def _stop_sent(row: ReturnedRow, place: Place) -> int | None:
    """Where a workbook of today's plan said to stop, in a cell that nobody changed: a talk for the case that others fail."""
    text = row.locked.get("walk_away", "")
    if place.stale or not text or "walk_away" in changed_names(row.check, row.locked):
        return None
    return round(float(text) * 100)


def _weighed(answer: Answer, place: Place, offer: str, sent: int | None, finding: Any) -> list[SheetFinding]:
    price = answer.price_fen
    assert price is not None
    found = []
    if answer.assumed:
        found.append(finding("warning", "no outcome is chosen beside the price: taken as agreed", ""))
    limit = max((each for each in (place.fen(offer, "stop_fen"), sent) if each is not None), default=None)
    if limit is None:
        found.append(finding("warning", "no price earns this offer a place beside the rules", "agree nothing more for it"))
    elif price > limit:
        what = f"{_yuan(price)} is above the walk-away of {_yuan(limit)}"
        if not place.allow_above:
            raise Refusal(finding("refused", what, "talk again, or say why in the note and import with --allow-above"))
        if not answer.note:
            raise Refusal(finding("refused", what, "--allow-above wants the reason in the note"))
        found.append(finding("warning", f"{what}, allowed because: {answer.note}", ""))
    highest = _highest_that_passes(place, offer)
    if highest is not None and price > highest:
        found.append(finding("warning", f"{_yuan(price)} cannot air: the highest brand price that passes is {_yuan(highest)}",
                             "the offer leaves the lineup, whatever locks it"))  # fmt: skip
    opening, ask = place.fen(offer, "opening_fen"), place.fen(offer, "anchor_fen")
    if opening is not None and price > opening:
        found.append(finding("warning", f"{_yuan(price)} is above the brand's own opening price of {_yuan(opening)}",
                             "is it the right row?"))  # fmt: skip
    if ask is not None and price * 2 < ask:
        found.append(finding("warning", f"{_yuan(price)} is less than half of the first ask of {_yuan(ask)}",
                             "is the point in the right place?"))  # fmt: skip
    return found


def _highest_that_passes(place: Place, offer: str) -> int | None:
    """The highest brand price at which the offer may air with all the subsidy that may be paid; None where none is known."""
    passes, policy = place.fen(offer, "passes_at_fen"), place.week.policy.bargaining
    if passes is None:
        return None
    steps = [int(step * 100) for step in policy.subsidy_steps]
    return max([passes, *(passes + step for step in steps if step <= policy.subsidy_share_max * (passes + step))])


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"


def _shown(value: Any) -> str:
    text = cell_text(value)
    if not text:
        return "nothing"
    return repr(text if len(text) <= 40 else text[:39] + "…")
