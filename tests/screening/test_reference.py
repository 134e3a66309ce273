"""Reference prices and fake discounts: cases one can read, the edges of every window, and laws against an oracle."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.util import find_spec
from random import Random
from shutil import which
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bosspick.errors import InputError, PolicyError
from bosspick.policy import ReferenceRule
from bosspick.screening.reference import REFERENCE_REASONS, rule_in_force
from tests.oracle.reference import judged
from tests.screening.histories import AS_OF, CN, EU, Row, applied, facts, judge, lows, seen

SECOND = 1 / 86_400
FIRST = [seen("Q0", 60, 120)]
#: A pack of 60 as it was sold: its prices are not brought to the offer's.
LARGE = {"amount": 60.0, "same_spec": False}


def shown(history: list[Row], quote_id: str | None, price: str = "price_fen") -> tuple[Any, ...]:
    """Quote, price and day as a proof names them."""
    row = next((row for row in history if row["quote_id"] == quote_id), {})
    return quote_id, row.get(price), row.get("seen_at")


def proofs(rows: list[Row], code: str, name: str) -> list[tuple[Any, ...]]:
    return [(row[code], row[f"{name}_quote"], row[f"{name}_fen"], row[f"{name}_seen_at"]) for row in rows]


WAS = {
    "CN": [
        ([seen("Q1", 3, 120)], "REFERENCE_OK", "Q1"),
        ([seen("Q1", 3, 130)], "REFERENCE_OK", "Q1"),
        ([seen("Q1", 3, 119)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([seen("Q1", 5, 125), seen("Q2", 2, 121), seen("Q3", 1, 140)], "REFERENCE_OK", "Q2"),
        ([seen("Q1", 5, 80), seen("Q2", 2, 80)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        # None traded in the 7 days: the last price before them.
        ([seen("Q1", 40, 80), seen("Q2", 2, 120)], "REFERENCE_OK", "Q2"),
        ([seen("Q1", 40, 80), seen("Q2", 20, 120)], "REFERENCE_OK", "Q2"),
        ([seen("Q1", 40, 120), seen("Q2", 20, 80)], "RAISED_BEFORE_DISCOUNT", "Q2"),
        ([seen("Q1", 20, 80), seen("Q2", 20, 120)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([], "REFERENCE_UNKNOWN", None),
        # The window to the second, and nothing after the moment of judgement.
        ([*FIRST, seen("Q1", 7, 80), seen("Q2", 1, 120)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([*FIRST, seen("Q1", 7 + SECOND, 80), seen("Q2", 1, 120)], "REFERENCE_OK", "Q2"),
        ([*FIRST, seen("Q1", 7 - SECOND, 80), seen("Q2", 1, 120)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([*FIRST, seen("Q1", 0, 80), seen("Q2", 1, 120)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([*FIRST, seen("Q1", -SECOND, 80), seen("Q2", 1, 120)], "REFERENCE_OK", "Q2"),
        ([*FIRST, seen("Q1", -5, 80)], "REFERENCE_OK", "Q0"),
        # An unknown price could be lower: it is never taken for none.
        ([seen("Q1", 3, None)], "REFERENCE_UNKNOWN", None),
        ([seen("Q1", 3, None), seen("Q2", 2, 120)], "REFERENCE_UNKNOWN", None),
        ([seen("Q1", 3, None), seen("Q2", 2, 110)], "RAISED_BEFORE_DISCOUNT", "Q2"),
        ([seen("Q1", 20, 120), seen("Q2", 3, None)], "REFERENCE_UNKNOWN", None),
        ([seen("Q1", 20, 120), seen("Q2", 9, None)], "REFERENCE_UNKNOWN", None),
        ([seen("Q1", 20, None), seen("Q2", 9, 120)], "REFERENCE_OK", "Q2"),
        # Another spec says nothing.
        ([seen("Q1", 3, 80, same_spec=False)], "REFERENCE_UNKNOWN", None),
        ([seen("Q1", 3, 80, same_spec=None), seen("Q2", 2, 120)], "REFERENCE_OK", "Q2"),
    ],
    "EU": [
        ([*FIRST, seen("Q1", 3, 120)], "REFERENCE_OK", "Q1"),
        ([*FIRST, seen("Q1", 3, 119)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([*FIRST, seen("Q1", 25, 119), seen("Q2", 3, 120)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([seen("Q0", 60, 80), seen("Q1", 3, 120)], "REFERENCE_OK", "Q1"),
        # Too little history is unknown, but a lower price that was seen is proof.
        ([seen("Q1", 29, 120), seen("Q2", 3, 125)], "REFERENCE_SHORT", None),
        ([seen("Q1", 29, 119)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([seen("Q0", 60, None), seen("Q1", 3, 120)], "REFERENCE_SHORT", None),
        ([seen("Q1", 3, None)], "REFERENCE_SHORT", None),
        ([*FIRST, seen("Q1", 3, None)], "REFERENCE_UNKNOWN", None),
        (FIRST, "REFERENCE_UNKNOWN", None),
        ([], "REFERENCE_UNKNOWN", None),
        # The window to the second.
        ([seen("Q1", 30, 120)], "REFERENCE_OK", "Q1"),
        ([seen("Q1", 30 - SECOND, 120)], "REFERENCE_SHORT", None),
        ([seen("Q1", 30 + SECOND, 80), seen("Q2", 1, 120)], "REFERENCE_OK", "Q2"),
        ([seen("Q1", 30, 80), seen("Q2", 1, 120)], "RAISED_BEFORE_DISCOUNT", "Q1"),
        ([*FIRST, seen("Q1", -SECOND, 80), seen("Q2", 0, 120)], "REFERENCE_OK", "Q2"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("rule", [CN, EU], ids=lambda rule: rule.id)
def test_the_reference_price(rule: ReferenceRule) -> None:
    cases = WAS[rule.jurisdiction]
    found = judge([(history, {}) for history, _, _ in cases], rule)
    assert proofs(found, "reference_code", "was") == [(code, *shown(history, was)) for history, code, was in cases]
    unlisted = judge([(history, {"list_price_fen": None}) for history, _, _ in cases], rule)
    assert {(row["reference_code"], row["was_fen"]) for row in unlisted} == {("REFERENCE_UNKNOWN", None)}


def test_the_day_the_price_was_raised() -> None:
    cases: list[tuple[list[Row], str | None]] = [
        ([seen("Q1", 6, 80), seen("Q2", 4, 80), seen("Q3", 2, 120), seen("Q4", 1, 130)], "Q3"),
        ([seen("Q1", 30, 80), seen("Q2", 30, 120)], None),
        ([seen("Q1", 9, 120), seen("Q2", 4, 80)], None),
        ([seen("Q1", 6, 80), seen("Q2", 2, None), seen("Q3", -1, 120)], None),
        ([seen("Q1", 6, 120), seen("Q2", 2, 125)], None),
    ]
    found = judge([(history, {}) for history, _ in cases])
    told = [(row["raised_quote"], row["raised_fen"], row["raised_at"]) for row in found]
    assert told == [shown(history, raised) for history, raised in cases]


def test_a_list_price_nobody_ever_saw() -> None:
    cases: list[tuple[list[Row], Row, str, str | None]] = [
        ([seen("Q1", 390, 120), seen("Q2", 3, 80)], {}, "LIST_PRICE_TRADED", "Q1"),
        ([seen("Q1", 390, 130), seen("Q2", 3, 80)], {}, "LIST_PRICE_TRADED", "Q1"),
        ([seen("Q1", 390, 119), seen("Q2", 3, 80)], {}, "LIST_PRICE_NEVER_TRADED", "Q1"),
        ([seen("Q2", 3, 119), seen("Q1", 9, 119)], {}, "LIST_PRICE_NEVER_TRADED", "Q1"),
        ([seen("Q1", 3, 80, display_fen=12000)], {}, "LIST_PRICE_TRADED", "Q1"),
        ([seen("Q1", 3, None, display_fen=11999)], {}, "LIST_PRICE_NEVER_TRADED", "Q1"),
        ([seen("Q1", 3, 120, display_fen=None)], {}, "LIST_PRICE_UNKNOWN", None),
        ([seen("Q1", 3, 120, same_spec=False)], {}, "LIST_PRICE_UNKNOWN", None),
        ([seen("Q1", -1, 120)], {}, "LIST_PRICE_UNKNOWN", None),
        ([seen("Q1", 3, 80)], {"list_price_fen": None}, "LIST_PRICE_UNKNOWN", "Q1"),
        ([], {}, "LIST_PRICE_UNKNOWN", None),
    ]
    found = judge([(history, offer) for history, offer, _, _ in cases])
    expected = [(code, *shown(history, top, "display_fen")) for history, _, code, top in cases]
    assert proofs(found, "list_price_code", "highest") == expected


def test_a_pack_that_shrank() -> None:
    cases: list[tuple[list[Row], Row, str, tuple[str, int, float] | None]] = [
        ([seen("Q1", 90, 90, **LARGE)], {}, "SHRUNK_PACK", ("Q1", 9000, 60.0)),
        ([seen("Q1", 90, 70, **LARGE)], {}, "SHRUNK_PACK", ("Q1", 7000, 60.0)),
        ([seen("Q1", 90, 91, **LARGE)], {}, "PACK_KEPT", None),
        ([seen("Q1", 90, 80, **LARGE | {"amount": 50.0})], {}, "PACK_KEPT", None),
        ([seen("Q1", 90, 80, **LARGE | {"amount": 40.0})], {}, "PACK_KEPT", None),
        ([seen("Q1", 90, 80, **LARGE), seen("Q2", 30, 85, **LARGE)], {}, "SHRUNK_PACK", ("Q2", 8500, 60.0)),
        ([seen("Q1", 30, 80, **LARGE), seen("Q2", 90, 85, **LARGE)], {}, "SHRUNK_PACK", ("Q1", 8000, 60.0)),
        ([seen("Q1", 90, 90, **LARGE | {"amount": 30.0, "packs": 2})], {}, "SHRUNK_PACK", ("Q1", 9000, 60.0)),
        # Two packs for ¥90 then, here brought to the one pack that is now offered at ¥90.
        ([seen("Q1", 90, 45, packs=2)], {}, "SHRUNK_PACK", ("Q1", 9000, 100.0)),
        ([seen("Q1", 90, 45, packs=2)], {"opening_price_fen": 8999}, "PACK_KEPT", None),
        ([seen("Q1", 90, 80)], {"amount": 50.000000000000007}, "PACK_KEPT", None),
        ([seen("Q1", 90, 80, **LARGE | {"amount": None})], {}, "PACK_UNKNOWN", None),
        ([seen("Q1", 90, 80, **LARGE | {"packs": None})], {}, "PACK_UNKNOWN", None),
        ([seen("Q1", 90, None, **LARGE)], {}, "PACK_UNKNOWN", None),
        ([seen("Q1", 90, 80, **LARGE)], {"amount": None}, "PACK_UNKNOWN", None),
        ([seen("Q1", 90, 80, **LARGE)], {"packs": None}, "PACK_UNKNOWN", None),
        ([seen("Q1", -1, 80, **LARGE)], {}, "PACK_UNKNOWN", None),
        ([], {}, "PACK_UNKNOWN", None),
    ]  # fmt: skip
    found = judge([(history, offer) for history, offer, _, _ in cases])
    told = [(row["pack_code"], row["larger_quote"], row["larger_fen"], row["content_then"]) for row in found]
    assert told == [(code, *(larger or (None, None, None))) for _, _, code, larger in cases]
    days = [shown(history, larger[0] if larger else None)[2] for history, _, _, larger in cases]
    assert [row["larger_seen_at"] for row in found] == days


def test_lowest_in_so_many_days() -> None:
    cases: list[tuple[list[Row], int | None, str, str | None]] = [
        ([seen("Q1", 40, 90), seen("Q2", 3, 95)], 30, "CLAIM_HOLDS", "Q2"),
        ([seen("Q1", 40, 80), seen("Q2", 3, 90)], 30, "CLAIM_HOLDS", "Q2"),
        ([seen("Q1", 30, 90)], 30, "CLAIM_HOLDS", "Q1"),
        ([seen("Q1", 30, 89), seen("Q2", 3, 95)], 30, "CLAIM_FALSE", "Q1"),
        ([seen("Q1", 30 + SECOND, 89), seen("Q2", 3, 95)], 30, "CLAIM_HOLDS", "Q2"),
        ([seen("Q1", 3, 89)], 30, "CLAIM_FALSE", "Q1"),
        ([seen("Q1", 30 - SECOND, 90)], 30, "CLAIM_UNKNOWN", "Q1"),
        ([seen("Q1", 40, 90)], 30, "CLAIM_UNKNOWN", None),
        ([seen("Q1", 40, 90), seen("Q2", 3, None), seen("Q3", 2, 95)], 30, "CLAIM_UNKNOWN", "Q3"),
        ([seen("Q1", 40, 90), seen("Q2", 3, None), seen("Q3", 2, 89)], 30, "CLAIM_FALSE", "Q3"),
        ([seen("Q1", 40, None), seen("Q2", 3, 95)], 30, "CLAIM_UNKNOWN", "Q2"),
        ([seen("Q1", 40, 90), seen("Q2", -1, 10)], 60, "CLAIM_UNKNOWN", "Q1"),
        ([seen("Q1", 399, 90), seen("Q2", 364, 89)], 365, "CLAIM_FALSE", "Q2"),
        ([seen("Q1", 3, 89, same_spec=False)], 30, "CLAIM_UNKNOWN", None),
        ([], 30, "CLAIM_UNKNOWN", None),
        ([seen("Q1", 3, 89)], None, "CLAIM_NONE", None),
    ]
    found = judge([(history, {"claim_days": days}) for history, days, _, _ in cases])
    assert proofs(found, "claim_code", "claim") == [(code, *shown(history, low)) for history, _, code, low in cases]


CHANGES = [seen("Q1", 40, 80), seen("Q2", 20, 70), seen("Q3", 5, 100)]


@pytest.mark.parametrize(
    ("days", "carry", "low", "spans"),
    [
        (7, False, "Q3", True),
        (7, True, "Q2", True),
        (20, False, "Q2", True),
        (20, True, "Q2", True),
        (60, True, "Q2", False),
        (5, True, "Q3", True),
        (4, True, "Q3", True),
        (4, False, None, None),
    ],
)
def test_a_price_holds_until_the_next(days: int, carry: bool, low: str | None, spans: bool | None) -> None:
    found = lows(CHANGES, days, carry=carry)
    assert [(row["lowest_quote"], row["spans"]) for row in found] == ([(low, spans)] if low else [])


def test_every_code_has_words_and_comes_about() -> None:
    cases = [(history, {"claim_days": days}) for rows in WAS.values() for history, _, _ in rows for days in (None, 7)]
    cases += [([seen("Q1", 9, 90, **LARGE), seen("Q2", 1, 120)], {})]
    rows = judge(cases, CN) + judge(cases, EU)
    assert {row[name] for row in rows for name in row if name.endswith("_code")} == set(REFERENCE_REASONS)


def test_a_span_needs_a_day_and_a_moment_its_offset() -> None:
    with pytest.raises(InputError, match="0 days"):
        lows(CHANGES, 0)
    with pytest.raises(InputError, match="names no offset"):
        facts([], [applied()], as_of=AS_OF.replace(tzinfo=None))


def dated(rule_id: str, since: str, jurisdiction: str = "CN") -> ReferenceRule:
    return ReferenceRule(id=rule_id, jurisdiction=jurisdiction, days=7, in_force_from=since, source="test")


RULES = (dated("new", "2026-06-01"), dated("old", "2020-12-01"), dated("eu", "2022-05-28", "EU"))


@pytest.mark.parametrize(
    ("jurisdiction", "day", "rule_id"),
    [("CN", "2026-06-01", "new"), ("CN", "2026-05-31", "old"), ("CN", "2020-12-01", "old"), ("EU", "2030-01-01", "eu")],
)
def test_the_rule_of_the_day(jurisdiction: str, day: str, rule_id: str) -> None:
    assert rule_in_force(RULES, jurisdiction, date.fromisoformat(day)).id == rule_id


@pytest.mark.parametrize(
    ("rules", "jurisdiction", "said"),
    [
        (RULES, "US", r"jurisdiction 'US'(?s:.)*rules of: CN, EU"),
        ((), "CN", "rules of: none"),
        ((dated("late", "2027-01-01"),), "CN", r"in force on 2026-11-27(?s:.)*first begins on 2027-01-01"),
        ((dated("a", "2020-12-01"), dated("b", "2020-12-01")), "CN", "a and b both came into force on 2020-12-01"),
        ((dated("a", "December"),), "CN", "in_force_from 'December' of a is no date"),
    ],
)
def test_a_missing_rule_is_named(rules: tuple[ReferenceRule, ...], jurisdiction: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        rule_in_force(rules, jurisdiction, AS_OF.date())


# Few values, so that ties, edges and equal moments are common.
_days = st.sampled_from([-1, 0, 1, 7 - SECOND, 7, 7 + SECOND, 8, 30 - SECOND, 30, 30 + SECOND, 45, 60, 399])
_fen = st.sampled_from([7999, 8000, 8001, 9000, 12000, 12001])
_quote = st.builds(
    lambda days, price, display, amount, packs, same: {
        "seen_at": AS_OF - timedelta(days=days), "price_fen": price, "display_fen": display,
        "amount": amount, "packs": packs, "same_spec": same,
    },
    _days, st.none() | _fen, st.none() | _fen, st.sampled_from([None, 40.0, 50.0, 60.0]),
    st.sampled_from([None, 1, 2, 3]), st.sampled_from([True, True, True, False, None]),
)  # fmt: skip
_offer = st.builds(
    lambda listed, opening, amount, packs, claim: {
        "list_price_fen": listed, "opening_price_fen": opening, "amount": amount, "packs": packs, "claim_days": claim,
    },
    st.none() | _fen, _fen, st.sampled_from([None, 40.0, 50.0]), st.sampled_from([None, 1, 2]),
    st.sampled_from([None, 7, 30, 60]),
)  # fmt: skip
_rules = st.sampled_from([CN, EU])


@st.composite
def _shops(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """The histories of twelve offers, and the offers."""
    offers = [draw(_offer) | {"offer_id": f"O{number:02d}"} for number in range(12)]
    history = [row | {"offer_id": offer["offer_id"]} for offer in offers for row in draw(st.lists(_quote, max_size=8))]
    return [row | {"quote_id": f"Q{number:03d}"} for number, row in enumerate(history)], offers


@settings(max_examples=12)
@given(_shops(), _rules, st.randoms(use_true_random=False))
def test_every_fact_is_the_oracles_in_any_order_of_rows(
    shops: tuple[list[Row], list[Row]], rule: ReferenceRule, chance: Random
) -> None:
    history, offers = shops
    expected = [judged(history, offer, AS_OF, rule.days, falls_back=rule.jurisdiction == "CN") for offer in offers]
    found = facts(chance.sample(history, len(history)), chance.sample(offers, len(offers)), rule)
    assert found == expected


@settings(max_examples=4)
@given(_shops(), _rules)
def test_money_is_whole_and_times_a_hundred_changes_prices_only(
    shops: tuple[list[Row], list[Row]], rule: ReferenceRule
) -> None:
    def scaled(rows: list[Row]) -> list[Row]:
        return [{k: v * 100 if k.endswith("_fen") and v is not None else v for k, v in row.items()} for row in rows]

    # Several packs brought to the offer's are rounded to the fen, which is finer on a larger price.
    history, offers = ([row | {"packs": 1} for row in rows] for rows in shops)
    found = facts(history, offers, rule)
    assert all(cell is None or type(cell) is int for row in found for name, cell in row.items() if name.endswith("_fen"))
    assert facts(scaled(history), scaled(offers), rule) == scaled(found)


@settings(max_examples=4)
@given(_shops(), _rules, st.sampled_from([0, 1, 7, 30]))
def test_a_dearer_quote_moves_no_lowest_price(shops: tuple[list[Row], list[Row]], rule: ReferenceRule, days: int) -> None:
    def kept(rows: list[Row]) -> list[Row]:
        return [{name: row[name] for name in row if name.startswith(("was", "claim"))} for row in rows]

    # Beside a quote of the same moment it also leaves alone which quotes count.
    history, offers = shops
    history = history + [seen("R", days, 120, offer_id=offer["offer_id"]) for offer in offers]
    dear = [seen("S", days, 999, offer_id=offer["offer_id"]) for offer in offers]
    assert kept(facts(history + dear, offers, rule)) == kept(facts(history, offers, rule))


@pytest.mark.skipif(find_spec("pyspark") is None or which("java") is None, reason="Spark or Java is not installed")
@pytest.mark.xdist_group("spark")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_says_the_same() -> None:
    cases = [(history, {"claim_days": 30}) for rows in WAS.values() for history, _, _ in rows]
    cases += [([seen("Q1", 9, 90, **LARGE), seen("Q2", 1, 45, packs=2)], {}), ([seen("Q1", 9, 33, packs=7)], {"packs": 3})]
    for rule in (CN, EU):
        assert judge(cases, rule, engine="spark") == judge(cases, rule)
