"""``bosspick watch``: whether the published prices still hold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import pandas as pd

from bosspick.briefing.wording import yuan
from bosspick.cli.shared import as_json, moment, room_options, show_table

if TYPE_CHECKING:
    from bosspick.intake import Room


def _published(room: Room, out: Path, at: datetime) -> str:
    """The week whose show people bought at last, or will next: the last one published up to this moment's week."""
    current = room.current_session(at)
    known = [week for week in room.sessions() if week <= current and (out / week / "latest" / "plan.json").is_file()]
    return known[-1] if known else current


@click.command()
@room_options(session="Default: the last one published up to now.", as_of="Default: now.")
@click.option("--out", "-o", type=click.Path(file_okay=False, path_type=Path), default="briefings", show_default=True,
              help="Folder of the briefings; the session's latest is watched.")  # fmt: skip
@click.option("--json", "json_output", is_flag=True, help="Print the result as JSON.")
def watch(room: str, session: str | None, as_of: str | None, folder: str | None, out: Path, json_output: bool) -> None:
    """Say which lineup items lost their verdict, by which quote, and who paid for it.

    For two hours before the show, for go-live, and through the protection days after it. Without --as-of it judges at
    this moment, not at the last capture. The first line is fit for an alert.

    \b
    Examples:
      bosspick watch seeds
      bosspick watch seeds --as-of 2026-11-28T18:00+08:00 --json
    """
    from bosspick.intake import open_room
    from bosspick.ledger import Ledger, published_plan
    from bosspick.reviewing import watch as watched
    from bosspick.reviewing.watch import WATCH_REASONS
    from bosspick.screening import screen

    at = moment(as_of) or datetime.now(UTC)
    opened = open_room(room, folder=folder)
    session_id = session if session is not None else _published(opened, out, at)
    planned = published_plan(out, session_id)
    week = opened.week(session_id, as_of=at)
    found = screen(week, decisions=Ledger.of_room(week.room).match_decisions())
    report = watched(week, found, planned, at=at)
    items = report.items.astype(object).where(report.items.notna(), None)
    if json_output:
        as_json({"session": report.session_id, "as_of": at.astimezone(week.starts_at.tzinfo), "phase": report.phase.name,
                 "phase_in_words": report.phase.words, "headline": report.headline, "ok": report.is_ok,
                 "items": items.to_dict("records")})  # fmt: skip
        raise SystemExit(0 if report.is_ok else 1)
    click.echo(report.headline)
    if report.phase.is_after:
        click.echo(f"only prices seen since the show began count: {week.starts_at:%Y-%m-%d %H:%M}, the room's time")
    rows = report.items.copy()
    for name, column in (("on air", "viewer_price_fen"), ("then", "web_lowest_then_fen"), ("web-lowest", "web_lowest_fen")):
        rows[name] = [yuan(price) for price in rows[column]]
    rows["channels"] = rows["channels_checked"]
    rows["why"] = ["" if code == "LOWEST" else WATCH_REASONS[code] for code in rows["reason_code"]]
    show_table(rows, ["offer_id", "on air", "then", "web-lowest", "channels", "now", "why"], title="Items")
    lost = rows[rows["quote_id"].notna()].copy()
    if len(lost):
        zone = ZoneInfo(week.policy.room.timezone)
        lost["seen"] = [pd.Timestamp(seen).tz_convert(zone).strftime("%m-%d %H:%M") for seen in lost["seen_at"]]
        lost["lower by"] = [None if pd.isna(fen) else yuan(fen) for fen in lost["difference_fen"]]
        lost["breach"] = lost["breach"].map({True: "breach", False: ""})
        show_table(lost, ["offer_id", "quote_id", "channel", "shop", "seen", "lower by", "breach", "funder", "promotions"],
                   title="What undercuts them")  # fmt: skip
    raise SystemExit(0 if report.is_ok else 1)
