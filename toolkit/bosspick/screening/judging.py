"""From pairs of offers and quotes to one row an offer with everything its verdicts rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bosspick.policy import Policy
from bosspick.screening.evidence import dated, lows, web_lowest, without_outliers

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["Judgement", "judged"]

#: Most quote ids one cell of evidence names.
_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a week is judged by: its policy, the moment, the day of the show."""

    policy: Policy
    as_of: datetime
    show_day: date

    @property
    def zone(self) -> ZoneInfo:
        """The room's time zone."""
        return ZoneInfo(self.policy.room.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Tables of the engine: one row an offer, one a pair, and the pairs by offer, channel and reason."""

    wide: ir.Table
    pairs: ir.Table
    lows: ir.Table


def judged(engine: Engine, tables: dict[str, ir.Table], pairs: ir.Table, how: Judgement) -> Judged:
    """Gather what the verdicts of every offer rest on.

    Parameters
    ----------
    engine
        Keeps what is read more than once.
    tables
        offers, stores, brands, authorisations.
    pairs
        Result of :func:`bosspick.screening.evidence.compare`.
    how
        Policy and moments.
    """
    import ibis

    screening = how.policy.screening
    pairs = without_outliers(dated(pairs, screening, how.as_of), screening)
    night, weekend = _sampled(pairs, how)
    found = engine.cache("lows", lows(pairs, night, weekend))
    lowest = engine.cache("lowest", web_lowest(found, screening.required_channels))
    margin = int(screening.margin * 100)
    stores = tables["stores"].select(
        "store_id", "score", "score_as_of", store_name="name",
        score_age_days=ibis.literal(how.show_day).delta(tables["stores"].score_as_of.cast("date"), unit="day"),
    )  # fmt: skip
    brands = tables["brands"].select("brand_id", "trademark_no", "white_label", brand_name="name", trademark_owner="owner")
    papers = tables["authorisations"]
    allowed = papers.select("brand_id", "store_id", authorised_until=papers.valid_until.cast("date"),
                            authorisation=ibis.literal(True))  # fmt: skip
    wide = tables["offers"].mutate(certificate_until=tables["offers"].certificate_until.cast("date"))
    for other, keys in (
        (lowest, ["offer_id"]),
        (_first_quote(pairs, lowest), ["offer_id"]),
        (_named(pairs, lowest, "UNKNOWN_TERMS", "unknown_quotes"), ["offer_id"]),
        (_named(pairs, lowest, "OUTLIER", "outlying_quotes"), ["offer_id"]),
        (stores, ["store_id"]),
        (_own_history(pairs, wide, stores, how), ["offer_id"]),
        (brands, ["brand_id"]),
        (papers.group_by("brand_id").aggregate(brand_authorisations=papers.count()), ["brand_id"]),
        (allowed, ["brand_id", "store_id"]),
    ):
        kept = [name for name in other.columns if name not in keys]
        wide = wide.left_join(other, keys, rname="{name}_again").select(*wide.columns, *kept)
    # Terms still unknown bound the price that passes whatever they turn out to be.
    floor = ibis.least(wide.web_lowest_fen, wide.possible_lowest_fen.fill_null(2**62)) - margin
    covered = wide.has_required.fill_null(False) & (wide.channels_checked >= screening.min_channels)
    provable = covered & ~wide.possible_unbounded.fill_null(False)
    wide = wide.mutate(
        brand_authorisations=wide.brand_authorisations.fill_null(0),
        store_authorised=wide.authorisation.fill_null(False),
        channels_checked=wide.channels_checked.fill_null(0),
        has_required=wide.has_required.fill_null(False),
        possible_unbounded=wide.possible_unbounded.fill_null(False),
        passes_at_fen=(provable & (floor > 0)).ifelse(floor, None),
    )
    return Judged(wide=engine.cache("wide", wide), pairs=pairs, lows=found)


def _first_quote(pairs: ir.Table, lowest: ir.Table) -> ir.Table:
    """The web-lowest's quote: the first of equals."""
    ranking = pairs.filter(pairs.set_aside.isnull()).inner_join(
        lowest.select("offer_id", "web_lowest_fen"), "offer_id", rname="{name}_again"
    )
    at_low = ranking.filter(ranking.ranking_fen == ranking.web_lowest_fen)
    return at_low.group_by("offer_id").aggregate(web_lowest_quote=at_low.quote_id.min())


def _named(pairs: ir.Table, lowest: ir.Table, reason: str, name: str) -> ir.Table:
    """Ids of the quotes set aside for a reason that could undercut the web-lowest, the first few of them."""
    reasons = ("TYPING_ERROR", "COUNTERFEIT_BAIT") if reason == "OUTLIER" else (reason,)
    rows = pairs.filter(pairs.set_aside.isin(reasons))
    rows = rows.left_join(lowest.select("offer_id", "web_lowest_fen"), "offer_id", rname="{name}_again")
    rows = rows.filter(
        rows.possible_fen.isnull() | rows.web_lowest_fen.isnull() | (rows.possible_fen <= rows.web_lowest_fen)
    )
    named = rows.group_by("offer_id").aggregate(ids=rows.quote_id.collect())
    return named.select("offer_id", **{name: named.ids.sort()[:_NAMED].join("|")})


def _own_history(pairs: ir.Table, offers: ir.Table, stores: ir.Table, how: Judgement) -> ir.Table:
    """The lowest price the offer's own store showed within the days a reference price looks back."""
    shop = offers.select("offer_id", "store_id").inner_join(stores.select("store_id", "store_name"), "store_id")
    own = pairs.inner_join(shop.select("offer_id", "store_name"), "offer_id", rname="{name}_again")
    comparable = own.same_spec & (own.condition.fill_null("new") == "new")
    since = own.age_h <= how.policy.reference_days() * 24
    own = own.filter((own.shop == own.store_name) & comparable & (own.age_h >= 0) & since)
    found = own.group_by("offer_id").aggregate(own_lowest_fen=own.display_fen.min(), ids=own.quote_id.collect())
    return found.select("offer_id", "own_lowest_fen", own_quotes=found.ids.sort()[:_NAMED].join("|"))


def _sampled(pairs: ir.Table, how: Judgement) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    """Whether a quote was seen at night and on a weekend, by the room's clock as it stands at the moment of judgement."""
    offset = how.as_of.astimezone(how.zone).utcoffset()
    shift = int(offset.total_seconds()) if offset is not None else 0
    local = pairs.seen_at.epoch_seconds() + shift
    second = local % 86_400
    start, end = (_seconds(each) for each in (how.policy.screening.night_from, how.policy.screening.night_to))
    night = (second >= start) & (second < end) if start <= end else (second >= start) | (second < end)
    # Day 0 of the epoch was a Thursday: Saturday and Sunday are days 2 and 3 of that week.
    weekend = ((local // 86_400) % 7).isin((2, 3))
    return night, weekend


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
