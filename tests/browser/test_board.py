"""The board of the ten in a real JupyterLab: dragged, worked by keys, published, and taken up after a restart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import CHROMIUM, browser_page, laboratory, nine_offers, open_notebook, row, run_all

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed (Debian: apt-get install chromium)"),
]


def test_the_board_by_hand_and_by_keys_published_and_a_restarted_kernel(tmp_path: Path) -> None:
    # A room of its own: what a desk decided stays, also for the next who opens it.
    with laboratory(tmp_path, nine_offers(tmp_path)) as lab, browser_page() as page:
        open_notebook(page, lab, "02_lineup.ipynb")
        work_the_board(page)


def work_the_board(page: Page) -> None:
    run_all(page)
    ten, bench = page.locator(".bpb-ten .bpb-card"), page.locator(".bpb-bench .bpb-card")
    bench.first.wait_for(timeout=120_000)
    page.locator(".bpb").scroll_into_view_if_needed()
    expect(ten.first.locator(".bpb-when")).to_have_text(re.compile(r"^\d\d:\d\d$"), timeout=30_000)

    comes, goes = str(bench.first.get_attribute("data-offer")), str(ten.last.get_attribute("data-offer"))
    bench.first.drag_to(ten.last)
    expect(page.locator(f".bpb-ten [data-offer='{comes}']")).to_contain_text("locked", timeout=30_000)
    expect(page.locator(f".bpb-ten [data-offer='{goes}']")).to_have_count(0)
    expect(row(page, goes)).to_contain_text("banned")

    first = str(ten.first.get_attribute("data-offer"))
    ten.first.click()
    page.keyboard.press("b")
    expect(page.locator(f".bpb-ten [data-offer='{first}']")).to_have_count(0, timeout=30_000)
    page.get_by_placeholder("your name").fill("producer")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(re.compile("Published .* as number 1"))).to_be_visible(timeout=30_000)
    shown = sorted(str(card.get_attribute("data-offer")) for card in ten.all())

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-item[data-command='kernelmenu:restart']").click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=90_000)
    run_all(page)
    expect(page.get_by_text("Taken up where it was left.")).to_be_visible(timeout=120_000)
    expect(page.locator(f".bpb-ten [data-offer='{comes}']")).to_contain_text("locked", timeout=30_000)
    assert sorted(str(card.get_attribute("data-offer")) for card in ten.all()) == shown
