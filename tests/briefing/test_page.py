"""The briefing page: every item with its evidence, nothing from outside, nothing confidential in the open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from bosspick.briefing import Stage
from bosspick.briefing.page import write_pages
from bosspick.briefing.wording import yuan
from tests.briefing.conftest import HOSTILE, planned

VOID = {"meta", "link", "img", "br", "input", "hr"}


@dataclass
class Parsed(HTMLParser):
    """A page taken apart: attributes, text by item block, text outside internal boxes, raw styles and scripts."""

    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    blocks: dict[str, str] = field(default_factory=dict)
    open_text: str = ""
    all_text: str = ""
    raw: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    _path: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in given.items()]
        self.tags.append(tag)
        if tag not in VOID:
            self._path.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        assert self._path.pop()[0] == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        inside, attributes = self._path[-1] if self._path else ("", {})
        if inside in ("script", "style"):
            self.raw[attributes.get("id", f"{inside}{len(self.raw)}")] = data
            return
        self.all_text += data + " | "
        for tag, given in self._path:
            if tag in ("article", "section", "tbody") and "data-offer" in given:
                self.blocks[given["data-offer"]] = self.blocks.get(given["data-offer"], "") + data
        if not any("internal" in given.get("class", "").split() for _, given in self._path):
            self.open_text += data + " "


def parse(path: Path) -> Parsed:
    page = Parsed()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    assert not page._path, "a tag is left open"
    return page


def numbers(text: str) -> set[Decimal]:
    """Every number written in a text, thousands commas removed."""
    return {Decimal(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def confidential(stage: Stage) -> dict[str, set[Decimal]]:
    """Confidential amounts of each planned item, in yuan and in fen, without those that equal a public price."""
    found: dict[str, set[Decimal]] = {}
    rows = stage.targets.frame[stage.targets.frame["in_plan"]]
    columns = ["anchor_fen", "target_fen", "walk_away_fen", "reservation_low_fen", "reservation_high_fen"]
    for row in rows.to_dict("records"):
        public = {row[name] for name in ("viewer_price_fen", "opening_fen", "web_lowest_fen") if pd.notna(row[name])}
        known = [int(row[name]) for name in columns if pd.notna(row[name])]
        known += [rung.price_fen for rung in stage.targets.ladders.get(str(row["offer_id"]), ())]
        fen = {Decimal(price) for price in known if price not in public}
        found[str(row["offer_id"])] = fen | {each / 100 for each in fen}
    return found


@pytest.fixture(scope="module")
def page(rich_pages: Path) -> Parsed:
    return parse(rich_pages / "briefing.html")


def test_every_planned_item_is_a_block_with_its_price_and_evidence(rich: Stage, page: Parsed) -> None:
    assert list(page.blocks) == [str(offer) for offer in rich.rundown.slots["offer_id"]]
    screened = rich.screening.offers.set_index("offer_id")
    for row in rich.plan.chosen.to_dict("records"):
        block = page.blocks[row["offer_id"]]
        assert yuan(row["viewer_price_fen"]) in block
        assert yuan(row["web_lowest_fen"]) in block
        assert yuan(row["web_lowest_fen"] - row["viewer_price_fen"]) in block
        assert str(screened.at[row["offer_id"], "channels"]) in block
        assert f"{row['expected_units']:,}" in block
        assert f"{row['units90']:,}" in block
        assert "4 channels checked" in block
        assert "grade A, seen 27 November, 12:00" in block


def test_every_stock_release_is_shown_with_its_time(rich: Stage, page: Parsed) -> None:
    for row in rich.rundown.tranches.to_dict("records"):
        assert re.search(rf"{row['at']:%H:%M:%S}\s*{row['units']:,}", page.blocks[row["offer_id"]])


def test_the_version_the_badge_and_the_note_are_on_the_page(rich: Stage, page: Parsed) -> None:
    assert page.open_text.count(rich.plan.version) >= 2 + len(rich.plan.chosen)
    assert "synthetic demo data" in page.open_text
    assert "Prices are <made> up." in page.open_text
    assert "Room <i>one</i>" in page.open_text
    margins = next(text for text in page.raw.values() if "@page" in text)
    assert f"Plan {rich.plan.version}" in margins


def test_titles_are_text(page: Parsed) -> None:
    assert HOSTILE in page.open_text
    assert "b" not in [tag for tag, name, _ in page.attributes if name == "onload"]
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert [tag for tag in page.tags if tag == "i"] == []
    assert all("<script" not in text and "<b>" not in text for key, text in page.raw.items() if key.startswith("data-"))


def test_nothing_comes_from_outside(page: Parsed) -> None:
    addresses = [(tag, name, value) for tag, name, value in page.attributes if name in ("src", "href", "srcset", "data")]
    assert all(name == "href" and value.startswith("#") for _, name, value in addresses)
    assert "link" not in page.tags
    assert "img" not in page.tags
    for name, text in page.raw.items():
        if name != "plotly":
            assert not re.search(r"https?:|//[a-z]|url\(|@import", re.sub(r"^\s*// .*$", "", text, flags=re.M)), name
    assert "http" not in page.open_text
    assert [name for name in page.raw if name == "plotly"] == ["plotly"]


def test_links_lead_to_something_on_the_page(page: Parsed) -> None:
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, name, value in page.attributes if name == "href"} <= set(ids)


def test_the_security_policy_is_strict(page: Parsed) -> None:
    content = [value for tag, name, value in page.attributes if (tag, name) == ("meta", "content") and "-src" in value]
    assert len(content) == 1
    directives = dict(part.strip().split(" ", 1) for part in content[0].split(";"))
    assert directives == {
        "default-src": "'none'", "script-src": "'unsafe-inline'", "style-src": "'unsafe-inline'", "img-src": "data:",
        "font-src": "data:", "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip


def test_the_upload_button_is_off(page: Parsed) -> None:
    assert '"showSendToCloud": false' in page.raw["plotly-config"]
    assert '"plotlyServerURL": ""' in page.raw["plotly-config"]


def test_confidential_figures_stand_in_internal_boxes_only(rich: Stage, page: Parsed) -> None:
    shown = numbers(page.open_text)
    for offer, secret in confidential(rich).items():
        assert secret, offer
        assert not (secret & shown), (offer, secret & shown)
        assert {yuan(int(each * 100)) for each in secret if each < 1000} & set(re.findall(r"¥[\d,.]+\d", page.blocks[offer]))
    assert "won with a chance" not in page.open_text
    assert not [key for key, text in page.raw.items() if key.startswith("data-") and "brand" in text]


def test_the_fallback_of_every_item_is_named(rich: Stage, page: Parsed) -> None:
    for row in rich.targets.frame[rich.targets.frame["in_plan"]].to_dict("records"):
        wanted = "No bench item fits" if pd.isna(row["if_it_fails"]) else f"({row['if_it_fails']})"
        assert wanted in page.blocks[row["offer_id"]]


def test_what_is_not_known_is_called_unknown(poor: Stage, poor_pages: Path) -> None:
    page = parse(poor_pages / "briefing.html")
    block = page.blocks["O1"]
    assert "saving unknown" in block
    assert "0 channels checked" in block
    assert "compare" in block
    assert "switched off by policy" in block
    assert "a prior of the policy" in block
    assert "1 items without a known web-lowest" in page.open_text
    assert "fewer than three usable airings" in page.open_text
    assert "¥0.00" not in block
    assert set(page.blocks) == set(poor.plan.chosen["offer_id"])


@pytest.mark.parametrize("pages", ["rich_pages", "poor_pages"])
def test_the_web_is_never_claimed_as_a_whole(pages: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(pages)
    for path in sorted(folder.rglob("*.html")):
        assert not re.search(r"lowest on the (whole )?web|全网最低", path.read_text(encoding="utf-8"), flags=re.I), path.name


def test_the_same_room_gives_the_same_bytes(rich_room: Path, rich_pages: Path, tmp_path: Path) -> None:
    write_pages(planned(rich_room), tmp_path)
    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.html"))
    assert len(names) == 6
    assert all((tmp_path / name).read_bytes() == (rich_pages / name).read_bytes() for name in names)


def test_the_page_stays_light_enough_to_send(rich_pages: Path) -> None:
    assert (rich_pages / "briefing.html").stat().st_size < 6_000_000
