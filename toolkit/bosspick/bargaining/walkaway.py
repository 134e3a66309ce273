"""The walk-away price: the highest brand price at which an offer still earns its place in the best lineup.

For offer i, a once-agreed option of value ``v`` that takes ``c`` from the budgets makes the best lineup with i worth
``v + R(c)``, where ``R`` is the best the other places can bring beside it. ``R`` depends on the option only through
its labels and ``c``, and never rises when ``c`` grows in any budget. So one solve at ``c`` bounds every option of the
same labels that takes at least as much, and the plan it finds serves every option it still fits. Options the
relaxation already rules out are never solved. Nothing assumes that ``v`` falls as the brand price rises.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bosspick.errors import NoPlanError, OptionsError
from bosspick.lineup.asking import Rows
from bosspick.lineup.outcome import LineupResult
from bosspick.lineup.pinned import Pinned
from bosspick.lineup.program import Floats, Ints, Status
from bosspick.lineup.rules import Budget, Gini, Group, Lock, Repeat, Rule

COLUMNS = (
    "offer_id",
    "walk_away_fen",
    "at_subsidy_fen",
    "in_plan",
    "value_with",
    "value_without",
    "solves",
)


def walk_away(
    options: pd.DataFrame,
    rules: Sequence[Rule],
    candidates: pd.DataFrame,
    *,
    pick: int,
    result: LineupResult,
    time_limit_s: float = 120,
    told: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """The highest brand price of each offer at which the best lineup with it is worth no less than without it.

    Parameters
    ----------
    options, rules, pick
        As given to :func:`~bosspick.lineup.optimise`.
    candidates
        The price grid: one row per offer, brand price and subsidy step, once agreed. Columns ``offer_id``,
        ``brand_price_fen`` (whole fen), ``s_fen`` (subsidy per unit, whole fen), ``agreed_value`` (yuan) and every
        column a rule names. Prices above the viewers' cap are left out by the caller. Offers need not have options.
    result
        The answer of ``optimise`` on the same question, with a plan.
    time_limit_s
        Seconds of wall time for all offers together.
    told
        Called with how many offers are done.

    Returns
    -------
    DataFrame
        One row per offer of the grid, by id: ``offer_id``, ``walk_away_fen`` (Int64; empty when no price of the grid
        earns the place), ``at_subsidy_fen`` (Int64; the least subsidy step that reaches that price), ``in_plan``,
        ``value_with`` (yuan, the best lineup with the offer at that row), ``value_without`` (yuan; empty when there
        is no lineup without it), ``solves`` (programmes solved).

    Notes
    -----
    A hard lock on the offer itself is set aside: it says that the offer is in, not what it is worth.

    Raises
    ------
    OptionsError
        When the grid lacks a column or holds an empty or doubled row.
    NoPlanError
        When the result has no plan, or time runs out.
    """
    best = result.value
    planned = {str(o) for o in result.chosen["offer_id"]}
    live = [r for r in rules if r.mode != "off"]
    grid = _check_grid(candidates, live)
    deadline = time.monotonic() + time_limit_s
    # One model and one relaxation serve every offer but those whose own lock is set aside, and those whose rows bring labels
    # of their own to a rule that wants each label.
    shared = _questions(options, live, grid, pick, deadline)
    locked = {r.offer_id for r in live if isinstance(r, Lock) and r.mode == "hard"}
    alone = set(grid["offer_id"]) if _brings_labels(options, grid, live) else locked
    prices, steps = (grid[name].to_numpy(dtype=np.int64) for name in ("brand_price_fen", "s_fen"))
    rows = []
    for done, (offer, positions) in enumerate(sorted(grid.groupby("offer_id", sort=True).indices.items())):
        name, at = str(offer), np.asarray(positions, dtype=np.int64)
        if name in alone:
            asking = [r for r in live if not (isinstance(r, Lock) and r.mode == "hard" and r.offer_id == name)]
            asked = _questions(options, asking, grid.iloc[at], pick, deadline, shared.duals)
            rows_at = asked.row_at[len(options) :]
        else:
            asked, rows_at = shared, shared.row_at[len(options) + at]
        talk = _Talk(asked=asked, offer_id=name, price=prices[at], step=steps[at], rows=rows_at)
        rows.append(talk.report(name, None if name in planned else best))
        if told:
            told(done + 1)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"walk_away_fen": "Int64", "at_subsidy_fen": "Int64", "in_plan": "bool"})


@dataclass(slots=True, kw_only=True)
class _Talk:
    """The search for one offer's walk-away price."""

    asked: Pinned
    offer_id: str
    price: Ints
    step: Ints
    rows: Ints
    solves: int = 0
    known: list[tuple[int, Rows]] = field(default_factory=list)

    def report(self, offer: str, without: float | None) -> dict[str, object]:
        """One row of the answer; ``without`` is None for an offer in the plan."""
        in_plan = without is None
        if without is None:
            self.solves += 1
            place = self.asked.instance.place_of(offer)
            assert place is not None
            found = self.asked.best_without(place)
            _refuse_late(found.status, offer)
            without = found.value
        at, value = self.highest(without)
        return {
            "offer_id": offer,
            "walk_away_fen": None if at is None else int(self.price[at]),
            "at_subsidy_fen": None if at is None else int(self.step[at]),
            "in_plan": in_plan,
            "value_with": value,
            "value_without": without if math.isfinite(without) else math.nan,
            "solves": self.solves,
        }

    def highest(self, without: float) -> tuple[int | None, float]:
        """Position in the grid of the highest price that earns the place, and the lineup's value with it."""
        least = without - self.asked.tie(without) if math.isfinite(without) else -math.inf
        ceiling = self.asked.ceilings(self.rows)
        usage, label = self._usage(), self._classes()
        left = np.lexsort((np.arange(len(self.price)), self.step, -self.price))
        probed: set[int] = set()
        while len(left := left[np.isfinite(ceiling[left]) & (ceiling[left] >= least)]):
            top = int(left[0])
            value = self._fits(top, least)
            if value is not None and value >= ceiling[top] - self.asked.tie(value):
                return top, value
            at = top
            if value is None and label[top] not in probed:
                at = _most_modest(left[label[left] == label[top]], usage)
                probed.add(label[top])
            gains = self.asked.model.gains[self.rows]
            same = (label == label[at]) & (usage >= usage[at]).all(axis=1)
            # The rest is asked for down to where no row that takes as much could earn its place: one solve then
            # bounds them all, instead of each in its turn.
            reach = max(0.0, float(gains[left[same[left]]].max()) - float(gains[at]))
            value = self._solve(at, least - reach)
            if at == top and value is not None and value >= least:
                return top, value
            bound = np.full(len(gains), -math.inf) if value is None else value - gains[at] + gains
            ceiling = np.where(same, np.minimum(ceiling, bound), ceiling)
        return None, math.nan

    def _solve(self, at: int, least: float) -> float | None:
        """The value of the best lineup with this row, when it is worth ``least``."""
        self.solves += 1
        found = self.asked.best_with(int(self.rows[at]), at_least=least)
        _refuse_late(found.status, self.offer_id)
        if found.rows is None or found.value < least:
            return None
        self.known.append((int(self.rows[at]), found.rows))
        return found.value

    def _fits(self, at: int, least: float) -> float | None:
        """The best of the plans found so far with this row in its place, when it is worth ``least``."""
        row, best = int(self.rows[at]), None
        for pinned, plan in self.known:
            judged = self.asked.worth(tuple(sorted({*plan} - {pinned} | {row})))
            if judged.broken <= 0 and judged.value >= least and (best is None or judged.value > best):
                best = judged.value
        return best

    def _usage(self) -> Floats:
        """What each row takes from each budget."""
        numbers = [values[self.rows] for values in self.asked.instance.numbers.values()]
        return np.column_stack([*numbers, np.zeros(len(self.rows))])

    def _classes(self) -> Ints:
        """Rows with the same labels share a class."""
        found = np.zeros(len(self.rows), dtype=np.int64)
        for labels in self.asked.instance.labels.values():
            # Numbered anew after each column, so that the products stay small.
            codes = found * (len(labels.names) + 1) + labels.codes[self.rows] + 1
            found = np.unique(codes, return_inverse=True)[1].reshape(-1).astype(np.int64)
        return found


