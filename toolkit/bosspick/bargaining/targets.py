"""The target sheet as data: ask, target, walk-away and ladder of every offer that may air, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bosspick.bargaining.anchor import Anchor, Rung, concession_ladder, pick_anchor
from bosspick.bargaining.limits import step_of, value_at_limit, walk_away_limits
from bosspick.demand import Acceptance, Demand, acceptance_of, estimate_demand
from bosspick.demand.options import best_agreed
from bosspick.demand.value import OfferFacts, offer_facts
from bosspick.frames import records, rows_of
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.screening import Screening

__all__ = ["TARGET_COLUMNS", "Targets", "price_targets"]

TARGET_COLUMNS = (
    "offer_id", "title", "brand_id", "category", "negotiator", "in_plan", "plan_fen", "turn", "status", "opening_fen",
    "web_lowest_fen", "passes_at_fen", "own_lowest_fen", "reservation_low_fen", "reservation_high_fen", "floor_is_prior",
    "anchor_fen", "anchor_reason", "target_fen", "target_subsidy_fen", "viewer_price_fen", "accept_p", "walk_away_fen",
    "walk_away_subsidy_fen", "stop_fen", "agreement_zone", "talk_hours", "expected_units", "value_at_target",
    "units_at_opening", "value_at_opening", "units_at_anchor", "value_at_anchor", "units_at_walk_away", "value_at_walk_away",
    "worth_per_hour", "if_it_fails", "if_it_fails_cost", "step_fen",
)  # fmt: skip
_MAY_BE_EMPTY = ("plan_fen", "turn", "stop_fen", "walk_away_fen", "walk_away_subsidy_fen", "web_lowest_fen", "passes_at_fen",
                 "own_lowest_fen", "units_at_opening", "units_at_anchor", "units_at_walk_away")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What negotiators take along; confidential.

    Attributes
    ----------
    frame
        One row an offer that may air; columns ``TARGET_COLUMNS``, money in fen, values in yuan-equivalents once agreed.
        Those in the plan first, then by what a talk is worth per hour. ``plan_fen`` is what the lineup counts on (empty
        outside it), ``turn`` the place of the talk among its negotiator's (empty when the talk plan holds none),
        ``target_fen`` what the talk aims at, and ``stop_fen`` the most that may be paid: the walk-away, or more where the
        lineup counts on more or the talk is for the case that others fail. ``agreement_zone`` is "likely" (the walk-away
        lies above every reservation price we think possible), "possible", "none", "no place" (no price earns it a place
        beside the rules), or "reserve" (the target earns the place only if other talks fail). Units
        and value at the opening, the anchor and the walk-away are with the subsidy that serves best there.
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
    limits: pd.DataFrame | None = None,
    talks: pd.DataFrame | None = None,
) -> Targets:
    """Price the targets of every offer that may air.

    Parameters
    ----------
    week, screening, plan
        The week, what the screen found, and its lineup.
    demand, acceptance
        Estimates; made from the week if None.
    limits
        Walk-away prices as :func:`~bosspick.bargaining.limits.walk_away_limits` gives them; computed if None.
    talks
        The talk plan's talks (:attr:`bosspick.bargaining.TalkPlan.talks`): their aims are the targets. Without it a
        target is the plan's own price, and outside the plan the price with the best chance to earn a place.

    Returns
    -------
    Targets
        What to ask for, aim at and where to stop.
    """
    demand = demand if demand is not None else estimate_demand(week)
    acceptance = acceptance if acceptance is not None else acceptance_of(week)
    walk = limits if limits is not None else walk_away_limits(week, screening, plan, demand)
    facts = offer_facts(week, screening, demand)
    worths = value_at_limit(week, walk, facts)
    turns = {} if talks is None else {str(row["offer_id"]): row for row in records(talks)}
    planned = {str(row["offer_id"]): row for row in records(plan.chosen)}
    aimed = _aims(plan, walk, worths) | planned | _talked(plan, talks)
    steps_in = _replacements(plan)
    shares = _past_shares(week)
    screened = rows_of(screening.offers.set_index("offer_id"))
    offers = rows_of(week.table("offers").set_index("offer_id"))
    limits_of = rows_of(walk)
    rows: list[dict[str, Any]] = []
    ladders: dict[str, tuple[Rung, ...]] = {}
    for offer_id in sorted(aimed):
        aim, offer, seen = aimed[offer_id], offers[offer_id], screened[offer_id]
        bounds, limit = acceptance.of(offer_id), limits_of[offer_id]
        opening = int(offer["opening_price_fen"])
        stop: int | None = None if pd.isna(limit["walk_away_fen"]) else int(limit["walk_away_fen"])
        target = int(aim["brand_price_fen"])
        counted = int(planned[offer_id]["brand_price_fen"]) if offer_id in planned else None
        anchor = pick_anchor(
            _reasons(seen, offer, shares), target_fen=target, opening_fen=opening, policy=week.policy.bargaining
        )
        talk = turns.get(offer_id)
        # What the lineup counts on may be paid, and what a talk of the talk plan aims at.
        most = max((each for each in (stop, counted, target if talk else None) if each is not None), default=None)
        # Nobody needs to pay more than the brand asked for.
        top = target if most is None else max(min(most, opening), counted or 0)
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
                "in_plan": counted is not None,
                "plan_fen": counted,
                "turn": talk["turn"] if talk else None,
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
                "stop_fen": most,
                "agreement_zone": "reserve"
                if talk and counted is None and target > (stop or 0)
                else _zone(stop, int(bounds["low_fen"]), int(bounds["high_fen"])),
                "talk_hours": hours,
                "expected_units": int(aim["expected_units"]),
                "value_at_target": float(aim["agreed_value"]),
                "worth_per_hour": float(talk["worth_per_hour"])
                if talk
                else _per_hour(aim, worths.get(offer_id), hours, in_plan=counted is not None),
                "if_it_fails": None if fails is None else fails[0],
                "if_it_fails_cost": None if fails is None else fails[1],
                "step_fen": step_of(opening),
            }
        )
    _add_values(rows, week, facts)
    frame = pd.DataFrame(rows, columns=list(TARGET_COLUMNS))
    for column in _MAY_BE_EMPTY:
        frame[column] = frame[column].astype("Int64")
    frame = frame.sort_values(["in_plan", "worth_per_hour", "offer_id"], ascending=[False, False, True], ignore_index=True)
    return Targets(frame=frame, ladders=ladders)


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


def _add_values(rows: list[dict[str, Any]], week: Week, facts: dict[str, OfferFacts]) -> None:
    """Expected units and value at three prices once agreed, with the subsidy that serves best; None where none passes."""
    names = {"opening": "opening_fen", "anchor": "anchor_fen", "walk_away": "walk_away_fen"}
    prices = [sorted({row[column] for column in names.values() if row[column] is not None}) for row in rows]
    best = best_agreed(week, [(facts[row["offer_id"]], np.array(own)) for row, own in zip(rows, prices, strict=True)])
    for row in rows:
        for name, column in names.items():
            found = best.get((row["offer_id"], row[column]))
            row[f"units_at_{name}"] = None if found is None else int(found["expected_units"])
            row[f"value_at_{name}"] = None if found is None else float(found["agreed_value"])


def _talked(plan: LineupPlan, talks: pd.DataFrame | None) -> dict[str, dict[str, Any]]:
    """The option each talk of the talk plan aims at: of its price the one worth most."""
    if talks is None or talks.empty:
        return {}
    aims = talks[["offer_id", "aim_fen"]].rename(columns={"aim_fen": "brand_price_fen"})
    rows = plan.options.merge(aims, on=["offer_id", "brand_price_fen"])
    rows = rows.sort_values(["offer_id", "agreed_value", "option_id"], ascending=[True, False, True])
    return {str(row["offer_id"]): row for row in records(rows.drop_duplicates("offer_id"))}


def _aims(plan: LineupPlan, walk: pd.DataFrame, limits: dict[str, float]) -> dict[str, dict[str, Any]]:
    """The option with the best chance to earn its offer the place.

    That is the one, not above the walk-away, of the largest expected gain over the value at the walk-away; where none
    gains, the option most likely to be accepted.
    """
    options = plan.options
    limit = options["offer_id"].map(walk["walk_away_fen"]).astype("Float64")
    worth = options["offer_id"].map(limits).astype("float64")
    gain = (options["accept_p"] * (options["agreed_value"] - worth)).where(options["brand_price_fen"] <= limit)
    ranked = options.assign(_gain=gain.clip(lower=0).fillna(0.0)).sort_values(
        ["offer_id", "_gain", "accept_p", "value", "option_id"], ascending=[True, False, False, False, True]
    )
    return {str(row["offer_id"]): row for row in records(ranked.groupby("offer_id").head(1))}


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
