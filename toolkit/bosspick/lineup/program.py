"""A linear programme as plain arrays: the only thing that crosses the border to the solvers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row ``low ≤ coefs · x[columns] ≤ high``."""

    low: float
    high: float
    columns: Ints
    coefs: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Sequence[Line]):
    """Many rows in compressed form: the cells of row ``k`` are those from ``starts[k]`` up to ``starts[k + 1]``."""

    low: Floats
    high: Floats
    starts: Ints
    columns: Ints
    coefs: Floats

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Lines:
        """The same rows in compressed form."""
        if isinstance(lines, Lines):
            return lines
        return cls(
            low=np.array([line.low for line in lines], dtype=np.float64),
            high=np.array([line.high for line in lines], dtype=np.float64),
            starts=np.cumsum([0, *(len(line.columns) for line in lines)]),
            columns=np.concatenate([np.empty(0, dtype=np.int64), *(line.columns for line in lines)]),
            coefs=np.concatenate([np.empty(0), *(line.coefs for line in lines)]),
        )

    @property
    def sizes(self) -> Ints:
        """Cells of each row."""
        return np.diff(self.starts)

    def __len__(self) -> int:
        return len(self.low)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if isinstance(at, slice):
            return [self[k] for k in range(*at.indices(len(self)))]
        k = range(len(self))[at]
        cells = slice(self.starts[k], self.starts[k + 1])
        return Line(low=float(self.low[k]), high=float(self.high[k]), columns=self.columns[cells], coefs=self.coefs[cells])

    def plus(self, other: Sequence[Line]) -> Lines:
        """These rows and then others."""
        more = Lines.of(other)
        return Lines(
            low=np.append(self.low, more.low),
            high=np.append(self.high, more.high),
            starts=np.append(self.starts, more.starts[1:] + self.starts[-1]),
            columns=np.append(self.columns, more.columns),
            coefs=np.append(self.coefs, more.coefs),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Maximise ``gains · x`` over ``lower ≤ x ≤ upper`` and the lines; the first ``whole`` columns are integer."""

    gains: Floats
    lower: Floats
    upper: Floats
    whole: int
    lines: Sequence[Line]


class Status(StrEnum):
    """How a solver ended, once its own words have been read with care."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    LIMIT = "limit"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a solver found.

    ``x`` is None without a feasible point. ``bound`` is an upper bound of the programme's value when the solver
    proved one. ``duals`` has one multiplier per line for a continuous programme: positive where ``high`` binds.
    """

    status: Status
    x: Floats | None = None
    bound: float | None = None
    duals: Floats | None = None
