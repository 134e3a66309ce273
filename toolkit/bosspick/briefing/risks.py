"""What can still go wrong with a plan and what to do about it, and the plan in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bosspick.briefing.rows import Row, by_offer, text
from bosspick.briefing.wording import clock, percent, short_day, yuan
from bosspick.briefing.wording_check import wording_hits
from bosspick.lineup.pots import plannable_fen

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["Risk", "headline_of", "list_risks"]

_SURE = 0.9
_COUNT = "say the true count at each release"
_NO_ORDER = "no order keeps this rule: change the window or the item"
_SETTLE = "no bench item fits: settle this one first"
#: Whom a risk concerns when it is no single offer.
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
        sentence += f", {each} planned below every price that ranks on at least {channels} channels checked by {by}"
    sentence += f": viewers would save about {yuan(round(float(saving.sum())), whole=True)} together"
    still = "the one talk still open is" if talks == 1 else f"the {talks} talks still open are"
    return sentence + (f" if {still} won." if talks else "; no talk is left to be won.")


def list_risks(stage: Stage) -> list[Risk]:
    """Everything about the planned items that is not yet certain.

    Returns
    -------
    list of Risk
        In the order of the show, then those of the whole; those of a talk are confidential.
    """
    screened, targets = by_offer(stage.screening.offers), by_offer(stage.targets.frame)
    chosen, offers = by_offer(stage.plan.chosen), by_offer(stage.week.table("offers"))
    found: list[Risk] = []
    for offer, slot in by_offer(stage.rundown.slots).items():
        row = chosen[offer]
        found += _of_talk(offer, row, targets[offer], offers)
        found += _of_evidence(stage, offer, row, screened[offer])
        found += _of_the_air(stage, offer, slot)
        if row["units90"] >= offers[offer]["stock"]:
            found.append(Risk(offer_id=offer, what="stock runs out on a very good night", do=_COUNT))
    found += [Risk(offer_id=ALL, what=breach, do=_NO_ORDER) for breach in stage.rundown.breaches]
    return [*found, *_of_wording(stage), *_of_subsidy(stage), *_of_bench([targets[offer] for offer in chosen], offers)]


def _of_talk(offer: str, row: Row, target: Row, offers: dict[str, Row]) -> Iterator[Risk]:
    """What the talk leaves open; confidential."""
    stands_in = text(target["if_it_fails"])
    if row["accept_p"] < _SURE:
        do = f"have {offers[stands_in]['title']} ({stands_in}) ready" if stands_in else _SETTLE
        chance = f"the talk is won with a chance of {percent(row['accept_p'])}"
        yield Risk(offer_id=offer, what=chance, do=do, confidential=True)
    if bool(target["floor_is_prior"]):
        what = "nobody has estimated the brand's floor: a prior is used"
        yield Risk(offer_id=offer, what=what, do="ask the negotiator for an estimate", confidential=True)
    if pd.isna(target["walk_away_fen"]) or target["walk_away_fen"] < target["target_fen"]:
        what = "the target lies above the walk-away: a rule holds it in the lineup"
        yield Risk(offer_id=offer, what=what, do="ask whether the rule is worth its price", confidential=True)


def _of_the_air(stage: Stage, offer: str, slot: Row) -> Iterator[Risk]:
    if not slot["rep_on_set"]:
        what = "the brand's representative is not on set in its slot"
        yield Risk(offer_id=offer, what=what, do="ask for another time, or prepare the answers")
    verdicts = stage.screening.verdicts
    rows = verdicts[(verdicts["offer_id"] == offer) & (verdicts["rule"] == "reference_price")]
    if not rows["reason_code"].eq("REFERENCE_OK").any():
        what = "its list price is not proven as a “was” price"
        yield Risk(offer_id=offer, what=what, do="say no “was” price on air")


def _of_evidence(stage: Stage, offer: str, row: Row, seen: Row) -> Iterator[Risk]:
    week = stage.week
    window = week.policy.screening.window_hours
    oldest_h = seen["oldest_age_h"] + (week.starts_at - week.as_of).total_seconds() / 3600
    members = seen["conditional_lowest_fen"]
    if pd.isna(seen["passes_at_fen"]) or row["viewer_price_fen"] > seen["passes_at_fen"]:
        what = "the evidence does not carry its price on air"
        yield Risk(offer_id=offer, what=what, do="compare with nobody on air")
    if pd.notna(oldest_h) and oldest_h > window:
        do = f"capture quotes again before the show: those older than {window} h do not rank"
        yield Risk(offer_id=offer, what=f"oldest quote {oldest_h:.0f} h at the start", do=do)
    if pd.notna(members) and members <= row["viewer_price_fen"]:
        what = f"members pay {yuan(members)} elsewhere, not more than on air"
        yield Risk(offer_id=offer, what=what, do="say “public price”, and that members may find it lower")


def _of_wording(stage: Stage) -> Iterator[Risk]:
    hits = wording_hits(stage)
    for row in hits[~hits["signed"]].to_dict("records"):
        what = f"not cleared for air: “{row['phrase']}” in its {row['place']}"
        yield Risk(offer_id=str(row["offer_id"]), what=what, do=f"{row['suggestion']}, or sign it off")


def _of_subsidy(stage: Stage) -> Iterator[Risk]:
    policy = stage.week.policy
    most, planned = int(stage.plan.chosen["subsidy90_fen"].sum()), plannable_fen(stage.week, "platform")
    if any(pot.payer == "platform" for pot in policy.pots) and most > planned:
        reached = f"on a very good night the platform's subsidy reaches {yuan(most, whole=True)}"
        what = f"{reached}, above the {yuan(planned, whole=True)} of its pot"
        do = "stop subsidised releases when the pot is empty, or have the rest granted beforehand"
        yield Risk(offer_id=ALL, what=what, do=do)


def _of_bench(targets: list[Row], offers: dict[str, Row]) -> Iterator[Risk]:
    counts = Counter(offer for row in targets if (offer := text(row["if_it_fails"])) is not None)
    for offer, number in sorted(counts.items()):
        if number > 1:
            what = f"{offers[offer]['title']} ({offer}) stands in for {number} items"
            do = "plan again when two of them fail: one bench item fills one place"
            yield Risk(offer_id=ALL, what=what, do=do)
