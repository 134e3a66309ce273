"""The lineup optimiser against the straightforward PuLP model, at sizes from thirty thousand options to a million.

Usage: ``python benchmarks/lineup.py [--only growth|khan|large|million|plain] [--limit SECONDS]``. Every way runs in a process
of its own, one after the other; a plain model that is not proven within the limit counts with the limit, so its ratio is a
lower bound. The whole run takes half an hour and more, most of it the plain models.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import weeks

Line = dict[str, Any]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--only", choices=sorted(CLAIMS))
    asked.add_argument("--limit", type=float, default=900.0)
    asked.add_argument("--way", nargs=4, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.way:
        name, offers, options, limit = given.way
        print(json.dumps(run(name, int(offers), int(options), float(limit))))
        return
    for name, claim in CLAIMS.items():
        if given.only in (None, name):
            for line in claim(given):
                print(json.dumps(line), flush=True)


def run(way: str, offers: int, options: int, limit: float) -> Line:
    """One way of planning a generated week: seconds, value, whether it is proven, memory against the frame's."""
    frame, rules = weeks.week(offers, options)
    if way != "ours":
        return weeks.plain(frame, rules, solver=way, time_limit_s=limit)
    from bosspick.lineup import optimise
    from bosspick.lineup.instance import OptionTable

    warm, some = weeks.week(50, 3)
    optimise(warm, some)
    frame_mb = frame.memory_usage(deep=True).sum() / 1e6
    before = memory_mb("VmRSS")
    # From here on the process's peak counts anew.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    begun = time.perf_counter()
    table = OptionTable(frame)
    read = time.perf_counter() - begun
    found = optimise(table, rules, time_limit_s=limit)
    seconds = time.perf_counter() - begun
    after = memory_mb("VmHWM")
    return {
        "seconds": seconds, "beyond_reading": seconds - read, "value": found.value, "proven": found.outcome.is_proven,
        "frame_mb": frame_mb, "more_mb": after - before,
    }  # fmt: skip


def memory_mb(field: str) -> float:
    """Resident memory of this process now (VmRSS) or at its peak (VmHWM); Linux only."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return float(text.split(f"{field}:")[1].split()[0]) / 1e3


def timed(way: str, offers: int, options: int, limit: float) -> Line:
    done = subprocess.run(
        [sys.executable, __file__, "--way", way, str(offers), str(options), str(limit)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: Line = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"  {way} {offers} x {options}: {found}", file=sys.stderr, flush=True)
    return found


def against_plain(offers: int, options: int, solvers: list[str], bar: float, limit: float) -> list[Line]:
    ours = timed("ours", offers, options, limit)
    lines = []
    for solver in solvers:
        plain = timed(solver, offers, options, limit)
        same = abs(plain["value"] - ours["value"]) <= 1e-6 * abs(ours["value"])
        lines.append(
            line(f"{offers:,} offers x {options}: times faster than the plain PuLP model with {solver}",
                 plain["seconds"] / ours["seconds"], "times", bar, at_least=True, seconds=round(ours["seconds"], 3),
                 plain_seconds=round(plain["seconds"], 1), plain_proven=plain["proven"], same_optimum=same,
                 also=ours["proven"] and (same or not plain["proven"]))
        )  # fmt: skip
    return lines


def plain(given: argparse.Namespace) -> list[Line]:
    return against_plain(2000, 15, ["highs", "cbc"], 20.0, given.limit)


def large(given: argparse.Namespace) -> list[Line]:
    return against_plain(10_000, 15, ["highs", "cbc"], 100.0, given.limit)


def million(given: argparse.Namespace) -> list[Line]:
    found = timed("ours", 200_000, 5, given.limit)
    assert found["proven"]
    told = {"seconds_in_all": round(found["seconds"], 3), "frame_mb": round(found["frame_mb"])}
    return [
        line("a million options proven, beyond reading the frame", found["beyond_reading"], "s", 1.0, **told),
        line("memory of a million options against the frame's", found["more_mb"] / found["frame_mb"], "ratio", 3.0, **told),
    ]  # fmt: skip


def growth(given: argparse.Namespace) -> list[Line]:
    sizes = [2_000, 20_000, 200_000]
    found = {size: timed("ours", size, 5, given.limit)["seconds"] for size in sizes}
    per = {f"{size * 5:,}": round(found[size] / size * 2e5, 3) for size in sizes}
    ratio = (found[200_000] / 200_000) / (found[2_000] / 2_000)
    return [line("seconds per option, a million against ten thousand", ratio, "ratio", 1.0, seconds_per_million=per)]


def khan(given: argparse.Namespace) -> list[Line]:
    """Multiple-choice knapsacks of Khan (1998): each group an offer, each resource a budget."""
    from bosspick.lineup import optimise
    from tests.lineup.test_khan import FOLDER, read

    claim = "optima of Khan's I01 to I06 proven"
    if not FOLDER.is_dir():
        return [line(claim, None, "of 6", 6, at_least=True, why="the published instances are not beside the checkout")]
    right, told = 0, {}
    for name, best in {"I01": 173.0, "I02": 364.0, "I03": 1602.0, "I04": 3597.0, "I05": 3905.7, "I06": 4799.3}.items():
        frame, rules, groups = read(name)
        found = optimise(frame, rules, pick=groups, time_limit_s=given.limit)
        reached = found.plan_value is not None and abs(found.plan_value - best) <= 0.05
        right += reached and found.outcome.is_proven
        told[name] = f"{found.plan_value} {found.outcome} {found.seconds:.1f} s"
        print(f"  {name}: {told[name]}", file=sys.stderr, flush=True)
    return [line(claim, right, "of 6", 6, at_least=True, **told)]


def line(
    claim: str, value: float | None, unit: str, bar: float, *, at_least: bool = False, also: bool = True, **more: Any
) -> Line:
    holds = also and value is not None and (value >= bar if at_least else value <= bar)
    shown = None if value is None else round(value, 3)
    return {"claim": claim, "value": shown, "unit": unit, "bar": bar, "holds": bool(holds)} | more


CLAIMS = {"growth": growth, "khan": khan, "large": large, "million": million, "plain": plain}

if __name__ == "__main__":
    main()
