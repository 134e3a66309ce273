"""Cards, tables and index measured in a browser: whatever a room wrote, nothing is cut off and no page scrolls sideways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bosspick.briefing.cards import CARDS
from bosspick.briefing.config import RunConfig
from bosspick.briefing.history import write_index
from bosspick.briefing.language import Language
from bosspick.briefing.page import write_pages
from bosspick.briefing.pdf import find_browser
from bosspick.briefing.stage import Stage
from tests.rooms import CHANNELS, POLICY, WEEK, offer, quote, write_room, write_rows

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.xdist_group("cards-fit"),  # its fixtures are made once
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

A5 = {"width": 794, "height": 560}
SHOW = POLICY.replace("items = 2", "items = 4").replace("minutes = 20", "minutes = 48")
#: Three lines at the usual size, or two hundred characters: of Chinese, and of Latin letters with and without a space.
TITLES = {
    "three lines": ("大容量防水双肩包男女通用户外徒步旅行背包" * 3)[:45],
    "three lines of Latin": "Large waterproof hiking backpack for men and women, a new model for the year 2026",
    "200 Chinese": "超长标题没有空格" * 25,
    "200 Latin": "W" * 200,
    "right to left": "\u202eRTL override",
}
ROOMS = ("titles", "prices", "everything")


def titled() -> list[dict[str, str]]:
    return [offer(n, title=title, pack_count="2") for n, title in enumerate(TITLES.values(), start=1)]


def dear() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    lists = ("129999.90", "1234567.89", "99999.90", "15999.00", "100.00")
    # Nobody to talk to: there are no prices in between to choose from.
    quiet = {"negotiator": "", "talk_hours": "", "floor_low": "", "floor_high": ""}
    offers = [
        offer(n, list_price=price, opening_price=f"{float(price) * 0.89:.2f}", **quiet)
        for n, price in enumerate(lists, start=1)
    ]
    quotes = [quote(n, each, display_price=price) for n, price in enumerate(lists, start=1) for each in CHANNELS]
    return offers, quotes


def long_names(room: Path) -> None:
    """Brands, their owners and stores with names of 200 characters, and a gift to match on every offer."""
    long = "很长的名称不易写完" * 22
    numbers = range(1, 6)
    write_rows(room / "brands.csv", [
        {"brand_id": f"B{n}", "name": f"品牌{n}{long}", "trademark_no": f"10{n}", "trademark_class": "3",
         "owner": f"公司{n}{long}", "white_label": "no", "evidence": "doc"} for n in numbers
    ])  # fmt: skip
    write_rows(room / "stores.csv", [
        {"store_id": f"S{n}", "name": f"店{n}{long}", "type": "flagship", "score": "4.8", "score_as_of": "2026-11-26"}
        for n in numbers
    ])  # fmt: skip
    wishes = [{"wish_id": f"W{n}", "topic": f"话题{n}{long}"[:60], "votes": str(100 + n), "category": "美妆", "brand_id": "",
               "keywords": ""} for n in range(8)]  # fmt: skip
    write_rows(room / WEEK / "wishes.csv", wishes)
    gifts = [row | {"gift_name": long, "gift_qty": "2", "gift_value": "39.00"} for row in titled()]
    write_rows(room / WEEK / "offers.csv", gifts)
    policy = SHOW + f'\n[rundown]\napprovers = {{ platform = "{long}" }}\n'
    (room / "policy.toml").write_text(policy, encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages by room and language."""
    base = tmp_path_factory.mktemp("fit")
    offers, quotes = dear()
    write_room(base / "titles", offers=titled(), policy=SHOW, count=5)
    write_room(
        base / "prices", offers=offers, quotes=quotes, policy=SHOW.replace("hours =", 'subsidy_steps = ["0"]\nhours ='), count=5
    )
    long_names(write_room(base / "everything", policy=SHOW, count=5))
    for room in ROOMS:
        for lang in ("en", "zh"):
            write_pages(Stage(RunConfig(room=str(base / room), lang=lang)), base / f"{room}-{lang}")
    return base


def opened(browser: Browser, path: Path, *, width: int, height: int = 560, media: str = "screen") -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.emulate_media(media=media)  # type: ignore[arg-type]  # "print" or "screen"
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("name", [name for name in CARDS if name != "control-desk"])
def test_a_printed_card_holds_all_it_says(browser: Browser, pages: Path, name: str, room: str, lang: str) -> None:
    page = opened(browser, pages / f"{room}-{lang}" / "cards" / f"{name}.html", width=A5["width"], media="print")
    found = page.evaluate("""() => [...document.querySelectorAll('.card')].map(card => {
        const bottom = card.querySelector('footer').getBoundingClientRect().bottom - card.getBoundingClientRect().top
        return [card.dataset.offer, card.scrollHeight, card.clientHeight, card.scrollWidth, card.clientWidth, bottom]})""")
    page.close()
    assert len(found) == 5
    assert [each for each in found if each[1] > each[2] or each[3] > each[4] or each[5] > each[2]] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 780, 820, 1280])
