"""The lineup notebook in a real JupyterLab: opened, run by hand, and worked with at its desk by keys alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import (
    CHROMIUM,
    browser_page,
    choose_theme,
    laboratory,
    nine_offers,
    open_notebook,
    row,
    run_all,
    write_notebook,
)

pytestmark = [
    pytest.mark.xdist_group("jupyterlab"),  # its fixtures are made once
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

#: A desk whose solver never ends by itself, and a cell to run meanwhile.
SLOW = (
    "from IPython.display import display\nfrom bosspick.desk import DeskState, LineupDesk\n"
    "from tests.desk.fakes import SlowPlanner\ndisplay(LineupDesk(DeskState.of_planner(SlowPlanner())).box)",
    "print('the kernel', 'answers')",
)


#: A desk on which two locks may break a rule.
TIGHT = (
    "from IPython.display import display\nfrom bosspick.desk import DeskState, LineupDesk\n"
    "from tests.desk.fakes import one_of_a_category\n"
    "display(LineupDesk(DeskState.of_planner(one_of_a_category())).box)",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab on a room of nine offers, each worth less than the one before."""
    base = tmp_path_factory.mktemp("lab")
    write_notebook(base / "desk" / "slow.ipynb", *SLOW)
    write_notebook(base / "desk" / "tight.ipynb", *TIGHT)
    with laboratory(base, nine_offers(base)) as url:
        yield url


@pytest.fixture(scope="module")
def page(lab: str) -> Iterator[Page]:
    """The lineup notebook, all cells run."""
    with browser_page() as page:
        open_notebook(page, lab, "02_lineup.ipynb")
        run_all(page)
        page.locator(".bpg-row").first.wait_for(state="attached", timeout=120_000)
        yield page


def found(page: Page, words: str) -> Locator:
    """Filter the grid, step into it, and give what takes its keys."""
    page.locator(".bpg-filter").fill(words)
    page.locator(".bpg-filter").press("ArrowDown")
    return page.locator(".bpg-body")


def test_the_notebook_runs_by_hand_and_draws_its_figures(page: Page) -> None:
    figure = page.locator(".js-plotly-plot").first
    figure.scroll_into_view_if_needed(timeout=60_000)
    expect(figure.locator("svg").first).to_be_visible(timeout=60_000)
    expect(page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)
    assert page.locator("[data-title*='Share']").count() == 0
    assert page.get_by_text("Jupyter news").count() == 0


def test_lock_ban_keep_undo_and_why_not_by_keys(page: Page) -> None:
    page.locator(".bpg").scroll_into_view_if_needed(timeout=90_000)
    expect(page.locator(".bpg-count")).to_have_text("9 of 9 offers")
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    ten = page.locator(".bpg-row.bpg-ten")
    before = [str(ten.nth(k).get_attribute("data-offer")) for k in range(2)]

    body = found(page, "out")
    out = str(page.locator(".bpg-row[aria-selected='true']").get_attribute("data-offer"))
    body.press("l")
    expect(row(page, out)).to_contain_text("locked · in the ten", timeout=30_000)
    # The lock sent one of the two away already, so the ban is for the one that stayed: it must leave.
    found(page, "")
    partner = page.locator(f".bpg-row.bpg-ten:not([data-offer='{out}'])")
    expect(partner).to_have_count(1)
    stayed = str(partner.get_attribute("data-offer"))
    (gone,) = {*before} - {stayed}
    found(page, stayed).press("b")
    expect(row(page, stayed)).to_contain_text("banned", timeout=30_000)
    expect(page.locator(".bp-desk .left")).to_contain_text(stayed, timeout=30_000)
    expect(page.locator(".jupyter-widget-tagsinput").nth(0)).to_contain_text(out)

    page.get_by_placeholder("name, at most").fill("without the first")
    page.get_by_role("button", name="Keep as").press("Enter")
    table = page.locator(".bp-scenarios table")
    expect(table).to_contain_text("without the first", timeout=30_000)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(table).to_contain_text("the present plan has, it has not", timeout=30_000)
    expect(row(page, stayed)).not_to_contain_text("banned")

    found(page, gone).press("w")
    answer = page.locator(".bpg-answer")
    # The room picks two, and of these two no order exists: the lock stands in the way, and is named.
    expect(answer).to_contain_text(f"Locked at the desk: {out}", timeout=30_000)
    expect(answer).to_contain_text("What would help: release the lock")
    # B and L were never JupyterLab's: no cell came, none got line numbers.
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    expect(page.locator(".jp-Notebook .cm-lineNumbers")).to_have_count(0)
    found(page, "no such offer")
    expect(page.locator(".bpg-none")).to_be_visible()
    page.locator(".bpg-filter").press("Escape")
    choose_theme(page, "JupyterLab Dark")
    shown = page.locator(".bpg-row.bpg-ten").first.evaluate(
        "n => [getComputedStyle(n).color, getComputedStyle(n.parentNode.parentNode).backgroundColor]"
    )
    assert lightness(shown[0]) - lightness(shown[1]) > 0.5


