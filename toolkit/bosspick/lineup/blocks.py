"""A good lineup of many places, found block by block: one week is planned anew while the others stay, then two at a time.

Large neighbourhood search (Shaw 1998) in which every neighbourhood is the model itself on few options, so each step is
an exact answer to a small question. It proves nothing; the bound of the whole problem says how far it can be off.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bosspick.lineup.program import Ints, Status

if TYPE_CHECKING:
    from bosspick.lineup.asking import Found
    from bosspick.lineup.bound import Bound
    from bosspick.lineup.search import Search

__all__ = ["improved_by_blocks"]

#: Options of a freed block that are asked about, per place; fewer where two blocks are free.
_OPTIONS = {1: 20, 2: 12}


def improved_by_blocks(search: Search, bound: Bound, start: Found, blocks: Ints) -> Found:
    """Improve a lineup until no block and no two blocks can be planned better while the rest stays.

    Parameters
    ----------
    search
        Solves, and knows the clock.
    bound
        Orders the options of a block, and says when the lineup is good enough.
    start
        A lineup.
    blocks
        The block of every option.
    """
    names = np.unique(blocks)
    places = max(1, search.model.instance.pick // len(names))
    best, quiet = start, 0
    for free in itertools.cycle(_neighbourhoods(names)):
        if quiet >= len(list(_neighbourhoods(names))) or search.over() or search.close_enough(best.value, bound.top):
            break
        found = _replanned(search, bound, best, blocks, free, places)
        if found is None:
            quiet += 1
        else:
            best, quiet = replace(found, bound=bound.top), 0
    return best


def _neighbourhoods(names: Ints) -> Iterator[tuple[int, ...]]:
    """Each block, then each two of them."""
    yield from ((int(name),) for name in names)
    yield from itertools.combinations(names.tolist(), 2)


def _replanned(search: Search, bound: Bound, best: Found, blocks: Ints, free: tuple[int, ...], places: int) -> Found | None:
    """A better lineup that differs in the free blocks only."""
    rows = np.array(best.rows, dtype=np.int64)
    fixed = rows[~np.isin(blocks[rows], free)]
    most = _OPTIONS[len(free)] * places
    chosen = [rows]
    for block in free:
        own = search.allowed[blocks[search.allowed] == block]
        chosen.append(own[np.argsort(-bound.forced[own], kind="stable")[:most]])
    keep = np.unique(np.concatenate(chosen))
    floor = best.value + search.tie(best.value)
    found = search.solve(keep, fixed=fixed.tolist(), floor=floor, gap=0.0)
    good = found.rows is not None and found.value > floor and found.status in (Status.OPTIMAL, Status.LIMIT)
    return found if good else None
