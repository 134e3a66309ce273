"""Order and minutes together against trying everything."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bosspick.rundown.hard_rules import Item, OrderRules, breaches
from bosspick.rundown.order import Minutes, Order, order_items
from tests.oracle.rundown import best_order, broken, every_show, second_choices

ROLES = ["hook", "closer", "everyday", "hard bargain"]
SHARED = Minutes(total=20, least=10, most=10, exponent=0.5, typical=10.0)
RULES = OrderRules(open_with=("hook",), close_with=("closer", "hook"), hook_gap=2)


def random_items(seed: int, count: int, *, windows: float = 0.4) -> list[Item]:
    """Items with clashing categories, hooks and windows."""
    rng = random.Random(seed)
    return [
        Item(
            offer_id=f"o{place}", worth=float(rng.randint(0, 90)), category=rng.choice(["a", "b", "c", ""]),
            role=rng.choice(ROLES),
            window=(float(rng.choice([0, 4, 9])), float(rng.choice([15, 24, 60]))) if rng.random() < windows else None,
        )
        for place in range(count)
    ]  # fmt: skip


def random_multipliers(seed: int, count: int) -> list[float]:
    """Slots worth more and less than the average."""
    return [round(random.Random(seed + 1000).uniform(0.5, 1.6), 2) for _ in range(count)]


def check(found: Order, items: list[Item], multipliers: list[float], minutes: Minutes, rules: OrderRules) -> None:
    """A show says what it is: its items once, its minutes within bounds, its breaches and worth recomputed."""
    assert sorted(found.places) == list(range(len(items)))
    assert sum(found.minutes) <= minutes.total
    assert all(minutes.least <= length <= minutes.most for length in found.minutes)
    shown = [items[place] for place in found.places]
    assert len(found.breaches) == broken(shown, found.minutes, rules)
    worth = sum(
        multiplier * item.worth * (length / minutes.typical) ** minutes.exponent
        for multiplier, item, length in zip(multipliers, shown, found.minutes, strict=False)
    )
    assert found.worth == pytest.approx(worth)


def said_of(found: Order, items: list[Item], rules: OrderRules) -> tuple[int, int, Any]:
    """What shows are compared by."""
    shown = [items[place] for place in found.places]
    return len(found.breaches), second_choices(shown, rules), pytest.approx(found.worth)


@pytest.mark.parametrize("count", range(1, 7))
@pytest.mark.parametrize("seed", range(8))
def test_order_and_minutes_equal_trying_every_show(seed: int, count: int) -> None:
    rng = random.Random(100 * count + seed)
    items, multipliers = random_items(seed, count), random_multipliers(seed, count)
    least, spread = rng.choice([2, 3, 5]), 4 if count < 5 else 2
    minutes = Minutes(
        total=rng.randint(least * count, (least + spread) * count), least=least, most=least + spread,
        exponent=rng.choice([0.3, 0.45, 0.9]), typical=4.0,
    )  # fmt: skip
    rules = replace(RULES, hook_gap=rng.choice([0, 1, 2, 3]))
    found = order_items(items, multipliers, minutes, rules)
    check(found, items, multipliers, minutes, rules)
    assert said_of(found, items, rules) == every_show(items, multipliers, minutes, rules)


@pytest.mark.parametrize(("seed", "count", "spread"), [(1, 7, 1), (2, 8, 1), (3, 8, 1)])
def test_up_to_eight_items_equal_trying_every_show(seed: int, count: int, spread: int) -> None:
    items, multipliers = random_items(seed, count), random_multipliers(seed, count)
    minutes = Minutes(total=5 * count + 4, least=5, most=5 + spread, exponent=0.45, typical=5.5)
    found = order_items(items, multipliers, minutes, RULES)
    assert said_of(found, items, RULES) == every_show(items, multipliers, minutes, RULES)


@pytest.mark.parametrize("seed", range(4))
def test_ten_items_of_equal_minutes_equal_the_programme_over_subsets(seed: int) -> None:
    items, multipliers = random_items(seed, 10, windows=0.2), random_multipliers(seed, 10)
    minutes = Minutes(total=60, least=6, most=6, exponent=0.45, typical=6.0)
    found = order_items(items, multipliers, minutes, RULES)
    check(found, items, multipliers, minutes, RULES)
    assert said_of(found, items, RULES) == best_order(items, multipliers, [6] * 10, RULES)


@pytest.mark.parametrize("seed", range(6))
def test_no_minute_can_be_moved_and_no_two_items_changed(seed: int) -> None:
    """Ten items with minutes to share: too many shows to try, so every neighbour is tried."""
    items, multipliers = random_items(seed, 10, windows=0.1), random_multipliers(seed, 10)
    minutes = Minutes(total=120, least=8, most=15, exponent=0.45, typical=12.0)
    found = order_items(items, multipliers, minutes, RULES)
    check(found, items, multipliers, minutes, RULES)

    def key(places: list[int], lengths: list[int]) -> tuple[int, int, float]:
        shown = [items[place] for place in places]
        worth = sum(
            multiplier * item.worth * minutes.factor(length)
            for multiplier, item, length in zip(multipliers, shown, lengths, strict=True)
        )
        return broken(shown, lengths, RULES), second_choices(shown, RULES), -round(worth, 6)

    best = key(list(found.places), list(found.minutes))
    for one in range(10):
        for other in range(10):
            places, lengths = list(found.places), list(found.minutes)
            lengths[one], lengths[other] = lengths[one] + 1, lengths[other] - 1
            if one != other and lengths[one] <= minutes.most and lengths[other] >= minutes.least:
                assert key(places, lengths) >= best
            places[one], places[other] = places[other], places[one]
            assert key(places, list(found.minutes)) >= best


def test_breaches_are_said_in_words() -> None:
    items = [
        Item(offer_id="o1", worth=2, category="tea", role="hook", window=(30.0, 40.0)),
        Item(offer_id="o2", worth=1, category="tea", role="hook"),
    ]
    minutes = Minutes(total=20, least=10, most=10, exponent=0.5, typical=10.0)
    found = order_items(items, [1.0, 1.0], minutes, replace(RULES, close_with=("closer",)))
    said = " | ".join(found.breaches)
    assert "o1: the brand's representative is not on set then" in said
    assert "two of tea in a row" in said
    assert "two hooks with 0 items between them, not 2" in said
    assert "closes the show as hook, not closer" in said


def test_the_role_named_first_closes_where_it_can_and_gives_way_where_it_cannot() -> None:
    hook, closer, plain = (Item(offer_id=role, worth=9.0 if role == "closer" else 1.0, category="", role=role)
                           for role in ("hook", "closer", "everyday"))  # fmt: skip
    items, minutes = [hook, closer, plain, replace(hook, offer_id="late")], replace(SHARED, total=40)

    def last(*shown: Item) -> str:
        found = order_items(shown, [1.5, 1.5, 1.0, 0.5], minutes, replace(RULES, hook_gap=1))
        assert not found.breaches
        return shown[found.places[-1]].role

    assert last(*items) == "closer"  # though a hook there would be worth more
    assert last(hook, replace(closer, window=(0.0, 25.0)), *items[2:]) == "hook"


def test_a_show_too_short_for_its_items_is_refused() -> None:
    minutes = Minutes(total=19, least=10, most=10, exponent=0.5, typical=10.0)
    with pytest.raises(ValueError, match="do not fit in 19"):
        order_items(random_items(1, 2), [1.0, 1.0], minutes, RULES)


items_of_a_show = st.lists(
    st.builds(
        Item, offer_id=st.uuids().map(str), worth=st.integers(0, 50).map(float), category=st.sampled_from("abc"),
        role=st.sampled_from(ROLES), window=st.sampled_from([None, (0.0, 12.0), (5.0, 30.0)]),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(items=items_of_a_show, more=st.integers(0, 4), seed=st.integers(0, 5))
def test_laws(items: list[Item], more: int, seed: int) -> None:
    multipliers = random_multipliers(seed, len(items))
    minutes = Minutes(total=5 * len(items), least=3, most=7, exponent=0.45, typical=5.0)

    def key(order: Order, slack: float = 0.0) -> tuple[int, int, float]:
        return len(order.breaches), second_choices([items[place] for place in order.places], RULES), slack - order.worth

    found = order_items(items, multipliers, minutes, RULES)
    # Row order does not matter.
    turned = order_items(items[::-1], multipliers, minutes, RULES)
    assert said_of(found, items, RULES) == said_of(turned, items[::-1], RULES)
    # All worth a hundredfold: the same show.
    dear = order_items([replace(item, worth=100 * item.worth) for item in items], multipliers, minutes, RULES)
    assert (len(dear.breaches), dear.worth) == (len(found.breaches), pytest.approx(100 * found.worth))
    # A longer show never breaks more rules, nor is it worth less where it breaks as many.
    longer = order_items(items, multipliers, replace(minutes, total=minutes.total + more), RULES)
    assert key(longer) <= key(found, 1e-9)
    # Wider windows never hurt.
    free = order_items([replace(item, window=None) for item in items], multipliers, minutes, RULES)
    assert key(free) <= key(found, 1e-9)
    shown = [items[place] for place in found.places]
    assert breaches(shown, found.minutes, RULES) == found.breaches
