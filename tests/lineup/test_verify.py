"""The verifier catches a tampered plan for every kind of rule."""

from __future__ import annotations

import pandas as pd
import pytest

from bosspick.errors import VerificationError
from bosspick.lineup import (
    Apart,
    Ban,
    Budget,
    Change,
    Cover,
    Group,
    IfThen,
    Lock,
    Repeat,
    Rule,
    Together,
    optimise,
    verify_lineup,
)
from tests.lineup.test_outcomes import WEEK


def rows(*picked: str) -> pd.DataFrame:
    """Rows of the week by offer and option, such as ``o1a``."""
    return WEEK[(WEEK["offer_id"] + WEEK["option_id"]).isin(picked)]


@pytest.mark.parametrize(
    ("rule", "plan"),
    [
        (Budget(column="fen", at_most=1_299), ("o1a", "o2a")),
        (Group(column="category", label="beauty", at_most=1), ("o1a", "o2a")),
        (Group(column="category", label="food", at_least=1), ("o1a", "o2a")),
        (Group(column="category", at_most=1), ("o1a", "o2a")),
        (Group(column="category", at_least=1), ("o1a", "o2a")),
        (Lock(offer_id="o3"), ("o1a", "o2a")),
        (Lock(offer_id="o1", option_id="b"), ("o1a", "o2a")),
        (Ban(offer_id="o2"), ("o1a", "o2a")),
        (Apart(offer_ids=["o1", "o2"]), ("o1a", "o2a")),
        (Together(offer_ids=["o1", "o3"]), ("o1a", "o2a")),
        (IfThen(if_any=["o1"], then_any=["o3", "o4"]), ("o1a", "o2a")),
        (Repeat(column="category", recent={"beauty": 1}, at_least=2), ("o1a", "o2a")),
    ],
    ids=lambda v: v.kind if isinstance(v, Rule) else "",
)
def test_a_broken_rule_is_named(rule: Rule, plan: tuple[str, ...]) -> None:
    chosen = rows(*plan)
    with pytest.raises(VerificationError, match="is violated by") as caught:
        verify_lineup(WEEK, chosen, [rule], pick=2, value=float(chosen["value"].sum()))
    assert rule.title in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (Cover(topics={"sun": (100.0, ["o1", "o2"])}), 1_500.0),
        (Change(published=["o1", "o3", "o4"], tax=50.0), 1_300.0),
        (Budget(column="fen", at_most=1_000, mode="soft", penalty=0.5), 1_250.0),
        (Group(column="category", at_most=1, mode="soft", penalty=10.0), 1_390.0),
        (Group(column="category", at_least=1, mode="soft", penalty=10.0), 1_380.0),
        (Lock(offer_id="o3", mode="soft", penalty=10.0), 1_390.0),
        (Ban(offer_id="o2", mode="soft", penalty=10.0), 1_390.0),
        (Apart(offer_ids=["o1", "o2", "o3"], mode="soft", penalty=10.0), 1_390.0),
        (Together(offer_ids=["o1", "o3", "o4"], mode="soft", penalty=10.0), 1_380.0),
        (IfThen(if_any=["o1", "o2"], then_any=["o3"], mode="soft", penalty=10.0), 1_390.0),
        (Repeat(column="category", recent={"beauty": 1}, at_least=2, mode="soft", penalty=10.0), 1_380.0),
    ],
    ids=lambda v: v.kind if isinstance(v, Rule) else "",
)
def test_a_value_that_leaves_a_rule_out_is_caught(rule: Rule, value: float) -> None:
    chosen = rows("o1a", "o2a")
    reports = verify_lineup(WEEK, chosen, [rule], pick=2, value=value)
    assert reports[0].id == rule.id
    with pytest.raises(VerificationError, match="the rows are worth"):
        verify_lineup(WEEK, chosen, [rule], pick=2, value=1_400.0)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (rows("o1a"), "1 rows instead of 2"),
        (rows("o1a", "o1b"), "'o1' is picked 2 times"),
        (rows("o1a", "o2a").assign(value=[950.0, 450.0]), "not among the options"),
        (rows("o1a", "o2a").assign(option_id=["z", "a"]), "row 'o1', option 'z' is not among"),
    ],
)
def test_rows_that_are_no_lineup(chosen: pd.DataFrame, words: str) -> None:
    with pytest.raises(VerificationError, match=words):
        verify_lineup(WEEK, chosen, [], pick=2, value=1_400.0)


def test_reports_say_use_limit_and_slack() -> None:
    result = optimise(
        WEEK,
        [Budget(column="fen", at_most=1_000, id="pot"), Group(column="category", at_most=1, id="mix")],
        pick=2,
    )
    mix, pot = result.rule_reports
    assert (pot.used, pot.limit, pot.slack, pot.violation) == (1_000.0, 1_000.0, 0.0, 0.0)
    assert (mix.used, mix.limit, mix.slack) == (1.0, 1.0, 0.0)
