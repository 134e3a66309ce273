"""The target sheet as data: ask, target, walk-away and ladder of every offer that may air, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bosspick.bargaining.anchor import Anchor, Rung, concession_ladder, pick_anchor
from bosspick.bargaining.walkaway import walk_away
from bosspick.demand import Acceptance, Demand, acceptance_of, estimate_demand
from bosspick.demand.options import agreed_grid
from bosspick.demand.value import OfferFacts, agreed_values, offer_facts
from bosspick.frames import records, row_of
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.screening import Screening

__all__ = ["TARGET_COLUMNS", "Targets", "price_targets"]

TARGET_COLUMNS = (
    "offer_id", "title", "brand_id", "category", "negotiator", "in_plan", "status", "opening_fen", "web_lowest_fen",
    "passes_at_fen", "own_lowest_fen", "reservation_low_fen", "reservation_high_fen", "floor_is_prior", "anchor_fen",
    "anchor_reason", "target_fen", "target_subsidy_fen", "viewer_price_fen", "accept_p", "walk_away_fen",
    "walk_away_subsidy_fen", "agreement_zone", "talk_hours", "expected_units", "value_at_target", "worth_per_hour",
    "if_it_fails", "if_it_fails_cost", "step_fen",
)  # fmt: skip
#: Finest step of a walk-away in fen: nobody bargains over less than a jiao from this price on.
_FINE_BELOW_FEN, _COARSE_STEP_FEN = 5000, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What negotiators take along; confidential.

    Attributes
    ----------
    frame
        One row an offer that may air; columns ``TARGET_COLUMNS``, money in fen. Those in the plan first, then by
        what a talk is worth per hour. ``agreement_zone`` is "likely" (the walk-away lies above every reservation
        price we think possible), "possible", "none", or "no place" (no price earns it a place beside the rules).
    ladders
        Concession steps by offer_id, from anchor to walk-away.
    """

    frame: pd.DataFrame
    ladders: dict[str, tuple[Rung, ...]]


