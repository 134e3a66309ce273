"""The page and the cards in a real Chromium: offline, on a phone, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bosspick.briefing import Stage
from bosspick.briefing.cards import CARDS
from bosspick.briefing.history import write_index
from bosspick.briefing.language import Language
from tests.briefing.conftest import dear_pages
from tests.briefing.test_history import published

CHROMIUM = Path("/usr/bin/chromium")
#: Of a card: does it hold more than its paper shows?
OVERFLOWS = "[...document.querySelectorAll('.card')].filter(c => c.scrollHeight > c.clientHeight + 1).length"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed (Debian: apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


def opened(browser: Browser, path: Path, *, width: int, scheme: str = "light") -> tuple[Page, list[str], list[str]]:
    """A page opened with the network off, what it complained of, and what it asked for."""
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True, color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark", from the table
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    return page, said, asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_offline_on_a_phone(browser: Browser, rich: Stage, rich_pages: Path, scheme: str) -> None:
    path = rich_pages / "briefing.html"
    page, said, asked = opened(browser, path, width=360, scheme=scheme)
    page.wait_for_selector(".chart.screen svg.main-svg")
    assert said == []
    assert asked == [path.as_uri()]
    for name in ("price", "value", "rundown"):
        assert page.locator(f".chart.screen[data-figure={name}] svg.main-svg").count() > 0
        assert page.locator(f".chart.screen[data-figure={name}] .trace").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".modebar-btn").count() == 0
    assert page.locator("article.item").count() == len(rich.plan.chosen)
    page.context.close()


#: Tables of which a part is out of sight, everything folded opened first.
SIDEWAYS = """() => {
  document.querySelectorAll('details').forEach(box => { box.open = true });
  return [...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth + 1)
    .map(box => box.getAttribute('aria-label'));
}"""
#: The lines of the rundown's first row as they are read: heading, then value.
ROW = """() => [...document.querySelectorAll('.together tbody tr:first-child td')]
  .map(cell => [getComputedStyle(cell, '::before').content.replaceAll('"', ''), cell.getBoundingClientRect().left])"""


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("pages", ["rich_pages", "rich_chinese_pages", "poor_pages"])
def test_tables_stand_as_lines_on_a_phone(browser: Browser, pages: str, width: int, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(pages)
    page, said, _ = opened(browser, folder / "briefing.html", width=width)
    assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heads = page.locator(".together thead th").all_text_contents()
    lines = page.evaluate(ROW)
    # The item's name heads the row; each other column is a line of its own under its heading.
    assert [label for label, _ in lines] == heads[:2] + heads[3:]
    assert len({left for _, left in lines}) == 1
    # Chromium's own accessibility tree: laid out anew, it is a table still.
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if "role" in node]
    assert {"table", "row", "columnheader", "rowheader", "cell"} <= set(roles)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate(ROW)[0][0] == "none"
    page.emulate_media(media="print")
    assert page.evaluate(ROW)[0][0] == "none"
    assert said == []
    page.context.close()


#: Prices that stand on more than one line, or reach out of the box they stand in.
BROKEN = """() => [...document.querySelectorAll('.glance .p, .price .fen, td.r, .columns .figure, .ladder .p, .internal dd')]
  .filter(cell => {
    const words = [...cell.childNodes].find(node => node.nodeType === 3 && node.data.includes('¥'));
    if (!words || !cell.checkVisibility()) return false;
    const range = document.createRange();
    range.selectNodeContents(words);
    const right = range.getBoundingClientRect().right;
    return range.getClientRects().length > 1 || right > cell.parentElement.getBoundingClientRect().right + 1;
  }).map(cell => cell.className + ' ' + cell.textContent)"""
#: Width between the margins of an A4 page, at 96 dots an inch.
A4 = 703


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_price_of_seven_digits_stays_on_its_line(browser: Browser, lang: str, tmp_path: Path) -> None:
    path = dear_pages(tmp_path, lang) / "briefing.html"
    for width in (1280, 760, 390):
        page, _, _ = opened(browser, path, width=width)
        assert len(re.findall(r"¥\d,\d{3},\d{3}\.\d\d", page.locator(".glance").inner_text())) == 2
        assert page.evaluate(SIDEWAYS) == []
        assert page.evaluate(BROKEN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.context.close()
    page, _, _ = opened(browser, path, width=A4)
    page.emulate_media(media="print")
    assert page.evaluate(BROKEN) == []
    page.context.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_of_runs_is_whole_on_every_width_and_on_paper(browser: Browser, lang: str, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        at = f"2026-11-25T0{number}:00:00+00:00"
        published(tmp_path, "2026-W48", number, version="W48-8614b6", at=at, latest=number == 3)
    page, said, _ = opened(browser, write_index(tmp_path, Language.of(lang)), width=1280)
    for width in (1280, 1000, 740, 390, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == []
    cells = page.locator("tbody tr:first-child td").all()
    heads = page.locator("thead th").all_text_contents()
    labels = [cell.evaluate("cell => getComputedStyle(cell, '::before').content").strip('"') for cell in cells]
    assert labels == heads[1:]
    page.set_viewport_size({"width": A4, "height": 900})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    assert page.evaluate(SIDEWAYS) == []
    assert said == []
    page.context.close()


#: Words of the rundown figure that lie on what is drawn: each must differ from what is under it.
INKS = """() => [...document.querySelectorAll('.chart.screen[data-figure=rundown] .textpoint text')]
  .map(text => getComputedStyle(text).fill)"""

#: Colour of the stroke that stands for a stock release in the legend.
SAMPLE = """() => getComputedStyle([...document.querySelectorAll('.chart.screen[data-figure=rundown] .legendpoints path')]
  .pop()).stroke"""
#: Words beside the bars of the rundown figure that reach into a bar or a stock release of their own line, or out of it.
TOUCHED = """() => {
  const box = document.querySelector('.chart.screen[data-figure=rundown]'), outer = box.getBoundingClientRect();
  const rects = what => [...box.querySelectorAll(what)].map(part => part.getBoundingClientRect());
  const drawn = [...rects('.scatterlayer .points path'), ...[...box.querySelectorAll('.barlayer path')]
    .filter(path => getComputedStyle(path).fillOpacity === '1').map(path => path.getBoundingClientRect())];
  const meet = (one, other) => other.left < one.right - 1 && other.right > one.left + 1
    && other.top < one.bottom - 1 && other.bottom > one.top + 1;
  return rects('.textpoint text').filter(word => word.left < outer.left || word.right > outer.right
    || drawn.some(part => meet(word, part))).length;
}"""
#: Lines every cue of the control desk takes.
LINES = """() => [...document.querySelectorAll('td.cue')]
  .map(cue => cue.getBoundingClientRect().height / parseFloat(getComputedStyle(cue).lineHeight))"""


def test_roles_are_written_in_the_ink_of_the_page(browser: Browser, rich_pages: Path) -> None:
    inks, samples = {}, {}
    for scheme in ("light", "dark"):
        page, _, _ = opened(browser, rich_pages / "briefing.html", width=800, scheme=scheme)
        page.wait_for_selector(".chart.screen[data-figure=rundown] .textpoint text")
        (inks[scheme],) = set(page.evaluate(INKS))
        samples[scheme] = page.evaluate(SAMPLE)
        page.context.close()
    assert inks == {"light": "rgb(28, 27, 25)", "dark": "rgb(231, 229, 224)"}
    assert samples == inks


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("pages", ["rich_pages", "rich_chinese_pages"])
def test_roles_stand_clear_of_the_bars(browser: Browser, pages: str, width: int, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(pages)
    page, _, _ = opened(browser, folder / "briefing.html", width=width)
    page.wait_for_selector(".chart.screen[data-figure=rundown] .textpoint text")
    assert page.locator(".chart.screen[data-figure=rundown] .barlayer path").count() > 0
    assert page.evaluate(TOUCHED) == 0
    page.context.close()


def test_the_cues_are_scrolled_on_a_phone_and_not_squeezed(browser: Browser, rich_pages: Path) -> None:
    page, _, _ = opened(browser, rich_pages / "cards" / "control-desk.html", width=390)
    assert max(page.evaluate(LINES)) < 2
    page.context.close()


def test_the_internal_figures_open_from_the_keyboard(browser: Browser, rich: Stage, rich_pages: Path) -> None:
    page, said, _ = opened(browser, rich_pages / "briefing.html", width=1280)
    shut = page.locator("article details.internal[open]")
    assert shut.count() == 0
    page.locator("#toggle").focus()
    page.keyboard.press("Enter")
    assert shut.count() == len(rich.plan.chosen)
    page.keyboard.press("Enter")
    assert shut.count() == 0
    assert said == []
    page.context.close()


def test_paper_shows_the_charts_light_and_no_internal_figure(browser: Browser, rich_pages: Path) -> None:
    page, said, _ = opened(browser, rich_pages / "briefing.html", width=1280, scheme="dark")
    page.wait_for_selector(".chart.screen svg.main-svg")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".chart.paper svg.main-svg").first.is_visible()
    assert not page.locator(".chart.screen").first.is_visible()
    assert not page.locator("details.internal").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert said == []
    page.context.close()


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("pages", ["rich_pages", "poor_pages", "rich_chinese_pages", "poor_chinese_pages"])
def test_a_card_fits_its_paper_and_a_phone(browser: Browser, name: str, pages: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(pages)
    path = folder / "cards" / f"{name}.html"
    page, said, asked = opened(browser, path, width=800)
    page.emulate_media(media="print")
    assert page.evaluate(OVERFLOWS) == 0
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (said, asked) == ([], [path.as_uri()])
    page.context.close()
