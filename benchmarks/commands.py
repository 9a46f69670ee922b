"""What a person waits for: commands, and a population through the public function."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lowdose import simulate

REGIMEN = "4.5 mg nightly at 22:00 for 12 weeks"
REPEATS = 5
BARS = {"--help": 0.15, "simulate": 2.0}


@dataclass(frozen=True, slots=True)
class Wait:
    """Wall seconds of a whole process, over repeats after a first one that is not counted."""

    command: str
    median: float
    least: float
    bar: float | None


def commands() -> list[Wait]:
    """Time the commands a reader meets first."""
    lowdose = str(Path(sys.executable).with_name("lowdose"))
    waits = []
    for words in (["--help"], ["simulate", REGIMEN], ["simulate", REGIMEN, "--json"], ["model", "show", "CL"]):
        walls = []
        for _ in range(REPEATS + 1):
            start = time.perf_counter()
            subprocess.run([lowdose, *words], capture_output=True, check=True)
            walls.append(time.perf_counter() - start)
        bar = BARS.get(words[0]) if "--json" not in words else None
        waits.append(Wait("lowdose " + " ".join(words), statistics.median(walls[1:]), min(walls[1:]), bar))
    return waits


def population() -> tuple[str, float]:
    """A population with its three spreads, on every core: what was done, and persons a second."""
    people, cores = 50, os.cpu_count() or 1
    start = time.perf_counter()
    simulate("4.5 mg nightly at 22:00 for 4 weeks", people=people, workers=cores)
    wall = time.perf_counter() - start
    what = f"4 weeks nightly, {people} persons x 3 spreads, {cores} cores, reporting included"
    return what, 3 * people / wall
