"""Why there is no lineup, in words a producer can act on.

Counting first, then a smallest set of rules that cannot hold together (drop one rule at a time and ask again), then
what would help: the least total relaxation of all rules, and for each rule in the set what it alone would need.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from bosspick.lineup.bound import relax
from bosspick.lineup.counting import findings, locked_beyond
from bosspick.lineup.instance import Instance, read_instance
from bosspick.lineup.lean import lean_rows
from bosspick.lineup.model import Model, restrict
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
from bosspick.lineup.writers import build

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
        self.counted = findings(instance)
        self.hard = [r for r in instance.rules if r.mode == "hard" and not isinstance(r, (Cover, Change))]

    def run(self) -> Conflict | None:
        """Counting, the smallest conflict, the mends."""
        counted = self.counted
        if len(self.instance.offers) < self.instance.pick:
            return Conflict(findings=counted, mends=(_more_offers(self.instance),))
        if not counted and self.feasible(self.hard):
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
        if solver == "highs":
            return self._search(question).run().status
        model = build(question)
        keep = self.lean[model.allowed[self.lean]]
        if len(np.unique(question.offer_of[keep])) < question.pick:
            return Status.INFEASIBLE
        left = max(0.1, self.deadline - time.monotonic())
        return solve(restrict(model, keep).program, solver=solver, time_limit_s=left).status

    def smallest_conflict(self) -> list[Rule]:
        """Hard rules of which none can be dropped without the conflict ending.

        Where the relaxation alone proves the conflict, only rules it leans on can be part of it. Halves, quarters, … are
        tried first: most rules are innocent, and leave together.
        """
        beyond = locked_beyond(self.instance)
        if beyond and len(beyond) == len(self.counted) and len(beyond[0][0]) - 1 <= self.instance.pick:
            # Nothing else is needed for these not to hold together, and none of them can be left out.
            return list(beyond[0][0])
        core = self._leaned_on()
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

    def _leaned_on(self) -> list[Rule]:
        """Rules with a multiplier in the relaxation's proof, and those that close options; all, if it proves nothing."""
        question = replace(self.instance, rules=tuple(self.hard), values=np.zeros(self.instance.size))
        model = self._lean_model(question)
        bound = relax(model, time_limit_s=max(0.1, self.deadline - time.monotonic()))
        if bound is None or not bound.impossible:
            return list(self.hard)
        ends = np.cumsum([len(part.low) for part in model.parts])
        parts = np.unique(np.searchsorted(ends, np.flatnonzero(bound.duals), side="right"))
        named = {model.rule_of_part[int(part)] for part in parts}
        closing = {k for k, r in enumerate(self.hard) if isinstance(r, (Ban, Repeat)) or (isinstance(r, Lock) and r.option_id)}
        few = [r for k, r in enumerate(self.hard) if k in named | closing]
        return list(self.hard) if self.feasible(few) else few

    def mends(self, core: Sequence[Rule]) -> tuple[str, ...]:
        """The least total relaxation, then what each rule of the conflict would need alone."""
        texts: list[str] = []
        alone = ""
        for soft in (tuple(self.hard), *((r,) for r in core)):
            if self._over():
                break
            # What the least total relaxation asks of one rule only, that rule needs alone.
            if len(soft) == 1 and soft[0].id == alone:
                continue
            reports = self._relaxed(soft)
            broken = [r for r in reports if r.violation > 0]
            if broken:
                texts.append(" and ".join(mend_text(r, self._rule(r.id)) for r in broken))
            alone = alone or (broken[0].id if len(broken) == 1 else "")
        return tuple(dict.fromkeys(texts))

    def _rule(self, rule_id: str) -> Rule:
        return next(r for r in self.instance.rules if r.id == rule_id)

    def _relaxed(self, soft: Sequence[Rule]) -> tuple[RuleReport, ...]:
        """Reports of the lineup that breaks the soft rules least while the other hard rules hold."""
        rules = tuple(replace(r, mode="soft", penalty=_weight(r)) if r in soft else r for r in self.hard)
        question = replace(self.instance, rules=rules, values=np.zeros(self.instance.size))
        found: Found = self._search(question).run()
        if found.rows is None:
            return ()
        records = as_records(self._blank.iloc[question.order[list(found.rows)]])
        return recompute(records, rules, question.pick, label_names(self.options, rules)).reports

    def _search(self, question: Instance) -> Search:
        """A search over the lean options; any lineup will do among equals."""
        labels, blank = label_names(self.options, question.rules), self._blank

        def judge(rows: Rows) -> Judgement:
            records = as_records(blank.iloc[question.order[list(rows)]])
            verdict = recompute(records, question.rules, question.pick, labels)
            return Judgement(value=verdict.value, broken=verdict.broken)

        return Search(self._lean_model(question), judge, deadline=self.deadline, settle_ties=False, stop=self.stop)

    def _lean_model(self, question: Instance) -> Model:
        model = build(question)
        outside = np.ones(question.size, dtype=np.bool_)
        outside[self.lean] = False
        model.allowed[outside] = False
        return model

    @cached_property
    def _blank(self) -> pd.DataFrame:
        """The options with no value at all: only the rules count."""
        named = ["offer_id", "option_id", *self.instance.numbers, *self.instance.labels]
        return self.options[list(dict.fromkeys(named))].assign(value=0.0)


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
