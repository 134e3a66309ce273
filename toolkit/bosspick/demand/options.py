"""Price options: every offer that may air, at each brand price and subsidy worth trying, with what it is worth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bosspick.demand.acceptance import Acceptance, acceptance_of
from bosspick.demand.estimate import Demand, estimate_demand
from bosspick.demand.ladder import price_ladder
from bosspick.demand.value import OfferFacts, agreed_values, offer_facts
from bosspick.errors import InputError
from bosspick.frames import records
from bosspick.intake import Week
from bosspick.screening import Screening

__all__ = [
    "COMPONENTS",
    "DISCOUNTED",
    "PRICE_BANDS",
    "agreed_rows",
    "best_agreed",
    "grid_prices",
    "price_options",
]

#: What an option's agreed value is made of, in yuan-equivalents.
COMPONENTS = ("value_saving", "value_orders", "value_trust", "value_gmv", "value_subsidy")
#: Columns of subsidy, and those that count it only where the brand's price is below its opening.
DISCOUNTED = {"subsidy_fen": "subsidy_discounted_fen", "subsidy90_fen": "subsidy90_discounted_fen"}
#: Upper ends of the price bands in yuan, and their labels.
PRICE_BANDS = ((50, "0-49"), (100, "50-99"), (300, "100-299"), (1000, "300-999"), (float("inf"), "1000+"))
_LABELS = ["brand_id", "store_id", "category", "negotiator", "gtin", "title"]


def price_options(
    week: Week,
    screening: Screening,
    *,
    demand: Demand | None = None,
    acceptance: Acceptance | None = None,
    settled: Mapping[str, int] | None = None,
    failed: Collection[str] = (),
) -> pd.DataFrame:
    """List the price options of every offer that may air.

    Parameters
    ----------
    week, screening
        The week and what the screen found.
    demand, acceptance
        Estimates; made from the week if None.
    settled
        Brand prices already agreed, fen by offer: such an offer has that one price, accepted for certain.
    failed
        Offers whose talk failed: their opening price is all there is, and without a pass at that they have no option.

    Returns
    -------
    DataFrame
        One row an option, sorted: offer_id, option_id, value (expected, yuan-equivalents: before the talk the
        brand accepts with probability accept_p, else the fallback counts), agreed_value and its components (see
        ``COMPONENTS``), accept_p, fallback_value, brand_price_fen, subsidy_step_fen (per unit, platform),
        viewer_price_fen, web_lowest_fen, expected_units, units90, subsidy_fen and subsidy90_fen (totals),
        the same of goods below their opening price (see ``DISCOUNTED``), talk_hours, price_band, brand_id, store_id,
        category, negotiator, gtin, title.

    Raises
    ------
    InputError
        An agreed price is no whole number of fen above 0.
    """
    demand = demand if demand is not None else estimate_demand(week)
    acceptance = acceptance if acceptance is not None else acceptance_of(week)
    facts = offer_facts(week, screening, demand)
    settled = settled or {}
    for offer, price in settled.items():
        if not isinstance(price, int | np.integer) or price <= 0:
            raise InputError(f"{price!r} is no price in whole fen", where=f"settled[{offer!r}]", hint="8150 is ¥81.50")
    fixed = {offer: facts[offer].opening_fen for offer in failed if offer in facts} | dict(settled)
    asked = [
        (facts[offer], np.array([fixed[offer]] if offer in fixed else _ladder(week, facts[offer], acceptance)))
        for offer in sorted(facts)
    ]
    options = _accepted(agreed_rows(week, asked), facts, acceptance, fixed)
    names = zip(options["brand_price_fen"].tolist(), options["subsidy_step_fen"].tolist(), strict=True)
    options.insert(1, "option_id", [f"b{brand}s{step}" for brand, step in names])
    if options.empty:
        return pd.DataFrame(columns=["offer_id", "option_id", "value", *_LABELS])
    options = _expected(options, week.policy.show.items)
    labels = week.table("offers").set_index("offer_id")[_LABELS]
    options = options.join(labels, on="offer_id")
    return options.sort_values(["offer_id", "option_id"], ignore_index=True)


def grid_prices(week: Week, facts: OfferFacts, *, low_fen: int, step_fen: int = 1) -> np.ndarray:
    """Brand prices of an offer from low_fen up, whole fen: multiples of a step, and the highest that passes at each subsidy."""
    highest = facts.cap_fen + np.array(_subsidy_steps(week), dtype=np.int64)
    prices = np.union1d(np.arange(-(-low_fen // step_fen) * step_fen, highest.max() + 1, step_fen), highest)
    return np.asarray(prices[prices >= low_fen])


def agreed_rows(week: Week, asked: Sequence[tuple[OfferFacts, np.ndarray]]) -> pd.DataFrame:
    """What offers would be worth once a price is agreed.

    Parameters
    ----------
    week
        The week.
    asked
        Offers (see :func:`bosspick.demand.value.offer_facts`), each with its brand prices in whole fen.

    Returns
    -------
    DataFrame
        Columns as :func:`price_options`, without option_id, the expected value and the labels, in the order asked for:
        every price with all subsidy steps that may be paid and at which the viewer price passes.
    """
    steps, share = np.array(_subsidy_steps(week)), week.policy.bargaining.subsidy_share_max
    facts = [fact for fact, _ in asked]
    prices = np.concatenate([np.empty(0, dtype=np.int64), *(own for _, own in asked)])
    which = np.repeat(np.repeat(np.arange(len(asked)), [len(own) for _, own in asked]), len(steps))
    brand, subsidy = np.repeat(prices, len(steps)), np.tile(steps, len(prices))
    cap, opening = (
        np.array([getattr(fact, name) for fact in facts], dtype=np.int64)[which] for name in ("cap_fen", "opening_fen")
    )
    exists = (subsidy <= share * brand) & (brand - subsidy <= cap) & (brand - subsidy > 0)
    which, brand, subsidy, opening = which[exists], brand[exists], subsidy[exists], opening[exists]
    rows = agreed_values(week.policy.value, facts, which, brand, subsidy)
    for column, discounted in DISCOUNTED.items():
        rows[discounted] = np.where(brand < opening, rows[column], 0)
    rows["price_band"] = _bands(rows["viewer_price_fen"].to_numpy())
    return rows


def best_agreed(week: Week, asked: Sequence[tuple[OfferFacts, np.ndarray]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Of each offer and agreed brand price the row worth most; prices at which nothing passes are left out."""
    best: dict[tuple[str, int], dict[str, Any]] = {}
    for row in records(agreed_rows(week, asked)):
        key = str(row["offer_id"]), int(row["brand_price_fen"])
        if key not in best or row["agreed_value"] > best[key]["agreed_value"]:
            best[key] = row
    return best


