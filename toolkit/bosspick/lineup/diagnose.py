"""Why there is no lineup, in words a producer can act on.

Counting first, then a smallest set of rules that cannot hold together (drop one rule at a time and ask again), then
what would help: the least total relaxation of all rules, and for each rule in the set what it alone would need.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from bosspick.lineup.counting import findings
from bosspick.lineup.instance import Instance, read_instance
from bosspick.lineup.lean import lean_rows
from bosspick.lineup.model import build, restrict
from bosspick.lineup.outcome import Conflict, RuleReport
from bosspick.lineup.program import Status
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
from bosspick.lineup.search import Found, Judgement, Rows, Search
from bosspick.lineup.solver import SolverName, solve
from bosspick.lineup.verify import as_records, label_names, recompute

#: In the elastic problem this share of a budget weighs as much as one pick or one lock.
BUDGET_SHARE = 0.1


def find_conflict(options: pd.DataFrame, rules: Iterable[Rule], *, pick: int = 10, time_limit_s: float = 30) -> Conflict | None:
    """Say which rules leave no lineup and what would help.

    Parameters
    ----------
    options, rules, pick
        As for :func:`~bosspick.lineup.optimise`.
    time_limit_s
        Seconds of wall time; what is not done by then is left out.

    Returns
    -------
    Conflict or None
        None when a lineup exists.

    Raises
    ------
    OptionsError, RuleError
        When the inputs are malformed.
    """
    instance = read_instance(options, rules, pick)
    return Diagnosis(options, instance, time.monotonic() + time_limit_s).run()


class Diagnosis:
    """One diagnosis of one instance, with one clock."""

    def __init__(
        self, options: pd.DataFrame, instance: Instance, deadline: float, stop: Callable[[], bool] | None = None
    ) -> None:
        self.options = options
        self.instance = instance
        self.deadline, self.stop = deadline, stop
        self.lean = lean_rows(instance)
        self.hard = [r for r in instance.rules if r.mode == "hard" and not isinstance(r, (Cover, Change))]

    def run(self) -> Conflict | None:
        """Counting, the smallest conflict, the mends."""
        counted = findings(self.instance)
        if len(self.instance.offers) < self.instance.pick:
            return Conflict(findings=counted, mends=(_more_offers(self.instance),))
        if self.feasible(self.hard):
            return None
        core = self.smallest_conflict()
        return Conflict(
            rule_ids=tuple(r.id for r in core),
            titles=tuple(r.title for r in core),
            findings=counted,
            mends=self.mends(core),
        )

    def _over(self) -> bool:
        return time.monotonic() > self.deadline or bool(self.stop and self.stop())

    def feasible(self, rules: Sequence[Rule]) -> bool:
        """Whether some lineup meets these rules; doubt counts as yes, so that no rule is blamed wrongly."""
        return self.status(rules) is not Status.INFEASIBLE

    def status(self, rules: Sequence[Rule], solver: SolverName = "highs") -> Status:
        """What a solver says about these rules alone, value left aside."""
        question = replace(self.instance, rules=tuple(rules), values=np.zeros(self.instance.size))
        model = build(question)
        keep = self.lean[model.allowed[self.lean]]
        if len(np.unique(question.offer_of[keep])) < question.pick:
            return Status.INFEASIBLE
        left = max(0.1, self.deadline - time.monotonic())
        return solve(restrict(model, keep).program, solver=solver, time_limit_s=left).status

    def smallest_conflict(self) -> list[Rule]:
        """Hard rules of which none can be dropped without the conflict ending.

        Halves, quarters, … are tried first: most rules are innocent, and leave together.
        """
        core = list(self.hard)
        size = len(core)
        while size > 1:
            size = (size + 1) // 2
            for suspects in [core[k : k + size] for k in range(0, len(core), size)]:
                if self._over():
                    return core
                others = [r for r in core if r not in suspects]
                if not self.feasible(others):
                    core = others
        return core

    def mends(self, core: Sequence[Rule]) -> tuple[str, ...]:
        """The least total relaxation, then what each rule of the conflict would need alone."""
        texts: list[str] = []
        for soft in (tuple(self.hard), *((r,) for r in core)):
            if self._over():
                break
            reports = self._relaxed(soft)
            broken = [r for r in reports if r.violation > 0]
            if broken:
                texts.append(" and ".join(mend_text(r, self._rule(r.id)) for r in broken))
        return tuple(dict.fromkeys(texts))

    def _rule(self, rule_id: str) -> Rule:
        return next(r for r in self.instance.rules if r.id == rule_id)

    def _relaxed(self, soft: Sequence[Rule]) -> tuple[RuleReport, ...]:
        """Reports of the lineup that breaks the soft rules least while the other hard rules hold."""
        rules = tuple(replace(r, mode="soft", penalty=_weight(r)) if r in soft else r for r in self.hard)
        question = replace(self.instance, rules=rules, values=np.zeros(self.instance.size))
        labels = label_names(self.options, rules)
        blank = self.options.assign(value=0.0)

        def recomputed(rows: Rows) -> tuple[float, float, tuple[RuleReport, ...]]:
            records = as_records(blank.iloc[question.order[list(rows)]])
            verdict = recompute(records, rules, question.pick, labels)
            return verdict.value, verdict.broken, verdict.reports

        def judge(rows: Rows) -> Judgement:
            value, broken, _ = recomputed(rows)
            return Judgement(value=value, broken=broken)

        model = build(question)
        outside = np.ones(question.size, dtype=np.bool_)
        outside[self.lean] = False
        model.allowed[outside] = False
        found: Found = Search(model, judge, deadline=self.deadline, settle_ties=False, stop=self.stop).run()
        return recomputed(found.rows)[2] if found.rows is not None else ()


def _weight(rule: Rule) -> float:
    if isinstance(rule, Budget):
        return 1.0 / (BUDGET_SHARE * max(abs(rule.at_most), 1.0))
    return 1.0


def _more_offers(instance: Instance) -> str:
    there = len(instance.offers)
    fewer = f", or plan {there} picks" if there else ""
    return f"admit {instance.pick - there} more offers{fewer}"


def mend_text(report: RuleReport, rule: Rule) -> str:
    """What to change about one rule, by as much as it is violated."""
    by = f"{report.violation:,.10g}"
    if isinstance(rule, Budget):
        return f"raise the limit of {rule.title!r} by {by} to {rule.at_most + report.violation:,.10g}"
    if isinstance(rule, Group):
        return f"loosen {rule.title!r} by {by} picks"
    if isinstance(rule, Gini):
        return f"raise the bound of {rule.title!r} by {by} to {rule.at_most + report.violation:,.10g}"
    if isinstance(rule, Lock):
        return f"release the lock {rule.title!r}"
    if isinstance(rule, Ban):
        return f"lift the ban {rule.title!r}"
    if isinstance(rule, Apart):
        return f"allow {by} more of {', '.join(rule.offer_ids)} in {rule.title!r}"
    if isinstance(rule, Together):
        return f"let {by} of {', '.join(rule.offer_ids)} stay out in {rule.title!r}"
    if isinstance(rule, IfThen):
        return f"switch off {rule.title!r}"
    if isinstance(rule, Repeat):
        return f"allow {by} repeated picks in {rule.title!r}"
    return f"switch off {rule.title!r}"
