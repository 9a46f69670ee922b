import math

import numpy as np
import pytest
from hypothesis import assume, example, given, reject, settings
from hypothesis import strategies as st

from lowdose.engine.native.graph import MOST_MULTIPLICATIONS, Graph, Level
from lowdose.engine.printing import NUMPY, vector

COMPARISONS = ["eq", "ge", "gt", "le", "lt", "ne"]


def symbols(graph):
    names = {name: graph.input("state", row) for row, name in enumerate("xyz")}
    return names | {name: graph.input("parameter", row) for row, name in enumerate("kab")}


@pytest.fixture
def graph():
    return Graph()


@pytest.fixture
def names(graph):
    return symbols(graph)


# One node for one formula


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("times", "k", "x"), ("times", "x", "k")),
        (("plus", "x", "y"), ("plus", "y", "x")),
        (("times", "k", ("times", "a", "x")), ("times", ("times", "k", "x"), "a")),
        (("plus", "k", ("plus", "x", "a")), ("plus", ("plus", "k", "a"), "x")),
        (("divide", ("times", "k", "x"), "a"), ("times", ("divide", "k", "a"), "x")),
        (("divide", "x", ("divide", "a", "k")), ("divide", ("times", "k", "x"), "a")),
        (("divide", ("divide", "x", "a"), "k"), ("divide", "x", ("times", "a", "k"))),
        (("minus", "x", ("minus", "y", "z")), ("plus", ("minus", "x", "y"), "z")),
        (("times", 2.0, "x", 3.0), ("times", 6.0, "x")),
        (("plus", 2.0, "x", 3.0), ("plus", "x", 5.0)),
        (("minus", "x", ("minus", "y")), ("plus", "x", "y")),
        (("times", ("minus", "x"), "y"), ("minus", ("times", "x", "y"))),
        (("times", ("minus", "x"), ("minus", "y")), ("times", "x", "y")),
        (("divide", ("minus", "x"), "y"), ("divide", "x", ("minus", "y"))),
        (("minus", ("minus", "x")), "x"),
        (("plus", ("minus", "x"), "y"), ("minus", "y", "x")),
        (("minus", 0.0, "x"), ("minus", "x")),
        (("plus", "x", 0.0), "x"),
        (("times", 1.0, "x"), "x"),
        (("times", -1.0, "x"), ("minus", "x")),
        (("divide", "x", 4.0), ("times", 0.25, "x")),
        (("plus",), 0.0),
        (("times",), 1.0),
        (("plus", "x"), "x"),
        (("power", "x", 2.0), ("times", "x", "x")),
        (("power", "x", 0.5), ("sqrt", "x")),
        (("power", "x", -1.0), ("divide", 1.0, "x")),
        (("power", "x", 0.0), 1.0),
        (("max", "x", "y", "z"), ("max", ("max", "x", "y"), "z")),
        (("piecewise", "x", True, "y"), ("piecewise", "x", ("and",), "y")),
        (("and", ("gt", "x", "y"), ("gt", "y", "z")), ("gt", "x", "y", "z")),
        (("not", "x"), ("not", ("ne", "x", 0.0))),
    ],
)
def test_what_is_the_same_is_one_node(graph, names, one, other):
    assert graph.of(one, names) == graph.of(other, names)
    count = len(graph.nodes)
    assert graph.of(one, names) == graph.of(other, names)
    assert len(graph.nodes) == count


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("minus", "x", "y"), ("minus", "y", "x")),
        (("divide", "x", "y"), ("divide", "y", "x")),
        (("power", "x", "y"), ("power", "y", "x")),
        (("gt", "x", "y"), ("ge", "x", "y")),
        (0.0, -0.0),
        (("sin", "x"), ("cos", "x")),
    ],
)
def test_what_differs_is_two(graph, names, one, other):
    assert graph.of(one, names) != graph.of(other, names)


