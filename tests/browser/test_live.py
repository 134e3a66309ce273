"""The live notebook in a real JupyterLab: a show by keys alone, the kernel restarted in the middle of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import CHROMIUM, browser_page, choose_theme, laboratory, open_notebook, run_all
from tests.rooms import offer, write_room

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

POLICY = "[show]\nitems = 3\nbench = 2\nminutes = 36\n[screening]\nmin_channels = 4\n[demand]\nviewers = 100000\n"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The live notebook of a room of six offers, all cells run."""
    base = tmp_path_factory.mktemp("lab")
    offers = [offer(n, opening_price=f"{84 + n}.00") for n in range(1, 7)]
    room = write_room(base / "room", count=6, offers=offers, policy=POLICY)
    with laboratory(base, room) as lab, browser_page() as page:
        open_notebook(page, lab, "06_live.ipynb")
        run_all(page)
        page.locator(".bpl").wait_for(timeout=120_000)
        yield page


def test_a_show_by_keys_alone_and_on_after_a_restart(page: Page) -> None:
    keys, desk, answer = page.keyboard, page.locator(".bpl"), page.locator(".bpl-answer")
    expect(page.locator(".bpl-banner")).to_contain_text("REHEARSAL")
    # A start some seconds late is no delay.
    expect(page.locator(".bpl-late")).to_have_count(0)
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    desk.focus()
    keys.press("n")
    expect(page.locator(".bpl-title")).to_contain_text("面霜", timeout=30_000)
    expect(page.locator(".bpl-state")).to_have_text("in time")
    first = page.locator(".bpl-count").inner_text()
    expect(page.locator(".bpl-count")).not_to_have_text(first, timeout=10_000)
    keys.press("r")
    expect(page.locator(".bpl-part[data-due='done']")).to_have_count(1, timeout=30_000)
    keys.press("p")
    keys.type("79.9")
    keys.press("Enter")
    expect(page.locator(".bpl-price")).to_have_text("¥79.90 settled", timeout=30_000)
    keys.press("u")
    keys.type("99999")
    keys.press("Enter")
    expect(answer).to_have_class(re.compile("bpl-error"), timeout=30_000)
    keys.press("Escape")
    keys.press("u")  # what was refused is typed over
    keys.type("5")
    keys.press("Enter")
    expect(page.locator(".bpl-left")).to_contain_text("5 sold", timeout=30_000)
    keys.press("u")
    keys.type("77777")
    keys.press("Escape")
    keys.press("p")
    keys.type("nothing like a price")
    keys.press("Enter")
    expect(answer).to_have_class(re.compile("bpl-error"), timeout=30_000)
    keys.press("Control+a")  # the cursor is back where it is to be mended
    keys.type("150")
    keys.press("Enter")
    expect(page.locator(".bpl-alone")).to_contain_text("只报价格", timeout=30_000)
    keys.press("z")
    expect(page.locator(".bpl-price")).to_have_text("¥79.90 settled", timeout=30_000)
    keys.press("d")
    expect(answer).to_contain_text("best to step in", timeout=30_000)
    best = page.locator(".bpl-best").get_attribute("data-offer")
    keys.press(page.locator(".bpl-best kbd").inner_text())
    expect(page.locator(f".bpl-list [role='option'][data-offer='{best}']")).to_contain_text("from the bench", timeout=30_000)
    keys.press("c")
    keys.type("it is 50 ml")
    keys.press("Enter")
    expect(page.locator(".bpl-corrections")).to_contain_text("it is 50 ml", timeout=30_000)
    expect(page.locator(".bpl-pots")).to_contain_text("hidden from the camera")
    keys.press("m")
    expect(page.locator(".bpl-pots")).to_contain_text("kept for the air")
    # None of the keys was JupyterLab's: no cell came or went.
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells

    entered = page.locator(".bpl-log li").all_inner_texts()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-item[data-command='kernelmenu:restart']").click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=90_000)
    if desk.count():
        desk.focus()
        keys.press("e")
        expect(answer).to_contain_text("Not recorded", timeout=30_000)
    run_all(page)
    expect(page.locator(".bpl-price")).to_have_text("¥79.90 settled", timeout=120_000)
    assert page.locator(".bpl-log li").all_inner_texts() == entered
    desk.focus()
    keys.press("e")
    expect(page.locator(".bpl-title")).to_have_text("Nothing on air", timeout=30_000)
    keys.press("u")
    keys.type("88888")
    keys.press("Escape")
    keys.press("n")
    expect(page.locator(".bpl-title")).to_contain_text("面霜", timeout=30_000)
    expect(page.locator(".bpl-field-units input")).to_have_value("")  # a count is of its item

    choose_theme(page, "JupyterLab Dark")
    ink, paper = page.locator(".bpl-air").evaluate("n => [getComputedStyle(n).color, getComputedStyle(n).backgroundColor]")
    assert lightness(ink) - lightness(paper) > 0.5


def lightness(colour: str) -> float:
    """How light a colour such as ``rgba(0, 0, 0, 0.87)`` is, 0 to 1."""
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3]) / 3 / 255
