"""Measure what a person waits for, and the engine beside libRoadRunner at equal achieved error.

``make bench``. Prints medians; asserts nothing. Timings are CPU seconds of one process for the engines and wall
seconds of a whole process for the commands.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import libsbml
import numpy as np
import roadrunner

from lowdose import cache, engine, simulate
from lowdose.model import assemble

REGIMEN = "4.5 mg nightly at 22:00 for 12 weeks"
OUTPUTS = ["naltrexone_plasma", "mu_occupancy_central", "beta_endorphin", "opioid_tone_central"]
ROUNDS = 5
HOURS = np.arange(0.0, 84 * 24 + 1.0)


def commands() -> None:
    lowdose = str(Path(sys.executable).with_name("lowdose"))
    print(f"\n{'command':<64}{'median s':>9}{'min s':>8}")
    for words, bar in (
        (["--help"], "bar 0.15"),
        (["simulate", REGIMEN], "bar 2"),
        (["simulate", REGIMEN, "--json"], ""),
        (["model", "show", "CL"], ""),
    ):
        subprocess.run([lowdose, *words], capture_output=True, check=True)
        walls = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            subprocess.run([lowdose, *words], capture_output=True, check=True)
            walls.append(time.perf_counter() - start)
        name = "lowdose " + " ".join(words)
        print(f"{name:<64}{statistics.median(walls):>9.3f}{min(walls):>8.3f}  {bar}")


def ours(model: engine.CompiledModel, rtol: float) -> np.ndarray:
    doses = [engine.Dose(24.0 * night, 4.5, "capsule") for night in range(84)]
    solved = engine.solve(model, {}, [doses], OUTPUTS, HOURS, rtol=rtol, atol=rtol * 1e-2)
    return np.stack([solved.values[name][0] for name in OUTPUTS])


def theirs(runner: roadrunner.RoadRunner, rtol: float) -> np.ndarray:
    """libRoadRunner, model compiled beforehand; a night is one call, as its interface asks."""
    runner.resetAll()
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = rtol, rtol * 1e-3
    found = np.empty((len(OUTPUTS), len(HOURS)))
    for night in range(84):
        runner["capsule"] = runner["capsule"] + 4.5
        part = runner.simulate(24.0 * night, 24.0 * (night + 1), 25, OUTPUTS)
        found[:, 24 * night : 24 * night + 25] = np.asarray(part).T
    return found


def error(found: np.ndarray, reference: np.ndarray) -> float:
    """Largest difference away from the instants of doses, over |reference| + 1e-3 of its largest value."""
    away = HOURS % 24 != 0
    scale = np.abs(reference) + 1e-3 * np.abs(reference).max(axis=1, keepdims=True)
    return float((np.abs(found - reference) / scale)[:, away].max())


def engines() -> None:
    sbml = assemble()
    model = engine.compile(sbml, cache=cache.folder())
    runner = roadrunner.RoadRunner(sbml)
    reference = theirs(runner, 1e-11)
    print(f"\nreference: libRoadRunner at 1e-11; ours at 1e-11 differs by {error(ours(model, 1e-11), reference):.1e}")
    print("\none person, 84 nights, hourly, four outputs")
    print(f"{'solver':<32}{'rtol':>8}{'CPU s':>9}{'error':>10}")
    best: dict[str, float] = {}
    solvers = {"lowdose (CVODE, first form)": partial(ours, model), "libRoadRunner": partial(theirs, runner)}
    for name, run in solvers.items():
        for rtol in (1e-6, 1e-7, 1e-8, 1e-9):
            spent = []
            for _ in range(ROUNDS):
                start = time.process_time()
                found = run(rtol)
                spent.append(time.process_time() - start)
            wrong = error(found, reference)
            print(f"{name:<32}{rtol:>8.0e}{statistics.median(spent):>9.3f}{wrong:>10.1e}")
            if wrong <= 5e-6:
                best[name] = min(best.get(name, np.inf), statistics.median(spent))
    if len(best) == 2:
        we, they = best.values()
        winner = "we win" if we < they else "libRoadRunner wins"
        print(f"\nat error <= 5e-6: lowdose {we:.3f} s, libRoadRunner {they:.3f} s, ratio {they / we:.2f} ({winner})")


def population() -> None:
    start = time.perf_counter()
    simulate("4.5 mg nightly at 22:00 for 4 weeks", people=50, workers=os.cpu_count() or 1)
    wall = time.perf_counter() - start
    what = f"4 weeks nightly, 50 persons x 3 spreads on {os.cpu_count()} cores"
    print(f"\n{what}: {wall:.1f} s, {150 / wall:.1f} persons a second")


def main() -> None:
    size = libsbml.readSBMLFromString(assemble()).getModel().getNumRules()
    machine = f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    print(f"model {engine.compile(assemble(), cache=cache.folder()).hash[:12]}, {size} rules")
    commands()
    engines()
    population()


if __name__ == "__main__":
    main()
