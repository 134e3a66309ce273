"""The seam to PuLP: the only module that imports it, and the only one that knows its two majors differ.

PuLP 3.3 and 4 disagree on how expressions are made, what ``solve`` returns, which status a time limit gets and the
sign of duals in a maximisation. Here every programme is handed over as a minimisation with synthetic names, and
HiGHS' own verdict is read instead of PuLP's translation of it.
"""

from __future__ import annotations

import contextlib
import functools
import math
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from bosspick.lineup.guarded import Job, Watch, solve_guarded
from bosspick.lineup.program import Answer, Floats, Lines, Program, Status
from bosspick.lineup.scaling import powers_of_two, scale_of

SolverName = Literal["highs", "cbc"]

#: Up to this many whole columns a search inside the search (RINS, RENS), jumps and restarts cost more than they bring.
_SMALL, _CORE = 1000, 120
_SMALL_SETTINGS: dict[str, Any] = {
    "mip_allow_restart": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}

#: A programme not done in this many seconds goes on in a process that can be ended; one with more whole columns starts there.
_PATIENCE_S = 1.5
_LARGE = 5000

#: A floor is lowered by this much (scaled), well above HiGHS' own tolerance, so that no tie is cut off.
_FLOOR_MARGIN = 1e-4


def solve(
    program: Program,
    *,
    solver: SolverName = "highs",
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    floor: float = -math.inf,
    watch: Watch | None = None,
) -> Answer:
    """Solve one programme: here if it is soon done, else in a process that can be ended.

    Parameters
    ----------
    program
        What to maximise.
    solver
        ``highs`` in this process, or ``cbc`` as its own process.
    time_limit_s
        Seconds of wall time.
    gap
        Relative gap at which the search may stop.
    floor
        Points worth less need not be found: when there is no other, the answer may be "infeasible" (HiGHS only).
    watch
        Who is told of better points, and may stop a solve that takes long.
    """
    large = program.whole > _LARGE
    first_s = min(time_limit_s, _PATIENCE_S)
    begun = time.monotonic()
    if not large:
        answer = solve_here(program, solver=solver, time_limit_s=first_s, gap=gap, floor=floor)
        if answer.status is not Status.LIMIT:
            return answer
        if watch:
            watch.told(answer.x, answer.bound)
    left = time_limit_s - (time.monotonic() - begun)
    if left <= 0 or (watch and watch.stop()):
        return Answer(status=Status.LIMIT) if large else answer
    longer = solve_guarded(Job(program=program, solver=solver, time_limit_s=left, gap=gap, floor=floor), watch)
    if large:
        return longer
    x = answer.x if longer.x is None and longer.status is Status.LIMIT else longer.x
    return Answer(status=longer.status, x=x, bound=longer.bound if longer.bound is not None else answer.bound)


def solve_here(
    program: Program,
    *,
    solver: SolverName = "highs",
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    floor: float = -math.inf,
    told: Callable[[Floats | None, float | None], None] | None = None,
) -> Answer:
    """Solve one programme in this process; parameters as :func:`solve`, ``told`` is called with better points and bounds."""
    lines = Lines.of(program.lines)
    if ((lines.sizes == 0) & ((lines.low > 0) | (lines.high < 0))).any():
        return Answer(status=Status.INFEASIBLE)
    scale = scale_of(program.gains[: program.whole])
    problem, columns = _write(program, lines, scale, powers_of_two(lines))
    if solver == "cbc":
        return _run_cbc(problem, columns, time_limit_s, gap)
    # Where any lineup will do, the searches inside the search find one; where one is known already, they only cost.
    plain = gap == 0 and (math.isfinite(floor) or program.whole <= _CORE)
    settings = dict(_SMALL_SETTINGS) if program.whole <= _SMALL and plain else {}
    if math.isfinite(floor):
        settings["objective_bound"] = -floor * scale + _FLOOR_MARGIN
    if told is not None:
        settings |= _callbacks(scale, told)
    answer = _run_highs(problem, columns, time_limit_s, gap, settings)
    return answer if answer.bound is None else replace(answer, bound=answer.bound / scale)


