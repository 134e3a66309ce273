"""The cards: one an item, stamped, legible, and with nothing a brand may not read over a host's shoulder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bosspick.briefing import Stage
from bosspick.briefing.cards import CARDS
from bosspick.briefing.items import items_of
from bosspick.briefing.wording import yuan
from tests.briefing.conftest import HOSTILE
from tests.briefing.test_page import confidential, numbers, parse

ONE_AN_ITEM = [name for name in CARDS if name != "control-desk"]


@pytest.mark.parametrize("name", CARDS)
def test_every_item_is_on_every_card_file_in_order(name: str, rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / f"{name}.html")
    assert list(card.blocks) == [str(offer) for offer in rich.rundown.slots["offer_id"]]
    assert HOSTILE in card.open_text
    assert not {"i", "link", "img", "script"} & set(card.tags)


@pytest.mark.parametrize("name", ONE_AN_ITEM)
def test_every_card_bears_the_version(name: str, rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / f"{name}.html")
    assert all(rich.plan.version in block and "synthetic demo data" in block for block in card.blocks.values())


def test_the_control_desk_has_every_cue_with_its_true_count(rich: Stage, rich_pages: Path) -> None:
    desk = parse(rich_pages / "cards" / "control-desk.html")
    assert rich.plan.version in desk.open_text
    for row in rich.rundown.tranches.to_dict("records"):
        line = rf"{row['at']:%H:%M:%S}\D*{row['tranche']}\D*{row['units']:,}\D*{row['left_after']:,}\D"
        assert re.search(line, desk.blocks[row["offer_id"]])


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


@pytest.mark.parametrize("name", CARDS)
def test_price_on_air_and_subsidy_never_meet_on_a_card(name: str, rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / f"{name}.html")
    subsidised = [item for item in items_of(rich) if item.subsidy_fen]
    assert subsidised
    for item in subsidised:
        block = card.blocks[item.offer_id]
        assert not (yuan(item.viewer_fen) in block and "ubsidy" in block.replace("Subsidy host", ""))


def test_the_bargain_host_can_do_the_sum(rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / "bargain-host.html")
    for item in items_of(rich):
        block = card.blocks[item.offer_id]
        assert item.saving_fen is not None
        assert f"{yuan(item.evidence.lowest_fen)} − {yuan(item.viewer_fen)}" in block
        assert yuan(item.saving_fen * item.units, whole=True) in block
        assert yuan(round(item.viewer_fen * 2)) in block  # 50 ml: the price of 100 ml is twice that of one
        assert item.sentence.chinese in block or item.sentence.english in block


def test_the_subsidy_host_sees_the_pot_run_down(rich: Stage, rich_pages: Path) -> None:
    card = parse(rich_pages / "cards" / "subsidy-host.html")
    left = rich.week.policy.pot_fen("platform")
    for item in items_of(rich):
        left -= item.subsidy_fen * item.units
        assert item.after_pot_fen == left
        assert yuan(left, whole=True) in card.blocks[item.offer_id]
        assert f"{item.planned_units:,}" in card.blocks[item.offer_id]


def test_the_product_host_has_proof_of_every_fact(rich: Stage, rich_pages: Path) -> None:
    block = parse(rich_pages / "cards" / "product-host.html").blocks
    assert "trademark 101" in block["O1"]
    for offer in block.values():
        assert "4.80" in offer
        assert "26 November 2026" in offer
        assert "valid until 31 December 2027" in offer
        assert "1.0% of orders" in offer
        assert "all orders within 5 days" in offer
    if "O2" in block:
        assert "小样 × 2" in block["O2"]


@pytest.mark.parametrize("name", CARDS)
def test_a_card_says_unknown_where_nothing_is_known(name: str, poor_pages: Path) -> None:
    card = parse(poor_pages / "cards" / f"{name}.html")
    assert set(card.blocks) == {"O1", "O2"}
    if name == "bargain-host":
        assert "unknown" in card.blocks["O1"]
        assert "不与其他渠道比较" in card.blocks["O1"]
