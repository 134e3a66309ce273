"""Every trap of the demo room gets the verdict it was made for, and no other rule trips over it."""

from __future__ import annotations

import pandas as pd
import pytest

from bosspick import open_room
from bosspick.demo import TRAPS, Trap
from bosspick.screening import screen
from bosspick.screening.verdicts import ADVISORY, RULES
from tests.demo.conftest import SEEDS


@pytest.fixture(scope="module")
def verdicts() -> pd.DataFrame:
    return screen(open_room(SEEDS).week("2026-W48")).verdicts.set_index(["offer_id", "rule"])


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_trap(verdicts: pd.DataFrame, trap: Trap) -> None:
    key = (trap.offer_id("W48"), trap.expected.rule)
    assert (verdicts.at[key, "verdict"], verdicts.at[key, "reason_code"]) == trap.expected[1:]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_trap_is_sound_in_every_other_respect(verdicts: pd.DataFrame, trap: Trap) -> None:
    others = [rule for rule in RULES if rule not in ADVISORY and rule != trap.expected.rule]
    assert {verdicts.at[(trap.offer_id("W48"), rule), "verdict"] for rule in others} == {"PASS"}


def test_the_dear_trap_names_the_price_at_which_it_would_pass(verdicts: pd.DataFrame) -> None:
    dear = next(trap for trap in TRAPS if trap.name == "too_dear_yet_passable")
    assert verdicts.at[(dear.offer_id("W48"), "lowest_price"), "passes_at"] == 9899