def _most_modest(rows: Ints, usage: Floats) -> int:
    """A row that takes least; scaled so that every budget counts alike."""
    scale = np.abs(usage[rows]).max(axis=0)
    share = (usage[rows] / np.where(scale > 0, scale, 1.0)).sum(axis=1)
    return int(rows[int(np.argmin(share))])


def _refuse_late(status: Status, offer: str) -> None:
    if status not in (Status.OPTIMAL, Status.INFEASIBLE):
        raise NoPlanError(
            "time ran out before the walk-away price was found",
            where=f"offer {offer}",
            hint="allow more seconds",
        )


def _questions(
    options: pd.DataFrame,
    rules: Sequence[Rule],
    grid: pd.DataFrame,
    pick: int,
    deadline: float,
    multipliers: Floats | None = None,
) -> Pinned:
    """One model of the options and, as visitors, the rows of the grid."""
    columns = list(dict.fromkeys(["offer_id", "option_id", "value", *_named(rules)]))
    agreed = grid.assign(
        option_id="agreed " + grid.groupby("offer_id").cumcount().astype(str).str.zfill(7),
        value=grid["agreed_value"].astype("float64"),
    )
    both = pd.concat([options[columns], agreed[columns]], ignore_index=True)
    # Text that came in many pieces is slow to look up row by row; plain objects and categories are not.
    texts = [name for name in both.columns if isinstance(both[name].dtype, pd.StringDtype)]
    both = both.astype({name: "object" if name in ("offer_id", "option_id") else "category" for name in texts})
    visiting = np.arange(len(both)) >= len(options)
    return Pinned(both, visiting, rules, pick=pick, deadline=deadline, multipliers=multipliers)


