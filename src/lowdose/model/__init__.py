"""WHAT happens: the model as text, its parameters with their sources, its rival hypotheses, as SBML."""

from lowdose.model.assemble import ModelNotSound, assemble
from lowdose.model.dependencies import inputs, rests_on
from lowdose.model.domain import is_below_oral_studies, limits_of_validity
from lowdose.model.hypotheses import (
    Hypothesis,
    Kinetics,
    Mechanism,
    Module,
    Output,
    Route,
    all_outputs,
    hypotheses,
    hypothesis,
    hypothesis_names,
    mechanism_names,
    modules,
    outputs,
    routes,
)
from lowdose.model.parameters import EXPOSURE_PER_DOSE, Parameter, ParameterTable, parameters

__all__ = [
    "EXPOSURE_PER_DOSE",
    "Hypothesis",
    "Kinetics",
    "Mechanism",
    "ModelNotSound",
    "Module",
    "Output",
    "Parameter",
    "ParameterTable",
    "Route",
    "all_outputs",
    "assemble",
    "hypotheses",
    "hypothesis",
    "hypothesis_names",
    "inputs",
    "is_below_oral_studies",
    "limits_of_validity",
    "mechanism_names",
    "modules",
    "outputs",
    "parameters",
    "rests_on",
    "routes",
]
