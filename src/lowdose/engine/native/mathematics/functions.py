"""The functions of models on vectors of doubles, emitted as LLVM IR.

Every lane is computed alike and alone, and the same whatever the width, so what a person's neighbours are never shows
in a result. Only `factorial`, and circular functions of angles too large to be reduced, call libm.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping

from llvmlite import binding, ir

from lowdose.engine.native.mathematics import circular, exponential, logarithmic, plain
from lowdose.engine.native.mathematics.vectors import Real, Vectors

__all__ = ["NAMES", "Mathematics", "evaluate"]


def _factorial(code: Vectors, x: Real) -> Real:
    return code.one_by_one("tgamma", x + 1.0)


_FUNCTIONS: Mapping[str, Callable[..., Real]] = {
    "abs": plain.magnitude,
    "arccos": circular.arccos,
    "arccosh": logarithmic.arccosh,
    "arcsin": circular.arcsin,
    "arcsinh": logarithmic.arcsinh,
    "arctan": circular.arctan,
    "arctanh": logarithmic.arctanh,
    "ceiling": plain.ceiling,
    "cos": circular.cos,
    "cosh": exponential.cosh,
    "exp": exponential.exp,
    "factorial": _factorial,
    "floor": plain.floor,
    "ln": logarithmic.ln,
    "log10": logarithmic.log10,
    "max": plain.maximum,
    "min": plain.minimum,
    "power": logarithmic.power,
    "sin": circular.sin,
    "sinh": exponential.sinh,
    "sqrt": plain.square_root,
    "tan": circular.tan,
    "tanh": exponential.tanh,
}
_INLINE = frozenset({"abs", "ceiling", "exp", "floor", "ln", "max", "min", "sqrt"})
_TWO_ARGUMENTS = frozenset({"max", "min", "power"})

NAMES = frozenset(_FUNCTIONS)


class Mathematics:
    """Vector functions of one module, each defined on first use.

    Parameters
    ----------
    module : ir.Module
        Where the functions are defined, with internal linkage.
    width : int
        Lanes of a vector; 1 stands for plain doubles.
    fused : bool
        Whether the target multiplies and adds in one instruction. Without, no call is emitted for it, at the price of
        more instructions and of some accuracy.

    Examples
    --------
    >>> module = ir.Module()
    >>> four = ir.VectorType(ir.DoubleType(), 4)
    >>> function = ir.Function(module, ir.FunctionType(four, [four]), "decayed")
    >>> builder = ir.IRBuilder(function.append_basic_block())
    >>> _ = builder.ret(Mathematics(module, 4).call(builder, "exp", function.args[0]))
    >>> 'define internal <4 x double> @"lowdose.exp.4"' in str(module)
    True
    """

    def __init__(self, module: ir.Module, width: int, *, fused: bool = True) -> None:
        self.module = module
        self.width = width
        self.fused = fused
        self._defined: dict[str, ir.Function] = {}

    def call(self, builder: ir.IRBuilder, name: str, *arguments: ir.Value) -> ir.Value:
        """Emit a call of the function with this name.

        Parameters
        ----------
        builder : ir.IRBuilder
            Where the call is appended.
        name : str
            One of `NAMES`, which are MathML's.
        *arguments : ir.Value
            One vector, or two for ``power``, ``min`` and ``max``.

        Returns
        -------
        ir.Value
            A vector.

        Examples
        --------
        >>> module = ir.Module()
        >>> function = ir.Function(module, ir.FunctionType(ir.DoubleType(), [ir.DoubleType()]), "root")
        >>> builder = ir.IRBuilder(function.append_basic_block())
        >>> _ = builder.ret(Mathematics(module, 1).call(builder, "sqrt", function.args[0]))
        >>> 'call double @"lowdose.sqrt.1"' in str(module)
        True
        """
        return builder.call(self.function(name), arguments)

    def function(self, name: str) -> ir.Function:
        """The function with this name, defined now if it was not before."""
        return self._defined.get(name) or self._define(name)

    def _define(self, name: str) -> ir.Function:
        reals = ir.DoubleType() if self.width == 1 else ir.VectorType(ir.DoubleType(), self.width)
        count = 2 if name in _TWO_ARGUMENTS else 1
        full = f"lowdose.{name}.{self.width}"
        function = ir.Function(self.module, ir.FunctionType(reals, [reals] * count), full)
        function.linkage = "internal"
        function.attributes.add("nounwind")
        if name in _INLINE:
            function.attributes.add("alwaysinline")
        code = Vectors(ir.IRBuilder(function.append_basic_block()), self.width, fused=self.fused)
        result = _FUNCTIONS[name](code, *(code.real(argument) for argument in function.args))
        code.builder.ret(result.value)
        self._defined[name] = function
        return function


def evaluate(name: str, *arguments: float) -> float:
    """One value of a function, compiled for this machine; for a look, not for speed.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    *arguments : float
        Its arguments.

    Returns
    -------
    float
        The value.

    Examples
    --------
    >>> evaluate("factorial", 5.0)
    120.0
    """
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    features = binding.get_host_cpu_features()
    module = ir.Module()
    double = ir.DoubleType()
    function = ir.Function(module, ir.FunctionType(double, [double] * len(arguments)), "value")
    builder = ir.IRBuilder(function.append_basic_block())
    # Where "fma" is no feature, as on ARM, every processor has it.
    mathematics = Mathematics(module, 1, fused=features.get("fma", True))
    builder.ret(mathematics.call(builder, name, *function.args))
    parsed = binding.parse_assembly(str(module))
    target = binding.Target.from_default_triple()
    machine = target.create_target_machine(cpu=binding.get_host_cpu_name(), features=features.flatten())
    with binding.create_mcjit_compiler(parsed, machine) as engine:
        engine.finalize_object()
        kind = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * len(arguments))
        return float(kind(engine.get_function_address("value"))(*arguments))
