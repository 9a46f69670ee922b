"""WHAT happens: the model as text, its parameters with their sources, its rival hypotheses, as SBML."""

from lowdose.model.assemble import ModelNotSound, assemble
from lowdose.model.dependencies import is_weak, rests_on
from lowdose.model.domain import LOWEST_STUDIED_ORAL_DOSE_MG, limits_of_validity
from lowdose.model.hypotheses import (
    Kinetics,
    Output,
    Route,
    hypothesis,
    hypothesis_names,
    outputs,
    routes,
)
from lowdose.model.parameters import Parameter, ParameterTable, parameters

__all__ = [
    "LOWEST_STUDIED_ORAL_DOSE_MG",
    "Kinetics",
    "ModelNotSound",
    "Output",
    "Parameter",
    "ParameterTable",
    "Route",
    "assemble",
    "hypothesis",
    "hypothesis_names",
    "is_weak",
    "limits_of_validity",
    "outputs",
    "parameters",
    "rests_on",
    "routes",
]
