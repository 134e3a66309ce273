"""The desk's own JavaScript and style sheets travel with the wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SHIPPED = ("offer_grid.js", "offer_grid.css", "board.js", "board.css", "live_panel.js", "live_panel.css", "desk.css")


def test_the_wheel_holds_the_grid(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"bosspick/desk/{name}" for name in _SHIPPED} <= names


def test_the_grid_asks_nothing_of_the_network() -> None:
    desk = ROOT / "toolkit" / "bosspick" / "desk"
    for path in [*desk.glob("*.js"), *desk.glob("*.css")]:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in ("http:", "https:", "import ", "url(", "innerHTML") if word in text], path.name
