"""An upper bound that holds whatever the multipliers are, and which options it rules out.

For any multipliers (one per row of the model, of the right sign) no lineup is worth more than

    constant + Σ multiplier · limit + Σ extras' best + the ``pick`` best offers at reduced value,

where an offer's reduced value is its best option's gain less the multipliers times that option's coefficients
(Lagrangian relaxation of the rows). Forcing one option into that sum bounds every lineup that contains it; an option
whose forced bound is below a known lineup's value is in no better one and can be dropped. The argument never needs
the multipliers to be optimal, so tolerances of the solver they come from cannot make it wrong.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from bosspick.lineup.continuous import solve_continuous
from bosspick.lineup.model import Model
from bosspick.lineup.program import Floats, Ints, Status
from bosspick.lineup.restriction import Restriction

_ROUNDS = 40
_CLOSE = 1e-9
_FIRST = 4
_DEAREST = 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """``top`` bounds every lineup, ``forced[j]`` every lineup with option ``j`` (−inf where it is forbidden).

    ``duals`` are the multipliers it was made with, one per row of the model; ``core`` the options they came from.
    ``impossible`` says that the bound lies below what any lineup would be worth: there is none.
    """

    top: float
    forced: Floats
    duals: Floats
    core: Ints
    impossible: bool = False


class Prices:
    """Prices every option at given multipliers, and bounds all lineups."""

    def __init__(self, model: Model) -> None:
        rows = Restriction(model)
        self.model, self.rows = model, rows
        self.of_part = [slice(a, b) for a, b in itertools.pairwise(rows.firsts.tolist())]
        self.low, self.high = rows.low, rows.high
        self.extra_row, self.extra, self.extra_coef = rows.extra_row, rows.extra, rows.extra_coef
        self.closed = np.flatnonzero(~model.allowed)
        self.starts = model.instance.starts

    def signed(self, duals: Floats) -> Floats:
        """Multipliers with the part dropped that would lean on a limit that is not there."""
        upper = np.where(np.isfinite(self.high), np.maximum(duals, 0.0), 0.0)
        lower = np.where(np.isfinite(self.low), np.minimum(duals, 0.0), 0.0)
        return upper + lower

    def reduced(self, duals: Floats, *, closed: Ints | None = None) -> Floats:
        """Each option's gain less what it takes from the rows at these prices; −inf for ``closed`` ones."""
        left = self.model.gains.copy()
        for part, at in zip(self.model.parts, self.of_part, strict=True):
            part.subtract(left, duals[at])
        left[self.closed if closed is None else closed] = -np.inf
        return left

    def best(self, reduced: Floats) -> Floats:
        """The best of each offer."""
        return np.asarray(np.maximum.reduceat(reduced, self.starts), dtype=np.float64)

    def constant(self, duals: Floats) -> float:
        """What the rows' limits and the extras add at these prices."""
        rows = np.flatnonzero(duals)
        priced = duals[rows]
        total = self.model.constant + math.fsum((priced * np.where(priced > 0, self.high[rows], self.low[rows])).tolist())
        gains = np.array(self.model.extra_gains)
        taken = np.bincount(self.extra, weights=self.extra_coef * duals[self.extra_row], minlength=len(gains))
        return total + math.fsum((np.maximum(0.0, gains - taken) * np.array(self.model.extra_highs)).tolist())

    def top(self, duals: Floats, best: Floats) -> float:
        """The bound of every lineup."""
        return self.constant(duals) + math.fsum(greatest(best, self.model.instance.pick).tolist())

    def forced(self, duals: Floats, reduced: Floats) -> Floats:
        """The bound with each option forced in."""
        best, pick = self.best(reduced), self.model.instance.pick
        # A forced option replaces its own offer's best if that is among the best, else the last one among them.
        leaves = np.maximum(best, greatest(best, pick)[-1])
        each: Floats = self.top(duals, best) - leaves
        return each[self.model.instance.offer_of] + reduced