def write_mps(program: Program, path: str, constant: float) -> None:
    """Write a programme unscaled, as a minimisation of minus the value; a column fixed at 1 carries the constant.

    Parameters
    ----------
    program
        The problem.
    path
        Where the file goes; what is there is written over.
    constant
        What every point is worth beside its columns.
    """
    fixed = Program(
        gains=np.append(program.gains, constant),
        lower=np.append(program.lower, 1.0),
        upper=np.append(program.upper, 1.0),
        whole=program.whole,
        lines=program.lines,
    )
    problem, _ = _write(fixed, Lines.of(program.lines), 1.0, np.ones(len(program.lines)))
    problem.writeMPS(path)


def _write(program: Program, lines: Lines, scale: float, scales: Floats) -> tuple[Any, list[Any]]:
    """The PuLP problem and its variables."""
    import pulp  # type: ignore[import-untyped, unused-ignore]

    # PuLP 4 makes expressions by a class method, 3.3 by the class itself.
    expression = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)
    problem = _kinds()[0]("lineup", pulp.LpMinimize)
    limits = enumerate(zip(program.lower.tolist(), program.upper.tolist(), strict=True))
    columns = [
        problem.add_variable(f"x{k:07d}", low, high, "Integer" if k < program.whole else "Continuous")
        for k, (low, high) in limits
    ]
    problem.columns = columns
    problem.setObjective(expression(list(zip(columns, (-scale * program.gains).tolist(), strict=True))))
    of_cell = [columns[c] for c in lines.columns.tolist()]
    coefs = (lines.coefs * np.repeat(scales, lines.sizes)).tolist()
    starts = lines.starts.tolist()
    written = 0
    for k, (low, high) in enumerate(zip((lines.low * scales).tolist(), (lines.high * scales).tolist(), strict=True)):
        cells = slice(starts[k], starts[k + 1])
        pairs = list(zip(of_cell[cells], coefs[cells], strict=True))
        if not pairs:
            continue
        sides = [expression(pairs) == low] if low == high else []
        if low != high and math.isfinite(high):
            sides.append(expression(pairs) <= high)
        if low != high and math.isfinite(low):
            sides.append(expression(pairs) >= low)
        for side in sides:
            problem.addConstraint(side, f"r{written:07d}")
            written += 1
    return problem, columns


def _run_highs(problem: Any, columns: list[Any], time_limit_s: float, gap: float, settings: dict[str, Any]) -> Answer:
    import pulp  # type: ignore[import-untyped, unused-ignore]

    # One thread: the count must not change within a process, and one thread is deterministic.
    engine = _kinds()[1](msg=False, threads=1, gapRel=gap, gapAbs=0.0, timeLimit=max(0.01, time_limit_s), **settings)
    try:
        problem.solve(engine)
    except (pulp.PulpError, KeyError):
        return Answer(status=Status.ERROR)
    model = problem.solverModel
    verdict, info = model.getModelStatus().name, model.getInfo()
    feasible = int(info.primal_solution_status) == 2
    if verdict == "kInfeasible":
        return Answer(status=Status.INFEASIBLE)
    if verdict not in ("kOptimal", "kTimeLimit", "kIterationLimit", "kInterrupt"):
        return Answer(status=Status.ERROR)
    bound, status = -float(info.mip_dual_bound), Status.OPTIMAL if verdict == "kOptimal" else Status.LIMIT
    return Answer(status=status, x=_values(columns) if feasible else None, bound=bound if math.isfinite(bound) else None)


