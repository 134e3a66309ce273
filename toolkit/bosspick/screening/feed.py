"""A week whose quotes arrive as a feed: each partition is priced once and kept, and the week is judged from what is kept.

A partition's promotions lie under its name, so it is priced by itself: memory is bounded by one partition, a new one
costs only itself, and what is kept of the others does not depend on the moment of judgement.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.errors import OutputError
from bosspick.intake import Week
from bosspick.intake.findings import inert
from bosspick.intake.partitions import Partition, find_partitions
from bosspick.screening.contradictory import without_contradictions
from bosspick.screening.delivered import TITLED, Deliveries
from bosspick.screening.engine import Engine
from bosspick.screening.judging import own_shops
from bosspick.screening.kept import Kept
from bosspick.screening.matched import Matches, matched_titles
from bosspick.screening.sound import REFUSED, bad_quote, sound_promotions
from bosspick.screening.terms import Promotions, by_term
from bosspick.screening.typed import written_promotions
from bosspick.screening.weighing import Evidence, Judgement

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["Census", "Feed", "Outline"]

#: Bad rows of one partition that are named; all are counted.
_NAMED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What was read of one partition.

    Attributes
    ----------
    quotes, promotions
        Rows read.
    bad
        Quotes set aside, by key of ``REFUSED``.
    repeated, ambiguous
        Rows that repeat another one; ids that stand for different quotes.
    unreadable, lonely
        Promotions whose terms cannot be read (they make their price unknown), and promotions for no quote.
    kept
        Whether what was kept of it was used, and nothing of it was read.
    """

    partition: str
    quotes: int
    promotions: int
    bad: dict[str, int]
    repeated: int
    ambiguous: int
    unreadable: int
    lonely: int
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a feed's partitions say of one table: how many hold it, and how many rows."""

    partitions: int
    rows: int


