"""A real JupyterLab opened by ``bosspick desk``, and its notebooks in a real browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.rooms import offer, write_room

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).resolve().parents[2]


def write_notebook(path: Path, *cells: str) -> None:
    """Write a notebook of code cells."""
    code = [
        {"cell_type": "code", "execution_count": None, "id": f"c{k}", "metadata": {}, "outputs": [], "source": source}
        for k, source in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def nine_offers(base: Path) -> Path:
    """A room of nine offers, each worth less than the one after."""
    offers = [offer(n, opening_price=f"{88 + n}.00") for n in range(1, 10)]
    return write_room(base / "room", count=9, offers=offers)


@contextmanager
def laboratory(base: Path, room: Path, *options: str) -> Iterator[str]:
    """The address of a JupyterLab on a room, without login, on a free port; notebooks already in ``base/desk`` stay."""
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
    env = os.environ | {"JUPYTER_CONFIG_DIR": str(config), "HOME": str(base), "PYTHONPATH": f"{ROOT}/toolkit:{ROOT}"}
    workspace = ["--workspace", str(base / "desk"), "--no-browser"]
    # Not the current week: what is tested must not hang on the day.
    command = [sys.executable, "-m", "bosspick.cli", "desk", str(room), "--session", "2026-W48", *workspace, *options]
    with (base / "log").open("wb") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"{url}/api/status", timeout=1).close()
                    break
                except OSError:
                    assert server.poll() is None, (base / "log").read_text()
                    threading.Event().wait(0.1)  # give the server time to answer
            yield url
        finally:
            os.killpg(server.pid, 15)
            server.wait(timeout=30)


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page of a browser that asks nothing of the network but what it is shown."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield browser.new_page(viewport={"width": 1400, "height": 1000})
        browser.close()


def open_notebook(page: Page, lab: str, name: str) -> None:
    """Open a notebook, in a workspace of its own beside others, and wait for its kernel."""
    page.goto(f"{lab}/lab/workspaces/{Path(name).stem}/tree/{name}", timeout=60_000)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
    # The menu offers to run once the kernel has said that it is idle.
    idle = re.compile(r"Python 3 \(ipykernel\) \| (Idle|空闲)")
    expect(page.get_by_text(idle)).to_be_visible(timeout=90_000)


def run_all(page: Page) -> None:
    """Run all cells by the menu."""
    page.get_by_role("menuitem", name=re.compile("^(Run|运行)$")).click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()


def choose_theme(page: Page, name: str) -> None:
    """Change JupyterLab's theme by the menu."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item", has_text="Theme").first.hover()
    page.locator(".lm-Menu-item", has_text=name).first.click()
    expect(page.locator(f"body[data-jp-theme-name='{name}']")).to_have_count(1, timeout=20_000)


def row(page: Page, offer_id: str) -> Locator:
    """The row of an offer in the grid."""
    return page.locator(f".bpg-row[data-offer='{offer_id}']")
