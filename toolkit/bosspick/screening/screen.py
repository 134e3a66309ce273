"""The screen: a week's offers judged on their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bosspick.intake import Week
from bosspick.screening.engine import Engine
from bosspick.screening.evidence import compare, lowest
from bosspick.screening.landed import landed_prices
from bosspick.screening.verdicts import ADVISORY, RULES, VERDICT_COLUMNS, verdict_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["STATUSES", "Screening", "screen"]

#: What an offer's verdicts together mean.
STATUSES = {
    "pass": "may air at its opening price",
    "bargain": "may air at a lower price",
    "unknown": "lacks evidence: send it back",
    "fail": "cannot air this week",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What the screen found.

    Attributes
    ----------
    offers
        One row an offer: offer_id, status (a key of ``STATUSES``), web_lowest_fen, passes_at_fen (highest price
        that passes; null when none is known), web_lowest_quote, channels_checked, channels, oldest_age_h,
        conditional_lowest_fen, quotes_seen, quotes_ranking, own_lowest_fen, blocking (reason codes that stop it).
    verdicts
        One row an offer and rule; columns of ``bosspick.screening.verdicts.VERDICT_COLUMNS``.
    pairs
        One row an offer and quote of the same product, eligible or set aside with the reason; prices in fen
        brought to the offer's packs.
    """

    offers: pd.DataFrame
    verdicts: pd.DataFrame
    pairs: pd.DataFrame

    def airable(self) -> pd.DataFrame:
        """The offers that may enter the lineup: status pass or bargain."""
        return self.offers[self.offers["status"].isin(["pass", "bargain"])]


def screen(week: Week) -> Screening:
    """Judge every offer of a week.

    Parameters
    ----------
    week
        A validated week; see :func:`bosspick.open_room`.

    Returns
    -------
    Screening
        Verdicts with their evidence, sorted by offer and rule.

    Examples
    --------
    >>> from bosspick import open_room
    >>> from bosspick.share import share_path
    >>> found = screen(open_room(share_path("seeds")).week("2026-W48"))
    >>> sorted(found.verdicts["verdict"].unique())
    ['FAIL', 'PASS', 'UNKNOWN']
    """
    engine = Engine()
    try:
        tables = {name: engine.table(name, frame) for name, frame in week.tables.items() if name in _READ}
        landed = engine.cache("landed", landed_prices(engine, tables["quotes"], tables["promotions"]))
        pairs = engine.cache("pairs", compare(tables["offers"], tables["quotes"], landed, week.policy.screening, week.as_of))
        wide = engine.cache("wide", _wide(tables, pairs, week))
        verdicts = engine.run(verdict_rows(wide, week.policy, week.starts_at.date()))
        summary = engine.run(wide)
        pair_rows = engine.run(pairs)
    finally:
        engine.close()
    verdicts = _in_order(verdicts[list(VERDICT_COLUMNS)])
    pair_rows = pair_rows.sort_values(["offer_id", "set_aside", "ranking_fen", "quote_id"], na_position="first",
                                      ignore_index=True)  # fmt: skip
    return Screening(offers=_summarise(summary, verdicts), verdicts=verdicts, pairs=pair_rows)


_READ = ("offers", "quotes", "promotions", "stores", "brands", "authorisations")
_SUMMARY = ["offer_id", "web_lowest_fen", "passes_at_fen", "web_lowest_quote", "channels_checked", "channels",
            "oldest_age_h", "conditional_lowest_fen", "quotes_seen", "quotes_ranking", "own_lowest_fen"]  # fmt: skip


def _in_order(verdicts: pd.DataFrame) -> pd.DataFrame:
    place = verdicts["rule"].map({rule: place for place, rule in enumerate(RULES)})
    ordered = verdicts.assign(_place=place).sort_values(["offer_id", "_place"], ignore_index=True)
    return ordered.drop(columns="_place")


