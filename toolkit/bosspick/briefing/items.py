"""The planned items as pages and cards show them: public facts in one value, confidential ones in another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.checks import Check, checks_of
from bosspick.briefing.language import Language, marked
from bosspick.briefing.rows import Row, by_offer, of_offer, text, whole
from bosspick.briefing.wording import Evidence, Sentence, on_air
from bosspick.demand import wish_topics
from bosspick.lineup.pots import plannable_fen
from bosspick.rundown.roles import ROLES
from bosspick.tables import UNITS

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage
    from bosspick.intake import Week
    from bosspick.screening import Screening

__all__ = ["BENCH", "Item", "Release", "StandIn", "bench_items_of", "evidence_of", "items_of"]

#: Role of an item that waits on the bench.
BENCH = marked("bench")
#: Content for which a unit price is said, by base unit.
_PER = {
    "ml": (100.0, marked("100 ml")),
    "g": (100.0, marked("100 g")),
    "m": (1.0, marked("metre")),
    "piece": (1.0, marked("piece")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One stock release: when, how many, and how many are left after it."""

    number: int
    at: datetime
    units: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """The bench item that steps in, its price on air, and what the lineup loses by it (yuan-equivalents)."""

    offer_id: str
    title: str
    viewer_fen: int
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One planned item without anything confidential; money in fen.

    ``alone_fen`` is the price on air it may have with no talk won, None where it has none; ``after_pot_fen`` what
    the platform's pot holds after it at expected units, None without a pot. ``unit_prices`` are pairs of what it is
    per and fen.
    """

    slot: int
    offer_id: str
    title: str
    brand: str
    category: str
    role: str
    role_words: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    on_set: str
    rep_on_set: bool
    viewer_fen: int
    opening_fen: int
    evidence: Evidence
    sentence: Sentence
    units: int
    units90: int
    planned_units: int
    stock: int
    releases: tuple[Release, ...]
    subsidy_fen: int
    after_pot_fen: int | None
    needs_talk: bool
    alone_fen: int | None
    stand_in: StandIn | None
    checks: tuple[Check, ...]
    unit_prices: tuple[tuple[str, float], ...]
    wishes: tuple[tuple[str, int], ...]
    facts: dict[str, Any]
    basis: str
    basis_words: str

    @property
    def saving_fen(self) -> int | None:
        """What a viewer saves on one unit against the web-lowest; None when that is not known."""
        return None if self.evidence.lowest_fen is None else self.evidence.lowest_fen - self.viewer_fen

    @property
    def saving_share(self) -> float | None:
        """The saving as a share of the web-lowest."""
        lowest, saving = self.evidence.lowest_fen, self.saving_fen
        return None if saving is None or not lowest else saving / lowest


def items_of(stage: Stage) -> list[Item]:
    """Gather the planned items in the order of the show."""
    offers, chosen = by_offer(stage.week.table("offers")), by_offer(stage.plan.chosen)
    policy = stage.week.policy
    pot = plannable_fen(stage.week, "platform") if any(each.payer == "platform" for each in policy.pots) else None
    items = []
    for offer_id, slot in by_offer(stage.rundown.slots).items():
        pot = None if pot is None else pot - int(chosen[offer_id]["subsidy_fen"])
        items.append(_item(stage, slot, offers[offer_id], chosen[offer_id], pot))
    return items


def bench_items_of(stage: Stage) -> list[Item]:
    """The bench as items: ``slot`` is the rank, the times are the show's, and nothing is released yet."""
    offers, options, slots = by_offer(stage.week.table("offers")), stage.plan.options, stage.rundown.slots
    begins, ends = slots["starts_at"].iloc[0], slots["ends_at"].iloc[-1]
    items = []
    for offer_id, bench in by_offer(stage.plan.bench).items():
        own = options[(options["offer_id"] == offer_id) & (options["option_id"] == bench["option_id"])]
        offer, row = offers[offer_id], by_offer(own)[offer_id]
        slot = {"slot": bench["bench_rank"], "offer_id": offer_id, "role": BENCH, "starts_at": begins, "ends_at": ends,
                "minutes": 0, "rep_from": offer["rep_from"], "rep_to": offer["rep_to"], "rep_on_set": True,
                "planned_units": min(offer["stock"], max(row["units90"], row["expected_units"]))}  # fmt: skip
        items.append(_item(stage, slot, offer, row, None))
    return items


