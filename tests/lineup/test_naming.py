"""Conflicts of rules that name offers: found without a solver, held against trying everything."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bosspick.errors import RuleError
from bosspick.lineup import (
    Apart,
    Ban,
    Budget,
    Group,
    IfThen,
    Lock,
    OptionTable,
    Repeat,
    Rule,
    Together,
    optimise,
    why_not,
)
from bosspick.lineup.instance import read_instance
from bosspick.lineup.proofs import proofs
from tests.oracle.brute import brute

WEEK = pd.DataFrame(
    {
        "offer_id": ["o0", "o0", "o1", "o2", "o3", "o3", "o4", "o5"], "option_id": list("abaaabaa"), "value": 10.0,
        "spend": [3.0, 5.0, 2.0, 4.0, 1.0, 2.0, 1.0, 6.0], "brand": ["x", "x", "x", "y", "y", "z", "z", None],
    }
)  # fmt: skip
OFFERS = [f"o{k}" for k in range(6)]
SOME = st.lists(st.sampled_from(OFFERS), min_size=2, max_size=3, unique=True)
RULES = st.one_of(
    st.builds(lambda offer: Lock(offer_id=offer), st.sampled_from(OFFERS)),
    st.builds(lambda offer: Ban(offer_id=offer), st.sampled_from(OFFERS)),
    st.builds(lambda offers: Apart(offer_ids=offers), SOME),
    st.builds(lambda offers: Together(offer_ids=offers), SOME),
    st.builds(lambda offers, then: IfThen(if_any=offers, then_any=then), SOME, SOME),
    st.builds(lambda label: Repeat(column="brand", recent={label: 1}, at_least=2), st.sampled_from("xyz")),
    st.builds(lambda most: Group(column="brand", at_most=most), st.integers(1, 2)),
    st.builds(lambda limit: Budget(column="spend", at_most=float(limit)), st.integers(3, 12)),
)


@given(rules=st.lists(RULES, min_size=1, max_size=7), pick=st.integers(1, 4))
def test_what_is_proven_cannot_hold_and_needs_every_rule(rules: list[Rule], pick: int) -> None:
    live = list({rule.id: rule for rule in rules}.values())
    try:
        instance = read_instance(WEEK, live, pick)
    except RuleError:
        assume(False)
    for proof in proofs(instance):
        assert brute(WEEK, list(proof.rules), pick).value is None, proof.text
        for left in proof.rules:
            assert brute(WEEK, [r for r in proof.rules if r is not left], pick).value is not None, (proof.text, left.title)


FORBIDDEN: dict[str, list[Rule]] = {
    "kept apart": [Lock(offer_id="o1"), Apart(offer_ids=["o1", "o2"])],
    "needs what is banned": [Ban(offer_id="o4"), IfThen(if_any=["o2"], then_any=["o4"])],
    "goes with what is banned": [Ban(offer_id="o4"), Together(offer_ids=["o2", "o4"])],
    "needs what is kept apart": [
        IfThen(if_any=["o2"], then_any=["o3"]),
        Apart(offer_ids=["o3", "o1"]),
        Lock(offer_id="o1"),
    ],
    "its partner is beyond a cap": [
        Lock(offer_id="o0"), Together(offer_ids=["o1", "o2"]), Group(column="brand", label="x", at_most=1),
    ],
    "too much beside a lock": [Lock(offer_id="o5"), Budget(column="spend", at_most=10.5)],
}  # fmt: skip


@pytest.mark.parametrize("rules", FORBIDDEN.values(), ids=FORBIDDEN)
def test_why_not_names_the_rules_in_the_way_and_no_others(rules: list[Rule]) -> None:
    innocent: list[Rule] = [Group(column="brand", label="z", at_most=2, title="innocent")]
    table = OptionTable(WEEK)
    found = optimise(table, rules + innocent, pick=3)
    forced, cost = why_not(table, rules + innocent, found, "o2")
    assert cost is None
    assert forced.conflict is not None
    assert set(forced.conflict.titles) == {*(rule.title for rule in rules), "o2 is asked for"}
    assert len(forced.conflict.findings) == 1
    assert "release the lock 'o2 is asked for'" in forced.conflict.mends


@pytest.mark.parametrize("rules", FORBIDDEN.values(), ids=FORBIDDEN)
def test_no_solver_is_asked_whether_it_is_so(rules: list[Rule], monkeypatch: pytest.MonkeyPatch) -> None:
    table = OptionTable(WEEK)
    found = optimise(table, rules, pick=3)

    def unwanted(*_: object, **__: object) -> None:
        raise AssertionError("a solver was asked")

    def no_mends(*_: object) -> tuple[str, ...]:
        return ()

    monkeypatch.setattr("bosspick.lineup.asking.solve", unwanted)
    monkeypatch.setattr("bosspick.lineup.diagnose.solve", unwanted)
    monkeypatch.setattr("bosspick.lineup.diagnose.Diagnosis.mends", no_mends)
    assert not why_not(table, rules, found, "o2")[0].outcome.has_plan


def test_a_lock_at_a_cooling_option_is_named_with_the_cooldown() -> None:
    rules: list[Rule] = [
        Lock(offer_id="o3", option_id="a"), Repeat(column="brand", recent={"y": 1}, at_least=2), Ban(offer_id="o0"),
    ]  # fmt: skip
    (proof,) = proofs(read_instance(WEEK, rules, 2))
    assert {rule.kind for rule in proof.rules} == {"lock", "repeat"}


def test_more_that_must_go_together_than_there_are_places() -> None:
    rules: list[Rule] = [Lock(offer_id="o0"), Together(offer_ids=["o0", "o1", "o2"]), Ban(offer_id="o5")]
    (proof,) = proofs(read_instance(WEEK, rules, 2))
    assert {rule.kind for rule in proof.rules} == {"lock", "together"}
    assert proof.text.endswith("cannot hold together")
