"""Laws a lineup keeps whatever the week looks like."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bosspick.lineup import Budget, Group, Outcome, Rule, optimise
from tests.lineup.weeks import small_week

weeks = st.integers(min_value=1_000, max_value=9_999).map(small_week)
quick = settings(max_examples=25, deadline=None)


@quick
@given(week=weeks, seed=st.integers(0, 99))
def test_row_order(week: tuple, seed: int) -> None:  # type: ignore[type-arg]
    options, rules, pick = week
    first = optimise(options, rules, pick=pick)
    second = optimise(options.sample(frac=1, random_state=seed), rules[::-1], pick=pick)
    assert first.outcome is second.outcome
    if first.outcome.has_plan:
        assert first.chosen.to_csv(index=False) == second.chosen.to_csv(index=False)


@quick
@given(week=weeks, factor=st.sampled_from([0.01, 0.5, 100.0, 1e6]))
def test_value_in_another_unit(week: tuple, factor: float) -> None:  # type: ignore[type-arg]
    options, _, pick = week
    rules: list[Rule] = [Budget(column="subsidy_fen", at_most=9_000)]
    first = optimise(options, rules, pick=pick)
    second = optimise(options.assign(value=options["value"] * factor), rules, pick=pick)
    assert first.outcome is second.outcome
    if first.outcome.has_plan:
        assert abs(second.value - factor * first.value) <= 1e-9 * factor * max(1.0, abs(first.value))
        assert first.chosen["option_id"].tolist() == second.chosen["option_id"].tolist()


@quick
@given(week=weeks)
def test_a_rule_that_holds_already_changes_nothing(week: tuple) -> None:  # type: ignore[type-arg]
    options, rules, pick = week
    first = optimise(options, rules, pick=pick)
    if not first.outcome.has_plan:
        return
    used = float(first.chosen["subsidy_fen"].sum())
    most = int(first.chosen["category"].value_counts().max())
    more = [
        Budget(column="subsidy_fen", at_most=used, id="z1"),
        Group(column="category", at_most=most, id="z2"),
    ]
    second = optimise(options, [*rules, *more], pick=pick)
    assert first.chosen.to_csv(index=False) == second.chosen.to_csv(index=False)


@quick
@given(week=weeks, limit=st.integers(0, 20_000), less=st.integers(0, 10_000))
def test_a_tighter_budget_never_helps(week: tuple, limit: int, less: int) -> None:  # type: ignore[type-arg]
    options, rules, pick = week
    wide = optimise(
        options,
        [*rules, Budget(column="subsidy_fen", at_most=limit, id="b")],
        pick=pick,
    )
    tight = optimise(
        options,
        [*rules, Budget(column="subsidy_fen", at_most=limit - less, id="b")],
        pick=pick,
    )
    if tight.outcome.has_plan:
        assert wide.outcome is Outcome.OPTIMAL
        assert tight.value <= wide.value + 1e-6
