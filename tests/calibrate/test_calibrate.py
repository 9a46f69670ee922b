"""Observations, their comparison with the model, and refits to scans."""

from __future__ import annotations

import math

import pytest

from lowdose import Regimen
from lowdose.calibrate import observations, scans, study, validate
from lowdose.calibrate.observations import Measure, Observation
from lowdose.calibrate.occupancy.scoring import studies
from lowdose.calibrate.refit import fitted_kinetics, held_out, refit
from lowdose.model import hypothesis_names, outputs, parameters
from lowdose.report.validation import validation_page, write_validation


@pytest.fixture(scope="module")
def found():
    return validate(people=20, leave_out=False)


def test_every_row_can_be_compared_or_says_why_not():
    for row in observations():
        assert study(row.study).name
        if row.measure is None:
            assert row.role == "context"
            assert row.why
        else:
            Regimen.parse(row.regimen)
            assert set(row.measure.ratio or (row.measure.output,)) <= set(outputs())
            if row.measure.metric in ("cmax", "peak"):
                assert row.unit == outputs()[row.measure.output].unit
    for scan in scans():
        Regimen.parse(scan.regimen)
        assert 0 < scan.occupancy < 1


@pytest.mark.parametrize("measure", [{}, {"output": "x"}, {"output": "x", "metric": "cmax", "at_h": 2}, {"at_h": 1}])
def test_a_measure_is_read_in_exactly_one_way(measure):
    with pytest.raises(ValueError, match="measure names one"):
        Measure(**measure)


def test_a_context_row_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="say why"):
        Observation(study="meyer", quantity="F", value=1, unit="1", role="context", provenance="found")


def test_fitted_rows_are_met_and_recalled_rows_never_count(found):
    fitted = found.of_role("fitted")
    assert sum(c.is_inside for c in fitted) >= len(fitted) - 1
    assert all(c.observation.provenance != "recalled" for role in ("fitted", "predicted") for c in found.of_role(role))
    assert any(c.observation.provenance == "recalled" for c in found.blood)


def test_every_kinetics_is_held_against_every_scan(found):
    for kinetics in hypothesis_names():
        assert sum(c.kinetics == kinetics for c in found.scans) == len(scans())
    errors = {kinetics: found.root_mean_square(kinetics) for kinetics in hypothesis_names()}
    assert min(errors, key=errors.__getitem__) == "effect-site"
    assert errors["effect-site"] < 8
    assert errors["equilibrium-parent"] > 40
    assert not any(c.fitted for c in found.scans if c.kinetics.startswith("equilibrium"))


def test_the_page_says_plainly_where_the_model_fails(found, tmp_path):
    page = write_validation(found, tmp_path / "ä b").read_text(encoding="utf-8")
    failing = page.split("## Where the model fails")[1].split("## Blood levels")[0]
    outside = [c for c in found.blood if not c.is_inside and c.observation.provenance != "recalled"]
    assert failing.count("\n- [") == len(outside)
    assert "Verebey 1976" in failing
    assert "○" in page
    assert (tmp_path / "ä b" / "images" / "validation-blood.svg").stat().st_size > 5000
    for row in observations():
        assert study(row.study).name in page


def test_figures_draw_one_mark_a_row(found):
    from lowdose.report.validation import ratio_rows, scan_rows

    assert len(scan_rows(found)) == len(scans()) * len(hypothesis_names())
    assert {row["recalled"] for row in ratio_rows(found)} == {True, False}


def test_shipped_constants_are_where_least_squares_puts_them():
    for kinetics in fitted_kinetics():
        for symbol, value in refit(kinetics).values.items():
            assert value == pytest.approx(parameters()[symbol].value, rel=0.03), symbol


def test_held_out_scans_rank_the_effect_site_above_slow_binding():
    pooled = {}
    for kinetics in fitted_kinetics():
        rows = [held_out(kinetics, one) for one in studies()]
        assert sum(row.scans for row in rows) == 12
        pooled[kinetics] = math.sqrt(sum(row.scans * row.root_mean_square**2 for row in rows) / 12)
    assert pooled["effect-site"] == pytest.approx(7.9, abs=0.3)
    assert pooled["slow-binding"] == pytest.approx(35, abs=1.5)


def test_an_empty_validation_still_makes_a_page():
    from lowdose.calibrate import Validation

    assert validation_page(Validation("abc", 0, 1, (), ())).startswith("# Validation")