@pytest.mark.parametrize("media", ["print", "screen"])
def test_prices_are_whole(browser: Browser, pages: Path, media: str, width: int, lang: str) -> None:
    page = opened(browser, pages / f"prices-{lang}" / "cards" / "bargain-host.html", width=width, media=media)
    shown = page.evaluate("""() => [...document.querySelectorAll('.steps p, .sums td.r')].map(price => {
        const text = document.createRange(), card = price.closest('.card').getBoundingClientRect()
        text.selectNodeContents(price)
        const box = text.getBoundingClientRect(), lines = new Set([...text.getClientRects()].map(each => Math.round(each.top)))
        return [price.innerText, box.right <= card.right + .5, lines.size]})""")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    assert len([text for text, _, _ in shown if "," in text]) > 12
    assert [each for each in shown if each[1:] != [True, 1]] == []
    assert media == "print" or wide == 0


def test_ordinary_cards_keep_their_size(browser: Browser, tmp_path: Path) -> None:
    write_pages(Stage(RunConfig(room=str(write_room(tmp_path / "room")))), tmp_path)
    page = opened(browser, tmp_path / "cards" / "bargain-host.html", width=A5["width"], media="print")
    sizes = page.evaluate("['h2', '.steps .big', '.sums'].map(s => getComputedStyle(document.querySelector(s)).fontSize)")
    classes = page.evaluate("document.querySelector('.card').className")
    page.close()
    assert sizes == ["28px", "40px", "16px"]
    assert "body-0" in classes


@pytest.mark.parametrize("name", ["briefing", "cards/control-desk"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_column_leaves_the_paper(browser: Browser, pages: Path, name: str, lang: str) -> None:
    page = opened(browser, pages / f"titles-{lang}" / f"{name}.html", width=703, height=1000, media="print")
    found = page.evaluate("""() => [...document.querySelectorAll('table')].filter(each => each.offsetWidth)
        .map(each => Math.round(each.getBoundingClientRect().right)).filter(right => right > 703)""")
    page.close()
    assert found == []


@pytest.mark.parametrize("name", ["briefing", *(f"cards/{card}" for card in CARDS)])
def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, pages: Path, name: str) -> None:
    page = opened(browser, pages / "titles-en" / f"{name}.html", width=390, height=800)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wide == 390


def test_an_index_of_runs_with_pdf_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    run = tmp_path / WEEK / "0001"
    run.mkdir(parents=True)
    stated = {"session": WEEK, "version": "W48-0123abcd", "as_of": "2026-11-27T18:00:00+08:00", "made_at": "2026-11-27T11:00",
              "outcome": "OPTIMAL", "language": "en", "seconds": {"total": 12.3}, "outputs": {"briefing.pdf": {}}}  # fmt: skip
    (run / "manifest.json").write_text(json.dumps(stated), encoding="utf-8")
    (run / "briefing.html").write_text("", encoding="utf-8")
    write_index(tmp_path, Language.of("en"))
    page = opened(browser, tmp_path / "index.html", width=390, height=800)
    assert page.get_by_role("link", name="PDF").count() == 1
    page.evaluate("window.scrollTo(500, 0)")
    assert page.evaluate("[scrollX, document.documentElement.scrollWidth]") == [0, 390]
    page.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_title_from_right_to_left_turns_nothing_after_it(browser: Browser, pages: Path, lang: str) -> None:
    page = opened(browser, pages / f"titles-{lang}" / "cards" / "control-desk.html", width=1280)
    # Drawn from left to right: each character of the price stands right of the one before.
    ordered = page.evaluate("""() => [...document.querySelectorAll('td.r, small')].filter(each => each.innerText).map(each => {
        const text = each.firstChild, places = [...text.data].map((_, k) => {
            const letter = document.createRange(); letter.setStart(text, k); letter.setEnd(text, k + 1)
            const box = letter.getBoundingClientRect(); return [Math.round(box.top), box.left]})
        return places.every(([top, left], k) => k == 0 || top > places[k - 1][0] || left >= places[k - 1][1])})""")
    page.close()
    assert len(ordered) > 20
    assert all(ordered)
