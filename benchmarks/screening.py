"""The screen on generated feeds: against hand-written DuckDB SQL, pandas and polars giving the same verdicts, in one run.

Usage: ``python benchmarks/screening.py [--quotes N] [--only full|pandas|week|again|scale] [--folder DIR]``. Each way runs in a
process of its own, so that peak memory is its own. The default size, 20 million quotes, takes ten minutes and more, and 3 GB.

An installed package has its bytecode, so no way is timed while it compiles its sources: all read it from one folder, which
a first run of each way's imports has filled, whatever PYTHONDONTWRITEBYTECODE says here. Ratios are of wall time; processor
time, which counts all threads, is told beside it.
"""

from __future__ import annotations

import argparse
import atexit
import functools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import feeds
import rivals

OFFERS = 5000
OURS = ("ours", "again")
#: The most quotes pandas was seen to manage in 23 GB (it took 11); with 16 million its process died, beside other work.
PANDAS_MOST = 10_000_000


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--quotes", type=int, default=20_000_000)
    asked.add_argument("--only", choices=["full", "pandas", "week", "again", "scale"])
    asked.add_argument("--folder", type=Path)
    asked.add_argument("--way", help=argparse.SUPPRESS)
    asked.add_argument("--room", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.way:
        print(json.dumps(run(given.way, given.room) if given.room else imported(given.way)))
        return
    with tempfile.TemporaryDirectory(prefix="bosspick-bench-") as made:
        home = given.folder or Path(made)
        for name, claim in CLAIMS.items():
            if given.only in (None, name):
                for line in claim(home, given.quotes):
                    print(json.dumps(line), flush=True)


def run(way: str, room: Path) -> dict[str, Any]:
    """One way of judging a room: seconds from Parquet to verdicts, peak memory, and a digest of the answer."""
    if way in OURS:
        from bosspick import open_room, screen

        week = open_room(room).week(feeds.SESSION)
        begun, worked = time.perf_counter(), time.process_time()
        found = screen(week, reuse=way == "again")
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
        price = found.verdicts[found.verdicts["rule"] == "lowest_price"]
        answer = dict(zip(price["offer_id"], zip(price["reason_code"], price["web_lowest"].fillna(-1).astype(int), strict=True),
                          strict=True))  # fmt: skip
    else:
        begun, worked = time.perf_counter(), time.process_time()
        answer = getattr(rivals, way)(room / feeds.SESSION)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    digest = json.dumps(sorted((k, v[0], int(v[1])) for k, v in answer.items()))
    return {"seconds": seconds, "cpu": cpu, "peak_gb": peak, "answer": str(hash_of(digest)), "offers": len(answer)}


def hash_of(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def imported(way: str) -> str:
    """Import what a way uses, so that its bytecode is there."""
    if way in OURS:
        with tempfile.TemporaryDirectory() as made:
            run(way, room_of(Path(made), 1000, 1))
    else:
        __import__("duckdb" if way == "sql" else way)
    return way


@functools.cache
def bytecode() -> str:
    """A folder for the bytecode of all ways."""
    folder = tempfile.TemporaryDirectory(prefix="bosspick-bytecode-")
    atexit.register(folder.cleanup)
    return folder.name


@functools.cache
def warmed(way: str) -> dict[str, str]:
    """The environment a way runs in, once its bytecode is there."""
    found = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    found["PYTHONPYCACHEPREFIX"] = bytecode()
    subprocess.run([sys.executable, __file__, "--way", way], env=found, capture_output=True, check=True)
    return found


def timed(way: str, room: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--way", way, "--room", str(room)],
        capture_output=True, text=True, check=False, env=warmed("ours" if way in OURS else way),
    )  # fmt: skip
    if done.returncode:
        return {
            "failed": done.stderr.strip().splitlines()[-1][:200] if done.stderr.strip() else f"ended with {done.returncode}"
        }
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"  {way}: {found}", file=sys.stderr, flush=True)
    return found


def room_of(home: Path, quotes: int, partitions: int) -> Path:
    room = home / f"room-{quotes}-{partitions}"
    if not room.exists():
        feeds.write_room(room, offers=OFFERS)
        feeds.write_feed(room, quotes=quotes, partitions=partitions, offers=OFFERS)
    return room


def line(claim: str, value: float | None, unit: str, bar: float, *, at_least: bool = False, **more: Any) -> dict[str, Any]:
    holds = value is not None and (value >= bar if at_least else value <= bar)
    return {
        "claim": claim,
        "value": None if value is None else round(value, 3),
        "unit": unit,
        "bar": bar,
        "holds": holds,
    } | more


def full(home: Path, quotes: int) -> list[dict[str, Any]]:
    room = room_of(home, quotes, max(1, quotes // 2_000_000))
    ours = timed("ours", room)
    sql, polars = timed("sql", room), timed("polars", room)
    same = {each.get("answer") for each in (ours, sql, polars)}
    told = {"quotes": quotes, "seconds": ours.get("seconds"), "same_answer": len(same) == 1}
    return [
        line("full screening against hand-written DuckDB SQL", _ratio(ours, sql), "ratio of wall time", 1.25,
             cpu_ratio=_ratio(ours, sql, "cpu"), **told),
        line("full screening against polars", _ratio(ours, polars), "ratio of wall time", 1.0,
             cpu_ratio=_ratio(ours, polars, "cpu"), **told),
    ]  # fmt: skip


def _ratio(ours: dict[str, Any], theirs: dict[str, Any], of: str = "seconds") -> float | None:
    return round(ours[of] / theirs[of], 3) if of in ours and of in theirs else None


def pandas(home: Path, quotes: int) -> list[dict[str, Any]]:
    size = min(quotes, PANDAS_MOST)
    room = room_of(home, size, max(1, size // 2_000_000))
    ours, theirs = timed("ours", room), timed("pandas", room)
    ratio = _ratio(theirs, ours)
    return [line("full screening faster than straightforward pandas", ratio, "times", 8.0, at_least=True, quotes=size,
                 same_answer=ours.get("answer") == theirs.get("answer"))]  # fmt: skip


def week(home: Path, quotes: int) -> list[dict[str, Any]]:
    del quotes
    found = timed("ours", room_of(home, 1_000_000, 1))
    return [line("5,000 offers and 1 million quotes from Parquet to verdicts", found.get("seconds"), "s", 3.0)]


def again(home: Path, quotes: int) -> list[dict[str, Any]]:
    room = room_of(home, quotes, max(1, quotes // 2_000_000))
    whole = timed("ours", room)
    added = quotes // 100
    feeds.write_feed(room, quotes=added, partitions=1, offers=OFFERS, first=2 * quotes, name="zz-new")
    found = timed("again", room)
    for table in ("quotes", "promotions"):
        (room / feeds.SESSION / table / "zz-new-000.parquet").unlink()
    return [line("re-screening after 1% new quotes against the full time", _ratio(found, whole), "ratio of wall time", 0.10,
                 cpu_ratio=_ratio(found, whole, "cpu"), quotes=quotes, seconds=found.get("seconds"))]  # fmt: skip


def scale(home: Path, quotes: int) -> list[dict[str, Any]]:
    sizes = [quotes // 20, quotes, 5 * quotes]
    found = {size: timed("ours", room_of(home, size, max(1, size // 2_000_000))) for size in sizes}
    small, large = found[sizes[0]], found[sizes[-1]]
    per = [found[size].get("seconds", 0) / size * 1e6 for size in sizes]
    growth = None if "seconds" not in large or "seconds" not in small else per[-1] / per[0]
    return [
        line(f"time for {sizes[-1]:,} quotes against linear growth from {sizes[0]:,}", growth, "ratio", 1.0,
             seconds_per_million=[round(each, 2) for each in per]),
        line(f"peak memory of {sizes[-1]:,} quotes", large.get("peak_gb"), "GB", 6.0),
    ]  # fmt: skip


CLAIMS = {"week": week, "pandas": pandas, "full": full, "again": again, "scale": scale}

if __name__ == "__main__":
    main()
