"""Lineups that differ from one in a single item: candidates for the next best, to be judged before they count."""

from __future__ import annotations

import numpy as np

from bosspick.lineup.asking import Rows
from bosspick.lineup.model import Model
from bosspick.lineup.program import Ints

__all__ = ["swapped"]

_ROUNDING = 1e-9


def swapped(model: Model, rows: Rows, others: Ints, *, most: int) -> list[Rows]:
    """Put one of the others in the place of one of the rows.

    Parameters
    ----------
    model
        The problem.
    rows
        A lineup.
    others
        Options of offers that are not in it.
    most
        How many lineups to return.

    Returns
    -------
    list of Rows
        Those that keep every row without extra columns, the largest sum of gains first. What soft rules and coverage make
        of them is for the judge to say.
    """
    ours = np.array(rows, dtype=np.int64)
    both = np.concatenate([ours, others])
    order = np.argsort(both, kind="stable")
    place = np.empty(len(both), dtype=np.int64)
    place[order] = np.arange(len(both))
    mine, theirs = place[: len(ours)], place[len(ours) :]
    fits = np.ones((len(ours), len(others)), dtype=bool)
    for part in model.parts:
        if len(part.extras[0]):
            continue
        cells = part.entries(both[order])
        touched, row = np.unique(cells.row, return_inverse=True)
        table = np.zeros((len(touched), len(both)))
        np.add.at(table, (row.reshape(-1), cells.column), cells.coef)
        now = table[:, mine].sum(axis=1)[:, None, None] - table[:, mine][:, :, None] + table[:, theirs][:, None, :]
        low, high = part.low[touched][:, None, None], part.high[touched][:, None, None]
        slack = _ROUNDING * np.maximum(1.0, np.abs(now))
        fits &= ((now >= low - slack) & (now <= high + slack)).all(axis=0)
    gains = model.gains[others][None, :] - model.gains[ours][:, None]
    found = np.flatnonzero(fits.ravel())
    found = found[np.argsort(-gains.ravel()[found], kind="stable")][:most]
    out, into = np.unravel_index(found, fits.shape)
    return [tuple(sorted({*rows} - {int(ours[a])} | {int(others[b])})) for a, b in zip(out, into, strict=True)]
