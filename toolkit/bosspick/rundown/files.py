"""The rundown as a table of cues and as a calendar file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.frames import records
from bosspick.intake import Week
from bosspick.rundown.plan import Rundown

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["CUES", "rundown_calendar", "rundown_rows"]

#: The cues of one item in the order they come at one moment; the last is numbered.
CUES = ("on air", "link up", "price open", "stock release")
_COLUMNS = ["at", "slot", "offer_id", "cue", "title", "role", "minutes", "viewer_price", "units", "left_after", "peak_per_s",
            "version"]  # fmt: skip


def rundown_rows(rundown: Rundown) -> pd.DataFrame:
    """The control desk's table: one row a cue, in the order of time.

    Returns
    -------
    DataFrame
        at (HH:MM:SS), slot, offer_id, cue (one of :data:`CUES`), title, role, minutes, viewer_price (yuan), units,
        left_after (true count), peak_per_s (orders in the first second of a release), version.
    """
    table = pd.DataFrame(list(_cues(rundown)))
    table = table.sort_values(["at", "slot", "step"], kind="stable", ignore_index=True)
    table["at"] = [moment.strftime("%H:%M:%S") for moment in table["at"]]
    for column in ("minutes", "units", "left_after"):
        table[column] = table[column].astype("Int64")
    return table[_COLUMNS]


def _cues(rundown: Rundown) -> Iterator[dict[str, Any]]:
    releases = records(rundown.tranches)
    for slot in records(rundown.slots):
        base = {name: slot[name] for name in ("slot", "offer_id", "title", "role")} | {"version": rundown.version}
        base["viewer_price"] = f"{slot['viewer_price_fen'] / 100:.2f}"
        yield base | {"at": slot["starts_at"], "step": 0, "cue": CUES[0], "minutes": slot["minutes"]}
        for release in (each for each in releases if each["slot"] == slot["slot"]):
            if release["tranche"] == 1:
                yield base | {"at": release["link_up"], "step": 1, "cue": CUES[1]}
                yield base | {"at": release["at"], "step": 2, "cue": CUES[2]}
            stock = {name: release[name] for name in ("units", "left_after", "peak_per_s")}
            yield base | stock | {"at": release["at"], "step": 3, "cue": f"{CUES[3]} {release['tranche']}"}


def rundown_calendar(week: Week, rundown: Rundown) -> bytes:
    """The show, and each representative's time on set as an event of its own, as an iCalendar file (RFC 5545).

    Moments are in UTC. A representative without a stated time has no event; one who states only one of arriving and
    leaving is there from the start, or until the end of the show.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Boss's Pick//rundown//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Boss's Pick {week.session_id} · {rundown.version}")
    brands = dict(zip(week.table("brands")["brand_id"], week.table("brands")["name"], strict=True))
    brand_of = {row["offer_id"]: brands.get(row["brand_id"], row["brand_id"]) for row in records(week.table("offers"))}
    begins, ends = rundown.slots["starts_at"].iloc[0], rundown.slots["ends_at"].iloc[-1]
    for slot in records(rundown.slots):
        words = f"{slot['role']} · {slot['minutes']} min · {rundown.version}"
        name = f"{slot['slot']}. {slot['title']}"
        calendar.add_component(_event(week, f"{slot['offer_id']}", name, words, slot["starts_at"], slot["ends_at"]))
        arrives, leaves = slot["rep_arrives"], slot["rep_leaves"]
        if pd.isna(arrives) and pd.isna(leaves):
            continue
        arrives, leaves = (begins if pd.isna(arrives) else arrives), (ends if pd.isna(leaves) else leaves)
        name = f"{brand_of[slot['offer_id']]}: representative on set"
        on = f"on air {slot['starts_at']:%H:%M}–{slot['ends_at']:%H:%M}, slot {slot['slot']} · {rundown.version}"
        calendar.add_component(_event(week, f"{slot['offer_id']}-representative", name, on, arrives, leaves))
    return bytes(calendar.to_ical())


def _event(week: Week, uid: str, summary: str, description: str, start: datetime, end: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{week.session_id}-{uid}@bosspick")
    # The plan's own moment: a clock here would change the bytes of an unchanged plan.
    event.add("dtstamp", week.as_of.astimezone(UTC))
    event.add("dtstart", _utc(start))
    event.add("dtend", _utc(end))
    event.add("summary", summary)
    event.add("description", description)
    return event


def _utc(moment: datetime) -> datetime:
    whole: datetime = pd.Timestamp(moment).to_pydatetime().replace(microsecond=0)
    return whole.astimezone(UTC)
