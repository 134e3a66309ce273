"""Real pairs of goods with known answers: cheaper by the unit, against the sticker, and the year's lows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.screening.crossshop import (
    FOLDER,
    NO_ANSWER,
    cheaper_by_unit,
    gold,
    known_lows,
    lowest_of_year,
    sticker,
)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the pairs of the two chains are not beside the checkout")


def test_the_cheaper_side_by_unit_price(tmp_path: Path) -> None:
    pairs = gold()
    assert len(pairs) == 497
    found = cheaper_by_unit(pairs, tmp_path / "room")
    assert found == [pair["cheaper_unit"] for pair in pairs]
    flips = [(answer, sticker(pair)) for answer, pair in zip(found, pairs, strict=True) if answer != NO_ANSWER]
    assert sum(answer != shown for answer, shown in flips) == 17
    assert [sticker(pair) for pair in pairs] == [pair["cheaper_sticker"] for pair in pairs]
    assert Counter(found)[NO_ANSWER] == 8


@pytest.mark.parametrize("days", [365])
def test_the_lows_of_a_year(days: int) -> None:
    pairs = gold()
    found = lowest_of_year(pairs, days=days).set_index("offer_id")["lowest_fen"]
    assert found.sort_index().astype("int64").to_dict() == known_lows(pairs).sort_index().to_dict()


def test_the_lows_depend_on_the_year() -> None:
    pairs = gold()
    found = lowest_of_year(pairs, days=30).set_index("offer_id")["lowest_fen"]
    assert (found != known_lows(pairs).reindex(found.index)).any()
