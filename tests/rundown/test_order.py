"""The order and the minutes against trying everything."""

from __future__ import annotations

import random
from itertools import permutations, product

import pytest

from bosspick.rundown.minutes import share_minutes
from bosspick.rundown.order import Item, breaches, order_items


def random_items(seed: int, count: int) -> list[Item]:
    """Items with clashing categories, hooks and windows."""
    rng = random.Random(seed)
    roles = ["hook", "closer", "everyday", "hard bargain"]
    return [
        Item(
            offer_id=f"o{place}", worth=float(rng.randint(0, 90)), minutes=rng.randint(5, 12),
            category=rng.choice(["a", "b", "c"]), role=rng.choice(roles),
            window=None if rng.random() < 0.6 else (float(rng.choice([0, 10, 20])), float(rng.choice([30, 45, 90]))),
        )
        for place in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_the_order_equals_trying_every_permutation(seed: int) -> None:
    count = 2 + seed % 5
    items = random_items(seed, count)
    multipliers = [round(random.Random(seed + 1000).uniform(0.5, 1.6), 2) for _ in range(count)]
    rules = {"open_with": ("hook",), "close_with": ("closer", "hook")}
    found = order_items(items, multipliers, **rules)
    best = min(
        (
            len(breaches([items[place] for place in order], **rules)),
            -sum(multiplier * items[place].worth for multiplier, place in zip(multipliers, order, strict=True)),
        )
        for order in permutations(range(count))
    )
    assert (len(found.breaches), -found.worth) == (best[0], pytest.approx(best[1]))
    assert sorted(found.places) == list(range(count))


def test_breaches_are_said_in_words() -> None:
    items = [
        Item(offer_id="o1", worth=2, minutes=10, category="tea", role="hook", window=(30.0, 40.0)),
        Item(offer_id="o2", worth=1, minutes=10, category="tea", role="hook"),
    ]
    found = order_items(items, [1.0, 1.0], open_with=("hook",), close_with=("closer",))
    said = " | ".join(found.breaches)
    assert "o1: the brand's representative is not on set then" in said
    assert "two of tea in a row" in said
    assert "two hooks in a row" in said
    assert "closes the show as hook, not closer" in said


@pytest.mark.parametrize("seed", range(40))
def test_minutes_equal_trying_every_split(seed: int) -> None:
    rng = random.Random(seed)
    worth = [float(rng.randint(0, 50)) for _ in range(rng.randint(1, 4))]
    least, most, exponent = 2, 7, rng.choice([0.3, 0.5, 0.9])
    total = rng.randint(least * len(worth), most * len(worth) + 3)
    found = share_minutes(worth, total=total, least=least, most=most, exponent=exponent)

    def sold(split: tuple[int, ...] | list[int]) -> float:
        return sum(value * minutes**exponent for value, minutes in zip(worth, split, strict=True))

    every = [split for split in product(range(least, most + 1), repeat=len(worth)) if sum(split) <= total]
    assert sold(found) == pytest.approx(max(map(sold, every)))
    assert sum(found) <= total
    assert all(least <= minutes <= most for minutes in found)
