"""Make ``docs/screens.md``, the guide screen by screen, from the demo week as it looks now.

Usage: ``.venv/bin/python docs/screens.py``. It plans the demo week in English and Chinese, opens briefing, cards and notebooks
in Chromium and takes the pictures. What each picture shows is said here, beside where it is taken.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Locator, Page, expect  # noqa: E402 - found beside this file

from tests.browser.lab import browser_page, laboratory, open_notebook, run_all  # noqa: E402

PICTURES = ROOT / "docs" / "screens"
SESSION = "2026-W48"
PATIENCE_MS = 300_000


class Screen(NamedTuple):
    """One picture: its file, its heading, what to look at in it, and how to get there."""

    name: str
    title: str
    words: str
    take: Callable[[Page], Locator | None]


def at(selector: str) -> Callable[[Page], Locator | None]:
    """The window with an element at its top."""

    def go(page: Page) -> Locator | None:
        found = page.locator(selector).first
        found.wait_for(timeout=PATIENCE_MS)
        found.evaluate("node => node.scrollIntoView({block: 'start'})")
        page.wait_for_timeout(1500)  # figures draw and lists scroll once they are in sight
        return None

    return go


def only(selector: str) -> Callable[[Page], Locator | None]:
    """An element alone."""

    def go(page: Page) -> Locator | None:
        at(selector)(page)
        return page.locator(selector).first

    return go


def below(heading: str) -> Callable[[Page], Locator | None]:
    """The window with a heading of the notebook at its top."""
    return at(f".jp-Cell:has(h2:text('{heading}'))")


BRIEFING = (
    Screen("briefing", "The briefing opens with one sentence",
           "What this show is, its ten at a glance, and what must be decided today. *Show internal figures* adds what never "
           "leaves the team.", at("body")),
    Screen("item", "Each item carries its evidence",
           "The verdict of every rule, the quotes it rests on, what may be said on air, and the price ladder.",
           only("article.item")),
    Screen("risks", "What can still go wrong, and what to do", "Grouped by what has to be done about it.", at("#risks")),
)  # fmt: skip
CARDS = (
    Screen("card-bargain", "The bargain host's cards", "One A5 card an item: large figures, the "
           "calculator's arithmetic, the words not to say. Nothing on it is confidential.", at("body")),
    Screen("card-product", "The product host's cards", "Facts with their proof, weak points, answers to viewers' wishes.",
           at("body")),
)  # fmt: skip
NOTEBOOKS = {
    "01_screening.ipynb": (
        Screen("screening", "Screening: one offer's prices", "Every eligible quote by channel on a line, with the "
               "opening price, the web-lowest and the highest price that passes; quotes set aside stay, in grey.",
               below("The evidence of an offer")),
    ),
    "02_lineup.ipynb": (
        Screen("board", "The lineup desk: the board", "The ten in the order of the show and the bench. Drag, or use the keys; "
               "every change is solved again and proven.", at(".bpb")),
        Screen("grid", "The lineup desk: all offers", "Filter, lock, ban, ask why. The line above says what is proven.",
               at(".bpg-filter")),
    ),
    "03_bargaining.ipynb": (
        Screen("bargaining", "Bargaining: the price picture", "Opening, anchor, target, walk-away, web-lowest and where the "
               "brand's floor may lie, on one axis.", at(".js-plotly-plot")),
    ),
    "06_live.ipynb": (
        Screen("live", "The live desk", "What is on air and for how long, what comes next, the bench by one key. On any other "
               "day than the show's it is a rehearsal, and says so.", at(".bpl")),
    ),
}  # fmt: skip


def main() -> None:
    """Take all pictures and write the guide."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder) / "room"
        shutil.copytree(ROOT / "seeds", room)
        for lang in ("en", "zh"):
            command = [sys.executable, "-m", "bosspick.cli", "brief", room, "--session", SESSION, "--lang", lang, "--out",
                       Path(folder) / lang]  # fmt: skip
            subprocess.run(list(map(str, command)), check=True)
        taken = [*briefings(Path(folder)), *notebooks(Path(folder), room)]
    (ROOT / "docs" / "screens.md").write_text("\n".join(text(taken)), encoding="utf-8")


def briefings(folder: Path) -> Iterator[Screen]:
    """The pages of the demo week's run."""
    with browser_page() as page:
        page.set_viewport_size({"width": 1280, "height": 860})
        run = {lang: folder / lang / SESSION / "latest" for lang in ("en", "zh")}
        page.goto((run["en"] / "briefing.html").resolve().as_uri())
        for screen in BRIEFING:
            yield taken(page, screen)
        page.goto((run["zh"] / "briefing.html").resolve().as_uri())
        yield taken(page, Screen("briefing-zh", "The same in Chinese", "`bosspick brief --lang zh`.", at("body")))
        page.set_viewport_size({"width": 840, "height": 1180})
        for screen, name in zip(CARDS, ("bargain-host", "product-host"), strict=True):
            page.goto((run["en"] / "cards" / f"{name}.html").resolve().as_uri())
            yield taken(page, screen)


def notebooks(folder: Path, room: Path) -> Iterator[Screen]:
    """The planning notebooks and the live desk in JupyterLab."""
    base = folder / "lab"
    base.mkdir()
    with laboratory(base, room) as lab, browser_page() as page:
        for notebook, screens in NOTEBOOKS.items():
            open_notebook(page, lab, notebook)
            run_all(page)
            expect(page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0, timeout=PATIENCE_MS)
            for screen in screens:
                yield taken(page, screen)


def taken(page: Page, screen: Screen) -> Screen:
    """Take one picture."""
    target = screen.take(page)
    path = PICTURES / f"{screen.name}.jpg"
    (target or page).screenshot(path=path, type="jpeg", quality=70)
    print(path.relative_to(ROOT), f"{path.stat().st_size // 1024} KB")  # noqa: T201 - a script
    return screen


def text(screens: list[Screen]) -> Iterator[str]:
    """The guide."""
    yield "# Screen by screen\n"
    yield "The demo week, as `docs/screens.py` photographed it; run it again after a change to what is seen.\n"
    for screen in screens:
        yield f"## {screen.title}\n"
        yield f"{screen.words}\n"
        yield f"![{screen.title}](screens/{screen.name}.jpg)\n"


if __name__ == "__main__":
    main()
