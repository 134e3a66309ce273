"""The model on some of its options, written down at once: every row of every part in a few passes over all cells."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bosspick.lineup.model import Model
from bosspick.lineup.program import Floats, Ints, Lines, Program

__all__ = ["Core", "Restriction", "restrict"]

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The problem on some options, and which row of the model each of its lines is (−1: the lineup's own lines)."""

    program: Program
    row_of_line: Ints
    relief_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Cells of lines: line, column, coefficient."""

    line: Ints
    column: Ints
    coef: Floats


class Restriction:
    """The rows of a model, ready to be written down for some of its options.

    Parameters
    ----------
    model
        The problem; its parts must stay as they are, ``allowed`` and gains may change.
    """

    def __init__(self, model: Model) -> None:
        parts = model.parts
        self.model = model
        self.firsts = np.cumsum([0, *(len(part.low) for part in parts)])
        self.low = np.concatenate([np.empty(0), *(part.low for part in parts)])
        self.high = np.concatenate([np.empty(0), *(part.high for part in parts)])
        self.stays = np.concatenate([np.empty(0, dtype=np.bool_), *(part.stays() for part in parts)])
        nothing = np.empty(0, dtype=np.int64)
        firsts = self.firsts.tolist()
        self.extra_row = np.concatenate([nothing, *(p.extras[0] + at for p, at in zip(parts, firsts, strict=False))])
        self.extra = np.concatenate([nothing, *(p.extras[1] for p in parts)])
        self.extra_coef = np.concatenate([np.empty(0), *(p.extras[2] for p in parts)])
        self.has_extra = np.zeros(len(self.low), dtype=np.bool_)
        self.has_extra[self.extra_row] = True
        self._largest: Floats | None = None

    @property
    def largest(self) -> Floats:
        """Largest absolute coefficient of each row."""
        if self._largest is None:
            self._largest = np.concatenate([np.empty(0), *(part.largest() for part in self.model.parts)])
        return self._largest

    def on(self, keep: Ints, *, relief: float = 0.0) -> Core:
        """The same problem on the options ``keep`` only (ascending).

        Columns are the options, the extras that some line speaks of, and with ``relief`` > 0 columns that let every row
        be violated at that price per unit of its largest coefficient, which keeps the relaxation of a too-small core
        solvable.
        """
        model, count = self.model, len(keep)
        offer_of = model.instance.offer_of[keep]
        own, own_high = _own(offer_of, model.instance.pick)
        cells = self._cells(keep)
        written = self._written(cells, offer_of)
        rows = np.flatnonzero(written)
        line_of_row = np.full(len(self.low), -1, dtype=np.int64)
        line_of_row[rows] = np.arange(len(own_high), len(own_high) + len(rows))
        extras, used = self._extras(line_of_row, count)
        relief_from = count + len(used)
        relieved, slack_gains, slack_upper = self._relief(rows, len(own_high), relief_from, relief)
        kept = written[cells.line]
        ours = _Cells(line=line_of_row[cells.line[kept]], column=cells.column[kept], coef=cells.coef[kept])
        own_low = np.full(len(own_high), -math.inf)
        own_low[0] = own_high[0]
        gains = np.concatenate([model.gains[keep], np.array(model.extra_gains)[used], slack_gains])
        upper = np.concatenate([np.ones(count), np.array(model.extra_highs)[used], slack_upper])
        lines = _lines([own, ours, extras, relieved], np.append(own_low, self.low[rows]), np.append(own_high, self.high[rows]))
        return Core(
            program=Program(gains=gains, lower=np.zeros(len(gains)), upper=upper, whole=count, lines=lines),
            row_of_line=np.concatenate([np.full(len(own_high), -1, dtype=np.int64), rows]),
            relief_from=relief_from,
        )

    def _cells(self, keep: Ints) -> _Cells:
        """Cells of the kept options, by rows of the model."""
        found = [part.entries(keep) for part in self.model.parts]
        lines = [cells.row + at for cells, at in zip(found, self.firsts.tolist(), strict=False)]
        line = np.concatenate([np.empty(0, dtype=np.int64), *lines])
        column = np.concatenate([np.empty(0, dtype=np.int64), *(cells.column for cells in found)])
        coef = np.concatenate([np.empty(0), *(cells.coef for cells in found)])
        order = np.argsort(line, kind="stable")
        return _Cells(line=line[order], column=column[order], coef=coef[order])

    def _written(self, cells: _Cells, offer_of: Ints) -> Bools:
        """Rows that need a line: not those whose options are all gone, nor caps on a count that cannot be reached."""
        size = len(self.low)
        counts = np.bincount(cells.line, minlength=size)
        uneven = np.bincount(cells.line[cells.coef != 1.0], minlength=size)
        offer = offer_of[cells.column]
        first = np.ones(len(offer), dtype=np.bool_)
        first[1:] = (cells.line[1:] != cells.line[:-1]) | (offer[1:] != offer[:-1])
        offers = np.bincount(cells.line[first], minlength=size)
        holds = np.isneginf(self.low) & (self.high >= 0) & (uneven == 0) & (offers <= self.high) & ~self.has_extra
        written: Bools = (self.stays | (counts > 0)) & ~holds
        return written

    def _extras(self, line_of_row: Ints, first: int) -> tuple[_Cells, Ints]:
        """Cells of the extras that written rows speak of, and these extras in the order of their columns."""
        line = line_of_row[self.extra_row]
        there = line >= 0
        named = self.extra[there]
        _, at = np.unique(named, return_index=True)
        used = named[np.sort(at)]
        place = np.full(len(self.model.extra_gains), -1, dtype=np.int64)
        place[used] = np.arange(first, first + len(used))
        return _Cells(line=line[there], column=place[named], coef=self.extra_coef[there]), used

    def _relief(self, rows: Ints, first_line: int, first: int, relief: float) -> tuple[_Cells, Floats, Floats]:
        """Columns that let the rows be violated: their cells, gains and upper limits."""
        if relief <= 0:
            return _Cells(line=rows[:0], column=rows[:0], coef=np.empty(0)), np.empty(0), np.empty(0)
        limits = np.stack([self.low[rows], self.high[rows]], axis=1)
        finite = np.isfinite(limits)
        at, side = np.nonzero(finite)
        size = np.where(self.largest[rows] == 0.0, 1.0, self.largest[rows])
        most = 2 * self.model.instance.pick * size + np.where(finite, np.abs(limits), 0.0).max(axis=1, initial=0.0)
        cells = _Cells(line=first_line + at, column=np.arange(first, first + len(at)), coef=np.where(side == 0, 1.0, -1.0))
        return cells, -relief / size[at], most[at]


def _own(offer_of: Ints, pick: int) -> tuple[_Cells, Floats]:
    """The lineup's own lines, and what is on their right: as many as there are places, and one option an offer."""
    count = len(offer_of)
    starts = np.flatnonzero(np.diff(offer_of, prepend=-1))
    sizes = np.diff(np.append(starts, count))
    several = sizes > 1
    # An offer with one option needs no line.
    number = np.cumsum(several)
    line = np.repeat(np.where(several, number, 0), sizes)
    inside = np.flatnonzero(line)
    cells = _Cells(
        line=np.append(np.zeros(count, dtype=np.int64), line[inside]),
        column=np.append(np.arange(count), inside),
        coef=np.ones(count + len(inside)),
    )
    return cells, np.append(float(pick), np.ones(int(several.sum())))


def _lines(groups: list[_Cells], low: Floats, high: Floats) -> Lines:
    line = np.concatenate([cells.line for cells in groups])
    order = np.argsort(line, kind="stable")
    return Lines(
        low=low,
        high=high,
        starts=np.append(0, np.cumsum(np.bincount(line, minlength=len(low)))),
        columns=np.concatenate([cells.column for cells in groups])[order],
        coefs=np.concatenate([cells.coef for cells in groups])[order],
    )


def restrict(model: Model, keep: Ints, *, relief: float = 0.0) -> Core:
    """A model on some of its options; see :meth:`Restriction.on`."""
    return Restriction(model).on(keep, relief=relief)