def _item(stage: Stage, slot: Row, offer: Row, row: Row, after_pot_fen: int | None) -> Item:
    offer_id, price = str(slot["offer_id"]), int(row["viewer_price_fen"])
    evidence, brand = evidence_of(stage.week, stage.screening, offer_id), _brand(stage, offer)
    basis = str(of_offer(stage.demand.offers, offer_id)["basis"])
    return Item(
        slot=int(slot["slot"]),
        offer_id=offer_id,
        title=str(offer["title"]),
        brand=brand["brand"],
        category=str(offer["category"]),
        role=str(slot["role"]),
        role_words=stage.language.told(ROLES.get(str(slot["role"]), "")),
        starts_at=slot["starts_at"],
        ends_at=slot["ends_at"],
        minutes=int(slot["minutes"]),
        on_set=_on_set(stage.language, slot),
        rep_on_set=bool(slot["rep_on_set"]),
        viewer_fen=price,
        opening_fen=int(offer["opening_price_fen"]),
        evidence=evidence,
        sentence=on_air(evidence, price),
        units=int(row["expected_units"]),
        units90=int(row["units90"]),
        planned_units=int(slot["planned_units"]),
        stock=int(offer["stock"]),
        releases=_releases(stage, offer_id),
        subsidy_fen=int(row["subsidy_step_fen"]),
        after_pot_fen=after_pot_fen,
        needs_talk=bool(row["talk_hours"] > 0),
        alone_fen=_alone(stage, offer_id),
        stand_in=_stand_in(stage, row),
        checks=checks_of(stage, offer_id, price),
        unit_prices=tuple(_unit_prices(offer, price)),
        wishes=_wishes(stage, offer_id),
        facts=brand | _store(stage, offer) | _handling(offer),
        basis=basis,
        basis_words=stage.language.told(basis),
    )


def evidence_of(week: Week, screening: Screening, offer_id: str) -> Evidence:
    """What was found elsewhere about an offer."""
    pairs = screening.pairs
    seen = of_offer(screening.offers, offer_id)
    ranking = pairs[(pairs["offer_id"] == offer_id) & pairs["set_aside"].isna()]
    quote = by_offer(ranking[ranking["quote_id"] == seen["web_lowest_quote"]]).get(offer_id, {})
    zone = week.policy.room.timezone
    return Evidence(
        lowest_fen=whole(seen["web_lowest_fen"]),
        channel=text(quote.get("channel")),
        shop=text(quote.get("shop")),
        grade=text(quote.get("grade")),
        seen_at=_local(quote.get("seen_at"), zone),
        age_h=quote.get("age_h"),
        channels=tuple(sorted(ranking["channel"].dropna().unique())),
        oldest_at=_local(ranking["seen_at"].min(), zone),
        oldest_age_h=float(ranking["age_h"].max()) if len(ranking) else None,
        as_of=week.as_of,
        passes_at_fen=whole(seen["passes_at_fen"]),
        conditional_fen=whole(seen["conditional_lowest_fen"]),
        seen=whole(seen["quotes_seen"]) or 0,
        ranking=whole(seen["quotes_ranking"]) or 0,
    )


def _releases(stage: Stage, offer_id: str) -> tuple[Release, ...]:
    rows = stage.rundown.tranches
    return tuple(
        Release(number=int(row["tranche"]), at=row["at"], units=int(row["units"]), left=int(row["left_after"]))
        for row in rows[rows["offer_id"] == offer_id].to_dict("records")
    )


def _alone(stage: Stage, offer_id: str) -> int | None:
    """Price on air at which the item may be shown though its talk fails: its best option that needs no talk."""
    options = stage.plan.options
    free = options[(options["offer_id"] == offer_id) & (options["talk_hours"] == 0)]
    if free.empty:
        return None
    return int(free.sort_values(["agreed_value", "option_id"], ascending=[False, True]).iloc[0]["viewer_price_fen"])


