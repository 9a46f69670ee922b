"""The functions against 80-bit ones of numpy, and against numpy's own where those of C99 are prescribed."""

import ctypes
import functools
import math
import platform
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llvmlite import binding, ir

from lowdose.engine.native.mathematics import NAMES, Mathematics, evaluate

TWO = {"max", "min", "power"}
HOST_FUSED = binding.get_host_cpu_features().get("fma", True)
EXTENDED = np.finfo(np.longdouble).nmant >= 63
NUMPY = {
    "abs": np.abs,
    "arccos": np.arccos,
    "arccosh": np.arccosh,
    "arcsin": np.arcsin,
    "arcsinh": np.arcsinh,
    "arctan": np.arctan,
    "arctanh": np.arctanh,
    "ceiling": np.ceil,
    "cos": np.cos,
    "cosh": np.cosh,
    "exp": np.exp,
    "floor": np.floor,
    "ln": np.log,
    "log10": np.log10,
    "max": np.maximum,
    "min": np.minimum,
    "power": np.power,
    "sin": np.sin,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "tan": np.tan,
    "tanh": np.tanh,
}
TINY = 5e-324
SMALL = [0.0, TINY, 1e-310, 2.0**-1022, 1e-20, 0.25, 0.5, 1 - 2**-53, 1.0, 1 + 2**-52, 1.5, 2.0, 3.0, 4.0, 700.0]
LARGE = [745.2, 1e5, 2.0**52 + 1, 2.0**53 - 1, 2.0**53, 1e22, 1e300, np.finfo(float).max, math.inf, math.nan]
SPECIAL = np.array([sign * size for sign in (1, -1) for size in SMALL + LARGE])

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def kernel_module(name, width, fused):
    """A loop over arrays, a whole number of vectors long."""
    module = ir.Module()
    double, word = ir.DoubleType(), ir.IntType(64)
    vector = double if width == 1 else ir.VectorType(double, width)
    arrays = 3 if name in TWO else 2
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [word] + [double.as_pointer()] * arrays), "kernel")
    entry, loop, end = (function.append_basic_block() for _ in range(3))
    builder = ir.IRBuilder(entry)
    builder.branch(loop)
    builder.position_at_end(loop)
    at = builder.phi(word)
    at.add_incoming(ir.Constant(word, 0), entry)
    places = [builder.bitcast(builder.gep(array, [at]), vector.as_pointer()) for array in function.args[1:]]
    arguments = [builder.load(place, align=8) for place in places[1:]]
    builder.store(Mathematics(module, width, fused=fused).call(builder, name, *arguments), places[0], align=8)
    after = builder.add(at, ir.Constant(word, width))
    at.add_incoming(after, builder.block)
    builder.cbranch(builder.icmp_unsigned("<", after, function.args[0]), loop, end)
    ir.IRBuilder(end).ret_void()
    return str(module)


def optimised(text, machine):
    module = binding.parse_assembly(text)
    module.verify()
    builder = binding.create_pass_builder(machine, binding.create_pipeline_tuning_options(speed_level=3))
    builder.getModulePassManager().run(module, builder)
    return module


@functools.cache
def compiled(name, width=8, fused=HOST_FUSED):
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine(
        opt=3, cpu=binding.get_host_cpu_name(), features=binding.get_host_cpu_features().flatten()
    )
    engine = binding.create_mcjit_compiler(optimised(kernel_module(name, width, fused), machine), machine)
    engine.finalize_object()
    pointers = [ctypes.c_void_p] * (3 if name in TWO else 2)
    kernel = ctypes.CFUNCTYPE(None, ctypes.c_int64, *pointers)(engine.get_function_address("kernel"))

    def call(*arguments):
        arguments = np.broadcast_arrays(*(np.asarray(argument, dtype=float) for argument in arguments))
        shape = arguments[0].shape
        arguments = [np.append(argument.ravel(), np.ones(-argument.size % 16)) for argument in arguments]
        out = np.empty_like(arguments[0])
        kernel(out.size, out.ctypes.data, *(argument.ctypes.data for argument in arguments))
        return out[: math.prod(shape)].reshape(shape)

    # Without its engine the code is freed.
    call.engine = engine
    return call


