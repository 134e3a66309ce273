"""Quotes without a barcode matched to offers by title: the published Abt-Buy pairs, demo rooms, and a large room's time.

The figures on Abt-Buy's test pairs; weights and thresholds were chosen on its training and validation pairs.

Usage: python benchmarks/matching.py [--seeds N] [--titles N]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pandas as pd

from bosspick.demo.words import ADJECTIVES, BRAND_PARTS, GOODS
from bosspick.screening.matching import match_titles
from tests.screening.matched import ABT_BUY, abt_buy_figures, demo_figures

#: Test F1 and precision on Abt-Buy, precision and recall on demo rooms, seconds and megabytes for the large room.
BARS = (0.75, 0.95, 0.98, 0.8, 60, 1000)


def large_room(offers: int, titles: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invented offers, and distinct titles of quotes of which some name them."""
    rng = random.Random(7)

    def title() -> str:
        good = rng.choice(GOODS)
        words = "".join(rng.choice(part) for part in BRAND_PARTS) + " " + rng.choice(ADJECTIVES)
        return f"{words}{good.noun} A{rng.randrange(1000, 9999)}B {rng.choice(good.amounts)}{good.unit}"

    left = sorted({title() for _ in range(offers)})
    right = sorted({f"{rng.choice(left) if rng.random() < 0.3 else title()} {n}色" for n in range(titles)})
    return (
        pd.DataFrame({"offer_id": range(len(left)), "title": left}),
        pd.DataFrame({"quote_id": range(len(right)), "title": right}),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="demo rooms")
    parser.add_argument("--titles", type=int, default=100_000, help="distinct titles of quotes in the large room")
    chosen = parser.parse_args()
    claim = "auto-accepted matches by title, Abt-Buy test pairs, that are right"
    if not ABT_BUY.is_dir():
        print(f"skipped: the published pairs are not at {ABT_BUY}")
        print(json.dumps({"claim": claim, "value": None, "unit": "share", "bar": BARS[1], "holds": None}))
        return
    figures = abt_buy_figures("test")
    print(f"Abt-Buy test: F1 {figures.f1:.3f}, auto-accept precision {figures.precision:.3f} ({figures.accepted} pairs), "
          f"recall {figures.recall:.3f}, blocking recall {figures.blocking:.3f}")  # fmt: skip
    holds = figures.f1 > BARS[0] and figures.precision >= BARS[1]
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, chosen.seeds + 1):
            demo = demo_figures(Path(folder), seed)
            print(f"demo room {seed}: auto-accept precision {demo.precision:.4f}, recall {demo.recall:.4f}")
            holds = holds and demo.precision >= BARS[2] and demo.recall >= BARS[3]
    left, right = large_room(5000, chosen.titles)
    # Of this process alone: what else runs on the machine is no finding.
    started = time.process_time()
    found = match_titles(left, right)
    seconds, megabytes = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sizes = f"{len(left):,} offers, {len(right):,} distinct titles"
    print(f"{sizes}: {seconds:.1f} s of one core, {megabytes:.0f} MB, {len(found):,} rows")
    holds = holds and seconds < BARS[4] and megabytes < BARS[5]
    value = round(float(figures.precision), 4)
    print(json.dumps({"claim": claim, "value": value, "unit": "share", "bar": BARS[1], "holds": bool(holds)}))


if __name__ == "__main__":
    main()
