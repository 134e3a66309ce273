"""What the live desk knows before the show: the ten in their order, the bench, what each may cost and what may be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.items import evidence_of
from bosspick.briefing.wording import Evidence
from bosspick.frames import records
from bosspick.lineup.plan import LineupPlan
from bosspick.lineup.pots import plannable_fen, pots_in_force
from bosspick.lineup.rules import Rule
from bosspick.policy import RundownPolicy
from bosspick.rundown.hard_rules import OrderRules
from bosspick.rundown.show_items import order_rules, windows_of

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage
    from bosspick.intake import Week
    from bosspick.rundown import Rundown

__all__ = ["BENCH_ROLE", "LiveBook", "LiveItem"]

#: What a bench item is for once it is in.
BENCH_ROLE = "everyday"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveItem:
    """One item as the cards have it; money in fen.

    Attributes
    ----------
    offer_id, title, category, role
        Who it is and what it is for.
    slot
        Its place in the rundown from 1; 0 for a bench item.
    minutes
        As in the rundown; 0 for a bench item.
    window
        When its representative is on set, in minutes from the start of the show; None: no time is stated.
    card_fen, brand_fen, subsidy_fen
        Price on air, what the brand gets, and what the platform adds, each for a unit.
    expected_units, planned_units
        Units expected, and units that will be released.
    worth
        Its value once agreed, yuan-equivalents.
    evidence
        What may be said about its price.
    """

    offer_id: str
    title: str
    category: str
    role: str
    slot: int
    minutes: int
    window: tuple[float, float] | None
    card_fen: int
    brand_fen: int
    subsidy_fen: int
    expected_units: int
    planned_units: int
    worth: float
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBook:
    """A show before it begins.

    Attributes
    ----------
    session_id, version
        ISO week, and stamp of the plan.
    starts_at, minutes
        When the show starts, with offset, and how long it is.
    items
        The ten in the order of the rundown.
    bench
        Bench items in their rank, at the option that serves best for their likeliest case.
    options
        Price options of each of these, the most valuable first; see :func:`bosspick.price_options`.
    stock
        Units there are, by offer.
    rules
        The lineup's rules.
    order_rules, rundown
        What an order has to keep, and the policy of minutes and releases.
    multipliers
        Sales of each slot against the average.
    pot_fen, reserve_fen
        The platform's subsidy that was planned with, and what was kept for the air; fen.
    """

    session_id: str
    version: str
    starts_at: datetime
    minutes: int
    items: tuple[LiveItem, ...]
    bench: tuple[LiveItem, ...]
    options: Mapping[str, tuple[dict[str, Any], ...]]
    stock: Mapping[str, int]
    rules: tuple[Rule, ...]
    order_rules: OrderRules
    rundown: RundownPolicy
    multipliers: tuple[float, ...]
    pot_fen: int
    reserve_fen: int

    @classmethod
    def of_week(cls, week: Week, plan: LineupPlan, rundown: Rundown, evidence: Mapping[str, Evidence]) -> LiveBook:
        """Gather what a show needs.

        Parameters
        ----------
        week, plan, rundown
            The week, its lineup with a bench, and its order.
        evidence
            Of every item of the ten and of the bench; see :func:`bosspick.briefing.items.evidence_of`.
        """
        windows = windows_of(week)
        stock = {row["offer_id"]: int(row["stock"]) for row in records(week.table("offers"))}
        slots = records(rundown.slots)
        named = [*rundown.slots["offer_id"], *plan.bench["offer_id"]]
        options = _options(plan.options, named)
        chosen = {row["offer_id"]: row for row in records(plan.chosen)}

        def item(row: Mapping[str, Any], role: str, slot: int, minutes: int) -> LiveItem:
            offer = str(row["offer_id"])
            planned = min(stock[offer], max(int(row["units90"]), int(row["expected_units"])))
            return LiveItem(
                offer_id=offer, title=str(row["title"]), category=str(row["category"]), role=role, slot=slot, minutes=minutes,
                window=windows[offer], card_fen=int(row["viewer_price_fen"]), brand_fen=int(row["brand_price_fen"]),
                subsidy_fen=int(row["subsidy_step_fen"]), expected_units=int(row["expected_units"]), planned_units=planned,
                worth=max(float(row["agreed_value"]), 0.0), evidence=evidence[offer],
            )  # fmt: skip

        platform = [pot for pot in pots_in_force(week) if pot.payer == "platform" and pot.goods != "new_users"]
        return cls(
            session_id=week.session_id,
            version=plan.version,
            starts_at=week.starts_at,
            minutes=week.policy.show.minutes,
            items=tuple(item(chosen[s["offer_id"]], s["role"], int(s["slot"]), int(s["minutes"])) for s in slots),
            bench=tuple(item(_bench_row(options, row), BENCH_ROLE, 0, 0) for row in records(plan.bench)),
            options=options,
            stock={offer: stock[offer] for offer in named},
            rules=plan.rules,
            order_rules=order_rules(week),
            rundown=week.policy.rundown,
            multipliers=tuple(float(each) for each in rundown.slots["slot_multiplier"]),
            pot_fen=plannable_fen(week, "platform"),
            reserve_fen=sum(int(pot.amount * 100 * Decimal(str(pot.reserve))) for pot in platform),
        )

    @classmethod
    def of_stage(cls, stage: Stage) -> LiveBook:
        """Gather what a show needs from a notebook's stage."""
        named = [*stage.rundown.slots["offer_id"], *stage.plan.bench["offer_id"]]
        evidence = {offer: evidence_of(stage.week, stage.screening, offer) for offer in named}
        return cls.of_week(stage.week, stage.plan, stage.rundown, evidence)

    @property
    def ends_at(self) -> datetime:
        """When the show ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def item(self, offer_id: str) -> LiveItem:
        """An item of the ten or of the bench; KeyError if it is neither."""
        found = next((each for each in (*self.items, *self.bench) if each.offer_id == offer_id), None)
        if found is None:
            raise KeyError(offer_id)
        return found

    def at_price(self, item: LiveItem, viewer_fen: int) -> LiveItem:
        """A bench item at the best of its options with a price on air; as it is where it has none."""
        row = next((row for row in self.options[item.offer_id] if row["viewer_price_fen"] == viewer_fen), None)
        if row is None:
            return item
        planned = min(self.stock[item.offer_id], max(int(row["units90"]), int(row["expected_units"])))
        return replace(
            item, card_fen=viewer_fen, brand_fen=int(row["brand_price_fen"]), subsidy_fen=int(row["subsidy_step_fen"]),
            expected_units=int(row["expected_units"]), planned_units=planned, worth=max(float(row["agreed_value"]), 0.0),
        )  # fmt: skip


def _options(frame: pd.DataFrame, named: Sequence[str]) -> dict[str, tuple[dict[str, Any], ...]]:
    rows = frame[frame["offer_id"].isin(named)].sort_values(["value", "option_id"], ascending=[False, True])
    return {str(offer): tuple(records(own)) for offer, own in rows.groupby("offer_id")}


def _bench_row(options: Mapping[str, tuple[dict[str, Any], ...]], bench: Mapping[str, Any]) -> dict[str, Any]:
    rows = options[bench["offer_id"]]
    # A bench item that can replace none of the ten alone has no option named for it.
    return next((row for row in rows if row["option_id"] == bench["option_id"]), rows[0])
