"""How far to trust an output: the weakest grade among the numbers it rests on."""

from __future__ import annotations

from lowdose.model import Parameter, parameters, rests_on
from lowdose.model.dependencies import SWALLOWED
from lowdose.results import Result

_FROM_WEAKEST = ("low", "medium", "high")


def used_by(result: Result, output: str) -> dict[str, Parameter]:
    """The parameters of a run that an output rests on and that move it, by symbol.

    Examples
    --------
    >>> from lowdose import simulate
    >>> "ke0" in used_by(simulate("3 mg once"), "mu_occupancy_central")
    True
    """
    table, routes = parameters(), _routes(result)
    direct = rests_on(output, result.kinetics.name, routes)
    # Covariate numbers are in no equation: they act on the person, hence on every output.
    used = [symbol for symbol in result.used_parameters if symbol in direct or table[symbol].covariate]
    immovable = {None: False, "all": True, "swallowed": set(routes) <= SWALLOWED}
    return {
        symbol: table[symbol] for symbol in used if not table[symbol].constant and not immovable[table[symbol].minor]
    }


def _routes(result: Result) -> list[str]:
    return sorted({dose.form.route for dose in result.regimen.doses})


def confidence(result: Result, output: str) -> str:
    """Weakest grade among the numbers an output rests on: high, medium or low.

    Examples
    --------
    >>> from lowdose import simulate
    >>> confidence(simulate("50 mg once"), "mu_occupancy_central")
    'medium'
    """
    grades = {parameter.grade for parameter in used_by(result, output).values()}
    return next((grade for grade in _FROM_WEAKEST if grade in grades), "high")


def weakest(result: Result, output: str) -> tuple[Parameter, ...]:
    """The numbers that have the weakest grade, those that are assumed or from animals first.

    Examples
    --------
    >>> from lowdose import simulate
    >>> weakest(simulate("3 mg once"), "mu_occupancy_central")[0].name
    'oral bioavailability below 16 mg relative to 50 mg'
    """
    grade = confidence(result, output)
    found = [parameter for parameter in used_by(result, output).values() if parameter.grade == grade]
    swallowed = set(_routes(result)) <= SWALLOWED
    return tuple(sorted(found, key=lambda parameter: (not parameter.is_weak(swallowed), parameter.covariate)))