@functools.cache
def _kinds() -> tuple[Any, Any]:
    """PuLP's problem and its HiGHS.

    PuLP 3.3 tells the solver of columns and rows one by one, and lists a problem's columns anew whenever they are asked
    for: here they are known, and told at once.
    """
    import highspy
    import pulp  # type: ignore[import-untyped, unused-ignore]

    if hasattr(pulp.LpAffineExpression, "from_list"):
        return pulp.LpProblem, pulp.HiGHS

    class Known(pulp.LpProblem):  # type: ignore[misc, unused-ignore]  # PuLP 3.3 has no types
        columns: list[Any]

        def variables(self) -> list[Any]:
            return self.columns

    class AtOnce(pulp.HiGHS):  # type: ignore[misc, unused-ignore]  # PuLP 3.3 has no types
        def buildSolverModel(self, lp: Any) -> None:  # noqa: N802 - PuLP's name
            model, columns, rows = lp.solverModel, lp.variables(), list(lp._constraints.values())
            for place, each in enumerate([*columns, *rows]):
                each.index = place if place < len(columns) else place - len(columns)
            costs = np.array([lp.objective.get(each, 0.0) for each in columns])
            limits = np.array([(each.lowBound, each.upBound) for each in columns], dtype=np.float64)
            none = np.empty(0, dtype=np.int32)
            model.addCols(len(columns), costs, *np.ascontiguousarray(limits.T), 0, none, none, np.empty(0))
            whole = np.array([each.index for each in columns if each.cat == pulp.LpInteger], dtype=np.int32)
            kinds = np.full(len(whole), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
            if self.mip and len(whole):
                model.changeColsIntegrality(len(whole), whole, kinds)
            low = np.array([-math.inf if each.getLb() is None else each.getLb() for each in rows], dtype=np.float64)
            high = np.array([math.inf if each.getUb() is None else each.getUb() for each in rows], dtype=np.float64)
            starts = np.cumsum([0, *(len(each) for each in rows)], dtype=np.int32)
            at = np.array([column.index for each in rows for column in each], dtype=np.int32)
            coefs = np.array([coef for each in rows for coef in each.values()], dtype=np.float64)
            model.addRows(len(rows), low, high, len(at), starts[:-1], at, coefs)

    return Known, AtOnce


def _callbacks(scale: float, told: Callable[[Floats | None, float | None], None]) -> dict[str, Any]:
    """HiGHS' own words on the way, brought back to the programme's scale."""
    import highspy

    kinds = highspy.cb.HighsCallbackType

    def hear(kind: Any, message: str, data: Any, back: Any, user: Any) -> None:
        del message, back, user
        bound = -float(data.mip_dual_bound) / scale
        x = np.array(data.mip_solution, dtype=np.float64) if kind == kinds.kCallbackMipImprovingSolution else None
        told(x, bound if math.isfinite(bound) else None)

    wanted = [kinds.kCallbackMipImprovingSolution, kinds.kCallbackMipLogging]
    return {"callbackTuple": (hear, None), "callbacksToActivate": wanted}


def _run_cbc(problem: Any, columns: list[Any], time_limit_s: float, gap: float) -> Answer:
    import cbcbox  # type: ignore[import-untyped, unused-ignore]
    import pulp  # type: ignore[import-untyped, unused-ignore]

    with _scratch() as folder:
        engine = pulp.COIN_CMD(
            path=cbcbox.cbc_bin_path(),
            msg=False,
            threads=1,
            gapRel=gap,
            gapAbs=0.0,
            timeLimit=max(1.0, time_limit_s),
        )
        engine.tmpDir = folder
        try:
            answer = problem.solve(engine)
        except (pulp.PulpError, KeyError, OSError):
            return Answer(status=Status.ERROR)
    status, has_solution = _cbc_verdict(problem, answer)
    if status == "Infeasible":
        return Answer(status=Status.INFEASIBLE)
    x = _values(columns) if has_solution else None
    if status == "Optimal" and x is not None:
        return Answer(status=Status.OPTIMAL, x=x)
    return Answer(status=Status.LIMIT if status in ("Optimal", "TimeLimit", "NotSolved") else Status.ERROR, x=x)


def _cbc_verdict(problem: Any, answer: Any) -> tuple[str, bool]:
    """What CBC said: PuLP 4 returns it, PuLP 3.3 leaves two codes on the problem."""
    if hasattr(answer, "has_solution"):
        return answer.status.name, bool(answer.has_solution)
    words = {1: "Optimal", 0: "NotSolved", -1: "Infeasible", -2: "Unbounded", -3: "Undefined"}
    code, solution = words[problem.status], problem.sol_status
    if code == "Optimal" and solution == 2:
        return "TimeLimit", True
    return code, solution == 1


@contextlib.contextmanager
def _scratch() -> Iterator[str]:
    """CBC talks through files; they get a folder of their own, so that parallel runs cannot meet."""
    with tempfile.TemporaryDirectory(prefix="bosspick-cbc-") as folder:
        yield folder


def _values(columns: list[Any]) -> Floats:
    return np.array([0.0 if c.varValue is None else c.varValue for c in columns], dtype=np.float64)
