"""What a solve says about itself: our own outcomes, the result, and one report per rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from bosspick.errors import NoPlanError

#: A plan is called optimal only when no other can be better by more than this share of its value.
PROOF_TOLERANCE = 1e-6
_NO_LINEUP = "no lineup meets the rules"


class Outcome(StrEnum):
    """How a solve ended, in our words rather than the solver's."""

    OPTIMAL = "OPTIMAL"
    WITHIN_GAP = "WITHIN_GAP"
    TIME_LIMIT_WITH_PLAN = "TIME_LIMIT_WITH_PLAN"
    TIME_LIMIT_NO_PLAN = "TIME_LIMIT_NO_PLAN"
    INFEASIBLE = "INFEASIBLE"
    SOLVER_ERROR = "SOLVER_ERROR"

    @property
    def has_plan(self) -> bool:
        """Whether there is a lineup to read."""
        return self in (Outcome.OPTIMAL, Outcome.WITHIN_GAP, Outcome.TIME_LIMIT_WITH_PLAN)

    @property
    def is_proven(self) -> bool:
        """Whether nothing more can come of the same question: the best plan, or proof that there is none."""
        return self in (Outcome.OPTIMAL, Outcome.INFEASIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a solve has come: the best lineup so far and what none can exceed (yuan), and seconds since it began."""

    value: float | None
    bound: float | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReport:
    """What one rule asked and what the lineup does about it.

    ``used``, ``limit``, ``slack`` and ``violation`` are in the rule's own unit (budget: the column's unit; others:
    picks, or topics for a cover). A group over every label reports the label with the least slack. ``slack`` and
    ``limit`` are None where the rule has no limit. ``cost`` and ``reward`` are in yuan.
    """

    id: str
    kind: str
    title: str
    mode: str
    used: float
    limit: float | None
    slack: float | None
    violation: float
    cost: float
    reward: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A change of rules that would allow a lineup: in words, and each rule's id with by how much (its own unit)."""

    text: str
    by: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Rules that cannot hold together.

    ``rule_ids`` and ``titles`` name a set of which no rule can be dropped without the conflict ending;
    ``findings`` are facts found by counting; ``repairs`` each suggest one change that would allow a lineup, which
    :func:`~bosspick.lineup.mended` makes, and ``mends`` are their words.
    """

    rule_ids: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    repairs: tuple[Mend, ...] = ()

    @property
    def mends(self) -> tuple[str, ...]:
        """What each repair suggests."""
        return tuple(repair.text for repair in self.repairs)

    @property
    def reasons(self) -> str:
        """What is in the way, without what would help."""
        parts = list(self.findings)
        if self.titles and not self.is_said:
            rules = "these rules cannot hold together" if len(self.titles) > 1 else "this rule cannot be kept"
            parts.append(f"{rules}: {'; '.join(self.titles)}")
        return ". ".join(part[:1].upper() + part[1:] if place else part for place, part in enumerate(parts)) or _NO_LINEUP

    @property
    def is_said(self) -> bool:
        """Whether the findings name the one rule in the way already."""
        return len(self.titles) == 1 and any(repr(self.titles[0]) in finding for finding in self.findings)

    def __str__(self) -> str:
        return self.reasons + (". What would help: " + "; ".join(self.mends) if self.mends else "")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LineupResult:
    """The answer of :func:`~bosspick.lineup.optimise`.

    Attributes
    ----------
    outcome
        How the solve ended.
    bound
        No lineup can be worth more than this (yuan); None when nothing is known.
    seconds, solver
        Wall time and the solver used.
    input_hash
        SHA-256 over the options the solve looked at and the rules, independent of row and rule order.
    rule_reports
        One report per rule that is not off, in rule-id order.
    conflict
        Which rules are in the way, when there is no plan.
    stopped
        Whether it was ended from outside before the proof.

    Raises
    ------
    NoPlanError
        On reading ``value``, ``gap`` or ``chosen`` when the outcome has no plan.
    """

    outcome: Outcome
    bound: float | None
    seconds: float
    solver: str
    input_hash: str
    pick: int
    rule_reports: tuple[RuleReport, ...] = ()
    conflict: Conflict | None = None
    plan_value: float | None = None
    plan_rows: pd.DataFrame | None = field(default=None, compare=False)
    stopped: bool = False

    @property
    def value(self) -> float:
        """Worth of the lineup in yuan: rows plus topic rewards less penalties and change tax."""
        if self.plan_value is None:
            raise self._no_plan()
        return self.plan_value

    @property
    def gap(self) -> float:
        """How much better another lineup could be at most, as a share of this one's value."""
        value = self.value
        missing = max(0.0, (self.bound if self.bound is not None else float("inf")) - value)
        return missing / max(abs(value), 1e-9) if missing else 0.0

    @property
    def chosen(self) -> pd.DataFrame:
        """The picked rows of the options frame as given, all columns, sorted by offer id."""
        if self.plan_rows is None:
            raise self._no_plan()
        return self.plan_rows.copy()

    def _no_plan(self) -> NoPlanError:
        hint = "; ".join(self.conflict.mends) if self.conflict and self.conflict.mends else None
        return NoPlanError(f"there is no lineup: {self.why_none}", where=self.outcome.value, hint=hint)

    @property
    def why_none(self) -> str:
        """Why there is no plan, without what would help."""
        words = {
            Outcome.TIME_LIMIT_NO_PLAN: "the time limit passed before a lineup was found",
            Outcome.SOLVER_ERROR: "the solvers failed or disagreed",
        }
        return words.get(self.outcome) or (self.conflict.reasons if self.conflict else _NO_LINEUP)

    def __repr__(self) -> str:
        if self.plan_value is None:
            return f"LineupResult({self.outcome}, {self.conflict or 'no plan'})"
        return (
            f"LineupResult({self.outcome}, value={self.plan_value:,.2f}, bound={self.bound or 0.0:,.2f}, "
            f"{self.pick} picks in {self.seconds:.2f} s by {self.solver})"
        )
