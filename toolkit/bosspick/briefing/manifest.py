"""The manifest of a run: what it was made from and with, what came out, and the hash of everything."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bosspick.briefing.language import Language
from bosspick.briefing.pack import keep_until
from bosspick.briefing.publish import file_hashes
from bosspick.intake import Room, Week

__all__ = ["write_manifest"]

_PACKAGES = ("bosspick", "pandas", "pulp", "highspy", "ibis-framework", "duckdb", "papermill", "plotly")


def write_manifest(
    files: Path,
    room: Room,
    week: Week,
    plan: Mapping[str, Any],
    seconds: Mapping[str, float],
    language: Language,
    *,
    made_at: str,
) -> None:
    """Write ``manifest.json`` beside the files it names; of all files of a run only this one knows a clock.

    Parameters
    ----------
    files
        Folder of the run's files, complete.
    room, week
        What was planned.
    plan
        The plan's document; its version and outcome are stated.
    seconds
        How long each step took.
    language
        Of what was written.
    made_at
        Moment as ISO text.
    """
    inputs = {name: {"file": file, "rows": rows} for name, (file, rows) in sorted(week.files.items())}
    read = {file for file, _ in week.files.values() if file and room.url is None} | {"policy.toml"}
    manifest = {
        "session": week.session_id,
        "version": plan["version"],
        "outcome": plan["outcome"],
        "language": language.code,
        "made_at": made_at,
        "keep_until": keep_until(week.starts_at).isoformat(),
        "as_of": week.as_of.isoformat(),
        "seconds": seconds,
        "tables": inputs,
        "inputs": {name: digest for name, digest in file_hashes(room.folder).items() if name in read},
        "outputs": file_hashes(files),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
    }
    (files / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