def _stand_in(stage: Stage, own: Row) -> StandIn | None:
    options = stage.plan.options
    for offer_id, row in by_offer(stage.plan.bench).items():
        option_id = row.get("option_by_offer", {}).get(own["offer_id"])
        if option_id is not None:
            found = by_offer(options[(options["offer_id"] == offer_id) & (options["option_id"] == option_id)])[offer_id]
            return StandIn(
                offer_id=offer_id,
                title=str(found["title"]),
                viewer_fen=int(found["viewer_price_fen"]),
                cost=float(own["value"]) - float(found["value"]),
            )
    return None


def _wishes(stage: Stage, offer_id: str) -> tuple[tuple[str, int], ...]:
    """Topics the item meets and their votes."""
    topics = wish_topics(stage.week.table("wishes"), stage.week.table("offers"))
    return tuple((str(row["topic"]), int(row["votes"])) for row in topics.to_dict("records") if offer_id in row["offer_ids"])


def _unit_prices(offer: Row, price_fen: int) -> list[tuple[str, float]]:
    """Price per pack, and per 100 ml, 100 g, metre or piece where the content is known."""
    packs: int = int(offer["pack_count"]) if pd.notna(offer["pack_count"]) else 1
    found = [(marked("pack"), price_fen / packs)] if packs > 1 else []
    unit = UNITS.get(str(offer["spec_unit"]).lower())
    if unit is None or pd.isna(offer["spec_amount"]):
        return found
    base, factor = unit
    content = float(offer["spec_amount"]) * factor * packs
    per, words = _PER[base]
    # A single piece has the price of the whole: saying it twice tells nothing.
    return found if base == "piece" and content in (1.0, float(packs)) else [*found, (words, price_fen * per / content)]


def _brand(stage: Stage, offer: Row) -> dict[str, Any]:
    brands = stage.week.table("brands")
    known: Row = next(iter(brands[brands["brand_id"] == offer["brand_id"]].to_dict("records")), {})
    papers = stage.week.table("authorisations")
    mine = papers[(papers["brand_id"] == offer["brand_id"]) & (papers["store_id"] == offer["store_id"])]
    return {
        "brand": text(known.get("name")) or str(offer["brand_id"]),
        "trademark_no": text(known.get("trademark_no")), "trademark_owner": text(known.get("owner")),
        "authorised_until": mine["valid_until"].max() if len(mine) else None,
    }  # fmt: skip


def _store(stage: Stage, offer: Row) -> dict[str, Any]:
    stores = {str(row["store_id"]): row for row in stage.week.table("stores").to_dict("records")}
    known = stores.get(str(offer["store_id"]), {})
    score = known.get("score")
    return {
        "store": text(known.get("name")), "store_score": None if score is None or pd.isna(score) else float(score),
        "score_as_of": known.get("score_as_of"),
    }  # fmt: skip


def _handling(offer: Row) -> dict[str, Any]:
    return {
        "certificate_until": offer["certificate_until"],
        "return_rate": None if pd.isna(offer["return_rate"]) else float(offer["return_rate"]),
        "promise_days": whole(offer["promise_days"]), "daily_capacity": whole(offer["daily_capacity"]),
        "gift": text(offer["gift_name"]), "gift_qty": whole(offer["gift_qty"]),
        "gift_fen": whole(offer["gift_value_fen"]),
        "list_fen": whole(offer["list_price_fen"]),
    }  # fmt: skip


def _on_set(language: Language, slot: Row) -> str:
    start, end = text(slot["rep_from"]), text(slot["rep_to"])
    return "" if start is None and end is None else f"{start or language.told('start')}–{end or language.told('end')}"


def _local(at: Any, zone: str) -> datetime | None:
    if at is None or pd.isna(at):
        return None
    local: datetime = pd.Timestamp(at).tz_localize("UTC").tz_convert(zone).to_pydatetime()
    return local
