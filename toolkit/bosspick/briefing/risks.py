"""What can still go wrong with a plan and what to do about it, and the plan in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["Risk", "headline_of", "list_risks"]

_SURE = 0.9
_OLD_H = 48.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One thing that can go wrong, with whom it concerns and what to do."""

    offer_id: str
    what: str
    do: str
    confidential: bool = False


def headline_of(stage: Stage) -> str:
    """What the show is, in one sentence that claims only what was checked."""
    week, plan = stage.week, stage.plan
    rows = plan.chosen
    saving = float(rows["value_saving"].sum()) / max(week.policy.value.saving, 1e-9)
    channels = int(stage.screening.offers.set_index("offer_id").loc[rows["offer_id"], "channels_checked"].min())
    talks = int((rows["talk_hours"] > 0).sum())
    sentence = f"{len(rows)} items, each below every price found on at least {channels} channels by {week.as_of:%d %B, %H:%M}"
    sentence += f", saving viewers about ¥{saving:,.0f} together"
    return sentence + (f"; {talks} of them still to be won in talks." if talks else "; no talk is left to be won.")


def list_risks(stage: Stage) -> list[Risk]:
    """Everything about the ten that is not yet certain.

    Returns
    -------
    list of Risk
        In the order of the show; those of a talk are confidential.
    """
    found: list[Risk] = []
    screened = stage.screening.offers.set_index("offer_id")
    verdicts = stage.screening.verdicts.set_index(["offer_id", "rule"])["reason_code"]
    targets = stage.targets.frame.set_index("offer_id")
    chosen = stage.plan.chosen.set_index("offer_id")
    for slot in stage.rundown.slots.to_dict("records"):
        offer = slot["offer_id"]
        row, seen, target = chosen.loc[offer], screened.loc[offer], targets.loc[offer]
        stands_in = target["if_it_fails"] if pd.notna(target["if_it_fails"]) else None
        step_in = f"have {stands_in} ready" if stands_in else "no bench item fits: settle this one first"
        if row["accept_p"] < _SURE:
            found.append(Risk(offer_id=offer, what=f"the talk is won with a chance of {row['accept_p']:.0%}", do=step_in,
                              confidential=True))  # fmt: skip
        if bool(target["floor_is_prior"]):
            found.append(Risk(offer_id=offer, what="nobody has estimated the brand's floor: a prior is used", confidential=True,
                              do="ask the negotiator for an estimate"))  # fmt: skip
        if pd.notna(seen["oldest_age_h"]) and seen["oldest_age_h"] > _OLD_H:
            found.append(Risk(offer_id=offer, what=f"its oldest quote is {seen['oldest_age_h']:.0f} h old",
                              do="capture it again before the show"))  # fmt: skip
        if not slot["rep_on_set"]:
            found.append(Risk(offer_id=offer, what="the brand's representative is not on set in its slot",
                              do="ask for another time, or prepare the answers"))  # fmt: skip
        if verdicts.get((offer, "reference_price")) != "REFERENCE_OK":
            found.append(Risk(offer_id=offer, what="its list price is not proven as a 'was' price", do="say no 'was' price on air"))
        if row["units90"] >= _stock(stage, offer):
            found.append(Risk(offer_id=offer, what="stock runs out on a good night", do="announce the true count, release in parts"))
    found += [Risk(offer_id="–", what=breach, do="no order keeps this rule: change the window or the item")
              for breach in stage.rundown.breaches]  # fmt: skip
    return found


def _stock(stage: Stage, offer_id: str) -> int:
    offers = stage.week.table("offers").set_index("offer_id")
    return int(offers.at[offer_id, "stock"])
