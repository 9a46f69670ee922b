import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lowdose.engine.native.factor import blocks, factorise
from lowdose.engine.native.graph import Graph


def solved(compute, matrix, right, *, known=()):
    """The solution through the graph, and the factors; entries in ``known`` are numbers of the graph itself."""
    graph = Graph()
    size = len(right)
    entries, inputs = {}, {}
    for row, column in np.argwhere(matrix).tolist():
        value = matrix[row, column]
        if (row, column) in known:
            entries[row, column] = graph.number(value)
        else:
            entries[row, column] = graph.input("given", len(inputs))
            inputs["given", len(inputs)] = value
    sides = [graph.input("right", row) for row in range(size)]
    inputs |= {("right", row): value for row, value in enumerate(right)}
    factors = factorise(graph, size, entries)
    solution = factors.solve(graph, sides)
    values = compute(graph, inputs)
    return np.array([values[node] for node in solution]), factors, graph


@st.composite
def systems(draw):
    """A sparse matrix whose diagonal outweighs its columns, a right-hand side, and which entries are known."""
    size = draw(st.integers(1, 9))
    matrix = np.zeros((size, size))
    places = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    weights = st.floats(0.1, 10.0) | st.floats(-10.0, -0.1)
    for (row, column), value in draw(st.dictionaries(places, weights, max_size=3 * size)).items():
        matrix[row, column] = value
    np.fill_diagonal(matrix, 0.0)
    matrix += np.diag(1.0 + 1.5 * np.abs(matrix).sum(axis=0))
    right = draw(st.lists(st.floats(-10.0, 10.0), min_size=size, max_size=size))
    known = draw(st.sets(places))
    return matrix, np.array(right), known


@settings(max_examples=200)
@example((np.array([[2.0]]), np.array([3.0]), set()))
@given(systems())
def test_the_solution_is_that_of_lapack(computed, system):
    matrix, right, known = system
    found, _, _ = solved(computed, matrix, right, known=known)
    assert found == pytest.approx(np.linalg.solve(matrix, right), rel=1e-9, abs=1e-9)


@settings(max_examples=200)
@given(systems())
def test_factors_keep_the_blocks_apart(computed, system):
    matrix, right, _ = system
    size = len(right)
    _, factors, _ = solved(computed, matrix, right)
    assert sorted(factors.order) == list(range(size))
    assert set(factors.inverse) == set(range(size))
    numbers = [factors.block[row] for row in factors.order]
    assert numbers == sorted(numbers)
    for row, column in factors.entries:
        assert row != column
        assert factors.block[column] <= factors.block[row]
        if factors.block[row] != factors.block[column]:  # nothing fills in between blocks
            assert matrix[row, column] != 0.0


@settings(max_examples=300)
@given(
    st.integers(1, 12).flatmap(
        lambda size: st.tuples(
            st.just(size), st.sets(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=30)
        )
    )
)
def test_blocks_are_what_feeds_back_in_an_order_that_can_be_solved(graph):
    size, pattern = graph
    found = blocks(size, dict.fromkeys(pattern, 1.0))
    assert sorted(row for block in found for row in block) == list(range(size))
    reach = np.eye(size, dtype=bool)
    for row, column in pattern:
        reach[row, column] = True
    for middle in range(size):
        reach |= reach[:, [middle]] & reach[[middle], :]
    number = {row: count for count, block in enumerate(found) for row in block}
    for row in range(size):
        for column in range(size):
            assert (number[row] == number[column]) == (reach[row, column] and reach[column, row])
            if reach[row, column]:
                assert number[column] <= number[row]


def test_a_chain_needs_no_elimination(computed):
    matrix = np.eye(6) * 3.0 + np.diag([1.0] * 5, -1)
    _, factors, graph = solved(computed, matrix, np.ones(6))
    assert factors.order == tuple(range(6))
    assert len(set(factors.block)) == 6
    assert len(factors.entries) == 5
    assert sum(operation == "subtract" for operation, *_ in graph.nodes) == 5


def test_an_arrow_does_not_fill(computed):
    size = 8
    matrix = np.eye(size) * 20.0
    matrix[0, :] += 1.0
    matrix[:, 0] += 1.0
    found, factors, _ = solved(computed, matrix, np.arange(8.0))
    assert factors.order[-1] in (0, *range(size))
    assert factors.order.index(0) >= size - 2
    assert len(factors.entries) == 2 * (size - 1)
    assert found == pytest.approx(np.linalg.solve(matrix, np.arange(8.0)), rel=1e-12)


def test_deep_chains_do_not_exhaust_the_stack():
    size = 5000
    assert blocks(size, {(row, row + 1): 1.0 for row in range(size - 1)}) == [[row] for row in reversed(range(size))]
    ring = {(row, (row + 1) % size): 1.0 for row in range(size)}
    assert blocks(size, ring) == [list(range(size))]
