"""A show small enough to plan by hand, and a clock that goes when it is told to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bosspick.briefing.wording import Evidence
from bosspick.desk.live_book import LiveBook, LiveItem
from bosspick.desk.live_clock import ShowClock
from bosspick.desk.live_entries import Entry, Kind
from bosspick.desk.live_state import LiveState
from bosspick.ledger import Ledger
from bosspick.lineup.rules import Budget, Rule
from bosspick.policy import RundownPolicy
from bosspick.rundown.hard_rules import OrderRules

WEEK = "2026-W48"
START = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
#: Price on air up to which the evidence carries a comparison, fen.
PASSES = 9_990


def evidence(passes_at: int | None = PASSES) -> Evidence:
    at = START - timedelta(hours=26)
    lowest = None if passes_at is None else passes_at + 10
    return Evidence(lowest_fen=lowest, channel="甲", shop="店", grade="A", seen_at=at, age_h=26.0, channels=("甲", "乙"),
                    oldest_at=at, oldest_age_h=26.0, as_of=at, passes_at_fen=passes_at, conditional_fen=None, seen=2,
                    ranking=2)  # fmt: skip


def option(
    offer: str, brand_fen: int, subsidy_fen: int, worth: float, *, units: int = 100, category: str = "a"
) -> dict[str, Any]:
    total = units * subsidy_fen
    return {
        "offer_id": offer, "option_id": f"b{brand_fen}s{subsidy_fen}", "value": worth, "agreed_value": worth,
        "brand_price_fen": brand_fen, "subsidy_step_fen": subsidy_fen, "viewer_price_fen": brand_fen - subsidy_fen,
        "expected_units": units, "units90": 2 * units, "subsidy_fen": total, "subsidy90_fen": 2 * total,
        "subsidy_discounted_fen": 0, "subsidy90_discounted_fen": 0, "price_band": "50-99", "talk_hours": 0.0,
        "category": category, "brand_id": f"brand {offer}", "title": f"商品 {offer}",
    }  # fmt: skip


def item(row: dict[str, Any], slot: int, *, role: str = "everyday", minutes: int = 10, window: Any = None) -> LiveItem:
    return LiveItem(
        offer_id=row["offer_id"], title=row["title"], category=row["category"], role=role, slot=slot, minutes=minutes,
        window=window, card_fen=row["viewer_price_fen"], brand_fen=row["brand_price_fen"],
        subsidy_fen=row["subsidy_step_fen"], expected_units=row["expected_units"], planned_units=row["units90"],
        worth=row["agreed_value"], evidence=evidence(),
    )  # fmt: skip


def book(
    *, worths: Iterable[float] = (400.0, 300.0, 200.0), bench: Iterable[float] = (150.0, 120.0),
    rules: tuple[Rule, ...] | None = None, order: OrderRules | None = None, pot_fen: int = 250_000,
) -> LiveBook:  # fmt: skip
    """Items o1… of categories a, b, c…, ¥5 of subsidy on ¥90 or none, and bench items p1…, each at one ten-minute slot."""
    options, items, waiting = {}, [], []
    for number, worth in enumerate(worths, start=1):
        offer, category = f"o{number}", "abcdefg"[number - 1]
        rows = (option(offer, 9_000, 500, worth, category=category), option(offer, 9_000, 0, worth * 0.7, category=category))
        options[offer] = rows
        items.append(item(rows[0], number, role="hook" if number == 1 else "everyday"))
    for number, worth in enumerate(bench, start=1):
        offer, category = f"p{number}", "xyz"[number - 1]
        rows = (option(offer, 8_000, 500, worth, category=category), option(offer, 8_000, 0, worth * 0.6, category=category))
        options[offer] = rows
        waiting.append(item(rows[0], 0, minutes=0))
    budget = Budget(id="pot", title="the pot", column="subsidy_fen", at_most=float(pot_fen))
    return LiveBook(
        session_id=WEEK, version="W48-abc", starts_at=START, minutes=10 * len(items), items=tuple(items), bench=tuple(waiting),
        options=options, stock=dict.fromkeys(options, 10_000), rules=(budget,) if rules is None else rules,
        order_rules=order or OrderRules(), rundown=RundownPolicy(minutes_min=5, minutes_max=15, tranches=2),
        multipliers=tuple(1.2 - 0.1 * k for k in range(len(items))), pot_fen=pot_fen, reserve_fen=50_000,
    )  # fmt: skip


def entries(*steps: tuple[Kind, str, int | None, float]) -> tuple[Entry, ...]:
    """Kind, offer, amount, and minutes after the start."""
    return tuple(
        Entry(number=n, kind=kind, offer_id=offer, amount=amount, note="", at=START + timedelta(minutes=at), who="t")
        for n, (kind, offer, amount, at) in enumerate(steps, start=1)
    )


@dataclass(slots=True)
class Hand:
    """A clock's hand: the ledger stamps entries with the real time, the show's clock shows ``shown``."""

    shown: datetime = START

    def clock(self) -> ShowClock:
        """A clock that stands at ``shown``; entries made now are at ``shown`` up to the time a test takes."""
        return ShowClock(real=datetime.now(UTC), shown=self.shown)


def state(folder: Path, **changes: Any) -> LiveState:
    """A desk on a fresh ledger, its clock at the start of the show."""
    return LiveState(book=book(**changes), ledger=Ledger.of_room(folder), clock=Hand().clock(), who="tester")


def without(book: LiveBook, offer: str, passes_at: int | None) -> LiveBook:
    """The book with other evidence for an item."""
    items = tuple(replace(each, evidence=evidence(passes_at)) if each.offer_id == offer else each for each in book.items)
    return replace(book, items=items)
