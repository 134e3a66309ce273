"""``bosspick publish``, ``log`` and ``restore``: the room's ledger."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bosspick.cli.shared import as_json, open_stage, room_arguments, show_table

if TYPE_CHECKING:
    import pandas as pd

    from bosspick.ledger import Ledger

_WHO = click.option("--who", required=True, help="Who enters this: a name or a team.")


@click.command()
@room_arguments
@_WHO
@click.option("--note", default="", help="Why, for whoever reads the log.")
@click.option("--json", "json_output", is_flag=True, help="Print the entry as JSON.")
def publish(
    room: str, session: str | None, as_of: str | None, folder: str | None, who: str, note: str, json_output: bool
) -> None:
    """Publish the week's plan: the lineup everybody works with until the next one.

    Exits 1, and nothing is published, while a text of the ten or the bench is on the word list and nobody signed it: see
    bosspick wording.

    \b
    Example:
      bosspick publish my-room --session 2026-W48 --who producer
    """
    from bosspick.briefing.wording_check import refuse_unsigned, unsigned_of
    from bosspick.ledger import Ledger, published_document

    stage = open_stage(room, session, as_of, folder)
    refuse_unsigned(unsigned_of(stage.week, stage.screening, stage.plan))
    plan, week = stage.plan, stage.week
    ledger = Ledger.of_room(week.room)
    number = ledger.publish(
        week.session_id, plan.version, sorted(plan.chosen["offer_id"]), who=who, document=published_document(plan), note=note
    )
    if json_output:
        as_json({"session": week.session_id, "number": number, "version": plan.version})
        return
    home = shlex.quote(str(week.room) if "://" in room else room)
    again = f"bosspick restore {home} {number} --session {week.session_id} --who {shlex.quote(who)}"
    click.echo(f"published {plan.version} as number {number}; `{again}` brings it back")


@click.command()
@click.argument("room")
@click.argument("offer", required=False)
@click.option("--session", "-s", help="Only entries of this week.")
@click.option("--json", "json_output", is_flag=True, help="Print the entries as JSON.")
def log(room: str, offer: str | None, session: str | None, json_output: bool) -> None:
    """Tell the story of an offer, or of the whole room: published, locked, talked about, agreed, on air.

    \b
    Examples:
      bosspick log my-room W48-017
      bosspick log my-room --session 2026-W48
    """
    import pandas as pd

    from bosspick.frames import records
    from bosspick.ledger import story

    found = story(_ledger(room), session, offer)
    if json_output:
        as_json(found.astype(object).where(found.notna(), None).to_dict("records"))
        return
    if found.empty:
        click.echo("nothing was entered yet" + (f" about {offer}" if offer else ""))
        return
    click.echo("times in UTC")
    for row in records(found):
        # A line an entry: a story is read from top to bottom, and searched.
        number = "" if pd.isna(row["number"]) else f" · number {row['number']}"
        note = f" · {row['note']}" if row["note"] else ""
        when = f"{row['at']:%Y-%m-%d %H:%M} {row['session_id']}"
        click.echo(f"{when} {row['offer_id'] or '–':9} {row['who']}: {row['what']}{number}{note}")


@click.command()
@click.argument("room")
@click.argument("number", type=int)
@click.option("--session", "-s", required=True, help="ISO week such as 2026-W48.")
@_WHO
def restore(room: str, number: int, session: str, who: str) -> None:
    """Publish an earlier lineup again; `bosspick log` shows the numbers.

    \b
    Example:
      bosspick restore my-room 3 --session 2026-W48 --who producer
    """
    version = _ledger(room).restore(session, number, who=who)
    click.echo(f"{version} is the published lineup of {session} again; a new plan keeps it unless a change pays")


def _ledger(room: str) -> Ledger:
    from bosspick.errors import RoomError
    from bosspick.ledger import Ledger

    folder = Path(room)
    if "://" in room or not folder.is_dir():
        raise RoomError(
            "is no folder",
            where=room,
            hint="name the folder that holds policy.toml; set $BOSSPICK_LEDGER for a team's database",
        )
    return Ledger.of_room(folder)


def show_moves(found: pd.DataFrame) -> None:
    """Print what a plan moves against the published one."""
    from bosspick.briefing.wording import yuan

    rows = found.assign(before=[yuan(price) if price is not None else "" for price in _plain(found["before_fen"])],
                        now=[yuan(price) if price is not None else "" for price in _plain(found["now_fen"])])  # fmt: skip
    show_table(rows, ["move", "offer_id", "title", "before", "now", "why"], title="Against the published lineup")


def _plain(prices: pd.Series) -> list[int | None]:
    return [None if missing else int(price) for price, missing in zip(prices, prices.isna(), strict=True)]
