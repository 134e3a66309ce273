"""The rest of the show planned again: against every order, every fill and every subsidy there is."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, permutations, product

import pytest

from bosspick.desk.live_air import Air, replay
from bosspick.desk.live_lineup import live_question, refit
from bosspick.desk.live_plan import plan_rest
from bosspick.lineup.rules import Apart, Budget, Cover, Group, IfThen, Lock, Rule, Together
from bosspick.lineup.verify import label_names, recompute
from bosspick.rundown.hard_rules import Item, OrderRules, breaches_after
from bosspick.rundown.order import Minutes, order_items
from tests.desk.live_show import START, book, entries


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize("seed", range(30))
def test_the_order_after_what_aired_is_the_best_of_all(seed: int) -> None:
    rng = random.Random(seed)

    def one(name: str) -> Item:
        window = (rng.uniform(-5, 8), rng.uniform(10, 30)) if rng.random() < 0.4 else None
        return Item(offer_id=name, worth=rng.uniform(1, 9), category=rng.choice("aab"),
                    role=rng.choice(["hook", "closer", "x"]), window=window)  # fmt: skip

    aired = [one(f"was {k}") for k in range(rng.randint(0, 3))]
    items = [one(f"is {k}") for k in range(rng.randint(1, 4))]
    multipliers = [rng.uniform(0.8, 1.2) for _ in items]
    minutes = Minutes(total=rng.randint(4 * len(items), 7 * len(items)), least=4, most=8, exponent=0.5, typical=6.0)
    rules = OrderRules(open_with=("hook",), close_with=("closer",), hook_gap=rng.randint(0, 2))

    def judged(order: tuple[Item, ...], lengths: tuple[int, ...]) -> tuple[int, float]:
        worth = sum(m * i.worth * minutes.factor(n) for m, i, n in zip(multipliers, order, lengths, strict=True))
        return -len(breaches_after(aired, order, lengths, rules)), worth

    best = max(
        judged(order, lengths)
        for order in permutations(items)
        for lengths in product(range(4, 9), repeat=len(items))
        if sum(lengths) <= minutes.total
    )
    found = order_items(items, multipliers, minutes, rules, aired=aired)
    assert len(found.breaches) == -best[0]
    assert found.worth == pytest.approx(best[1])


def brute_force(air: Air, places: int) -> float:
    """The value of the best of all fills and options."""
    options, rules, pick = live_question(air, places)
    names = label_names(options, rules)
    rows = options.to_dict("records")
    own = {o: [row for row in rows if row["offer_id"] == o] for o in dict.fromkeys(options["offer_id"])}
    sure = [*air.aired, *air.left]
    verdicts = [
        recompute(chosen, rules, pick, names)
        for fill in combinations(air.waiting, pick - len(sure))
        for chosen in product(*(own[offer] for offer in (*sure, *fill)))
    ]
    return max(verdict.value for verdict in verdicts if not verdict.faults)


RULES: dict[str, tuple[Rule, ...]] = {
    "a pot": (Budget(id="pot", column="subsidy_fen", at_most=120_000),),
    "a pot that is spent": (Budget(id="pot", column="subsidy_fen", at_most=10_000),),
    "a category that cannot be had": (Group(id="z", column="category", label="nowhere", at_least=1),),
    "a pair": (Together(id="pair", offer_ids=["p1", "p2"]),),
    "rivals": (Apart(id="rivals", offer_ids=["o3", "p1"]),),
    "a condition": (IfThen(id="needs", if_any=["p1"], then_any=["gone"]),),
    "a wish": (Cover(id="wish", topics={"t": (90.0, ["p2", "gone"])}),),
    "a lock of the one dropped": (Lock(id="promised", offer_id="o2"),),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("dropped", [("o2",), ("o2", "o3")])
def test_who_steps_in_at_which_price_is_the_best_of_all(name: str, dropped: tuple[str, ...]) -> None:
    steps = entries(("on", "o1", 10, 0), ("units", "o1", 90, 9), *(("drop", offer, None, 9) for offer in dropped))
    air = replay(book(rules=RULES[name]), steps)
    options, rules, pick = live_question(air, len(dropped))
    found = refit(air, places=len(dropped))
    assert set(found.fills) <= set(air.waiting)
    prices = {offer: air.price(offer) for offer in air.aired} | found.prices
    chosen = [row for row in options.to_dict("records") if prices.get(row["offer_id"]) == row["viewer_price_fen"]]
    verdict = recompute(chosen, rules, pick, label_names(options, rules))
    assert not verdict.faults
    assert verdict.value == pytest.approx(brute_force(air, len(dropped)))


def test_rules_that_cannot_be_kept_are_named_and_the_pot_never_asks_for_less_than_is_spent() -> None:
    rules = (
        Group(id="z", title="one of nowhere", column="category", label="nowhere", at_least=1),
        *RULES["a pot that is spent"],
    )
    air = replay(book(rules=rules), entries(("on", "o1", 10, 0), ("units", "o1", 400, 9), ("off", "o1", None, 10)))
    found = refit(air, places=0)
    assert found.broken == ("one of nowhere",)
    assert found.prices == {"o2": 9_000, "o3": 9_000}
    assert found.planned_fen == 0


def test_a_higher_price_is_asked_only_where_the_pot_cannot_hold_without_it() -> None:
    plenty = refit(replay(book(), ()), places=0)
    assert plenty.prices == {"o1": 8_500, "o2": 8_500, "o3": 8_500}
    scarce = refit(replay(book(rules=RULES["a pot"]), ()), places=0)
    assert sorted(scarce.prices.values()) == [8_500, 8_500, 9_000]


def test_a_fill_that_leaves_no_order_gives_way_to_one_that_does() -> None:
    shown = book(order=OrderRules())
    late = replace(shown.bench[0], window=(100.0, 120.0))
    shown = replace(shown, bench=(late, shown.bench[1]))
    plan = plan_rest(replay(shown, entries(("drop", "o2", None, 0))), START)
    assert plan.fills == {"p2": 7_500}


@pytest.mark.parametrize(
    ("steps", "now", "count", "starts", "over"),
    [
        ((), 0, 3, 0, 0),
        ((), -30, 3, 0, 0),
        ((("on", "o1", 10, 0),), 4, 2, 10, 0),
        ((("on", "o1", 10, 0),), 14, 2, 14, 0),
        ((("on", "o1", 10, 0),), 22, 2, 22, 2),
        ((("on", "o1", 10, 0), ("off", "o1", None, 12)), 13, 2, 13, 0),
        ((("on", "o1", 10, 0), ("on", "o2", 8, 10), ("on", "o3", 12, 18)), 20, 0, None, 0),
    ],
    ids=["before", "long before", "in time", "late", "too late for all", "between two", "the last one"],
)
def test_what_is_left_starts_when_the_one_on_air_has_had_its_time(
    steps: tuple, now: float, count: int, starts: int | None, over: int
) -> None:
    plan = plan_rest(replay(book(), entries(*steps)), at(now))
    assert len(plan.upcoming) == count
    if starts is not None:
        assert plan.next_at == plan.upcoming[0].starts_at == at(starts)
    assert plan.over_min == over
    assert all(each.minutes >= 5 for each in plan.upcoming)
    assert plan.ends_at <= at(30 + over)


@pytest.mark.parametrize(("late", "total"), [(8 / 60, 30), (40 / 60, 29)])
def test_seconds_of_delay_cost_no_item_a_minute(late: float, total: int) -> None:
    # The representative of the last item is there until the end.
    shown = book()
    shown = replace(shown, items=tuple(replace(item, window=(0.0, 30.0)) for item in shown.items))
    for each in (book(), shown):
        plan = plan_rest(replay(each, ()), at(late))
        assert sum(each.minutes for each in plan.upcoming) == total
        assert (plan.over_min, plan.breaches) == (0, ())


def test_what_the_pots_hold() -> None:
    steps = entries(("on", "o1", 10, 0), ("units", "o1", 30, 3), ("price", "o1", 8_000, 4))
    plan = plan_rest(replay(book(), steps), at(5))
    # The cut of ¥5 below the cards is the platform's too: ¥10 on a unit.
    assert plan.pots.spent_fen == 30 * 1_000
    assert plan.pots.running_fen == 70 * 1_000
    assert plan.pots.planned_fen == 2 * 100 * 500
    assert plan.pots.left_fen == 250_000 - 100_000 - 100_000
    assert plan.pots.reserve_fen == 50_000
