"""Risks of the whole show: what is not known is said to be a risk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick.briefing.config import RunConfig
from bosspick.briefing.risks import list_risks
from bosspick.briefing.stage import Stage
from bosspick.ledger import Ledger
from tests.rooms import POLICY, offer, write_room, write_rows

REST = '[[rules]]\nid = "rest"\ntitle = "a brand rests"\ntype = "repeat"\ncolumn = "brand_id"\nat_least = 2\n'


@pytest.mark.parametrize(
    ("published", "aired", "rule", "said"),
    [
        ("2026-W47", False, REST, True),
        ("2026-W46", False, REST, True),
        ("2026-W45", False, REST, False),  # rested long enough, whatever it was
        ("2026-W47", True, REST, False),
        ("2026-W47", False, "", False),
        ("2026-W49", False, REST, False),
    ],
)
def test_a_published_show_that_is_not_among_the_airings(
    tmp_path: Path, published: str, aired: bool, rule: str, said: bool
) -> None:
    room = write_room(tmp_path, policy=POLICY + rule)
    if aired:
        show = {"session_id": published, "slot": "1", "offer_id": "O9", "brand_id": "B9", "category": "美妆",
                "brand_price": "90", "viewer_price": "90", "minutes": "10", "views": "1000", "units": "10"}  # fmt: skip
        write_rows(room / "history" / "airings.csv", [show])
    Ledger.of_room(room).publish(published, "v1", ["O1"], who="producer")
    found = [risk.what for risk in list_risks(Stage(RunConfig(room=str(room)))) if "is not in airings" in risk.what]
    assert found == ([f"{published} was published and is not in airings: nothing of that show rests"] if said else [])


def test_a_wish_of_the_policy_that_may_not_air(tmp_path: Path) -> None:
    lock = '[[rules]]\nid = "wish"\ntitle = "the boss asks"\ntype = "lock"\noffer_id = "%s"\nmode = "soft"\npenalty = 5.0\n'
    rows = [offer(1), offer(2), offer(3, stock="1")]

    def said(name: str, lang: str) -> list[str]:
        room = write_room(tmp_path / f"{name}-{lang}", offers=rows, policy=POLICY + lock % name)
        return [risk.what for risk in list_risks(Stage(RunConfig(room=str(room), lang=lang))) if "the boss asks" in risk.what]

    assert said("O1", "en") == []
    assert said("O3", "en") == ["“the boss asks” wants it in, and it may not air: stock below the threshold"]
    assert said("O3", "zh") == ["“the boss asks”希望它入选，但它不能上播：库存低于门槛"]
