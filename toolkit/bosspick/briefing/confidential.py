"""What only the team may see of a plan as a whole: the talks to hold, and what more money would bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bosspick.briefing.rows import by_offer
from bosspick.frames import records

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["MoneyRow", "TalkBoard", "TalkRow", "money_of", "talk_board_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRow:
    """One talk: who holds it as which, at what to aim (fen), its chance, hours, and what the lineup loses without it."""

    negotiator: str
    turn: int
    offer_id: str
    title: str
    aim_fen: int
    chance: float
    hours: float
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkBoard:
    """The talks and what is expected after them, with the 95% interval; yuan-equivalents."""

    rows: tuple[TalkRow, ...]
    without: float
    expected: float
    low: float
    high: float
    naive: float
    wait_and_see: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRow:
    """What one payer gives up at expected units (fen), and what the next ¥10,000 would bring; None where nothing is asked."""

    payer: str
    given_up_fen: int
    next_step: float | None


def talk_board_of(stage: Stage) -> TalkBoard:
    """The talk plan in short."""
    plan = stage.talks
    titles = {offer: str(row["title"]) for offer, row in by_offer(stage.week.table("offers")).items()}
    rows = tuple(
        TalkRow(negotiator=str(row["negotiator"]), turn=int(row["turn"]), offer_id=str(row["offer_id"]),
                title=titles[str(row["offer_id"])], aim_fen=int(row["aim_fen"]), chance=float(row["accept_p"]),
                hours=float(row["hours"]), worth=float(row["worth"]))
        for row in records(plan.talks)
    )  # fmt: skip
    return TalkBoard(rows=rows, without=plan.without.mean, expected=plan.expected.mean, low=plan.expected.low,
                     high=plan.expected.high, naive=plan.naive.mean, wait_and_see=plan.wait_and_see.mean)  # fmt: skip


def money_of(stage: Stage) -> list[MoneyRow]:
    """Who gives up what for the prices on air, and what more would bring."""
    return [
        MoneyRow(payer=str(row["payer"]), given_up_fen=int(row["planned_fen"]),
                 next_step=None if pd.isna(row["next_step_value"]) else float(row["next_step_value"]))
        for row in records(stage.subsidy.pots)
    ]  # fmt: skip
