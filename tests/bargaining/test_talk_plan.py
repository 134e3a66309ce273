"""The talk plan against trying every plan with every outcome, and what a negotiator may rely on."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bosspick import open_room, plan_lineup, talk_plan
from bosspick.bargaining.talk_model import TalkModel, draw_scenarios, every_scenario
from bosspick.bargaining.talk_plan import TALK_COLUMNS, choose_talks, naive_talks
from bosspick.errors import OptionsError
from bosspick.lineup import Budget, Group, Lock, Rule
from bosspick.lineup.program import Answer, Status
from tests.rooms import POLICY, write_room

PICK = 2
#: Seconds: what is checked here must not hang on how fast a machine is.
PATIENCE_S = 900.0


def small_week(seed: int, offers: int = 5) -> tuple[pd.DataFrame, list[Rule], dict[str, float]]:
    """Offers with an opening price, some of which passes, and up to two aims; two negotiators, a brand cap and a pot."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(offers):
        base = float(rng.integers(50, 400))
        names = {"offer_id": f"o{number}", "negotiator": f"n{number % 2}", "brand": f"b{rng.integers(0, 3)}"}
        if number < PICK or rng.random() < 0.4:
            rows.append(
                {**names, "brand_price_fen": 1000, "accept_p": 1.0, "talk_hours": 0.0, "subsidy": 0, "agreed_value": base}
            )
        for step in range(1, int(rng.integers(1, 3)) + 1):
            chance = round(float(rng.uniform(0.1, 0.95)) / step, 2)
            aim = {**names, "brand_price_fen": 1000 - 100 * step, "accept_p": chance, "talk_hours": float(1 + number % 2)}
            value = base * (1 + 0.5 * step)
            rows.append({**aim, "subsidy": 0, "agreed_value": value})
            rows.append({**aim, "subsidy": 3, "agreed_value": value + float(rng.integers(0, 60))})
    frame = pd.DataFrame(rows)
    frame["option_id"] = [f"p{number:02d}" for number in range(len(frame))]
    frame["value"] = frame["agreed_value"] * frame["accept_p"]
    rules: list[Rule] = [Group(column="brand", at_most=1), Budget(column="subsidy", at_most=4)]
    return frame, rules, {"n0": 2.0, "n1": 2.0}


def best_lineup(rows: pd.DataFrame) -> float:
    """By trying every pair; 0 when the rules leave none."""
    best = 0.0
    for pair in itertools.combinations(rows.to_dict("records"), PICK):
        different = len({row["offer_id"] for row in pair}) == PICK and len({row["brand"] for row in pair}) == PICK
        if different and sum(row["subsidy"] for row in pair) <= 4:
            best = max(best, sum(row["agreed_value"] for row in pair))
    return best


def expected(options: pd.DataFrame, talks: dict[str, int]) -> float:
    """Expected value of the best lineup, over every outcome of the talks."""
    home = options[options["accept_p"] == 1]
    total = 0.0
    for answers in itertools.product([True, False], repeat=len(talks)):
        chance, there = 1.0, home
        for (offer, price), yes in zip(talks.items(), answers, strict=True):
            asked = options[(options["offer_id"] == offer) & (options["brand_price_fen"] == price)]
            chance *= float(asked["accept_p"].iloc[0]) if yes else 1 - float(asked["accept_p"].iloc[0])
            if yes:
                there = pd.concat([there[there["offer_id"] != offer], asked])
        total += chance * best_lineup(there)
    return total


def by_trying(options: pd.DataFrame, hours: dict[str, float]) -> float:
    asked = options[options["accept_p"] < 1].drop_duplicates(["offer_id", "brand_price_fen"])
    each = [[None, *group["brand_price_fen"]] for _, group in asked.groupby("offer_id")]
    names = sorted(asked["offer_id"].unique())
    info = asked.drop_duplicates("offer_id").set_index("offer_id")
    best = -math.inf
    for prices in itertools.product(*each):
        talks = {offer: price for offer, price in zip(names, prices, strict=True) if price is not None}
        spent: dict[str, float] = {}
        for offer in talks:
            name = info.loc[offer, "negotiator"]
            spent[name] = spent.get(name, 0.0) + info.loc[offer, "talk_hours"]
        if all(spent[name] <= hours[name] for name in spent):
            best = max(best, expected(options, talks))
    return best


