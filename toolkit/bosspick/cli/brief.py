"""``bosspick brief``: the planning run and its briefing."""

from __future__ import annotations

import click

from bosspick.cli.shared import as_json, moment, room_arguments


@click.command()
@room_arguments
@click.option("--out", "-o", type=click.Path(file_okay=False), default="briefings", show_default=True)
@click.option("--timeout", default=600, show_default=True, help="Seconds any one notebook cell may take.")
@click.option("--json", "json_output", is_flag=True, help="Print where the briefing is as JSON.")
def brief(
    room: str, session: str | None, as_of: str | None, folder: str | None, out: str, timeout: int, json_output: bool
) -> None:
    """Plan a week: run the planning notebooks and publish the briefing.

    The run appears complete as OUT/<session>/<number> or not at all; OUT/<session>/latest is the last good one. Exits 1,
    with the list, while a text of the show is on the word list and nobody signed it: see bosspick wording.

    \b
    Example:
      bosspick brief seeds --session 2026-W48
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from bosspick.briefing.cards import WORDING_FILE
    from bosspick.briefing.config import STEPS
    from bosspick.briefing.runner import brief as run
    from bosspick.briefing.wording_check import unsigned_lines
    from bosspick.intake import open_room

    opened = open_room(room, folder=folder)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as display:
        tasks = {step: display.add_task(step, total=1, start=False) for step in STEPS}

        def told(step: str, event: str) -> None:
            if event == "started":
                display.start_task(tasks[step])
            else:
                display.update(tasks[step], completed=1, description=f"{step} ✓")

        made = run(opened, session, out=out, as_of=moment(as_of), timeout_s=timeout, progress=told)
    unsigned = unsigned_lines(made.folder / "cards" / WORDING_FILE)
    if json_output:
        as_json({"folder": str(made.folder), "session": made.session_id, "version": made.version, "seconds": made.seconds,
                 "bad_rows": made.findings, "not_cleared_for_air": unsigned})  # fmt: skip
    else:
        click.echo(f"{made.session_id} {made.version} in {made.seconds['total']:.1f} s")
        click.echo(f"open {made.folder / 'briefing.html'}")
        if made.findings:
            click.echo(f"{made.findings} bad rows were left out: see {made.folder / 'quarantine'}")
        for line in unsigned:
            click.echo(f"not cleared for air: {line}")
    raise SystemExit(1 if unsigned else 0)
