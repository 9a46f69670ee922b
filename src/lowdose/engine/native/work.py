"""How much arithmetic a function does, counted in the code that is written."""

from __future__ import annotations

from dataclasses import dataclass

import llvmlite.ir as ir

__all__ = ["INTRINSICS", "Work", "work_of"]


@dataclass(slots=True)
class Work:
    """Arithmetic of one call of a function, for each lane: a fused multiply-add counts two, estimates nothing."""

    operations: int = 0
    divisions: int = 0


INTRINSICS = {"llvm.fma": 2, "llvm.sqrt": 1}
"""Operations of LLVM's own functions; those not named count nothing."""


def work_of(function: ir.Function) -> Work:
    """The work of a function: as counted while it was written, or by its instructions."""
    if not hasattr(function, "work"):
        names = [
            instruction.callee.name if isinstance(instruction, ir.CallInstr) else instruction.opname
            for block in function.blocks
            for instruction in block.instructions
        ]
        divisions = names.count("fdiv")
        fused = sum(name.startswith("llvm.fma") for name in names)
        operations = divisions + 2 * fused + sum(map(names.count, ("fadd", "fsub", "fmul")))
        function.work = Work(operations, divisions)
    work: Work = function.work
    return work
