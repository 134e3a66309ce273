"""The lineup notebook in a real JupyterLab: opened, run by hand, and solved again at its desk."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.rooms import write_room

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed (Debian: apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab opened by ``bosspick desk``, without login, on a free port of this machine."""
    base = tmp_path_factory.mktemp("lab")
    room = write_room(base / "room")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = base / "config"
    config.mkdir()
    (config / "jupyter_server_config.py").write_text(
        f"c.ServerApp.port = {port}\nc.ServerApp.port_retries = 0\n"
        "c.IdentityProvider.token = ''\nc.ServerApp.allow_root = True\n",
        encoding="utf-8",
    )
    env = os.environ | {"JUPYTER_CONFIG_DIR": str(config), "HOME": str(base)}
    command = [sys.executable, "-m", "bosspick.cli", "desk", str(room), "--workspace", str(base / "desk"), "--no-browser"]
    log = (base / "log").open("wb")
    server = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/api/status", timeout=1).close()
            break
        except OSError:
            assert server.poll() is None, (base / "log").read_text()
            server_waited(0.1)
    yield url
    os.killpg(server.pid, 15)
    server.wait(timeout=30)
    log.close()


def server_waited(seconds: float) -> None:
    """Give the server time to answer."""
    import threading

    threading.Event().wait(seconds)


@pytest.fixture(scope="module")
def page(lab: str) -> Iterator[Page]:
    """The lineup notebook, all cells run."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{lab}/lab/tree/02_lineup.ipynb", timeout=60_000)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
        # The menu offers to run once the kernel has said that it is idle.
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=90_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
        yield page
        browser.close()


def test_the_notebook_runs_by_hand_and_draws_its_figures(page: Page) -> None:
    page.locator(".bp-desk").first.wait_for(state="attached", timeout=120_000)
    figure = page.locator(".js-plotly-plot").first
    figure.scroll_into_view_if_needed(timeout=60_000)
    expect(figure.locator("svg").first).to_be_visible(timeout=60_000)
    expect(page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)
    assert page.locator("[data-title*='Share']").count() == 0
    assert page.get_by_text("Jupyter news").count() == 0


def test_locking_at_the_desk_and_solving_again_says_what_changed(page: Page) -> None:
    desk = page.locator(".bp-desk")
    desk.first.scroll_into_view_if_needed(timeout=90_000)
    before = desk.first.inner_text()
    out = next(offer for offer in ("O1", "O2", "O3") if offer not in before)
    banned = next(offer for offer in ("O1", "O2", "O3") if offer in before)
    tags = page.locator(".jupyter-widget-tagsinput input")
    tags.nth(0).fill(out)
    tags.nth(0).press("Enter")
    tags.nth(1).fill(banned)
    tags.nth(1).press("Enter")
    page.get_by_role("button", name="Solve again").click()
    expect(desk.first).to_contain_text("Changed against the last solve", timeout=60_000)
    expect(desk.first).to_contain_text(f"entered: {out}")
    expect(desk.first).to_contain_text(f"left: {banned}")
    page.get_by_role("button", name="Undo").click()
    expect(desk.first.locator("table")).to_contain_text(banned, timeout=60_000)
