"""Who steps in, and at which prices what is left still fits the pot: the lineup solved again with all that is past fixed.

Each item aired is one fixed row with what it sold and what that took from the pot. An item to come keeps the brand's price
it has and may change its subsidy; a bench item may step in at any of its options. Rules that what is past has broken already
must not leave a show without a plan: a rule that binds becomes one whose breach costs more than any plan is worth, and the
pot is never asked to be less than the least that is left to pay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pandas as pd

from bosspick.demand.options import PRICE_BANDS
from bosspick.desk.live_air import Air
from bosspick.desk.live_pots import expected_fen
from bosspick.lineup.optimiser import optimise
from bosspick.lineup.rules import (
    Apart,
    Ban,
    Budget,
    Change,
    Cover,
    Gini,
    Group,
    IfThen,
    Lock,
    Repeat,
    Rule,
    Together,
)

__all__ = ["Refit", "live_question", "refit"]

#: Budgets of what is past once the show begins.
_BEFORE_THE_SHOW = ("talk_hours",)
_SPENT = ("subsidy_fen", "subsidy90_fen", "subsidy_discounted_fen", "subsidy90_discounted_fen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """What is left, fitted again.

    Attributes
    ----------
    fills
        Bench items that serve best in the vacant places; fewer where the time or the bench does not hold more.
    prices
        Price on air at which each item to come, and each of ``fills``, serves best, fen.
    planned_fen
        Subsidy the items to come are expected to take at those prices; without ``fills``.
    broken
        Rules of the lineup that cannot be kept any more, in words.
    """

    fills: tuple[str, ...] = ()
    prices: dict[str, int]
    planned_fen: int
    broken: tuple[str, ...] = ()


def refit(air: Air, *, places: int, allowed: Sequence[tuple[str, ...]] | None = None, time_limit_s: float = 5.0) -> Refit:
    """Solve the rest of the lineup.

    Parameters
    ----------
    air
        How the show stands.
    places
        Vacant places to fill from the bench.
    allowed
        Sets of bench items that may fill them; None: any.
    time_limit_s
        Seconds after which the best found serves.

    Returns
    -------
    Refit
        Optimal among all fills and subsidies within the time.
    """
    if not air.left and not places:
        return Refit(prices={}, planned_fen=0)
    options, rules, pick = live_question(air, places, allowed)
    result = optimise(options, rules, pick=pick, time_limit_s=time_limit_s)
    if not result.outcome.has_plan:
        # Nothing binds that could forbid every plan: only the clock can have run out.
        planned = sum(air.item(offer).expected_units * air.subsidy(offer) for offer in air.left)
        return Refit(prices={offer: air.price(offer) for offer in air.left}, planned_fen=planned)
    chosen = {str(row["offer_id"]): row for row in result.chosen.to_dict("records")}
    dear = _dear(options)
    named = {rule.id: rule.title for rule in rules if rule.mode == "soft" and rule.penalty >= dear}
    return Refit(
        fills=tuple(offer for offer in air.waiting if offer in chosen),
        prices={o: int(row["viewer_price_fen"]) for o, row in chosen.items() if o in {*air.left, *air.waiting}},
        planned_fen=sum(int(chosen[offer]["subsidy_fen"]) for offer in air.left),
        broken=tuple(named[report.id] for report in result.rule_reports if report.id in named and report.violation > 0),
    )


def live_question(
    air: Air, places: int, allowed: Sequence[tuple[str, ...]] | None = None
) -> tuple[pd.DataFrame, list[Rule], int]:
    """The options, the rules and the number of picks that what is left comes to."""
    aired, left = air.aired, air.left
    waiting = [offer for offer in air.waiting if allowed is None or any(offer in each for each in allowed)] if places else []
    bonus = sum(rule.tax for rule in air.book.rules if isinstance(rule, Change) and rule.mode != "off")
    rows = [_fixed(air, offer) for offer in aired]
    for offer in left:
        rows += _to_come(air, offer, bonus)
    for offer in waiting:
        rows += air.book.options[offer]
    options = pd.DataFrame(rows)
    named = {*aired, *left, *waiting}
    locks: list[Rule] = [Lock(offer_id=offer, id=f"live:{offer}") for offer in (*aired, *left)]
    dear = _dear(options)
    rules = [*_rules(air, options, named, dear, waiting, places), *locks]
    for number, fill in enumerate(_others(waiting, places, allowed)):
        column = f"fill_{number}"
        options[column] = ["in" if offer in fill else None for offer in options["offer_id"]]
        rules.append(Group(id=f"live:{column}", column=column, label="in", at_most=places - 1))
    return options, rules, len(aired) + len(left) + min(places, len(waiting))


def _others(waiting: Sequence[str], places: int, allowed: Sequence[tuple[str, ...]] | None) -> Iterable[tuple[str, ...]]:
    """Fills of bench items on offer that are not among those allowed."""
    if allowed is None or not places:
        return []
    wanted = {frozenset(each) for each in allowed}
    return [each for each in combinations(waiting, places) if frozenset(each) not in wanted]


def _dear(options: pd.DataFrame) -> float:
    """More than anything a plan can be worth, so that one breach less always wins."""
    return float(4 * options["value"].abs().groupby(options["offer_id"]).max().sum() + 1e5)


def _fixed(air: Air, offer_id: str) -> dict[str, Any]:
    """An aired item as one row: what it took from the pots is past."""
    item, spent = air.item(offer_id), expected_fen(air, offer_id)
    row = _row(air, offer_id, item.brand_fen, item.subsidy_fen)
    discounted = spent if row["subsidy_discounted_fen"] or row["subsidy90_discounted_fen"] else 0
    taken = dict(zip(_SPENT, (spent, spent, discounted, discounted), strict=True))
    price = air.price(offer_id)
    return row | taken | {"value": item.worth, "viewer_price_fen": price, "price_band": _band(price)}


def _to_come(air: Air, offer_id: str, bonus: float) -> list[dict[str, Any]]:
    """An item to come: at its settled price, else at its brand price with any subsidy.

    The price on the cards is worth a bonus. A higher one is taken only where the pot cannot hold without it.
    """
    item = air.item(offer_id)
    if offer_id in air.prices:
        price, subsidy = air.price(offer_id), air.subsidy(offer_id)
        row = _row(air, offer_id, item.brand_fen, item.subsidy_fen)
        units = {"subsidy_fen": int(row["expected_units"]), "subsidy90_fen": int(row["units90"])}
        taken = {name: number * subsidy for name, number in units.items()}
        below = bool(row["subsidy_discounted_fen"] or row["subsidy90_discounted_fen"])
        taken |= {name.replace("_fen", "_discounted_fen"): fen if below else 0 for name, fen in taken.items()}
        return [row | taken | {"value": item.worth, "viewer_price_fen": price, "price_band": _band(price)}]
    rows = [row for row in air.book.options[offer_id] if row["brand_price_fen"] == item.brand_fen]
    worst = sum(own[0]["value"] for own in air.book.options.values())

    def value(row: dict[str, Any]) -> float:
        raised = row["viewer_price_fen"] - item.card_fen
        return float(row["agreed_value"] + (bonus if raised == 0 else -worst if raised > 0 else 0.0))

    return [row | {"value": value(row)} for row in rows]


def _row(air: Air, offer_id: str, brand_fen: int, subsidy_fen: int) -> dict[str, Any]:
    rows = air.book.options[offer_id]
    wanted = (brand_fen, subsidy_fen)
    return next(row for row in rows if (row["brand_price_fen"], row["subsidy_step_fen"]) == wanted)


def _band(price_fen: int) -> str:
    return next(label for end, label in PRICE_BANDS if price_fen < end * 100)


def _rules(air: Air, options: pd.DataFrame, named: set[str], dear: float, waiting: Sequence[str], places: int) -> list[Rule]:
    found: list[Rule] = []
    for rule in air.book.rules:
        if rule.mode == "off":
            continue
        if isinstance(rule, Budget):
            if rule.column not in _BEFORE_THE_SHOW:
                least = _least(options, rule.column, waiting, places)
                found.append(replace(rule, at_most=max(rule.at_most, least)) if rule.mode == "hard" else rule)
        elif isinstance(rule, Cover):
            topics = {t: (w, tuple(o for o in offers if o in named)) for t, (w, offers) in rule.topics.items()}
            kept = {topic: entry for topic, entry in topics.items() if entry[1]}
            found += [replace(rule, topics=kept)] if kept else []
        elif isinstance(rule, Group | Gini | Repeat):
            found.append(_softened(rule, dear))
        elif isinstance(rule, Apart):
            both = tuple(offer for offer in rule.offer_ids if offer in named)
            found += [_softened(replace(rule, offer_ids=both), dear)] if len(both) > 1 else []
        elif isinstance(rule, Together | IfThen):
            found += _linked(rule, named, dear)
        # A lock, a ban and a change's tax are about who is in the ten, which is past, or the producer's to decide now.
    return found


def _linked(rule: Together | IfThen, named: set[str], dear: float) -> list[Rule]:
    """What a pair, or a condition, still means among those who can be in."""
    first = rule.offer_ids if isinstance(rule, Together) else rule.if_any
    then = rule.offer_ids if isinstance(rule, Together) else rule.then_any
    those, needed = tuple(o for o in first if o in named), tuple(o for o in then if o in named)
    if isinstance(rule, Together) and len(those) == len(first):
        return [_softened(rule, dear)]
    if isinstance(rule, IfThen) and those and needed:
        return [_softened(replace(rule, if_any=those, then_any=needed), dear)]
    return [_softened(Ban(offer_id=o, id=f"{rule.id}:{o}", title=rule.title, why=rule.why), dear) for o in those]


def _softened(rule: Rule, dear: float) -> Rule:
    return replace(rule, mode="soft", penalty=dear) if rule.mode == "hard" else rule


def _least(options: pd.DataFrame, column: str, waiting: Sequence[str], places: int) -> float:
    """The least a budget's column can come to."""
    lowest = options[column].astype("float64").groupby(options["offer_id"]).min()
    bench = lowest[lowest.index.isin(waiting)].sort_values()
    return float(lowest[~lowest.index.isin(waiting)].sum() + bench.head(places).sum())
