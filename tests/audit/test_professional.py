"""A named professional is three plain parts, or a clear error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.audit import Professional
from lowdose.errors import InvalidInput, SafetyStop

PLAIN = (
    st.text(st.characters(categories=["L", "N"], include_characters=" .-'"), min_size=1, max_size=40)
    .filter(lambda text: any(character.isalnum() for character in text))
    .map("{}7".format)
)  # no word stands for nobody with a 7 behind it


@given(PLAIN, PLAIN, PLAIN)
def test_what_is_printed_is_read_back_as_the_same(name, role, registration):
    written = Professional(name, role, registration)
    assert Professional.parse(str(written)) == written
    assert str(written).count("\n") == 0


@given(st.text(max_size=60))
def test_any_text_is_a_professional_or_an_invalid_input(written):
    try:
        found = Professional.parse(written)
    except InvalidInput:
        return
    assert all(part.strip() and part.isprintable() for part in (found.name, found.role, found.registration))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("A. Brown, pharmacist", "three parts"),
        ("A. Brown, pharmacist, 1, 2", "three parts"),
        ("", "three parts"),
        (" , pharmacist, 1", "name of the professional is empty"),
        ("A. Brown, , 1", "role of the professional is empty"),
        ("A. Brown, pharmacist, -", "registration of the professional is empty"),
        ("A. Brown\nAPPROVED, pharmacist, 1", "name of the professional holds"),
        ("A. Brown, pharma\u2028cist, 1", "role of the professional holds line separator"),
        ("A. Brown, pharmacist, \u202e1", "registration of the professional holds right-to-left override"),
        ("A. Brown, pharmacist, \x001", "holds"),
        ("A. Brown, pharmacist, " + "1" * 300, "over 200"),
    ],
)
def test_what_is_refused_and_why(written, says):
    with pytest.raises(InvalidInput, match=says):
        Professional.parse(written)


def test_a_comma_cannot_hide_in_a_part():
    with pytest.raises(InvalidInput, match="comma"):
        Professional("Brown, A.", "pharmacist", "1")


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("A. Brown, patient, 1", "role"),
        ("A. Brown, The Patient, 1", "role"),
        ("A. Brown, ＰＡＴＩＥＮＴ, 1", "role"),
        ("A. Brown, patient's mother, 1", "role"),
        ("A. Brown, self, 1", "role"),
        ("A. Brown, carer, 1", "role"),
        ("A. Brown, Parent, 1", "role"),
        ("A. Brown, a friend, 1", "role"),
        ("A. Brown, none, 1", "role"),
        ("A. Brown, unknown, 1", "role"),
        ("A. Brown, pharmacist, none", "registration"),
        ("A. Brown, pharmacist, N/A", "registration"),
        ("A. Brown, pharmacist, not applicable", "registration"),
        ("A. Brown, pharmacist, Unknown", "registration"),
        ("Me, pharmacist, 1", "name"),
        ("Me, patient, none", "name"),
        ("self, self, self", "name"),
    ],
)
def test_a_patient_or_nobody_is_no_professional(written, part):
    with pytest.raises(InvalidInput, match=f"the {part} of the professional") as refused:
        Professional.parse(written)
    assert "ask a physician or a pharmacist" in str(refused.value)


@pytest.mark.parametrize(
    "written", ["A. Friend, physician, GMC 1", "B. My, patient safety pharmacist, GPhC 1", "N. None, nurse, NMC 0"]
)
def test_a_name_is_not_taken_for_a_role(written):
    assert str(Professional.parse(written)) == written


@pytest.mark.parametrize(
    ("role", "is_one"),
    [
        ("pharmacist", True),
        ("Hospital Pharmacist", True),
        ("physician", False),
        ("pharmacy technician", False),
        ("pharmacist's assistant", False),
        ("student pharmacist", False),
        ("non-pharmacist", False),
    ],
)
def test_who_signs_as_a_pharmacist(role, is_one):
    assert Professional("A. Brown", role, "1").is_pharmacist is is_one


MAY_DECIDE = (
    "physician", "GP", "GP partner", "Consultant Rheumatologist", "Consultant in Pain Medicine", "nurse practitioner",
    "Advanced Nurse Practitioner", "clinical nurse specialist (prescriber)", "Physician Assistant", "PA-C",
    "locum doctor", "hospital doctor", "hospital pharmacist", "MD", "M.D.", "DO", "D.O.", "MBChB", "PharmD", "R.Ph.",
    "APRN", "Fachärztin", "Kinderarzt", "Oberarzt", "Anästhesistin", "Neurologe", "Rheumatologin",
    "médecin généraliste", "medecin generaliste", "Fachapotheker", "independent prescriber", "non-medical prescriber",
    "doctor (non-consultant)", "family physician", "family doctor", "family nurse practitioner",
    "child and adolescent psychiatrist", "specialty registrar", "OB/GYN", "specialist in pain medicine",
    "addiction medicine specialist", "resident in internal medicine", "house officer", "doctor of medicine",
    "clinical pharmacologist", "women's health physician", "St Mary's hospital pharmacist",
)  # fmt: skip
MAY_NOT = (
    "plumber", "AI", "secretary", "medical student", "doctor's receptionist", "healthcare assistant",
    "pharmacy technician", "retired physician", "veterinary surgeon", "Tierarzt", "psychologist", "nurse",
    "doctor's wife", "student doctor", "former nurse practitioner", "physician assistant student", "not a doctor",
    "pharmacist's husband", "IT consultant", "pre-registration pharmacist", "suspended pharmacist",
    "pharmacist impersonator", "GP practice manager", "suspended doctor", "hair consultant", "consultant",
    "management consultant", "struck-off doctor", "unregistered doctor", "AI doctor", "unlicensed physician",
    "ward clerk to the consultant", "PA to the consultant", "doctor of theology", "Dr. phil.", "naturopathic doctor",
    "tree surgeon", "radiology technician", "pathology receptionist", "care home resident", "non-pharmacist",
    "doctors' secretary",
)  # fmt: skip


@pytest.mark.parametrize("role", MAY_DECIDE)
def test_who_may_decide(role):
    assert Professional("A. Brown", role, "X 1").is_prescriber


@pytest.mark.parametrize("role", MAY_NOT)
def test_who_may_not(role):
    other = Professional("J. Doe", role, "X 1")
    assert not other.is_prescriber
    assert not other.is_pharmacist
    with pytest.raises(SafetyStop, match="is decided by a doctor, a pharmacist or another prescriber"):
        other.decides("the plan")


@pytest.mark.parametrize("role", ["pharmacist", "PharmD", "R.Ph.", "Apothekerin", "pharmacien", "locum pharmacist"])
def test_who_is_a_pharmacist(role):
    assert Professional("A. Brown", role, "X 1").is_pharmacist


@pytest.mark.parametrize("role", ["physician", "GP partner", "nurse practitioner"])
def test_who_prescribes_and_is_no_pharmacist(role):
    assert not Professional("A. Brown", role, "X 1").is_pharmacist
