"""The live desk without widgets: what is entered is checked, in the ledger at once, and replayed to the same show."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bosspick.desk.live_air import replay
from bosspick.desk.live_entries import entries_of
from bosspick.desk.live_state import LiveState
from bosspick.desk.live_typed import releases_of
from bosspick.desk.live_view import view_of
from bosspick.errors import BosspickError, InputError
from bosspick.ledger import Ledger, story
from tests.desk.live_show import WEEK, book, entries, state, without


@pytest.fixture
def desk(tmp_path: Path) -> LiveState:
    return state(tmp_path)


#: What stands after some steps: on air, aired, to come, dropped, on the bench, vacant places.
TABLE = [
    ((), None, "", "o1 o2 o3", "", "p1 p2", 0),
    ((("on", "o1", 10, 0),), "o1", "o1", "o2 o3", "", "p1 p2", 0),
    ((("on", "o1", 10, 0), ("on", "o3", 9, 8)), "o3", "o1 o3", "o2", "", "p1 p2", 0),
    ((("on", "o1", 10, 0), ("off", "o1", None, 9)), None, "o1", "o2 o3", "", "p1 p2", 0),
    ((("on", "o1", 10, 0), ("off", "o2", None, 9)), "o1", "o1", "o2 o3", "", "p1 p2", 0),
    ((("drop", "o2", None, 0),), None, "", "o1 o3", "o2", "p1 p2", 1),
    ((("on", "o1", 10, 0), ("drop", "o1", None, 2)), None, "", "o2 o3", "o1", "p1 p2", 1),
    ((("drop", "o2", None, 0), ("swap in", "p2", 7_500, 0)), None, "", "o1 o3 p2", "o2", "p1", 0),
    ((("drop", "o2", None, 0), ("swap in", "p2", 7_500, 0), ("on", "p2", 9, 1)), "p2", "p2", "o1 o3", "o2", "p1", 0),
    ((("drop", "o2", None, 0), ("swap in", "p2", 7_500, 0), ("drop", "p2", None, 1)), None, "", "o1 o3", "o2 p2", "p1", 1),
    ((("on", "o1", 10, 0), ("on", "o2", 9, 8), ("take back", "o2", 2, 9)), "o1", "o1", "o2 o3", "", "p1 p2", 0),
    ((("drop", "o2", None, 0), ("take back", "o2", 1, 1)), None, "", "o1 o2 o3", "", "p1 p2", 0),
    ((("on", "zz", 10, 0), ("swap in", "o1", 1, 0), ("drop", "p1", None, 0)), None, "", "o1 o2 o3", "", "p1 p2", 0),
]


@pytest.mark.parametrize(("steps", "running", "aired", "left", "dropped", "bench", "vacant"), TABLE)
def test_what_stands_after_some_steps(
    steps: tuple, running: str | None, aired: str, left: str, dropped: str, bench: str, vacant: int
) -> None:
    air = replay(book(), entries(*steps))
    assert (air.running.offer_id if air.running else None) == running
    found = [" ".join(offers) for offers in (air.aired, air.left, air.dropped, air.waiting)]
    assert found == [aired, left, dropped, bench]
    assert air.vacancies == vacant


def test_every_entry_is_in_the_ledger_at_once_and_told(desk: LiveState) -> None:
    desk.go_on()
    desk.release()
    desk.settle_price("80")
    desk.sold("1２0")
    desk.correct("  it holds\n22 litres ")
    desk.go_off()
    found = desk.ledger.air(WEEK)[["offer_id", "event", "amount", "note"]].fillna(0).values.tolist()
    assert found == [
        ["o1", "on", 15, ""], ["o1", "release", 1, "133 units, 67 still to come"], ["o1", "price", 8_000, ""],
        ["o1", "units", 120, ""], ["o1", "correction", 0, "it holds 22 litres"], ["o1", "off", 0, ""],
    ]  # fmt: skip
    told = story(desk.ledger, WEEK)
    assert "settled on air at ¥80.00 to viewers" in told["what"].tolist()
    assert set(told["who"]) == {"tester"}


@pytest.mark.parametrize(("typed", "fen"), [("98.50", 9850), ("９８．５", 9850), ("¥98.5", 9850), (" 98.50元 ", 9850)])
def test_a_price_as_people_type_it(desk: LiveState, typed: str, fen: int) -> None:
    desk.go_on()
    desk.settle_price(typed)
    assert desk.air.price("o1") == fen


def test_a_price_above_what_the_evidence_carries_is_recorded_and_compared_with_nobody(desk: LiveState) -> None:
    desk.go_on()
    assert desk.compares("o1")
    said = desk.settle_price("99.91")
    assert desk.air.price("o1") == 9_991
    assert not desk.compares("o1")
    assert said.remarks[0].startswith("Say the price only")
    assert "只报价格" in said.remarks[0]
    assert said.remarks[1] == "above the ¥85.00 on the cards: ask the producer before it is shown"
    assert desk.settle_price("85").remarks == ()
    assert desk.compares("o1")


def test_an_item_without_evidence_is_never_compared(tmp_path: Path) -> None:
    desk = state(tmp_path)
    desk.book = without(desk.book, "o1", None)
    desk.go_on()
    assert not desk.compares("o1")
    assert desk.settle_price("1").remarks[1].startswith("far from the ¥85.00 on the cards")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda d: d.settle_price(""), "is no price"),
        (lambda d: d.settle_price("面议"), "'面议'"),
        (lambda d: d.settle_price("0"), "is not above zero"),
        (lambda d: d.settle_price("80", offer_id="p1"), "is not in the show"),
        (lambda d: d.sold("many"), "'many'"),
        (lambda d: d.sold("-3"), "'-3'"),
        (lambda d: d.sold("1"), "more than the 0 released"),
        (lambda d: d.correct("  "), "is empty"),
        (lambda d: d.go_on("o1"), "not among the items to come"),
        (lambda d: d.go_on("p1"), "not among the items to come"),
        (lambda d: d.drop("p1"), "neither on air nor to come"),
        (lambda d: d.drop(""), "nothing is on air or to come"),
        (lambda d: d.swap_in("o2"), "not on the bench"),
        (lambda d: d.swap_in("p1"), "no place is vacant"),
    ],
)
def test_what_is_refused_is_not_written(desk: LiveState, act: Callable[[LiveState], object], words: str) -> None:
    desk.go_on()
    with pytest.raises(InputError) as caught:
        act(desk)
    assert words in str(caught.value)
    assert len(desk.ledger.air(WEEK)) == 1


@pytest.mark.parametrize("act", [LiveState.go_off, LiveState.release, LiveState.undo, lambda d: d.sold("1")])
def test_nothing_is_on_air_yet(desk: LiveState, act: Callable[[LiveState], object]) -> None:
    with pytest.raises(InputError):
        act(desk)
    assert desk.ledger.air(WEEK).empty


def test_the_count_of_stock_is_true(desk: LiveState) -> None:
    desk.go_on()
    planned = releases_of(desk.air, "o1")
    assert [(part.units, part.left) for part in planned] == [(133, 67), (67, 0)]
    desk.release()
    with pytest.raises(InputError, match="134 units are more than the 133 released"):
        desk.sold("134")
    assert desk.sold("133").text.endswith("133 sold, 0 left of what is released")
    desk.release()
    with pytest.raises(InputError, match="all stock of this item is released"):
        desk.release()
    assert desk.sold("200").remarks == ("sold out: all stock is released and sold",)
    assert desk.sold("150").remarks == ("fewer than the 200 entered before",)


def test_an_overdrawn_pot_is_said_when_it_happens_and_as_long_as_it_is(tmp_path: Path) -> None:
    desk = state(tmp_path, pot_fen=260_000)  # kept for the air: 50,000; expected by the three: 150,000
    desk.go_on()
    desk.release()
    desk.release()
    assert desk.sold("200").remarks == ("sold out: all stock is released and sold",)
    assert (desk.plan.pots.over_fen, view_of(desk)["problems"]) == (0, [])
    assert "used up, with what was kept for the air" in desk.settle_price("65").remarks[-1]  # ¥25 for each of 200
    pots = desk.plan.pots
    assert pots.over_fen == pots.spent_fen + pots.running_fen + pots.planned_fen - 260_000 - 50_000 > 0
    assert pots.reserve_fen == 0
    assert "used up" in view_of(desk)["problems"][-1]
    assert not any("used up" in words for words in desk.settle_price("70").remarks)  # still, but no worse
    assert "used up" in desk.undo().remarks[-1]  # ¥25 again
    desk.undo()
    assert view_of(desk)["problems"] == []


def test_a_cut_the_brand_bears_leaves_the_pot_alone(desk: LiveState) -> None:
    desk.go_on()
    desk.settle_price("80")
    assert desk.air.subsidy("o1") == 1_000
    desk.settle_price("80", brand_pays=True)
    assert desk.air.subsidy("o1") == 500


def test_a_bench_item_steps_in_with_one_word(desk: LiveState) -> None:
    desk.go_on()
    said = desk.drop("o2")
    assert said.remarks == ("best to step in: 商品 p1",)
    desk.swap_in("p1")
    assert desk.air.vacancies == 0
    assert desk.air.item("p1").card_fen == 7_500
    assert "p1" in [each.item.offer_id for each in desk.plan.upcoming]
    desk.swap_in("p2", instead_of="o3")
    assert desk.air.dropped == ("o2", "o3")
    assert desk.ledger.air(WEEK)["note"].tolist()[-2] == "p2 steps in"


def test_undo_goes_back_entry_by_entry_and_erases_nothing(desk: LiveState) -> None:
    desk.go_on()
    desk.settle_price("80")
    desk.settle_price("79")
    before = len(desk.ledger.air(WEEK))
    assert desk.undo().text == "商品 o1: taken back: settled at ¥79.00"
    assert desk.air.price("o1") == 8_000
    desk.undo()
    assert desk.air.price("o1") == 8_500
    desk.undo()
    assert desk.air.running is None
    assert desk.air.left == ("o1", "o2", "o3")
    with pytest.raises(InputError, match="nothing was entered"):
        desk.undo()
    assert len(desk.ledger.air(WEEK)) == before + 3


def test_two_desks_on_one_ledger_see_each_other(desk: LiveState) -> None:
    other = LiveState(book=desk.book, ledger=desk.ledger, clock=desk.clock, who="another")
    desk.go_on()
    with pytest.raises(InputError, match="not among"):
        other.go_on("o1")
    other.settle_price("80")
    desk.refresh()
    assert desk.air.price("o1") == 8_000


def test_a_show_in_a_shared_postgresql_ledger(postgres_url: str, tmp_path: Path) -> None:
    shown = state(tmp_path)
    desk, other = on_ledger(shown, postgres_url), on_ledger(shown, postgres_url)
    desk.go_on()
    desk.release()
    desk.settle_price("80")
    desk.sold("20")
    other.refresh()
    other.correct("不是最后一批")
    other.drop("o2")
    other.swap_in("p2", instead_of="o2")
    desk.refresh()
    assert (desk.air.price("o1"), desk.air.running) == (8_000, other.air.running)
    assert desk.air == other.air
    assert (desk.air.dropped, desk.air.waiting) == (("o2",), ("p1",))
    other.undo()
    desk.refresh()
    assert desk.air == other.air == on_ledger(shown, postgres_url).air
    assert "不是最后一批" in [entry.note for entry in desk.air.entries]


def on_ledger(desk: LiveState, url: str) -> LiveState:
    return LiveState(book=desk.book, ledger=Ledger(url), clock=desk.clock, who="tester")


ACTS: dict[str, Callable[[LiveState, int], object]] = {
    "next": lambda d, n: d.go_on(),
    "on": lambda d, n: d.go_on(f"o{n % 3 + 1}"),
    "off": lambda d, n: d.go_off(),
    "release": lambda d, n: d.release(),
    "price": lambda d, n: d.settle_price(str(60 + n), brand_pays=n % 2 == 0),
    "units": lambda d, n: d.sold(str(n)),
    "correct": lambda d, n: d.correct(f"word {n}"),
    "drop": lambda d, n: d.drop(f"o{n % 3 + 1}"),
    "bench": lambda d, n: d.swap_in(f"p{n % 2 + 1}", instead_of=f"o{n % 3 + 1}"),
    "undo": lambda d, n: d.undo(),
}


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 60)), max_size=12))
def test_replaying_the_ledger_gives_the_same_show(acts: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = state(Path(folder))
        for name, number in acts:
            try:
                ACTS[name](desk, number)
            except BosspickError:
                continue
        again = LiveState(book=desk.book, ledger=Ledger(desk.ledger.url), clock=desk.clock, who="after a restart")
        assert again.air == desk.air
        taken = {entry.amount for entry in desk.air.entries if entry.kind == "take back"}
        stand = [entry for entry in desk.air.entries if entry.kind != "take back" and entry.number not in taken]
        assert replace(replay(desk.book, stand), entries=()) == replace(desk.air, entries=())
        assert len(desk.air.aired) + len(desk.air.left) + desk.air.vacancies == 3
        assert entries_of(desk.ledger.air(WEEK), desk.clock) == desk.air.entries
