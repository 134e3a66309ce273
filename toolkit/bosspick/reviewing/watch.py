"""Which items of a published lineup lost their verdict, by the evidence of a later moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from bosspick.errors import SessionError
from bosspick.frames import records
from bosspick.intake import Week
from bosspick.reviewing.funding import who_funded
from bosspick.reviewing.phase import Phase, phase_at
from bosspick.screening import Screening

__all__ = ["WATCH_COLUMNS", "WATCH_REASONS", "WatchReport", "watch"]

WATCH_COLUMNS = ("offer_id", "title", "viewer_price_fen", "verdict_then", "now", "reason_code", "web_lowest_then_fen",
                 "web_lowest_fen", "channels_checked", "breach", "difference_fen", "quote_id", "channel", "shop", "seen_at",
                 "landed_fen", "funder", "promotions")  # fmt: skip

#: What each reason code says to a producer, in the order in which they are asked.
WATCH_REASONS = {
    "OFFER_GONE": "the offer is no longer among the week's",
    "ABOVE_WEB": "a lower price was found",
    "TIE_WITH_WEB": "equal to the web-lowest, not below it",
    "WITHIN_MARGIN": "below the web-lowest by less than the policy's margin",
    "NONE_SINCE_SHOW": "no price that may rank was seen since the show began",
    "ALL_TOO_OLD": "every price is older than the window",
    "NO_ELIGIBLE_QUOTE": "no evidence that may rank",
    "TOO_FEW_CHANNELS": "too few channels with evidence that may rank",
    "MISSING_CHANNEL": "a required channel has no evidence that may rank",
    "UNKNOWN_TERMS": "a quote with unknown shipping or promotion could be lower",
    "LOWEST": "below every price that may rank by the policy's margin",
}
_LOST = ("ABOVE_WEB", "TIE_WITH_WEB", "WITHIN_MARGIN")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchReport:
    """What became of a published lineup.

    Attributes
    ----------
    session_id
        ISO week.
    at
        The moment of judgement.
    phase
        Where it lies in the life of the show.
    items
        One row an item in the order of the show, columns of ``WATCH_COLUMNS``. Prices are in fen and in the offer's
        packs. now is ``kept``, ``lost`` or ``unknown``; reason_code a key of ``WATCH_REASONS``. quote_id to promotions are of
        the lowest quote and null where none undercuts; seen_at is a moment in UTC; funder and promotions as in
        :func:`bosspick.reviewing.funding.who_funded`. breach (flag): a lower price seen under protection; difference_fen is
        what a unit costs less there.
    """

    session_id: str
    at: datetime
    phase: Phase
    items: pd.DataFrame

    @property
    def is_ok(self) -> bool:
        """Whether every item kept its verdict."""
        return bool((self.items["now"] == "kept").all())

    @property
    def headline(self) -> str:
        """One line for an alert."""
        counts = self.items["now"].value_counts()
        found = {now: int(counts.get(now, 0)) for now in ("lost", "unknown", "kept")}
        breaches = int(self.items["breach"].sum())
        told = [f"{count} {now}" for now, count in found.items() if count]
        ours = f", {breaches} in breach" if breaches else ""
        return f"{self.session_id}, {self.phase.words}: of {len(self.items)} items {', '.join(told) or 'none'}{ours}"


def watch(week: Week, screening: Screening, planned: pd.DataFrame, *, at: datetime) -> WatchReport:
    """Judge the prices of a published lineup on the evidence of a moment.

    An item is lost when a quote that may rank is so low that the price on air would not pass, however few channels were
    looked at; unknown when the evidence is too thin to say that it is kept. After the show only quotes seen since it
    began count, because an earlier one was answered by the verdict then.

    Parameters
    ----------
    week
        The week as of ``at``.
    screening
        What the screen found in it, with every pair.
    planned
        offer_id, viewer_price_fen, verdict_then, web_lowest_then_fen in the order of the show; see
        :func:`bosspick.ledger.published_plan`.
    at
        The moment, with offset.

    Raises
    ------
    SessionError
        The moment names no offset, or is not the one the week was judged at.

    Examples
    --------
    >>> from bosspick import open_room, screen
    >>> from bosspick.share import share_path
    >>> week = open_room(share_path("seeds")).week("2026-W48")
    >>> found = screen(week)
    >>> passing = found.offers.dropna(subset="passes_at_fen").iloc[:1]
    >>> planned = pd.DataFrame({"offer_id": passing["offer_id"], "viewer_price_fen": passing["passes_at_fen"],
    ...                         "verdict_then": "PASS", "web_lowest_then_fen": passing["web_lowest_fen"]})
    >>> watch(week, found, planned, at=week.as_of).headline
    '2026-W48, before the show (26.0 h): of 1 items 1 kept'
    """
    if at.tzinfo is None:
        raise SessionError(f"{at.isoformat()} names no offset", hint="its zone would be a guess: add one")
    if at != week.as_of:
        raise SessionError(f"the week was judged at {week.as_of.isoformat()}, not {at.isoformat()}",
                           hint="open it with as_of of this moment")  # fmt: skip
    phase = phase_at(week, at)
    pairs = screening.pairs[screening.pairs["offer_id"].isin(planned["offer_id"])]
    if phase.is_after:
        pairs = pairs[pairs["seen_at"] >= week.starts_at.astimezone(UTC).replace(tzinfo=None)]
    titles = week.table("offers").set_index("offer_id")["title"].to_dict()
    everything = screening.pairs.groupby("offer_id")
    rows = []
    for item in records(planned):
        offer = str(item["offer_id"])
        old = everything.get_group(offer) if offer in everything.groups else screening.pairs.iloc[:0]
        found = _judged(week, int(item["viewer_price_fen"]), pairs[pairs["offer_id"] == offer], old, phase)
        if offer not in titles:
            found |= {"now": "unknown", "reason_code": "OFFER_GONE"}
        kept = ("viewer_price_fen", "verdict_then", "web_lowest_then_fen")
        rows.append({"offer_id": offer, "title": titles.get(offer), **{name: item.get(name) for name in kept}, **found})
    items = pd.DataFrame(rows, columns=[name for name in WATCH_COLUMNS if name not in ("funder", "promotions")])
    undercutting = list(dict.fromkeys(items["quote_id"].dropna().astype("str")))
    items = items.merge(who_funded(week, undercutting), on="quote_id", how="left") if undercutting else items
    return WatchReport(session_id=week.session_id, at=at, phase=phase, items=_typed(items))


def _judged(week: Week, price: int, pairs: pd.DataFrame, everything: pd.DataFrame, phase: Phase) -> dict[str, object]:
    """What one item's pairs say of its price on air."""
    screening = week.policy.screening
    margin = int(screening.margin * 100)
    ranking = pairs[pairs["set_aside"].isna()].sort_values(["ranking_fen", "quote_id"])
    channels = set(ranking["channel"])
    found: dict[str, object] = {"channels_checked": len(channels), "breach": False}
    if len(ranking):
        lowest = records(ranking.head(1))[0]
        web = int(lowest["ranking_fen"])
        found["web_lowest_fen"] = web
        if price > web - margin:
            reason = "ABOVE_WEB" if price > web else "TIE_WITH_WEB" if price == web else "WITHIN_MARGIN"
            named = {name: lowest[name] for name in ("quote_id", "channel", "shop", "seen_at")}
            lower = {"difference_fen": price - web, "breach": phase.name == "protection"} if price > web else {}
            return found | named | lower | {"landed_fen": web, "now": "lost", "reason_code": reason}
    reason = _thin(week, channels, everything, phase)
    unknown = pairs[pairs["set_aside"] == "UNKNOWN_TERMS"]
    could_be = unknown["possible_fen"].isna() | (unknown["possible_fen"].fillna(0) - margin < price)
    if not reason and could_be.any():
        reason = "UNKNOWN_TERMS"
    return found | {"now": "unknown" if reason else "kept", "reason_code": reason or "LOWEST"}


def _thin(week: Week, channels: set[str], everything: pd.DataFrame, phase: Phase) -> str:
    """Why there is too little evidence to call a price kept; empty when there is enough."""
    screening = week.policy.screening
    if not channels:
        if len(everything) and everything["set_aside"].isin(["TOO_OLD", "AFTER_AS_OF"]).all():
            return "ALL_TOO_OLD"
        return "NONE_SINCE_SHOW" if phase.is_after else "NO_ELIGIBLE_QUOTE"
    if len(channels) < screening.min_channels:
        return "TOO_FEW_CHANNELS"
    return "" if channels >= set(screening.required_channels) else "MISSING_CHANNEL"


def _typed(items: pd.DataFrame) -> pd.DataFrame:
    whole = ("viewer_price_fen", "web_lowest_then_fen", "web_lowest_fen", "channels_checked", "difference_fen", "landed_fen")
    kinds = {name: "Int64" if name in whole else "str" for name in WATCH_COLUMNS}
    kinds |= {"breach": "bool", "seen_at": "datetime64[us]"}
    typed = items.reindex(columns=list(WATCH_COLUMNS)).astype(kinds)
    return typed.assign(seen_at=typed["seen_at"].dt.tz_localize("UTC"))
