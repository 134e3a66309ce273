"""The cells to fill in, as people type them, to an answer: nothing is guessed, and what is unclear is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import pandas as pd

from bosspick.bargaining.sheet_back import INPUTS, ReturnedRow
from bosspick.bargaining.sheet_findings import SheetFinding
from bosspick.bargaining.sheet_talks import NOTE_LENGTH
from bosspick.bargaining.sheet_words import OPEN_WORDS, folded, outcome_of
from bosspick.intake.cells import parse_cells
from bosspick.intake.schema import MOST_YUAN
from bosspick.tables import TABLES

__all__ = ["Answer", "Refusal", "answer_of", "typed_price"]

#: Read like any other price of the tables.
_PRICE = TABLES["airings"].column("agreed_price")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a row says: the outcome, the price in fen where one was agreed, and a note."""

    outcome: Literal["agreed", "failed", "open"]
    price_fen: int | None = None
    note: str = ""
    assumed: bool = False


class Refusal(Exception):  # noqa: N818 - no error of the user's program, a verdict on a row
    """A row that cannot be taken, with the finding that says why."""

    def __init__(self, finding: SheetFinding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def answer_of(row: ReturnedRow, file: str, zone: ZoneInfo) -> Answer | None:
    """Read what was filled in.

    Parameters
    ----------
    row
        A row of a returned workbook.
    file
        Name of its file, for the findings.
    zone
        The room's time zone; no price depends on it.

    Returns
    -------
    Answer or None
        None for a row nobody touched. A price without an outcome is an agreement; ``assumed`` says so.

    Raises
    ------
    Refusal
        A formula, a merged cell, no price where one belongs, or answers that contradict each other.
    """

    def refuse(name: str, what: str, mend: str) -> Refusal:
        where = row.inputs[name].where
        return Refusal(
            SheetFinding(severity="refused", file=file, where=where, what=what, mend=mend, offer_id=row.offer_id)
        )  # fmt: skip

    if not row.touched:
        return None
    for name in INPUTS:
        if row.inputs[name].formula:
            raise refuse(name, f"holds the formula {_short(row.inputs[name].text)}", "write the figure itself")
        if row.inputs[name].merged:
            raise refuse(name, "is merged with other cells", "take the merge apart and fill in each row")
    price, outcome, note = (row.inputs[name].text for name in INPUTS)
    if len(note) > NOTE_LENGTH:
        raise refuse("note", f"is longer than {NOTE_LENGTH} characters", "shorten it")
    told = outcome_of(outcome) if outcome else None
    if outcome and told is None:
        raise refuse("outcome", f"{_short(outcome)} is no outcome", "choose agreed, no deal or open (已谈定, 未谈成, 待定)")
    if folded(price) in OPEN_WORDS:
        # "To be talked about" in the price is an answer of its own.
        if told not in (None, "open"):
            raise refuse("agreed_price", f"says {price!r} beside {outcome!r}", "write the price, or choose open (待定)")
        return Answer(outcome="open", note=note or price)
    fen, wrong = typed_price(price, zone)
    if wrong:
        raise refuse("agreed_price", f"{_short(price)} {wrong}",
                     "write the price alone in yuan, such as 98.50, and the rest in the note")  # fmt: skip
    if told in ("failed", "open") and fen is not None:
        raise refuse("agreed_price", f"holds a price beside {outcome!r}", "empty the price, or choose agreed (已谈定)")
    if told == "agreed" and fen is None:
        raise refuse("outcome", "says agreed, and there is no price", "write the agreed price, or choose open (待定)")
    if fen is not None:
        return Answer(outcome="agreed", price_fen=fen, note=note, assumed=told is None)
    return Answer(outcome="failed" if told == "failed" else "open", note=note)


def typed_price(text: str, zone: ZoneInfo) -> tuple[int | None, str]:
    """The price in fen, None for an empty cell; or what is wrong with it."""
    parsed = parse_cells(pd.Series([text], dtype="str"), _PRICE, zone)
    if parsed.reason.iloc[0]:
        return None, str(parsed.reason.iloc[0])
    if pd.isna(parsed.values.iloc[0]):
        return None, ""
    fen = int(parsed.values.iloc[0])
    if fen <= 0:
        return None, "is not above zero"
    return (fen, "") if fen <= MOST_YUAN * 100 else (None, "is above a billion yuan")


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
