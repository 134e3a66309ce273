"""The rundown of a planned week: true counts, one stamp, and times inside the show."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import icalendar
import pandas as pd
import pytest

from bosspick import open_room, plan_lineup, plan_rundown
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from bosspick.rundown import Rundown
from bosspick.rundown.files import rundown_calendar, rundown_rows
from tests.rooms import write_room


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Week, LineupPlan, Rundown]:
    """A small week, its plan and rundown."""
    week = open_room(write_room(tmp_path_factory.mktemp("rundown") / "room")).week()
    plan = plan_lineup(week)
    return week, plan, plan_rundown(week, plan)


def test_slots_follow_each_other_from_the_start(planned: tuple[Week, LineupPlan, Rundown]) -> None:
    week, plan, rundown = planned
    slots = rundown.slots
    assert slots["starts_at"].iloc[0] == week.starts_at
    assert list(slots["starts_at"].iloc[1:]) == list(slots["ends_at"].iloc[:-1])
    assert slots["ends_at"].iloc[-1] <= week.starts_at + timedelta(minutes=week.policy.show.minutes)
    assert set(slots["offer_id"]) == set(plan.chosen["offer_id"])
    assert rundown.version == plan.version


def test_stock_releases_add_up_to_what_was_planned(planned: tuple[Week, LineupPlan, Rundown]) -> None:
    _, _, rundown = planned
    for slot in rundown.slots.to_dict("records"):
        releases = rundown.tranches[rundown.tranches["slot"] == slot["slot"]]
        assert releases["units"].sum() == slot["planned_units"]
        assert list(releases["left_after"]) == list(slot["planned_units"] - releases["units"].cumsum())
        assert releases["at"].between(slot["starts_at"], slot["ends_at"]).all()


def test_the_calendar_holds_every_slot(planned: tuple[Week, LineupPlan, Rundown]) -> None:
    week, _, rundown = planned
    calendar = icalendar.Calendar.from_ical(rundown_calendar(week, rundown))
    events = list(calendar.walk("VEVENT"))
    assert [event.decoded("dtstart") for event in events] == [moment.to_pydatetime() for moment in rundown.slots["starts_at"]]
    assert rundown_calendar(week, rundown) == rundown_calendar(week, rundown)


def test_the_table_names_every_cue_once(planned: tuple[Week, LineupPlan, Rundown]) -> None:
    _, _, rundown = planned
    rows = rundown_rows(rundown)
    assert len(rows) == len(rundown.slots) + len(rundown.tranches)
    assert rows["at"].is_monotonic_increasing
    assert (rows["version"] == rundown.version).all()


def test_a_window_past_midnight_is_the_next_day(tmp_path: Path) -> None:
    from tests.rooms import offer

    rows = [offer(n, rep_from="19:00", rep_to="00:30") for n in (1, 2, 3)]
    week = open_room(write_room(tmp_path / "room", offers=rows)).week()
    rundown = plan_rundown(week, plan_lineup(week))
    assert rundown.slots["rep_on_set"].all()
    assert pd.Series(rundown.breaches, dtype="str").str.contains("representative").sum() == 0
