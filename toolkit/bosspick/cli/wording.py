"""``bosspick wording``: what may not be said on air as it stands."""

from __future__ import annotations

import click

from bosspick.cli.shared import as_json, open_stage, room_arguments, show_table


@click.command()
@room_arguments
@click.option("--json", "json_output", is_flag=True, help="Print the hits as JSON.")
def wording(room: str, session: str | None, as_of: str | None, folder: str | None, json_output: bool) -> None:
    """Check titles, gifts, wishes and sentences of the ten and the bench against the word list.

    A hit is cleared by changing the text, or by a row of wording_signed.csv in the room: offer_id, phrase, who, why. A
    room's own wording.csv adds to the list. Exits 1 while a hit is neither changed nor signed.

    \b
    Example:
      bosspick wording seeds --session 2026-W48
    """
    from bosspick.briefing.wording_check import wording_hits

    hits = wording_hits(open_stage(room, session, as_of, folder))
    if json_output:
        as_json(hits.to_dict("records"))
    elif hits.empty:
        click.echo("nothing in the texts of the ten and the bench is on the word list")
    else:
        shown = hits.assign(cleared=[who or "no" for who in hits["signed_by"]])
        show_table(
            shown, ["offer_id", "place", "phrase", "suggestion", "source", "cleared"], title="Not to be said as it stands"
        )
    raise SystemExit(0 if hits["signed"].all() else 1)
