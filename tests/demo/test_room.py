"""The generated room: same bytes, right sizes, columns as the data dictionary says."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from bosspick import open_room
from bosspick.demo import TRAPS, generate_room
from bosspick.errors import RoomError
from bosspick.policy import load_policy
from bosspick.policy_rules import RuleSpec
from bosspick.screening import screen
from bosspick.tables import TABLES
from tests.demo.conftest import SEEDS

WEEKS = ("2026-W48", "2026-W49", "2026-W50", "2026-W51")


def contents(room: Path) -> dict[str, bytes]:
    return {path.relative_to(room).as_posix(): path.read_bytes() for path in sorted(room.rglob("*")) if path.is_file()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_two_runs_write_the_same_bytes(tmp_path: Path, fresh: Path) -> None:
    assert contents(generate_room(tmp_path / "again")) == contents(fresh)


def test_the_committed_seeds_are_a_fresh_room(fresh: Path) -> None:
    committed = contents(SEEDS)
    assert committed.keys() == contents(fresh).keys()
    assert [name for name, data in contents(fresh).items() if committed[name] != data] == []


def test_another_seed_writes_other_quotes(tmp_path: Path, small: Path) -> None:
    other = generate_room(tmp_path / "other", seed=8, offers=30, quotes=300, weeks=2, shows=3)
    assert (other / WEEKS[0] / "quotes.csv").read_bytes() != (small / WEEKS[0] / "quotes.csv").read_bytes()


def test_no_committed_file_is_over_a_megabyte() -> None:
    assert [name for name, data in contents(SEEDS).items() if len(data) > 1_000_000] == []


@pytest.mark.parametrize(
    ("offers", "quotes", "weeks", "shows"),
    [(1, 1, 1, 0), (12, 40, 1, 1), (59, 4000, 2, 2), (60, 700, 1, 5), (500, 900, 1, 3)],
)
def test_sizes_are_kept(tmp_path: Path, offers: int, quotes: int, weeks: int, shows: int) -> None:
    room = generate_room(tmp_path / "room", offers=offers, quotes=quotes, weeks=weeks, shows=shows)
    assert [path.name for path in sorted(room.glob("2026-*"))] == list(WEEKS[:weeks])
    for week in WEEKS[:weeks]:
        assert len(rows(room / week / "offers.csv")) == offers
        assert len(rows(room / week / "quotes.csv")) == quotes
    airings = rows(room / "history" / "airings.csv") if shows else []
    assert len({row["session_id"] for row in airings}) == shows


@pytest.mark.parametrize("week", WEEKS)
def test_a_week_is_read_without_a_bad_row(week: str) -> None:
    read = open_room(SEEDS).week(week)
    assert read.bad == ()
    assert len(read.table("offers")) == 240
    assert len(read.table("quotes")) == 4000
    assert 25 <= len(read.table("wishes")) <= 35
    assert read.as_of.isoformat().endswith("T18:00:00+08:00")


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_of_the_dictionary_is_there(table: str) -> None:
    spec = TABLES[table]
    folder = SEEDS / WEEKS[1] if spec.weekly else SEEDS / "history" if table == "airings" else SEEDS
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == [column.name for column in spec.columns]


def test_the_first_weeks_wishes_are_chinese_and_gb18030() -> None:
    data = (SEEDS / WEEKS[0] / "wishes.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert data.decode("gb18030").splitlines()[0] == "愿望编号,话题,票数,品牌编号,类目,关键词"


def test_parquet_holds_the_same_room(tmp_path: Path, small: Path) -> None:
    room = generate_room(tmp_path / "room", offers=30, quotes=300, weeks=2, shows=3, file_format="parquet")
    assert not list(room.rglob("offers.csv"))
    for week in WEEKS[:2]:
        ours, theirs = open_room(room).week(week), open_room(small).week(week)
        for name in TABLES:
            pd.testing.assert_frame_equal(ours.table(name), theirs.table(name))


def test_ids_follow_the_week(small: Path) -> None:
    for week in WEEKS[:2]:
        assert all(row["offer_id"].startswith(f"{week[-3:]}-") for row in rows(small / week / "offers.csv"))


def test_products_come_back_under_new_offer_ids() -> None:
    first, second = (
        {row["gtin"] for row in rows(SEEDS / week / "offers.csv") if "-T" not in row["offer_id"]} for week in WEEKS[:2]
    )
    assert len(first & second) > 50


@pytest.mark.parametrize("week", WEEKS)
def test_about_a_hundred_offers_can_air_and_few_at_their_opening_price(week: str) -> None:
    found = screen(open_room(SEEDS).week(week)).offers
    shares = found["status"].value_counts() / len(found)
    assert 0.08 <= shares["pass"] <= 0.16
    assert 0.30 <= shares["bargain"] <= 0.60


def test_the_policy_uses_every_rule_and_is_valid() -> None:
    policy = load_policy(SEEDS / "policy.toml")
    kinds = {get_args(spec.model_fields["type"].annotation)[0] for spec in get_args(get_args(RuleSpec)[0])}
    assert {rule.type for rule in policy.rules} == kinds
    assert policy.room.synthetic
    assert {pot.payer for pot in policy.pots} == {"platform", "brand", "host"}
    assert all(rule.why for rule in policy.rules)


def test_rules_that_name_offers_name_some_that_can_air() -> None:
    found = screen(open_room(SEEDS).week(WEEKS[0])).airable().set_index("offer_id")["status"]
    named: list[str] = []
    for rule in load_policy(SEEDS / "policy.toml").rules:
        if rule.type in ("lock", "ban"):
            assert found[rule.offer_id] == "pass"
            named.append(rule.offer_id)
        elif rule.type in ("apart", "together"):
            named += rule.offer_ids
        elif rule.type == "if_then":
            named += rule.if_any + rule.then_any
        if named and rule.type in ("lock", "ban", "apart", "together", "if_then"):
            assert rule.sessions == (WEEKS[0],)
            assert rule.mode == "hard"
    assert len(named) == len(set(named)) == 9
    assert set(named) <= set(found.index)
    assert not any("-T" in offer for offer in named)


def test_a_small_room_switches_such_rules_off_and_says_it_has_no_traps(small: Path) -> None:
    rules = load_policy(small / "policy.toml").rules
    modes = {rule.mode for rule in rules if rule.type in ("lock", "ban", "apart", "together", "if_then")}
    assert modes == {"off"}
    assert "too small for traps" in (small / "README.md").read_text(encoding="utf-8")
    assert not any("-T" in row["offer_id"] for row in rows(small / WEEKS[0] / "offers.csv"))


def test_every_trap_has_its_offer_and_its_line() -> None:
    offers = {row["offer_id"] for row in rows(SEEDS / WEEKS[0] / "offers.csv")}
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    for trap in TRAPS:
        assert trap.offer_id("W48") in offers
        assert f"| {trap.offer_id('W48')} | {trap.name} |" in readme


@pytest.mark.parametrize(
    "arguments",
    [{"offers": 0}, {"quotes": 0}, {"weeks": 0}, {"shows": -1}, {"seed": -1}, {"first_week": "2026-48"},
     {"first_week": "2027-W53"}, {"file_format": "xlsx"}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_is_written(tmp_path: Path, arguments: dict[str, object]) -> None:
    with pytest.raises(RoomError):
        generate_room(tmp_path / "room", **arguments)  # type: ignore[arg-type]  # wrong on purpose
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RoomError, match="something already"):
        generate_room(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled_and_no_draft_is_left(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    generate_room(room, offers=5, quotes=20, weeks=1, shows=1)
    assert (room / "policy.toml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["room"]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RoomError):
        generate_room(tmp_path / "file" / "room", offers=5, quotes=20, weeks=1, shows=1)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_orders_follow_the_views() -> None:
    airings = pd.DataFrame(rows(SEEDS / "history" / "airings.csv")).astype({"units": int, "viewers": int})
    by_show = airings.groupby("session_id")
    shows = by_show.agg(units=("units", "sum"), viewers=("viewers", "first"), items=("units", "size"))
    assert set(shows["items"]) == {10}
    assert 14 <= (shows["units"] * 1000 / shows["viewers"]).mean() <= 18
