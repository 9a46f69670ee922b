"""How studies and doses are called."""

from __future__ import annotations

import pytest

from lowdose.evidence.records.labels import dose_words, label, short_name
from lowdose.evidence.records.registry import registry
from lowdose.evidence.records.schema import Citation

HELD = registry().studies


@pytest.mark.parametrize(
    ("study", "name", "dose"),
    [
        ("bruun2024_FINAL", "Due Bruun 2024 (FINAL)", "6 mg"),
        ("bruunplesner2020_dose", "Bruun-Plesner 2020", "0.75–6 mg"),
        ("ajem2017_obtundation", "ajem2017_obtundation", "low dose, chronic"),
        ("smith2013_paed_crohn", "Smith 2013", "0.1 mg/kg, max 4.5"),
    ],
)
def test_names_and_doses(study, name, dose):
    assert label(HELD[study]) == name
    assert dose_words(HELD[study]) == dose


def test_every_study_has_a_name_without_marks_of_provenance():
    for study in HELD.values():
        assert label(study)
        assert "recalled" not in label(study)
        assert "unknown" not in label(study)


def test_a_citation_without_author_is_called_by_its_id():
    assert short_name("x_y", Citation(first_author="unknown", year=2024)) == "x_y"
    assert short_name("x_y", Citation(first_author="Muster A", year=2024)) == "Muster 2024"
