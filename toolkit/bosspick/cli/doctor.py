"""``bosspick doctor``: what this machine has, what it lacks, and how to get it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable

import click

from bosspick.cli.shared import as_json


def _python() -> tuple[bool, str]:
    return sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}"


def _solver() -> tuple[bool, str]:
    import pandas as pd

    from bosspick.lineup import optimise

    options = pd.DataFrame({"offer_id": ["a", "b"], "option_id": ["x", "x"], "value": [1.0, 2.0]})
    result = optimise(options, pick=1)
    return result.outcome.is_proven, f"lineup solver: {result.outcome}"


def _engine() -> tuple[bool, str]:
    import duckdb

    return True, f"DuckDB {duckdb.__version__}"


def _kernel() -> tuple[bool, str]:
    from jupyter_client.kernelspec import KernelSpecManager

    return "python3" in KernelSpecManager().find_kernel_specs(), "Jupyter kernel python3"


def _fonts() -> tuple[bool, str]:
    if shutil.which("fc-list") is None:
        return False, "Chinese fonts: cannot tell without fontconfig"
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, timeout=30, check=False)
    families = sorted({line.partition(",")[0].strip() for line in listed.stdout.splitlines() if line.strip()})
    if families:
        return True, f"Chinese fonts: {families[0]} and {len(families) - 1} more"
    return False, (
        "no Chinese font: PDFs and printed cards would show boxes (Debian: apt-get install fonts-noto-cjk; "
        "Fedora: dnf install google-noto-sans-cjk-fonts)"
    )


def _browser() -> tuple[bool, str]:
    from bosspick.briefing.pdf import NO_BROWSER, find_browser

    found = find_browser()
    return found is not None, NO_BROWSER if found is None else f"PDF through {found.name}"


def _notebooks() -> tuple[bool, str]:
    from bosspick.share import share_path

    found = list(share_path("notebooks").glob("*.ipynb"))
    return len(found) >= 5, f"{len(found)} planning notebooks"


#: Check, and whether the toolkit cannot work without it.
_CHECKS: tuple[tuple[Callable[[], tuple[bool, str]], bool], ...] = (
    (_python, True), (_solver, True), (_engine, True), (_kernel, True), (_notebooks, True), (_fonts, False),
    (_browser, False),
)  # fmt: skip


@click.command()
@click.option("--json", "json_output", is_flag=True, help="Print the findings as JSON.")
def doctor(json_output: bool) -> None:
    """Say whether this machine has what the toolkit needs, and how to get what it lacks.

    \b
    Example:
      bosspick doctor
    """
    found = []
    for check, needed in _CHECKS:
        try:
            fine, words = check()
        except Exception as error:  # whatever is broken here is what the user wants named
            fine, words = False, f"{check.__name__.strip('_')}: {error}"
        found.append({"ok": fine, "needed": needed, "what": words})
    if json_output:
        as_json(found)
    else:
        for row in found:
            click.echo(f"{'ok  ' if row['ok'] else 'LACK' if row['needed'] else 'note'}  {row['what']}")
    raise SystemExit(0 if all(row["ok"] for row in found if row["needed"]) else 1)