def lightness(colour: str) -> float:
    """How light a colour such as ``rgba(0, 0, 0, 0.87)`` is, 0 to 1."""
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3]) / 3 / 255


def test_a_lock_is_typed_and_entered_and_undo_leaves_the_focus_at_the_desk(page: Page) -> None:
    page.locator(".bpg").scroll_into_view_if_needed(timeout=90_000)
    field = page.locator(".jupyter-widget-tagsinput").nth(0)
    field.scroll_into_view_if_needed()
    before = field.inner_text()
    field.click(position={"x": 460, "y": 12})  # beside the tags
    page.keyboard.type("o9")
    page.keyboard.press("Enter")
    expect(field).to_contain_text("O9", timeout=30_000)
    undo = page.get_by_role("button", name="Undo")
    for _ in range(20):
        undo.press("Enter")
        page.wait_for_timeout(300)
        if undo.is_disabled():
            break
    expect(page.locator("button.jupyter-button:focus")).to_have_count(1, timeout=30_000)
    expect(field).not_to_contain_text("O9")
    assert "O9" not in before


def test_a_running_solve_leaves_the_kernel_free_and_is_cancelled(page: Page, lab: str) -> None:
    browser = page.context.browser
    assert browser is not None
    page = browser.new_page()
    open_notebook(page, lab, "slow.ipynb")
    cells = page.locator(".jp-Notebook .jp-Cell .cm-content")
    cells.nth(0).press("Shift+Enter")
    page.get_by_role("button", name="Solve now").click(timeout=60_000)
    status = page.locator(".bp-desk .run")
    expect(status).to_contain_text("best so far 1,900", timeout=30_000)
    expect(status).to_contain_text("gap 5.26%")
    cells.nth(1).press("Shift+Enter")
    expect(page.get_by_text("the kernel answers", exact=True)).to_be_visible(timeout=30_000)
    expect(status).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".bp-desk .unproven")).to_have_text("not proven", timeout=30_000)
    expect(status).to_have_count(0)


def test_a_conflict_is_mended_with_one_click(page: Page, lab: str) -> None:
    open_notebook(page, lab, "tight.ipynb")
    run_all(page)
    page.get_by_role("button", name="Solve now").click(timeout=60_000)
    page.locator(".bpg-row").first.wait_for(state="attached", timeout=60_000)
    for offer in ("O1", "O3"):
        found(page, f"title {offer[1]}").press("l")
        expect(row(page, offer)).to_contain_text("locked", timeout=30_000)
    loosen = page.get_by_role("button", name="Loosen 'one of a category' by 1 item")
    expect(loosen).to_be_visible(timeout=30_000)
    expect(page.locator(".bp-desk .err")).to_contain_text("cannot hold together")
    loosen.click()
    expect(page.locator(".bp-desk .err")).to_have_count(0, timeout=30_000)
    expect(loosen).to_have_count(0)
    for offer in ("O1", "O3"):
        found(page, f"title {offer[1]}")
        expect(row(page, offer)).to_contain_text("locked · in the ten", timeout=30_000)
    expect(page.locator(".jupyter-widget-tagsinput").nth(2)).to_contain_text("category +1")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".jupyter-widget-tagsinput").nth(2)).not_to_contain_text("category +1")
