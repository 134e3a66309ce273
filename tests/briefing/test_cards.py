"""The cards: one an item, stamped, legible, and with nothing a brand may not read over a host's shoulder."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from bosspick.briefing import Stage
from bosspick.briefing.card_lines import answers_of, ranges, sums_of
from bosspick.briefing.cards import CARDS
from bosspick.briefing.items import bench_items_of, items_of
from bosspick.briefing.language import ENGLISH
from bosspick.briefing.page import write_pages
from bosspick.briefing.word_list import find_phrases, read_word_list
from bosspick.briefing.wording import yuan
from bosspick.lineup.pots import plannable_fen
from tests import rooms
from tests.briefing.conftest import HOSTILE, planned
from tests.briefing.test_page import confidential, numbers, parse

ONE_AN_ITEM = [name for name in CARDS if name != "control-desk"]


def everyone(stage: Stage) -> list[str]:
    """The ten in the order of the show, then the bench."""
    return [*map(str, stage.rundown.slots["offer_id"]), *map(str, stage.plan.bench["offer_id"])]


@pytest.mark.parametrize("name", ONE_AN_ITEM)
def test_every_item_and_every_bench_item_has_a_card(name: str, rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / f"{name}.html")
    assert list(card.blocks) == everyone(rich)
    assert len(everyone(rich)) == 4
    assert HOSTILE in card.open_text
    assert not {"i", "link", "img", "script"} & set(card.tags)
    assert card.tags.count("section") == len(everyone(rich))


@pytest.mark.parametrize("name", ONE_AN_ITEM)
def test_every_card_bears_the_version(name: str, rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / f"{name}.html")
    assert all(rich.plan.version in block and "synthetic demo data" in block for block in card.blocks.values())


def test_the_control_desk_has_every_cue_with_its_true_count(rich: Stage, rich_pages: Path) -> None:
    desk = parse(rich_pages / "cards" / "control-desk.html")
    assert desk.open_text.count(f"plan {rich.plan.version}") == 2
    assert list(desk.blocks) == [str(offer) for offer in rich.rundown.slots["offer_id"]]
    for row in rich.rundown.tranches.to_dict("records"):
        counts = rf"{row['units']:,}\D*{row['left_after']:,}\D*{round(row['peak_per_s']):,}\D"
        opens = "price open, " if row["tranche"] == 1 else ""
        line = rf"{row['at']:%H:%M:%S}\s*{opens}stock release {row['tranche']}\D*{counts}"
        assert re.search(line, desk.blocks[row["offer_id"]])
        if row["tranche"] == 1:
            assert re.search(rf"{row['link_up']:%H:%M:%S}\s*link up", desk.blocks[row["offer_id"]])


def test_the_control_desk_knows_who_steps_in_where(rich: Stage, rich_pages: Path) -> None:
    text = re.sub(r"\s+", " ", parse(rich_pages / "cards" / "control-desk.html").open_text)
    assert "Nothing in the titles, gifts, wishes and sentences of these cards is on the word list." in text
    for item in bench_items_of(rich):
        tried = rich.rundown.bench[rich.rundown.bench["offer_id"] == item.offer_id]
        replaced, fits = (ranges(tried.loc[tried[column], "slot"]) for column in ("stands_in", "fits"))
        assert f"B{item.slot} {item.title} {item.offer_id} {yuan(item.viewer_fen)} {replaced or '–'} {fits or 'none'}" in text


@pytest.mark.parametrize("name", CARDS)
def test_no_confidential_figure_is_on_a_card(name: str, rich: Stage, rich_pages: Path) -> None:
    path = rich_pages / "cards" / f"{name}.html"
    card, body = parse(path), path.read_text(encoding="utf-8").partition("</style>")[2]
    for offer, secret in confidential(rich).items():
        assert not (secret & numbers(card.blocks[offer])), secret & numbers(card.blocks[offer])
    chances = rich.targets.frame.loc[rich.targets.frame["in_plan"], "accept_p"]
    assert not [p for p in chances if p < 1 and (f"{p:.0%}" in body or f"{p:.4f}"[1:] in body)]
    words = r"floor|reservation|walk-?away|target|first ask|anchor|chance|confidential"
    assert not re.search(words, body, flags=re.I)


@pytest.mark.parametrize("name", ONE_AN_ITEM)
def test_price_on_air_and_subsidy_never_meet_on_a_card(name: str, rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / f"{name}.html")
    shown = [*items_of(rich), *bench_items_of(rich)]
    assert [item for item in shown if item.subsidy_fen]
    for item in shown:
        block = card.blocks[item.offer_id]
        assert not (yuan(item.viewer_fen) in block and "ubsidy" in block.replace("Subsidy host", ""))
        # The opening price less the subsidy would tell it as well.
        if name != "subsidy-host" and item.subsidy_fen:
            assert yuan(item.opening_fen - item.subsidy_fen) not in block


def test_the_bargain_host_can_do_the_sum(rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / "bargain-host.html")
    for item in items_of(rich):
        block = card.blocks[item.offer_id]
        assert item.saving_fen is not None
        assert f"{yuan(item.evidence.lowest_fen)} − {yuan(item.viewer_fen)}" in block
        assert yuan(item.saving_fen * item.units, whole=True) in block
        assert yuan(round(item.viewer_fen * 2)) in block  # 50 ml: the price of 100 ml is twice that of one
        assert f"{yuan(item.viewer_fen)} ÷ 30 days" in block
        assert yuan(round(item.viewer_fen / 365)) in block
        assert item.sentence.chinese in block or item.sentence.english in block
        assert "不带范围" in block.partition("Never say")[2]
        assert "国家级" in block


def test_the_bargain_host_may_show_public_prices_only(rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / "bargain-host.html")
    for item in items_of(rich):
        steps = card.blocks[item.offer_id].partition("Calculator")[0].partition(item.category)[2]
        public = [item.evidence.lowest_fen, item.opening_fen, item.viewer_fen, item.facts["list_fen"]]
        shown = re.findall(r"¥[\d,]+\.\d\d", steps)
        assert shown
        assert set(shown) <= {yuan(price) for price in public}


def test_the_subsidy_host_sees_the_pot_run_down(rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / "subsidy-host.html")
    left = plannable_fen(rich.week, "platform")
    for item in items_of(rich):
        block = card.blocks[item.offer_id]
        left -= item.subsidy_fen * item.units
        assert item.after_pot_fen == left
        assert yuan(left, whole=True) in block
        assert f"{item.planned_units:,}" in block
        assert "the producer" in block
        if item.subsidy_fen:
            assert f"with release 1, {item.releases[0].at:%H:%M:%S}" in block
            assert yuan(item.subsidy_fen * item.planned_units, whole=True) in block


def test_the_product_host_has_proof_of_every_fact(rich: Stage, rich_pages: Path) -> None:
    block = parse(rich_pages / "cards" / "product-host.html").blocks
    assert "trademark 101" in block["O1"]
    for offer in block.values():
        assert "4.80" in offer
        assert "26 November 2026" in offer
        assert "valid until 31 December 2027" in offer
        assert "1.0% of orders" in offer
        assert "all orders within 5 days" in offer
        assert "watched for 60 days after the show" in offer
        assert "Weak points" in offer
    if "O2" in block:
        assert "小样 × 2" in block["O2"]


def test_the_product_host_names_weak_points_and_answers_wishes(rich: Stage, rich_pages: Path) -> None:
    block = parse(rich_pages / "cards" / "product-host.html").blocks
    for item in items_of(rich):
        open_checks = [check for check in item.checks if check.verdict != "PASS" and check.why]
        assert all(check.title in block[item.offer_id] for check in open_checks)
        for topic, votes in item.wishes:
            assert f"{topic} ({votes:,} votes)" in block[item.offer_id]


def test_the_representative_is_told_what_is_asked_and_nothing_else(rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / "brand-representative.html")
    slots = rich.rundown.slots.set_index("offer_id")
    for item in items_of(rich):
        block = card.blocks[item.offer_id]
        wanted = item.starts_at - timedelta(minutes=30)
        stated = slots.loc[item.offer_id, "rep_arrives"]
        assert f"{wanted if pd.isna(stated) else max(wanted, stated):%H:%M}" in block
        assert f"proof of {item.planned_units:,} units in stock" in block
        assert all(f"{release.units:,} at {release.at:%H:%M}" in block for release in item.releases)
        assert "国家级" in block
    for item in [*items_of(rich), *bench_items_of(rich)]:
        block = card.blocks[item.offer_id]
        assert "¥" not in block.replace(item.title, "")
        assert f"· {item.role}" not in block
        assert "for slot" not in block


@pytest.mark.parametrize("name", ["bargain-host", "product-host", "brand-representative"])
def test_no_card_says_what_it_forbids(name: str, rich: Stage, rich_pages: Path) -> None:
    entries = read_word_list(rich.week.room)
    for block in parse(rich_pages / "cards" / f"{name}.html").blocks.values():
        told = re.sub(
            r"(Never say|Do not say).*?(Name the price|The price is agreed|As a stand-in|Slot \d|Price and terms)",
            "",
            block,
            flags=re.S,
        )
        assert [found.words for found in find_phrases(told, entries)] == []


@pytest.mark.parametrize("name", CARDS)
def test_a_card_says_unknown_where_nothing_is_known(name: str, poor_pages: Path) -> None:
    card = parse(poor_pages / "cards" / f"{name}.html")
    assert set(card.blocks) == {"O1", "O2"}
    if name == "bargain-host":
        assert "unknown" in card.blocks["O1"]
        assert "不与其他渠道比较" in card.blocks["O1"]


def test_a_bench_item_s_price_is_said_to_depend_on_the_slot(rich: Stage, rich_pages: Path, rich_chinese_pages: Path) -> None:
    said = {
        rich_pages: "As a stand-in its price may differ: ask the control desk.",
        rich_chinese_pages: "顶替上场时价格可能不同",
    }
    waiting = [item.offer_id for item in bench_items_of(rich)]
    assert waiting
    for folder, words in said.items():
        blocks = parse(folder / "cards" / "bargain-host.html").blocks
        assert [offer for offer, block in blocks.items() if words in block] == waiting


def test_many_wishes_take_few_lines_the_most_wanted_first(rich: Stage) -> None:
    wishes = tuple((f"wish {n}", n) for n in range(1, 7))
    told = answers_of(replace(items_of(rich)[0], wishes=wishes), ENGLISH)
    assert [words for words, _ in told[:2]] == ["wish 6 (6 votes)", "wish 5 (5 votes)"]
    assert len(told) == 3
    assert all(f"wish {n} " in told[2][0] for n in range(1, 5))


def test_room_text_is_isolated_and_turns_nothing(tmp_path: Path) -> None:
    hostile = "\u202eRTL override\u2066"
    room = rooms.write_room(tmp_path / "room", offers=[rooms.offer(1, title=hostile), rooms.offer(2), rooms.offer(3)])
    write_pages(planned(room), tmp_path)
    for page in [tmp_path / "briefing.html", *(tmp_path / "cards").glob("*.html")]:
        text = re.sub(r'(aria-label|title)="[^"]*"', "", page.read_text(encoding="utf-8").partition("<script")[0])
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
        assert "RTL override" in text
        assert len(re.findall("<bdi[^>]*>RTL override</bdi>", text)) == text.count("RTL override")


@pytest.mark.parametrize(
    ("title", "step"), [("面霜 50ml", 0), ("面" * 14, 0), ("面" * 20, 1), ("面" * 45, 2), ("a" * 80, 2), ("面" * 200, 3)]
)
def test_longer_titles_are_set_smaller_and_stay_whole_in_the_page(title: str, step: int, tmp_path: Path) -> None:
    room = rooms.write_room(tmp_path / "room", offers=[rooms.offer(1, title=title), rooms.offer(2), rooms.offer(3)])
    write_pages(planned(room), tmp_path)
    page = parse(tmp_path / "cards" / "subsidy-host.html")
    assert ("h2", "class", f"title-{step}") in page.attributes
    assert (("h2", "title", title) in page.attributes) == (step > 0)
    assert title in page.blocks["O1"]


@pytest.mark.parametrize(
    ("fen", "days"),
    [(90, []), (299, []), (300, ["¥3.00 ÷ 30 days"]), (3649, ["¥36.49 ÷ 30 days"]),
     (3650, ["¥36.50 ÷ 30 days", "¥36.50 ÷ 365 days"]), (999_999_900, ["¥9,999,999.00 ÷ 30 days", "¥9,999,999.00 ÷ 365 days"])],
)  # fmt: skip
def test_a_price_a_day_is_said_from_a_jiao_up(rich: Stage, fen: int, days: list[str]) -> None:
    for item in (*items_of(rich), *bench_items_of(rich)):
        said = [line for line in sums_of(replace(item, viewer_fen=fen), ENGLISH) if line.words == "a day, if it lasts"]
        assert [line.keys for line in said] == days
        assert all(line.fen and line.fen >= 10 for line in said)


def test_a_yuan_more_off_is_counted_only_where_something_is_left(rich: Stage) -> None:
    item = items_of(rich)[0]
    for fen, counted in ((90, 0), (100, 0), (110, 1)):
        lines = sums_of(replace(item, viewer_fen=fen), ENGLISH)
        assert sum(line.keys.startswith("¥1 more off") for line in lines) == counted
