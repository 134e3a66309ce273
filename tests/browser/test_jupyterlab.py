"""The lineup notebook in a real JupyterLab: opened, run by hand, and worked with at its desk by keys alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import CHROMIUM, browser_page, choose_theme, laboratory, open_notebook, run_all, write_notebook
from tests.rooms import offer, write_room

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

#: A desk whose solver never ends by itself, and a cell to run meanwhile.
SLOW = (
    "from IPython.display import display\nfrom bosspick.desk import DeskState, LineupDesk\n"
    "from tests.desk.fakes import SlowPlanner\ndisplay(LineupDesk(DeskState.of_planner(SlowPlanner())).box)",
    "print('the kernel', 'answers')",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab on a room of nine offers, each worth less than the one before."""
    base = tmp_path_factory.mktemp("lab")
    offers = [offer(n, opening_price=f"{88 + n}.00") for n in range(1, 10)]
    room = write_room(base / "room", count=9, offers=offers)
    write_notebook(base / "desk" / "slow.ipynb", *SLOW)
    with laboratory(base, room) as url:
        yield url


@pytest.fixture(scope="module")
def page(lab: str) -> Iterator[Page]:
    """The lineup notebook, all cells run."""
    with browser_page() as page:
        open_notebook(page, lab, "02_lineup.ipynb")
        run_all(page)
        page.locator(".bpg-row").first.wait_for(state="attached", timeout=120_000)
        yield page


def row(page: Page, offer_id: str) -> Locator:
    return page.locator(f".bpg-row[data-offer='{offer_id}']")


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
    found(page, before[0]).press("b")
    expect(row(page, before[0])).to_contain_text("banned", timeout=30_000)
    expect(page.locator(".bp-desk .left")).to_contain_text(before[0], timeout=30_000)
    expect(page.locator(".jupyter-widget-tagsinput").nth(0)).to_contain_text(out)

    page.get_by_placeholder("name, at most").fill("without the first")
    page.get_by_role("button", name="Keep as").press("Enter")
    table = page.locator(".bp-scenarios table")
    expect(table).to_contain_text("without the first", timeout=30_000)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(table).to_contain_text("the present plan has, it has not", timeout=30_000)
    expect(row(page, before[0])).not_to_contain_text("banned")

    found(page, before[0]).press("w")
    answer = page.locator(".bpg-answer")
    expect(answer).to_contain_text(re.compile("would cost|is in:"), timeout=30_000)
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


def test_the_board_by_hand_and_by_keys_published_and_a_restarted_kernel(page: Page, lab: str) -> None:
    browser = page.context.browser
    assert browser is not None
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    open_notebook(page, lab, "02_lineup.ipynb")
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
