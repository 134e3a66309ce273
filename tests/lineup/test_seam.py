"""The seam to PuLP: one answer from both majors and both solvers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bosspick.lineup.continuous import solve_continuous
from bosspick.lineup.instance import read_instance
from bosspick.lineup.optimiser import Judge
from bosspick.lineup.program import Line, Lines, Program, Status
from bosspick.lineup.restriction import restrict
from bosspick.lineup.solver import solve
from bosspick.lineup.writers import build
from tests.lineup.weeks import small_week


def program(gains: list[float], lines: list[tuple[float, float, list[float]]], whole: int = 0) -> Program:
    """A programme over columns in [0, 10]."""
    size = len(gains)
    return Program(
        gains=np.array(gains),
        lower=np.zeros(size),
        upper=np.full(size, 10.0),
        whole=whole,
        lines=tuple(Line(low=low, high=high, columns=np.arange(size), coefs=np.array(coefs)) for low, high, coefs in lines),
    )


TWO = program(
    [3.0, 2.0],
    [
        (-math.inf, 4.0, [1.0, 1.0]),
        (-math.inf, 7.0, [1.0, 3.0]),
        (1.0, math.inf, [0.0, 1.0]),
    ],
)


@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e7])
def test_duals_have_the_sign_of_a_maximisation(scale: float) -> None:
    scaled = Program(
        gains=TWO.gains * scale,
        lower=TWO.lower,
        upper=TWO.upper,
        whole=2,
        lines=TWO.lines,
    )
    answer = solve_continuous(scaled, time_limit_s=60)
    assert answer.status is Status.OPTIMAL
    assert answer.x is not None
    assert answer.duals is not None
    assert answer.bound is not None
    assert answer.x == pytest.approx([3.0, 1.0])
    assert answer.duals == pytest.approx([3.0 * scale, 0.0, -1.0 * scale])
    assert answer.bound == pytest.approx(11.0 * scale)


def test_rows_far_apart_in_size_keep_their_duals() -> None:
    lines = [
        (-math.inf, 4e6, [1e6, 1e6]),
        (-math.inf, 7e-5, [1e-5, 3e-5]),
        (1.0, math.inf, [0.0, 1.0]),
    ]
    answer = solve_continuous(program([3.0, 2.0], lines), time_limit_s=60)
    assert answer.duals is not None
    assert answer.duals == pytest.approx([3e-6, 0.0, -1.0])


@pytest.mark.parametrize("name", ["highs", "cbc"])
def test_whole_numbers(name: str) -> None:
    answer = solve(program([5.0, 4.0], [(-math.inf, 7.0, [3.0, 2.0])], whole=2), solver=name)  # type: ignore[arg-type]
    assert answer.status is Status.OPTIMAL
    assert answer.x is not None
    assert answer.x.round().tolist() == [1.0, 2.0]


@pytest.mark.parametrize("name", ["highs", "cbc"])
@pytest.mark.parametrize(
    "lines",
    [
        [(5.0, math.inf, [1.0, 1.0]), (-math.inf, 4.0, [1.0, 1.0])],
        [(1.0, 1.0, [2.0, 2.0])],
    ],
)
def test_infeasible(name: str, lines: list[tuple[float, float, list[float]]]) -> None:
    answer = solve(program([1.0, 1.0], lines, whole=2), solver=name)  # type: ignore[arg-type]
    assert answer.status is Status.INFEASIBLE
    assert answer.x is None


def test_an_empty_line_that_cannot_hold() -> None:
    line = Line(low=1.0, high=math.inf, columns=np.empty(0, dtype=np.int64), coefs=np.empty(0))
    answer = solve(
        Program(
            gains=np.ones(1),
            lower=np.zeros(1),
            upper=np.ones(1),
            whole=1,
            lines=(line,),
        )
    )
    assert answer.status is Status.INFEASIBLE


def test_no_objective_is_any_point_that_keeps_the_rows() -> None:
    answer = solve(program([0.0, 0.0], [(2.0, 2.0, [1.0, 1.0])], whole=2))
    assert answer.status is Status.OPTIMAL
    assert answer.x is not None
    assert answer.x.sum() == pytest.approx(2.0)


def test_nothing_of_an_earlier_solve_is_left() -> None:
    assert solve(program([1.0], [(-math.inf, 3.0, [1.0])], whole=1)).x is not None
    answer = solve(program([1.0], [(4.0, math.inf, [1.0]), (-math.inf, 3.0, [1.0])], whole=1))
    assert answer.status is Status.INFEASIBLE
    assert answer.x is None


def test_five_binaries_a_bundled_solver_once_called_infeasible() -> None:
    """The rows of PuLP's issue 662 in spirit: tight equalities over five whole columns, feasible by one point only."""
    lines = [
        (5.0, 5.0, [1.0, 2.0, 3.0, 4.0, 5.0]),
        (1.0, 1.0, [0.0, 0.0, 0.0, 0.0, 1.0]),
        (0.0, 0.0, [1.0, 1.0, 1.0, 1.0, 0.0]),
    ]
    for name in ("highs", "cbc"):
        answer = solve(program([1.0] * 5, lines, whole=5), solver=name)
        assert answer.x is not None
        assert answer.x.round().tolist() == [0.0, 0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("seed", range(20))
def test_no_programme_of_ours_is_unbounded(seed: int) -> None:
    """A solver that calls an unbounded programme infeasible is never asked one."""
    options, rules, pick = small_week(seed)
    model = build(read_instance(options, rules, pick))
    made = restrict(model, np.flatnonzero(model.allowed), relief=10.0).program
    assert np.isfinite(made.lower).all()
    assert np.isfinite(made.upper).all()
    assert np.isfinite(made.gains).all()


@pytest.mark.parametrize("seed", range(20))
def test_arrays_and_objects_say_the_same_to_the_solver(seed: int) -> None:
    options, rules, pick = small_week(seed)
    model = build(read_instance(options, rules, pick))
    asked = restrict(model, np.flatnonzero(model.allowed), relief=10.0).program
    ours = solve_continuous(asked, time_limit_s=60)
    theirs = solve(replace(asked, whole=0))
    assert ours.status is theirs.status is Status.OPTIMAL
    assert ours.x is not None
    assert theirs.x is not None
    assert float(asked.gains @ ours.x) == pytest.approx(float(asked.gains @ theirs.x))
    assert ours.bound == pytest.approx(float(asked.gains @ ours.x))


@pytest.mark.parametrize("seed", range(20))
def test_a_lineup_keeps_the_lines_where_the_verifier_finds_no_fault(seed: int) -> None:
    """Rows left out because they cannot bind, or because nothing of them is kept, must not matter."""
    options, rules, pick = small_week(seed)
    instance = read_instance(options, [rule for rule in rules if rule.mode == "hard"], pick)
    model, judge = build(instance), Judge(options, instance)
    keep = np.flatnonzero(model.allowed)
    rng = np.random.default_rng(seed)
    for _ in range(50):
        offers = rng.permutation(np.unique(instance.offer_of[keep]))[:pick]
        picked = sorted(int(rng.choice(keep[instance.offer_of[keep] == offer])) for offer in offers)
        some = np.union1d(rng.choice(keep, size=max(1, len(keep) // 2)), picked)
        asked = restrict(model, some).program
        fixed = np.isin(some, picked).astype(float)
        lower, upper = asked.lower.copy(), asked.upper.copy()
        lower[: len(some)] = upper[: len(some)] = fixed
        answer = solve(replace(asked, lower=lower, upper=upper))
        fits = len(picked) == pick and judge(tuple(picked)).broken == 0
        assert (answer.status is Status.OPTIMAL) == fits


def test_lines_are_the_rows_they_were_made_of() -> None:
    empty = Line(low=-math.inf, high=1.0, columns=np.empty(0, dtype=np.int64), coefs=np.empty(0))
    rows = [*TWO.lines, empty]
    lines = Lines.of(rows).plus([TWO.lines[0]])
    assert len(lines) == 5
    assert lines.sizes.tolist() == [2, 2, 2, 0, 2]
    for made, row in zip(lines, [*rows, TWO.lines[0]], strict=True):
        assert (made.low, made.high) == (row.low, row.high)
        assert made.columns.tolist() == row.columns.tolist()
        assert made.coefs.tolist() == row.coefs.tolist()
    assert [row.high for row in lines[3:]] == [1.0, 4.0]
    with pytest.raises(IndexError):
        lines[5]
