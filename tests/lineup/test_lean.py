"""Options that matter for feasibility, and locks that a cap alone turns away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bosspick.lineup import Budget, Group, Lock, Rule, optimise, why_not
from bosspick.lineup.instance import read_instance
from bosspick.lineup.lean import classes, lean_rows

ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30
)


@pytest.mark.parametrize("budgets", [0, 1, 2, 3])
@given(rows=ROWS)
def test_a_row_is_left_out_where_another_of_its_class_takes_no_more(
    budgets: int, rows: list[tuple[int, str, int, int]]
) -> None:
    frame = pd.DataFrame(rows, columns=["offer", "label", "money", "hours"])
    frame = frame.assign(
        offer_id="o" + frame["offer"].astype(str), option_id=[f"p{k:02d}" for k in range(len(frame))], value=1.0,
        minutes=frame["hours"],
    )  # fmt: skip
    rules: list[Rule] = [Group(column="label", at_most=5)]
    rules += [Budget(column=name, at_most=9) for name in ("money", "hours", "minutes")[:budgets]]
    instance = read_instance(frame, rules, 1)
    kept = set(lean_rows(instance).tolist())
    taken = np.column_stack([*instance.numbers.values(), np.zeros(instance.size)])
    order, starts = classes(instance)
    for members in np.split(order, starts[1:]):
        own = [int(k) for k in members if k in kept]
        for k in members.tolist():
            served = [m for m in own if (taken[m] <= taken[k]).all()]
            assert served
            assert (k not in kept) or served == [k]


def test_locks_beyond_a_cap_are_named_with_it_and_nothing_else() -> None:
    frame = pd.DataFrame({"offer_id": [f"o{k}" for k in range(8)], "option_id": "a", "value": 10.0, "spend": 1.0,
                          "category": list("xxxxyyyy")})  # fmt: skip
    rules: list[Rule] = [
        Group(column="category", at_most=2, title="two of a category"), Budget(column="spend", at_most=9, title="the pot"),
        Lock(offer_id="o0"), Lock(offer_id="o1"), Lock(offer_id="o4"),
    ]  # fmt: skip
    found = optimise(frame, rules, pick=4)
    forced, cost = why_not(frame, rules, found, "o2")
    assert cost is None
    assert forced.conflict is not None
    assert set(forced.conflict.titles) == {"two of a category", "o0 is in", "o1 is in", "o2 is asked for"}
    assert forced.conflict.findings == (
        "'two of a category' allows 2 of 'x', locked in are 'o0 is in', 'o1 is in', 'o2 is asked for'",
    )
    assert "loosen 'two of a category' by 1 item" in forced.conflict.mends
    assert "release the lock 'o1 is in'" in forced.conflict.mends


def test_an_offer_that_may_go_under_another_label_is_not_counted() -> None:
    frame = pd.DataFrame({"offer_id": ["o0", "o1", "o2", "o2", "o3"], "option_id": list("aaaba"), "value": 10.0,
                          "band": ["low", "low", "low", "high", "high"]})  # fmt: skip
    rules: list[Rule] = [Group(column="band", at_most=2), *(Lock(offer_id=f"o{k}") for k in range(3))]
    found = optimise(frame, rules, pick=3)
    assert found.outcome.has_plan
    assert set(found.chosen["band"]) == {"low", "high"}