class Feed:
    """The partitions of a week, and what is kept of them.

    Parameters
    ----------
    week
        A week with a feed.
    engine
        What reads it.
    told
        Called with a partition's name, its place and how many there are.
    """

    def __init__(self, week: Week, engine: Engine, told: Callable[[str, int, int], None] | None = None) -> None:
        assert week.feed is not None
        self.week, self.engine, self.told = week, engine, told
        self.partitions = find_partitions(Path(week.feed))
        self.deliveries = Deliveries(week, engine)

    def evidence(
        self,
        tables: dict[str, ir.Table],
        price: Callable[[ir.Table, Promotions, Matches], ir.Table],
        decisions: pd.DataFrame | None,
        how: Judgement,
        *,
        reuse: bool,
    ) -> tuple[Evidence, Matches, tuple[Census, ...]]:
        """All pairs of the week, those of new partitions priced now.

        Parameters
        ----------
        tables
            offers and stores of the engine.
        price
            Pairs a partition's quotes with the offers and prices them by its promotions.
        decisions
            What was decided of titles before.
        how
            Policy and moments.
        reuse
            Whether partitions that did not change since they were kept are read again.
        """
        kept = Kept(
            engine=self.engine, folder=self.week.room / ".screened" / self.week.session_id, base=self._base(decisions),
            shops=self.engine.cache("shops", own_shops(tables)), stores=self._stores(), how=how,
        )  # fmt: skip
        wanted = [part for part in self.partitions if not (reuse and kept.has(part))]
        matches = matched_titles(self.week, self._titles(wanted), decisions)

        def read(part: Partition) -> None:
            if self.told:
                self.told(part.name, self.partitions.index(part) + 1, len(self.partitions))
            with self.deliveries.reading(part):
                census, quotes, promotions = self._checked(part)
                kept.add(part, price(quotes, promotions, matches), _plain(census))

        self.engine.together(read, wanted)
        known = [Census(**kept.census(part), kept=part not in wanted) for part in self.partitions]
        return kept.evidence(self.partitions), matches, tuple(known)

    def outline(self) -> dict[str, Outline]:
        """How much there is of quotes and promotions, as the files state it; no row is read.

        Raises
        ------
        TableError
            A partition cannot be opened, or has another schema.
        """
        sizes = []
        for part in self.partitions:
            with self.deliveries.reading(part):
                sizes.append(self.deliveries.size(part))
        rows = {table: [size[table] for size in sizes if table in size] for table in ("quotes", "promotions")}
        return {table: Outline(partitions=len(counts), rows=sum(counts)) for table, counts in rows.items()}

    def rows_of(self, quote_ids: pd.Series) -> dict[str, pd.DataFrame]:
        """The quotes and promotions behind these ids, for the evidence that is handed on."""
        import pyarrow as pa

        wanted = self.engine.rows("wanted", pa.table({"quote_id": pa.array(sorted(set(quote_ids)), pa.string())}))
        found: dict[str, list[pd.DataFrame]] = {"quotes": [], "promotions": []}
        for part in self.partitions:
            with self.deliveries.reading(part):
                quotes, promotions = self.deliveries.quotes(part), self.deliveries.promotions(part)
                good = quotes.filter(bad_quote(quotes, self.week.policy.screening.rates).isnull())
                found["quotes"].append(self.engine.run(good.semi_join(wanted, "quote_id")))
                if promotions is not None:
                    typed = sound_promotions(self.deliveries.typed("promotions", promotions, part))
                    found["promotions"].append(self.engine.run(typed.semi_join(wanted, "quote_id")))
        return {name: pd.concat(frames, ignore_index=True) for name, frames in found.items() if frames}

    def titled(self) -> list[str]:
        """Ids of quotes that hold each title once that is compared with the offers' titles."""
        if self.week.policy.screening.match_titles == "off":
            return []
        frames = []
        for part in self.partitions:
            with self.deliveries.reading(part):
                rows = self.deliveries.compared(part)
                rows = rows.filter(bad_quote(rows, self.week.policy.screening.rates).isnull())
                said = rows.group_by(*TITLED[1:], nameless=rows.gtin.isnull()).aggregate(quote_id=rows.quote_id.min())
                frames.append(self.engine.run(said))
        found = pd.concat(frames, ignore_index=True)
        return list(found.drop_duplicates([*TITLED[1:], "nameless"])["quote_id"])

    def _titles(self, parts: Sequence[Partition]) -> pd.DataFrame:
        """The distinct titles that could matter."""
        frames = []
        for part in parts:
            with self.deliveries.reading(part):
                rows = self.deliveries.compared(part)
                frames.append(self.engine.run(rows.filter(rows.title.length() <= 2000).select(*TITLED).distinct()))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(TITLED))

    def _checked(self, part: Partition) -> tuple[Census, ir.Table, Promotions]:
        typed = self.deliveries.quotes(part)
        quotes = typed.mutate(bad=bad_quote(typed, self.week.policy.screening.rates))
        counts = self.engine.run(
            quotes.aggregate(
                rows=quotes.count(), bad=quotes.bad.count(), ids=quotes.quote_id.nunique(where=quotes.bad.isnull())
            )
        ).iloc[0]
        # Without the column where no row is bad: an engine would go on computing what nobody reads.
        good = quotes.filter(quotes.bad.isnull()).drop("bad") if counts["bad"] else typed
        bad = self._refused(part, quotes) if counts["bad"] else {}
        repeated = ambiguous = 0
        if counts["ids"] < counts["rows"] - counts["bad"]:
            single = self.engine.cache("single", good.distinct())
            twice = single.group_by("quote_id").aggregate(times=single.count())
            twice = self.engine.cache("twice", twice.filter(twice.times > 1))
            told = self.engine.run(single.aggregate(rows=single.count())).iloc[0]
            repeated = int(counts["rows"] - counts["bad"] - told["rows"])
            ambiguous = len(self.engine.run(twice))
            joined = single.left_join(twice, "quote_id", rname="{name}_again")
            good = joined.select(*single.columns, ambiguous=joined.times.notnull())
        promotions, size, unreadable, lonely = self._carried(part, good)
        census = Census(
            partition=part.name, quotes=int(counts["rows"]), promotions=size, bad=bad, repeated=repeated,
            ambiguous=ambiguous, unreadable=unreadable, lonely=lonely,
        )  # fmt: skip
        return census, good, promotions

    def _carried(self, part: Partition, quotes: ir.Table) -> tuple[Promotions, int, int, int]:
        """A partition's promotions by term, how many there are, how many cannot be read, how many are for no quote."""
        written = self.deliveries.promotions(part)
        if written is None:
            return by_term(self.engine, self.engine.table("no_promotions", self.week.table("promotions").iloc[:0])), 0, 0, 0
        carried = by_term(self.engine, written_promotions(written, part.name, loose=False))
        orphans, lonely = self._orphans(carried, quotes)
        if lonely:  # perhaps for want of reading their ids as the quotes' are read
            carried = by_term(self.engine, written_promotions(written, part.name, loose=True))
            orphans, lonely = self._orphans(carried, quotes)
        sound = sound_promotions(self.deliveries.typed("promotions", carried.terms, part, number="term"))
        carried = without_contradictions(self.engine, Promotions(rows=carried.rows, terms=sound))
        rows = carried.rows.inner_join(carried.terms.select("term", "readable"), "term", rname="{name}_again")
        told = self.engine.run(rows.aggregate(rows=rows.count(), readable=rows.readable.cast("int64").sum())).iloc[0]
        size = int(told["rows"])
        unreadable = size - int(told["readable"]) if size else 0
        if lonely:
            self._name_lonely(part, orphans.inner_join(sound.select("term", "kind"), "term", rname="{name}_again"))
        return Promotions(rows=carried.rows, terms=carried.terms.drop("readable")), size, unreadable, lonely

    def _orphans(self, carried: Promotions, quotes: ir.Table) -> tuple[ir.Table, int]:
        """Promotions whose quote is not among these, and how many there are."""
        orphans = carried.rows.anti_join(quotes.select("quote_id"), "quote_id")
        return orphans, int(self.engine.run(orphans.aggregate(rows=orphans.count())).iloc[0]["rows"])

    def _refused(self, part: Partition, quotes: ir.Table) -> dict[str, int]:
        rows = quotes.filter(quotes.bad.notnull())
        counts = self.engine.run(rows.group_by("bad").aggregate(rows=rows.count()))
        shown = self.engine.run(rows.select("quote_id", "channel", "bad").order_by("quote_id", "bad").limit(_NAMED))
        self._quarantine("quotes", part, [(row["quote_id"], *REFUSED[str(row["bad"])]) for row in shown.to_dict("records")])
        return {str(row["bad"]): int(row["rows"]) for row in counts.sort_values("bad").to_dict("records")}

    def _name_lonely(self, part: Partition, orphans: ir.Table) -> None:
        shown = self.engine.run(orphans.select("quote_id", "kind").order_by("quote_id", "kind").limit(_NAMED))
        why = ("is for no quote of its partition", "deliver it with its quote, or remove it")
        self._quarantine("promotions", part, [(row["quote_id"], *why) for row in shown.to_dict("records")])

    def _quarantine(self, table: str, part: Partition, rows: list[tuple[Any, str, str]]) -> None:
        """Name bad rows in ``quarantine/<table>-<partition>.csv``, as the other tables' are."""
        folder = self.week.room / "quarantine"
        path = folder / f"{table}-{part.name}.csv"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"{path.name}.part")
            with unfinished.open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(["quote_id", "reason", "mend", "file"])
                writer.writerows(
                    (inert("" if pd.isna(key) else str(key)), reason, mend, f"{table}/{part.name}")
                    for key, reason, mend in rows
                )
            unfinished.replace(path)
        except OSError as error:
            raise OutputError(f"the quarantine cannot be written ({error.strerror})", where=str(folder),
                              hint="make it a folder that may be written to and run it again") from error  # fmt: skip

    def _base(self, decisions: pd.DataFrame | None) -> str:
        """What beside its files the pairs of a partition depend on."""
        from importlib.metadata import version

        offers = self.week.table("offers").sort_values("offer_id").to_csv(index=False)
        decided = "" if decisions is None else decisions.to_csv(index=False)
        policy = self.week.policy.screening.model_dump_json(exclude=set(_ONLY_JUDGING))
        return "\n".join([version("bosspick"), self.engine.name, policy, offers, decided])

    def _stores(self) -> str:
        """What the offers' own shops are known by."""
        return self.week.table("stores")[["store_id", "name"]].sort_values("store_id").to_csv(index=False)


#: Keys of the policy that what is kept does not depend on.
_ONLY_JUDGING = (
    "window_hours", "min_channels", "required_channels", "margin", "lowest_price", "brand", "store", "vetoes",
    "store_score_min", "store_score_max_age_days", "return_rate_max", "stock_min", "daily_capacity_min",
    "banned_categories", "outliers", "outlier_bait", "outlier_typing", "outlier_channels", "night_from", "night_to",
    "reference_rule", "reference_rules", "protection_days", "gift_realisation",
)  # fmt: skip


def _plain(census: Census) -> dict[str, Any]:
    return {name: getattr(census, name) for name in Census.__dataclass_fields__ if name != "kept"}
