"""The engine beside the SBML semantic test suite: ``python -m lowdose.engine.conformance DIR [--jobs N]``.

A case is a folder NNNNN with a model, settings and expected results; it passes when every value is within
``absolute + relative * abs(expected)`` of the settings, is refused when the engine names a feature that it does not
solve before anything runs, and is wrong otherwise.

Where a case expects an infinity or NaN, ours must be the same. `solve` never gives such values out: it marks the
person NON_FINITE. A model without states has nothing to solve, so its formulas are evaluated here directly; with
states, the case is refused.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowdose.engine.compiled import CompiledModel, compile
from lowdose.engine.errors import EngineError, UnsupportedModel
from lowdose.engine.printing import NUMPY
from lowdose.engine.solve import solve

__all__ = ["Verdict", "check", "main", "report", "run"]

Values = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one case.

    Attributes
    ----------
    case : str
        Its number.
    outcome : str
        ``passed``, ``refused`` or ``wrong``.
    reason : str
        Why not passed, in a few words.
    """

    case: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Settings:
    """What is asked for, and how near is near enough."""

    variables: tuple[str, ...]
    amounts: frozenset[str]
    concentrations: frozenset[str]
    absolute: float
    relative: float


def run(suite: Path, jobs: int = 1) -> list[Verdict]:
    """Check every case of a suite.

    Parameters
    ----------
    suite : Path
        The folder that holds the cases' folders.
    jobs : int
        Processes. With more than 1, a script needs ``if __name__ == "__main__":``.

    Returns
    -------
    list of Verdict
        By number.

    Examples
    --------
    >>> run(Path("no", "such", "folder"))
    []
    """
    folders = sorted(path for path in suite.glob("[0-9]*") if path.is_dir())
    if jobs <= 1 or len(folders) <= 1:
        return [check(folder) for folder in folders]
    from multiprocessing import get_context

    with get_context("spawn").Pool(min(jobs, len(folders))) as pool:
        return pool.map(check, folders)


def check(folder: Path) -> Verdict:
    """Check one case.

    Parameters
    ----------
    folder : Path
        Named by the case's number; holds its ``-sbml*.xml`` (the highest level counts), ``-settings.txt`` and
        ``-results.csv``.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> check(Path("no", "such", "case")).reason
    'no model, settings and results'
    """
    case = folder.name
    try:
        text = max((path.read_text(encoding="utf-8") for path in folder.glob(f"{case}-sbml*.xml")), key=_level)
        settings = _read_settings(folder / f"{case}-settings.txt")
        times, expected = _read_results(folder / f"{case}-results.csv")
    except (OSError, ValueError, KeyError):
        return Verdict(case, "wrong", "no model, settings and results")
    try:
        ours = _outputs(text, settings, times, finite=all(np.isfinite(column).all() for column in expected.values()))
    except UnsupportedModel as error:
        return Verdict(case, "refused", error.what.removeprefix("unsupported SBML feature: "))
    except EngineError as error:
        return Verdict(case, "wrong", error.what)
    difference = _difference(settings, times, expected, ours)
    return Verdict(case, "wrong", difference) if difference else Verdict(case, "passed")


def report(verdicts: Iterable[Verdict]) -> str:
    """The counts; then the numbers of the refused cases by reason, and the wrong ones.

    Examples
    --------
    >>> cases = [Verdict("00001", "passed"), Verdict("00002", "refused", "delay"), Verdict("00003", "refused", "delay")]
    >>> print(report(cases))
    1 passed, 2 refused, 0 wrong
    refused, delay: 00002 00003
    """
    verdicts = list(verdicts)
    counts = {kind: sum(one.outcome == kind for one in verdicts) for kind in ("passed", "refused", "wrong")}
    groups: dict[str, list[str]] = {}
    for one in verdicts:
        if one.outcome == "refused":
            groups.setdefault(one.reason, []).append(one.case)
    lines = [", ".join(f"{count} {kind}" for kind, count in counts.items())]
    lines += [f"refused, {reason}: {' '.join(groups[reason])}" for reason in sorted(groups)]
    lines += [f"wrong, {one.case}: {one.reason}" for one in verdicts if one.outcome == "wrong"]
    return "\n".join(lines)


def _level(text: str) -> tuple[int, int]:
    """Level and version of an SBML document."""
    element = re.search(r"<(?:\w+:)?sbml\b[^>]*>", text)
    found = [re.search(rf"\b{word}\s*=\s*[\"'](\d+)", element[0] if element else "") for word in ("level", "version")]
    level, version = (int(one[1]) if one else 0 for one in found)
    return level, version


def _read_settings(path: Path) -> _Settings:
    pairs = (line.partition(":") for line in path.read_text(encoding="utf-8").splitlines())
    entries = {key.strip(): value.strip() for key, _, value in pairs}
    listed = {
        key: [name for name in re.split(r"[,\s]+", entries.get(key, "")) if name]
        for key in ("variables", "amount", "concentration")
    }
    return _Settings(
        tuple(listed["variables"]),
        frozenset(listed["amount"]),
        frozenset(listed["concentration"]),
        float(entries["absolute"]),
        float(entries["relative"]),
    )


