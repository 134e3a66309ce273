"""Rows of the lineup model by the shape of what they count, so that a million options are priced in a few passes.

A part holds one or more rows ``low ≤ Σ coef · x + Σ coef · extra ≤ high``. Four shapes are enough: a list of options
(``Listed``), a figure of every option (``Weighted``: a budget), one row a label (``Labelled``: each option counts in
the row of its label), and rows over extras alone (``Between``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bosspick.lineup.program import Floats, Ints

Bools = npt.NDArray[np.bool_]
NO_EXTRAS = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Cells of some rows: ``row`` within the part, ``column`` among the kept options, and the coefficient."""

    row: Ints
    column: Ints
    coef: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(ABC):
    """Rows of one shape.

    Attributes
    ----------
    low, high
        Limits, one of each a row.
    extras
        Row (ascending), extra column and coefficient of every cell outside the options.
    """

    low: Floats
    high: Floats
    extras: tuple[Ints, Ints, Floats] = field(default=NO_EXTRAS)

    @abstractmethod
    def subtract(self, gains: Floats, duals: Floats) -> None:
        """Take what every option costs at these multipliers off its gain, in place."""

    @abstractmethod
    def entries(self, keep: Ints) -> Entries:
        """Cells of the kept options (ascending)."""

    @abstractmethod
    def largest(self) -> Floats:
        """Largest absolute coefficient of each row, 0 for an empty one."""

    def stays(self) -> Bools:
        """Which rows say something even where none of their options is kept; others then hold by themselves."""
        return np.ones(len(self.low), dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Part):
    """One row over some options, ascending, each once."""

    options: Ints
    coefs: Floats

    def subtract(self, gains: Floats, duals: Floats) -> None:
        """Take what the listed options cost off their gains."""
        if duals[0]:
            gains[self.options] -= self.coefs * duals[0]

    def entries(self, keep: Ints) -> Entries:
        """Cells of the kept options that are listed."""
        if len(self.options) > len(keep):
            at = np.searchsorted(self.options, keep)
            at[at == len(self.options)] = 0
            column = np.flatnonzero(self.options[at] == keep)
            return Entries(row=np.zeros(len(column), dtype=np.int64), column=column, coef=self.coefs[at[column]])
        place = np.searchsorted(keep, self.options)
        there = place < len(keep)
        there[there] = keep[place[there]] == self.options[there]
        column = place[there]
        return Entries(row=np.zeros(len(column), dtype=np.int64), column=column, coef=self.coefs[there])

    def largest(self) -> Floats:
        """Largest coefficient."""
        return np.array([np.abs(self.coefs).max(initial=0.0)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted(Part):
    """One row in which every option counts with a figure of its own."""

    coefs: Floats

    def subtract(self, gains: Floats, duals: Floats) -> None:
        """Take the figure times its price off every gain."""
        if duals[0]:
            gains -= self.coefs * duals[0]

    def entries(self, keep: Ints) -> Entries:
        """Cells of the kept options whose figure is not 0."""
        coefs = self.coefs[keep]
        column = np.flatnonzero(coefs)
        return Entries(row=np.zeros(len(column), dtype=np.int64), column=column, coef=coefs[column])

    def largest(self) -> Floats:
        """Largest figure."""
        return np.array([max(self.coefs.max(initial=0.0), -self.coefs.min(initial=0.0))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled(Part):
    """One row a label; every option with the label counts 1. Rows of one part have the same limits."""

    codes: Ints

    def subtract(self, gains: Floats, duals: Floats) -> None:
        """Take the price of its label off every gain."""
        if duals.any():
            gains -= np.append(duals, 0.0)[self.codes]

    def entries(self, keep: Ints) -> Entries:
        """Cells of the kept options that carry a label."""
        codes = self.codes[keep]
        column = np.flatnonzero(codes >= 0)
        return Entries(row=codes[column], column=column, coef=np.ones(len(column)))

    def largest(self) -> Floats:
        """1 for every row."""
        return np.ones(len(self.low))

    def stays(self) -> Bools:
        """Without an option a cap holds by itself, and what a soft one would cost is not run up; a floor does not hold."""
        return np.isfinite(self.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Part):
    """Rows that relate extras to each other."""

    def subtract(self, gains: Floats, duals: Floats) -> None:
        """No option is in these rows."""

    def entries(self, keep: Ints) -> Entries:
        """No cell."""
        del keep
        return Entries(row=np.empty(0, dtype=np.int64), column=np.empty(0, dtype=np.int64), coef=np.empty(0))

    def largest(self) -> Floats:
        """Extras count once."""
        return np.ones(len(self.low))
