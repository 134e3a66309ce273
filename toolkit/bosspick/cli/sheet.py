"""``bosspick sheet``: the negotiators' workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from bosspick.cli.shared import as_json, open_stage, room_arguments


@click.group()
def sheet() -> None:
    """Workbooks for the talks."""


@sheet.command()
@room_arguments
@click.option("--out", "-o", type=click.Path(file_okay=False), default="targets", show_default=True)
@click.option("--json", "json_output", is_flag=True, help="Print the files as JSON.")
def export(room: str, session: str | None, as_of: str | None, folder: str | None, out: str, json_output: bool) -> None:
    """Write one workbook a negotiator, own brands only. Confidential.

    \b
    Example:
      bosspick sheet export seeds --session 2026-W48 --out targets
    """
    from bosspick.bargaining.sheets import write_sheets

    stage = open_stage(room, session, as_of, folder)
    written = write_sheets(stage.week, stage.plan, stage.targets, Path(out))
    if json_output:
        as_json([str(path) for path in written])
        return
    for path in written:
        click.echo(str(path))
