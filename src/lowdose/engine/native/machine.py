"""The machine: how many lanes it solves at once, machine code for it, and functions out of that code."""

from __future__ import annotations

import ctypes
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import llvmlite.binding as llvm

__all__ = ["Machine", "assembly", "load", "this_machine", "translate"]


@dataclass(frozen=True, slots=True)
class Machine:
    """A processor as the compiler sees it.

    Attributes
    ----------
    triple, cpu, features : str
        In LLVM's words.
    width : int
        Doubles in its widest vector.
    fused : bool
        Whether it multiplies and adds in one instruction.
    estimates : bool
        Whether it estimates one over a double, and one over its root, in one fast instruction.
    """

    triple: str
    cpu: str
    features: str
    width: int
    fused: bool
    estimates: bool

    @property
    def name(self) -> str:
        """A short digest: code made for one machine is run on no other.

        Examples
        --------
        >>> len(this_machine().name)
        16
        """
        words = "|".join((self.triple, self.cpu, self.features, str(self.width), llvm_version()))
        return hashlib.sha256(words.encode()).hexdigest()[:16]


@cache
def this_machine(width: int | None = None) -> Machine:
    """The processor this runs on, with another ``width`` where asked for.

    Examples
    --------
    >>> this_machine().width in (1, 2, 4, 8)
    True
    """
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features()
    triple = llvm.get_process_triple()
    arm = triple.startswith(("aarch64", "arm64"))
    widest = 8 if features.get("avx512f") else 4 if features.get("avx2") else 2 if arm or features.get("sse2") else 1
    flat = features.flatten()
    if features.get("avx512f"):
        flat += ",-prefer-256-bit"
    width = width or widest
    return Machine(
        triple,
        llvm.get_host_cpu_name(),
        flat,
        width,
        fused=arm or bool(features.get("fma")),
        estimates=width in (2, 4, 8) and bool(features.get("avx512f") and features.get("avx512vl")),
    )


def llvm_version() -> str:
    """The compiler's version.

    Examples
    --------
    >>> llvm_version().count(".")
    2
    """
    return ".".join(map(str, llvm.llvm_version_info))


def _target_machine(machine: Machine) -> Any:
    target = llvm.Target.from_triple(machine.triple)
    return target.create_target_machine(
        cpu=machine.cpu, features=machine.features, opt=2, reloc="pic", codemodel="small", jit=True
    )


def translate(text: str, machine: Machine) -> bytes:
    """Machine code, as an object file, of a module in LLVM's language.

    Examples
    --------
    >>> len(translate("define double @twice(double %x) { %y = fadd double %x, %x ret double %y }", this_machine())) > 0
    True
    """
    module, target = _polished(text, machine)
    return bytes(target.emit_object(module))


def assembly(text: str, machine: Machine) -> str:
    """The same as text, for people to read."""
    module, target = _polished(text, machine)
    return str(target.emit_assembly(module))


def _polished(text: str, machine: Machine) -> tuple[Any, Any]:
    """The module with its variables in registers, and the target; formulas stay as they were written."""
    target = _target_machine(machine)
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    module.data_layout = str(target.target_data)
    module.verify()
    builder = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=2))
    passes = llvm.create_new_module_pass_manager()
    passes.add_always_inliner_pass()
    passes.add_sroa_pass()
    passes.add_simplify_cfg_pass()
    passes.add_instruction_combine_pass()
    passes.run(module, builder)
    return module, target


def load(code: bytes, machine: Machine, function: str) -> tuple[Any, Any]:
    """A function (address, address) -> None out of an object file, and what must live as long as it.

    The interpreter's lock is released while it runs.
    """
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine(machine))
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address(function)
    return ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(address), engine
