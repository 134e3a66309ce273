"""What is kept of a feed's partitions between two screens: their pairs, and once they are asked for their cells.

::

    .screened/2026-W48/pairs/<partition>-<hash>.parquet     and what was read of it in <partition>-<hash>.json
    .screened/2026-W48/cells/<partition>-<hash>.parquet     likely/<partition>-<hash>.parquet

The hash is of everything they depend on; what has another one is of no use any more. Cells and likely pairs of a partition
through which an end of the window cuts hold at one moment of judgement only, the pairs at any.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.errors import OutputError
from bosspick.intake.partitions import Partition
from bosspick.screening.cells import cells_of, likely, sampled
from bosspick.screening.engine import Engine
from bosspick.screening.evidence import dated
from bosspick.screening.weighing import Evidence, Judgement

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["Kept"]

#: What is made of a partition's pairs once it is asked for.
_GATHERED = ("cells", "likely")
#: Seconds for which what was gathered for another moment stays: somebody may be judging at that one.
_SPARED_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The kept partitions of a week.

    Attributes
    ----------
    engine
        What reads and writes them.
    folder
        Where they lie.
    base
        What beside its files the pairs of a partition depend on.
    shops
        offer_id and store_name: the offer's own shop.
    stores
        What shops is made of, as text.
    how
        Policy and moments.
    """

    engine: Engine
    folder: Path
    base: str
    shops: ir.Table
    stores: str
    how: Judgement

    def has(self, part: Partition) -> bool:
        """Whether the pairs of the partition as it is now are kept."""
        return self._note(part).exists()

    def census(self, part: Partition) -> dict[str, Any]:
        """What was read of it."""
        found: dict[str, Any] = json.loads(self._note(part).read_text("utf-8"))["census"]
        return found

    def add(self, part: Partition, pairs: ir.Table, census: dict[str, Any]) -> None:
        """Keep the pairs of a partition, and what was read of it."""
        with self._writing():
            for kind in _GATHERED:
                self._drop(kind, part)
            self._write("pairs", part, pairs)
        second = self._read("pairs", [part]).seen_at.epoch_seconds()
        span = self.engine.run(second.as_table().aggregate(first=second.min(), last=second.max()))
        ends = None if span["first"].isna()[0] else [int(span["first"][0]), int(span["last"][0])]
        note = self._note(part)
        unfinished = note.with_suffix(".part")
        with self._writing():
            unfinished.write_text(json.dumps({"census": census, "seconds": ends}), encoding="utf-8")
            unfinished.replace(note)

    def evidence(self, parts: Sequence[Partition]) -> Evidence:
        """All pairs of these partitions, in cells, but for one that stands alone and is cut by the window: it is read once."""
        if len(parts) == 1 and self._is_cut(parts[0]):
            return Evidence(pairs=self._read("pairs", parts))
        gathered = {part: [self._path(kind, part) for kind in _GATHERED] for part in parts}
        ready = [part for part, paths in gathered.items() if all(path.exists() for path in paths)]
        with self._writing():
            for part in ready:
                for path in gathered[part]:
                    path.touch()  # wanted now: other runs spare it from now on
        self.engine.together(self._gather, [part for part in parts if part not in ready])
        return Evidence(**{kind: self._read(kind, parts) for kind in _GATHERED}, behind=self._read("pairs", parts, "behind"))

    def _window(self) -> tuple[int, int]:
        """The first and the last second at which a quote may have been seen to rank."""
        end = int(self.how.as_of.timestamp())
        return end - self.how.policy.screening.window_hours * 3600, end

    def _is_cut(self, part: Partition) -> bool:
        """Whether an end of the window cuts through the partition: some of its quotes may rank, others no more or not yet."""
        ends: list[int] | None = json.loads(self._note(part).read_text("utf-8"))["seconds"]
        if ends is None:
            return False
        (first, last), (start, end) = ends, self._window()
        return first <= end and last >= start and (first < start or last > end)

    def _gather(self, part: Partition) -> None:
        pairs = self._read("pairs", [part])
        if self._is_cut(part):
            judged = dated(pairs, self.how.policy.screening, self.how.as_of)
            pairs = judged.rename(aside="set_aside").select(*pairs.columns)
        night, weekend = sampled(pairs, self.how.policy.screening, self.how.ahead)
        cells = self.engine.cache("part_cells", cells_of(pairs, "aside", night=night, weekend=weekend))
        with self._writing():
            self._write("cells", part, cells)
            self._write("likely", part, likely(pairs, cells, self.shops, "aside"))

    def _read(self, kind: str, parts: Sequence[Partition], name: str | None = None) -> ir.Table:
        rows = self.engine.parquet([str(self._path(kind, part)) for part in parts], name or kind)
        return rows.mutate(seen_at=rows.seen_at.cast("timestamp")) if "seen_at" in rows.columns else rows

    def _write(self, kind: str, part: Partition, rows: ir.Table) -> None:
        self._drop(kind, part, spared_s=0.0 if kind == "pairs" else _SPARED_S)
        (self.folder / kind).mkdir(parents=True, exist_ok=True)
        self.engine.write(rows, str(self._path(kind, part)))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say where nothing could be written; what was kept before stays."""
        try:
            yield
        except OSError as error:
            raise OutputError(f"what was screened cannot be kept ({error.strerror})", where=str(self.folder),
                              hint="make it a folder that may be written to and run it again") from error  # fmt: skip

    def _drop(self, kind: str, part: Partition, *, spared_s: float = 0.0) -> None:
        for earlier in (self.folder / kind).glob(f"{part.name}-????????????????.*"):
            with suppress(FileNotFoundError):  # another run was first
                if time.time() - earlier.stat().st_mtime >= spared_s:
                    shutil.rmtree(earlier) if earlier.is_dir() else earlier.unlink()

    def _note(self, part: Partition) -> Path:
        return self._path("pairs", part).with_suffix(".json")

    def _path(self, kind: str, part: Partition) -> Path:
        clock = self.how.policy.screening
        more = "" if kind == "pairs" else f"{clock.night_from} {clock.night_to} {self.how.ahead} {self.stores}"
        if more and self._is_cut(part):
            more = f"{self._window()} {more}"
        found = hashlib.sha256("\n".join([self.base, part.stamp, more]).encode()).hexdigest()[:16]
        return self.folder / kind / f"{part.name}-{found}.parquet"
