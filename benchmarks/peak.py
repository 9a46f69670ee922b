"""What this processor can do at most: fused multiply-adds a second on one core, measured."""

from __future__ import annotations

import ctypes
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

CHAINS = {2: 12, 4: 12, 8: 24}
"""Independent chains for each vector width: enough to hide the latency, few enough for the registers."""

TURNS = 400_000


@dataclass(frozen=True, slots=True)
class Peak:
    """Operations a second (a fused multiply-add counts two) and the vector width that gave them."""

    flops: float
    width: int


def source(width: int, chains: int) -> str:
    """A loop over ``x = x*a + b`` in every chain, as LLVM text; 512-bit vectors are asked for where they are wide."""
    vector = f"<{width} x double>"
    bits = 64 * width
    fill = [
        f"%one = insertelement {vector} undef, double %a, i32 0",
        f"%two = insertelement {vector} undef, double %b, i32 0",
    ]
    spread = f"{vector} undef, <{width} x i32> zeroinitializer"
    starts = [f"%start{n} = fadd {vector} %vb, splat (double {n + 1.0:.1f})" for n in range(chains)]
    loop = [f"%x{n} = phi {vector} [ %start{n}, %entry ], [ %next{n}, %loop ]" for n in range(chains)]
    step = [
        f"%next{n} = call {vector} @llvm.fma.v{width}f64({vector} %x{n}, {vector} %va, {vector} %vb)"
        for n in range(chains)
    ]
    total = [f"%sum0 = fadd {vector} %next0, %next0"]
    total += [f"%sum{n} = fadd {vector} %sum{n - 1}, %next{n}" for n in range(1, chains)]
    lines = [
        f"declare {vector} @llvm.fma.v{width}f64({vector}, {vector}, {vector})",
        "define double @peak(i64 %turns, double %a, double %b) #0 {",
        "entry:",
        *fill,
        f"%va = shufflevector {vector} %one, {spread}",
        f"%vb = shufflevector {vector} %two, {spread}",
        *starts,
        "br label %loop",
        "loop:",
        "%i = phi i64 [ 0, %entry ], [ %j, %loop ]",
        *loop,
        *step,
        "%j = add i64 %i, 1",
        "%more = icmp slt i64 %j, %turns",
        "br i1 %more, label %loop, label %done",
        "done:",
        *total,
        f"%first = extractelement {vector} %sum{chains - 1}, i32 0",
        "ret double %first",
        "}",
        f'attributes #0 = {{ "prefer-vector-width"="{bits}" "min-legal-vector-width"="{bits}" }}',
    ]
    return "\n".join(lines)


@cache
def _kernel(width: int) -> tuple[Any, Any]:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=3)
    module = llvm.parse_assembly(source(width, CHAINS[width]))
    compiler = llvm.create_mcjit_compiler(module, machine)
    compiler.finalize_object()
    address = compiler.get_function_address("peak")
    return compiler, ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int64, ctypes.c_double, ctypes.c_double)(address)


def measure() -> Peak | None:
    """The widest vector that helps; None where llvmlite is not here."""
    try:
        return max((_measure(width) for width in CHAINS), key=lambda peak: peak.flops)
    except ImportError:
        return None


def _measure(width: int) -> Peak:
    _, run = _kernel(width)
    run(TURNS // 10, 0.999, 1e-3)
    start = time.process_time()
    run(TURNS, 0.999, 1e-3)
    spent = time.process_time() - start
    return Peak(2.0 * width * CHAINS[width] * TURNS / spent, width)
