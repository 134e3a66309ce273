"""A writer that is killed at any moment loses nothing it was told is kept, and leaves nothing half-written."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from bosspick.ledger import Ledger

KILLS = 100
WRITER = """
import sys
from bosspick.ledger import Ledger, Talk
ledger, run = Ledger(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for number in range(10**6):
    talks = [Talk(session_id="2026-W48", offer_id=f"{run}-{number}-{part}", outcome="agreed", brand_price_fen=1 + part)
             for part in range(3)]
    ledger.record_talks(talks, who="team one")
    print(number, flush=True)
"""


@pytest.mark.slow
def test_killed_a_hundred_times(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    chance = random.Random(5)
    kept: set[str] = set()
    begun_later = KILLS // 10  # the first are killed while they make the ledger
    for run in range(KILLS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, ledger.url, str(run)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        if run == begun_later:
            ledger.publish("2026-W48", "W48-a", ["o1"], who="producer")
        time.sleep(chance.uniform(0, 0.15))  # the moment of the kill is the point of this test
        writer.send_signal(signal.SIGKILL)
        said = [line for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()
        kept |= {f"{run}-{int(line)}-{part}" for line in said for part in range(3)}
    found = ledger.settled("2026-W48")
    assert kept <= found.keys()
    whole: dict[str, int] = {}
    for offer in found:
        whole[offer.rsplit("-", 1)[0]] = whole.get(offer.rsplit("-", 1)[0], 0) + 1
    assert set(whole.values()) == {3}
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    assert len(kept) > 3 * KILLS
