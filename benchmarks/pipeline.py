"""Measure all that a population costs beside solving: ``.venv/bin/python benchmarks/pipeline.py``.

The engine is replaced by one that makes smooth courses of the right shapes and is timed by itself. Prints wall
seconds and the peak memory of this process; asserts nothing.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from typing import Any

import numpy as np

from lowdose import engine, population, simulate
from lowdose.results.document import document, population_document

REGIMEN = "4.5 mg nightly at 22:00 for 12 weeks"
PEAK_UNIT = 1e9 if sys.platform == "darwin" else 1e6


class Smooth:
    """Stands in for ``engine.solve``: every output falls after each dose, faster in who clears faster."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, model: Any, parameters: Any, events: Any, outputs: Any, times: Any, **_: Any) -> engine.Solution:
        start, n, times = time.perf_counter(), len(events), np.asarray(times)
        values = np.empty((len(outputs), n, len(times)))
        for i, out in enumerate(values):
            np.exp(np.outer(parameters["CL"] * -1e-4 * (1 + 0.1 * i), times % 24.0 + times / 50), out=out)
        self.seconds += time.perf_counter() - start
        return engine.Solution(times, dict(zip(outputs, values, strict=True)), np.zeros(n, dtype=np.int64), {})


def main(people: int) -> None:
    engine.solve = smooth = Smooth()
    document(simulate(REGIMEN, people=2))  # imports and compiles
    print(f"{'':<44}{'s beside solving':>18}{'GB at most':>12}")

    def report(name: str, start: float) -> None:
        seconds = time.perf_counter() - start - smooth.seconds
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PEAK_UNIT
        print(f"{name:<44}{seconds:>18.2f}{peak:>12.2f}")

    smooth.seconds, start = 0.0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        population_document(population(REGIMEN, people=people, folder=folder))
        report(f"population of {people}, streamed", start)
    smooth.seconds, start = 0.0, time.perf_counter()
    document(simulate(REGIMEN, people=1000))
    report("simulate, 3 spreads of 1000, with metrics", start)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
