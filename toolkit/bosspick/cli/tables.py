"""``bosspick check`` and ``bosspick demo``."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from bosspick.cli.shared import as_json, moment, room_options
from bosspick.errors import BosspickError, PolicyError, TableError

if TYPE_CHECKING:
    from bosspick.intake import Finding, Week
    from bosspick.screening.feed import Outline

#: Below these a week of the demo room may have no ten that pass and keep its rules.
_LEAST_OFFERS, _LEAST_QUOTES = 120, 6


@click.command()
@room_options(session="Default: every week of the room.")
@click.option("--quarantine", type=click.Path(file_okay=False), help="Folder for bad rows. Default: ROOM/quarantine.")
@click.option("--json", "json_output", is_flag=True, help="Print the report as JSON.")
def check(
    room: str, session: str | None, as_of: str | None, folder: str | None, quarantine: str | None, json_output: bool
) -> None:
    """Read every table of a week and say what is wrong, by file, row and column.

    Bad rows go to quarantine/<table>.csv with a reason and a mend; good rows go on. Exit code 1 when a row is bad, 2 when
    a table cannot be read or no usable offer is left. Of quotes in Parquet partitions only the columns are checked: their
    rows are read by `bosspick screen`.

    \b
    Example:
      bosspick check seeds --session 2026-W48
    """
    from bosspick.intake import open_room
    from bosspick.intake.findings import write_quarantine

    opened = open_room(room, folder=folder)
    judged_at = moment(as_of)
    wanted = [session] if session else opened.sessions()
    wanted = wanted or [opened.first_session()]
    weeks: list[Week] = []
    outlines: dict[str, dict[str, Outline]] = {}
    errors: list[tuple[str, BosspickError]] = []
    refused_rows: list[tuple[Finding, ...]] = []
    for week_id in wanted:
        try:
            week = opened.week(week_id, as_of=judged_at)
            if week.feed is not None:
                outlines[week_id] = _outline(week)
            weeks.append(week)
        except PolicyError:
            raise  # one fault of the room, not one of each week
        except BosspickError as refused:
            errors.append((week_id, refused))
            if isinstance(refused, TableError):
                refused_rows.append(cast("tuple[Finding, ...]", refused.findings))
    # Standing tables are read for every week; their findings are said once.
    findings = list(dict.fromkeys(each for found in [*(week.findings for week in weeks), *refused_rows] for each in found))
    bad = [finding for finding in findings if finding.severity == "bad"]
    target = Path(quarantine) if quarantine else opened.folder / "quarantine"
    trouble = None
    try:
        written = write_quarantine(target, findings)
    except OSError as error:
        written, trouble = [], f"the quarantine folder cannot be written ({error.strerror}): name another with --quarantine"
    if json_output:
        _print_json(weeks, outlines, findings, errors, written)
    else:
        _print_report(weeks, outlines, findings, errors)
        if written:
            rows = len({(finding.file, finding.row) for finding in bad})
            click.echo(f"{rows} bad rows set aside in {', '.join(str(path) for path in written)}")
        elif not trouble and not errors:
            click.echo("all rows are good" + (" but those in partitions: `bosspick screen` reads them" if outlines else ""))
    if trouble:
        click.echo(trouble, err=True)
    if errors:
        raise SystemExit(max(refused.exit_code for _, refused in errors))
    raise SystemExit(1 if bad else 0)


def _outline(week: Week) -> dict[str, Outline]:
    """What a week's partitions hold; TableError where one could not be screened."""
    from bosspick.screening.engine import open_engine
    from bosspick.screening.feed import Feed

    with closing(open_engine()) as engine:
        return Feed(week, engine).outline()


def _print_report(
    weeks: list[Week],
    outlines: dict[str, dict[str, Outline]],
    findings: list[Finding],
    errors: list[tuple[str, BosspickError]],
) -> None:
    for week in weeks:
        counts = [f"{len(frame):,} {name}" for name, frame in week.tables.items() if len(frame)]
        counts += [f"{each.rows:,} {name} in {each.partitions:,} partition{'' if each.partitions == 1 else 's'}"
                   for name, each in outlines.get(week.session_id, {}).items() if each.partitions]  # fmt: skip
        click.echo(f"{week.session_id}: {', '.join(counts)}; evidence as of {week.as_of:%Y-%m-%d %H:%M%z}")
    for finding in findings:
        click.echo(f"{'bad ' if finding.severity == 'bad' else 'note'}  {finding}")
    for week_id, refused in errors:
        click.echo(f"bad   {week_id}: {refused}", err=True)


def _print_json(
    weeks: list[Week],
    outlines: dict[str, dict[str, Outline]],
    findings: list[Finding],
    errors: list[tuple[str, BosspickError]],
    written: list[Path],
) -> None:
    rows: list[dict[str, object]] = [
        {"session": week.session_id, "as_of": week.as_of, "tables": {name: len(rows) for name, rows in week.tables.items()}}
        for week in weeks
    ]
    for row, week in zip(rows, weeks, strict=True):
        if week.session_id in outlines:
            row["partitions"] = {name: asdict(each) for name, each in outlines[week.session_id].items()}
    as_json(
        {
            "weeks": rows,
            "findings": [asdict(finding) for finding in findings],
            "errors": [{"session": week_id, "message": str(refused)} for week_id, refused in errors],
            "quarantine": [str(path) for path in written],
        }
    )


@click.command()
@click.argument("folder", type=click.Path())
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same bytes.")
@click.option("--offers", default=240, show_default=True, help=f"Offers a week; a lineup of ten needs about {_LEAST_OFFERS}.")
@click.option("--quotes", type=int, help="Quotes a week. Default: 4000, or 16 an offer.")
@click.option("--weeks", default=4, show_default=True, help="Weeks to plan.")
@click.option("--shows", default=40, show_default=True, help="Past shows.")
@click.option("--format", "file_format", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
def demo(
    folder: str, seed: int, offers: int, quotes: int | None, weeks: int, shows: int, file_format: Literal["csv", "parquet"]
) -> None:
    """Make an invented room: brands, quotes, past shows and weeks to plan, all synthetic and labelled so.

    \b
    Example:
      bosspick demo my-room --offers 500 --quotes 20000 --weeks 2
    """
    from bosspick.demo import generate_room

    quotes = max(4000, 16 * offers) if quotes is None else quotes
    if offers < _LEAST_OFFERS or quotes < _LEAST_QUOTES * offers:
        enough = f"{_LEAST_OFFERS} offers with {_LEAST_QUOTES} quotes each are enough"
        click.echo(f"so small a room may have no ten that keep its rules: {enough}", err=True)
    generate_room(Path(folder), seed=seed, offers=offers, quotes=quotes, weeks=weeks, shows=shows, file_format=file_format)
    click.echo(f"made {folder}: {weeks} weeks of {offers} offers; try `bosspick brief {folder}`")
