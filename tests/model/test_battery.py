"""One battery for every hypothesis and every module: what any model of ours must do before it may say anything."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose import cache as kept
from lowdose import engine, simulate
from lowdose.model import all_outputs, assemble, hypotheses, modules, outputs, parameters
from lowdose.model import hypothesis as named
from lowdose.model.assemble import libsbml_problems
from lowdose.model.files import names
from lowdose.model.units import check_units

EVERY = {one.name: one for one in hypotheses()}
SWITCHED = sorted({output.module for output in all_outputs().values() if output.module} | {"agonist", "ultra_low_dose"})
DAYS = np.arange(0.0, 24.0 * 60 + 1, 6.0)


@cache
def compiled(name, extra=()):
    return engine.compile(assemble(named(name, extra)), cache=kept.folder())


def course(name, extra=(), doses=(), times=DAYS, **values):
    """Every state of a hypothesis, and every output it reports."""
    model = compiled(name, extra)
    wanted = [*model.states, *(one for one in outputs(named(name, extra)) if one not in model.states)]
    known = {symbol: value for symbol, value in values.items() if symbol in model.parameters}
    solved = engine.solve(model, known, [doses], wanted, times, rtol=1e-9, atol=1e-12)
    assert not solved.failed, solved.details
    return {one: solved.values[one][0] for one in wanted}


def nightly(milligrams, days):
    return tuple(engine.Dose(24.0 * day, milligrams, "capsule") for day in range(days))


@pytest.mark.parametrize("name", EVERY)
def test_units_agree_in_both_checks(name):
    assert not libsbml_problems(assemble(name))
    assert not check_units(assemble(name))


@pytest.mark.parametrize("name", EVERY)
def test_nothing_moves_without_drug_but_the_daily_rhythm(name):
    found = course(name)
    rhythmic = {"beta_endorphin", "ACTH", "alpha_MSH", "cortisol"}
    for quantity, values in found.items():
        if quantity in rhythmic:
            assert values[4:] == pytest.approx(values[:-4], rel=1e-6), quantity
        else:
            assert np.ptp(values) <= 1e-7 * max(1.0, abs(values[0])), quantity


@pytest.mark.parametrize("name", EVERY)
def test_what_is_left_out_rests_at_what_it_would_be_without_drug(name):
    for quantity, values in course(name, times=np.array([0.0, 500.0])).items():
        output = all_outputs().get(quantity)
        if output is not None and output.rest is not None:
            assert values == pytest.approx(output.rest, abs=1e-7), quantity


@pytest.mark.parametrize("milligrams", [4.5, 50.0, 300.0])
@pytest.mark.parametrize("name", EVERY)
def test_no_state_is_ever_negative(name, milligrams):
    block = {"imposed_block": 0.95} if name.startswith("imposed") else {}
    for quantity, values in course(name, doses=nightly(milligrams, 28), **block).items():
        if quantity != "natural_course":
            assert values.min() >= -1e-9, quantity


@pytest.mark.parametrize("name", [name for name in EVERY if not name.startswith("imposed")])
def test_smooth_in_dose(name):
    model = compiled(name)
    wanted = list(outputs(EVERY[name]))
    doses = np.geomspace(0.1, 100.0, 61)
    solved = engine.solve(model, {}, [nightly(dose, 14) for dose in doses], wanted, np.arange(312.0, 337.0, 2.0))
    for quantity in wanted:
        means = solved.values[quantity].mean(axis=1)
        between = np.abs(means[1:-1] - (means[:-2] + means[2:]) / 2)
        assert between.max() <= 0.02 * max(np.ptp(means), 1e-6), quantity


@given(st.sets(st.sampled_from(SWITCHED)))
@settings(deadline=None, max_examples=12)
def test_each_module_is_switched_without_touching_the_others(chosen):
    """Whatever set of modules is on, the text is sound and the core says the same."""
    extra = tuple(module for module in modules() if module in chosen)
    together = course("effect-site", extra, nightly(4.5, 3), times=np.array([0.0, 30.0, 72.0]))
    alone = course("effect-site", (), nightly(4.5, 3), times=np.array([0.0, 30.0, 72.0]))
    for quantity, values in alone.items():
        assert together[quantity] == pytest.approx(values, rel=1e-7, abs=1e-12), quantity
    assert not check_units(assemble(named("effect-site", extra)))


def test_every_module_has_a_name_and_a_file_and_its_outputs_a_module():
    assert set(modules()) == {name.removeprefix("modules/").removesuffix(".ant") for name in names("modules", ".ant")}
    assert set(SWITCHED) <= set(modules())
    for name, output in all_outputs().items():
        assert (output.module is None) == (output.rest is None), name


@pytest.mark.parametrize("name", EVERY)
def test_every_number_of_a_model_has_a_source_and_a_grade(name):
    model = compiled(name)
    assert model.parameters
    for symbol in model.parameters:
        if symbol in all_outputs():
            assert all_outputs()[symbol].rest == model.parameters[symbol]
        else:
            found = parameters()[symbol]
            assert all((found.source, found.grade, found.provenance)), symbol


def test_a_run_with_a_mechanism_reports_its_outputs_and_says_what_is_not_known():
    result = simulate("4.5 mg nightly for 3 days", hypothesis_name="rebound", aftermath_hours=36)
    assert result.hypothesis.name == "effect-site+rebound"
    assert result.metrics["TNF"]["fold_last_day"].value > 1
    assert any("microglia" in sentence for sentence in result.domain)
    assert "TNF" in result.weak_outputs
    assert "--hypothesis effect-site+rebound" in result.command
