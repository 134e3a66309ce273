"""The house itself: the public surface, the seams, the notebooks, and a wheel that runs anywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import bosspick
from bosspick import errors
from bosspick.briefing.config import STEPS
from tests.rooms import write_room

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "toolkit" / "bosspick"


def test_the_public_surface_is_sorted_and_callable() -> None:
    assert bosspick.__all__ == sorted(bosspick._HOMES)
    assert all(callable(getattr(bosspick, name)) for name in bosspick.__all__)
    assert set(bosspick.__all__) <= set(dir(bosspick))


@pytest.mark.xdist_group("the house")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one worker has all groups")
def test_what_modules_share_is_made_on_one_worker(request: pytest.FixtureRequest) -> None:
    # The two plugins have fallen out over this before, silently: every worker then made all of it again.
    assert request.node.nodeid.endswith("@the house")


def test_importing_stays_light() -> None:
    code = "import sys, bosspick; print(sorted({'pandas', 'pulp', 'ibis', 'plotly', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("library", "home"), [("pulp", "lineup/solver.py"), ("papermill", "briefing/papermill_run.py")])
def test_one_module_imports_each_engine(library: str, home: str) -> None:
    pattern = re.compile(rf"^\s*(?:import {library}\b|from {library}\b)", re.MULTILINE)
    found = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if pattern.search(path.read_text("utf-8"))]
    assert found == [home]


def test_one_module_knows_duckdb() -> None:
    knows = [p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py") if "ibis.duckdb" in p.read_text("utf-8")]
    assert knows == ["screening/duck.py"]


def test_the_error_tree_is_drawn_and_exported() -> None:
    classes = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert sorted(classes) == errors.__all__
    assert errors.__doc__ is not None
    assert all(name in errors.__doc__ for name in classes)


@pytest.mark.parametrize("step", STEPS)
def test_notebooks_are_committed_clean_and_thin(step: str) -> None:
    notebook = json.loads((ROOT / "notebooks" / f"{step}.ipynb").read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert [cell["metadata"].get("tags") for cell in code].count(["parameters"]) == 1
    assert code[-1]["source"] == f'stage.done("{step}")'
    source = "\n".join(cell["source"] for cell in code)
    assert not re.search(r"^\s*(?:for|while|if|def|class|try)\b", source, re.MULTILINE)


def test_every_command_shows_an_example() -> None:
    from bosspick.cli.main import _ABOUT, _COMMANDS, cli

    assert sorted(_ABOUT) == sorted(_COMMANDS)
    context = cli.make_context("bosspick", ["--help"], resilient_parsing=True)
    for name in _COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        shown = [command, *getattr(command, "commands", {}).values()]
        assert any("Example" in (each.help or "") for each in shown), name


def test_a_wheel_runs_anywhere(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    room = write_room(tmp_path / "room")
    env = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
    where = subprocess.run([sys.executable, "-c", "import bosspick; print(bosspick.__file__)"], env=env, cwd=tmp_path,
                           capture_output=True, text=True, check=True)  # fmt: skip
    assert where.stdout.startswith(str(tmp_path / "installed"))
    command = [sys.executable, "-m", "bosspick.cli", "brief", str(room), "--out", "out"]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "2026-W48" / "latest" / "briefing.html").is_file()
