"""The opioids' numbers: sourced, graded, in agreed units, and in agreement with published blood levels and scans."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lowdose.errors import InvalidInput, NotFound
from lowdose.model import parameters
from lowdose.opioids import NotEnoughData, SafetyStop, Setting, opioid, opioid_dose, opioids, withheld
from lowdose.opioids.course import solve
from lowdose.opioids.dose import read

STUDY = re.compile(r"[A-Z][a-zö]+ (?:19|20)\d\d")
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
            if parameter.provenance == "found" and not parameter.source.startswith("definition"):
                assert parameter.url, f"{name} {symbol} is said to be found, but nobody says where"
            for spread in (parameter.between_person, parameter.uncertainty):
                if spread is not None and spread.provenance == "found":
                    assert parameter.url, f"a spread of {name} {symbol} is said to be found, but nobody says where"
                    for study in STUDY.findall(spread.source):  # a spread has no address of its own
                        assert study in f"{parameter.source} {parameter.url}", f"{name} {symbol}: {study} has no url"


@pytest.mark.parametrize("name", list(opioids()))
def test_what_is_found_beside_the_equations_says_where(name):
    entry = opioid(name)
    for found in (*entry.receptor.values(), *entry.cyp2d6.values()):
        if found.provenance == "found" and not found.source.startswith("definition"):
            assert found.url, found.source
    for way in entry.routes.values():
        if way.cap_provenance == "found":
            assert way.cap_url, way.cap


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
    for text in ("kratom 5 g", "tapentadol", "carfentanil a little", "Dilaudid", "OxyContin 40 mg", "heroin"):
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
    ("text", "name", "route"),
    [("butrans 5 mcg/h", "buprenorphine", "patch"), ("Subutex 4 mg", "buprenorphine", "sublingual"),
     ("suboxone 4 mg under the tongue", "buprenorphine", "sublingual"), ("percocet 5 mg", "oxycodone", "oral")],
)  # fmt: skip
def test_a_brand_is_what_it_is_made_for(text, name, route):
    dose = opioid_dose(text)
    assert (dose.opioid.name, dose.route) == (name, route)


@pytest.mark.parametrize(
    "text", ["butrans 4 mg", "butrans 4 mg sublingual", "subutex 0.3 mg iv", "suboxone 5 mcg/h patch"]
)
def test_a_brand_by_another_route_is_refused(text):
    with pytest.raises(InvalidInput):
        opioid_dose(text)


@pytest.mark.parametrize("text", ["oxycodone 10 mcg", "fentanyl 0.1 mcg iv", "methadone 0.01 mg"])
def test_a_slip_of_the_unit_is_refused(text):
    with pytest.raises(InvalidInput, match="look at the unit"):
        opioid_dose(text)
    opioid_dose(text, on_board=True)  # where the answer is a stop, nothing is too little


def test_no_cap_is_above_what_its_source_gives_people_without_tolerance():
    """US label of the buprenorphine patch: 5 micrograms an hour."""
    patch = opioid("buprenorphine").routes["patch"]
    assert "5 micrograms an hour for those without tolerance" in patch.cap
    assert patch.usual_single == 5
    with pytest.raises(SafetyStop):
        opioid_dose("butrans 10 mcg/h")


@pytest.mark.parametrize(
    ("name", "route"), [("fentanyl", "patch"), ("buprenorphine", "sublingual"), ("methadone", "oral")]
)
def test_what_is_not_for_people_without_tolerance_says_so(name, route):
    assert "after naltrexone nobody is" in opioid(name).routes[route].warning


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
    assert HOURS[metabolite.argmax()] == pytest.approx(3.0, abs=0.1)  # label: about 3 h


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