def price_targets(
    week: Week,
    screening: Screening,
    plan: LineupPlan,
    *,
    demand: Demand | None = None,
    acceptance: Acceptance | None = None,
) -> Targets:
    """Price the targets of every offer that may air.

    Parameters
    ----------
    week, screening, plan
        The week, what the screen found, and its lineup.
    demand, acceptance
        Estimates; made from the week if None.

    Returns
    -------
    Targets
        The walk-away is the highest brand price which, once agreed, makes the best lineup with the offer worth at
        least the best lineup without it, by exact re-solving; to the fen below ¥50, to the jiao above.
    """
    demand = demand if demand is not None else estimate_demand(week)
    acceptance = acceptance if acceptance is not None else acceptance_of(week)
    walk = _walk_aways(week, screening, plan, demand)
    facts = offer_facts(week, screening, demand)
    limits = _value_at_limit(week, walk, facts)
    aimed = _aims(plan, walk, limits)
    in_plan = set(plan.chosen["offer_id"])
    steps_in = _replacements(plan)
    shares = _past_shares(week)
    screened = screening.offers.set_index("offer_id")
    offers = week.table("offers").set_index("offer_id")
    rows: list[dict[str, Any]] = []
    ladders: dict[str, tuple[Rung, ...]] = {}
    for offer_id in sorted(aimed):
        aim, offer, seen = aimed[offer_id], row_of(offers, offer_id), row_of(screened, offer_id)
        bounds, limit = row_of(acceptance.bounds, offer_id), row_of(walk, offer_id)
        opening = int(offer["opening_price_fen"])
        stop: int | None = None if pd.isna(limit["walk_away_fen"]) else int(limit["walk_away_fen"])
        target = int(aim["brand_price_fen"])
        anchor = pick_anchor(
            _reasons(seen, offer, shares), target_fen=target, opening_fen=opening, policy=week.policy.bargaining
        )
        # Nobody needs to pay more than the brand asked for, and what the plan aims at may be paid.
        top = target if stop is None else max(min(stop, opening), target if offer_id in in_plan else 0)
        ladders[offer_id] = concession_ladder(anchor.price_fen, top, week.policy.bargaining)
        hours = float(offer["talk_hours"]) if pd.notna(offer["talk_hours"]) else week.policy.bargaining.default_talk_hours
        fails = steps_in.get(offer_id)
        rows.append(
            {
                "offer_id": offer_id,
                "title": offer["title"],
                "brand_id": offer["brand_id"],
                "category": offer["category"],
                "negotiator": offer["negotiator"],
                "in_plan": offer_id in in_plan,
                "status": seen["status"],
                "opening_fen": opening,
                "web_lowest_fen": seen["web_lowest_fen"],
                "passes_at_fen": seen["passes_at_fen"],
                "own_lowest_fen": seen["was_fen"],
                "reservation_low_fen": int(bounds["low_fen"]),
                "reservation_high_fen": int(bounds["high_fen"]),
                "floor_is_prior": bool(bounds["prior"]),
                "anchor_fen": anchor.price_fen,
                "anchor_reason": anchor.reason,
                "target_fen": target,
                "target_subsidy_fen": int(aim["subsidy_step_fen"]),
                "viewer_price_fen": target - int(aim["subsidy_step_fen"]),
                "accept_p": round(float(aim["accept_p"]), 6),
                "walk_away_fen": stop,
                "walk_away_subsidy_fen": None if stop is None else int(limit["at_subsidy_fen"]),
                "agreement_zone": _zone(stop, int(bounds["low_fen"]), int(bounds["high_fen"])),
                "talk_hours": hours,
                "expected_units": int(aim["expected_units"]),
                "value_at_target": float(aim["agreed_value"]),
                "worth_per_hour": _per_hour(aim, limits.get(offer_id), hours, in_plan=offer_id in in_plan),
                "if_it_fails": None if fails is None else fails[0],
                "if_it_fails_cost": None if fails is None else fails[1],
                "step_fen": _step(opening),
            }
        )
    frame = pd.DataFrame(rows, columns=list(TARGET_COLUMNS))
    for column in ("walk_away_fen", "walk_away_subsidy_fen", "web_lowest_fen", "passes_at_fen", "own_lowest_fen"):
        frame[column] = frame[column].astype("Int64")
    frame = frame.sort_values(["in_plan", "worth_per_hour", "offer_id"], ascending=[False, False, True], ignore_index=True)
    return Targets(frame=frame, ladders=ladders)


def _walk_aways(week: Week, screening: Screening, plan: LineupPlan, demand: Demand) -> pd.DataFrame:
    facts = offer_facts(week, screening, demand)
    lowest_ask = 1 - week.policy.bargaining.gross_margin_max
    parts = []
    labels = plan.options.drop_duplicates("offer_id").set_index("offer_id")
    named = {column for rule in plan.rules if (column := getattr(rule, "column", None)) in labels.columns}
    for offer_id in sorted(set(facts) & set(labels.index)):
        fact = facts[offer_id]
        low = min(round(fact.opening_fen * lowest_ask), fact.cap_fen)
        grid = agreed_grid(week, fact, low_fen=max(low, 1), step_fen=_step(fact.opening_fen))
        # A price that is agreed has cost its talk already. What else a rule names goes with the offer.
        wanted = named.difference(grid.columns, ["talk_hours"])
        own = {name: label for name, label in row_of(labels, offer_id).items() if name in wanted}
        grid = grid.assign(talk_hours=0.0, s_fen=grid["subsidy_step_fen"], **own)
        parts.append(grid)
    candidates = pd.concat(parts, ignore_index=True)
    found = walk_away(plan.options, plan.rules, candidates, pick=plan.result.pick, result=plan.result)
    return found.set_index("offer_id")


def _step(opening_fen: int) -> int:
    return 1 if opening_fen < _FINE_BELOW_FEN else _COARSE_STEP_FEN