def _read_results(path: Path) -> tuple[NDArray[np.float64], Values]:
    """Times, and the expected course of each variable."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = (row for row in csv.reader(file) if row)
    table = np.array([[float(cell) for cell in row] for row in rows])
    columns = {name.strip(): table[:, i] for i, name in enumerate(header)}
    times = columns.pop(header[0].strip())
    return times, columns


def _outputs(text: str, settings: _Settings, times: NDArray[np.float64], *, finite: bool) -> Values:
    """Our course of each variable, as the amount or the concentration that the settings ask for."""
    model = compile(text)
    conversions = _conversions(text, settings)
    names = [*settings.variables, *(place for _, place in conversions.values())]
    values = _solved(model, names, times, settings) if finite else _evaluated(model, names, times)
    for name, (to_amount, place) in conversions.items():
        with np.errstate(all="ignore"):
            values[name] = values[name] * values[place] if to_amount else values[name] / values[place]
    return {name: values[name] for name in settings.variables}


def _conversions(text: str, settings: _Settings) -> dict[str, tuple[bool, str]]:
    """Species that are counted otherwise than asked for: whether an amount is asked for, and the compartment."""
    import libsbml

    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    found = {}
    for name in settings.variables:
        species: Any = model.getSpecies(name)
        if species is None:
            continue
        place = species.getCompartment()
        sizeless = model.getCompartment(place).getSpatialDimensionsAsDouble() == 0.0
        in_amounts = species.getHasOnlySubstanceUnits() or sizeless
        if name in settings.amounts and not in_amounts:
            found[name] = (True, place)
        elif name in settings.concentrations and in_amounts:
            found[name] = (False, place)
    return found


def _solved(model: CompiledModel, names: Iterable[str], times: NDArray[np.float64], settings: _Settings) -> Values:
    outputs, fixed = _split(model, names)
    solution = solve(model, {}, [[]], outputs, times, rtol=1e-10, atol=min(1e-12, 1e-6 * settings.absolute))
    if solution.details:
        raise EngineError(f"not solved: {solution.details[0]}")
    return {name: solution.values[name][0] for name in outputs} | _constant(fixed, times)


def _evaluated(model: CompiledModel, names: Iterable[str], times: NDArray[np.float64]) -> Values:
    """The formulas of a model without states, infinities and all."""
    if model.states:
        raise UnsupportedModel("an infinity or NaN is expected of a model with states")
    outputs, fixed = _split(model, names)
    parameters = [np.float64(value) for value in model.parameters.values()]
    start, _ = model.kernels(NUMPY)
    with np.errstate(all="ignore"):
        constants, _ = start(parameters, times[0])
        values = model.observer(outputs)(times, np.empty((0, len(times))), parameters, constants)
    return _constant(values, times) | _constant(fixed, times)


def _split(model: CompiledModel, names: Iterable[str]) -> tuple[list[str], dict[str, float]]:
    """Names that are outputs, and the values of those that are parameters."""
    names = list(dict.fromkeys(names))
    fixed = {name: model.parameters[name] for name in names if name in model.parameters}
    return [name for name in names if name not in fixed], fixed


def _constant(values: Mapping[str, Any], times: NDArray[np.float64]) -> Values:
    return {name: np.broadcast_to(np.asarray(value, dtype=float), times.shape) for name, value in values.items()}


def _difference(settings: _Settings, times: NDArray[np.float64], expected: Values, ours: Values) -> str:
    """The first value that is not near enough, in words; "" where all are."""
    for name in settings.variables:
        if name not in expected:
            return f"{name} is not among the results"
        want, have = expected[name], ours[name]
        with np.errstate(all="ignore"):
            near = np.abs(have - want) <= settings.absolute + settings.relative * np.abs(want)
        same = np.where(np.isfinite(want), near, (have == want) | (np.isnan(have) & np.isnan(want)))
        if not same.all():
            first = int(np.argmin(same))
            return f"{name} at time {times[first]:g}: {have[first]:g}, not {want[first]:g}"
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: print the report; 0 where nothing is wrong, 1 where something is, 2 where it cannot be run.

    Examples
    --------
    >>> main(["no such folder"])
    2
    """
    parser = argparse.ArgumentParser(
        prog="python -m lowdose.engine.conformance",
        description="Compare the engine with a folder in the layout of the SBML semantic test suite.",
    )
    parser.add_argument("suite", type=Path, metavar="DIR", help="the folder that holds the cases' folders")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes to use (default: 1)")
    try:
        given = parser.parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    verdicts = run(given.suite, given.jobs)
    if not verdicts:
        sys.stderr.write(f"no cases in {given.suite}: the folder must hold folders named by a number\n")
        return 2
    sys.stdout.write(report(verdicts) + "\n")
    return int(any(one.outcome == "wrong" for one in verdicts))


if __name__ == "__main__":
    raise SystemExit(main())
