"""A model's description to machine code."""

from __future__ import annotations

from dataclasses import dataclass

import llvmlite.ir as ir

from lowdose.engine.native.code import Layout
from lowdose.engine.native.driver import write_driver
from lowdose.engine.native.equations import Equations
from lowdose.engine.native.lane import LANE_ROWS
from lowdose.engine.native.machine import Machine
from lowdose.engine.native.mathematics import Mathematics
from lowdose.engine.native.step import write_inside, write_step
from lowdose.engine.native.work import work_of
from lowdose.engine.sbml import Description

__all__ = ["Program", "write_program"]


@dataclass(frozen=True, slots=True)
class Program:
    """A module's text, the rows of its workspace, and the arithmetic of a step."""

    text: str
    rows: int
    work: tuple[tuple[str, float], ...]


def write_program(model: Description, machine: Machine) -> Program:
    """The whole solver of one model, in LLVM's language."""
    equations = Equations(model)
    layout = Layout(**equations.regions(), **dict.fromkeys(LANE_ROWS, 1), summary=0)
    module = ir.Module("model")
    mathematics = Mathematics(module, machine.width, fused=machine.fused)
    functions = equations.write(module, machine, layout, mathematics)
    functions["step"] = write_step(module, machine, layout, functions, equations.drifting)
    functions["inside"] = write_inside(module, machine, layout)
    write_driver(module, machine, layout, functions, mathematics)
    step = work_of(functions["step"])
    work = {"flops_per_step": step.operations, "divisions_per_step": step.divisions, "width": machine.width}
    return Program(str(module), layout.rows, tuple((name, float(value)) for name, value in work.items()))
