"""Recompute a lineup from its chosen rows: feasibility, value and each rule's use.

This module shares no code with the model on purpose. It reads rows of the options frame and the rules as a person
with a calculator would, rule by rule, and is the only source of the figures a result reports.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bosspick.errors import VerificationError
from bosspick.lineup.outcome import RuleReport
from bosspick.lineup.rules import (
    Apart,
    Ban,
    Budget,
    Change,
    Cover,
    Gini,
    Group,
    IfThen,
    Lock,
    Repeat,
    Rule,
    Together,
)

#: A sum of floats may pass its limit by this share without being called a violation.
ROUNDING = 1e-9

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the chosen rows recompute to. ``faults`` lists everything that makes them no lineup at all."""

    value: float
    reports: tuple[RuleReport, ...]
    faults: tuple[str, ...]
    broken: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    used: float
    limit: float | None
    slack: float | None
    violation: float
    cost: float = 0.0
    reward: float = 0.0


def label_names(options: pd.DataFrame, rules: Iterable[Rule]) -> dict[str, tuple[str, ...]]:
    """Every label of the columns where labels without a pick matter: floors for each label, and an even spread."""
    columns = {
        r.column
        for r in rules
        if r.mode != "off" and (isinstance(r, Gini) or (isinstance(r, Group) and r.label is None and r.at_least))
    }
    return {c: tuple(sorted({str(v) for v in options[c].dropna().unique()})) for c in columns}


