"""The policy: every finding names its key, and the key that was meant."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bosspick import open_room
from bosspick.errors import PolicyError
from bosspick.lineup.pots import given_fen, plannable_fen, reserve_fen
from bosspick.policy import Policy, load_policy, parse_policy
from bosspick.policy_rules import RuleSpec, iso_monday, keys_of, kinds_of_rule

RULE = {"id": "r", "title": "a rule"}


def said(raw: dict[str, Any]) -> str:
    with pytest.raises(PolicyError) as caught:
        parse_policy(raw)
    assert caught.value.where == "policy.toml"
    assert caught.value.exit_code == 2
    return caught.value.message


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"screning": {}}, "screning: unknown key, did you mean 'screening'?"),
        ({"show": {"itmes": 10}}, "show.itmes: unknown key, did you mean 'items'?"),
        ({"show": {"min_channels": 4}}, "show.min_channels: unknown key, it belongs in [screening]"),
        ({"store_score_min": 4.5}, "store_score_min: unknown key, it belongs in [screening]"),
        ({"value": {"xyzzy": 1}}, "value.xyzzy: unknown key"),
        ({"pots": [{"id": "p", "payer": "brand", "amuont": 1, "amount": 1}]},
         "pots.0.amuont: unknown key, did you mean 'amount'?"),
        ({"rules": [RULE | {"type": "ban", "offer": "o"}]},
         "rules[r].offer_id: Field required; rules[r].offer: unknown key, did you mean 'offer_id'?"),
        ({"rules": [RULE | {"type": "budgett"}]}, "rules[r].type: there is no rule of type 'budgett', did you mean 'budget'?"),
        ({"rules": [{"title": "t"}]}, "rules[0]: lacks its type, one of " + ", ".join(kinds_of_rule())),
    ],
)  # fmt: skip
def test_unknown_keys_are_named_with_the_nearest_known(raw: dict[str, Any], message: str) -> None:
    assert said(raw) == message


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ({"show": {"items": 0}}, "show.items"), ({"show": {"items": "ten"}}, "show.items"), ({"show": 3}, "show"),
        ({"screening": {"margin": -1}}, "screening.margin"), ({"screening": {"margin": 0.001}}, "screening.margin"),
        ({"screening": {"return_rate_max": 8}}, "screening.return_rate_max"),
        ({"screening": {"brand": "maybe"}}, "screening.brand"),
        ({"screening": {"window_hours": True}}, "screening.window_hours"),
        ({"screening": {"window_hours": 10**20}}, "screening.window_hours"),
        ({"screening": {"margin": "99999999999999999999"}}, "screening.margin"),
        ({"screening": {"required_channels": "甲"}}, "screening.required_channels"),
        ({"screening": {"rates": {"CNY": "2"}}}, "screening.rates"),
        ({"screening": {"rates": {"usd": "7"}}}, "screening.rates"),
        ({"screening": {"rates": {"USD": "1e30"}}}, "screening.rates.USD"),
        ({"show": {"minutes": 10**9}}, "show.minutes"),
        ({"value": {"order": float("inf")}}, "value.order"), ({"value": {"order": float("nan")}}, "value.order"),
        ({"demand": {"elasticity": 2}}, "demand.elasticity"),
        ({"bargaining": {"price_endings": ["nine"]}}, "bargaining.price_endings.0"),
        ({"bargaining": {"price_endings": [""]}}, "bargaining.price_endings.0"),
        ({"bargaining": {"hours": {"一组": -1}}}, "bargaining.hours.一组"),
        ({"rundown": {"slot_multipliers": [1, 0]}}, "rundown.slot_multipliers.1"),
        ({"rules": [RULE | {"type": "budget", "column": "c", "at_most": float("inf")}]}, "rules[r].at_most"),
        ({"rules": [RULE | {"type": "ban", "offer_id": "o", "sessions": ["2026-W60"]}]}, "rules[r].sessions.0"),
        ({"rules": [RULE | {"type": "repeat", "at_least": 1, "column": "gtin"}]}, "rules[r].column"),
        ({"rules": [RULE | {"type": "group", "column": "c"}]}, "rules[r]"),
        ({"rules": [RULE | {"type": "group", "column": "c", "at_least": 3, "at_most": 2}]}, "rules[r]"),
        ({"rules": [RULE | {"type": "budget", "column": "c"}]}, "rules[r]"),
        ({"rules": [RULE | {"type": "ban", "offer_id": "o", "mode": "soft"}]}, "rules[r]"),
    ],
    ids=str,
)  # fmt: skip
def test_values_out_of_range_are_named(raw: dict[str, Any], key: str) -> None:
    assert said(raw).startswith(f"{key}: ")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"show": {"minutes": 30}}, "rundown.minutes_min 7 x show.items 10 does not fit in show.minutes 30"),
        ({"rundown": {"minutes_min": 9, "minutes_max": 8}}, "rundown.minutes_min is above rundown.minutes_max"),
        ({"bargaining": {"prior_floor_low": 0.99}}, "bargaining.prior_floor_low is above bargaining.prior_floor_high"),
        ({"screening": {"reference_rule": "US-1"}}, "screening.reference_rule 'US-1' is none of ['CN-7', 'EU-30']"),
        ({"rules": [RULE | {"type": "ban", "offer_id": o} for o in "ab"]}, "rules: the id 'r' is used twice"),
        ({"pots": [{"id": "p", "payer": "brand", "amount": 1}] * 2}, "pots: the id 'p' is used twice"),
    ],
)
def test_keys_that_disagree(raw: dict[str, Any], message: str) -> None:
    assert said(raw) == message


def test_all_findings_come_in_one_message() -> None:
    found = said({"show": {"itmes": 1, "bench": -1}, "valeu": {}})
    assert [each.split(":")[0] for each in found.split("; ")] == ["show.bench", "show.itmes", "valeu"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"[show\n", "is not TOML"), (b"\xff\xfe", "cannot be read"), (b"[show]\nitems = 5\nitems = 6\n", "is not TOML")],
)
def test_a_file_that_is_no_policy(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "policy.toml").write_bytes(content)
    with pytest.raises(PolicyError, match=message):
        load_policy(tmp_path / "policy.toml")


def test_a_policy_file_from_a_windows_editor(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_bytes(b'\xef\xbb\xbf[room]\r\nname = "\xe5\xae\x98"\r\n')
    assert load_policy(tmp_path / "policy.toml").room.name == "官"


def test_money_of_the_pots_is_exact(room: Path) -> None:
    pots = [
        {"id": "a", "payer": "platform", "amount": "0.07", "reserve": 0.1},
        {"id": "b", "payer": "platform", "amount": 0.29},
    ]
    week = replace(open_room(room).week(), policy=parse_policy({"pots": pots}))
    assert week.policy.screening.margin == Decimal("0.01")
    assert (plannable_fen(week, "platform"), plannable_fen(week, "host")) == (35, 0)
    assert plannable_fen(week, "platform", stress=True) == 53
    assert (given_fen(week, "platform"), reserve_fen(week, "platform")) == (36, 0)


def test_every_section_and_rule_refuses_unknown_keys() -> None:
    models = [get_args(field.annotation)[0] if get_args(field.annotation) else field.annotation
              for field in Policy.model_fields.values()]  # fmt: skip
    models += get_args(get_args(RuleSpec)[0])
    sections = [model for model in models if isinstance(model, type) and issubclass(model, BaseModel)]
    assert len(sections) >= 17
    assert {model.model_config.get("extra") for model in sections} == {"forbid"}


def test_keys_of_a_rule() -> None:
    assert "at_most" in keys_of("budget")
    assert keys_of("no such rule") == ["id", "title", "why", "mode", "penalty", "sessions"]


@pytest.mark.parametrize("text", ["2026-W60", "2021-W53", "2026-W00", "0000-W01", "2026W48", "²⁰²⁶-W48"])
def test_weeks_that_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError, match=text.split("-")[0]):
        iso_monday(text)
