"""What ``import bosspick`` and ``bosspick --help`` cost beyond bare Python.

Usage: python benchmarks/startup.py [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time

BAR = 0.3
COMMANDS = {
    "bare": [sys.executable, "-c", "pass"],
    "import": [sys.executable, "-c", "import bosspick"],
    "help": [sys.executable, "-m", "bosspick.cli", "--help"],
}


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            taken[name].append(seconds(command))
    middle = {name: statistics.median(values) for name, values in taken.items()}
    print(", ".join(f"{name} {value:.3f} s" for name, value in middle.items()))
    worst = max(middle["import"], middle["help"]) - middle["bare"]
    claim = "import bosspick and bosspick --help, the slower of the two, beyond bare Python in the same run"
    print(json.dumps({"claim": claim, "value": round(worst, 3), "unit": "s", "bar": BAR, "holds": worst <= BAR}))


if __name__ == "__main__":
    main()
