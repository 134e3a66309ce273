"""What can still go wrong with a plan and what to do about it, and the plan in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.wording import clock, percent, short_day, yuan

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["Risk", "headline_of", "list_risks"]

_SURE = 0.9
#: Who a risk concerns when it is no single offer.
ALL = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One thing that can go wrong, with whom it concerns and what to do."""

    offer_id: str
    what: str
    do: str
    confidential: bool = False


def headline_of(stage: Stage) -> str:
    """What the show is, in one sentence that claims only what was checked."""
    plan, as_of = stage.plan, stage.week.as_of
    rows = plan.chosen
    screened = stage.screening.offers.set_index("offer_id").loc[rows["offer_id"]]
    passes = screened["passes_at_fen"].astype("Float64").to_numpy(dtype="float64", na_value=float("nan"))
    carried = rows["viewer_price_fen"].to_numpy() <= passes
    channels = int(screened["channels_checked"].to_numpy()[carried].min()) if carried.any() else 0
    each = "each" if carried.all() else f"{int(carried.sum())} of them"
    by = f"{clock(as_of)} on {short_day(as_of)}"
    saving = rows["expected_units"] * (rows["web_lowest_fen"].astype("Float64") - rows["viewer_price_fen"])
    talks = int((rows["talk_hours"] > 0).sum())
    sentence = f"{len(rows)} items"
    if carried.any():
        sentence += f", {each} planned below the lowest of at least {channels} channels checked by {by}"
    sentence += f": viewers would save about {yuan(round(float(saving.sum())), whole=True)} together"
    return sentence + (f", if the {talks} talks still open are won." if talks else "; no talk is left to be won.")


def list_risks(stage: Stage) -> list[Risk]:
    """Everything about the planned items that is not yet certain.

    Returns
    -------
    list of Risk
        In the order of the show, then those of the whole; those of a talk are confidential.
    """
    screened = stage.screening.offers.set_index("offer_id")
    verdicts = stage.screening.verdicts.set_index(["offer_id", "rule"])["reason_code"]
    targets = stage.targets.frame.set_index("offer_id")
    chosen = stage.plan.chosen.set_index("offer_id")
    offers = stage.week.table("offers").set_index("offer_id")
    found: list[Risk] = []
    for slot in stage.rundown.slots.to_dict("records"):
        offer = str(slot["offer_id"])
        row = chosen.loc[offer]
        found += _of_talk(offer, row, targets.loc[offer])
        found += _of_evidence(stage, offer, row, screened.loc[offer])
        if not slot["rep_on_set"]:
            found.append(Risk(offer_id=offer, what="the brand's representative is not on set in its slot",
                              do="ask for another time, or prepare the answers"))  # fmt: skip
        if verdicts.get((offer, "reference_price")) != "REFERENCE_OK":
            found.append(Risk(offer_id=offer, what="its list price is not proven as a “was” price", do="say no “was” price on air"))
        if row["units90"] >= offers.at[offer, "stock"]:
            found.append(Risk(offer_id=offer, what="stock runs out on a very good night", do="say the true count at each release"))
    found += [Risk(offer_id=ALL, what=breach, do="no order keeps this rule: change the window or the item")
              for breach in stage.rundown.breaches]  # fmt: skip
    return found + list(_of_subsidy(stage)) + list(_of_bench(targets.loc[list(chosen.index)]))


def _of_talk(offer: str, row: pd.Series, target: pd.Series) -> Iterator[Risk]:
    """What the talk leaves open; confidential."""
    stands_in = target["if_it_fails"] if pd.notna(target["if_it_fails"]) else None
    if row["accept_p"] < _SURE:
        yield Risk(offer_id=offer, what=f"the talk is won with a chance of {percent(row['accept_p'])}", confidential=True,
                   do=f"have {stands_in} ready" if stands_in else "no bench item fits: settle this one first")  # fmt: skip
    if bool(target["floor_is_prior"]):
        yield Risk(offer_id=offer, what="nobody has estimated the brand's floor: a prior is used", confidential=True,
                   do="ask the negotiator for an estimate")  # fmt: skip
    if pd.isna(target["walk_away_fen"]) or target["walk_away_fen"] < target["target_fen"]:
        yield Risk(offer_id=offer, what="the target lies above the walk-away: a rule holds it in the lineup", confidential=True,
                   do="ask whoever made the rule whether it is worth its price")  # fmt: skip


def _of_evidence(stage: Stage, offer: str, row: pd.Series, seen: pd.Series) -> Iterator[Risk]:
    week = stage.week
    window = week.policy.screening.window_hours
    wait_h = (week.starts_at - week.as_of).total_seconds() / 3600
    if pd.isna(seen["passes_at_fen"]) or row["viewer_price_fen"] > seen["passes_at_fen"]:
        yield Risk(offer_id=offer, what="the evidence does not carry its price on air", do="compare with nobody on air")
    if pd.notna(seen["oldest_age_h"]) and seen["oldest_age_h"] + wait_h > window:
        yield Risk(offer_id=offer, what=f"its oldest quote will be {seen['oldest_age_h'] + wait_h:.0f} h old when the show starts",
                   do=f"capture it again before the show: quotes older than {window} h do not rank")  # fmt: skip
    if pd.notna(seen["conditional_lowest_fen"]) and seen["conditional_lowest_fen"] <= row["viewer_price_fen"]:
        yield Risk(offer_id=offer, what=f"members pay {yuan(seen['conditional_lowest_fen'])} elsewhere, not more than on air",
                   do="say “public price”, and that members may find it lower")  # fmt: skip


def _of_subsidy(stage: Stage) -> Iterator[Risk]:
    policy, rows = stage.week.policy, stage.plan.chosen
    most = int(rows["subsidy90_fen"].sum())
    if any(pot.payer == "platform" for pot in policy.pots) and most > policy.pot_fen("platform"):
        yield Risk(
            offer_id=ALL, do="stop subsidised releases when the pot is empty, or have the rest released beforehand",
            what=f"on a very good night the platform's subsidy reaches {yuan(most, whole=True)}, above the "
                 f"{yuan(policy.pot_fen('platform'), whole=True)} planned with",
        )  # fmt: skip


def _of_bench(targets: Any) -> Iterator[Risk]:
    counts = Counter(str(offer) for offer in targets["if_it_fails"].dropna())
    for offer, number in sorted(counts.items()):
        if number > 1:
            yield Risk(offer_id=ALL, what=f"the bench item {offer} stands in for {number} items",
                       do="when two of them fail, plan again: one bench item fills one place")  # fmt: skip
