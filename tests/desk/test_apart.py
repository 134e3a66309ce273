"""A call in a process of its own: its answer, its exception, and its end when nobody wants it."""

from __future__ import annotations

import operator
import select
from functools import partial

import pytest

from bosspick.desk import DeskState, planner
from bosspick.desk.apart import run_apart
from tests.desk.fakes import given


def never() -> bool:
    return False


def test_the_answer_comes_back() -> None:
    assert run_apart(partial(operator.add, 1, 2), stop=never) == 3


def test_what_it_raises_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        run_apart(partial(operator.floordiv, 1, 0), stop=never)


def test_nobody_waits_for_what_is_not_wanted() -> None:
    assert run_apart(partial(select.select, [], [], []), stop=lambda: True) is None


def test_a_bench_of_many_options_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    state = DeskState.of_planner(given())
    state.solve(state.wanted)
    assert state.present is not None
    here = state.planner.bench(state.present, stop=never)
    monkeypatch.setattr(planner, "_MANY_OPTIONS", 0)
    apart = state.planner.bench(state.present, stop=never)
    assert here is not None
    assert apart is not None
    assert here.to_dict() == apart.to_dict()
