"""Cells that can each be read and cannot be true together."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick import open_room
from bosspick.intake import Week
from tests.rooms import POLICY, WEEK, offer, write_room, write_rows

AIRING = {"session_id": "2026-W40", "offer_id": "O1", "brand_id": "B1", "category": "美妆", "stock": "500", "units": "400",
          "returned_units": "10", "complaints": "1"}  # fmt: skip


def told(week: Week) -> list[tuple[str, int | None, str, str, str]]:
    return [(each.file, each.row, each.column, each.value, each.reason) for each in week.bad]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({}, None), ({"units": "500"}, None), ({"units": "0", "returned_units": "0"}, None), ({"stock": ""}, None),
        ({"returned_units": ""}, None), ({"returned_units": "400"}, None),
        ({"units": "501"}, ("units", "501", "is more than the stock")),
        ({"returned_units": "401"}, ("returned_units", "401", "is more than the units sold")),
        ({"units": "-1"}, ("units", "-1", "is below 0")), ({"stock": "-1"}, ("stock", "-1", "is below 0")),
        ({"returned_units": "-1"}, ("returned_units", "-1", "is below 0")),
    ],
)  # fmt: skip
def test_units_of_past_shows(tmp_path: Path, changes: dict[str, str], finding: tuple[str, str, str] | None) -> None:
    room = write_room(tmp_path)
    write_rows(room / "history" / "airings.csv", [AIRING | {"offer_id": "O9"}, AIRING | changes])
    week = open_room(room).week()
    assert told(week) == ([] if finding is None else [("history/airings.csv", 3, *finding)])
    assert len(week.table("airings")) == (2 if finding is None else 1)


@pytest.mark.parametrize(
    ("starts_at", "rep_from", "rep_to", "good"),
    [
        ("20:00", "19:00", "23:00", True), ("20:00", "23:00", "00:30", True), ("20:00", "19:00", "", True),
        ("20:00", "", "19:00", True), ("20:00", "00:10", "01:00", True), ("20:00", "23:00", "19:00", False),
        ("20:00", "21:00", "21:00", False), ("20:00", "00:30", "23:00", False), ("09:00", "09:00", "13:00", True),
        ("09:00", "13:00", "11:00", False),
    ],
)  # fmt: skip
def test_a_representative_leaves_after_arriving(tmp_path: Path, starts_at: str, rep_from: str, rep_to: str, good: bool) -> None:
    policy = POLICY.replace("[show]", f'[show]\nstarts_at = "{starts_at}"')
    room = write_room(tmp_path, offers=[offer(1), offer(2, rep_from=rep_from, rep_to=rep_to)], policy=policy)
    # The other offer must be possible whenever the show starts.
    write_rows(room / WEEK / "offers.csv", [offer(1, rep_from="", rep_to=""), offer(2, rep_from=rep_from, rep_to=rep_to)])
    assert told(open_room(room).week()) == (
        [] if good else [(f"{WEEK}/offers.csv", 3, "rep_to", rep_to, "is not after rep_from")]
    )


def test_floors_and_days_the_wrong_way_round(tmp_path: Path) -> None:
    room = write_room(tmp_path, offers=[offer(1), offer(2, floor_low="88", floor_high="80")])
    days = {"date_from": "2026-11-01", "date_to": "2026-11-11", "event": "双十一"}
    write_rows(room / "calendar.csv", [days, days | {"event": "双十二", "date_to": "2026-10-12"}])
    week = open_room(room).week()
    assert told(week) == [
        (f"{WEEK}/offers.csv", 3, "floor_low", "", "is above floor_high"),
        ("calendar.csv", 3, "date_to", "2026-10-12", "is before date_from"),
    ]
    assert (len(week.table("offers")), len(week.table("calendar"))) == (1, 1)
