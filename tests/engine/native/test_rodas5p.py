"""The method itself, in numpy, on problems with a known solution."""

import math

import numpy as np
import pytest

from lowdose.engine.native.rodas5p import (
    COUPLINGS,
    GAMMA,
    NODES,
    ORDER,
    STAGES,
    TIME_SLOPES,
    WEIGHTS,
    dense_coefficients,
)

DENSE = np.array(dense_coefficients())


class Problem:
    """x' = -x^2 y + cos t ..., chosen so that the solution is x = 1 + sin t / 2, y = exp(cos t)."""

    @staticmethod
    def solution(t):
        return np.array([1.0 + 0.5 * math.sin(t), math.exp(math.cos(t))])

    @staticmethod
    def f(t, y):
        x, z = Problem.solution(t)
        return np.array(
            [
                0.5 * math.cos(t) - y[0] ** 2 * y[1] + x**2 * z,
                -math.sin(t) * z + math.sin(y[0] * y[1]) - math.sin(x * z),
            ]
        )

    @staticmethod
    def jacobian(t, y):
        c = math.cos(y[0] * y[1])
        return np.array([[-2.0 * y[0] * y[1], -(y[0] ** 2)], [y[1] * c, y[0] * c]])

    @staticmethod
    def slope(t, y):
        x, z = Problem.solution(t)
        dx, dz = 0.5 * math.cos(t), -math.sin(t) * z
        return np.array(
            [
                -0.5 * math.sin(t) + 2.0 * x * dx * z + x**2 * dz,
                -math.cos(t) * z - math.sin(t) * dz - math.cos(x * z) * (dx * z + x * dz),
            ]
        )


def increments(problem, t, y, h):
    """The eight u of a step, and the new state."""
    n = len(y)
    matrix = np.eye(n) / (h * GAMMA) - problem.jacobian(t, y)
    drift = problem.slope(t, y)
    u: list[np.ndarray] = []
    state = y
    for s in range(STAGES):
        state = state + u[-1] if s >= len(WEIGHTS) else y + sum((a * v for a, v in zip(WEIGHTS[s], u, strict=True)), 0)
        right = problem.f(t + NODES[s] * h, state) + h * TIME_SLOPES[s] * drift
        right = right + sum((c / h * v for c, v in zip(COUPLINGS[s], u, strict=True)), 0)
        u.append(np.linalg.solve(matrix, right))
    return np.array(u), state + u[-1]


def march(problem, start, end, count):
    t, y, h = start, problem.solution(start), (end - start) / count
    for step in range(count):
        _, y = increments(problem, t, y, h)
        t = start + (step + 1) * h
    return y


def rates(errors):
    return np.log2(np.array(errors[:-1]) / np.array(errors[1:]))


def test_the_step_is_of_order_five():
    errors = [np.abs(march(Problem, 0.0, 2.0, n) - Problem.solution(2.0)).max() for n in (16, 32, 64, 128)]
    assert rates(errors)[-1] == pytest.approx(ORDER, abs=0.2)
    assert errors[-1] < 1e-9


def test_dense_output_and_error_estimate_are_of_order_four():
    """One step's error shrinks with the fifth power of its length where the order is four."""
    start = 0.7
    inside, estimated = [], []
    for h in (0.1, 0.05, 0.025, 0.0125, 0.00625):
        u, _ = increments(Problem, start, Problem.solution(start), h)
        shares = np.linspace(0.1, 0.9, 9)
        weights = np.array([sum(DENSE[:, k] * x ** (k + 1) for k in range(4)) for x in shares])
        found = Problem.solution(start) + weights @ u
        exact = np.array([Problem.solution(start + x * h) for x in shares])
        inside.append(np.abs(found - exact).max())
        estimated.append(np.abs(u[-1]).max())
    assert rates(inside)[-1] == pytest.approx(5.0, abs=0.4)
    assert rates(estimated)[-1] == pytest.approx(5.0, abs=0.4)


def test_dense_output_ends_in_the_new_state_and_starts_in_the_old():
    u, after = increments(Problem, 0.3, Problem.solution(0.3), 0.1)
    weights = DENSE.sum(axis=1)
    assert weights == pytest.approx([*WEIGHTS[5], 1.0, 1.0, 1.0], abs=1e-13)
    assert Problem.solution(0.3) + weights @ u == pytest.approx(after, rel=1e-13)
    assert DENSE.shape == (STAGES, 4)


def test_the_tableau_has_the_right_shape():
    assert [len(row) for row in WEIGHTS] == list(range(6))
    assert [len(row) for row in COUPLINGS] == list(range(8))
    assert len(NODES) == len(TIME_SLOPES) == STAGES
    assert (NODES[0], TIME_SLOPES[0]) == (0.0, GAMMA)


def test_the_nodes_are_the_row_sums():
    """c and d follow from the weights and couplings of an autonomous method (Hairer & Wanner II, IV.7)."""
    couplings = np.zeros((STAGES, STAGES))
    weights = np.zeros((STAGES, STAGES))
    for s in range(STAGES):
        couplings[s, :s] = COUPLINGS[s]
        row = WEIGHTS[s] if s < len(WEIGHTS) else (*WEIGHTS[5], 1.0, 1.0)[:s]
        weights[s, :s] = row
    inverse = np.eye(STAGES) / GAMMA - couplings
    gammas = np.linalg.inv(inverse)
    assert weights @ gammas @ np.ones(STAGES) == pytest.approx(NODES, abs=1e-12)
    assert gammas @ np.ones(STAGES) == pytest.approx(TIME_SLOPES, abs=1e-12)


@pytest.mark.parametrize("stiffness", [1e3, 1e6, 1e12])
def test_stiffly_accurate(stiffness):
    """Prothero & Robinson: a stiff state ends on its slow course, and the estimate does not see the stiffness."""

    class Robinson:
        @staticmethod
        def f(t, y):
            return np.array([-stiffness * (y[0] - math.sin(t)) + math.cos(t)])

        @staticmethod
        def jacobian(t, y):
            return np.array([[-stiffness]])

        @staticmethod
        def slope(t, y):
            return np.array([stiffness * math.cos(t) - math.sin(t)])

    u, after = increments(Robinson, 0.4, np.array([math.sin(0.4)]), 0.1)
    assert after[0] == pytest.approx(math.sin(0.5), abs=1e-5)
    assert abs(u[-1][0]) < 1e-4


@pytest.mark.parametrize("product", [-1e3, -1e8, -1e15])
def test_what_is_stiff_dies_out_in_one_step(product):
    """L-stable: the step's factor tends to 0."""

    class Decay:
        @staticmethod
        def f(t, y):
            return product * y

        @staticmethod
        def jacobian(t, y):
            return np.array([[product]])

        @staticmethod
        def slope(t, y):
            return np.zeros(1)

    _, after = increments(Decay, 0.0, np.ones(1), 1.0)
    assert abs(after[0]) < max(20.0 / abs(product), 1e-12)


def test_a_stability_function_below_one_on_the_imaginary_axis():
    for product in 1j * np.geomspace(1e-2, 1e4, 200):
        u: list[complex] = []
        state = 1.0 + 0.0j
        for s in range(STAGES):
            y = state + u[-1] if s >= len(WEIGHTS) else 1.0 + sum(a * v for a, v in zip(WEIGHTS[s], u, strict=True))
            state = y
            right = product * y + sum(c * v for c, v in zip(COUPLINGS[s], u, strict=True))
            u.append(right / (1.0 / GAMMA - product))
        assert abs(state + u[-1]) <= 1.0 + 1e-9
