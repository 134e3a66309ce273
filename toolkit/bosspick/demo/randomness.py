"""Random draws that give the same bytes on every Python and numpy the toolkit supports.

Only integers and uniform doubles are drawn; everything else is made of them with the four exact
operations of IEEE arithmetic, so no mathematical library decides a last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Ints", "Mask", "bell", "between", "chance", "order", "pick", "stream"]

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]


def stream(*key: int) -> np.random.Generator:
    """An independent generator for this key: one part of a room never shifts another's draws."""
    return np.random.Generator(np.random.PCG64(list(key)))


def pick(rng: np.random.Generator, weights: Sequence[float], size: int) -> Ints:
    """Indices drawn with these weights, which need not sum to 1."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    chosen: Ints = np.minimum(drawn, len(weights) - 1).astype(np.int64)
    return chosen


def between(rng: np.random.Generator, low: float, high: float, size: int) -> Floats:
    """Uniform doubles in [low, high)."""
    return low + (high - low) * rng.random(size)


def chance(rng: np.random.Generator, share: float, size: int) -> Mask:
    """True with this probability."""
    return rng.random(size) < share


def order(rng: np.random.Generator, size: int) -> Ints:
    """A random order of ``range(size)``."""
    return np.argsort(rng.random(size), kind="stable").astype(np.int64)


def bell(rng: np.random.Generator, size: int) -> Floats:
    """Nearly normal draws with mean 0 and spread 1: twelve uniform draws less six."""
    total = np.full(size, -6.0)
    for _ in range(12):
        total += rng.random(size)
    return total