def _ladder(week: Week, facts: OfferFacts, acceptance: Acceptance) -> list[int]:
    policy = week.policy.bargaining
    return price_ladder(
        int(acceptance.of(facts.offer_id)["low_fen"]), facts.opening_fen,
        keep=[facts.cap_fen + step for step in _subsidy_steps(week)], steps=policy.ladder_steps, endings=policy.price_endings,
    )  # fmt: skip


def _accepted(
    rows: pd.DataFrame, facts: Mapping[str, OfferFacts], acceptance: Acceptance, fixed: Mapping[str, int]
) -> pd.DataFrame:
    """How likely each option is accepted and what its talk takes; options no brand would accept are left out."""
    accept, hours = np.ones(len(rows)), np.zeros(len(rows))
    prices = rows["brand_price_fen"].to_numpy()
    for offer, at in rows.groupby("offer_id", sort=False).indices.items():
        if str(offer) not in fixed:
            fact = facts[str(offer)]
            accept[at] = acceptance.probability(str(offer), prices[at])
            hours[at] = np.where(prices[at] < fact.opening_fen, fact.talk_hours, 0.0)
    return rows.assign(accept_p=accept, talk_hours=hours)[accept > 0].reset_index(drop=True)


def _subsidy_steps(week: Week) -> list[int]:
    return sorted({int(step * 100) for step in week.policy.bargaining.subsidy_steps} | {0})


def _bands(price_fen: np.ndarray) -> np.ndarray:
    ends = np.array([end * 100 for end, _ in PRICE_BANDS[:-1]])
    return np.array([label for _, label in PRICE_BANDS])[np.searchsorted(ends, price_fen, side="right")]


def _expected(options: pd.DataFrame, pick: int) -> pd.DataFrame:
    """Value before the talk: accepted, or else the fallback.

    The fallback is the offer at its opening price where that passes; else what the first bench item would bring,
    taken as the best offer outside the first ``pick`` by what each brings on its own. It is never above what the
    offer itself can bring: else a weak offer would be picked for the sake of its talk failing.
    """
    on_its_own = (options["accept_p"] * options["agreed_value"]).groupby(options["offer_id"]).max()
    standing = on_its_own.sort_values(ascending=False, kind="stable")
    bench = float(standing.iloc[pick]) if len(standing) > pick else 0.0
    opening = options[options["talk_hours"] == 0].groupby("offer_id")["agreed_value"].max()
    fallback = options["offer_id"].map(opening).fillna(options["offer_id"].map(on_its_own).clip(upper=bench))
    accept = options["accept_p"]
    value = accept * options["agreed_value"] + (1 - accept) * fallback
    options = options.assign(fallback_value=fallback.astype("float64").round(2), value=value.round(2))
    front = ["offer_id", "option_id", "value"]
    return options[front + [column for column in options.columns if column not in front]]
