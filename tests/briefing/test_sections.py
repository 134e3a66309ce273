"""What the page says of the whole: coverage, changes against what was published, talks and money for the team alone."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest

from bosspick.briefing import Stage
from bosspick.briefing.against import against_published
from bosspick.briefing.config import RunConfig
from bosspick.briefing.coverage import coverage_of
from bosspick.briefing.items import items_of
from bosspick.briefing.page import write_pages
from bosspick.ledger import Ledger
from bosspick.ledger.moves import published_document
from tests.briefing.conftest import RICH_POLICY
from tests.briefing.test_page import numbers, parse
from tests.rooms import WEEK, offer, write_room, write_rows

#: Prices to the brand that stand nowhere else.
THEN = (7713, 8431)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A week of which another lineup was published: one item less, one more, one at another price."""
    offers = [offer(n, opening_price=f"{90 + n}.37") for n in range(1, 5)]
    room = write_room(tmp_path_factory.mktemp("moved") / "room", offers=offers, policy=RICH_POLICY, count=4)
    before = Stage(RunConfig(room=str(room)))
    document = copy.deepcopy(published_document(before.plan))
    chosen = [row["offer_id"] for row in document["lineup"]]
    (outside,) = {"O1", "O2", "O3", "O4"} - set(chosen)
    document["lineup"][0] |= {"offer_id": outside, "brand_price": THEN[0]}
    document["lineup"][1] |= {"brand_price": THEN[1]}
    shown = [row["offer_id"] for row in document["lineup"]]
    Ledger.of_room(room).publish(WEEK, "W48-then", shown, who="制片甲", document=document)
    return Stage(RunConfig(room=str(room)))


def test_nothing_is_compared_before_anything_is_published(rich: Stage, rich_pages: Path) -> None:
    assert against_published(rich) is None
    said = parse(rich_pages / "briefing.html").all_text
    assert "No lineup of this session has been published" in said
    assert "items stay" not in said


def test_the_page_says_what_moved(moved: Stage, tmp_path: Path) -> None:
    found = against_published(moved)
    assert found is not None
    assert found.version == "W48-then"
    assert {"in", "out", "price"} >= {move.move for move in found.moves}
    assert any(THEN[0] == move.brand_before_fen for move in found.moves) or any(
        THEN[1] == move.brand_before_fen for move in found.moves
    )
    write_pages(moved, tmp_path)
    page = parse(tmp_path / "briefing.html")
    text = re.sub(r"[\s|]+", " ", page.all_text)
    assert "Version W48-then was published on" in text
    assert "制片甲" in text
    assert all(move.title in text for move in found.moves)


def test_prices_to_brands_then_are_internal(moved: Stage, tmp_path: Path) -> None:
    write_pages(moved, tmp_path)
    page = parse(tmp_path / "briefing.html")
    found = against_published(moved)
    assert found is not None
    public = {move.air_before_fen for move in found.moves} | {move.air_now_fen for move in found.moves}
    shown = numbers(page.open_text)
    for price in THEN:
        if price not in public and f"¥{price / 100:.2f}" in page.all_text:
            assert price not in {int(each * 100) for each in shown}


def test_coverage_counts_every_item_once(rich: Stage) -> None:
    items = items_of(rich)
    found = coverage_of(rich, items)
    assert sum(len(own) for _, own in found.categories) == len(items)
    prices = [step.item.viewer_fen for step in found.ladder]
    assert prices == sorted(prices)
    assert 0 < found.ladder[0].width <= found.ladder[-1].width <= 1.0000001
    assert found.topics_met <= found.topics
    assert found.votes_met <= found.votes


@pytest.mark.parametrize(("lang", "words"), [("en", "no longer among this week’s offers"), ("zh", "已不在本周报名之列")])
@pytest.mark.parametrize("kept", ["", "旧标题 面霜"])
def test_an_item_that_was_withdrawn_is_said_to_be(kept: str, lang: str, words: str, tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    document = copy.deepcopy(published_document(Stage(RunConfig(room=str(room))).plan))
    document["lineup"][0] |= {"offer_id": "O9"} | ({"title": kept} if kept else {})
    shown = [row["offer_id"] for row in document["lineup"]]
    Ledger.of_room(room).publish(WEEK, "W48-then", shown, who="制片甲", document=document)
    stage = Stage(RunConfig(room=str(room), lang=lang))
    found = against_published(stage)
    assert found is not None
    (gone,) = [move for move in found.moves if move.offer_id == "O9"]
    assert (gone.title, gone.withdrawn, gone.why) == (kept, True, words)
    write_pages(stage, tmp_path)
    text = re.sub(r"[\s|]+", " ", parse(tmp_path / "briefing.html").open_text)
    assert (f"{kept} O9 · {words}" if kept else f"{words} O9") in text
    assert "O9 O9" not in text


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "1 of 2 topics are met, 75% of 40 votes. 1 topic could be met by an offer that may air."),
     ("zh", "2个心愿满足1个，占40票的75%。其中1个心愿有可上播的报名商品能满足。")],
)  # fmt: skip
def test_wishes_nobody_could_meet_are_counted_as_such(lang: str, said: str, tmp_path: Path) -> None:
    room = write_room(tmp_path / "room")
    wish = {"brand_id": "", "category": "", "keywords": "面霜"}
    rows = [{"wish_id": "W1", "topic": "面霜", "votes": "30"} | wish]
    rows += [{"wish_id": "W2", "topic": "冲浪板", "votes": "10"} | wish | {"keywords": "冲浪板"}]
    write_rows(room / WEEK / "wishes.csv", rows)
    write_pages(Stage(RunConfig(room=str(room), lang=lang)), tmp_path)
    assert said in parse(tmp_path / "briefing.html").open_text


def test_the_bench_says_that_its_prices_depend_on_the_slot(rich_pages: Path, rich_chinese_pages: Path) -> None:
    assert "As a stand-in its price may differ with the slot" in parse(rich_pages / "briefing.html").open_text
    assert "价格可能因坑位而异" in parse(rich_chinese_pages / "briefing.html").open_text


def test_talks_and_money_are_for_the_team(rich: Stage, rich_pages: Path) -> None:
    page = parse(rich_pages / "briefing.html")
    heading = "The next ¥10,000 would bring"
    assert heading in page.all_text
    assert heading not in page.open_text
    assert "Adds at least" not in page.open_text
    for aim in rich.talks.talks["aim_fen"]:
        assert f"¥{aim / 100:,.2f}" in page.all_text
