"""The rundown as a table and as a calendar file."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from bosspick.intake import Week
from bosspick.rundown.plan import Rundown

__all__ = ["rundown_calendar", "rundown_rows"]


def rundown_rows(rundown: Rundown) -> pd.DataFrame:
    """The control desk's table: one row a cue, in the order of time.

    Columns: at (HH:MM:SS), slot, offer_id, cue, title, role, minutes, viewer_price (yuan), units, left_after,
    version.
    """
    rows = []
    for slot in rundown.slots.to_dict("records"):
        base = {"slot": slot["slot"], "offer_id": slot["offer_id"], "title": slot["title"], "role": slot["role"],
                "version": rundown.version}  # fmt: skip
        price = f"{slot['viewer_price_fen'] / 100:.2f}"
        rows.append(base | {"at": slot["starts_at"], "cue": "on air", "minutes": slot["minutes"], "viewer_price": price})
        for tranche in rundown.tranches[rundown.tranches["slot"] == slot["slot"]].to_dict("records"):
            cue = "link up, price open, stock release 1" if tranche["tranche"] == 1 else f"stock release {tranche['tranche']}"
            rows.append(base | {"at": tranche["at"], "cue": cue, "viewer_price": price, "units": tranche["units"],
                                "left_after": tranche["left_after"]})  # fmt: skip
    table = pd.DataFrame(rows).sort_values(["at", "slot"], kind="stable", ignore_index=True)
    table["at"] = [moment.strftime("%H:%M:%S") for moment in table["at"]]
    for column in ("minutes", "units", "left_after"):
        table[column] = table[column].astype("Int64")
    return table[
        ["at", "slot", "offer_id", "cue", "title", "role", "minutes", "viewer_price", "units", "left_after", "version"]
    ]


def rundown_calendar(week: Week, rundown: Rundown) -> bytes:
    """The show and the brands' windows as an iCalendar file (RFC 5545)."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Boss's Pick//rundown//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Boss's Pick {week.session_id} · {rundown.version}")
    for slot in rundown.slots.to_dict("records"):
        event = Event()
        event.add("uid", f"{week.session_id}-{slot['offer_id']}@bosspick")
        # The plan's own moment: a clock here would change the bytes of an unchanged plan.
        event.add("dtstamp", week.as_of)
        event.add("dtstart", _whole(slot["starts_at"]))
        event.add("dtend", _whole(slot["ends_at"]))
        event.add("summary", f"{slot['slot']}. {slot['title']}")
        on_set = "" if pd.isna(slot["rep_from"]) and pd.isna(slot["rep_to"]) else f"{slot['rep_from']}–{slot['rep_to']}"
        event.add(
            "description", f"{slot['role']} · {rundown.version}" + (f" · representative on set {on_set}" if on_set else "")
        )
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _whole(moment: pd.Timestamp | datetime) -> datetime:
    return pd.Timestamp(moment).to_pydatetime().replace(microsecond=0)
