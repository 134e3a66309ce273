"""Powers of two that bring a programme's figures to where solvers' tolerances are meant; whole numbers stay whole."""

from __future__ import annotations

import numpy as np

from bosspick.lineup.program import Floats, Lines

__all__ = ["powers_of_two", "scale_of"]

#: Largest coefficient after scaling.
_LARGEST = 1024.0


def scale_of(coefs: Floats) -> float:
    """The power of two that brings the largest coefficient just below the cap; 1 if it is well placed already."""
    return float(_power(np.array([np.abs(coefs).max(initial=0.0)]))[0])


def powers_of_two(lines: Lines) -> Floats:
    """The same for each line."""
    largest = np.zeros(len(lines))
    there = lines.sizes > 0
    if there.any():
        largest[there] = np.maximum.reduceat(np.abs(lines.coefs), lines.starts[:-1][there])
    return _power(largest)


def _power(largest: Floats) -> Floats:
    fine = (largest == 0.0) | ((largest >= 1.0) & (largest <= _LARGEST))
    powers: Floats = np.exp2(np.floor(np.log2(_LARGEST / np.where(fine, 1.0, largest))))
    return np.where(fine, 1.0, powers)
