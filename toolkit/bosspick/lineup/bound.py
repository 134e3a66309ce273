"""An upper bound that holds whatever the multipliers are, and which options it rules out.

For any multipliers (one per row of the model, of the right sign) no lineup is worth more than

    constant + Σ multiplier · limit + Σ extras' best + the ``pick`` best offers at reduced value,

where an offer's reduced value is its best option's gain less the multipliers times that option's coefficients
(Lagrangian relaxation of the rows). Forcing one option into that sum bounds every lineup that contains it; an option
whose forced bound is below a known lineup's value is in no better one and can be dropped. The argument never needs
the multipliers to be optimal, so tolerances of the solver they come from cannot make it wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bosspick.lineup.model import Model, restrict
from bosspick.lineup.program import Floats, Ints, Status
from bosspick.lineup.solver import solve

_ROUNDS = 40
_CLOSE = 1e-9
_FIRST = 4
_DEAREST = 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """``top`` bounds every lineup, ``forced[j]`` every lineup with option ``j`` (−inf where it is forbidden).

    ``duals`` are the multipliers it was made with, one per row of the model.
    """

    top: float
    forced: Floats
    duals: Floats


class Prices:
    """The model's rows flattened, so that one pass prices every option."""

    def __init__(self, model: Model) -> None:
        rows = model.rows
        self.model = model
        self.columns = np.concatenate([np.empty(0, dtype=np.int64), *(r.options for r in rows)])
        self.coefs = np.concatenate([np.empty(0), *(r.coefs for r in rows)])
        self.row_of = np.repeat(np.arange(len(rows)), [len(r.options) for r in rows])
        self.low = np.array([r.low for r in rows])
        self.high = np.array([r.high for r in rows])
        self.allowed = model.allowed
        self.starts = np.flatnonzero(np.diff(model.instance.offer_of, prepend=-1))

    def signed(self, duals: Floats) -> Floats:
        """Multipliers with the part dropped that would lean on a limit that is not there."""
        upper = np.where(np.isfinite(self.high), np.maximum(duals, 0.0), 0.0)
        lower = np.where(np.isfinite(self.low), np.minimum(duals, 0.0), 0.0)
        return upper + lower

    def reduced(self, duals: Floats) -> Floats:
        """Each option's gain less what it takes from the rows at these prices."""
        taken = np.bincount(self.columns, weights=self.coefs * duals[self.row_of], minlength=self.model.instance.size)
        return np.where(self.allowed, self.model.gains - taken, -np.inf)

    def constant(self, duals: Floats) -> float:
        """What the rows' limits and the extras add at these prices."""
        limits = np.where(duals > 0, self.high, self.low)
        total = self.model.constant + math.fsum((duals * np.where(duals == 0, 0.0, limits)).tolist())
        prices = np.array([e.gain for e in self.model.extras])
        for k, row in enumerate(self.model.rows):
            for extra, coef in row.extras:
                prices[extra] -= coef * duals[k]
        return total + math.fsum(max(0.0, p) * e.high for p, e in zip(prices, self.model.extras, strict=True))

    def bound(self, duals: Floats, reduced: Floats) -> tuple[float, Floats]:
        """The bound, and the bound with each option forced in."""
        best = np.maximum.reduceat(reduced, self.starts)
        pick = self.model.instance.pick
        ranked = np.sort(best)[::-1]
        total = self.constant(duals) + math.fsum(ranked[:pick].tolist())
        # A forced option replaces its own offer's best if that is among the best, else the last one among them.
        leaves = np.maximum(best, ranked[pick - 1])[self.model.instance.offer_of]
        return total, total - leaves + reduced

    def pinned(self, duals: Floats, reduced: Floats, option: int) -> Floats:
        """The bound of every lineup that holds ``option`` and option ``j``; −inf for others of its own offer."""
        offer_of = self.model.instance.offer_of
        own = int(offer_of[option])
        best = np.maximum.reduceat(reduced, self.starts)
        best[own] = -np.inf
        others = self.model.instance.pick - 1
        ranked = np.sort(best)[::-1]
        total = self.constant(duals) + float(reduced[option]) + math.fsum(ranked[:others].tolist())
        if not others:
            together = np.full(len(reduced), -np.inf)
        else:
            together = total - np.maximum(best, ranked[others - 1])[offer_of] + reduced
        together[offer_of == own] = -np.inf
        together[option] = total
        return together


def relax(model: Model, *, time_limit_s: float) -> Bound | None:
    """Bound the model by column generation: solve a small core, price all options, let the best ones enter.

    Returns None when fewer offers than picks are allowed, or the solver gave no multipliers.
    """
    prices = Prices(model)
    reduced = prices.reduced(np.zeros(len(model.rows)))
    if np.isfinite(np.maximum.reduceat(reduced, prices.starts)).sum() < model.instance.pick:
        return None
    core = _first_core(prices, reduced)
    best: Bound | None = None
    relief = 2.0 * max(1e-9, float(np.abs(model.gains).max()))
    for _ in range(_ROUNDS):
        answer = solve(restrict(model, core, relief=relief), relax=True, time_limit_s=time_limit_s)
        if answer.status is not Status.OPTIMAL or answer.duals is None or answer.x is None:
            return best
        duals = prices.signed(answer.duals[len(answer.duals) - len(model.rows) :])
        reduced = prices.reduced(duals)
        top, forced = prices.bound(duals, reduced)
        if best is None or top < best.top:
            best = Bound(top=top, forced=forced, duals=duals)
        # An option improves the core's optimum when it beats both the price of a place in the lineup (the first
        # line's multiplier) and what the core has of its own offer.
        in_core = np.full(len(prices.starts), float(answer.duals[0]))
        np.maximum.at(in_core, model.instance.offer_of[core], reduced[core])
        entering = _entrants(prices, reduced, in_core + _CLOSE * max(1.0, abs(top)))
        if len(entering):
            core = np.union1d(core, entering)
        elif answer.x[len(core) + len(model.extras) :].max(initial=0.0) > _CLOSE and relief < _DEAREST * best.top:
            relief *= 100.0
        else:
            break
    return best


def _first_core(prices: Prices, reduced: Floats) -> Ints:
    """The best option of the offers that look best on their own."""
    options = _entrants(prices, reduced, np.full(len(prices.starts), -np.inf))
    enough = _FIRST * prices.model.instance.pick
    return np.sort(options[np.argsort(-reduced[options], kind="stable")[:enough]])


def _entrants(prices: Prices, reduced: Floats, at_least: Floats) -> Ints:
    """Each offer's best option where it beats what the core has of that offer."""
    offer_of = prices.model.instance.offer_of
    best = np.maximum.reduceat(reduced, prices.starts)
    winners = np.flatnonzero(reduced == best[offer_of])
    first = winners[np.flatnonzero(np.diff(offer_of[winners], prepend=-1))]
    wanted = np.isfinite(reduced[first]) & (reduced[first] > at_least[offer_of[first]])
    return first[wanted]
