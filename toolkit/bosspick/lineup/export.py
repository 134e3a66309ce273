"""The whole model in a file, so that anyone can check the optimum with a solver of their own."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from bosspick.errors import NoPlanError
from bosspick.lineup.instance import OptionTable, read_instance
from bosspick.lineup.restriction import restrict
from bosspick.lineup.rules import Rule
from bosspick.lineup.solver import write_mps
from bosspick.lineup.writers import build

__all__ = ["export_model"]


def export_model(
    options: pd.DataFrame | OptionTable, rules: Iterable[Rule], path: Path, *, pick: int = 10
) -> tuple[Path, Path]:
    """Write the full model as MPS, and beside it which column is which option.

    Parameters
    ----------
    options, rules, pick
        As for :func:`~bosspick.lineup.optimise`.
    path
        The model's file; the columns go to ``<path>.columns.csv`` (column, offer_id, option_id, value).

    Returns
    -------
    tuple of Path and Path
        Both files. Solvers read a minimisation: its optimum is minus the lineup's value.

    Raises
    ------
    OptionsError, RuleError
        When the inputs are malformed.
    NoPlanError
        When the rules close every option.
    """
    instance = read_instance(options, rules, pick)
    model = build(instance)
    keep = np.flatnonzero(model.allowed)
    if not len(keep):
        raise NoPlanError("the rules close every option", where=str(path), hint="lift bans or cooldowns")
    names = path.with_name(f"{path.name}.columns.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        written, listed = Path(folder) / "model.mps", Path(folder) / "columns.csv"
        write_mps(restrict(model, keep).program, str(written), model.constant)
        with listed.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["column", "offer_id", "option_id", "value"])
            for place, row in enumerate(keep.tolist()):
                offer = instance.offers[int(instance.offer_of[row])]
                rows.writerow([f"x{place:07d}", offer, instance.option_id(row), repr(float(instance.values[row]))])
        os.replace(written, path)
        os.replace(listed, names)
    return path, names
