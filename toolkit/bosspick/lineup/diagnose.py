"""Why there is no lineup, in words a producer can act on.

Counting first, then a smallest set of rules that cannot hold together (drop one rule at a time and ask again), then
what would help: the least total relaxation of all rules, and for each rule in the set what it alone would need.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from bosspick.lineup.asking import Found, Judgement, Rows
from bosspick.lineup.bound import relax
from bosspick.lineup.counting import findings
from bosspick.lineup.instance import Instance, read_instance
from bosspick.lineup.lean import lean_rows
from bosspick.lineup.mending import mend_of, more_offers, weight
from bosspick.lineup.model import Model
from bosspick.lineup.outcome import Conflict, Mend, RuleReport
from bosspick.lineup.program import Ints, Status
from bosspick.lineup.proofs import Proof, proofs
from bosspick.lineup.restriction import restrict
from bosspick.lineup.rules import (
    Ban,
    Budget,
    Change,
    Cover,
    Gini,
    Lock,
    Repeat,
    Rule,
)
from bosspick.lineup.search import Search
from bosspick.lineup.solver import SolverName, solve
from bosspick.lineup.swaps import swapped
from bosspick.lineup.verify import as_records, label_names, recompute
from bosspick.lineup.writers import build

#: Lineups one item away that are looked at for each rule.
_NEAR = 3


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
    return Diagnosis(options, instance, time.monotonic() + time_limit_s, proven=proofs(instance)).run()


class Diagnosis:
    """One diagnosis of one instance, with one clock.

    Parameters
    ----------
    options, instance
        The frame, and what was read of it.
    deadline, stop
        ``time.monotonic()`` at which to end; asked whether to end.
    proven
        Small conflicts that were seen at once.
    known
        Lineups (canonical rows) that kept other rules: one that breaks but one rule shows what that needs.
    fixed
        Ids of rules that are part of the question, such as how many items each week has: nobody is told to loosen them.
    """

    def __init__(
        self,
        options: pd.DataFrame,
        instance: Instance,
        deadline: float,
        stop: Callable[[], bool] | None = None,
        *,
        proven: Sequence[Proof] = (),
        known: Sequence[Rows] = (),
        fixed: Collection[str] = (),
    ) -> None:
        self.options = options
        self.instance = instance
        self.deadline, self.stop = deadline, stop
        self.proven, self.known, self.fixed = proven, known, fixed
        self.counted = findings(instance) or tuple(proof.text for proof in proven)
        self.hard = [r for r in instance.rules if r.mode == "hard" and not isinstance(r, (Cover, Change))]

    def run(self) -> Conflict | None:
        """Counting, the smallest conflict, the mends."""
        counted = self.counted
        if len(self.instance.offers) < self.instance.pick:
            return Conflict(findings=counted, repairs=(more_offers(self.instance),))
        if not counted and self.feasible(self.hard):
            return None
        core = self.smallest_conflict()
        return Conflict(
            rule_ids=tuple(r.id for r in core),
            titles=tuple(r.title for r in core),
            findings=counted,
            repairs=self.mends(core),
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
        if self.proven:
            return list(self.proven[0].rules)
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

    def mends(self, core: Sequence[Rule]) -> tuple[Mend, ...]:
        """The least total relaxation, then what each rule of the conflict would need alone."""
        rules = {rule.id: rule for rule in self.hard}
        core = [rule for rule in core if rule.id not in self.fixed]
        found = [mend_of([report], rules) for report in self._nearly(core)]
        # Some rule of the conflict gives way in every lineup, so one unit of one of them is least.
        every = () if found else (tuple(rule for rule in self.hard if rule.id not in self.fixed),)
        for soft in (*every, *((r,) for r in core)):
            if self._over():
                break
            # What the least total relaxation asks of one rule only, that rule needs alone.
            if len(soft) == 1 and any(len(mend.by) == 1 and mend.by[0][0] == soft[0].id for mend in found):
                continue
            mend = mend_of(self._relaxed(soft), rules)
            if mend.by:
                found.append(mend)
        return tuple({mend.text: mend for mend in found}.values())

    def _nearly(self, core: Sequence[Rule]) -> list[RuleReport]:
        """What known lineups, or those one item away, break by one unit: one rule of the conflict only.

        Where rules count whole things, none of the conflict can give less.
        """
        if any(isinstance(rule, (Budget, Gini)) for rule in core):
            return []
        found: dict[str, RuleReport] = {}
        for rows in self.known:
            self._note_nearly(rows, core, found)
        wanted = [r.offer_id for r in core if isinstance(r, Lock)]
        for rule in core:
            for rows in self.known[:1] if rule.id not in found else ():
                here = {self.instance.offers[k] for k in self.instance.offer_of[list(rows)]}
                missing = [self.instance.row_at(offer, None) for offer in wanted if offer not in here]
                if len(missing) != 1:
                    continue
                model = build(replace(self.instance, rules=self._softened((rule,)), values=np.zeros(self.instance.size)))
                for near in swapped(model, rows, missing[0], most=_NEAR):
                    self._note_nearly(near, core, found)
        return list(found.values())

    def _note_nearly(self, rows: Rows, core: Sequence[Rule], found: dict[str, RuleReport]) -> None:
        records = as_records(self._blank.iloc[self.instance.order[list(rows)]])
        verdict = recompute(records, self.hard, self.instance.pick, self._labels)
        broken = [r for r in verdict.reports if r.violation > 0]
        if len(broken) == 1 and broken[0].violation == 1 and broken[0].id in {rule.id for rule in core}:
            found.setdefault(broken[0].id, broken[0])

    def _softened(self, soft: Sequence[Rule]) -> tuple[Rule, ...]:
        """The hard rules, some of which may be broken at a price."""
        return tuple(replace(r, mode="soft", penalty=weight(r)) if r in soft else r for r in self.hard)

    def _relaxed(self, soft: Sequence[Rule]) -> tuple[RuleReport, ...]:
        """Reports of the lineup that breaks the soft rules least while the other hard rules hold."""
        rules = self._softened(soft)
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
    def lean(self) -> Ints:
        """Options that matter where value does not."""
        return lean_rows(self.instance)

    @cached_property
    def _labels(self) -> dict[str, tuple[str, ...]]:
        """Every label of the columns where labels without a pick matter."""
        return label_names(self.options, self.hard)

    @cached_property
    def _blank(self) -> pd.DataFrame:
        """The options with no value at all: only the rules count."""
        named = ["offer_id", "option_id", *self.instance.numbers, *self.instance.labels]
        return self.options[list(dict.fromkeys(named))].assign(value=0.0)
