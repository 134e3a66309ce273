"""How long a briefing run takes against the floor of one kernel that does the same work in plain Python.

Both plan the demo week and write the same files, PDF included where a Chromium is found. The floor starts one kernel, imports
the libraries there and calls the verbs one after the other, without notebooks. They take turns, and medians are compared.
Wall-clock seconds mean something on a quiet machine only; processor seconds of a run (its children included, the browser's
renderers not) and the load before each round are printed beside them.

With ``--sessions N`` it plans N weeks one by one and then at once as well (``brief --all``).

Usage: python benchmarks/briefing.py [--rounds N] [--sessions N]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.manager import KernelManager

from bosspick.share import share_path

SESSION = "2026-W48"
BAR = 1.3
#: Seconds a warm run of the demo week may take, and its page until the first thing is seen.
BAR_S, VIEW_BAR_S = 15.0, 1.5
#: Share of single runs that several sessions at once may take on two cores.
ALL_BAR = 0.6
CHROMIUM = Path("/usr/bin/chromium")
WORK = """
from pathlib import Path
from bosspick.briefing.config import STEPS, RunConfig
from bosspick.briefing.files import write_step
from bosspick.briefing.stage import Stage
stage = Stage(RunConfig(room={room!r}, session={session!r}))
for step in STEPS:
    write_step(stage, step, Path({out!r}))
from bosspick.briefing.pdf import write_pdfs
out = Path({out!r})
write_pdfs([out / "briefing.html", *sorted((out / "cards").glob("*.html"))], dated=stage.week.as_of)
"""


def floor(out: Path) -> float:
    started = time.perf_counter()
    manager = KernelManager()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        code = WORK.format(room=str(share_path("seeds")), session=SESSION, out=str(out))
        reply = client.execute_interactive(code, timeout=600)
        if reply["content"]["status"] != "ok":
            raise SystemExit(f"the floor failed: {reply['content']}")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return time.perf_counter() - started


def run(out: Path) -> tuple[float, float]:
    """Seconds on the wall and of the processor."""
    started, before = time.perf_counter(), _processor_s()
    command = [sys.executable, "-m", "bosspick.cli", "brief", str(share_path("seeds")), "--session", SESSION, "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started, _processor_s() - before


def first_view(page: Path) -> float:
    """Seconds until a headless Chromium shows something of a page, median of five."""
    from playwright.sync_api import sync_playwright

    script = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
    seconds = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        for _ in range(5):
            tab = browser.new_page(viewport={"width": 1280, "height": 860})
            tab.goto(page.resolve().as_uri())
            tab.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
            seconds.append(float(tab.evaluate(script)))
            tab.close()
        browser.close()
    return statistics.median(seconds)


def several(folder: Path, count: int) -> float:
    """Seconds that sessions at once take, as a share of what they take one by one."""
    room = folder / "several"
    brief = [sys.executable, "-m", "bosspick.cli"]
    subprocess.run([*brief, "demo", str(room), "--weeks", str(count)], check=True, capture_output=True)
    weeks = sorted(each.name for each in room.iterdir() if each.is_dir() and each.name[:2] == "20")
    started = time.perf_counter()
    for week in weeks:
        subprocess.run([*brief, "brief", str(room), "--session", week, "--out", str(folder / "one")], check=True,
                       capture_output=True)  # fmt: skip
    single = time.perf_counter() - started
    started = time.perf_counter()
    subprocess.run([*brief, "brief", str(room), "--all", "--out", str(folder / "all")], check=True, capture_output=True)
    at_once = time.perf_counter() - started
    print(f"{len(weeks)} sessions: {single:.0f} s one by one, {at_once:.0f} s at once")
    return at_once / single


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    # A warm run has its bytecode, as an installed package has.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sessions", type=int, default=0)
    given = parser.parse_args()
    rounds = given.rounds
    floors: list[float] = []
    runs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            load = os.getloadavg()[0]
            floors.append(floor(Path(folder) / f"floor-{number}"))
            seconds, used = run(Path(folder) / "out")
            runs.append(seconds)
            print(
                f"round {number + 1}: floor {floors[-1]:.1f} s, run {seconds:.1f} s, {used:.1f} s of processor, load {load:.1f}"
            )
        page = Path(folder) / "out" / SESSION / "latest" / "briefing.html"
        print(f"briefing.html: {page.stat().st_size / 1e6:.2f} MB")
        if CHROMIUM.exists():
            seen = first_view(page)
            say("first view of briefing.html in headless Chromium", seen, "s", VIEW_BAR_S)
        if given.sessions:
            share = several(Path(folder), given.sessions)
            say(f"{given.sessions} sessions at once against one by one", share, "ratio", ALL_BAR)
    median = statistics.median(runs)
    say("a briefing run of the demo week", median, "s", BAR_S)
    say("the same against one kernel doing the same work in plain Python", median / statistics.median(floors), "ratio", BAR)


def say(claim: str, value: float, unit: str, bar: float) -> None:
    print(json.dumps({"claim": claim, "value": round(value, 3), "unit": unit, "bar": bar, "holds": value <= bar}), flush=True)


if __name__ == "__main__":
    main()
