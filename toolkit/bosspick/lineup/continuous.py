"""The seam to HiGHS for continuous programmes, which are asked by the hundred for their multipliers alone.

Whole programmes go through PuLP (:mod:`bosspick.lineup.solver`). A relaxation of some hundred columns is solved in two
milliseconds, of which PuLP's objects, one a column, row and term, would take six more; here its arrays are handed over as
they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bosspick.lineup.program import Answer, Floats, Lines, Program, Status
from bosspick.lineup.scaling import powers_of_two, scale_of

__all__ = ["solve_continuous"]


def solve_continuous(program: Program, *, time_limit_s: float) -> Answer:
    """Solve a programme as if no column were whole.

    Parameters
    ----------
    program
        What to maximise.
    time_limit_s
        Seconds of wall time.

    Returns
    -------
    Answer
        With one multiplier a line.
    """
    import highspy  # a tenth of a second, which whoever solves nothing is spared

    lines = Lines.of(program.lines)
    if ((lines.sizes == 0) & ((lines.low > 0) | (lines.high < 0))).any():
        return Answer(status=Status.INFEASIBLE)
    scale = scale_of(program.gains[: program.whole])
    scales = powers_of_two(lines)
    engine = highspy.Highs()
    # One thread, as everywhere: the count must not change within a process.
    for name, value in {"output_flag": False, "threads": 1, "time_limit": max(0.01, time_limit_s)}.items():
        engine.setOptionValue(name, value)
    engine.passModel(_model(program, lines, scale, scales))
    engine.run()
    verdict = engine.getModelStatus()
    if verdict == highspy.HighsModelStatus.kInfeasible:
        return Answer(status=Status.INFEASIBLE)
    if verdict != highspy.HighsModelStatus.kOptimal:
        late = verdict in (highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kIterationLimit)
        return Answer(status=Status.LIMIT if late else Status.ERROR)
    found = engine.getSolution()
    duals = -np.asarray(found.row_dual, dtype=np.float64) * scales / scale
    bound = -float(engine.getObjectiveValue()) / scale
    return Answer(status=Status.OPTIMAL, x=np.asarray(found.col_value, dtype=np.float64), bound=bound, duals=duals)


def _model(program: Program, lines: Lines, scale: float, scales: Floats) -> Any:
    """A minimisation of minus the value."""
    import highspy

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.gains), len(lines)
    model.col_cost_ = -scale * program.gains
    model.col_lower_, model.col_upper_ = program.lower, program.upper
    model.row_lower_, model.row_upper_ = lines.low * scales, lines.high * scales
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = lines.starts
    model.a_matrix_.index_ = lines.columns
    model.a_matrix_.value_ = lines.coefs * np.repeat(scales, lines.sizes)
    return model
