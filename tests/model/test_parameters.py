"""The parameter table: its schema refuses what could mislead."""

from __future__ import annotations

import re

import numpy as np
import pytest
import yaml

from lowdose.errors import InvalidInput, NotFound
from lowdose.model import all_outputs, parameters, rests_on
from lowdose.model.files import names, read
from lowdose.model.parameters import merged, parse
from lowdose.model.units import agreed_units

ONE = {"name": "n", "value": 1.0, "unit": "1", "source": "s", "provenance": "found", "grade": "high"}


def table(**changes):
    return yaml.safe_dump({"schema": "lowdose.parameters/1", "parameters": {"x": {**ONE, **changes}}})


@pytest.mark.parametrize(
    "changes",
    [
        {"provenance": "guessed"},
        {"grade": "certain"},
        {"unit": None},
        {"spread": "CV 0.3"},
        {"source": None},
        {"uncertainty": {"distribution": "lognormal", "cv": -1, "source": "s", "provenance": "found"}},
        {"uncertainty": {"distribution": "uniform", "low": 2, "high": 1, "source": "s", "provenance": "found"}},
        {"uncertainty": {"distribution": "loguniform", "low": 0, "high": 1, "source": "s", "provenance": "found"}},
        {"between_person": {"distribution": "lognormal", "cv": 0.3}},
    ],
)
def test_a_block_that_breaks_the_schema_is_refused_with_its_name(changes):
    with pytest.raises(InvalidInput, match="x"):
        parse(table(**changes))


def test_a_correlation_needs_two_uncertain_parameters():
    text = table() + "uncertainty_correlation: [{pair: [x, y], value: 0.5, source: s, provenance: derived}]"
    with pytest.raises(InvalidInput, match="no uncertainty"):
        parse(text)


def test_every_unit_is_an_agreed_one_and_every_agreed_one_is_used():
    used = {p.unit for p in parameters().values()} | {o.unit for o in all_outputs().values()}
    assert used <= set(agreed_units())
    texts = "".join(map(read, names("modules", ".ant")))
    unused = {text for text, unit in agreed_units().items() if text not in used and unit.id not in texts}
    assert not unused


def test_every_parameter_is_used_by_a_module_or_acts_on_the_person():
    used = set(re.findall(r"\w+", "".join(map(read, names("modules", ".ant")))))
    for symbol, parameter in parameters().items():
        assert symbol in used or set(parameter.acts_on) & used, f"{symbol} is dead"


def test_both_spreads_say_where_they_come_from():
    for symbol, parameter in parameters().items():
        for spread in (parameter.between_person, parameter.uncertainty):
            assert spread is None or spread.source, symbol
        assert parameter.provenance != "found" or parameter.url or parameter.constant, symbol
        assert not parameter.constant or (parameter.between_person is None and parameter.uncertainty is None), symbol


def test_typical_values_lie_within_their_own_uncertainty_and_limits():
    for symbol, parameter in parameters().items():
        if parameter.uncertainty is not None:
            low, high = parameter.uncertainty.quantile(np.array([-8.2, 8.2]), parameter.value)
            assert low - 1e-9 <= parameter.value <= high + 1e-9, symbol
        if parameter.limits is not None:
            assert parameter.limits[0] <= parameter.value <= parameter.limits[1], symbol


def test_an_unknown_symbol_suggests_its_neighbours():
    with pytest.raises(NotFound, match="did you mean"):
        parameters()["CLm_renl"]


def test_routes_are_switched_off_in_what_an_output_rests_on():
    assert "F_cream" in rests_on("naltrexone_plasma", "effect-site", ["cream"])
    assert "F_cream" not in rests_on("naltrexone_plasma", "effect-site", ["capsule"])
    assert "ka_capsule" not in rests_on("naltrexone_plasma", "effect-site", ["cream"])
    assert "kR" not in rests_on("naltrexone_plasma", "effect-site", ["capsule"])
    assert "ke0" in rests_on("opioid_tone_central", "effect-site", ["capsule"])


def test_a_symbol_that_stands_in_two_files_is_refused():
    with pytest.raises(InvalidInput, match="x stands in one and in two"):
        merged({"one": parse(table()), "two": parse(table())})
