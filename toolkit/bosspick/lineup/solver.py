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
from typing import Any, Literal

import numpy as np

from bosspick.lineup.guarded import Job, Watch, solve_guarded
from bosspick.lineup.program import Answer, Floats, Line, Program, Status

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

#: Largest coefficient after scaling. Scales are powers of two, so whole numbers stay whole.
_LARGEST = 1024.0


def solve(
    program: Program,
    *,
    relax: bool = False,
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
    relax
        Ignore that columns are integer; the answer then carries duals (HiGHS only).
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
    large = program.whole > _LARGE and not relax
    first_s = time_limit_s if relax else min(time_limit_s, _PATIENCE_S)
    begun = time.monotonic()
    if not large:
        answer = solve_here(program, relax=relax, solver=solver, time_limit_s=first_s, gap=gap, floor=floor)
        if answer.status is not Status.LIMIT or relax:
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
    relax: bool = False,
    solver: SolverName = "highs",
    time_limit_s: float = 60.0,
    gap: float = 0.0,
    floor: float = -math.inf,
    told: Callable[[Floats | None, float | None], None] | None = None,
) -> Answer:
    """Solve one programme in this process; parameters as :func:`solve`, ``told`` is called with better points and bounds."""
    if any(_impossible(line) for line in program.lines):
        return Answer(status=Status.INFEASIBLE)
    lines = [line for line in program.lines if len(line.columns)]
    scale = _power_of_two(program.gains[: program.whole])
    scales = [_power_of_two(line.coefs) for line in lines]
    problem, columns, pieces = _write(program, lines, scale, scales, relax)
    if solver == "cbc":
        return _run_cbc(problem, columns, time_limit_s, gap, relax)
    # Where any lineup will do, the searches inside the search find one; where one is known already, they only cost.
    plain = gap == 0 and (math.isfinite(floor) or program.whole <= _CORE)
    settings = dict(_SMALL_SETTINGS) if program.whole <= _SMALL and plain else {}
    if math.isfinite(floor) and not relax:
        settings["objective_bound"] = -floor * scale + _FLOOR_MARGIN
    if told is not None and not relax:
        settings |= _callbacks(scale, told)
    answer = _run_highs(problem, columns, time_limit_s, gap, relax, settings)
    if answer.duals is not None:
        answer = _unscale_duals(answer, program, lines, scale, scales, pieces)
    if answer.bound is not None:
        answer = Answer(status=answer.status, x=answer.x, bound=answer.bound / scale, duals=answer.duals)
    return answer


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
    lines = [line for line in program.lines if len(line.columns)]
    fixed = Program(
        gains=np.append(program.gains, constant),
        lower=np.append(program.lower, 1.0),
        upper=np.append(program.upper, 1.0),
        whole=program.whole,
        lines=program.lines,
    )
    problem, _, _ = _write(fixed, lines, 1.0, [1.0] * len(lines), relax=False)
    problem.writeMPS(path)


def _impossible(line: Line) -> bool:
    return not len(line.columns) and (line.low > 0 or line.high < 0)


def _power_of_two(coefs: Floats) -> float:
    """The power of two that brings the largest coefficient just below the cap, where solvers' tolerances are meant."""
    largest = float(np.abs(coefs).max(initial=0.0))
    if largest == 0.0 or 1.0 <= largest <= _LARGEST:
        return 1.0
    return 2.0 ** math.floor(math.log2(_LARGEST / largest))


