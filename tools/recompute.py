"""Recompute a run with libRoadRunner, from what lowdose writes and nothing else.

    lowdose model export --hypothesis effect-site -o model.xml
    lowdose simulate "4.5 mg nightly for 1 week" --people 3 \
        --records events.csv --individuals params.csv -o ours.parquet
    python tools/recompute.py model.xml events.csv params.csv times.csv theirs.csv

``times.csv`` has one column TIME (h). The output has one row a person and time. Nothing of lowdose is imported.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import libsbml
import numpy as np
import roadrunner

RELATIVE, ABSOLUTE = 1e-11, 1e-13


def people(individuals: Path) -> Iterator[tuple[tuple[str, str], dict[str, float]]]:
    """Each person's key (KIND, ID) and parameter row."""
    with individuals.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row.pop("KIND"), row.pop("ID")
            yield key, {symbol: float(value) for symbol, value in row.items()}


def records(events: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Event records by person, in the order of their time."""
    found = defaultdict(list)
    with events.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["KIND"], row["ID"]].append(row)
    return {key: sorted(rows, key=lambda row: float(row["TIME"])) for key, rows in found.items()}


def load(sbml: str, parameters: dict[str, float]) -> roadrunner.RoadRunner:
    """The model with one person's parameters, so that initial assignments see them."""
    document = libsbml.readSBMLFromString(sbml)
    for element in document.getModel().getListOfParameters():
        if element.getId() in parameters and element.getConstant():
            element.setValue(parameters[element.getId()])
    runner = roadrunner.RoadRunner(libsbml.writeSBMLToString(document))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = RELATIVE, ABSOLUTE
    return runner


def solve(
    runner: roadrunner.RoadRunner, events: list[dict[str, str]], times: np.ndarray, outputs: list[str]
) -> np.ndarray:
    """Outputs at ``times`` (T,), shape (T, len(outputs)); a time that falls on an event is read after it."""
    result = np.full((len(times), len(outputs)), np.nan)
    moments = sorted({float(row["TIME"]) for row in events} | {float(times[0])})
    for begin, end in zip(moments, [*moments[1:], float(times[-1]) + 1.0], strict=True):
        for row in events:
            if float(row["TIME"]) == begin:
                apply(runner, row)
        inside = np.flatnonzero((times >= begin) & (times < end))
        points = np.unique(np.concatenate([[begin], times[inside], [end]]))
        found = np.array(runner.simulate(times=points.tolist(), selections=["time", *outputs]))
        result[inside] = found[np.searchsorted(points, times[inside]), 1:]
    return result


def apply(runner: roadrunner.RoadRunner, row: dict[str, str]) -> None:
    """A dose adds AMT x F to its state; EVID 2 sets a parameter."""
    if row["EVID"] == "1":
        runner[row["CMT"]] = runner[row["CMT"]] + float(row["AMT"]) * float(row["F"])
    else:
        runner[row["PARAMETER"]] = float(row["VALUE"])


def main(model: Path, events: Path, individuals: Path, times: Path, output: Path, outputs: list[str]) -> None:
    """Recompute every person and write the result."""
    sbml = model.read_text(encoding="utf-8")
    known = records(events)
    with times.open(encoding="utf-8", newline="") as file:
        points = np.array([float(row["TIME"]) for row in csv.DictReader(file)])
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["KIND", "ID", "TIME", *outputs])
        for key, parameters in people(individuals):
            found = solve(load(sbml, parameters), known.get(key, []), points, outputs)
            for time, row in zip(points, found, strict=True):
                writer.writerow([*key, repr(float(time)), *map(repr, row.tolist())])


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:6]]
    main(*paths, outputs=sys.argv[6:] or ["naltrexone_plasma", "mu_occupancy_central", "beta_endorphin"])
