"""How long a model takes to be ready and how much memory a batch takes, in a process of its own.

``python -m benchmarks.startup CACHE PEOPLE`` prints both as JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.problem import DAY, problem
from lowdose import engine

MODEL = "stiff34"


@dataclass(frozen=True, slots=True)
class Startup:
    """Seconds until a model solves, first ever and from its cache, and the peak of memory of a batch."""

    compile_cold_s: float
    compile_cached_s: float
    peak_mb: float
    people: int


def measure(people: int) -> Startup:
    """Two fresh processes with one cache folder, empty for the first."""
    with TemporaryDirectory() as folder:
        cold = _child(Path(folder), 1)
        cached = _child(Path(folder), people)
    return Startup(cold["ready_s"], cached["ready_s"], cached["peak_mb"], people)


def _child(cache: Path, people: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.startup", str(cache), str(people)]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _night(model: engine.CompiledModel, target: str, people: int, nights: int) -> float:
    """Wall seconds of a solve, all states put out."""
    start = time.perf_counter()
    doses = [engine.Dose(DAY * night, 4.5, target) for night in range(nights)]
    times = [float(hour) for hour in range(int(DAY) * nights + 1)]
    engine.solve(model, {}, [doses] * people, model.states, times, rtol=1e-6, atol=1e-9)
    return time.perf_counter() - start


def main() -> None:
    cache, people = Path(sys.argv[1]), int(sys.argv[2])
    frozen = problem(MODEL)
    start = time.perf_counter()
    model = engine.compile(frozen.sbml, cache=cache)
    _night(model, frozen.target, 1, 1)  # whatever is compiled only when first used is part of being ready
    ready = time.perf_counter() - start - _night(model, frozen.target, 1, 1)
    _night(model, frozen.target, people, 84)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024.0 if sys.platform != "darwin" else 1024.0**2)
    print(json.dumps({"ready_s": ready, "peak_mb": peak}))


if __name__ == "__main__":
    main()
