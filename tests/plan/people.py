"""Made-up people for the tests of plans: complete answers of a healthy adult, and what is changed in them."""

from __future__ import annotations

from datetime import date

from lowdose.audit import Professional
from lowdose.safety import Override, Patient

START = date(2026, 12, 1)
MADE = date(2026, 11, 27)
BY = Professional("A. Brown", "physician", "GMC 0000000")
HEALTHY = {
    "history.last_opioid_use": "never",
    "history.kratom": False,
    "history.drug_sensitive": False,
    "history.cannabis": False,
    "meds.list": [],
    "meds.other_naltrexone": False,
    "meds.prednisone_eq_mg": 0,
    "patient.age_y": 40,
    "patient.pregnancy_possible": False,
    "patient.breastfeeding": False,
    "assess.withdrawal_signs": False,
    "assess.cows": "not applicable",
    "assess.naloxone_challenge": "not done",
    "lab.urine_opioid": "not done",
    "lab.alt_xuln": 0.8,
    "lab.ast_xuln": 0.8,
    "lab.bili_xuln": 0.5,
    "lab.egfr": 95,
    "allergy.naltrexone": False,
    "allergy.excipient_match": False,
    "pro.phq9_item9": 0,
    "pro.phq9_total": 2,
    "diary.suicidal": False,
    "consent.off_label": True,
    "conditions_complete": True,
}


def somebody(**changed: object) -> Patient:
    """A healthy adult, with answers changed: ``lab__egfr=25`` is ``lab.egfr``."""
    values = {**HEALTHY, **{name.replace("__", "."): value for name, value in changed.items()}}
    return Patient("P-017", MADE, values)


def override(rule: str, reason: str = "agreed with the specialist") -> Override:
    return Override(rule, reason, BY)
