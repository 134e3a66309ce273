"""Page, cards and rundown in Chinese: no English is left but codes and names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bosspick.briefing import Stage
from bosspick.briefing.cards import CARDS
from bosspick.briefing.files import write_step
from bosspick.briefing.wording import yuan
from tests.briefing.conftest import HOSTILE, in_chinese
from tests.briefing.test_page import Parsed, confidential, numbers, parse

#: What is no word of ours: hostile titles, names the test rooms give, codes and file names.
KNOWN = [
    HOSTILE,
    "Boss's Pick",
    "Room <i>one</i>",
    "Prices are <made> up.",
    "plan.json",
    "verdicts.csv",
    "evidence.zip",
    "manifest.json",
]
WORDS = re.compile(r"[A-Za-z][A-Za-z'’]+(?:[ ,;:.–-]+[A-Za-z][A-Za-z'’]+)*")


@pytest.fixture(scope="module")
def pages(rich_chinese_pages: Path, poor_chinese_pages: Path) -> dict[str, Path]:
    """Folders with the Chinese pages of the rich and of the poor week."""
    return {"rich": rich_chinese_pages, "poor": poor_chinese_pages}


def english_of(page: Parsed) -> set[str]:
    """Runs of English words a reader sees or hears."""
    heard = [value for _, name, value in page.attributes if name in ("aria-label", "title", "data-hide", "alt")]
    text = re.sub(r"W\d\d-[0-9a-f]+", "", " | ".join([page.all_text, *heard]))
    for known in KNOWN:
        text = text.replace(known, "")
    return {found for found in WORDS.findall(text) if not re.fullmatch(r"[A-Z]{1,3}|ml|min", found)}


@pytest.mark.parametrize("week", ["rich", "poor"])
@pytest.mark.parametrize("name", ["briefing", *(f"cards/{card}" for card in CARDS)])
def test_no_english_is_left(week: str, name: str, pages: dict[str, Path]) -> None:
    page = parse(pages[week] / f"{name}.html")
    left = english_of(page)
    # A rule's title is the room's own text and stays as the room wrote it.
    assert left - {"At most two of one category"} == set()
    assert ("html", "lang", "zh-CN") in page.attributes


@pytest.mark.parametrize("name", ["price", "value", "rundown"])
def test_no_figure_speaks_english(name: str, pages: dict[str, Path]) -> None:
    raw = parse(pages["rich"] / "briefing.html").raw[f"data-{name}"]
    shown = re.findall(r'"(?:name|text|title|ticktext)": *(?:\{"text": *)?"([^"]*)"', raw)
    assert shown
    assert not [words for words in shown if WORDS.search(words.replace(HOSTILE, "").replace("GMV", ""))]


def test_prices_on_air_are_exact(rich: Stage, pages: dict[str, Path]) -> None:
    page = parse(pages["rich"] / "briefing.html")
    for row in rich.plan.chosen.to_dict("records"):
        assert yuan(row["viewer_price_fen"]) in page.blocks[row["offer_id"]]


def test_confidential_figures_stand_in_internal_boxes_only(rich: Stage, pages: dict[str, Path]) -> None:
    shown = numbers(parse(pages["rich"] / "briefing.html").open_text)
    for secret in confidential(rich).values():
        assert not (secret & shown)


def test_the_rundown_has_chinese_headings_and_cues(rich_room: Path, tmp_path: Path) -> None:
    write_step(in_chinese(rich_room), "04_rundown", tmp_path)
    head, *rows = (tmp_path / "rundown.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == "时间,坑位,报名编号,动作,商品,角色,分钟,直播价,件数,剩余,峰值/秒,方案"
    assert any("第1次放量" in row for row in rows)
    assert not [row for row in rows if "stock release" in row or "link up" in row]
