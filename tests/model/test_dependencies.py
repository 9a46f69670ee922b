"""What is dashed, and the promise of `minor`: it moves nothing by more than a tenth."""

from __future__ import annotations

import pytest

from lowdose import simulate
from lowdose.model import outputs, parameters

MINOR = {symbol: parameter for symbol, parameter in parameters().items() if parameter.minor}


@pytest.mark.parametrize("symbol", MINOR)
def test_a_minor_parameter_moves_nothing_by_more_than_a_tenth(symbol):
    parameter = MINOR[symbol]
    low, high = 0.75 * parameter.value, 1.25 * parameter.value
    if parameter.uncertainty is not None:
        low, high = parameter.uncertainty.low, parameter.uncertainty.high
    forms = ["capsule"] if parameter.minor == "swallowed" else ["capsule", "intravenous"]
    for form in forms:
        regimen = f"4.5 mg nightly for 4 days as {form}"
        usual = simulate(regimen, aftermath_hours=36)
        for value in (low, high):
            moved = simulate(regimen, overrides={symbol: value}, aftermath_hours=36)
            for output in outputs():
                metric = moved.metrics[output]["mean_last_day"].value
                assert metric == pytest.approx(usual.metrics[output]["mean_last_day"].value, rel=0.1), (output, form)


def solid(regimen, hypothesis_name="effect-site"):
    result = simulate(regimen, hypothesis_name=hypothesis_name, aftermath_hours=36)
    return set(outputs()) - result.weak_outputs


BRAIN = {"mu_occupancy_central", "kappa_occupancy_central", "delta_occupancy_central"}
BLOOD = {"naltrexone_plasma", "naltrexol_plasma"}


def test_what_is_dashed():
    assert solid("50 mg once") == BRAIN | BLOOD | {"mu_occupancy_peripheral"}
    assert solid("4.5 mg once") == BRAIN, "no blood levels exist at low doses; scans do"
    assert solid("50 mg once as slow-release capsule") == set()
    assert solid("50 mg once as intravenous") == {"naltrexone_plasma"}
    assert solid("4.5 mg once", "equilibrium-both") == set()
    assert solid("3 mg once as intravenous") == {"naltrexone_plasma"}, "nothing is swallowed"
    assert "mu_occupancy_central" not in solid("50 mg once", "imposed")
