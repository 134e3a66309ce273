"""DuckDB and Spark screen the demo room, the real room and ten generated rooms: how many verdicts or pairs differ.

Usage: ``python benchmarks/engines.py [--rooms N]``. Needs Java 17; about half a minute a room.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import pandas as pd

from bosspick import open_room, screen
from bosspick.demo import generate_room
from bosspick.share import share_path

MASTER = "local[2]"


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rooms", type=int, default=10)
    rooms = asked.parse_args().rooms
    with tempfile.TemporaryDirectory(prefix="bosspick-engines-") as made:
        places = [share_path("seeds")]
        real = _real(Path(made) / "real")
        places += [real] if real else []
        places += [
            generate_room(Path(made) / f"room-{seed}", seed=seed, offers=80, quotes=1500, weeks=1, shows=5)
            for seed in range(101, 101 + rooms)
        ]
        differ = 0
        for place in places:
            week = open_room(place).week()
            ours, theirs = screen(week), screen(week, engine="spark", master=MASTER)
            found = sum(_differing(getattr(ours, name), getattr(theirs, name)) for name in ("verdicts", "pairs", "offers"))
            print(f"  {place.name}: {len(ours.verdicts)} verdicts, {len(ours.pairs)} pairs, {found} differ", file=sys.stderr)
            differ += found
    claim = f"rows judged otherwise by Spark than by DuckDB in {len(places)} rooms" + ("" if real else " (no real data here)")
    print(json.dumps({"claim": claim, "value": differ, "unit": "rows", "bar": 0, "holds": differ == 0}))


def _differing(ours: pd.DataFrame, theirs: pd.DataFrame) -> int:
    if len(ours) != len(theirs):
        return max(len(ours), len(theirs))
    same = (ours == theirs) | (ours.isna() & theirs.isna())
    return int((~same.all(axis=1)).sum())


def _real(target: Path) -> Path | None:
    import real_room

    if not real_room.DATA.is_dir():
        return None
    rows = real_room.read(real_room.DATA)
    session = str(rows.groupby("session")["product_id"].nunique().idxmax())
    return real_room.write(target, rows, [session], items=3, margin="0.01", score=4.0)


if __name__ == "__main__":
    main()