def greatest(values: Floats, count: int) -> Floats:
    """The ``count`` greatest, descending."""
    if 0 < count < len(values):
        values = np.partition(values, len(values) - count)[len(values) - count :]
    return np.sort(values)[::-1][:count]


def relax(model: Model, *, time_limit_s: float, start: Floats | None = None, close: float = _CLOSE) -> Bound | None:
    """Bound the model by column generation: solve a small core, price all options, let the best ones enter.

    Parameters
    ----------
    model
        The problem.
    time_limit_s
        For each programme.
    start
        Multipliers of a question much like this one; the first core is chosen by them.
    close
        Share of the bound by which it may lie above the relaxation's value; it holds whatever this is.

    Returns
    -------
    Bound or None
        None when fewer offers than picks are allowed, or the solver gave no multipliers.
    """
    prices = Prices(model)
    reduced = prices.reduced(np.zeros(model.row_count) if start is None else prices.signed(start))
    if np.isfinite(prices.best(reduced)).sum() < model.instance.pick:
        return None
    core = _entrants(prices, reduced, np.full(len(prices.starts), -np.inf))
    best: tuple[float, Floats, Floats] | None = None
    relief = 2.0 * (float(np.abs(model.gains).max()) or 1.0)
    dearest, least = _DEAREST * relief, -math.inf
    for _ in range(_ROUNDS):
        asked = prices.rows.on(core, relief=relief)
        answer = solve_continuous(asked.program, time_limit_s=time_limit_s)
        if answer.status is not Status.OPTIMAL or answer.duals is None or answer.x is None:
            break
        full = np.zeros(model.row_count)
        ours = asked.row_of_line >= 0
        full[asked.row_of_line[ours]] = answer.duals[ours]
        duals = prices.signed(full)
        reduced = prices.reduced(duals)
        each = prices.best(reduced)
        top = prices.top(duals, each)
        if best is None or top < best[0]:
            best = (top, duals, reduced)
        relieved = float(answer.x[asked.relief_from :].max(initial=0.0)) > _CLOSE
        value = model.constant + float(asked.program.gains @ answer.x)
        if close > _CLOSE and not relieved and best[0] - value <= close * abs(value):
            break
        # An option improves the core's optimum when it beats both the price of a place in the lineup (the first
        # line's multiplier) and what the core has of its own offer.
        in_core = np.full(len(prices.starts), float(answer.duals[0]))
        np.maximum.at(in_core, model.instance.offer_of[core], reduced[core])
        entering = _entrants(prices, reduced, in_core + _CLOSE * max(1.0, abs(top)))
        if len(entering):
            core = np.union1d(core, entering)
        elif relieved and relief < dearest:
            least = model.least()
            if best[0] < least - _CLOSE * max(1.0, abs(least)):
                break
            relief *= 100.0
        else:
            break
    if best is None:
        return None
    top, duals, reduced = best
    impossible = top < least - _CLOSE * max(1.0, abs(least))
    return Bound(top=top, forced=prices.forced(duals, reduced), duals=duals, core=core, impossible=impossible)


def _entrants(prices: Prices, reduced: Floats, at_least: Floats) -> Ints:
    """The best option of the offers that beat most what the core has of them, ascending."""
    best = prices.best(reduced)
    ahead = np.where(np.isfinite(best), best - np.where(np.isfinite(at_least), at_least, 0.0), -np.inf)
    offers = np.flatnonzero((best > at_least) & np.isfinite(best))
    enough = _FIRST * prices.model.instance.pick
    if len(offers) > enough:
        # The least of the greatest first, then all at or above it: equal offers stay or go together, whatever their order.
        offers = offers[ahead[offers] >= np.partition(ahead[offers], len(offers) - enough)[len(offers) - enough]][: 4 * enough]
    stops = np.append(prices.starts[1:], len(reduced))
    return np.array([prices.starts[o] + int(np.argmax(reduced[prices.starts[o] : stops[o]])) for o in offers], dtype=np.int64)