def _wide(tables: dict[str, ir.Table], pairs: ir.Table, week: Week) -> ir.Table:
    """One row an offer with everything its verdicts rest on."""
    import ibis

    margin = int(week.policy.screening.margin * 100)
    authorisations = tables["authorisations"]
    by_brand = authorisations.group_by("brand_id").aggregate(brand_authorisations=authorisations.count())
    stores = tables["stores"].select(
        "store_id", "score", "score_as_of", store_name="name",
        score_age_days=ibis.literal(week.starts_at.date()).delta(tables["stores"].score_as_of.cast("date"), unit="day"),
    )  # fmt: skip
    brands = tables["brands"].select("brand_id", "trademark_no", "white_label", brand_name="name", trademark_owner="owner")
    allowed = authorisations.select("brand_id", "store_id", authorised_until=authorisations.valid_until.cast("date"),
                                    authorisation=ibis.literal(True))  # fmt: skip
    offers = tables["offers"].mutate(certificate_until=tables["offers"].certificate_until.cast("date"))
    own = _own_history(pairs, tables["offers"], stores, week.policy.reference_days())
    unknown = pairs.filter(pairs.set_aside == "UNKNOWN_TERMS")
    unknown = unknown.group_by("offer_id").aggregate(
        unknown_quotes=unknown.quote_id.group_concat("|", order_by=unknown.quote_id)
    )
    wide = offers
    for other, keys in (
        (lowest(pairs, week.policy.screening.required_channels), ["offer_id"]),
        (own, ["offer_id"]),
        (unknown, ["offer_id"]),
        (stores, ["store_id"]),
        (brands, ["brand_id"]),
        (by_brand, ["brand_id"]),
        (allowed, ["brand_id", "store_id"]),
    ):
        wide = wide.left_join(other, keys, rname="{name}_again").select(~ibis.selectors.endswith("_again"))
    # Terms still unknown bound the price that passes whatever they turn out to be.
    floor = ibis.least(wide.web_lowest_fen, wide.possible_lowest_fen.fill_null(2**62)) - margin
    covered = wide.has_required.fill_null(False) & (wide.channels_checked >= week.policy.screening.min_channels)
    provable = covered & ~wide.possible_unbounded.fill_null(False)
    return wide.mutate(
        brand_authorisations=wide.brand_authorisations.fill_null(0),
        store_authorised=wide.authorisation.fill_null(False),
        channels_checked=wide.channels_checked.fill_null(0),
        has_required=wide.has_required.fill_null(False),
        possible_unbounded=wide.possible_unbounded.fill_null(False),
        passes_at_fen=(provable & (floor > 0)).ifelse(floor, None),
    )


def _own_history(pairs: ir.Table, offers: ir.Table, stores: ir.Table, days: int) -> ir.Table:
    """The lowest price the offer's own store showed within the days a reference price looks back."""
    shop = offers.select("offer_id", "store_id").inner_join(stores.select("store_id", "store_name"), "store_id")
    own = pairs.inner_join(shop.select("offer_id", "store_name"), "offer_id")
    comparable = own.same_spec & (own.condition.fill_null("new") == "new")
    own = own.filter((own.shop == own.store_name) & comparable & (own.age_h >= 0) & (own.age_h <= days * 24))
    return own.group_by("offer_id").aggregate(
        own_lowest_fen=own.display_fen.min(), own_quotes=own.quote_id.group_concat("|", order_by=own.quote_id)
    )


def _summarise(wide: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    blocking = verdicts[~verdicts["rule"].isin(ADVISORY) & (verdicts["reason_code"] != "RULE_OFF")]
    stops = blocking[blocking["verdict"] != "PASS"]
    codes = stops.groupby("offer_id")["reason_code"].agg(", ".join)
    price = verdicts[verdicts["rule"] == "lowest_price"].set_index("offer_id")[["verdict", "reason_code"]]
    other = stops[stops["rule"] != "lowest_price"].groupby("offer_id")["verdict"].agg(set)
    offers = wide[_SUMMARY].sort_values("offer_id", ignore_index=True)
    offers["blocking"] = [str(codes.get(offer, "")) for offer in offers["offer_id"]]
    told = price.loc[offers["offer_id"]].astype("str").to_numpy()
    offers["status"] = [
        _status(other.get(offer, set()), verdict, reason, not pd.isna(passes))
        for offer, (verdict, reason), passes in zip(offers["offer_id"], told, offers["passes_at_fen"], strict=True)
    ]
    return offers


def _status(other: set[str], price: str, reason: str, can_pass: bool) -> str:
    if "FAIL" in other:
        return "fail"
    if "UNKNOWN" in other:
        return "unknown"
    if price == "PASS" or reason == "RULE_OFF":
        return "pass"
    if can_pass and (price == "FAIL" or reason == "UNKNOWN_TERMS"):
        return "bargain"
    return "unknown" if price == "UNKNOWN" else "fail"
