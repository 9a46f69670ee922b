"""What is called measured was measured, and nothing else is."""

from __future__ import annotations

import pytest

from lowdose import simulate
from lowdose.report import measured


@pytest.mark.parametrize(
    ("regimen", "words"),
    [
        ("4.5 mg nightly for 3 days", "no one has scanned people on nightly low doses."),
        ("3 mg daily at 08:00 for 3 days", "no one has scanned people on daily low doses."),
        ("1.5 mg nightly for 2 days, then 3 mg for 2 days", "no one has scanned people on nightly low doses."),
        ("4.5 mg nightly for 5 days missing day 2", "no one has scanned people on repeated low doses."),
        ("25 mg nightly for 3 days", "no one has scanned people on nightly doses of 25 mg."),
        ("4.5 mg once", "no one has scanned people on a single dose of 4.5 mg."),
    ],
)
def test_predicted_not_measured(regimen: str, words: str) -> None:
    assert measured.measured_or_not(simulate(regimen)) == f"Predicted, not measured: {words}"


@pytest.mark.parametrize(
    ("regimen", "study"),
    [("5 mg once", "Rabiner 2011"), ("50 mg once", "Lee 1988"), ("50 mg daily at 08:00 for 4 days", "Weerts 2008")],
)
def test_measured(regimen: str, study: str) -> None:
    said = measured.measured_or_not(simulate(regimen))
    assert said.startswith("Measured at this dose:")
    assert study in said
    assert "not measured" not in said


def test_people_scanned_at_several_hours_are_counted_once() -> None:
    lee = next(one for one in measured.measured() if one.study == "Lee 1988")
    assert lee.words.endswith("48 to 168 h after it: 30 to 91 % of µ receptors (Lee 1988, 5 people)")


def test_kinetics_are_held_against_the_scans_and_say_whether_they_were_fitted_to_them() -> None:
    fits = {
        name: measured.fit(simulate("3 mg once", hypothesis_name=name))
        for name in ("effect-site", "equilibrium-parent")
    }
    assert fits["effect-site"].error_points < 12 < fits["equilibrium-parent"].error_points
    assert [fit.fitted for fit in fits.values()] == [True, False]
    assert any(words.startswith("Lee 1988") for words in fits["equilibrium-parent"].missed)
