"""Real pairs of goods of two grocery chains: the cheaper side by unit price, and the lowest price of a year.

The screen answers through a room in which each side is an offer and the other side its only quote; the lows come from
the dated histories, in which a price stays valid until the next. Answers and histories lie beside the checkout (MIT
licence) and are not part of the project. Eight pairs have units that do not compare: there the right answer is none.

Usage: python benchmarks/crossshop.py
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.screening.crossshop import FOLDER, NO_ANSWER, cheaper_by_unit, gold, known_lows, lowest_of_year, sticker


def main() -> None:
    if not FOLDER.is_dir():
        sys.exit(f"the pairs are not at {FOLDER}: nothing to measure")
    pairs = gold()
    with tempfile.TemporaryDirectory() as folder:
        found = cheaper_by_unit(pairs, Path(folder) / "room")
    known = [pair["cheaper_unit"] for pair in pairs]
    right = sum(a == b for a, b in zip(found, known, strict=True))
    flips = [n for n, pair in enumerate(pairs) if known[n] not in (NO_ANSWER, sticker(pair))]
    turned = sum(found[n] == known[n] for n in flips)
    lows = lowest_of_year(pairs).set_index("offer_id")["lowest_fen"]
    wanted = known_lows(pairs)
    low = int((lows.reindex(wanted.index) == wanted).sum())
    print(f"{right} of {len(pairs)} unit-price answers, {found.count(NO_ANSWER)} of them that units do not compare")
    print(f"{turned} of {len(flips)} pairs whose sticker says otherwise; {low} of {len(wanted)} lows of 365 days")
    claim = "known answers on real grocery pairs reproduced: cheaper side by unit price, and the lowest price of 365 days"
    bar = len(pairs) + len(wanted)
    print(json.dumps({"claim": claim, "value": right + low, "unit": f"of {bar}", "bar": bar, "holds": right + low == bar}))


if __name__ == "__main__":
    main()
