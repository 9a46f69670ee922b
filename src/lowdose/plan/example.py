"""A made-up healthy adult and a plan for her: for examples and tests, never for anyone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from lowdose.audit import Professional
from lowdose.plan.making.make import make_plan
from lowdose.plan.records.plan import Plan
from lowdose.safety import Patient

MADE, START = date(2026, 11, 27), date(2026, 12, 1)
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
BY = Professional("A. Brown", "physician", "GMC 0000000")
HEALTHY: dict[str, Any] = {
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
"""Complete answers of a healthy adult."""


def patient() -> Patient:
    """The made-up adult, with complete answers of the day on which the plan is made."""
    return Patient("P-017", MADE, dict(HEALTHY))


@cache
def plan() -> Plan:
    """A plan for her, approved by somebody who does not exist.

    Examples
    --------
    >>> [str(step.dose_mg) for step in plan().steps], plan().is_approved
    (['1.5', '3', '4.5'], True)
    """
    return make_plan("standard", start=START, patient=patient(), on=MADE, by=BY, at=AT)
