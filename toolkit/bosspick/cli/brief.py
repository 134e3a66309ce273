"""``bosspick brief``: the planning run and its briefing, of one session or of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bosspick.cli.shared import as_json, moment, room_arguments, session_of

if TYPE_CHECKING:
    from rich.progress import Progress

    from bosspick.briefing.runner import Briefing
    from bosspick.briefing.several import Made
    from bosspick.intake import Room


@click.command()
@room_arguments
@click.option("--all", "every", is_flag=True, help="Every session of the room, each in a process of its own.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="With --all: sessions at once.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of what is written.")
@click.option("--pdf/--no-pdf", default=True, show_default=True, help="Print page and cards to PDF as well.")
@click.option("--out", "-o", type=click.Path(file_okay=False), default="briefings", show_default=True)
@click.option("--timeout", default=600, show_default=True, help="Seconds any one notebook cell may take.")
@click.option("--json", "json_output", is_flag=True, help="Print where the briefing is as JSON.")
def brief(
    room: str, session: str | None, as_of: str | None, folder: str | None, every: bool, jobs: int, lang: str, pdf: bool,
    out: str, timeout: int, json_output: bool,
) -> None:  # fmt: skip
    """Plan a week: run the planning notebooks and publish the briefing.

    The run appears complete as OUT/<session>/<number> or not at all; OUT/<session>/latest is the last good one, and
    OUT/index.html lists all of them. Exits 1, with the list, while a text of the show is on the word list and nobody
    signed it: see bosspick wording. With --all the last line sums up, and the exit code is 1 if any session failed.

    \b
    Examples:
      bosspick brief seeds --session 2026-W48
      bosspick brief seeds --session 2026-W48 --lang zh
      bosspick brief seeds --all --jobs 2
    """
    from bosspick.warm import Processes

    if every and session is not None:
        raise click.UsageError("--all takes every session: leave --session out")
    # First of all: it imports while this process does.
    processes = None if every else Processes()
    try:
        from bosspick.briefing.several import Made, one_line
        from bosspick.intake import open_room

        opened = open_room(room, folder=folder)
        options = {"out": out, "as_of": moment(as_of), "lang": lang, "pdf": pdf, "timeout_s": timeout}
        if processes is None:
            made = _several(opened, jobs, options)
        else:
            one = _one(opened, session_of(opened, session), options | {"processes": processes})
            made = [Made(session_id=one.session_id, briefing=one)]
    finally:
        if processes is not None:
            processes.stop()
    unsigned = {each.session_id: _unsigned(each) for each in made}
    if json_output:
        told = [_told(each, unsigned[each.session_id]) for each in made]
        as_json(told if every else told[0])
    else:
        for each in made:
            _show(each, unsigned[each.session_id])
        if every:
            click.echo(one_line(made))
    raise SystemExit(1 if any(each.failed for each in made) or any(unsigned.values()) else 0)


def _display() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True))


def _one(room: Room, session: str, options: dict[str, Any]) -> Briefing:
    from bosspick.briefing.config import STEPS
    from bosspick.briefing.runner import brief as run

    with _display() as display:
        tasks = {step: display.add_task(step, total=1, start=False) for step in STEPS}

        def told(step: str, event: str) -> None:
            if step not in tasks:
                tasks[step] = display.add_task(step, total=1, start=False)
            if event == "started":
                display.start_task(tasks[step])
            else:
                display.update(tasks[step], completed=1, description=f"{step} ✓")

        return run(room, session, progress=told, **options)


def _several(room: Room, jobs: int, options: dict[str, Any]) -> list[Made]:
    from bosspick.briefing.several import brief_several

    sessions = room.sessions()
    with _display() as display:
        tasks = {session: display.add_task(session, total=1, start=False) for session in sessions}
        doing: dict[str, list[str]] = {session: [] for session in sessions}

        def told(session: str, step: str, event: str) -> None:
            if not step:
                display.update(tasks[session], completed=1, description=f"{session} {'✓' if event == 'done' else '✕ failed'}")
                return
            display.start_task(tasks[session])
            doing[session] = [*doing[session], step] if event == "started" else [s for s in doing[session] if s != step]
            display.update(tasks[session], description=f"{session} {', '.join(dict.fromkeys(doing[session]))}")

        return brief_several(room, sessions, jobs=jobs, progress=told, **options)


def _unsigned(made: Made) -> list[str]:
    from bosspick.briefing.cards import WORDING_FILE
    from bosspick.briefing.wording_check import unsigned_lines

    return [] if made.briefing is None else unsigned_lines(made.briefing.folder / "cards" / WORDING_FILE)


def _told(made: Made, unsigned: list[str]) -> dict[str, Any]:
    if made.briefing is None:
        return {"session": made.session_id, "failed": made.failed}
    run = made.briefing
    return {"folder": str(run.folder), "session": run.session_id, "version": run.version, "seconds": run.seconds,
            "bad_rows": run.findings, "not_cleared_for_air": unsigned, "notes": list(run.notes)}  # fmt: skip


def _show(made: Made, unsigned: list[str]) -> None:
    if made.briefing is None:
        click.echo(f"{made.session_id} failed: {made.failed}")
        return
    run = made.briefing
    click.echo(f"{run.session_id} {run.version} in {run.seconds['total']:.1f} s")
    click.echo(f"open {run.folder / 'briefing.html'}")
    for note in run.notes:
        click.echo(note)
    if run.findings:
        click.echo(f"{run.findings} bad rows were left out: see {run.folder / 'quarantine'}")
    for line in unsigned:
        click.echo(f"not cleared for air: {line}")
