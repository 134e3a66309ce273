"""``bosspick season``: this week and those after it, planned together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bosspick.cli.shared import as_json, moment, room_arguments, session_of, show_table

if TYPE_CHECKING:
    from bosspick.lineup import Gini


@click.command()
@room_arguments
@click.option("--weeks", "-n", type=click.IntRange(1, 8), default=4, show_default=True, help="How many weeks.")
@click.option(
    "--spread", multiple=True, metavar="COLUMN=GINI", help="Most uneven the season may fall on a column, such as category=0.3."
)
@click.option(
    "--gap",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.01,
    show_default=True,
    help="How much better another season may be at most; 0 asks for the proof.",
)
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=120.0, show_default=True, help="Time limit.")
@click.option("--json", "json_output", is_flag=True, help="Print the result as JSON.")
def season(
    room: str, session: str | None, as_of: str | None, folder: str | None, weeks: int, spread: tuple[str, ...], gap: float,
    seconds: float, json_output: bool,
) -> None:  # fmt: skip
    """Plan up to eight weeks at once; the first of them is the plan to publish.

    What was agreed, refused, locked and banned so far counts, as in `bosspick plan`. A week the room has no tables for yet
    is planned from the first week's offers, and is said to be. With --as-of the first week's evidence is judged at that moment.

    \b
    Example:
      bosspick season seeds --weeks 4 --spread category=0.3
    """
    from bosspick.intake import open_room
    from bosspick.ledger import Ledger, Standing
    from bosspick.lineup.season_plan import plan_season

    opened = open_room(room, folder=folder)
    ledger = Ledger.of_room(opened.folder)
    found = plan_season(
        opened, session_of(opened, session), weeks=weeks, spread=[_gini(text) for text in spread], gap=gap,
        as_of=moment(as_of), known=lambda week: Standing.of_week(ledger, week), time_limit_s=seconds,
    )  # fmt: skip
    result = found.result
    if json_output:
        lineups = {week: rows[["offer_id", "option_id", "value"]].to_dict("records") for week, rows in found.weeks.items()}
        as_json(
            {"outcome": result.outcome, "value": result.value, "bound": result.bound, "gap": result.gap, "weeks": lineups,
             "assumed_weeks": found.assumed}
        )  # fmt: skip
        return
    click.echo(
        f"{result.outcome}: worth {result.value:,.0f} yuan-equivalents, "
        f"at most {result.bound:,.0f} possible ({result.gap:.2%} more)"
    )
    for week, rows in found.weeks.items():
        assumed = f" (no tables yet: planned from the offers of {next(iter(found.weeks))})" if week in found.assumed else ""
        show_table(rows, ["offer_id", "title", "brand_id", "category", "value"], title=week + assumed)


def _gini(text: str) -> Gini:
    from bosspick.errors import InputError
    from bosspick.lineup import Gini

    column, _, bound = text.partition("=")
    try:
        return Gini(column=column, at_most=float(bound))
    except ValueError:
        raise InputError(
            f"{text!r} is no bound", where="--spread", hint="write a column and a figure, such as category=0.3"
        ) from None
