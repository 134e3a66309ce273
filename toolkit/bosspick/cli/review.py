"""``bosspick review``: a past show against its expectation."""

from __future__ import annotations

import click

from bosspick.briefing.wording import yuan
from bosspick.cli.shared import as_json, room_options, show_table


@click.command()
@room_options(session="Default: the last show in airings.", as_of=None)
@click.option("--json", "json_output", is_flag=True, help="Print the scorecard as JSON.")
def review(room: str, session: str | None, folder: str | None, json_output: bool) -> None:
    """Compare what a past show was expected to sell with what it sold; --session names a show in airings.

    \b
    Example:
      bosspick review seeds --session 2026-W46
    """
    from bosspick.intake import open_room
    from bosspick.reviewing import review as score

    found = score(open_room(room, folder=folder), session)
    if json_output:
        as_json({"session": found.session_id, "scores": found.scores,
                 "items": found.items.astype(object).where(found.items.notna(), None).to_dict("records")})  # fmt: skip
        return
    rows = found.items.copy()
    rows["on air"] = [yuan(price) for price in rows["viewer_price_fen"]]
    show_table(rows, ["slot", "offer_id", "category", "on air", "expected_units", "units", "error", "breach"],
               title=found.session_id)  # fmt: skip
    for name, value in found.scores.items():
        click.echo(f"{name.replace('_', ' ')}: {'unknown' if value is None else value}")
