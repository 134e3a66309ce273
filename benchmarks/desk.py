"""The lineup desk on 2,000 offers in a real browser: first paint of the grid, filtering, and from a lock to the new plan.

A real JupyterLab and Chromium run on this machine; everything is timed inside the page, from the key to the next frame drawn.

Usage: python benchmarks/desk.py [--offers N] [--options N] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, expect

from tests.browser.lab import CHROMIUM, browser_page, laboratory, open_notebook, write_notebook
from tests.rooms import write_room

PAINT_S, PLAN_S, FILTER_S = 1.5, 1.0, 0.1
READY = """
from IPython.display import display
from benchmarks.desk import room_of
from bosspick.desk import DeskState, GivenPlanner, LineupDesk
state = DeskState.of_planner(GivenPlanner(*room_of({offers}, {options})))
state.solve(state.wanted)
"""
#: Seconds from the next event of a kind until what it leads to is there and a frame with it was drawn.
TIMED = """([kind, there]) => {
  window.taken = null;
  const isThere = new Function(`return ${there}`);
  const started = () => {
    const begun = performance.now();
    const look = () => {
      if (!isThere()) requestAnimationFrame(look);
      else requestAnimationFrame(() => (window.taken = (performance.now() - begun) / 1000));
    };
    look();
  };
  document.addEventListener(kind, started, {capture: true, once: true});
}"""
OLD = "document.querySelectorAll('.bpg').forEach((grid) => (grid.dataset.old = 'old'))"


def room_of(offers: int, options: int) -> tuple[Any, Any]:
    """A generated week with what the desk shows beside what the solver needs."""
    from benchmarks.weeks import week

    frame, rules = week(offers, options)
    cut = frame["subsidy_fen"] // 10_000
    shown = {
        "title": "offer " + frame["offer_id"].str[1:], "brand_id": frame["brand"], "brand_price_fen": 9_990,
        "viewer_price_fen": 9_990 - cut, "expected_units": 1_000, "accept_p": 0.9,
    }  # fmt: skip
    return frame.assign(**shown), rules


def timed(page: Page, kind: str, there: str, act: Callable[[], None]) -> float:
    page.evaluate(TIMED, [kind, there])
    act()
    seconds: float = page.wait_for_function("window.taken", timeout=60_000).json_value()
    return seconds


def measure(page: Page, offers: int, rounds: int) -> dict[str, list[float]]:
    cells = page.locator(".jp-Notebook .jp-Cell .cm-content")
    cells.nth(0).press("Shift+Enter")
    expect(page.locator(".jp-InputPrompt").nth(0)).to_have_text("[1]:", timeout=300_000)
    field = page.locator(".bpg-filter")
    taken: dict[str, list[float]] = {"paint": [], "filter": [], "plan": []}
    for _ in range(rounds):
        page.evaluate(OLD)
        cells.nth(1).focus()
        rows = "document.querySelectorAll('.bpg:not([data-old]) .bpg-row').length > 10"
        taken["paint"].append(timed(page, "keydown", rows, lambda: page.keyboard.press("Control+Enter")))
        # The first desk chooses the bench of the plan, for all of them.
        field.fill("bench")
        expect(page.locator(".bpg-row.bpg-bench")).to_have_count(5, timeout=120_000)
        field.fill("")
    expect(page.locator(".bpg-count")).to_have_text(f"{offers:,} of {offers:,} offers")
    for k in range(rounds):
        words = f"c{k:02d}"
        there = f"document.querySelector('.bpg-row').textContent.includes('{words}')"
        taken["filter"].append(timed(page, "input", there, lambda words=words: field.fill(words)))
    for k in range(rounds):
        field.fill(f"c{k:02d} out")
        field.press("ArrowDown")
        row = "document.querySelector(`.bpg-row[aria-selected='true']`)"
        there = f"{row}.textContent.includes('locked · in the ten')"
        taken["plan"].append(timed(page, "keydown", there, lambda: page.keyboard.press("l")))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=2_000)
    parser.add_argument("--options", type=int, default=40, help="price options of each offer")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if not CHROMIUM.exists():
        raise SystemExit(f"there is no {CHROMIUM} (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        ready = READY.format(offers=given.offers, options=given.options).strip()
        write_notebook(base / "desk" / "desk.ipynb", ready, "display(LineupDesk(state).box)")
        with laboratory(base, write_room(base / "room")) as url, browser_page() as page:
            open_notebook(page, url, "desk.ipynb")
            taken = measure(page, given.offers, given.rounds)
    for name, seconds in taken.items():
        print(f"{name}: {', '.join(f'{second:.2f}' for second in seconds)} s")
    size = f"{given.offers:,} offers, {given.offers * given.options:,} options, median of {given.rounds}"
    for name, claim, bar in (
        ("paint", f"from running the cell to the first rows of the desk's grid drawn ({size})", PAINT_S),
        ("filter", f"from a word in the grid's filter to its rows drawn ({size})", FILTER_S),
        ("plan", f"from a lock by key to the new proven plan shown ({size})", PLAN_S),
    ):
        value = round(statistics.median(taken[name]), 3)
        print(json.dumps({"claim": claim, "value": value, "unit": "s", "bar": bar, "holds": value <= bar}))


if __name__ == "__main__":
    main()
