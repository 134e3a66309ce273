"""What can still go wrong with a plan and what to do about it, and the plan in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bosspick.briefing.language import Language, marked
from bosspick.briefing.rows import Row, by_offer, text
from bosspick.briefing.wording_check import PLACES, wording_hits
from bosspick.lineup.pots import plannable_fen
from bosspick.policy_rules import LockSpec, RepeatSpec, iso_monday
from bosspick.screening.verdicts import REASONS

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["Risk", "headline_of", "list_risks"]

_SURE = 0.9
_COUNT = marked("say the true count at each release")
_NO_ORDER = marked("no order keeps this rule: change the window or the item")
_SETTLE = marked("no bench item fits: settle this one first")
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
    language, as_of, rows = stage.language, stage.week.as_of, stage.plan.chosen
    t, tn = language.gettext, language.ngettext
    screened = stage.screening.offers.set_index("offer_id").loc[rows["offer_id"]]
    passes = screened["passes_at_fen"].astype("Float64").to_numpy(dtype="float64", na_value=float("nan"))
    carried = rows["viewer_price_fen"].to_numpy() <= passes
    channels = int(screened["channels_checked"].to_numpy()[carried].min()) if carried.any() else 0
    saving = rows["expected_units"] * (rows["web_lowest_fen"].astype("Float64") - rows["viewer_price_fen"])
    talks = int((rows["talk_hours"] > 0).sum())
    money, by = language.total(round(float(saving.sum()))), {"clock": language.clock(as_of), "day": language.short_day(as_of)}
    if not carried.any():
        scope = tn("%(n)s item", "%(n)s items", len(rows), n=len(rows))
    elif carried.all():
        scope = t(
            "%(n)s items, each planned below every price that ranks on at least %(channels)s channels checked by "
            "%(clock)s on %(day)s", n=len(rows), channels=channels, **by,
        )  # fmt: skip
    else:
        scope = t(
            "%(n)s items, %(some)s of them planned below every price that ranks on at least %(channels)s channels checked "
            "by %(clock)s on %(day)s", n=len(rows), some=int(carried.sum()), channels=channels, **by,
        )  # fmt: skip
    if not talks:
        return t("%(scope)s: viewers would save about %(money)s together; no talk is left to be won.", scope=scope, money=money)
    return tn(
        "%(scope)s: viewers would save about %(money)s together if the one talk still open is won.",
        "%(scope)s: viewers would save about %(money)s together if the %(talks)s talks still open are won.",
        talks, scope=scope, money=money, talks=talks,
    )  # fmt: skip


def list_risks(stage: Stage) -> list[Risk]:
    """Everything about the planned items that is not yet certain.

    Returns
    -------
    list of Risk
        In the order of the show, then those of the whole; those of a talk are confidential.
    """
    t = stage.language.gettext
    screened, targets = by_offer(stage.screening.offers), by_offer(stage.targets.frame)
    chosen, offers = by_offer(stage.plan.chosen), by_offer(stage.week.table("offers"))
    found: list[Risk] = []
    for offer, slot in by_offer(stage.rundown.slots).items():
        row = chosen[offer]
        found += _of_talk(stage.language, offer, row, targets[offer], offers)
        found += _of_evidence(stage, offer, row, screened[offer])
        found += _of_the_air(stage, offer, slot)
        if row["units90"] >= offers[offer]["stock"]:
            found.append(Risk(offer_id=offer, what=t("stock runs out on a very good night"), do=t(_COUNT)))
    found += [Risk(offer_id=ALL, what=stage.language.told(breach), do=t(_NO_ORDER)) for breach in stage.rundown.breaches]
    of_all = [*_of_wording(stage), *_of_subsidy(stage), *_of_past_shows(stage), *_of_wanted(stage)]
    return [*found, *of_all, *_of_bench(stage.language, [targets[offer] for offer in chosen], offers)]


def _of_talk(language: Language, offer: str, row: Row, target: Row, offers: dict[str, Row]) -> Iterator[Risk]:
    """What the talk leaves open; confidential."""
    t = language.gettext
    stands_in = text(target["if_it_fails"])
    if row["accept_p"] < _SURE:
        ready = t("have %(title)s (%(offer)s) ready", title=offers[stands_in]["title"], offer=stands_in) if stands_in else ""
        what = t("the talk is won with a chance of %(chance)s", chance=language.percent(row["accept_p"]))
        yield Risk(offer_id=offer, what=what, do=ready or t(_SETTLE), confidential=True)
    if bool(target["floor_is_prior"]):
        what = t("nobody has estimated the brand's floor: a prior is used")
        yield Risk(offer_id=offer, what=what, do=t("ask the negotiator for an estimate"), confidential=True)
    if pd.isna(target["walk_away_fen"]) or target["walk_away_fen"] < target["plan_fen"]:
        what = t("what the plan counts on lies above the walk-away: a rule holds it in the lineup")
        yield Risk(offer_id=offer, what=what, do=t("ask whether the rule is worth its price"), confidential=True)


def _of_the_air(stage: Stage, offer: str, slot: Row) -> Iterator[Risk]:
    t = stage.language.gettext
    if not slot["rep_on_set"]:
        what = t("the brand's representative is not on set in its slot")
        yield Risk(offer_id=offer, what=what, do=t("ask for another time, or prepare the answers"))
    verdicts = stage.screening.verdicts
    rows = verdicts[(verdicts["offer_id"] == offer) & (verdicts["rule"] == "reference_price")]
    if not rows["reason_code"].eq("REFERENCE_OK").any():
        what = t("its list price is not proven as a “was” price")
        yield Risk(offer_id=offer, what=what, do=t("say no “was” price on air"))


def _of_evidence(stage: Stage, offer: str, row: Row, seen: Row) -> Iterator[Risk]:
    week, language, t = stage.week, stage.language, stage.language.gettext
    window = week.policy.screening.window_hours
    oldest_h = seen["oldest_age_h"] + (week.starts_at - week.as_of).total_seconds() / 3600
    members = seen["conditional_lowest_fen"]
    if pd.isna(seen["passes_at_fen"]) or row["viewer_price_fen"] > seen["passes_at_fen"]:
        what = t("the evidence does not carry its price on air")
        yield Risk(offer_id=offer, what=what, do=t("compare with nobody on air"))
    if pd.notna(oldest_h) and oldest_h > window:
        do = t("capture quotes again before the show: those older than %(hours)s h do not rank", hours=window)
        yield Risk(offer_id=offer, what=t("oldest quote %(hours)s h at the start", hours=f"{oldest_h:.0f}"), do=do)
    if pd.notna(members) and members <= row["viewer_price_fen"]:
        what = t("members pay %(price)s elsewhere, not more than on air", price=language.yuan(members))
        yield Risk(offer_id=offer, what=what, do=t("say “public price”, and that members may find it lower"))


def _of_wording(stage: Stage) -> Iterator[Risk]:
    language, t = stage.language, stage.language.gettext
    hits = wording_hits(stage)
    for row in hits[~hits["signed"]].to_dict("records"):
        what = t("not cleared for air: “%(phrase)s” in its %(place)s", phrase=row["phrase"], place=t(PLACES[row["place"]]))
        do = t("%(instead)s, or sign it off", instead=language.told(row["suggestion"]))
        yield Risk(offer_id=str(row["offer_id"]), what=what, do=do)


def _of_subsidy(stage: Stage) -> Iterator[Risk]:
    language, t, chosen = stage.language, stage.language.gettext, stage.plan.chosen
    spent, most = int(chosen["subsidy_fen"].sum()), int(chosen["subsidy90_fen"].sum())
    planned = plannable_fen(stage.week, "platform")
    if spent > planned:
        what = t(
            "the plan spends %(spent)s of the platform's money, above the %(planned)s of its pots that may be planned",
            spent=language.total(spent), planned=language.total(planned),
        )  # fmt: skip
        do = t("add a budget rule that holds the plan to the pots, or have the rest granted before the show")
        yield Risk(offer_id=ALL, what=what, do=do)
    elif most > planned:
        what = t(
            "on a very good night the platform's subsidy reaches %(most)s, above the %(planned)s of its pot",
            most=language.total(most), planned=language.total(planned),
        )  # fmt: skip
        do = t("stop subsidised releases when the pot is empty, or have the rest granted beforehand")
        yield Risk(offer_id=ALL, what=what, do=do)


def _of_past_shows(stage: Stage) -> Iterator[Risk]:
    """Shows that were published and are not among the airings: brands and offers rest from those only."""
    week, t = stage.week, stage.language.gettext
    rests = [rule.at_least for rule in week.policy.rules if isinstance(rule, RepeatSpec) and rule.mode != "off"]
    aired = set(week.table("airings")["session_id"])
    monday = iso_monday(week.session_id)
    for session in stage.standing.published_before:
        if session not in aired and (monday - iso_monday(session)).days // 7 <= max(rests, default=0):
            what = t("%(session)s was published and is not in airings: nothing of that show rests", session=session)
            do = t("add the show to airings, or see that nothing of it airs again too soon")
            yield Risk(offer_id=ALL, what=what, do=do)


def _of_wanted(stage: Stage) -> Iterator[Risk]:
    """Offers a soft rule wants in that have no price at which they may air: the rule then weighs nothing."""
    week, language, t = stage.week, stage.language, stage.language.gettext
    blocking = dict(zip(stage.screening.offers["offer_id"], stage.screening.offers["blocking"], strict=True))
    there = set(stage.plan.options["offer_id"])
    for rule in week.policy.rules:
        holds = not rule.sessions or week.session_id in rule.sessions
        if isinstance(rule, LockSpec) and rule.mode == "soft" and holds and rule.offer_id not in there:
            codes = str(blocking.get(rule.offer_id) or "")
            why = language.joined(language.told(REASONS[code]) for code in codes.split(", ")) if codes else t("no price passes")
            what = t("“%(title)s” wants it in, and it may not air: %(why)s", title=rule.title, why=why)
            yield Risk(offer_id=rule.offer_id, what=what, do=t("send back what the screen lacks, or drop the rule"))


def _of_bench(language: Language, targets: list[Row], offers: dict[str, Row]) -> Iterator[Risk]:
    t = language.gettext
    counts = Counter(offer for row in targets if (offer := text(row["if_it_fails"])) is not None)
    for offer, number in sorted(counts.items()):
        if number > 1:
            what = t("%(title)s (%(offer)s) stands in for %(n)s items", title=offers[offer]["title"], offer=offer, n=number)
            do = t("plan again when two of them fail: one bench item fills one place")
            yield Risk(offer_id=ALL, what=what, do=do)
