"""From kept pairs to lows: what may rank at the moment of judgement, and the pairs the verdicts may rest on.

A feed's deliveries are taken by their cells; where a cell holds an outlier, and without a feed, every pair is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bosspick.policy import Policy, ScreeningPolicy
from bosspick.screening.cells import cells_of, likely, merged, sampled, with_outliers
from bosspick.screening.evidence import dated, dated_cells, usual_lows, without_outliers

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from bosspick.screening.engine import Engine

__all__ = ["Evidence", "Judgement", "Weighed", "weighed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a week is judged by: its policy, the moment, the day of the show."""

    policy: Policy
    as_of: datetime
    show_day: date

    @property
    def ahead(self) -> int:
        """Seconds the room's clock is ahead of UTC at the moment of judgement."""
        offset = self.as_of.astimezone(ZoneInfo(self.policy.room.timezone)).utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The pairs of a week, those of a feed in cells.

    Attributes
    ----------
    pairs
        Pairs judged one by one: columns of ``bosspick.screening.evidence.PAIR_COLUMNS``.
    cells, likely, behind
        Of a feed the cells, the pairs the verdicts may rest on, and all pairs.
    """

    pairs: ir.Table | None = None
    cells: ir.Table | None = None
    likely: ir.Table | None = None
    behind: ir.Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Pairs with age_h, set_aside and usual_fen, and the cells of all: low_fen, quotes, oldest_age_h and the like.

    ``bearing``, where it was asked for, holds the ids of quotes that give the same verdicts without all the others.
    """

    pairs: ir.Table
    lows: ir.Table
    bearing: ir.Table | None = None


def weighed(
    engine: Engine, evidence: Evidence, shops: ir.Table, how: Judgement, *, keep: bool, bearing: bool = False
) -> Weighed:
    """Weigh the pairs of a week.

    Parameters
    ----------
    engine
        Keeps what is read more than once.
    evidence
        What is known of the week.
    shops
        offer_id and store_name: the offer's own shop.
    how
        Policy and moments.
    keep
        Whether all pairs are given back, else those the verdicts may rest on. With it all are judged one by one.
    bearing
        Whether the ids of the quotes that bear on a verdict are asked for: then all pairs are gone through.
    """
    policy = how.policy.screening
    each = [] if evidence.pairs is None else [dated(evidence.pairs, policy, how.as_of)]
    cells = [] if evidence.cells is None else [engine.cache("cells", dated_cells(evidence.cells, policy, how.as_of))]
    near = [] if evidence.likely is None else [dated(evidence.likely, policy, how.as_of)]
    usual = _usual(engine, each, cells, policy)
    if cells and usual is not None:
        known = cells[0].left_join(usual, "offer_id", rname="{name}_again")
        odd = engine.cache("odd", with_outliers(known, policy).select("offer_id", "channel").distinct())
        if not engine.is_empty(odd):
            assert evidence.behind is not None
            behind = dated(evidence.behind, policy, how.as_of)
            each.append(behind.filter(behind.set_aside.isnull()).semi_join(odd, ["offer_id", "channel"]))
            # Beside a reason a cell has no channel: those all stay.
            cells = [cells[0].anti_join(odd, ["offer_id", "channel"])]
            place = near[0].set_aside.isnull().ifelse(near[0].channel, None)
            near = [near[0].anti_join(odd, [near[0].offer_id == odd.offer_id, place == odd.channel])]
    pairs = [without_outliers(rows, usual, policy) for rows in each]
    if keep:
        pairs = [engine.cache("judged_pairs", pairs[0])]
    found = [_cells(rows, how) for rows in pairs]
    lows = merged(_union([*found, *(rows.select(*_CELL) for rows in cells)]))
    age = (int(how.as_of.timestamp()) - lows.first_second).cast("float64") / 3600
    lows = engine.cache("lows", lows.mutate(oldest_age_h=age))
    if keep:
        return Weighed(pairs=pairs[0], lows=lows)
    ranking = lows.filter(lows.set_aside.isnull())
    web = ranking.group_by("offer_id").aggregate(web_lowest_fen=ranking.low_fen.min())
    # Those likely in a delivery as well: few of them are in the week.
    pairs += [without_outliers(rows, usual, policy) for rows in near]
    told = [likely(rows, lows, shops, "set_aside", web) for rows in pairs]
    kept = engine.cache("told", _union([rows.select(*told[0].columns) for rows in told]))
    return Weighed(pairs=kept, lows=lows, bearing=_bearing(kept, evidence, usual, how) if bearing else None)


def _bearing(told: ir.Table, evidence: Evidence, usual: ir.Table | None, how: Judgement) -> ir.Table:
    """Ids of quotes that give the same verdicts without the others.

    Those verdicts may rest on, one that asks the lowest price of each offer and channel before outliers are set aside (the
    usual low is made of these), and of each offer one seen at night and one on a weekend.
    """
    policy = how.policy.screening
    every = evidence.pairs if evidence.behind is None else evidence.behind
    assert every is not None
    rows = dated(every, policy, how.as_of)
    rows = rows.filter(rows.set_aside.isnull())
    lowest = rows.group_by("offer_id", "channel").aggregate(quote_id=rows.quote_id.argmin(rows.ranking_fen))
    ranking = without_outliers(rows, usual, policy)
    ranking = ranking.filter(ranking.set_aside.isnull())
    night, weekend = sampled(ranking, policy, how.ahead)
    seen = ranking.mutate(night=night, weekend=weekend).group_by("offer_id")
    seen = [seen.aggregate(quote_id=lambda rows, at=at: rows.quote_id.min(where=rows[at])) for at in ("night", "weekend")]
    found = _union([each.select("quote_id") for each in (told, lowest, *seen)])
    return found.filter(found.quote_id.notnull()).distinct()


def _usual(engine: Engine, pairs: list[ir.Table], cells: list[ir.Table], policy: ScreeningPolicy) -> ir.Table | None:
    if policy.outliers == "off":
        return None
    lowest = []
    for rows, price in [*((rows, "ranking_fen") for rows in pairs), *((rows, "low_fen") for rows in cells)]:
        ranking = rows.filter(rows.set_aside.isnull())
        lowest.append(ranking.group_by("offer_id", "channel").aggregate(low_fen=ranking[price].min()))
    return engine.cache("usual", usual_lows(_union(lowest), policy))


def _cells(pairs: ir.Table, how: Judgement) -> ir.Table:
    night, weekend = sampled(pairs, how.policy.screening, how.ahead)
    return cells_of(pairs, "set_aside", night=night, weekend=weekend).select(*_CELL)


_CELL = ("offer_id", "channel", "set_aside", "quotes", "low_fen", "bare_fen", "conditional_fen", "possible_fen", "least_fen",
         "first_second", "high_fen", "last_second", "unbounded", "at_night", "at_weekend")  # fmt: skip


def _union(tables: list[ir.Table]) -> ir.Table:
    import ibis

    return ibis.union(*tables) if len(tables) > 1 else tables[0]
