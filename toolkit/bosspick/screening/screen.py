"""The screen: a week's offers judged on their evidence."""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from bosspick.intake import Week
from bosspick.policy import ScreeningPolicy
from bosspick.screening.engine import Engine, EngineName, open_engine
from bosspick.screening.evidence import compare
from bosspick.screening.feed import Census, Feed
from bosspick.screening.judging import judged
from bosspick.screening.landed import landed_by_terms
from bosspick.screening.matched import MATCH_COLUMNS, Matches, matched_titles
from bosspick.screening.pairing import paired
from bosspick.screening.terms import LANDED_COLUMNS, Promotions, by_term
from bosspick.screening.titles import with_title_specs
from bosspick.screening.turns import alone
from bosspick.screening.verdicts import ADVISORY, RULES, VERDICT_COLUMNS, verdict_rows
from bosspick.screening.weighing import Evidence, Judgement

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["STATUSES", "Screening", "conclude", "pair_rows", "screen", "specified"]

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
        conditional_lowest_fen, quotes_seen, quotes_ranking, quotes_unknown, quotes_outlying, at_night and at_weekend
        (whether a ranking quote was seen then), was_fen (the reference price), blocking (reason codes that stop it).
    verdicts
        One row an offer and rule; columns of ``bosspick.screening.verdicts.VERDICT_COLUMNS``.
    pairs
        One row an offer and quote of the same product, eligible or set aside with the reason; prices in fen
        brought to the offer's packs.
    reviews
        Quotes without barcode that may be an offer's product: columns of
        ``bosspick.screening.matched.MATCH_COLUMNS``. They speak for no offer until somebody has decided.
    census
        With a feed: what was read of each partition. ``pairs`` then holds of each offer, channel and reason the lowest
        and the oldest quotes only.
    bearing
        With a feed, where it was asked for: ids of quotes that give the same verdicts without all the others.
    """

    offers: pd.DataFrame
    verdicts: pd.DataFrame
    pairs: pd.DataFrame
    reviews: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MATCH_COLUMNS)))
    census: tuple[Census, ...] = ()
    bearing: tuple[str, ...] = ()

    def airable(self) -> pd.DataFrame:
        """The offers that may enter the lineup: status pass or bargain."""
        return self.offers[self.offers["status"].isin(["pass", "bargain"])]


@alone()
def screen(
    week: Week,
    *,
    engine: EngineName = "duckdb",
    master: str | None = None,
    decisions: pd.DataFrame | None = None,
    reuse: bool = False,
    bearing: bool = False,
    told: Callable[[str, int, int], None] | None = None,
) -> Screening:
    """Judge every offer of a week.

    Parameters
    ----------
    week
        A validated week; see :func:`bosspick.open_room`.
    engine
        What runs it: ``duckdb`` on this machine, or ``spark``.
    master
        Spark's master URL.
    decisions
        What was decided of titles before: ``bosspick.ledger.Ledger.match_decisions``.
    reuse
        With a feed: partitions that did not change since they were last screened are not read again.
    bearing
        With a feed: tell which quotes bear on a verdict, so that their rows can be handed on as evidence.
    told
        With a feed: called with each partition's name, its place and how many there are, before it is read.

    Returns
    -------
    Screening
        Verdicts with their evidence, sorted by offer and rule.

    Raises
    ------
    EngineError
        Spark is not installed or cannot be reached.

    Examples
    --------
    >>> from bosspick import open_room
    >>> from bosspick.share import share_path
    >>> found = screen(open_room(share_path("seeds")).week("2026-W48"))
    >>> sorted(found.verdicts["verdict"].unique())
    ['FAIL', 'PASS', 'UNKNOWN']
    """
    how = Judgement(policy=week.policy, as_of=week.as_of, show_day=week.starts_at.date())
    threads = 1 if week.feed is None else None
    with _undisturbed(), closing(open_engine(engine, master=master, threads=threads)) as opened:
        tables = {name: opened.table(name, frame) for name, frame in week.tables.items() if name in _READ}
        tables["offers"] = specified(opened, "offers", tables["offers"])
        if week.feed is not None:
            feed = Feed(week, opened, told)

            def price(quotes: ir.Table, promotions: Promotions, matches: Matches) -> ir.Table:
                part = tables | {"quotes": specified(opened, "quotes", quotes)}
                return pair_rows(opened, part, promotions, week.policy.screening, matches)

            evidence, matches, census = feed.evidence(tables, price, decisions, how, reuse=reuse)
            return conclude(opened, tables, evidence, how, matches, keep=False, census=census, bearing=bearing)
        tables["quotes"] = specified(opened, "quotes", tables["quotes"])
        matches = matched_titles(week, week.table("quotes"), decisions)
        promotions = by_term(opened, tables["promotions"])
        rows = pair_rows(opened, tables, promotions, week.policy.screening, matches)
        return conclude(opened, tables, Evidence(pairs=opened.cache("pairs", rows)), how, matches, keep=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Look for no garbage meanwhile, and let threads take turns sooner.

    Going through the nodes of expressions, which all stay, takes a seventh of the time. What the engine has done waits for
    Python's lock while the next expressions are built, each time for as long as a turn may last.
    """
    collects, turn = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        if collects:
            gc.enable()


