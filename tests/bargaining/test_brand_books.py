"""The workbooks for the brands: what may be said, all of it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from bosspick import open_room, plan_lineup, price_targets, screen
from bosspick.bargaining.anchor import TRADES
from bosspick.bargaining.brand_books import write_brand_books
from bosspick.bargaining.sheet_words import trade_in, words_of
from bosspick.bargaining.targets import Targets
from bosspick.errors import InputError
from tests.rooms import offer, write_room
from tests.sheets import Planned, planned_week


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """Four offers of four brands."""
    return planned_week(tmp_path_factory.mktemp("brands") / "room")


def text_of(path: Path) -> str:
    """Everything the workbook shows."""
    book = openpyxl.load_workbook(path)
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)


def figures_of(path: Path) -> list[float]:
    """Its figures."""
    book = openpyxl.load_workbook(path)
    return [
        float(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_brand_reads_what_may_be_said(planned: Planned, tmp_path: Path, lang: str) -> None:
    words, target = words_of(lang), planned.target("O1")
    paths = write_brand_books(*planned, tmp_path, lang=lang, screening=planned.screening)
    assert [path.name for path in paths] == ["品牌1.xlsx", "品牌2.xlsx", "品牌3.xlsx", "品牌4.xlsx"]
    text = text_of(paths[0])
    on_air = words["minutes_range"] % {"least": 7, "most": 16, "show": "2026-11-28 20:00"}
    for expected in (
        "O1", words["your_price"], words["our_ask"], words["found_on_web"], words["no_papers"], "甲商城", "20,000", "2,000",
        "19:00 – 23:00", on_air, *(trade_in(lang, trade) for trade in TRADES),
    ):  # fmt: skip
        assert expected in text
    assert figures_of(paths[0])[:3] == [90.0, target["anchor_fen"] / 100, 100.0]


def test_an_ask_that_is_the_target_is_not_said(planned: Planned, tmp_path: Path) -> None:
    frame = planned.targets.frame.copy()
    frame["anchor_fen"] = frame["target_fen"]
    frame["anchor_reason"] = "the target itself: nothing lower can be defended"
    targets = replace(planned.targets, frame=frame)
    for path in write_brand_books(planned.week, planned.plan, targets, tmp_path):
        assert "to be talked about" in text_of(path)
        assert "target" not in text_of(path)
        assert not set(figures_of(path)) & set(frame["target_fen"] / 100)


def test_brands_without_anything_to_talk_about_get_none(planned: Planned, tmp_path: Path) -> None:
    frame = planned.targets.frame.copy()
    frame.loc[frame["offer_id"] == "O2", ["in_plan", "worth_per_hour"]] = [False, 0.0]
    targets = Targets(frame=frame, ladders=planned.targets.ladders)
    names = [path.name for path in write_brand_books(planned.week, planned.plan, targets, tmp_path)]
    assert names == ["品牌1.xlsx", "品牌3.xlsx", "品牌4.xlsx"]


def test_papers_that_are_missing_or_end_too_soon_are_asked_for(tmp_path: Path) -> None:
    rows = [offer(1, gtin="", certificate_until="2026-12-05", claim_days="90", rep_from="", rep_to=""), offer(2), offer(3)]
    week = open_room(write_room(tmp_path / "room", offers=rows)).week()
    found = screen(week)
    plan = plan_lineup(week, found)
    (path, *_) = write_brand_books(week, plan, price_targets(week, found, plan), tmp_path / "out", screening=found)
    text = text_of(path)
    for expected in (
        "barcode of the item",
        "quality certificate: the one we have ends on 2026-12-05",
        "proof of the claim that the price is the lowest in 90 days",
        "please tell us from when to when",
    ):
        assert expected in text


def test_two_brands_of_one_name_get_two_files(planned: Planned, tmp_path: Path) -> None:
    brands = planned.week.table("brands").assign(name="同名")
    week = replace(planned.week, tables=planned.week.tables | {"brands": brands})
    names = [path.name for path in write_brand_books(week, planned.plan, planned.targets, tmp_path)]
    assert names == ["同名.xlsx", "同名 B2.xlsx", "同名 B3.xlsx", "同名 B4.xlsx"]


def test_the_same_plan_gives_the_same_bytes(planned: Planned, tmp_path: Path) -> None:
    one, two = (write_brand_books(*planned, tmp_path / name, screening=planned.screening) for name in ("a", "b"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_a_language_without_words_is_refused(planned: Planned, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no words in 'fr'"):
        write_brand_books(*planned, tmp_path, lang="fr")
