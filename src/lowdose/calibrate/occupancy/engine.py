"""Occupancy of the typical person at any hour after any regimen, for many values of a kinetics' constants at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache as keep

import numpy as np

from lowdose import cache, engine
from lowdose.calibrate.problem import Array
from lowdose.model import assemble, hypothesis, is_below_oral_studies, routes
from lowdose.people import Person, rows
from lowdose.regimen import Regimen

Point = tuple[str, float]
"""A regimen, and hours after its last dose."""

_OUTPUT = "mu_occupancy_central"
_RELATIVE, _ABSOLUTE_PER_MG = 1e-7, 1e-10


@keep
def model(kinetics: str) -> engine.CompiledModel:
    """The compiled model of a kinetics.

    Examples
    --------
    >>> "naltrexone_free" in model("effect-site").variables
    True
    """
    return engine.compile(assemble(kinetics), cache=cache.folder())


def occupancy(kinetics: str, constants: Mapping[str, Array], points: Sequence[Point]) -> Array:
    """Typical mu occupancy at each point, one row for each value of the constants; shape (n, points).

    All other parameters, those of blood levels among them, stay typical.

    Examples
    --------
    >>> occupancy("effect-site", {"ke0": np.array([0.02, 0.2])}, [("50 mg once at 08:00", 24.0)]).shape
    (2, 1)
    """
    count = max((len(value) for value in constants.values()), default=1)
    found = np.empty((count, len(points)))
    for regimen in dict.fromkeys(regimen for regimen, _ in points):
        here = [i for i, point in enumerate(points) if point[0] == regimen]
        found[:, here] = _course(kinetics, constants, regimen, [points[i][1] for i in here], count)
    return found


def _course(kinetics: str, constants: Mapping[str, Array], text: str, hours: Sequence[float], count: int) -> Array:
    compiled, regimen = model(kinetics), Regimen.parse(text)
    swallowed = [(dose.form.route, dose.amount_mg) for dose in regimen.doses]
    typical = rows(Person(), low_dose=is_below_oral_studies(swallowed), overrides=hypothesis(kinetics).overrides)
    parameters = {symbol: np.full(count, typical[symbol][0]) for symbol in compiled.parameters}
    parameters |= {symbol: np.broadcast_to(value, count) for symbol, value in constants.items()}
    doses = tuple(
        engine.Dose(dose.hours, dose.amount_mg, route.state, bioavailability=route.bioavailability or 1.0)
        for dose in regimen.doses
        for route in (routes()[dose.form.route],)
    )
    last = max(dose.time for dose in doses)
    times, place = np.unique([0.0, *(last + hour for hour in hours)], return_inverse=True)
    largest = max(dose.amount for dose in doses)
    solved = engine.solve(
        compiled, parameters, [doses] * count, [_OUTPUT], times, rtol=_RELATIVE, atol=_ABSOLUTE_PER_MG * largest
    )
    return np.asarray(solved.values[_OUTPUT][:, place[1:]])
