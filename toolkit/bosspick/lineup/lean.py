"""Options that matter for feasibility: where value plays no part, an offer needs few of its options."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bosspick.lineup.instance import Instance
from bosspick.lineup.program import Floats, Ints
from bosspick.lineup.rules import Lock

#: Budgets up to which no row need be compared with every other of its class.
_TWO = 2


def lean_rows(instance: Instance) -> Ints:
    """Rows that no other row of the same offer makes superfluous, whatever rule is hard, soft or dropped.

    Two options of one offer with the same labels (and neither locked by name) differ for the rules only in what they
    take from the budgets. One that takes no less from any budget can be replaced in every lineup by the other without
    breaking or worsening a rule, so it is left out.
    """
    order, starts = classes(instance)
    if len(instance.numbers) <= _TWO:
        return np.sort(_front(order, starts, list(instance.numbers.values())))
    taken = np.column_stack([*instance.numbers.values(), np.zeros(instance.size)])
    keep = [members[_least(taken[members])] for members in np.split(order, starts[1:])]
    return np.sort(np.concatenate(keep))


def classes(instance: Instance) -> tuple[Ints, Ints]:
    """Rows ordered by offer, labels and named lock, and where each class starts."""
    named = {(r.offer_id, r.option_id) for r in instance.rules if isinstance(r, Lock) and r.option_id}
    locked = np.zeros(instance.size, dtype=np.int64)
    for offer, option in named:
        locked[instance.row_at(offer, option)] = 1
    keys = np.column_stack([instance.offer_of, *(labels.codes for labels in instance.labels.values()), locked])
    order = np.lexsort(keys.T[::-1]).astype(np.int64)
    changes = (np.diff(keys[order], axis=0) != 0).any(axis=1)
    return order, np.concatenate([[0], np.flatnonzero(changes) + 1])


def _front(order: Ints, starts: Ints, columns: list[Floats]) -> Ints:
    """The same for at most two budgets, all classes at once.

    Sorted by the first, a row stays that takes less of the second than every one before it in its class; of equal ones the
    first.
    """
    first, second = (columns[k] if k < len(columns) else np.zeros(len(order)) for k in range(_TWO))
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order))))
    rows = order[np.lexsort((second[order], first[order], group))]
    least = pd.Series(second[rows]).groupby(group, sort=False).cummin().to_numpy()
    before = np.append(np.inf, least[:-1])
    before[starts] = np.inf
    return rows[second[rows] < before]


def _least(taken: Floats) -> Ints:
    """Rows of a class that no other row undercuts in every budget; the first of equal ones."""
    order = np.lexsort(taken.T[::-1])
    kept: list[int] = []
    for k in order:
        if not any((taken[m] <= taken[k]).all() for m in kept):
            kept.append(int(k))
    return np.array(kept, dtype=np.int64)
