"""The desks of ``bosspick desk --lang zh`` in a real JupyterLab: notebook, widgets and answers in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import CHROMIUM, browser_page, laboratory, open_notebook, row, run_all
from tests.rooms import offer, write_room

pytestmark = [
    pytest.mark.xdist_group("chinese-desk"),  # its fixture is made once
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

POLICY = "[show]\nitems = 3\nbench = 2\nminutes = 36\n[screening]\nmin_channels = 4\n[demand]\nviewers = 100000\n"
ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    base = tmp_path_factory.mktemp("lab")
    offers = [offer(n, opening_price=f"{84 + n}.00") for n in range(1, 7)]
    room = write_room(base / "room", count=6, offers=offers, policy=POLICY)
    with laboratory(base, room, "--lang", "zh") as url:
        yield url


def test_the_lineup_desk_speaks_chinese(lab: str) -> None:
    with browser_page() as page:
        open_notebook(page, lab, "02_lineup.ipynb")
        run_all(page)
        page.locator(".bpb-bench .bpb-card").first.wait_for(timeout=120_000)
        expect(page.locator(".lm-MenuBar-itemLabel").first).to_have_text("文件")  # JupyterLab's own menus
        expect(page.locator(".jp-Notebook h1").first).to_contain_text("阵容")
        expect(page.locator(".bp-desk .proof").first).to_have_text("已证明最优")
        page.locator(".bpg-filter").fill("未入选")
        page.locator(".bpg-filter").press("ArrowDown")
        out = str(page.locator(".bpg-row[aria-selected='true']").get_attribute("data-offer"))
        page.locator(".bpg-body").press("w")
        expect(page.locator(".bpg-answer")).to_contain_text(re.compile("选入|入选"), timeout=30_000)
        page.locator(".bpg-body").press("l")
        expect(row(page, out)).to_contain_text("已锁定 · 入选", timeout=30_000)
        expect(page.locator(f".bpb-ten [data-offer='{out}']")).to_contain_text("已锁定")
        page.get_by_role("button", name="公布").click()
        expect(page.locator(".err")).to_contain_text("未填写姓名", timeout=30_000)
        assert english(page, ".bpb, .bpg, .bp-desk, .jupyter-button, .widget-label") == []


def test_the_live_desk_speaks_chinese(lab: str) -> None:
    with browser_page() as page:
        open_notebook(page, lab, "06_live.ipynb")
        run_all(page)
        page.locator(".bpl").wait_for(timeout=120_000)
        page.locator(".bpl").focus()
        for key in ("n", "r", "m"):
            page.keyboard.press(key)
        expect(page.locator(".bpl-part[data-due='done']")).to_have_count(1, timeout=30_000)
        expect(page.locator(".bpl-banner")).to_contain_text("彩排")
        expect(page.locator(".bpl-price")).to_contain_text("计划价")
        expect(page.locator(".bpl-log")).to_contain_text("第1次放量")
        page.keyboard.press("9")
        expect(page.locator(".bpl-answer")).to_have_text("没有9号替补。")
        assert english(page, ".bpl") == []


def english(page: Page, selector: str) -> list[str]:
    """What is still English of what these elements show, hint at and say to screen readers."""
    said = page.locator(selector).evaluate_all(
        """found => found.flatMap(one => [one, ...one.querySelectorAll("*")]).flatMap(node => [
             ...[...node.childNodes].filter(each => each.nodeType === 3).map(each => each.textContent),
             ...["title", "placeholder", "aria-label"].map(name => node.getAttribute(name) ?? ""),
           ])"""
    )
    return sorted({words for words in said if ENGLISH.search(words)})