def pair_rows(
    engine: Engine, tables: dict[str, ir.Table], promotions: Promotions, policy: ScreeningPolicy, matches: Matches
) -> ir.Table:
    """Pair, price and compare: everything of the screen that does not depend on the moment of judgement.

    Parameters
    ----------
    engine
        Keeps what is read more than once.
    tables
        offers and quotes, their empty specs read from titles where that can be done (spec_from).
    promotions
        What the quotes carry.
    policy
        Thresholds.
    matches
        What was found of titles.

    Returns
    -------
    Table
        Columns of ``bosspick.screening.evidence.PAIR_COLUMNS``.
    """
    import ibis

    quotes = tables["quotes"]
    if policy.rates:
        ppm = {"CNY": 1_000_000} | {name: int(rate * 1_000_000) for name, rate in policy.rates.items()}
        quotes = quotes.mutate(yuan_ppm=quotes.currency.cases(*ppm.items(), else_=None).cast("int64"))
    found = {name: getattr(matches, name) for name in ("accepted", "rejected")}
    listed = {name: engine.table(name, frame) for name, frame in found.items() if len(frame)}
    rows = paired(quotes, tables["offers"], **listed, titles=matches.asked)

    certain = quotes.filter(~quotes.ambiguous) if "ambiguous" in quotes.columns else quotes
    prices = certain.select("quote_id", "display_price_fen", "shipping_fen")

    def priced(known: ir.Table) -> ir.Table:
        return landed_by_terms(engine, known, promotions, multi_buy_max=policy.multi_buy_max, prices=prices)

    if "ambiguous" not in rows.columns:
        return compare(priced(rows), policy)
    # An id that stands for several quotes has no terms of its own, so none of its prices is known.
    known = priced(rows.filter(~rows.ambiguous))
    others = rows.filter(rows.ambiguous)
    others = others.select(*others.columns, **{name: ibis.null(known[name].type()) for name in (*LANDED_COLUMNS, "unknown")})
    return compare(known.union(others.select(*known.columns)), policy)


def specified(engine: Engine, name: str, table: ir.Table) -> ir.Table:
    """A table whose empty specs are read from its titles; spec_from is null where nothing was."""
    import ibis

    lacking = table.spec_amount.isnull() | table.spec_unit.isnull() | table.pack_count.isnull()
    if engine.is_empty(table.filter(lacking).select("title")):
        return table.mutate(spec_from=ibis.null("string"))
    return engine.cache(f"{name}_specified", with_title_specs(table))


def conclude(
    engine: Engine,
    tables: dict[str, ir.Table],
    evidence: Evidence,
    how: Judgement,
    matches: Matches,
    *,
    keep: bool,
    census: tuple[Census, ...] = (),
    bearing: bool = False,
) -> Screening:
    """Judge a week's pairs; with ``keep`` all of them are handed back, else those the verdicts rest on."""
    found = judged(engine, tables, evidence, how, keep=keep, bearing=bearing)
    ids = () if found.bearing is None else tuple(sorted(engine.run(found.bearing)["quote_id"]))
    verdicts = _in_order(engine.run(verdict_rows(found.wide, how.policy, how.show_day))[list(VERDICT_COLUMNS)])
    summary = engine.run(found.wide.select(*_SUMMARY))
    shown = engine.run(found.pairs if keep else found.telling())
    order = ["offer_id", "set_aside", "ranking_fen", "quote_id", "display_fen"]
    shown = shown.sort_values(order, na_position="first", ignore_index=True)
    return Screening(
        offers=_summarise(summary, verdicts), verdicts=verdicts, pairs=shown, reviews=matches.reviews, census=census,
        bearing=ids,
    )  # fmt: skip


#: Seconds a thread may keep Python's lock while another one waits.
_TURN_S = 0.0005
_READ = ("offers", "quotes", "promotions", "stores", "brands", "authorisations")
_STOPS = ("offer_id", "rule", "verdict", "reason_code")
_SUMMARY = ["offer_id", "web_lowest_fen", "passes_at_fen", "web_lowest_quote", "channels_checked", "channels",
            "oldest_age_h", "conditional_lowest_fen", "quotes_seen", "quotes_ranking", "quotes_unknown", "quotes_outlying",
            "at_night", "at_weekend", "was_fen"]  # fmt: skip


def _in_order(verdicts: pd.DataFrame) -> pd.DataFrame:
    place = verdicts["rule"].map({rule: place for place, rule in enumerate(RULES)})
    ordered = verdicts.assign(_place=place).sort_values(["offer_id", "_place"], ignore_index=True)
    return ordered.drop(columns="_place")


def _summarise(wide: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    blocking = verdicts[~verdicts["rule"].isin(ADVISORY) & (verdicts["reason_code"] != "RULE_OFF")]
    stops = blocking[blocking["verdict"] != "PASS"]
    codes: defaultdict[str, list[str]] = defaultdict(list)
    other: defaultdict[str, set[str]] = defaultdict(set)
    for offer, rule, verdict, reason in zip(*(stops[name] for name in _STOPS), strict=True):
        codes[offer].append(reason)
        if rule != "lowest_price":
            other[offer].add(verdict)
    price = verdicts[verdicts["rule"] == "lowest_price"].set_index("offer_id")[["verdict", "reason_code"]]
    offers = wide[_SUMMARY].sort_values("offer_id", ignore_index=True)
    offers["blocking"] = [", ".join(codes[offer]) for offer in offers["offer_id"]]
    told = price.loc[offers["offer_id"]].astype("str").to_numpy()
    offers["status"] = [
        _status(other[offer], verdict, reason, not pd.isna(passes))
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
