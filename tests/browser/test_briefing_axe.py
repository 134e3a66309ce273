"""Page, cards and index under axe-core, in both languages: nothing serious, light or dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from bosspick.briefing.cards import CARDS
from bosspick.briefing.config import RunConfig
from bosspick.briefing.history import record_failure, write_index
from bosspick.briefing.language import Language
from bosspick.briefing.page import write_pages
from bosspick.briefing.pdf import find_browser
from bosspick.briefing.stage import Stage
from tests.rooms import write_room

axe_core = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the dev packages")
CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.xdist_group("axe"),  # its fixtures are made once
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages and index of a small room by language."""
    base = tmp_path_factory.mktemp("axe")
    room = write_room(base / "room")
    for lang in ("en", "zh"):
        write_pages(Stage(RunConfig(room=str(room), lang=lang)), base / lang)
        (base / lang / "2026-W48").mkdir()
        record_failure(base / lang / "2026-W48", at="2026-11-25T03:00:00+00:00", where="02_lineup.ipynb", why="cell 4: no")
        write_index(base / lang, Language.of(lang))
    return base


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["briefing", "index", *(f"cards/{card}" for card in CARDS)])
def test_axe_finds_nothing_serious(browser: Browser, pages: Path, name: str, lang: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True, color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark", from the table
    page = context.new_page()
    page.goto((pages / lang / f"{name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
    found = axe_core.Axe().run(page).response["violations"]
    context.close()
    serious = [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found
               if each["impact"] in ("serious", "critical")]  # fmt: skip
    assert serious == []
