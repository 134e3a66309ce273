"""``bosspick desk``: the planning notebooks in JupyterLab."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from bosspick.cli.shared import moment, room_options

#: JupyterLab's names of the desk's languages; its Chinese is a package of its own.
_LOCALES = {"en": "en", "zh": "zh_CN"}


@click.command()
@room_options(session="Default: the current one, or else the next the room has.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True,
              help="Language of the desk, and of notebooks new in the workspace.")  # fmt: skip
@click.option("--workspace", type=click.Path(file_okay=False), default="desk", show_default=True,
              help="Folder the notebooks are copied to.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Start the server without opening a browser.")
def desk(
    room: str, session: str | None, as_of: str | None, folder: str | None, lang: Literal["en", "zh"], workspace: str,
    no_browser: bool,
) -> None:  # fmt: skip
    """Open the planning notebooks in JupyterLab at a week.

    Notebooks that are already in the workspace are kept as they are.

    \b
    Example:
      bosspick desk seeds --session 2026-W48 --lang zh
    """
    from bosspick.briefing.config import RunConfig
    from bosspick.briefing.language import Language
    from bosspick.briefing.notebook_text import translated
    from bosspick.intake import open_room
    from bosspick.share import share_path

    opened = open_room(room, folder=folder)
    week_id = session or opened.current_session(datetime.now(UTC))
    home = Path(workspace).resolve()
    home.mkdir(parents=True, exist_ok=True)
    config = RunConfig(room=str(opened.folder), url=opened.url, session=week_id, as_of=moment(as_of), lang=lang)
    (home / "config.json").write_text(config.model_dump_json(indent=1), encoding="utf-8")
    for notebook in sorted(share_path("notebooks").glob("*.ipynb")):
        target = home / notebook.name
        if not target.exists():
            translated(notebook, Language.of(lang), target)
            text = target.read_text(encoding="utf-8")
            target.write_text(text.replace('config = \\"\\"', 'config = \\"config.json\\"'), encoding="utf-8")
    click.echo(f"{week_id}: notebooks in {home}")
    command = [sys.executable, "-m", "jupyterlab", "02_lineup.ipynb", f"--LabApp.app_settings_dir={_settings(home, lang)}"]
    if no_browser:
        command.append("--no-browser")
    raise SystemExit(subprocess.call(command, cwd=home))


def _settings(home: Path, lang: str) -> Path:
    """Settings under which JupyterLab speaks the desk's language, and neither asks about news nor looks for updates."""
    folder = home / ".lab-settings"
    folder.mkdir(exist_ok=True)
    overrides: dict[str, dict[str, object]] = {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/translation-extension:plugin": {"locale": _LOCALES[lang]},
    }
    (folder / "overrides.json").write_text(json.dumps(overrides), encoding="utf-8")
    return folder