def _write(
    program: Program, lines: list[Line], scale: float, scales: list[float], relax: bool
) -> tuple[Any, list[Any], list[int]]:
    """The PuLP problem, its variables, and for each constraint the line it came from."""
    import pulp  # type: ignore[import-untyped, unused-ignore]

    # PuLP 4 makes expressions by a class method, 3.3 by the class itself.
    expression = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)
    problem = pulp.LpProblem("lineup", pulp.LpMinimize)
    columns = [
        problem.add_variable(
            f"x{k:07d}",
            float(low),
            float(high),
            "Integer" if k < program.whole and not relax else "Continuous",
        )
        for k, (low, high) in enumerate(zip(program.lower, program.upper, strict=True))
    ]
    costs = (-scale * program.gains).tolist()
    problem.setObjective(expression(list(zip(columns, costs, strict=True))))
    pieces: list[int] = []
    for k, (line, factor) in enumerate(zip(lines, scales, strict=True)):
        pairs = [(columns[c], w) for c, w in zip(line.columns, (line.coefs * factor).tolist(), strict=True)]
        low, high = line.low * factor, line.high * factor
        if low == high:
            problem.addConstraint(expression(pairs) == low, f"r{len(pieces):07d}")
            pieces.append(k)
            continue
        if math.isfinite(high):
            problem.addConstraint(expression(pairs) <= high, f"r{len(pieces):07d}")
            pieces.append(k)
        if math.isfinite(low):
            problem.addConstraint(expression(pairs) >= low, f"r{len(pieces):07d}")
            pieces.append(k)
    return problem, columns, pieces


def _run_highs(
    problem: Any, columns: list[Any], time_limit_s: float, gap: float, relax: bool, settings: dict[str, Any]
) -> Answer:
    import pulp  # type: ignore[import-untyped, unused-ignore]

    # One thread: the count must not change within a process, and one thread is deterministic.
    limit = max(0.01, time_limit_s)
    engine = _highs()(msg=False, threads=1, gapRel=gap, gapAbs=0.0, timeLimit=limit, **settings)
    engine.columns = columns
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
    x = _values(columns) if feasible else None
    if relax:
        if verdict != "kOptimal":
            return Answer(status=Status.LIMIT)
        duals = -np.asarray(model.getSolution().row_dual, dtype=np.float64)
        return Answer(status=Status.OPTIMAL, x=x, bound=-float(info.objective_function_value), duals=duals)
    bound = -float(info.mip_dual_bound)
    status = Status.OPTIMAL if verdict == "kOptimal" else Status.LIMIT
    return Answer(status=status, x=x, bound=bound if math.isfinite(bound) else None)


@functools.cache
def _highs() -> Any:
    """PuLP's HiGHS; where it tells the solver of whole columns one by one (PuLP 3.3), it tells it of all at once here."""
    import highspy
    import pulp  # type: ignore[import-untyped, unused-ignore]

    if hasattr(pulp.LpAffineExpression, "from_list"):
        return pulp.HiGHS

    class AtOnce(pulp.HiGHS):  # type: ignore[misc, unused-ignore]  # PuLP 3.3 has no types
        mip: bool
        columns: list[Any]

        def buildSolverModel(self, lp: Any) -> None:  # noqa: N802 - PuLP's name
            mip, self.mip = self.mip, False
            try:
                super().buildSolverModel(lp)
            finally:
                self.mip = mip
            # Listing a problem's variables costs PuLP more than it does to look through those known here.
            whole = np.array([each.index for each in self.columns if each.cat == pulp.LpInteger], dtype=np.int32)
            if mip and len(whole):
                kinds = np.full(len(whole), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
                lp.solverModel.changeColsIntegrality(len(whole), whole, kinds)

    return AtOnce


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


def _run_cbc(problem: Any, columns: list[Any], time_limit_s: float, gap: float, relax: bool) -> Answer:
    import cbcbox  # type: ignore[import-untyped, unused-ignore]
    import pulp  # type: ignore[import-untyped, unused-ignore]

    with _scratch() as folder:
        engine = pulp.COIN_CMD(
            path=cbcbox.cbc_bin_path(),
            mip=not relax,
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


def _unscale_duals(
    answer: Answer, program: Program, lines: list[Line], scale: float, scales: list[float], pieces: list[int]
) -> Answer:
    raw = answer.duals
    assert raw is not None
    of_kept = np.bincount(pieces, weights=raw, minlength=len(lines)) * np.array(scales) / scale
    duals = np.zeros(len(program.lines))
    duals[[k for k, line in enumerate(program.lines) if len(line.columns)]] = of_kept
    return Answer(status=answer.status, x=answer.x, bound=answer.bound, duals=duals)
