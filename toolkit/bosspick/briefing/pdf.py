"""Pages as PDF through a Chromium of this machine: one browser for all of them, no network, nothing left behind."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bosspick.briefing.browser import Browser, BrowserError

__all__ = ["NO_BROWSER", "find_browser", "write_pdfs"]

#: The first is the lightest: it has no windows to bring up.
_NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge",
)  # fmt: skip
_ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: What to do without one.
NO_BROWSER = "no PDF: no Chromium or Chrome found (Debian: apt-get install chromium); every page also prints from any browser"
_PRINT = {"printBackground": True, "preferCSSPageSize": True, "generateTaggedPDF": True, "generateDocumentOutline": True}
#: A page that knows it is for paper draws no figure for a screen.
_PAPER = {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "light"}]}
#: Waits for the figures, which a page draws by script, and for its fonts.
_READY = "Promise.resolve(window.drawn).then(() => document.fonts.ready).then(() => true)"
#: Offers whose card does not hold all its text on its page. A long title ends with an ellipsis by design; it stands whole on
#: the control desk's card.
_FULL = """
const wide = box => box.scrollWidth > box.clientWidth + 1;
// Letters may stand out of their line; a line that is missing is higher than that.
const high = (box, most) => box.scrollHeight > box.clientHeight + most;
[...document.querySelectorAll(".card[data-offer]")]
  .filter(card => wide(card) || high(card, 1) || [...card.querySelectorAll(".cut")].some(wide)
    || [...card.querySelectorAll(".clamped")].some(box => high(box, 8))).map(card => card.dataset.offer)
"""
#: Empty tabs made ready while pages are still to come: one for each page of a briefing.
_AT_HAND = 6
_NODE = re.compile(rb"\(node\d{8}\)")
_NAMED = re.compile(rb"/ID (\(node\d{8}\))")
_ENTRY = re.compile(rb"\(node\d{8}\) \d+ 0 R")
_TABLE = re.compile(rb"/Limits \[\(node\d{8}\) \(node\d{8}\)\]\n/Names \[((?:\(node\d{8}\) \d+ 0 R ?)+)\]")
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


def find_browser() -> Path | None:
    """A Chromium or Chrome that can print, or None."""
    for name in _NAMES:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return next((Path(path) for path in _ELSEWHERE if Path(path).is_file()), None)


def write_pdfs(
    pages: Sequence[Path] | Callable[[], Sequence[Path]],
    *,
    dated: datetime,
    timeout_s: float = 120.0,
    browser: Path | None = None,
) -> str | None:
    """Print pages to PDF beside them, in the light theme, each page numbered as its style sheet says.

    Parameters
    ----------
    pages
        HTML files; or what gives them, which may wait for them: it is called when the browser is up.
    dated
        Moment written into the files instead of the clock's, so that equal pages give equal files.
    timeout_s
        Seconds for all of them, those waited for the pages not counted; then the browser is killed.
    browser
        Which to use; see :func:`find_browser`.

    Returns
    -------
    str or None
        Why there is no PDF, or which cards could not be set with all their text; None when nothing is amiss. Pages print
        from any browser, so that this is no error.
    """
    program = browser or find_browser()
    if program is None:
        return NO_BROWSER
    try:
        with Browser.start(program, timeout_s=timeout_s) as running:
            tabs = _opened(running, pages, timeout_s)
            # The browser loads and prints them side by side.
            jobs = {page: _begun(running, tab) for page, tab in reversed(tabs.items())}
            full = {page: running.answer(asked)["result"]["value"] for page, (asked, _) in jobs.items()}
            made = {page.with_suffix(".pdf"): base64.b64decode(running.answer(job)["data"]) for page, (_, job) in jobs.items()}
    except BrowserError as error:
        return f"no PDF: {program.name}: {error}"
    for path, content in made.items():
        path.write_bytes(_renumbered(_redated(content, dated)))
    return _said({page: full[page] for page in tabs})


def _opened(running: Browser, pages: Sequence[Path] | Callable[[], Sequence[Path]], timeout_s: float) -> dict[Path, str]:
    """A tab for every page, which begins to load; while pages are still to come, empty ones are made ready."""
    ready: list[str] = []
    if callable(pages):
        ready = [running.tab(media=_PAPER) for _ in range(_AT_HAND)]
        pages = pages()
        running.allow(timeout_s)
    tabs = {page: ready.pop(0) if ready else running.tab(media=_PAPER) for page in pages}
    for page, tab in tabs.items():
        running.go(tab, page.resolve().as_uri())
    return tabs


def _said(full: Mapping[Path, Sequence[str]]) -> str | None:
    """Which cards are full: the file and its offers, a line each."""
    return "\n".join(
        f"{page.with_suffix('.pdf').name}: text cut short on the card of {', '.join(offers)}; its HTML has all of it"
        for page, offers in full.items()
        if offers
    ) or None  # fmt: skip


def _begun(running: Browser, tab: str) -> tuple[int, int]:
    """Measure the cards of a tab as soon as it is drawn, then print it; returns the numbers of both commands."""
    running.loaded(tab)
    running.ask("Runtime.evaluate", {"expression": _READY, "awaitPromise": True}, tab)
    asked = running.begin("Runtime.evaluate", {"expression": _FULL, "returnByValue": True}, tab)
    return asked, running.begin("Page.printToPDF", _PRINT, tab)


def _redated(content: bytes, dated: datetime) -> bytes:
    """The file with another date; it stays as long as it was, so that its table of contents holds."""
    stamp = f"D:{dated.astimezone(UTC):%Y%m%d%H%M%S}+00'00'".encode()

    def again(found: re.Match[bytes]) -> bytes:
        written = b"/" + found[1] + b" (" + stamp + b")"
        return written if len(written) == len(found[0]) else found[0]

    return _DATE.sub(again, content)


def _renumbered(content: bytes) -> bytes:
    """The file with its nodes counted from 1 as they come: the browser counts those of all its pages together.

    The table that finds a node by its name is sorted by name, so it is sorted anew. Nothing changes its length.
    """
    nodes = dict.fromkeys(_NAMED.findall(content))
    number = {node: b"(node%08d)" % place for place, node in enumerate(nodes, start=1)}
    counted = _NODE.sub(lambda found: number.get(found[0], found[0]), content)
    return _TABLE.sub(_sorted_table, counted)


def _sorted_table(found: re.Match[bytes]) -> bytes:
    entries: list[bytes] = sorted(_ENTRY.findall(found[1]))
    first, last = entries[0].split()[0], entries[-1].split()[0]
    return b"/Limits [" + first + b" " + last + b"]\n/Names [" + b" ".join(entries) + b"]"