def errors(got, exact):
    """In units in the last place; infinite where one is NaN or infinite and the other is not."""
    rounded = exact.astype(float)
    same = (got == rounded) | (np.isnan(got) & np.isnan(rounded))
    unit = np.maximum(np.spacing(np.minimum(np.abs(rounded), np.finfo(float).max)), TINY)
    error = (np.abs(got.astype(np.longdouble) - exact) / unit.astype(np.longdouble)).astype(float)
    return np.where(same & ~np.isfinite(rounded), 0.0, np.where(np.isfinite(error), error, math.inf))


COUNT = 20_000


def draws():
    """Where each function is measured, argument by argument."""
    random = np.random.default_rng(20250301)

    def uniform(low, high):
        return random.uniform(low, high, COUNT)

    def scaled(low, high):
        return 10.0 ** uniform(low, high) * random.choice([-1.0, 1.0], COUNT)

    def integers(low, high):
        return random.integers(low, high, COUNT).astype(float)

    any_bits = random.integers(0, 2**64, COUNT, dtype=np.uint64).view(float)
    near_one = 1 - 10 ** uniform(-16, -1)
    angles = [uniform(-10, 10), uniform(-1e5, 1e5), scaled(-300, 0), integers(-60_000, 60_000) * (math.pi / 2)]
    positive = [np.abs(any_bits), uniform(0.5, 2), 1 + scaled(-16, -1), uniform(0, 1e-307), np.abs(scaled(-300, 300))]
    growth = [uniform(-711, 711), uniform(-2, 2), scaled(-300, 0), uniform(709.5, 710.48)]
    base, middle = np.abs(scaled(-300, 300)), uniform(0.7, 1.42)
    powers = [
        (any_bits, random.permutation(any_bits)),
        (base, uniform(-745, 709.7) / np.log(base)),
        (middle, uniform(-745, 709.7) / np.log(middle)),
        (1 + scaled(-15, -1), scaled(0, 14)),
        (uniform(0, 10), uniform(-5, 5)),
        (uniform(-10, 10), integers(-60, 60)),
        (scaled(-300, 300), integers(-3, 4) / 2),
        (uniform(0, 5e-308), uniform(-2, 2)),
    ]
    return {
        "exp": [uniform(-750, 710), uniform(-1, 1), scaled(-300, 0), uniform(-745.2, -707), uniform(709, 709.79)],
        "ln": positive,
        "log10": positive,
        "sqrt": positive,
        "sin": angles,
        "cos": angles,
        "tan": angles,
        "arcsin": [uniform(-1, 1), scaled(-300, 0), near_one],
        "arccos": [uniform(-1, 1), scaled(-300, 0), near_one, -near_one],
        "arctan": [uniform(-5, 5), scaled(-300, 300), uniform(-50, 50), any_bits],
        "sinh": growth,
        "cosh": growth,
        "tanh": [uniform(-25, 25), uniform(-2, 2), scaled(-300, 0)],
        "arcsinh": [uniform(-5, 5), scaled(-300, 300), scaled(-3, 20)],
        "arccosh": [1 + np.abs(scaled(-16, 0)), np.abs(scaled(0, 300)), uniform(1, 10)],
        "arctanh": [uniform(-1, 1), scaled(-300, 0), near_one],
        "power": powers,
    }


# In units in the last place, with fused operations and without.
BOUNDS = {
    "exp": (1.0, 1.5),
    "ln": (1.0, 1.5),
    "log10": (0.51, 0.51),
    "sqrt": (0.501, 0.501),
    "sin": (1.5, 2.0),
    "cos": (1.5, 2.0),
    "tan": (3.0, 4.0),
    "arcsin": (4.0, 4.0),
    "arccos": (4.0, 4.0),
    "arctan": (2.0, 2.0),
    "sinh": (3.0, 4.0),
    "cosh": (2.0, 2.0),
    "tanh": (3.5, 4.0),
    "arcsinh": (3.0, 3.0),
    "arccosh": (4.0, 4.0),
    "arctanh": (3.0, 3.0),
    "power": (2.0, 4.0),
}


