"""How a model is solved: SBML text to a compiled model, dose events to segments, arrays out.

The engine knows no biology, opens no file of ours and imports nothing of lowdose outside itself.
"""

from lowdose.engine.compiled import CompiledModel, compile
from lowdose.engine.errors import BadEvent, EngineError, InvalidModel, UnknownName, UnsupportedModel
from lowdose.engine.records import Change, Dose, Reset
from lowdose.engine.sensitivity import Amount, Sensitivities, Start, Time, sensitivities
from lowdose.engine.solve import Interrupted, Solution, solve
from lowdose.engine.status import Status
from lowdose.engine.summary import Summary

__all__ = [
    "Amount",
    "BadEvent",
    "Change",
    "CompiledModel",
    "Dose",
    "EngineError",
    "Interrupted",
    "InvalidModel",
    "Reset",
    "Sensitivities",
    "Solution",
    "Start",
    "Status",
    "Summary",
    "Time",
    "UnknownName",
    "UnsupportedModel",
    "compile",
    "sensitivities",
    "solve",
]
