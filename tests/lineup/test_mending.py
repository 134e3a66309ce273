"""Repairs of a conflict: each one, carried out, gives a lineup."""

from __future__ import annotations

import pytest

from bosspick.errors import NoPlanError, RuleError
from bosspick.lineup import Budget, Cover, Gini, Group, Lock, Together, find_conflict, mended, optimise
from tests.lineup.weeks import small_week
from tests.oracle.brute import brute

WEEKS = [seed for seed in range(260) if find_conflict(*(week := small_week(seed))[:2], pick=week[2]) is not None]


def test_there_are_conflicts_to_mend() -> None:
    assert len(WEEKS) > 15


@pytest.mark.parametrize("seed", WEEKS)
def test_every_repair_gives_a_lineup(seed: int) -> None:
    options, rules, pick = small_week(seed)
    conflict = find_conflict(options, rules, pick=pick)
    assert conflict is not None
    for repair in conflict.repairs:
        if repair.by:
            assert brute(options, mended(rules, dict(repair.by)), pick).value is not None, repair.text


def test_limits_rise_floors_fall_and_others_are_switched_off() -> None:
    rules = [
        Budget(column="s", at_most=10, id="pot"), Gini(column="c", at_most=0.25, id="even"),
        Group(column="c", at_least=3, at_most=4, id="group"), Lock(offer_id="o1", id="lock"),
        Together(offer_ids=["o1", "o2"], id="both"), Cover(topics={"sun": (1.0, ["o1"])}, id="wishes"),
    ]  # fmt: skip
    pot, even, group, lock, both, wishes = mended(rules, {"pot": 2.5, "even": 0.5, "group": 1, "lock": 1, "both": 2})
    assert isinstance(pot, Budget)
    assert pot.at_most == 12.5
    assert isinstance(even, Gini)
    assert even.at_most == 0.75
    assert isinstance(group, Group)
    assert (group.at_least, group.at_most) == (2, 5)
    assert (lock.mode, both.mode) == ("off", "off")
    assert wishes is rules[-1]


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(RuleError, match="there is no rule 'pots'"):
        mended([Budget(column="s", at_most=10, id="pot")], {"pots": 1})


def test_no_plan_says_what_would_help() -> None:
    options, rules, pick = small_week(WEEKS[0])
    found = optimise(options, rules, pick=pick)
    assert found.conflict is not None
    with pytest.raises(NoPlanError, match="there is no lineup"):
        _ = found.value
