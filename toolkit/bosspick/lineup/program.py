"""A linear programme as plain arrays: the only thing that crosses the border to the solvers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
class Program:
    """Maximise ``gains · x`` over ``lower ≤ x ≤ upper`` and the lines; the first ``whole`` columns are integer."""

    gains: Floats
    lower: Floats
    upper: Floats
    whole: int
    lines: tuple[Line, ...]


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