@pytest.mark.parametrize(("seed", "offers"), [*((seed, 5) for seed in range(8)), (0, 2), (1, 3)])
def test_as_good_as_trying_every_plan(seed: int, offers: int) -> None:
    options, rules, hours = small_week(seed, offers)
    found = choose_talks(options, rules, hours, pick=PICK, time_limit_s=PATIENCE_S)
    truth = by_trying(options, hours)
    assert not found.sampled
    assert found.complete
    assert found.expected.mean == pytest.approx(truth, abs=0.02)
    talks = {row.offer_id: row.aim_fen for row in found.talks.itertuples()}
    assert expected(options, talks) == pytest.approx(truth, abs=0.02)
    assert found.naive.mean <= found.expected.mean + 0.02
    assert found.expected.mean <= found.wait_and_see.mean + 0.02
    assert found.without.mean <= found.expected.mean + 0.02


def test_nobody_is_given_more_hours_or_others_brands() -> None:
    options, rules, hours = small_week(3, offers=9)
    found = choose_talks(options, rules, hours, pick=PICK, time_limit_s=PATIENCE_S, searched=12, checked=12, rounds=4)
    assert tuple(found.talks.columns) == TALK_COLUMNS
    assert (found.hours["planned"] <= found.hours["hours"] + 1e-9).all()
    assert found.talks["offer_id"].is_unique
    owner = options.drop_duplicates("offer_id").set_index("offer_id")["negotiator"]
    assert (found.talks["offer_id"].map(owner) == found.talks["negotiator"]).all()
    spent = found.talks.groupby("negotiator")["hours"].sum()
    assert spent.to_dict() == {
        name: planned for name, planned in found.hours.set_index("negotiator")["planned"].items() if planned > 0
    }


def test_the_same_plan_in_any_row_order() -> None:
    options, rules, hours = small_week(5, offers=8)
    first = choose_talks(options, rules, hours, pick=PICK, time_limit_s=PATIENCE_S, searched=10, checked=10, rounds=4)
    again = choose_talks(
        options.sample(frac=1, random_state=1),
        rules[::-1],
        hours,
        pick=PICK,
        time_limit_s=PATIENCE_S,
        searched=10,
        checked=10,
        rounds=4,
    )
    pd.testing.assert_frame_equal(first.talks, again.talks)
    assert (first.expected, first.naive, first.gap) == (again.expected, again.naive, again.gap)


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000), more=st.floats(0.5, 4))
def test_more_hours_never_hurt(seed: int, more: float) -> None:
    options, rules, hours = small_week(seed, offers=4)
    longer = {name: value + more for name, value in hours.items()}
    few = choose_talks(options, rules, hours, pick=PICK, time_limit_s=PATIENCE_S).expected.mean
    many = choose_talks(options, rules, longer, pick=PICK, time_limit_s=PATIENCE_S).expected.mean
    assert many >= few - 0.02


def test_settled_and_failed_talks_are_not_held_again() -> None:
    options, rules, hours = small_week(1)
    first = choose_talks(options, rules, hours, pick=PICK, time_limit_s=PATIENCE_S)
    talk = first.talks.iloc[0]
    same = options["offer_id"] == talk["offer_id"]
    agreed = options[~same | (options["brand_price_fen"] == talk["aim_fen"])].copy()
    agreed.loc[agreed["offer_id"] == talk["offer_id"], ["accept_p", "talk_hours"]] = [1.0, 0.0]
    left = {name: value - (talk["hours"] if name == talk["negotiator"] else 0.0) for name, value in hours.items()}
    after = choose_talks(agreed, rules, left, pick=PICK, time_limit_s=PATIENCE_S)
    assert talk["offer_id"] not in set(after.talks["offer_id"])
    assert after.expected.mean >= first.expected.mean - 0.02


def test_no_hours_no_talks() -> None:
    options, rules, _ = small_week(2)
    found = choose_talks(options, rules, {}, pick=PICK, time_limit_s=PATIENCE_S)
    assert found.talks.empty
    assert found.expected == found.without == found.naive


def test_a_lock_that_a_failed_talk_leaves_empty_is_a_loss_not_the_end() -> None:
    options, rules, hours = small_week(2)
    only_by_talk = sorted(set(options["offer_id"]) - set(options.loc[options["accept_p"] == 1, "offer_id"]))[0]
    found = choose_talks(options, [*rules, Lock(offer_id=only_by_talk)], hours, pick=PICK, time_limit_s=PATIENCE_S)
    assert only_by_talk in set(found.talks["offer_id"])


