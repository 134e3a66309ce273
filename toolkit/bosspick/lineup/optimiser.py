"""The verb of the room: options and rules in, a proven lineup or the reason for none out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from bosspick.errors import OptionsError
from bosspick.lineup.asking import Found, Judgement, Rows
from bosspick.lineup.diagnose import Diagnosis
from bosspick.lineup.hints import Hints
from bosspick.lineup.instance import Instance, OptionTable, input_hash, read_instance
from bosspick.lineup.outcome import PROOF_TOLERANCE, Conflict, LineupResult, Outcome, Progress
from bosspick.lineup.program import Ints, Status
from bosspick.lineup.proofs import Proof, proofs
from bosspick.lineup.rules import Group, Rule
from bosspick.lineup.search import Search
from bosspick.lineup.solver import SolverName
from bosspick.lineup.verify import label_names, recompute, verify_lineup
from bosspick.lineup.writers import build


def optimise(
    options: pd.DataFrame | OptionTable,
    rules: Iterable[Rule] = (),
    *,
    pick: int = 10,
    time_limit_s: float = 30,
    gap: float = 0.0,
    solver: str = "highs",
    told: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    blocks: str | None = None,
) -> LineupResult:
    """Pick the best lineup under the rules, and prove it.

    Parameters
    ----------
    options
        One row per price option: ``offer_id`` (text), ``option_id`` (text, unique within the offer), ``value`` (yuan)
        and any numeric or label columns the rules name. Row order does not matter. An :class:`OptionTable` is such a frame
        read once, for many questions.
    rules
        :class:`Budget`, :class:`Group`, :class:`Lock`, … in any order.
    pick
        How many offers the lineup has; at most one option each.
    time_limit_s
        Seconds of wall time; a solver that does not look at the clock is ended.
    gap
        Relative gap at which to stop (0: prove the optimum).
    solver
        ``highs`` or ``cbc``.
    told
        Called from time to time with how far it has come.
    stop
        Asked from time to time whether to end; the best lineup so far is then the answer, marked as not proven.
    blocks
        Label column of parts that are nearly questions of their own, such as the weeks of a season: a good lineup is
        looked for part by part first.

    Returns
    -------
    LineupResult
        Among equally good lineups the one whose sorted ids come first, whichever solver ran.

    Raises
    ------
    OptionsError, RuleError
        When the inputs are malformed; the message names the rows or the rule.
    VerificationError
        When a plan does not recompute from its own rows: a bug.

    Examples
    --------
    >>> import pandas as pd
    >>> from bosspick.lineup import Budget, optimise
    >>> options = pd.DataFrame(
    ...     {
    ...         "offer_id": ["o1", "o1", "o2", "o3"],
    ...         "option_id": ["a", "b", "a", "a"],
    ...         "value": [900.0, 700.0, 500.0, 450.0],
    ...         "subsidy_fen": [800, 100, 500, 200],
    ...     }
    ... )
    >>> result = optimise(options, [Budget(column="subsidy_fen", at_most=1000)], pick=2)
    >>> str(result.outcome), result.value
    ('OPTIMAL', 1350.0)
    >>> result.chosen[["offer_id", "option_id"]].values.tolist()
    [['o1', 'a'], ['o3', 'a']]
    """
    started = time.monotonic()
    _check_settings(time_limit_s, gap, solver)
    given = list(rules)
    table = options if isinstance(options, OptionTable) else OptionTable(options)
    if table.hints is None:
        table.hints = Hints.none()
    instance = read_instance(table, given, pick)
    judge = Judge(table.frame, instance)
    told_so = (lambda value, top: told(Progress(value=value, bound=top, seconds=time.monotonic() - started))) if told else None
    search = Search(
        build(instance),
        judge,
        deadline=started + time_limit_s,
        gap=gap,
        solver="cbc" if solver == "cbc" else "highs",
        told=told_so,
        stop=stop,
        hints=table.hints,
        blocks=table.labels(blocks).codes if blocks else None,
    )
    proven = proofs(instance)
    none = Found(status=Status.INFEASIBLE, bound=-np.inf) if proven or len(instance.offers) < pick else None
    fixed = [rule.id for rule in instance.rules if isinstance(rule, Group) and rule.column == blocks]
    found, conflict = _confirm(table.frame, instance, search, none or search.run(), started + time_limit_s, proven, fixed)
    if found.rows is None:
        return _no_plan(instance, found, conflict, started, solver)
    return verified(judge, found, search, seconds=time.monotonic() - started, input_hash=input_hash(instance))


class Judge:
    """Recomputes lineups of one instance through the verifier."""

    def __init__(self, options: pd.DataFrame, instance: Instance) -> None:
        self.options = options
        self.instance = instance
        self.labels = label_names(options, instance.rules)
        named = ["offer_id", "option_id", "value", *instance.numbers, *instance.labels]
        self.columns = {name: _cells(options[name].array) for name in named}

    def rows(self, picked: Rows) -> pd.DataFrame:
        """The picked rows as given, in id order."""
        return self.options.iloc[self.instance.order[list(picked)]]

    def __call__(self, picked: Rows) -> Judgement:
        """What the picked rows recompute to."""
        at = self.instance.order[list(picked)]
        # Column by column: taking ten rows of a mixed frame costs more than judging them.
        cells = [column(at) for column in self.columns.values()]
        records = [dict(zip(self.columns, row, strict=True)) for row in zip(*cells, strict=True)]
        verdict = recompute(records, self.instance.rules, self.instance.pick, self.labels)
        return Judgement(value=verdict.value, broken=verdict.broken)


def _cells(column: Any) -> Callable[[Ints], list[Any]]:
    """Reads cells of a column by position."""
    if not isinstance(column, pd.Categorical):
        return lambda at: list(column.take(at).tolist())
    # The code of an empty cell is −1: the last name.
    codes, names = np.asarray(column.codes), [*column.categories.tolist(), None]
    return lambda at: [names[code] for code in codes[at].tolist()]


def verified(judge: Judge, found: Found, search: Search, *, seconds: float, input_hash: str) -> LineupResult:
    """A lineup the search found, recomputed by the verifier, and what may be said of it."""
    assert found.rows is not None
    instance, chosen = judge.instance, judge.rows(found.rows)
    reports = verify_lineup(judge.options, chosen, instance.rules, pick=instance.pick, value=found.value)
    # A bound within the tie tolerance is the value itself: the rest is a solver's rounding.
    bound = found.value if found.bound - found.value <= search.tie(found.value) else found.bound
    return LineupResult(
        outcome=_outcome(found, bound, search.gap),
        bound=bound if np.isfinite(bound) else None,
        seconds=seconds,
        solver=search.solver,
        input_hash=input_hash,
        pick=instance.pick,
        rule_reports=reports,
        plan_value=found.value,
        plan_rows=chosen,
        stopped=found.status is Status.LIMIT and bool(search.stop and search.stop()),
    )


def _outcome(found: Found, bound: float, gap: float) -> Outcome:
    if bound - found.value <= PROOF_TOLERANCE * abs(found.value):
        return Outcome.OPTIMAL
    if gap > 0 and bound - found.value <= gap * abs(found.value):
        return Outcome.WITHIN_GAP
    return Outcome.TIME_LIMIT_WITH_PLAN


def _confirm(
    options: pd.DataFrame,
    instance: Instance,
    search: Search,
    found: Found,
    deadline: float,
    proven: list[Proof],
    fixed: list[str],
) -> tuple[Found, Conflict | None]:
    """Say "infeasible" only when counting proves it or a second solver agrees; then say why."""
    if found.rows is not None or found.status is not Status.INFEASIBLE:
        return found, None
    known = search.hints.plans if search.hints else ()
    diagnosis = Diagnosis(options, instance, deadline, search.stop, proven=proven, known=known, fixed=fixed)
    if not diagnosis.counted:
        other: SolverName = "highs" if search.solver == "cbc" else "cbc"
        second = diagnosis.status(diagnosis.hard, other)
        if second is Status.OPTIMAL:
            search.solver = other
            return search.run(), None
        if second is not Status.INFEASIBLE:
            return Found(status=Status.ERROR), None
    return found, diagnosis.run()


def _no_plan(instance: Instance, found: Found, conflict: Conflict | None, started: float, solver: str) -> LineupResult:
    outcome = {
        Status.INFEASIBLE: Outcome.INFEASIBLE,
        Status.LIMIT: Outcome.TIME_LIMIT_NO_PLAN,
    }.get(found.status, Outcome.SOLVER_ERROR)
    return LineupResult(
        outcome=outcome,
        bound=found.bound if np.isfinite(found.bound) else None,
        seconds=time.monotonic() - started,
        solver=solver,
        input_hash=input_hash(instance),
        pick=instance.pick,
        conflict=conflict,
    )


def _check_settings(time_limit_s: float, gap: float, solver: str) -> None:
    if not time_limit_s > 0:
        raise OptionsError(f"time_limit_s is {time_limit_s!r}", where="optimise", hint="give seconds above 0")
    if not 0 <= gap < 1:
        raise OptionsError(f"gap is {gap!r}", where="optimise", hint="give a share from 0 up to below 1")
    if solver not in ("highs", "cbc"):
        raise OptionsError(f"solver {solver!r} is unknown", where="optimise", hint="use 'highs' or 'cbc'")
