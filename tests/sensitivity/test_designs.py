"""Indices of functions whose indices are known, through the same adapter as the model's."""

from __future__ import annotations

import numpy as np
import pytest

from lowdose.errors import InvalidInput
from lowdose.sensitivity import SobolStep, TooManyLost
from lowdose.sensitivity.designs import (
    Design,
    check_size,
    morris_design,
    morris_steps,
    sobol_design,
    sobol_steps,
    varies,
)
from lowdose.sensitivity.indices import Index, morris_verdict, sobol_verdict

A, B = 7.0, 0.1


def ishigami(shares: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * shares - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_shares() -> tuple[list[float], list[float]]:
    """Analytic first and total indices (Ishigami and Homma 1990)."""
    first = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    second = A**2 / 8
    together = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = first + second + together
    return [first / whole, second / whole, 0.0], [(first + together) / whole, second / whole, together / whole]


@pytest.fixture(scope="module")
def three() -> Design:
    return sobol_design([["x1"], ["x2"], ["x3"]], 2048, seed=3)


def test_ishigami_indices_lie_within_their_intervals(three: Design) -> None:
    last = sobol_steps(three, ishigami(three.shares))[-1]
    first, total = ishigami_shares()
    for index, known in zip((*last.first, *last.total), (*first, *total), strict=True):
        assert index.low <= known <= index.high
        assert index.value == pytest.approx(known, abs=0.03)


def test_intervals_cover_the_analytic_indices_about_as_often_as_they_say() -> None:
    first, total = ishigami_shares()
    covered = []
    for seed in range(40):
        design = sobol_design([["x1"], ["x2"], ["x3"]], 128, seed)
        last = sobol_steps(design, ishigami(design.shares))[-1]
        covered += [
            index.low <= known <= index.high
            for index, known in zip((*last.first, *last.total), (*first, *total), strict=True)
        ]
    # A bootstrap of a quasi-random sequence is too wide rather than too narrow.
    assert np.mean(covered) >= 0.93


def test_a_group_has_the_index_of_its_factors_together() -> None:
    design = sobol_design([["x1", "x2"], ["x3"]], 2048, seed=3)
    last = sobol_steps(design, ishigami(design.shares))[-1]
    first, total = ishigami_shares()
    assert last.first[0].value == pytest.approx(first[0] + first[1], abs=0.04)
    assert last.total[1].value == pytest.approx(total[2], abs=0.04)


def test_a_single_group_has_all_of_it() -> None:
    design = sobol_design([["a", "b"]], 256, seed=3)
    assert design.shares.shape[1] == 2
    last = sobol_steps(design, design.shares.sum(axis=1))[-1]
    assert [index.value for index in (*last.first, *last.total)] == pytest.approx([1, 1], abs=0.1)
    steps = morris_steps(found := morris_design([["a", "b"]], 64, seed=3), found.shares.sum(axis=1))
    assert len(steps[-1].effects) == 1


def test_groups_keep_their_order_whatever_their_names() -> None:
    design = sobol_design([["z"], ["b", "a"], ["m"]], 512, seed=1)
    values = design.shares @ np.array([3.0, 0.0, 0.0, 1.0])
    last = sobol_steps(design, values)[-1]
    assert [index.value for index in last.total] == pytest.approx([0.9, 0.0, 0.1], abs=0.02)


@pytest.mark.parametrize("weights", [(1.0, 2.0, 4.0), (5.0, 0.0, 5.0)])
def test_an_additive_model_has_no_interactions(weights: tuple[float, ...]) -> None:
    design = sobol_design([["a"], ["b"], ["c"]], 1024, seed=2)
    last = sobol_steps(design, design.shares @ np.array(weights))[-1]
    known = np.square(weights) / np.sum(np.square(weights))
    assert [index.value for index in last.total] == pytest.approx(known, abs=0.02)
    assert sum(index.value for index in last.first) == pytest.approx(1, abs=0.03)


def test_elementary_effects_of_a_line_are_its_slopes_over_the_central_range() -> None:
    design = morris_design([["a"], ["b"], ["c"]], 128, seed=5)
    last = morris_steps(design, design.shares @ np.array([1.0, -2.0, 0.0]))[-1]
    assert [effect.mu_star.value for effect in last.effects] == pytest.approx([0.9, 1.8, 0.0])
    assert [effect.mu for effect in last.effects] == pytest.approx([0.9, -1.8, 0.0])
    assert [effect.sigma for effect in last.effects] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert morris_verdict([last, last], 4).converged


def test_a_group_has_no_direction_in_a_morris_design() -> None:
    design = morris_design([["a", "b"], ["c"]], 128, seed=5)
    effects = morris_steps(design, design.shares @ np.array([1.0, 2.0, 1.0]))[-1].effects
    assert effects[0].sigma is None
    assert effects[0].mu is None
    assert effects[1].sigma == pytest.approx(0.0, abs=1e-12)
    # Both of a pair move at once, up together or against each other.
    assert 0.9 <= effects[0].mu_star.value <= 2.7


def test_morris_stays_within_the_central_nine_tenths() -> None:
    shares = morris_design([["a"], ["b"]], 64, seed=1).shares
    assert shares.min() == pytest.approx(0.05)
    assert shares.max() == pytest.approx(0.95)


@pytest.mark.parametrize("seed", [0, 1, 99])
@pytest.mark.parametrize(("make", "steps"), [(sobol_design, sobol_steps), (morris_design, morris_steps)])
def test_a_seed_gives_the_same_design_and_intervals(seed: int, make, steps) -> None:  # type: ignore[no-untyped-def]
    one, other = (make([["a"], ["b"]], 64, seed) for _ in range(2))
    assert np.array_equal(one.shares, other.shares)
    values = one.shares[:, 0] + one.shares[:, 1] ** 2
    assert steps(one, values) == steps(other, values)
    assert not np.array_equal(one.shares, make([["a"], ["b"]], 64, seed + 1).shares)


def test_steps_are_the_first_quarter_half_and_all_of_one_design(three: Design) -> None:
    steps = sobol_steps(three, ishigami(three.shares))
    assert [step.n for step in steps] == [512, 1024, 2048]
    alone = sobol_design([["x1"], ["x2"], ["x3"]], 512, seed=3)
    assert steps[0].total == sobol_steps(alone, ishigami(alone.shares))[-1].total


def test_a_point_without_a_number_is_left_out_whole(three: Design) -> None:
    values = ishigami(three.shares)
    values[[3, 4, 5 * 200 + 1]] = np.nan
    last = sobol_steps(three, values)[-1]
    assert last.complete == 2048 - 2
    assert last.total[0].value == pytest.approx(ishigami_shares()[1][0], abs=0.03)


def test_too_many_points_without_a_number_are_refused(three: Design) -> None:
    values = ishigami(three.shares)
    values[:: 3 * three.block] = np.nan
    with pytest.raises(TooManyLost, match=r"33% of the points.*at most 5%") as refused:
        sobol_steps(three, values)
    assert refused.value.exit_code == 5


def test_a_constant_has_nothing_to_apportion(three: Design) -> None:
    assert not varies(np.full(10, 3.0) * (1 + 1e-8 * np.arange(10)))
    assert all(index.value == 0 for index in sobol_steps(three, np.ones(len(three.shares)))[-1].total)


@pytest.mark.parametrize(("n", "said"), [(500, "256 or 512"), (32, "64 or 128"), (100_000, "32768"), (0, "64 or 128")])
def test_a_size_that_is_no_power_of_two_is_refused_with_its_neighbours(n: int, said: str) -> None:
    with pytest.raises(InvalidInput, match=f"give {said} "):
        check_size(n)


def test_the_verdict_asks_for_as_many_points_as_the_interval_needs() -> None:
    def step(n: int, half: float) -> SobolStep:
        return SobolStep(n, n, (Index(0.5, half),), (Index(0.5, half),))

    verdict = sobol_verdict([step(256, 0.14), step(512, 0.10)])
    assert (verdict.converged, verdict.ask) == (False, 2048)
    assert "±0.10" in verdict.sentence
    assert "n = 2048" in verdict.sentence
    assert sobol_verdict([step(256, 0.06), step(512, 0.04)]).sentence.startswith("converged")
    beyond = sobol_verdict([step(8192, 1.0), step(16384, 0.9)])
    assert beyond.ask is None
    assert "vary fewer" in beyond.sentence


def test_an_index_that_still_moves_has_not_settled() -> None:
    moving = [SobolStep(n, n, (Index(value, 0.01),), (Index(value, 0.01),)) for n, value in ((64, 0.2), (128, 0.4))]
    verdict = sobol_verdict(moving)
    assert not verdict.converged
    assert "moved by 0.20" in verdict.sentence