def as_records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings from column to cell."""
    names = [str(c) for c in rows.columns]
    return [dict(zip(names, cells, strict=True)) for cells in rows.itertuples(index=False, name=None)]


def recompute(records: Sequence[Record], rules: Iterable[Rule], pick: int, labels: Mapping[str, tuple[str, ...]]) -> Verdict:
    """Recompute a lineup.

    Parameters
    ----------
    records
        The chosen rows as mappings from column to cell.
    rules
        The rules; those switched off are skipped.
    pick
        How many offers there must be.
    labels
        All labels of the columns that group rules bound label by label, see :func:`label_names`.
    """
    faults = []
    offers = [str(r["offer_id"]) for r in records]
    if len(offers) != pick:
        faults.append(f"{len(offers)} rows instead of {pick}")
    faults += [f"offer {o!r} is picked {n} times" for o, n in sorted(Counter(offers).items()) if n > 1]
    reports, broken = [], 0.0
    for rule in sorted((r for r in rules if r.mode != "off"), key=lambda r: r.id):
        use = _CHECKS[type(rule)](rule, records, labels)
        cost = use.cost + (rule.penalty * use.violation if rule.mode == "soft" else 0.0)
        if rule.mode == "hard" and use.violation > 0:
            broken += use.violation
            faults.append(f"rule {rule.title!r} is violated by {use.violation:g}")
        reports.append(
            RuleReport(
                id=rule.id,
                kind=rule.kind,
                title=rule.title,
                mode=rule.mode,
                used=use.used,
                limit=use.limit,
                slack=use.slack,
                violation=use.violation,
                cost=cost,
                reward=use.reward,
            )
        )
    worth = [float(r["value"]) for r in records]
    value = math.fsum([*worth, *(p.reward for p in reports), *(-p.cost for p in reports)])
    return Verdict(value=value, reports=tuple(reports), faults=tuple(faults), broken=broken)


def verify_lineup(
    options: pd.DataFrame, chosen: pd.DataFrame, rules: Iterable[Rule], *, pick: int, value: float
) -> tuple[RuleReport, ...]:
    """Recompute a lineup and hold it against what is claimed of it.

    Parameters
    ----------
    options
        All options (``offer_id``, ``option_id``, ``value`` and the rules' columns).
    chosen
        The rows said to be the lineup.
    rules, pick, value
        The rules, the number of picks and the value claimed (yuan).

    Returns
    -------
    tuple of RuleReport
        One per rule that is not off.

    Raises
    ------
    VerificationError
        When a row is not among the options, a hard rule is violated, or the value differs.
    """
    live = [r for r in rules if r.mode != "off"]
    verdict = recompute(as_records(chosen), live, pick, label_names(options, live))
    faults = [*verdict.faults, *_foreign_rows(options, chosen, live)]
    if abs(verdict.value - value) > 1e-6 * max(1.0, abs(value)):
        faults.append(f"the rows are worth {verdict.value:.6f}, not {value:.6f}")
    if faults:
        raise VerificationError("the lineup does not recompute: " + "; ".join(faults), hint="please report this week's tables")
    return verdict.reports


def _foreign_rows(options: pd.DataFrame, chosen: pd.DataFrame, rules: Iterable[Rule]) -> list[str]:
    """Chosen rows that the options do not have with the same figures."""
    named = {r.column for r in rules if isinstance(r, (Budget, Gini, Group, Repeat))}
    columns = ["offer_id", "option_id", "value", *sorted(named)]
    offers = options["offer_id"]
    texts = offers if isinstance(offers.dtype, pd.StringDtype) else offers.astype(str)
    at = np.flatnonzero(texts.isin(set(chosen["offer_id"].astype(str))).to_numpy())
    known = set(zip(*(map(str, options[name].array.take(at)) for name in columns), strict=True))
    rows = list(zip(*(map(str, chosen[name]) for name in columns), strict=True))
    return [f"row {row[0]!r}, option {row[1]!r} is not among the options" for row in rows if row not in known]


def _offers(records: Sequence[Record]) -> set[str]:
    return {str(r["offer_id"]) for r in records}


def _label(record: Record, column: str) -> str | None:
    cell = record[column]
    return None if pd.isna(cell) else str(cell)


def _budget(rule: Budget, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    used = math.fsum(float(r[rule.column]) for r in records)
    over = used - rule.at_most
    if over <= ROUNDING * max(1.0, abs(rule.at_most)):
        over = 0.0
    return _Use(used=used, limit=rule.at_most, slack=rule.at_most - used, violation=max(0.0, over))


def _group(rule: Group, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    counts = Counter(_label(r, rule.column) for r in records)
    if rule.label is not None:
        names: Iterable[str] = (rule.label,)
    elif rule.at_least:
        names = labels[rule.column]
    else:
        # Under a cap a label without a pick has more room than any other.
        names = sorted(label for label in counts if label is not None)
    uses = []
    for name in names:
        n = counts[name]
        room_above = math.inf if rule.at_most is None else rule.at_most - n
        room_below = n - rule.at_least if rule.at_least else math.inf
        limit = rule.at_most if room_above <= room_below else rule.at_least
        missing = max(0.0, -room_above) + max(0.0, -room_below)
        uses.append((min(room_above, room_below), float(n), limit, missing))
    if not uses:
        top = None if rule.at_most is None else float(rule.at_most)
        return _Use(used=0.0, limit=top, slack=top, violation=0.0)
    slack, used, limit, _ = min(uses, key=lambda u: u[0])
    return _Use(
        used=used,
        limit=None if limit is None else float(limit),
        slack=float(slack),
        violation=math.fsum(u[3] for u in uses),
    )


def _lock(rule: Lock, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    met = any(str(r["offer_id"]) == rule.offer_id and rule.option_id in (None, str(r["option_id"])) for r in records)
    return _Use(used=float(met), limit=1.0, slack=float(met) - 1.0, violation=float(not met))


def _ban(rule: Ban, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    picked = float(rule.offer_id in _offers(records))
    return _Use(used=picked, limit=0.0, slack=0.0 - picked, violation=picked)


def _apart(rule: Apart, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    n = float(len(_offers(records).intersection(rule.offer_ids)))
    return _Use(used=n, limit=1.0, slack=1.0 - n, violation=max(0.0, n - 1.0))


def _together(rule: Together, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    n = float(len(_offers(records).intersection(rule.offer_ids)))
    missing = len(rule.offer_ids) - n if n else 0.0
    return _Use(used=n, limit=float(len(rule.offer_ids)), slack=0.0 - missing, violation=missing)


def _if_then(rule: IfThen, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    offers = _offers(records)
    called = bool(offers.intersection(rule.if_any))
    unmet = float(called and not offers.intersection(rule.then_any))
    return _Use(used=float(called), limit=None, slack=None, violation=unmet)


def _repeat(rule: Repeat, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    too_soon = {label for label, ago in rule.recent.items() if ago < rule.at_least}
    n = float(sum(_label(r, rule.column) in too_soon for r in records))
    return _Use(used=n, limit=0.0, slack=0.0 - n, violation=n)


def _cover(rule: Cover, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    offers = _offers(records)
    met = [weight for weight, wanted in rule.topics.values() if offers.intersection(wanted)]
    return _Use(used=float(len(met)), limit=None, slack=None, violation=0.0, reward=math.fsum(met))


def _gini(rule: Gini, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    counts = Counter(_label(r, rule.column) for r in records)
    picks = [counts[name] for name in labels[rule.column]]
    far = sum(abs(a - b) for k, a in enumerate(picks) for b in picks[k + 1 :])
    used = far / (len(picks) * len(records)) if picks and records else 0.0
    over = used - rule.at_most
    return _Use(used=used, limit=rule.at_most, slack=rule.at_most - used, violation=over if over > ROUNDING else 0.0)


def _change(rule: Change, records: Sequence[Record], labels: Mapping[str, tuple[str, ...]]) -> _Use:
    left_out = len(set(rule.published) - _offers(records))
    return _Use(used=float(left_out), limit=None, slack=None, violation=0.0, cost=rule.tax * left_out)


_CHECKS: dict[type[Rule], Callable[..., _Use]] = {
    Apart: _apart,
    Ban: _ban,
    Budget: _budget,
    Change: _change,
    Cover: _cover,
    Gini: _gini,
    Group: _group,
    IfThen: _if_then,
    Lock: _lock,
    Repeat: _repeat,
    Together: _together,
}