def _reasons(seen: dict[str, Any], offer: dict[str, Any], shares: dict[str, tuple[float, int]]) -> list[Anchor]:
    """Asks below the opening with something to show for each."""
    found = []
    if pd.notna(seen["was_fen"]):
        price = int(seen["was_fen"])
        found.append(Anchor(price_fen=price, reason=f"its own shop showed it at ¥{price / 100:,.2f} in the days before"))
    if pd.notna(seen["conditional_lowest_fen"]):
        price = int(seen["conditional_lowest_fen"])
        found.append(Anchor(price_fen=price, reason=f"members pay ¥{price / 100:,.2f} on the web today"))
    if offer["brand_id"] in shares:
        share, talks = shares[offer["brand_id"]]
        price = round(float(offer["opening_price_fen"]) * share)
        found.append(
            Anchor(price_fen=price, reason=f"the brand's best of {talks} past talks ended at {share:.0%} of its opening")
        )
    return found


def _past_shares(week: Week) -> dict[str, tuple[float, int]]:
    """Lowest agreed share of the opening price and number of past talks, by brand."""
    airings = week.table("airings")
    known = airings[airings["agreed_price_fen"].notna() & airings["opening_price_fen"].gt(0)]
    known = known[known["session_id"] < week.session_id]
    share = known["agreed_price_fen"].astype("float64") / known["opening_price_fen"].astype("float64")
    grouped = share.groupby(known["brand_id"]).agg(["min", "count"])
    return {str(brand): (float(low), int(count)) for brand, low, count in grouped.itertuples()}


def _zone(walk_away_fen: int | None, low: int, high: int) -> str:
    if walk_away_fen is None:
        return "no place"
    if walk_away_fen >= high:
        return "likely"
    return "possible" if walk_away_fen >= low else "none"


def _value_at_limit(week: Week, walk: pd.DataFrame, facts: dict[str, OfferFacts]) -> dict[str, float]:
    """Value of each offer once agreed at its walk-away: what the place is worth without it."""
    found = {}
    for offer_id, price, step in walk[["walk_away_fen", "at_subsidy_fen"]].itertuples():
        if pd.notna(price):
            rows = agreed_values(week.policy.value, facts[offer_id], np.array([int(price)]), np.array([int(step)]))
            found[str(offer_id)] = float(rows["agreed_value"].iloc[0])
    return found


def _aims(plan: LineupPlan, walk: pd.DataFrame, limits: dict[str, float]) -> dict[str, dict[str, Any]]:
    """The option each talk aims at: the plan's own, or outside it the best chance to earn the place.

    Outside the plan that is the option, not above the walk-away, of the largest expected gain over the value at
    the walk-away; where none gains, the option most likely to be accepted.
    """
    options = plan.options
    limit = options["offer_id"].map(walk["walk_away_fen"]).astype("Float64")
    worth = options["offer_id"].map(limits).astype("float64")
    gain = (options["accept_p"] * (options["agreed_value"] - worth)).where(options["brand_price_fen"] <= limit)
    ranked = options.assign(_gain=gain.clip(lower=0).fillna(0.0)).sort_values(
        ["offer_id", "_gain", "accept_p", "value", "option_id"], ascending=[True, False, False, False, True]
    )
    aims = {str(row["offer_id"]): row for row in records(ranked.groupby("offer_id").head(1))}
    return aims | {str(row["offer_id"]): row for row in records(plan.chosen)}


def _per_hour(aim: dict[str, Any], limit: float | None, hours: float, *, in_plan: bool) -> float:
    """Yuan-equivalents the talk is expected to add, for each hour it takes; 0 where there is nothing to talk about."""
    if aim["talk_hours"] == 0:
        return 0.0
    base = float(aim["fallback_value"]) if in_plan else float("inf") if limit is None else limit
    gain = max(float(aim["accept_p"]) * (float(aim["agreed_value"]) - base), 0.0)
    return round(gain / hours, 2) if hours > 0 else round(gain, 2)


def _replacements(plan: LineupPlan) -> dict[str, tuple[str, float]]:
    """Who steps in for each of the ten, and the value lost by it."""
    values = plan.options.set_index(["offer_id", "option_id"])["value"]
    own = plan.chosen.set_index("offer_id")["value"]
    found = {}
    for row in records(plan.bench):
        for failed, option in row["option_by_offer"].items():
            found[failed] = (row["offer_id"], round(float(own[failed] - values[row["offer_id"], option]), 2))
    return found
