"""How long a briefing run takes against the floor of one kernel that does the same work in plain Python.

Both plan the demo week and write the same files, PDF included where a Chromium is found. The floor starts one kernel, imports
the libraries there and calls the verbs one after the other, without notebooks. They take turns, and medians are compared.
Wall-clock seconds mean something on a quiet machine only; processor seconds of a run (its children included, the browser's
renderers not) and the load before each round are printed beside them.

Usage: python benchmarks/briefing.py [--rounds N]
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
#: Seconds a warm run of the demo week may take.
BAR_S = 15.0
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


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    floors, runs = [], []
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
    median = statistics.median(runs)
    print(f"a warm run takes {median:.1f} s, {'within' if median <= BAR_S else 'above'} the {BAR_S:.0f} s asked for")
    ratio = statistics.median(runs) / statistics.median(floors)
    claim = "a briefing run of the demo week against one kernel doing the same work in plain Python"
    print(json.dumps({"claim": claim, "value": round(ratio, 3), "unit": "ratio", "bar": BAR, "holds": ratio <= BAR}))


if __name__ == "__main__":
    main()