def test_numbers_are_kept_to_the_last_bit(graph):
    for value in (0.1, -0.0, 5e-324, 1e308, math.inf, -math.inf, 1.0 / 3.0):
        kept = graph.value(graph.number(value))
        assert (kept, math.copysign(1.0, kept)) == (value, math.copysign(1.0, value))
    assert math.isnan(graph.value(graph.number(math.nan)))
    assert graph.number(math.nan) == graph.number(-math.nan)
    assert graph.value(graph.input("state", 0)) is None


def test_times_nothing_is_nothing(graph, names):
    assert graph.value(graph.of(("times", "x", 0.0, "k"), names)) == 0.0


def test_zero_is_not_divided_by_beforehand(graph, names):
    assert graph.value(graph.of(("divide", 1.0, 0.0), names)) is None


# What is known beforehand


def known(graph):
    return {node for node, level in enumerate(graph.levels) if level == Level.GIVEN}


def test_known_factors_come_together(graph, names):
    product = graph.of(("times", "k", "x", "a", ("divide", "y", "b"), 3.0), names)
    assert graph.levels[product] == Level.VARYING
    multiplications = [n for n in graph.nodes if n[0] == "multiply" and graph.levels[graph.nodes.index(n)] == 2]
    assert len(multiplications) == 2
    assert ("reciprocal", names["b"]) in graph.nodes


def test_known_divisors_cost_no_division_in_a_step(graph, names):
    graph.of(("divide", ("times", "k", "x"), ("times", "a", "b")), names)
    divisions = [node for node, (operation, *_) in enumerate(graph.nodes) if operation == "reciprocal"]
    assert [graph.levels[node] for node in divisions] == [Level.GIVEN]


def test_known_terms_come_together(graph, names):
    graph.of(("plus", "k", "x", "a", "y", 3.0, "b"), names)
    additions = [graph.levels[node] for node, (operation, *_) in enumerate(graph.nodes) if operation == "add"]
    assert sorted(additions) == [Level.GIVEN] * 3 + [Level.VARYING] * 2


@pytest.mark.parametrize(
    ("formula", "level"),
    [
        (2.0, Level.NUMBER),
        (("plus", 2.0, 3.0), Level.NUMBER),
        ("k", Level.GIVEN),
        (("exp", ("times", "k", "a")), Level.GIVEN),
        (("exp", 2.0), Level.GIVEN),
        (("power", "k", "a"), Level.GIVEN),
        (("piecewise", "k", ("gt", "k", "a"), 1.0), Level.GIVEN),
        (("piecewise", "k", ("gt", "x", "a"), 1.0), Level.VARYING),
        (("time",), Level.VARYING),
        (("times", "k", ("sin", ("time",))), Level.VARYING),
        (("power", "k", "x"), Level.VARYING),
    ],
)
def test_when_a_value_is_known(graph, names, formula, level):
    assert graph.levels[graph.of(formula, names)] == level


# Powers


@pytest.mark.parametrize("exponent", [-16.0, -2.5, -1.5, -0.5, 0.5, 1.0, 1.5, 2.0, 2.5, 7.0, 16.0, 16.5])
def test_whole_and_half_powers_are_products_and_roots(computed, graph, names, exponent):
    node = graph.of(("power", "x", exponent), names)
    called = {arguments[0] for operation, *arguments in graph.nodes if operation == "call"}
    assert called <= {"sqrt"}
    assert not any(operation == "power" for operation, *_ in graph.nodes)
    inputs = {("state", 0): 1.7, ("state", 1): 1.0, ("state", 2): 1.0, **{("parameter", i): 1.0 for i in range(3)}}
    assert computed(graph, inputs)[node] == pytest.approx(1.7**exponent, rel=1e-14)
    assert sum(operation == "multiply" for operation, *_ in graph.nodes) <= 2 * math.log2(MOST_MULTIPLICATIONS)


@pytest.mark.parametrize("exponent", [17.0, 0.3, -40.0, math.nan, math.inf, -math.inf, "k", "y"])
def test_other_powers_are_left_to_a_function(graph, names, exponent):
    node = graph.of(("power", "x", exponent), names)
    assert graph.nodes[node][0] == "power"


def test_powers_of_one_base_share_its_logarithm(graph, names):
    graph.of(("plus", ("power", "x", "k"), ("power", "x", "a"), ("ln", "x")), names)
    assert sum(arguments[:1] == ["ln"] for operation, *arguments in graph.nodes if operation == "call") == 1


