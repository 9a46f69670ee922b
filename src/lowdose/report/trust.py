"""How far to trust an output: the weakest grade among the numbers it rests on."""

from __future__ import annotations

from lowdose.model import Parameter
from lowdose.results import Result

_FROM_WEAKEST = ("low", "medium", "high")


def confidence(result: Result, output: str) -> str:
    """Weakest grade among the numbers an output rests on: high, medium or low.

    Examples
    --------
    >>> from lowdose import simulate
    >>> confidence(simulate("50 mg once"), "mu_occupancy_central")
    'medium'
    """
    grades = {parameter.grade for parameter in result.inputs(output).values()}
    return next((grade for grade in _FROM_WEAKEST if grade in grades), "high")


def weakest(result: Result, output: str) -> tuple[Parameter, ...]:
    """The numbers that have the weakest grade, those that are assumed or from animals first.

    Examples
    --------
    >>> from lowdose import simulate
    >>> weakest(simulate("3 mg once"), "naltrexone_plasma")[0].name
    'oral bioavailability below 16 mg relative to 50 mg'
    """
    grade = confidence(result, output)
    found = [parameter for parameter in result.inputs(output).values() if parameter.grade == grade]
    return tuple(sorted(found, key=lambda parameter: (not parameter.is_weak, bool(parameter.acts_on))))
