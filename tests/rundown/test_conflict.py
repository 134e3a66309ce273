"""Whether an order exists, which items are in each other's way, and the lineup that gives way."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from bosspick import open_room, plan_lineup
from bosspick.rundown import orderable_plan, plan_rundown, plan_show
from bosspick.rundown.conflict import find_conflict, widen
from bosspick.rundown.feasible import has_order
from bosspick.rundown.hard_rules import Item, OrderRules
from bosspick.rundown.order import Minutes, order_items
from tests.oracle.rundown import every_show
from tests.rooms import CHANNELS, POLICY, offer, quote, write_room
from tests.rundown.test_order import RULES, random_items

TEN = Minutes(total=120, least=8, most=15, exponent=0.45, typical=12.0)


def item(number: int, category: str = "", role: str = "everyday", window: tuple[float, float] | None = None) -> Item:
    return Item(offer_id=f"o{number}", worth=1.0, category=category, role=role, window=window)


@pytest.mark.parametrize("seed", range(60))
def test_an_order_is_said_to_exist_exactly_where_the_search_finds_one(seed: int) -> None:
    rng = random.Random(seed)
    items = random_items(seed, rng.randint(1, 6), windows=0.6)
    minutes = Minutes(total=rng.randint(4, 7) * len(items), least=4, most=7, exponent=0.45, typical=5.0)
    rules = replace(RULES, hook_gap=rng.randint(0, 3)) if seed % 2 else OrderRules()
    found = order_items(items, [1.0] * len(items), minutes, rules)
    assert has_order(items, minutes, rules) == (not found.breaches)


@pytest.mark.parametrize(
    ("items", "offers", "certain", "why"),
    [
        ([item(0, window=(0, 7)), *(item(n) for n in range(1, 10))], {"o0"}, True, "not on set for its least minutes"),
        (
            [item(0, window=(0, 12)), item(1, window=(0, 14)), item(2, window=(0, 60)), *(item(n) for n in range(3, 10))],
            {"o0", "o1"},
            True,
            "windows cannot all be met",
        ),
        (
            [item(n, category="tea" if n < 6 else f"c{n}") for n in range(10)],
            {f"o{n}" for n in range(6)},
            True,
            "so many of tea",
        ),
        (
            [item(0, "tea", window=(0, 20)), item(1, "tea", window=(0, 16)), *(item(n) for n in range(2, 10))],
            {"o0", "o1"},
            True,
            "put two of a category in a row",
        ),
        (
            [item(0, role="hook", window=(9, 60)), item(1, role="hook", window=(20, 99)), *(item(n) for n in range(2, 9)),
             item(9, role="closer")],
            {"o0", "o1"},
            False,
            "opens, closes and spaces its hooks",
        ),
    ],
    ids=["too short", "both first", "six of ten", "windows and category", "no hook at the start"],
)  # fmt: skip
def test_the_smallest_conflict_is_named(items: list[Item], offers: set[str], certain: bool, why: str) -> None:
    found = find_conflict(items, TEN, RULES if not certain else replace(RULES, open_with=(), close_with=()))
    assert found is not None
    assert (set(found.offer_ids), found.certain) == (offers, certain)
    assert why in found.why


def test_where_no_lineup_of_these_roles_has_an_order_nothing_is_named() -> None:
    assert find_conflict([item(n) for n in range(10)], TEN, RULES) is None  # no hook, so nobody may open
    assert find_conflict([item(0, role="hook"), item(1, role="closer")], replace(TEN, total=30), RULES) is None


@pytest.mark.parametrize("seed", range(30))
def test_a_conflict_holds_whoever_the_others_are_and_none_of_it_can_be_left_out(seed: int) -> None:
    items = [replace(each, role="everyday") for each in random_items(seed, 5, windows=0.9)]
    minutes = Minutes(total=25, least=4, most=6, exponent=0.45, typical=5.0)
    found = find_conflict(items, minutes, OrderRules())
    fewest, *_ = every_show(items, [1.0] * 5, minutes, OrderRules())
    assert (found is None) == (fewest == 0)
    if found is None:
        return
    anyone = [item(number) for number in range(100, 105)]
    own = [each for each in items if each.offer_id in found.offer_ids]
    assert not has_order([*own, *anyone[len(own) :]], minutes, OrderRules())
    for fewer in combinations(own, len(own) - 1):
        assert has_order([*fewer, *anyone[len(fewer) :]], minutes, OrderRules())


def test_offers_in_the_same_way_are_ruled_out_with_them() -> None:
    early = {f"o{n}": item(n, window=(0.0, 15.0)) for n in range(10)}
    conflict = find_conflict(list(early.values()), TEN, OrderRules())
    assert conflict is not None
    windows = {offer: each.window for offer, each in early.items()} | {"later": (0.0, 40.0), "same": (-60.0, 15.0)}
    found = widen(conflict, early, windows, dict.fromkeys(windows, "tea"), 10, TEN)
    assert "same" in found
    assert "later" not in found
    teas = {f"o{n}": item(n, category="tea" if n < 6 else f"c{n}") for n in range(10)}
    conflict = find_conflict(list(teas.values()), TEN, OrderRules())
    assert conflict is not None
    labels = {offer: each.category for offer, each in teas.items()} | {"more tea": "tea", "soap": "soap"}
    assert set(widen(conflict, teas, dict.fromkeys(labels), labels, 10, TEN)) == {*(f"o{n}" for n in range(6)), "more tea"}


def two_at_once(folder: Path, *, spare_window: str = "23:00", rules: str = "") -> Path:
    """Two dear offers whose representatives leave after one item's time, and a poorer one."""
    offers = [
        offer(1, rep_to="20:12"),
        offer(2, rep_to="20:12"),
        offer(3, opening_price="97.00", floor_low="90.00", floor_high="95.00", rep_to=spare_window),
    ]
    quotes = [quote(n, channel) for n in (1, 2, 3) for channel in CHANNELS]
    return write_room(folder, offers=offers, quotes=quotes, policy=POLICY + rules)


