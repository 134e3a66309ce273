"""Malformed inputs are refused with the rule's title or the rows, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bosspick.errors import OptionsError, RuleError
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
    optimise,
)
from tests.lineup.test_outcomes import WEEK


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (WEEK.drop(columns="value"), "columns are missing: value"),
        (WEEK.assign(value=[1, 2, np.nan, 4, 5.0]), r"rows 2 \(offer o2\)"),
        (WEEK.assign(value=[1, 2, 3, np.inf, 5.0]), r"rows 3 \(offer o3\)"),
        (WEEK.assign(value="much"), "does not hold numbers"),
        (
            WEEK.assign(fen=[1, np.nan, 3, 4, 5.0]),
            r"rule 'the pot', rows 1 \(offer o1\)",
        ),
        (WEEK.assign(fen=["1", "2", "3", "4", "5"]), "rule 'the pot'"),
        (WEEK.assign(option_id="a"), "rows 0 and 1"),
        (
            WEEK.assign(offer_id=WEEK["offer_id"].where(WEEK.index != 1)),
            "rows 1: offer_id is empty",
        ),
        (WEEK.drop(columns="fen"), "no column 'fen'"),
        (pd.concat([WEEK, WEEK[["fen"]]], axis=1), "appear twice: fen"),
        (WEEK.to_dict(), "not a data frame"),
    ],
)
def test_frames(frame: Any, message: str) -> None:
    with pytest.raises((OptionsError, RuleError), match=message) as caught:
        optimise(frame, [Budget(column="fen", at_most=900, title="the pot")], pick=2)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Budget(column="fen", at_most=float("nan")),
            "at_most nan is not a number",
        ),
        (lambda: Budget(column="fen", at_most=float("inf")), "not a finite number"),
        (lambda: Budget(column="", at_most=1), "non-empty text"),
        (
            lambda: Budget(column="fen", at_most=1, mode="soft"),
            "positive, finite penalty",
        ),
        (
            lambda: Budget(column="fen", at_most=1, mode="soft", penalty=float("inf")),
            "positive, finite",
        ),
        (
            lambda: Budget(column="fen", at_most=1, mode="soft", penalty=-1.0),
            "positive, finite",
        ),
        (lambda: Ban(offer_id="o1", mode="loose"), "mode 'loose' is unknown"),  # type: ignore[arg-type]
        (lambda: Group(column="category", at_least=3, at_most=1), "bounds cross"),
        (lambda: Group(column="category"), "neither at_least nor at_most"),
        (lambda: Group(column="category", at_most=1.5), "not a whole number"),  # type: ignore[arg-type]
        (lambda: Apart(offer_ids=["o1"]), "at least 2 different"),
        (lambda: Apart(offer_ids="o1"), "list of offer ids"),
        (lambda: IfThen(if_any=[], then_any=["o1"]), "at least 1 different"),
        (
            lambda: Repeat(column="category", recent={"food": -1}, at_least=2),
            "shows ago",
        ),
        (lambda: Cover(topics={"sun": (-5.0, ["o1"])}), "topic 'sun'"),
        (lambda: Cover(topics={"sun": (5.0, [])}), "topic 'sun'"),
        (
            lambda: Cover(topics={"sun": (5.0, ["o1"])}, mode="soft", penalty=1.0),
            "priced already",
        ),
        (lambda: Change(published=["o1"], tax=-1.0), "tax -1.0"),
    ],
)
def test_rules_are_refused_when_built(make: Callable[[], Rule], message: str) -> None:
    with pytest.raises(RuleError, match=message) as caught:
        make()
    assert caught.value.hint


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            [Ban(offer_id="o9", title="no o9")],
            "rule 'no o9': no options exist for offer 'o9'",
        ),
        (
            [Lock(offer_id="o2", option_id="z", title="o2 cheap")],
            "rule 'o2 cheap'.*no option 'z'",
        ),
        (
            [Cover(topics={"sun": (5.0, ["o1", "ox"])}, title="wishes")],
            "rule 'wishes'.*'ox'",
        ),
        (
            [Lock(offer_id="o1"), Ban(offer_id="o1", title="not o1")],
            "'not o1'.*locked in and banned",
        ),
        (
            [Lock(offer_id="o1", option_id="a"), Lock(offer_id="o1", option_id="b")],
            "at option a' and rule 'o1 is in at option b': offer 'o1' is locked at two options",
        ),
        (
            [Lock(offer_id=f"o{k}") for k in (1, 2, 3)],
            "3 offers are locked in but the lineup has 2",
        ),
        ([Ban(offer_id="o1"), Ban(offer_id="o1")], "used twice"),
        (["ban o1"], "not a lineup rule"),
    ],
)
def test_rules_that_do_not_fit_the_frame(rules: list[Any], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        optimise(WEEK, rules, pick=2)


@pytest.mark.parametrize(
    "how",
    [
        {"pick": 0},
        {"pick": 2, "gap": -1},
        {"pick": 2, "solver": "abacus"},
        {"time_limit_s": 0},
    ],
)
def test_settings(how: dict[str, Any]) -> None:
    with pytest.raises(OptionsError):
        optimise(WEEK, **how)


def test_ids_follow_from_content_and_nothing_else() -> None:
    first = Apart(offer_ids=["b", "a"], title="x", why="y")
    second = Apart(offer_ids=["a", "b", "a"])
    assert first.id == second.id != Apart(offer_ids=["a", "c"]).id
    assert second.title == "at most one of a, b"


def test_a_published_offer_may_have_left() -> None:
    result = optimise(WEEK, [Change(published=["o1", "gone"], tax=10.0)], pick=2)
    assert result.value == 1400.0 - 10.0


def test_odd_text_is_only_text() -> None:
    names = {"o1": "a+b", "o2": "a-b", "o3": "a b", "o4": "商品"}
    frame = WEEK.assign(offer_id=WEEK["offer_id"].map(names))
    result = optimise(frame, [Ban(offer_id="a+b")], pick=2)
    assert result.chosen["offer_id"].tolist() == ["a b", "a-b"]