def _brings_labels(options: pd.DataFrame, grid: pd.DataFrame, rules: Sequence[Rule]) -> bool:
    """Whether the grid has labels no option has, in a column where every label counts."""
    columns = {r.column for r in rules if isinstance(r, Gini) or (isinstance(r, Group) and r.label is None and r.at_least)}
    return any(set(grid[c].dropna().astype(str)) - set(options[c].dropna().astype(str)) for c in columns)


def _named(rules: Sequence[Rule]) -> list[str]:
    return [r.column for r in rules if isinstance(r, (Budget, Gini, Group, Repeat))]


def _check_grid(candidates: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    needed = ["offer_id", "brand_price_fen", "s_fen", "agreed_value", *_named(rules)]
    missing = [c for c in dict.fromkeys(needed) if c not in candidates.columns]
    if missing:
        raise OptionsError(
            f"columns are missing: {', '.join(missing)}",
            where="price grid",
            hint="build the grid with these columns",
        )
    grid = candidates[list(dict.fromkeys(needed))].reset_index(drop=True)
    key = ["offer_id", "brand_price_fen", "s_fen"]
    bad = grid[[*key, "agreed_value"]].isna().any(axis=1) | grid.duplicated(key)
    if bad.any():
        shown = ", ".join(str(k) for k in np.flatnonzero(bad.to_numpy())[:5])
        raise OptionsError(
            "the grid has empty cells or the same offer, price and step twice",
            where=f"price grid, rows {shown}",
            hint="give every offer each price and step once",
        )
    return grid.assign(offer_id=grid["offer_id"].astype(str))
