"""The demo room can be planned: ten items in every week, under all rules of its policy."""

from __future__ import annotations

import pytest

from bosspick import open_room, plan_lineup
from tests.demo.conftest import SEEDS


@pytest.mark.parametrize("week", ["2026-W48", "2026-W49", "2026-W50", "2026-W51"])
def test_every_week_has_a_proven_ten(week: str) -> None:
    plan = plan_lineup(open_room(SEEDS).week(week), explain=False)
    assert plan.result.outcome == "OPTIMAL"
    assert plan.chosen["offer_id"].nunique() == 10
