"""The opioids' numbers: sourced, graded, in agreed units, and in agreement with published blood levels and scans."""

from __future__ import annotations

import numpy as np
import pytest

from lowdose.errors import InvalidInput, NotFound
from lowdose.model import parameters
from lowdose.opioids import NotEnoughData, SafetyStop, Setting, opioid, opioid_dose, opioids, withheld
from lowdose.opioids.course import solve
from lowdose.opioids.dose import read

HOURS = np.unique(np.concatenate([np.arange(0, 12, 0.05), np.arange(12, 96.5, 0.5)]))


def course(text, output, hours=HOURS, *, at=(0.0,), on_board=False, **setting):
    dose = opioid_dose(text, on_board=on_board)
    return solve("effect-site", Setting(**setting), [output], hours, opioid=dose, opioid_at=at)[output][0]


def area(values, hours=HOURS):
    return float(np.trapezoid(values, hours))


@pytest.mark.parametrize("name", list(opioids()))
def test_every_number_has_unit_source_provenance_and_grade(name):
    entry = opioid(name)
    for route in entry.routes:
        for symbol, parameter in entry.table(route).items():
            assert parameter.unit == parameters()[symbol].unit, symbol
            assert parameter.source, symbol
            if parameter.provenance == "found" and parameter.source != "definition" and not parameter.constant:
                assert parameter.url, f"{name} {symbol} is said to be found, but nobody says where"


@pytest.mark.parametrize("name", list(opioids()))
def test_affinity_from_memory_never_claims_to_be_found(name):
    ki = opioid(name).receptor["Ki_mu"]
    assert ki.provenance == ("found" if name == "tramadol" else "recalled")


def test_an_opioid_without_data_is_refused_with_what_is_missing():
    for name, missing in withheld().items():
        with pytest.raises(NotEnoughData) as refused:
            opioid(name)
        assert missing in str(refused.value)
        assert refused.value.exit_code == 5


def test_what_is_withheld_is_said_however_the_amount_is_written():
    for text in ("kratom 5 g", "tapentadol", "carfentanil a little"):
        with pytest.raises(NotEnoughData):
            opioid_dose(text)


def test_an_unknown_name_gets_near_misses():
    with pytest.raises(NotFound, match="oxycodone"):
        opioid("oxycodon")


def test_the_opioid_of_the_challenges_cannot_be_asked_about():
    with pytest.raises(NotEnoughData):
        opioid_dose("heroin 25 mg intravenous")
    assert "diamorphine" not in opioids()


@pytest.mark.parametrize("name", list(opioids()))
def test_no_prediction_above_the_usual_dose(name):
    for route, way in opioid(name).routes.items():
        unit, by = ("mcg/h", "patch") if way.hours else ("mg", route)
        assert opioid_dose(f"{name} {way.usual_single:g} {unit} {by}").amount == way.usual_single
        with pytest.raises(SafetyStop):
            opioid_dose(f"{name} {way.usual_single * 1.01:.6f} {unit} {by}")


@pytest.mark.parametrize(
    "text", ["oxycodone", "10 mg", "oxycodone 10", "oxycodone 10 ml", "oxycodone -10 mg", "oxycodone 0 mg",
             "oxycodone 1,5 mg", "oxycodone 10 mg every 0 hours", "fentanyl 10 mg oral", "fentanyl 25 mcg patch"]
)  # fmt: skip
def test_what_is_not_a_dose_is_refused(text):
    with pytest.raises(InvalidInput):
        opioid_dose(text)


def test_units_and_schedules_are_read():
    assert read("fentanyl 100 mcg iv").amount == pytest.approx(0.1)
    assert read("methadone 40 mg daily").every == 24
    assert read("morphine 15 mg by mouth every 6 hours").every == 6
    assert read("codeine 30mg twice daily").every == 12
    assert opioid_dose("fentanyl 25 mcg/h patch").milligrams == pytest.approx(1.8)


# ------------------------------------------------ against published levels


def test_oxycodone_gives_the_label_s_levels():
    """US label, 15 mg tablet: 22.6 (SD 7.6) ng/mL at 1.4 h, area 128 (SD 35) ng h/mL."""
    level = course("oxycodone 15 mg", "agonist_plasma") * 0.31536
    assert level.max() == pytest.approx(22.6, abs=7.6)
    assert HOURS[level.argmax()] == pytest.approx(1.4, abs=0.7)
    assert area(level) == pytest.approx(128, abs=35)


def test_morphine_into_a_vein_gives_the_published_area():
    """BJCP 2000 49:207: 290 (SD 67) nmol h/L after 10 mg."""
    assert area(course("morphine 10 mg intravenous", "agonist_plasma")) == pytest.approx(290, abs=67)


def test_codeine_gives_the_published_morphine_by_class():
    """Kirchheiner 2007: area 11 (5-17) µg h/L after 30 mg in normal, 16 (10-24) in ultrarapid metabolisers."""
    normal = area(course("codeine 30 mg", "agonist_metabolite_plasma")) * 0.28534
    fast = area(course("codeine 30 mg", "agonist_metabolite_plasma", cyp2d6="ultrarapid")) * 0.28534
    poor = area(course("codeine 30 mg", "agonist_metabolite_plasma", cyp2d6="poor")) * 0.28534
    assert normal == pytest.approx(11, rel=0.1)
    assert fast == pytest.approx(16, rel=0.1)
    assert poor < 1.0


def test_tramadol_gives_the_published_levels():
    """Lintz 1986: 280 (SD 49) ng/mL, area 2488 (SD 774); M1 about a quarter of tramadol."""
    level = course("tramadol 100 mg", "agonist_plasma") * 0.26338
    metabolite = course("tramadol 100 mg", "agonist_metabolite_plasma") * 0.24935
    assert level.max() == pytest.approx(280, abs=49)
    assert area(level) == pytest.approx(2488, abs=774)
    assert area(metabolite) / area(level) == pytest.approx(0.25, abs=0.05)


def test_methadone_s_half_life_lies_in_the_published_range():
    level = course("methadone 10 mg", "agonist_plasma")
    late = HOURS >= 24
    slope = np.polyfit(HOURS[late], np.log(level[late]), 1)[0]
    assert 13 < np.log(2) / -slope < 47


def test_a_fentanyl_patch_reaches_its_plateau_and_leaves_slowly():
    hours = np.arange(0, 120.5, 0.5)
    level = course("fentanyl 25 mcg/h patch", "agonist_plasma", hours) * 0.33647
    assert 0.3 < level[hours == 60][0] < 0.8
    assert level[hours == 106][0] / level[hours == 89][0] == pytest.approx(0.5, abs=0.07)  # half-life 17 h


@pytest.mark.parametrize(("daily", "seen"), [(2, 0.41), (16, 0.80), (32, 0.84)])
def test_buprenorphine_holds_the_receptors_that_scans_showed(daily, seen):
    """Greenwald 2003, 4 h after a maintenance dose. They chose between two published pairs of constants."""
    last = 13 * 24.0
    found = course(f"buprenorphine {daily} mg daily", "agonist_occupancy_unblocked", np.array([0.0, last + 4.0]),
                   at=[24.0 * day for day in range(14)], on_board=True)  # fmt: skip
    assert found[-1] == pytest.approx(seen, abs=0.12)