def test_a_stop_keeps_the_best_so_far() -> None:
    options, rules, hours = small_week(4, offers=10)
    told: list[tuple[float, float, float]] = []
    found = choose_talks(
        options, rules, hours, pick=PICK, searched=10, checked=10, told=lambda *each: told.append(each), stop=lambda: bool(told)
    )
    assert not found.complete
    assert found.gap > 0
    model = TalkModel(options, rules, hours, pick=PICK)
    naive = model.aims.iloc[list(naive_talks(model))]
    assert naive["offer"].is_unique
    assert all(spent <= hours[name] for name, spent in naive.groupby("negotiator")["hours"].sum().items())
    assert len(told) == 1


def test_one_talk_alone() -> None:
    options, rules, hours = small_week(1)
    alone = sorted(set(options.loc[options["accept_p"] < 1, "offer_id"]))[-1]
    options.loc[options["offer_id"] != alone, "negotiator"] = None
    found = choose_talks(options, rules, hours, pick=PICK, time_limit_s=PATIENCE_S)
    aims = [expected(options, {alone: price}) for price in options.loc[
        (options["offer_id"] == alone) & (options["accept_p"] < 1), "brand_price_fen"].unique()]  # fmt: skip
    assert found.expected.mean == pytest.approx(max(expected(options, {}), *aims), abs=0.02)


def test_a_stop_among_few_plans_keeps_what_was_valued() -> None:
    options, rules, hours = small_week(6)
    asked: list[int] = []
    told: list[tuple[float, float, float]] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 5

    found = choose_talks(options, rules, hours, pick=PICK, told=lambda *each: told.append(each), stop=stop)
    assert not found.sampled
    assert not found.complete
    assert found.gap > 0
    truth = by_trying(options, hours)
    assert found.without.mean - 0.02 <= found.expected.mean <= truth + 0.02
    assert all(value <= truth + 0.02 <= bound + 0.04 for _, value, bound in told)


def test_the_search_of_a_tight_week_comes_to_its_end(tmp_path: Path) -> None:
    """A proof to the last digit closed so slowly that the search for three talks ended at its time limit."""
    pot = '[[pots]]\nid = "weekly"\npayer = "platform"\namount = "1000"\n'
    rule = '[[rules]]\nid = "pot"\ntitle = "the pot"\ntype = "budget"\ncolumn = "subsidy_fen"\npot = "platform"\n'
    policy = POLICY.replace("[bargaining]", '[bargaining]\nsubsidy_steps = ["0", "20"]')
    week = open_room(write_room(tmp_path, policy=policy + pot + rule)).week()
    found = talk_plan(week, plan_lineup(week), time_limit_s=60)
    assert found.complete
    assert found.gap < 0.01


def test_draws_are_spread_evenly_and_outcomes_are_listed_whole() -> None:
    model = TalkModel(*small_week(0), pick=PICK)
    drawn = draw_scenarios(model, 20, seed=3)
    assert sorted(np.floor(drawn.draws[:, 0] * 20).astype(int)) == list(range(20))
    listed = every_scenario(model)
    assert listed.weights.sum() == pytest.approx(1)
    accepted = np.array(model.accepted(listed))
    np.testing.assert_allclose(listed.weights @ accepted, model.chance)


def test_a_missing_column_is_named() -> None:
    options, rules, hours = small_week(0)
    with pytest.raises(OptionsError, match="lacks accept_p"):
        choose_talks(options.drop(columns="accept_p"), rules, hours, pick=PICK)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_talks_for_nothing(seed: int) -> None:
    options, rules, hours = small_week(seed, offers=12)
    # Twelve offers have more outcomes than are listed: this is the sampled search.
    found = choose_talks(options, rules, dict.fromkeys(hours, 20.0), pick=PICK, time_limit_s=PATIENCE_S, searched=16, checked=8)
    assert found.sampled
    assert len(found.talks)
    assert found.talks["worth"].gt(0).all()


def test_a_master_without_an_answer_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    options, rules, hours = small_week(2, offers=12)
    late = Answer(status=Status.LIMIT, x=None, bound=None)
    monkeypatch.setattr("bosspick.bargaining.talk_search.solve_here", lambda program, **how: late)
    found = choose_talks(options, rules, hours, pick=PICK, time_limit_s=PATIENCE_S, searched=8, checked=8)
    assert not found.complete
    assert found.gap > 0