@pytest.mark.parametrize("base", [0.0, -0.0, 0.5, 1.0, -1.0, -2.0, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("exponent", [0.0, 0.3, -0.3, 2.0, -2.0, 3.0, math.inf, -math.inf, math.nan])
def test_powers_have_the_values_of_c99(computed, graph, names, base, exponent):
    node = graph.of(("power", "x", "k"), names)
    inputs = {("state", 0): base, ("parameter", 0): exponent}
    inputs |= {("state", i): 1.0 for i in (1, 2)} | {("parameter", i): 1.0 for i in (1, 2)}
    with np.errstate(all="ignore"):
        found, right = computed(graph, inputs)[node], np.power(base, exponent)
    assert found == pytest.approx(right, rel=1e-14, nan_ok=True)


# Any formula

leaves = st.sampled_from(["x", "y", "z", "k", "a", "b", -2.0, -1.0, 0.0, 0.5, 1.0, 3.0])
exponents = st.sampled_from([-2.0, -1.5, -1.0, -0.5, 0.0, 0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, "k", "y"])
comparisons = st.tuples(st.sampled_from(COMPARISONS), leaves, leaves)
conditions = st.recursive(
    st.one_of(comparisons, st.tuples(st.sampled_from(["lt", "ge"]), leaves, leaves, leaves), st.booleans(), leaves),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner), st.tuples(st.sampled_from(["and", "or", "xor"]), inner, inner)
    ),
    max_leaves=4,
)


def larger(inner):
    return st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: ("plus", *parts)),
        st.lists(inner, max_size=4).map(lambda parts: ("times", *parts)),
        st.tuples(st.sampled_from(["minus", "divide", "min", "max"]), inner, inner),
        st.tuples(st.sampled_from(["minus", "sin", "tanh", "arctan", "abs", "exp", "ln", "sqrt"]), inner),
        st.tuples(st.just("power"), inner, exponents),
        st.tuples(st.just("piecewise"), inner, conditions, inner),
        st.tuples(st.just("piecewise"), inner, conditions, inner, conditions, inner),
        st.tuples(st.just("times"), leaves, comparisons),
    )


positions = st.floats(-3.0, 3.0).map(lambda value: round(value, 2))


@settings(max_examples=400)
@example(("times", 0.0, ("minus", "x")), [1.0] * 6)
@example(("divide", ("minus", "x"), ("times", ("minus", "y"), ("minus", "k"))), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
@given(st.recursive(leaves, larger, max_leaves=12), st.lists(positions, min_size=6, max_size=6))
def test_any_formula_has_the_value_numpy_gives_it(computed, formula, point):
    graph = Graph()
    names = symbols(graph)
    node = graph.of(formula, names)
    inputs = {("state", row): point[row] for row in range(3)} | {("parameter", row): point[3 + row] for row in range(3)}
    inputs["time", 0] = 0.0
    numbers = {f"{name}_": np.float64(value) for name, value in zip("xyzkab", point, strict=True)}
    with np.errstate(all="ignore"):
        try:
            right = float(eval(vector(formula), {**NUMPY, **numbers}))
        except ZeroDivisionError:  # of two plain numbers
            reject()
        values = computed(graph, inputs)
    sizes = np.abs([float(value) for value in values if not math.isnan(value)])
    assume(math.isfinite(right) and sizes.max() < 1e4)
    assert float(values[node]) == pytest.approx(right, rel=1e-9, abs=1e-9)


@settings(max_examples=100)
@given(st.recursive(leaves, larger, max_leaves=8))
def test_asking_again_adds_nothing(formula):
    graph = Graph()
    names = symbols(graph)
    node = graph.of(formula, names)
    count = len(graph.nodes)
    assert graph.of(formula, dict(names)) == node
    assert len(graph.nodes) == count
    for position, (operation, *arguments) in enumerate(graph.nodes):
        if operation not in ("input", "number", "truth"):
            assert all(argument < position for argument in arguments if isinstance(argument, int))
