"""Who steps in: the offers outside the lineup that lose the least value when single items fail."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bosspick.errors import OptionsError
from bosspick.lineup.instance import Instance, read_instance
from bosspick.lineup.lean import classes
from bosspick.lineup.outcome import LineupResult
from bosspick.lineup.program import Floats, Ints, Line, Program, Status
from bosspick.lineup.rules import Budget, Lock, Rule
from bosspick.lineup.solver import solve
from bosspick.lineup.verify import ROUNDING, as_records, label_names, recompute

Bools = npt.NDArray[np.bool_]

COLUMNS = (
    "bench_rank",
    "offer_id",
    "option_id",
    "replaces",
    "option_by_offer",
    "expected_saving",
    "expected_loss",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """``loss[j, i]``: yuan lost when chosen item ``j`` fails and outside offer ``i`` steps in at its best option.

    ``row[j, i]`` is that option's canonical row. ``empty[j]`` is the loss when the place stays empty; where stepping
    in is impossible or worse than an empty place, ``loss`` equals ``empty``.
    """

    loss: Floats
    row: Ints
    empty: Floats


def bench(
    options: pd.DataFrame,
    rules: Sequence[Rule],
    result: LineupResult,
    *,
    size: int,
    fail_probability: Mapping[str, float],
) -> pd.DataFrame:
    """Choose the bench: ``size`` offers outside the lineup of least expected loss over failures of single items.

    When item j fails, the best feasible bench offer steps in at its best option while the other nine stay as they
    are; if none fits, the place stays empty. The set is chosen exactly (a k-median problem; offers that at least
    ``size`` others match or beat for every item cannot be needed and are left out first).

    Parameters
    ----------
    options, rules, result
        As given to and by :func:`~bosspick.lineup.optimise`.
    size
        How many bench offers; fewer come back when fewer offers are left.
    fail_probability
        For each chosen offer id, how likely it fails; other ids are ignored.

    Returns
    -------
    DataFrame
        ``bench_rank`` (1 saves most), ``offer_id``, ``option_id`` (for the likeliest failure it covers),
        ``replaces`` (list of offer ids it is the best replacement for), ``option_by_offer`` (those ids to its best
        option), ``expected_saving`` (yuan of expected loss without it, less that with it), ``expected_loss`` (yuan,
        of the whole bench, the same on every row).

    Raises
    ------
    NoPlanError
        When the result has no plan.
    OptionsError
        When a probability is missing or not in [0, 1], or ``size`` is negative.
    """
    chosen = result.chosen
    picked = [str(o) for o in chosen["offer_id"]]
    odds = _odds(picked, fail_probability)
    if isinstance(size, bool) or size != int(size) or size < 0:
        raise OptionsError(f"size is {size!r}", where="bench", hint="give a whole number of bench offers")
    instance = read_instance(options, rules, result.pick)
    outside = np.array([k for k, o in enumerate(instance.offers) if o not in set(picked)], dtype=np.int64)
    if not len(outside) or size == 0:
        return pd.DataFrame(columns=list(COLUMNS))
    swaps = replacements(options, instance, chosen, outside, result.value)
    members = _choose(odds, swaps, min(int(size), len(outside)))
    return _report(instance, picked, odds, swaps, outside, members)


def replacements(options: pd.DataFrame, instance: Instance, chosen: pd.DataFrame, outside: Ints, value: float) -> Replacements:
    """The loss of every single swap, each recomputed by the verifier from the rows it would consist of."""
    columns = list(dict.fromkeys(["offer_id", "option_id", "value", *instance.numbers, *instance.labels]))
    table = as_records(options.iloc[instance.order][columns])
    labels = label_names(options, instance.rules)
    stays = as_records(chosen[columns])
    place = {int(k): i for i, k in enumerate(outside)}
    order, starts = classes(instance)
    groups = [g for g in np.split(order, starts[1:]) if int(instance.offer_of[g[0]]) in place]
    loss = np.empty((len(stays), len(outside)))
    row = np.full(loss.shape, -1, dtype=np.int64)
    empty = np.empty(len(stays))
    for j, failed in enumerate(stays):
        others = stays[:j] + stays[j + 1 :]
        # A lock on the failed item can no longer be kept; every other rule still binds.
        rules = [r for r in instance.rules if not (isinstance(r, Lock) and r.offer_id == str(failed["offer_id"]))]
        empty[j] = value - recompute(others, rules, instance.pick - 1, labels).value
        loss[j] = empty[j]
        for members in groups:
            worth, best = _best_of_class(members, table, others, rules, instance, labels)
            i = place[int(instance.offer_of[members[0]])]
            if value - worth < loss[j, i]:
                loss[j, i], row[j, i] = value - worth, best
    return Replacements(loss=loss, row=row, empty=empty)


def _best_of_class(
    members: Ints,
    table: Sequence[Mapping[str, object]],
    others: Sequence[Mapping[str, object]],
    rules: Sequence[Rule],
    instance: Instance,
    labels: Mapping[str, tuple[str, ...]],
) -> tuple[float, int]:
    """Rows of one class differ in value and budgets only, so one recomputation serves them all."""
    steady = [r for r in rules if not isinstance(r, Budget)]
    verdict = recompute([*others, table[members[0]]], steady, instance.pick, labels)
    if verdict.faults:
        return -math.inf, -1
    worth = verdict.value - instance.values[members[0]] + instance.values[members]
    for rule in rules:
        if not isinstance(rule, Budget):
            continue
        kept = math.fsum(float(str(r[rule.column])) for r in others)
        over = kept + instance.numbers[rule.column][members] - rule.at_most
        over = np.where(over <= ROUNDING * max(1.0, abs(rule.at_most)), 0.0, over)
        worth = worth - rule.penalty * over if rule.mode == "soft" else np.where(over > 0, -np.inf, worth)
    best = int(np.argmax(worth))
    return float(worth[best]), int(members[best])


def _odds(picked: Sequence[str], fail_probability: Mapping[str, float]) -> Floats:
    missing = [o for o in picked if o not in fail_probability]
    if missing:
        raise OptionsError(
            f"no fail probability for {', '.join(missing)}",
            where="bench",
            hint="give one for every chosen offer",
        )
    odds = np.array([float(fail_probability[o]) for o in picked])
    wrong = [o for o, p in zip(picked, odds, strict=True) if not 0 <= p <= 1]
    if wrong:
        raise OptionsError(f"the fail probability of {', '.join(wrong)} is not in [0, 1]", where="bench", hint="give a share")
    return odds


def _choose(odds: Floats, swaps: Replacements, size: int) -> list[int]:
    """The members of least expected loss; places that save nothing go to the least mean loss, then the first id."""
    weighted = odds[:, None] * swaps.loss
    candidates = _undominated(weighted, size)
    members: list[int] = []
    if len(candidates) > size:
        members = [int(candidates[k]) for k in _median(weighted[:, candidates], odds * swaps.empty, size)]
    else:
        members = [int(c) for c in candidates]
    members = [m for m in members if _saving(weighted, odds * swaps.empty, members, m) > 0]
    spare = sorted(set(range(swaps.loss.shape[1])) - set(members), key=lambda i: (swaps.loss[:, i].mean(), i))
    return members + spare[: size - len(members)]


def _undominated(weighted: Floats, size: int) -> Ints:
    """Offers that fewer than ``size`` others match or beat for every item (earlier ids win exact ties)."""
    no_worse: Bools = np.asarray((weighted[:, :, None] <= weighted[:, None, :]).all(axis=0))
    earlier = np.triu(np.ones_like(no_worse), k=1)
    better = no_worse & (~no_worse.T | earlier)
    np.fill_diagonal(better, False)
    return np.flatnonzero(better.sum(axis=0) < size)


def _median(weighted: Floats, empty: Floats, size: int) -> Ints:
    """The exact k-median: which columns to open so that the items' least losses sum to the least."""
    items, offers = weighted.shape
    j, i = np.nonzero(weighted < empty[:, None])
    pairs = np.arange(len(j))
    lines = [Line(low=float(size), high=float(size), columns=np.arange(offers), coefs=np.ones(offers))]
    lines += [
        Line(low=-math.inf, high=1.0, columns=offers + pairs[j == item], coefs=np.ones(int((j == item).sum())))
        for item in range(items)
    ]
    lines += [Line(low=-math.inf, high=0.0, columns=np.array([offers + p, i[p]]), coefs=np.array([1.0, -1.0])) for p in pairs]
    total = offers + len(j)
    saving = np.concatenate([np.zeros(offers), (empty[:, None] - weighted)[j, i]])
    answer = solve(Program(gains=saving, lower=np.zeros(total), upper=np.ones(total), whole=offers, lines=tuple(lines)))
    assert answer.status is Status.OPTIMAL
    assert answer.x is not None
    return np.flatnonzero(answer.x[:offers] > 0.5)


