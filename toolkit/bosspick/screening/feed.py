"""A week whose quotes arrive as a feed: each partition is priced once and kept, and the week is judged from what is kept.

A partition's promotions lie under its name, so it is priced by itself: memory is bounded by one partition, a new one
costs only itself, and what is kept of the others does not depend on the moment of judgement.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.errors import TableError
from bosspick.intake import Week
from bosspick.intake.partitions import Partition, find_partitions
from bosspick.screening.engine import Engine
from bosspick.screening.matched import Matches, matched_titles
from bosspick.screening.typed import REFUSED, bad_quote, sound_promotions, typed_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["Census", "Feed"]

#: Bad rows of one partition that are named; all are counted.
_NAMED = 10_000
_TITLE = ["gtin", "title", "spec_amount", "spec_unit"]


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


class Feed:
    """The partitions of a week, and what is kept of them.

    Parameters
    ----------
    week
        A week with a feed.
    engine
        What reads it.
    keep
        Folder of what is kept.
    told
        Called with a partition's name, its place and how many there are.
    """

    def __init__(self, week: Week, engine: Engine, keep: Path, told: Callable[[str, int, int], None] | None = None) -> None:
        assert week.feed is not None
        self.week, self.engine, self.keep, self.told = week, engine, keep, told
        self.partitions = find_partitions(Path(week.feed))

    def pairs(
        self,
        tables: dict[str, ir.Table],
        price: Callable[[dict[str, ir.Table], Matches], ir.Table],
        decisions: pd.DataFrame | None,
        *,
        reuse: bool,
    ) -> tuple[ir.Table, Matches, tuple[Census, ...]]:
        """All pairs of the week, those of new partitions priced now.

        Parameters
        ----------
        tables
            offers of the engine.
        price
            Pairs a partition's quotes with the offers and prices them.
        decisions
            What was decided of titles before.
        reuse
            Whether partitions that did not change since they were kept are read again.
        """
        base = self._base(decisions)
        paths = {part.name: self.keep / f"{part.name}-{_hash(base + part.stamp)}.parquet" for part in self.partitions}
        wanted = [part for part in self.partitions if not (reuse and _note_of(paths[part.name]).exists())]
        matches = matched_titles(self.week, self._titles(wanted), decisions)
        found = []
        for place, part in enumerate(self.partitions):
            path = paths[part.name]
            if part not in wanted:
                found.append(Census(**json.loads(_note_of(path).read_text("utf-8")) | {"kept": True}))
                continue
            if self.told:
                self.told(part.name, place + 1, len(self.partitions))
            census, quotes, promotions = self._checked(part, *self._typed(part))
            rows = price(tables | {"quotes": quotes, "promotions": promotions}, matches)
            self._drop_earlier(part)
            self.engine.write(rows, str(path))
            _note_of(path).write_text(json.dumps(_plain(census)), encoding="utf-8")
            found.append(census)
        kept = self.engine.parquet([str(path) for path in paths.values()])
        return kept.mutate(seen_at=kept.seen_at.cast("timestamp")), matches, tuple(found)

    def rows_of(self, quote_ids: pd.Series) -> dict[str, pd.DataFrame]:
        """The quotes and promotions behind these ids, for the evidence that is handed on."""
        import pyarrow as pa

        wanted = self.engine.rows("wanted", pa.table({"quote_id": pa.array(sorted(set(quote_ids)), pa.string())}))
        found: dict[str, list[pd.DataFrame]] = {"quotes": [], "promotions": []}
        for part in self.partitions:
            quotes, promotions = self._typed(part)
            good = quotes.filter(bad_quote(quotes, self.week.policy.screening.rates).isnull())
            found["quotes"].append(self.engine.run(good.semi_join(wanted, "quote_id")))
            if promotions is not None:
                found["promotions"].append(self.engine.run(promotions.semi_join(wanted, "quote_id")))
        return {name: pd.concat(frames, ignore_index=True) for name, frames in found.items() if frames}

    def _typed(self, part: Partition) -> tuple[ir.Table, ir.Table | None]:
        def read(table: str, path: str) -> ir.Table:
            try:
                rows = self.engine.parquet([path])
            except Exception as error:  # each engine has its own words for a broken file
                lines = str(error).strip().splitlines()
                raise TableError(f"cannot be read: {lines[0][:200] if lines else type(error).__name__}",
                                 where=f"{table}/{part.name}", hint="deliver the partition again") from error  # fmt: skip
            return typed_rows(table, rows, part.name, self.week.zone, self.week.starts_at)

        quotes = read("quotes", part.quotes)
        if part.promotions is None:
            return quotes, None
        return quotes, sound_promotions(read("promotions", part.promotions))

    def _titles(self, parts: Sequence[Partition]) -> pd.DataFrame:
        """The distinct titles that could matter: of quotes without barcode, and of all if an offer has none."""
        every = bool(self.week.table("offers")["gtin"].isna().any())
        frames = []
        for part in parts:
            quotes, _ = self._typed(part)
            rows = quotes if every else quotes.filter(quotes.gtin.isnull())
            frames.append(self.engine.run(rows.filter(rows.title.length() <= 2000).select(*_TITLE).distinct()))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=_TITLE)

    def _checked(self, part: Partition, quotes: ir.Table, promotions: ir.Table | None) -> tuple[Census, ir.Table, ir.Table]:
        quotes = quotes.mutate(bad=bad_quote(quotes, self.week.policy.screening.rates))
        counts = self.engine.run(
            quotes.aggregate(
                rows=quotes.count(), bad=quotes.bad.count(), ids=quotes.quote_id.nunique(where=quotes.bad.isnull())
            )
        ).iloc[0]
        good = quotes.filter(quotes.bad.isnull()).drop("bad")
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
        lonely = unreadable = size = 0
        if promotions is None:
            promotions = self.engine.table("no_promotions", self.week.table("promotions").iloc[:0])
        else:
            orphans = promotions.anti_join(good, "quote_id")
            told = self.engine.run(
                promotions.aggregate(rows=promotions.count(), unreadable=(~promotions.readable).cast("int64").sum())
            ).iloc[0]
            size, unreadable = int(told["rows"]), 0 if pd.isna(told["unreadable"]) else int(told["unreadable"])
            lonely = int(self.engine.run(orphans.aggregate(rows=orphans.count())).iloc[0]["rows"])
            if lonely:
                self._name_lonely(part, orphans)
            promotions = promotions.drop("readable")
        census = Census(
            partition=part.name, quotes=int(counts["rows"]), promotions=size, bad=bad, repeated=repeated,
            ambiguous=ambiguous, unreadable=unreadable, lonely=lonely,
        )  # fmt: skip
        return census, good, promotions

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
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{table}-{part.name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["quote_id", "reason", "mend", "file"])
            writer.writerows(
                (("" if pd.isna(key) else key), reason, mend, f"{table}/{part.name}") for key, reason, mend in rows
            )

    def _base(self, decisions: pd.DataFrame | None) -> str:
        """What beside its files the pairs of a partition depend on."""
        from importlib.metadata import version

        offers = self.week.table("offers").sort_values("offer_id").to_csv(index=False)
        decided = "" if decisions is None else decisions.to_csv(index=False)
        policy = self.week.policy.screening.model_dump_json(exclude=set(_ONLY_JUDGING))
        return "\n".join([version("bosspick"), self.engine.name, policy, offers, decided])

    def _drop_earlier(self, part: Partition) -> None:
        for path in self.keep.glob(f"{part.name}-????????????????.*"):
            path.unlink() if path.is_file() else None


#: Keys of the policy that what is kept does not depend on.
_ONLY_JUDGING = (
    "window_hours", "min_channels", "required_channels", "margin", "lowest_price", "brand", "store", "vetoes",
    "store_score_min", "store_score_max_age_days", "return_rate_max", "stock_min", "daily_capacity_min",
    "banned_categories", "outliers", "outlier_bait", "outlier_typing", "outlier_channels", "night_from", "night_to",
    "reference_rule", "reference_rules", "protection_days", "gift_realisation",
)  # fmt: skip


def _note_of(path: Path) -> Path:
    return path.with_suffix(".json")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(census: Census) -> dict[str, Any]:
    return {name: getattr(census, name) for name in Census.__dataclass_fields__ if name != "kept"}
