"""The timed models are frozen, and the peers' generated equations are those of the models."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import pytest
import roadrunner

from benchmarks import problem as problems
from benchmarks.equations import Equations
from benchmarks.problem import MODELS, Problem, index, problem

NAMES = ["main", "stiff34"]


def test_the_index_lists_every_file() -> None:
    assert sorted(index()) == NAMES
    assert {str(entry["file"]) for entry in index().values()} == {path.name for path in MODELS.glob("*.xml")}


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_model_has_the_hash_of_the_index(name: str) -> None:
    entry = index()[name]
    assert hashlib.sha256((MODELS / str(entry["file"])).read_bytes()).hexdigest() == entry["sha256"]


def test_a_changed_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in MODELS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes() + b" ")
    monkeypatch.setattr(problems, "MODELS", tmp_path)
    with pytest.raises(ValueError, match="SHA-256"):
        problem.__wrapped__("stiff34")


def test_the_stiff_model_is_as_large_as_it_says() -> None:
    model = problem("stiff34").description
    assert (len(model.rates), len(problem("stiff34").individual)) == (34, 30)
    assert len(model.assigned) == 13


@pytest.mark.parametrize("name", NAMES)
def test_individual_parameters_are_the_models_and_do_not_depend_on_how_many_people_are_drawn(name: str) -> None:
    frozen = problem(name)
    few, many = frozen.parameters(2), frozen.parameters(9)
    for parameter in frozen.individual:
        assert frozen.description.parameters[parameter] > 0.0
        assert few[parameter].tolist() == many[parameter][:2].tolist()
    assert frozen.person(1) == {parameter: values[1] for parameter, values in few.items()}


def functions(frozen: Problem) -> tuple[Equations, dict[str, object]]:
    code = Equations(frozen.description)
    names: dict[str, object] = {one: getattr(math, one) for one in ("exp", "log", "sqrt", "sin", "cos")}
    place = [f"out[{row}, {column}]" for row, column in zip(code.rows, code.columns, strict=True)]
    for source in (code.start(), code.prepare(), code.rates(), code.jacobian(place.__getitem__)):
        exec(source, names)
    return code, names


@pytest.mark.parametrize("name", NAMES)
def test_generated_rates_are_those_of_another_reader_of_the_model(name: str) -> None:
    frozen = problem(name)
    code, run = functions(frozen)
    parameters = np.array([frozen.description.parameters[one] for one in code.parameters])
    known, state, rates = np.empty(code.size_known), np.empty(len(code.states)), np.empty(len(code.states))
    run["prepare"](parameters, known)
    run["start"](0.0, parameters, state)
    theirs = roadrunner.RoadRunner(frozen.sbml)
    np.testing.assert_allclose(state, [theirs.getValue(one) for one in code.states], rtol=1e-12)
    state += 0.05 + 0.01 * np.arange(len(state))
    for one, value in zip(code.states, state, strict=True):
        theirs.setValue(one, float(value))
    run["rates"](0.0, state, known, rates)
    np.testing.assert_allclose(rates, [theirs.getValue(f"{one}'") for one in code.states], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_the_generated_jacobian_is_the_slope_of_the_rates(name: str) -> None:
    frozen = problem(name)
    code, run = functions(frozen)
    parameters = np.array([frozen.description.parameters[one] for one in code.parameters])
    known, state = np.empty(code.size_known), np.empty(len(code.states))
    run["prepare"](parameters, known)
    run["start"](0.0, parameters, state)
    state += 0.05
    jacobian = np.zeros((len(state), len(state)))
    run["jacobian"](7.0, state, known, jacobian)
    for column in range(len(state)):
        up, down, above, below = state.copy(), state.copy(), np.empty(len(state)), np.empty(len(state))
        up[column] += 1e-6
        down[column] -= 1e-6
        run["rates"](7.0, up, known, above)
        run["rates"](7.0, down, known, below)
        np.testing.assert_allclose(jacobian[:, column], (above - below) / 2e-6, rtol=1e-6, atol=1e-7)
