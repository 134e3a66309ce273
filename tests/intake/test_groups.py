"""Exclusive groups that cannot be kept: named by row, set aside, and their price unknown rather than dearer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick import open_room, screen
from tests.rooms import CHANNELS, offer, quote, write_room

TERMS = {"quote_id": "Q10", "step": "2", "kind": "amount", "threshold": "", "amount": "20", "audience": "public",
         "confirmed": "yes"}  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "reason", "rows"),
    [
        (["a|b", "b|c", "c|a"], "names several exclusive groups", [2, 3, 4]),
        (["甲、乙", "甲"], "names several exclusive groups", [2]),
        (["a", "b"], "stands in several groups with the same terms", [2, 3]),
        (["a", ""], "stands in several groups with the same terms", [2, 3]),
    ],
)
def test_groups_that_exclude_each_other_in_circles_or_contradict(
    tmp_path: Path, groups: list[str], reason: str, rows: list[int]
) -> None:
    same = reason.startswith("stands")
    promotions = [TERMS | {"amount": "20" if same else f"{20 + n}", "exclusive_group": group} for n, group in enumerate(groups)]
    quotes = [quote(1, channel) for channel in (*CHANNELS, "戊超市")]
    week = open_room(write_room(tmp_path, offers=[offer(1)], quotes=quotes, promotions=promotions)).week()
    found = [(finding.file, finding.row, finding.column) for finding in week.bad if finding.reason == reason]
    assert found == [("2026-W48/promotions.csv", row, "exclusive_group") for row in rows]
    pairs = screen(week).pairs.set_index("quote_id")
    assert pairs.loc["Q10", "set_aside"] == "UNKNOWN_TERMS"