@pytest.mark.skipif(not EXTENDED, reason="nothing to compare with: long doubles are no longer than doubles here")
@pytest.mark.parametrize(
    "fused", [pytest.param(True, marks=pytest.mark.skipif(not HOST_FUSED, reason="no FMA")), False]
)
@pytest.mark.parametrize("name", BOUNDS)
def test_error_in_the_last_place(name, fused):
    for arguments in draws()[name]:
        arguments = arguments if isinstance(arguments, tuple) else (arguments,)
        exact = NUMPY[name](*(argument.astype(np.longdouble) for argument in arguments))
        error = errors(compiled(name, fused=fused)(*arguments), exact)
        worst = np.argmax(error)
        assert error[worst] <= BOUNDS[name][0 if fused else 1], [float(argument[worst]) for argument in arguments]


@pytest.mark.skipif(not EXTENDED, reason="nothing to compare with: long doubles are no longer than doubles here")
@pytest.mark.parametrize(
    "fused", [pytest.param(True, marks=pytest.mark.skipif(not HOST_FUSED, reason="no FMA")), False]
)
@pytest.mark.parametrize("name", ["sin", "cos"])
def test_large_angles(name, fused):
    random = np.random.default_rng(7)
    near_zeros = np.round(random.uniform(0, 6e8, 2000)) * (math.pi / 2)
    for angles in (random.uniform(-1e9, 1e9, 2000), near_zeros, 10 ** random.uniform(9, 300, 2000)):
        exact = NUMPY[name](angles.astype(np.longdouble))
        assert np.abs(compiled(name, fused=fused)(angles) - exact).max() < 3e-16


def same(got, expected):
    """Equal, the signs of zeros too; else close."""
    exact = (expected == 0) | ~np.isfinite(expected)
    np.testing.assert_array_equal(got[exact], expected[exact])
    numbers = exact & ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(got[numbers]), np.signbit(expected[numbers]))
    np.testing.assert_allclose(got[~exact], expected[~exact], rtol=2e-15, atol=TINY)


@pytest.mark.parametrize("fused", [HOST_FUSED, False])
@pytest.mark.parametrize("width", [1, 4, 8])
@pytest.mark.parametrize("name", sorted(set(NUMPY) - TWO))
def test_special_values(name, width, fused):
    same(compiled(name, width, fused)(SPECIAL), NUMPY[name](SPECIAL))


@pytest.mark.parametrize("fused", [HOST_FUSED, False])
@pytest.mark.parametrize("width", [1, 4, 8])
def test_special_powers(width, fused):
    x, y = (part.ravel() for part in np.meshgrid(SPECIAL, SPECIAL))
    expected = np.power(x, y)
    same(compiled("power", width, fused)(x, y), expected)


@pytest.mark.parametrize("name", ["min", "max"])
def test_the_lesser_and_the_greater(name):
    x, y = (part.ravel() for part in np.meshgrid(SPECIAL, SPECIAL))
    np.testing.assert_array_equal(compiled(name)(x, y), NUMPY[name](x, y))


def test_factorial():
    got = compiled("factorial")([0.0, 1.0, 5.0, 20.0, -0.5, 170.0, 171.0, math.inf, math.nan])
    exact = [1.0, 1.0, 120.0, math.factorial(20), math.sqrt(math.pi), math.factorial(170), math.inf, math.inf, math.nan]
    np.testing.assert_allclose(got, np.array(exact, dtype=float), rtol=1e-14)


def test_decimal_logarithms_of_powers_of_ten_are_whole():
    exponents = np.arange(-300.0, 300.0)
    values = np.array([float(f"1e{int(exponent)}") for exponent in exponents])
    np.testing.assert_array_equal(compiled("log10")(values), exponents)


def arguments_for(name):
    random = np.random.default_rng(3)
    x = np.concatenate(
        [random.normal(0, 3, 4000), random.integers(0, 2**64, 4000, dtype=np.uint64).view(float), SPECIAL]
    )
    return (x, random.permutation(x)) if name in TWO else (x,)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_widths_agree_bit_for_bit(name):
    arguments = arguments_for(name)
    expected = compiled(name, 1)(*arguments)
    for width in (2, 4, 8, 16):
        got = compiled(name, width)(*arguments)
        agree = (got.view(np.uint64) == expected.view(np.uint64)) | (np.isnan(got) & np.isnan(expected))
        assert agree.all(), width


