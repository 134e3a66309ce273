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
from bosspick.policy import RundownPolicy
from bosspick.rundown import Rundown
from bosspick.rundown.files import rundown_calendar, rundown_rows
from bosspick.rundown.releases import stock_releases
from tests.rooms import offer, write_room


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


def test_the_calendar_holds_every_slot_and_every_representative(planned: tuple[Week, LineupPlan, Rundown]) -> None:
    week, _, rundown = planned
    calendar = icalendar.Calendar.from_ical(rundown_calendar(week, rundown))
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert len(events) == 2 * len(rundown.slots)
    for slot in rundown.slots.to_dict("records"):
        on_air = events[f"{week.session_id}-{slot['offer_id']}@bosspick"]
        assert (on_air.decoded("dtstart"), on_air.decoded("dtend")) == (slot["starts_at"], slot["ends_at"])
        there = events[f"{week.session_id}-{slot['offer_id']}-representative@bosspick"]
        assert (there.decoded("dtstart"), there.decoded("dtend")) == (slot["rep_arrives"], slot["rep_leaves"])
        assert there.decoded("dtstart").isoformat() == "2026-11-28T11:00:00+00:00"
    assert rundown_calendar(week, rundown) == rundown_calendar(week, rundown)


@pytest.mark.parametrize(
    ("rep_from", "rep_to", "event"),
    [("", "", None), ("19:30", "", ("19:30", "20:20")), ("", "21:00", ("20:00", "21:00"))],
    ids=["none", "until the end", "from the start"],
)
def test_a_half_stated_window_reaches_to_the_end_of_the_show(
    rep_from: str, rep_to: str, event: tuple[str, str] | None, tmp_path: Path
) -> None:
    rows = [offer(n, rep_from=rep_from, rep_to=rep_to) for n in (1, 2, 3)]
    week = open_room(write_room(tmp_path / "room", offers=rows)).week()
    rundown = plan_rundown(week, plan_lineup(week, explain=False))
    calendar = icalendar.Calendar.from_ical(rundown_calendar(week, rundown))
    found = [each for each in calendar.walk("VEVENT") if "representative" in str(each["uid"])]
    spans = {tuple(f"{each.decoded(end).astimezone(week.zone):%H:%M}" for end in ("dtstart", "dtend")) for each in found}
    assert spans == (set() if event is None else {event})


def test_the_table_names_every_cue_once_in_the_order_of_time(planned: tuple[Week, LineupPlan, Rundown]) -> None:
    _, _, rundown = planned
    rows = rundown_rows(rundown)
    assert len(rows) == 3 * len(rundown.slots) + len(rundown.tranches)
    assert rows["at"].is_monotonic_increasing
    assert (rows["version"] == rundown.version).all()
    releases = [f"stock release {number}" for number in (1, 2, 3)]
    for _, cues in rows.groupby("slot"):
        assert list(cues["cue"]) == ["on air", "link up", "price open", *releases]
        at = dict(zip(cues["cue"], cues["at"], strict=True))
        assert at["link up"] < at["price open"] == at["stock release 1"]


@pytest.mark.parametrize(
    ("planned_units", "policy", "peaks", "over", "needed"),
    [
        (50_000, {"tranches": 1, "peak_to_mean": 1.0}, [833.3], [False], 1),
        (50_000, {"tranches": 1}, [1666.7], [False], 1),
        (60_000, {"tranches": 1}, [2000.0], [True], 2),
        (60_000, {"tranches": 2}, [1333.3, 666.7], [False, False], 2),
        (150_000, {"tranches": 3}, [2500.0, 1666.7, 833.3], [True, False, False], 5),
        (0, {"tranches": 2}, [0.0, 0.0], [False, False], 1),
    ],
)
def test_a_release_is_a_peak(
    planned_units: int, policy: dict[str, float], peaks: list[float], over: list[bool], needed: int
) -> None:
    starts = pd.Timestamp("2026-11-28T20:00:00+08:00")
    slots = pd.DataFrame([{"slot": 1, "offer_id": "O1", "starts_at": starts, "minutes": 10, "planned_units": planned_units}])
    found = stock_releases(slots, RundownPolicy.model_validate(policy))
    assert list(found["peak_per_s"]) == peaks
    assert list(found["over_capacity"]) == over
    assert set(found["releases_needed"]) == {needed}
    again = stock_releases(slots, RundownPolicy.model_validate(policy | {"tranches": needed}))
    assert not again["over_capacity"].any()


def test_a_bench_item_is_tried_in_every_slot(tmp_path: Path) -> None:
    rows = [offer(1), offer(2), offer(3, rep_to="20:10", opening_price="97.00", floor_low="90.00", floor_high="95.00")]
    week = open_room(write_room(tmp_path / "room", offers=rows)).week()
    rundown = plan_rundown(week, plan_lineup(week))
    tried = rundown.bench.set_index("slot")
    assert list(tried["offer_id"]) == ["O3", "O3"]
    assert tried["stands_in"].any()
    category = dict(zip(rundown.slots["slot"], rundown.slots["category"], strict=True))
    for slot, other in ((1, 2), (2, 1)):
        expected = []
        if slot == 2 or rundown.slots["minutes"].iloc[0] > 10:
            expected.append("representative not on set then")
        if category[other] == "美妆":
            expected.append("next to another of 美妆")
        assert tried.loc[slot, "in_the_way"] == "; ".join(expected)
        assert tried.loc[slot, "fits"] == (not expected)


def test_a_window_past_midnight_is_the_next_day(tmp_path: Path) -> None:
    rows = [offer(n, rep_from="19:00", rep_to="00:30") for n in (1, 2, 3)]
    week = open_room(write_room(tmp_path / "room", offers=rows)).week()
    rundown = plan_rundown(week, plan_lineup(week))
    assert rundown.slots["rep_on_set"].all()
    assert pd.Series(rundown.breaches, dtype="str").str.contains("representative").sum() == 0