def test_a_lineup_without_an_order_gives_way_to_the_best_that_has_one(tmp_path: Path) -> None:
    week = open_room(two_at_once(tmp_path / "room")).week()
    best = plan_lineup(week)
    assert set(best.chosen["offer_id"]) == {"O1", "O2"}
    assert plan_rundown(week, best).breaches
    show = plan_show(week, best)
    assert show.rundown.breaches == ()
    assert "O3" in set(show.plan.chosen["offer_id"])
    said = " ".join(show.rundown.changes)
    assert "O1, O2 cannot be in one show, their representatives' windows cannot all be met" in said
    assert "the best lineup that has an order" in said
    lost = best.result.value - show.plan.result.value
    assert lost > 0
    assert f"worth {lost:,.0f} yuan-equivalents" in said
    price = show.plan.rule_prices.set_index("id")["price"]
    assert price["order_1"] == pytest.approx(lost)
    # The best of all pairs of which an order exists.
    pairs = [plan_lineup(week, extra_rules=[_ban(offer_id)], explain=False).result.value for offer_id in ("O1", "O2")]
    assert show.plan.result.value == pytest.approx(max(pairs))


def test_a_lineup_with_an_order_is_left_alone(tmp_path: Path) -> None:
    week = open_room(write_room(tmp_path / "room")).week()
    plan = plan_lineup(week)
    assert orderable_plan(week, plan) is plan
    assert plan_show(week, plan).rundown.changes == ()


LOCKED = """
[[rules]]
id = "both"
title = "Both are promised"
type = "together"
offer_ids = ["O1", "O2"]

[[rules]]
id = "one"
title = "The first is promised"
type = "lock"
offer_id = "O1"
"""


@pytest.mark.parametrize(
    "more",
    [{"rules": LOCKED}, {"spare_window": "20:05"}, {"rules": "\n[rundown]\norder_attempts = 0\n"}],
    ids=["a promise holds it", "no offer has an order", "not tried"],
)
def test_where_nothing_helps_the_breaches_are_named_as_they_are(tmp_path: Path, more: dict[str, str]) -> None:
    week = open_room(two_at_once(tmp_path / "room", **more)).week()
    best = plan_lineup(week)
    assert orderable_plan(week, best) is best
    rundown = plan_rundown(week, best)
    assert len(rundown.breaches) == 1
    assert "not on set then" in rundown.breaches[0]


def _ban(offer_id: str):  # type: ignore[no-untyped-def]
    from bosspick.lineup import Ban

    return Ban(id=f"out:{offer_id}", title="out", offer_id=offer_id)
