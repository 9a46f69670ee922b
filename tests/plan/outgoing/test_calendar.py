"""The calendar: only of an approved plan, read by a standard parser, the same UIDs each time, texts whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest
from icalendar import Calendar

from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan import Choices, NotApproved, approve, make_plan
from lowdose.plan.outgoing.calendar import calendar
from tests.plan.people import BY, MADE, START, override, somebody

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


@cache
def plan():
    return make_plan("standard", start=START, patient=somebody(), on=MADE, by=BY, at=AT)


def read(content):
    return {str(one["uid"]): one for one in Calendar.from_ical(content).walk("VEVENT")}


def test_no_dose_leaves_an_unapproved_plan():
    for draft in (replace(plan(), approval=None), replace(plan(), indication="something else")):
        with pytest.raises(NotApproved) as raised:
            calendar(draft)
        assert raised.value.exit_code == 5


def test_it_is_read_back_with_every_step_check_and_the_review():
    found = read(calendar(plan()))
    days = {str(one["summary"]): one.decoded("dtstart") for one in found.values()}
    assert days["Start: naltrexone 1.5 mg once a day at bedtime"] == date(2026, 12, 1)
    assert days["Next dose: naltrexone 3 mg once a day at bedtime"] == date(2026, 12, 15)
    assert days["Next dose: naltrexone 4.5 mg once a day at bedtime"] == date(2026, 12, 29)
    assert days["Visit: does it help? Go on, change, or stop"] == plan().review
    assert "Ask for your next supply" in days
    checks = sum(sum(day != plan().review for day in check.on) for check in plan().checks)
    assert len(found) == len(plan().steps) + checks + 2


def test_every_event_is_a_whole_day_and_says_who_approved():
    for one in read(calendar(plan())).values():
        begin, end = one.decoded("dtstart"), one.decoded("dtend")
        assert type(begin) is date
        assert end - begin == timedelta(days=1)
        assert "A. Brown, physician, GMC 0000000" in str(one["description"])
        assert "not yet clinically reviewed" in str(one["description"])
        assert "opioid" in str(one["description"])


def test_uids_are_the_same_each_time_and_after_a_new_approval_and_differ_between_starts():
    again = approve(replace(plan(), approval=None), BY, AT + timedelta(days=1))
    assert set(read(calendar(plan()))) == set(read(calendar(again)))
    assert calendar(plan()) == calendar(plan())
    later = make_plan("standard", start=START + timedelta(days=1), patient=somebody(), on=MADE, by=BY, at=AT)
    assert not set(read(calendar(plan()))) & set(read(calendar(later)))


def test_commas_semicolons_and_lines_survive_and_no_line_is_too_long():
    content = calendar(plan())
    text = next(str(one["description"]) for one in read(content).values() if "liver" in str(one["summary"]))
    assert "Before the first dose, at about 3 months, then yearly." in text
    assert "\n" in text
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.endswith(b"END:VCALENDAR\r\n")


def others():
    """People for whom more is looked at, each with a plan that fits."""
    thyroid = {"meds__list": [{"name": "levothyroxine", "active": True, "form": "ir"}], "conditions__hashimoto": True,
               "conditions__thyroid_disease": True, "lab__tsh": 1.5}  # fmt: skip
    liver = {"conditions__cirrhosis": True, "assess__child_pugh": "A", "assess__decompensated_cirrhosis": False}
    return {
        "standard": ("standard", {}), "judged": ("IBD", {}), "old": ("SENS-0.5", {"patient__age_y": 70}),
        "thyroid": ("THY-0.5", thyroid), "liver": ("HPI-0.5", liver), "kidneys": ("SENS-0.5", {"lab__egfr": 25}),
        "child": ("PED", {"patient__age_y": 8, "patient__weight_kg": 22}),
        "dopamine": ("SENS-0.5", {"meds__list": [{"name": "pramipexole", "active": True, "form": "ir"}]}),
    }  # fmt: skip


@pytest.mark.parametrize("name", others())
def test_it_is_the_patients_in_plain_words_and_has_no_dose_but_the_approved(name):
    protocol, changed = others()[name]
    reasons = [override(rule) for rule in ("PED-001", "HEP-003", "REN-001", "DOP-001")]
    ceiling = {"ceiling_mg": Decimal(1)} if protocol in ("SENS-0.5", "THY-0.5") else {}
    made = make_plan(protocol, start=START, patient=somebody(**changed), on=MADE, by=BY, at=AT, overrides=reasons,
                     choices=Choices(**ceiling))  # fmt: skip
    events = read(calendar(made)).values()
    said = " ".join(f"{one['summary']} {one['description']}" for one in events)
    for check in made.checks:
        assert check.why not in said
        assert check.patient
    for strange in (
        "No advice",
        "Not known",
        "Ask for every",
        "ALT",
        "PHQ",
        "eGFR",
        "TSH",
        "Advise",
        "EFF-",
        "benefit",
    ):
        assert strange not in said
    doses = {f"{plain(step.dose_mg)} mg" for step in made.steps}
    assert set(re.findall(r"[0-9.]+ ?m?c?g\b", said)) == doses
    assert not re.search(r"\d{4}-\d\d-\d\d(?! \d\d:\d\d UTC)", said)
