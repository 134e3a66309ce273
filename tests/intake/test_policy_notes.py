"""What a policy says that reaches nothing in the week is told, and what it says rightly is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick import open_room
from bosspick.briefing.config import RunConfig
from bosspick.briefing.risks import list_risks
from bosspick.briefing.stage import Stage
from tests.rooms import POLICY, write_room, write_rows

POT = '[[pots]]\nid = "weekly"\npayer = "platform"\namount = "1000"\n'
BUDGET = '[[rules]]\nid = "pot"\ntitle = "the pot"\ntype = "budget"\ncolumn = "subsidy_fen"\npot = "platform"\n'


def group(label: str, bound: str) -> str:
    return f'[[rules]]\nid = "g"\ntitle = "a group"\ntype = "group"\ncolumn = "category"\nlabel = "{label}"\n{bound}\n'


def notes(folder: Path, policy: str, **files: list[dict[str, str]]) -> list[str]:
    room = write_room(folder, policy=policy)
    for name, rows in files.items():
        write_rows(room / f"{name}.csv", rows)
    return [str(finding) for finding in open_room(room).week().findings if finding.table == "policy"]


def test_a_pot_no_rule_draws_on_limits_nothing(tmp_path: Path) -> None:
    assert notes(tmp_path, POLICY + POT) == [
        "policy.toml, column pots[weekly].amount: no budget rule in force draws on the platform's pots, so it limits no plan"
        ' (\'1000\') → add a rule with type = "budget", column = "subsidy_fen" and pot = "platform"'
    ]


@pytest.mark.parametrize(
    "policy",
    [
        POT + BUDGET,
        POT.replace('"platform"', '"host"'),
        POT + 'goods = "new_users"\n',
        group("食品", "at_most = 1"),
        group("保健", "at_most = 1"),
        group("食品", "at_least = 1"),
        "",
    ],
)
def test_what_has_its_effect_is_not_told(tmp_path: Path, policy: str) -> None:
    assert notes(tmp_path, POLICY + policy) == []


@pytest.mark.parametrize("change", ['mode = "off"\n', 'sessions = ["2026-W47"]\n'])
def test_a_rule_of_other_weeks_does_not_hold_a_pot(tmp_path: Path, change: str) -> None:
    assert len(notes(tmp_path, POLICY + POT + BUDGET + change)) == 1


def test_a_label_no_offer_carries(tmp_path: Path) -> None:
    (near,) = notes(tmp_path / "near", POLICY + group("食 品", "at_most = 1"))
    assert "rules[g].label" in near
    assert near.endswith("did you mean '食品'?")
    (needed,) = notes(tmp_path / "needed", POLICY + group("保健", "at_least = 1"))
    assert "no offer's category is this, so the rule cannot be kept" in needed


def test_a_negotiator_with_a_slip_of_the_pen(tmp_path: Path) -> None:
    assert notes(tmp_path, POLICY.replace('"一组" = 8', '"一祖" = 8'))[0].endswith("did you mean '一组'?")
    assert notes(tmp_path, POLICY.replace('"一组" = 8', '"一组" = 8, "七组" = 8')) == []


def test_a_pot_of_an_event_the_calendar_does_not_have(tmp_path: Path) -> None:
    calendar = [{"event": "双十一", "date_from": "2026-11-01", "date_to": "2026-11-30"}]
    policy = POLICY + BUDGET + POT
    assert notes(tmp_path, policy + 'event = "双十一"\n', calendar=calendar) == []
    (found,) = notes(tmp_path, policy + 'event = "双十二"\n', calendar=calendar)
    assert "the calendar has no such event, so the pot is never there" in found


def test_a_plan_that_outspends_its_pots_is_a_risk(tmp_path: Path) -> None:
    policy = POLICY.replace('hours = { "一组" = 8 }', 'hours = { "一组" = 8 }\nsubsidy_steps = ["0", "20"]')

    def planned(name: str, rules: str) -> Stage:
        return Stage(RunConfig(room=str(write_room(tmp_path / name, policy=policy + POT + rules))))

    free, held = planned("free", ""), planned("held", BUDGET)
    assert free.plan.chosen["subsidy_fen"].sum() > 100_000
    said = [risk.what for risk in list_risks(free)]
    assert any("above the ¥1,000 of its pots that may be planned" in what for what in said), said
    assert held.plan.chosen["subsidy_fen"].sum() <= 100_000
    assert not any("that may be planned" in risk.what for risk in list_risks(held))