@pytest.mark.parametrize("name", ["exp", "ln", "power", "sin", "cos", "tan", "tanh", "arctan"])
def test_neighbours_do_not_show(name):
    arguments = arguments_for(name)
    order = np.random.default_rng(4).permutation(arguments[0].size)
    shuffled = compiled(name)(*(argument[order] for argument in arguments))
    np.testing.assert_array_equal(shuffled, compiled(name)(*arguments)[order])


def assembly(name, width, features, triple, fused):
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    try:
        target = binding.Target.from_triple(triple)
    except RuntimeError:
        pytest.skip(f"this llvmlite has no target {triple}")
    # The usual model calls through registers, which hides what is called.
    machine = target.create_target_machine(opt=3, features=features, codemodel="small")
    return machine.emit_assembly(optimised(kernel_module(name, width, fused), machine))


@pytest.mark.parametrize("width", [1, 2, 8, 16])
@pytest.mark.parametrize(
    ("features", "triple", "fused"),
    [
        ("+avx512f", "x86_64-unknown-linux-gnu", True),
        ("+avx2,+fma", "x86_64-unknown-linux-gnu", True),
        ("", "x86_64-unknown-linux-gnu", False),
        ("+neon", "aarch64-unknown-linux-gnu", True),
    ],
)
def test_no_calls(width, features, triple, fused):
    for name in sorted(NAMES - {"sin", "cos", "tan", "factorial"}):
        text = assembly(name, width, features, triple, fused)
        called = re.findall(r"^\s+(?:callq?|jmp|bl|b)\s+([\w\".@]+)", text, re.MULTILINE)
        assert [to for to in called if not to.startswith(".L") and "lowdose" not in to] == [], name


@pytest.mark.skipif(platform.machine().lower() not in {"x86_64", "amd64"}, reason="reads x86 assembly")
@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_circular_functions_call_only_where_angles_are_too_large(name):
    text = assembly(name, 8, "+avx512f", "x86_64-unknown-linux-gnu", True)
    called = re.findall(r"callq?\s+([\w\".@]+)", text[text.index("\nkernel:") :].split(".Lfunc_end")[0])
    assert len(called) == 1
    assert f"lowdose.{name}.beyond.8" in called[0]


def test_a_function_is_defined_once():
    module = ir.Module()
    double = ir.DoubleType()
    function = ir.Function(module, ir.FunctionType(double, [double]), "twice")
    builder = ir.IRBuilder(function.append_basic_block())
    mathematics = Mathematics(module, 1, fused=True)
    builder.ret(mathematics.call(builder, "exp", mathematics.call(builder, "exp", function.args[0])))
    assert str(module).count("define internal double") == 1


sizes = st.floats(min_value=1e-300, max_value=1e300)


@given(sizes)
def test_exp_undoes_ln(x):
    logarithm = float(compiled("ln")([x])[0])
    assert compiled("exp")([logarithm])[0] == pytest.approx(x, rel=2e-16 * (2 + abs(logarithm)))


@given(st.floats(min_value=-1e150, max_value=1e150))
def test_the_second_power_is_the_square(x):
    assert abs(compiled("power")([x], [2.0])[0] - x * x) <= np.spacing(x * x)


@given(sizes)
def test_the_power_of_a_half_is_the_root(x):
    root = math.sqrt(x)
    assert abs(compiled("power")([x], [0.5])[0] - root) <= np.spacing(root)


@given(st.floats(min_value=-1e9, max_value=1e9))
def test_sine_and_cosine_lie_on_the_circle(x):
    assert compiled("sin")([x])[0] ** 2 + compiled("cos")([x])[0] ** 2 == pytest.approx(1, rel=1e-15)


@given(st.floats(allow_nan=False), st.sampled_from(["sin", "tan", "tanh", "sinh", "arctan", "arcsinh"]))
def test_odd_functions(x, name):
    np.testing.assert_array_equal(compiled(name)([-x]), -compiled(name)([x]))


def test_one_value():
    assert evaluate("power", 2.0, 10.0) == 1024.0