def _expected(weighted: Floats, empty: Floats, members: Sequence[int]) -> float:
    least = np.minimum(empty, weighted[:, list(members)].min(axis=1)) if members else empty
    return math.fsum(least.tolist())


def _saving(weighted: Floats, empty: Floats, members: Sequence[int], member: int) -> float:
    others = [m for m in members if m != member]
    return _expected(weighted, empty, others) - _expected(weighted, empty, members)


def _report(
    instance: Instance,
    picked: Sequence[str],
    odds: Floats,
    swaps: Replacements,
    outside: Ints,
    members: list[int],
) -> pd.DataFrame:
    weighted, empty = odds[:, None] * swaps.loss, odds * swaps.empty
    members = sorted(members, key=lambda m: (-_saving(weighted, empty, members, m), m))
    total = _expected(weighted, empty, members)
    best_member = [min(members, key=lambda m: (swaps.loss[j, m], m)) for j in range(len(picked))]
    rows = []
    for rank, m in enumerate(members, start=1):
        covers = [j for j in range(len(picked)) if best_member[j] == m and swaps.row[j, m] >= 0]
        likeliest = max(covers or range(len(picked)), key=lambda j: (swaps.row[j, m] >= 0, odds[j], -j))
        at = int(swaps.row[likeliest, m])
        rows.append(
            {
                "bench_rank": rank,
                "offer_id": instance.offers[outside[m]],
                "option_id": instance.option_id(at) if at >= 0 else None,
                "replaces": [picked[j] for j in covers],
                "option_by_offer": {picked[j]: instance.option_id(int(swaps.row[j, m])) for j in covers},
                "expected_saving": _saving(weighted, empty, members, m),
                "expected_loss": total,
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
