"""The plan for the clinician: one page for every protocol, and nothing said of a person that holds for another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest

from lowdose.plan import Choices, approve, make_plan, protocols
from lowdose.plan.surgery import before_surgery
from lowdose.report.paper import preview
from lowdose.report.paper.blocks import Calendar, Side
from lowdose.report.paper.leaflet import leaflet_sheet
from lowdose.report.paper.marks import sentence
from lowdose.report.paper.note import chart_note
from lowdose.report.paper.plan_page import plan_sheet
from lowdose.safety import Patient
from lowdose.spoken import MONTHS, day_only, long_date, short_date
from tests.plan.people import BY as PRESCRIBER
from tests.plan.people import MADE, START, override, real, somebody
from tests.report.paper.examples import AT
from tests.report.paper.ink import overlapping
from tests.report.paper.reading import read, sizes, squeezed, words
from tests.report.paper.test_sizes import READABLE


@pytest.mark.parametrize(
    ("name", "scheme"), [(one.id, scheme) for one in protocols() if one.standing == "plan" for scheme in one.schemes]
)
def test_the_plan_of_every_protocol_is_one_whole_page(name, scheme):
    plan = real(name, scheme)
    pdf = read(plan_sheet(plan))
    said = squeezed(words(pdf.pages))
    assert len(pdf.pages) == 1
    assert min(sizes(plan_sheet(plan))) >= READABLE
    assert all(squeezed(advice.clinician) in said for advice in plan.advice if advice.kind != "counselling")
    assert all(squeezed(conflict.here) in said for conflict in plan.conflicts)
    assert "Lefttotheplan'sJSON" not in said
    assert "notyetconfirmed" in said.casefold()
    assert squeezed(plan.note).casefold() in said.casefold()
    assert all(squeezed(line).casefold() in said.casefold() for line in before_surgery(plan))


HEAVY = {
    "thyroid hormone, low mood, kidneys": {
        "meds.list": [{"name": "levothyroxine", "active": True}], "pro.phq9_total": 11, "lab.egfr": 50,
    },
    "eight rules": {
        "meds.list": [{"name": name, "active": True} for name in
                      ("levothyroxine", "sertraline", "pramipexole", "allopurinol")],
        "pro.phq9_total": 14, "lab.egfr": 45, "patient.age_y": 72, "history.cannabis": True,
        "conditions.hashimoto": True,
    },
}  # fmt: skip


@pytest.mark.parametrize("who", HEAVY)
@pytest.mark.parametrize("name", ["HPI-0.5", "LDN-2021", "IBS-ULD"])
def test_of_someone_with_many_rules_the_page_is_still_one_and_readable(name, who):
    changed = {key.replace(".", "__"): value for key, value in HEAVY[who].items()}
    plan = make_plan(name, start=START, patient=somebody(**changed), on=MADE)
    sheet = plan_sheet(plan)
    found = [one for one in plan.screen["fired"] if one["id"] != "OPI-017"]
    said = squeezed(words(read(sheet).pages))
    assert len(found) >= 3
    assert len(read(sheet).pages) == 1
    assert min(sizes(sheet)) >= READABLE
    for one in found:
        assert squeezed(f"{one['id']}, {one['severity']}: {sentence(one['title'])} {one['text']}") in said
        assert squeezed(f"{one['id']}, {one['severity']}") in squeezed(chart_note(plan))
    assert said.index(squeezed(found[-1]["text"])) < said.index("StepFrom")
    assert all(squeezed(advice.clinician) in said for advice in plan.advice if advice.kind != "counselling")
    assert all(
        squeezed(day_only(day)) in said
        for check in plan.checks
        for day in check.on[:3]
        if check.rule != "EFF-002" and day <= plan.review
    )


def test_what_no_page_holds_is_whole_on_two_and_in_full_size():
    plan = real("standard")
    one = {"id": "ZZZ-001", "severity": "warning", "title": "A rule", "text": "Do this, and then that. " * 12}
    many = replace(plan, screen={**plan.screen, "fired": [one] * 40})
    sheet = plan_sheet(many)
    pages = read(sheet).pages
    said = words(pages)
    assert len(pages) > 1
    assert said.count("ZZZ-001, warning: A rule.") == 40
    assert "Where each value comes from." in said
    assert max(sizes(sheet).items(), key=lambda one: len(one[1]))[0] == 9.2


def test_what_could_not_be_checked_stands_high_on_page_and_note():
    values = {name: value for name, value in somebody().values.items() if name != "history.cannabis"}
    plan = make_plan("standard", start=START, patient=Patient("P-017", MADE, values), on=MADE)
    (open_one,) = plan.screen["not_checked"]
    expected = f"{open_one['id']}, {open_one['severity']}, could not be checked: {open_one['settled_by']}"
    page = words(read(plan_sheet(plan)).pages)
    assert expected in page
    assert page.index(expected) < page.index("Step From")
    assert expected in " ".join(chart_note(plan).split())


def test_the_note_says_whether_consent_is_recorded():
    plan = real("standard")
    assert "Consent to off-label use of a compounded preparation is recorded" in " ".join(chart_note(plan).split())
    asked = replace(plan, screen={**plan.screen, "checked": []})
    assert "Consent to off-label use is not recorded (REG-001)." in chart_note(asked)


@pytest.mark.parametrize("steps", range(1, 21))
def test_no_words_lie_on_each_other_however_many_steps_there_are(steps):
    sheet = plan_sheet(ladder(steps))
    (page,) = preview(sheet, "svg")
    assert not overlapping(page)
    assert min(sizes(sheet)) >= READABLE


def test_nor_where_many_rules_leave_little_room_for_many_steps():
    plan = longest()
    one = {"id": "ZZZ-001", "severity": "warning", "title": "A rule", "text": "Do this, and then that."}
    sheet = plan_sheet(replace(plan, screen={**plan.screen, "fired": [one] * 5}))
    assert not any(map(overlapping, preview(sheet, "svg")))
    said = squeezed(words(read(sheet).pages))
    assert all(squeezed(short_date(step.first)) in said for step in plan.steps)


@cache
def longest():
    return real("THY-0.25")


def ladder(count):
    """The longest plan there is with fewer steps, or with more of its last one."""
    plan = longest()
    every = [*plan.steps]
    while len(every) < count:
        last = replace(every[-1], days=7)
        every[-1:] = [last, replace(last, number=last.number + 1, first=last.first + timedelta(days=7), days=None)]
    steps = (*every[: count - 1], replace(every[count - 1], days=None))
    blockade = (*plan.blockade, *plan.blockade[-1:] * count)[:count]
    return replace(plan, steps=steps, blockade=blockade, review=steps[-1].first + timedelta(weeks=12))


def child():
    """The plan of the specialists' protocol: a child of 32 kg, the rule about children overridden by name."""
    return make_plan("PED", start=START, patient=somebody(patient__age_y=11), on=MADE, by=PRESCRIBER, at=AT,
                     overrides=(override("PED-001"),), choices=Choices(weight_kg=Decimal(32)))  # fmt: skip


def test_a_child_gets_no_prediction_made_for_grown_ups():
    said = words(read(plan_sheet(child())).pages)
    assert "Opioid receptors blocked, predicted Not predicted" in said
    assert (
        "Stop at least 72 hours (3 days) before it, and tell surgeon and anaesthetist. A longer stop is a choice"
        in said
    )
    assert "How much is still blocked then is not predicted" in said
    assert "µ receptors in the brain" not in said
    assert "PED-001, critical: Under 18 years." in said
    assert "Overridden by A. Brown, physician, GMC 0000000: Agreed with" in said


def test_a_plan_below_the_limit_has_no_line_for_the_anaesthetist():
    low, high = (words(read(plan_sheet(real(name))).pages) for name in ("IBS-ULD", "standard"))
    assert "Stop at least 72 hours (3 days) before it" in low
    assert "For the anaesthetist" not in low
    assert "For the anaesthetist: 72 hours after the last dose about" in high
    assert "Stopping 96 hours before is a choice to make with them." in high


def thyroid():
    """Someone whose thyroid is looked at seven times in a year."""
    who = somebody(conditions__thyroid_disease=True, conditions__hashimoto=True)
    return make_plan("THY-0.25", start=START, patient=who, on=MADE)


def test_of_many_days_the_next_three_are_shown_and_the_rest_is_said():
    plan = thyroid()
    tests = next(check for check in plan.checks if check.rule == "THY-001")
    assert len(tests.on) == 7
    page = words(read(plan_sheet(plan)).pages)
    leaflet = words(read(leaflet_sheet(approve(plan, PRESCRIBER, AT))).pages)
    note = " ".join(chart_note(plan).split())
    later = "if it goes on: 4 May 2027 and 3 more to 19 Oct 2027"
    assert f"30 Nov 2026 12 Jan 2027 9 Mar 2027 {later}" in page
    for said in (note, leaflet):
        assert f"30 Nov 2026, 12 Jan 2027, 9 Mar 2027, {later}" in said


@pytest.mark.parametrize("make", [lambda: real("standard"), child, thyroid], ids=["standard", "child", "thyroid"])
def test_no_day_after_the_review_stands_there_as_if_the_plan_went_on(make):
    plan = make()
    approved = approve(plan, PRESCRIBER, AT)
    late = [day for check in plan.checks if check.rule != "EFF-002" for day in check.on if day > plan.review]
    assert late
    for said in (words(read(plan_sheet(plan)).pages), words(read(leaflet_sheet(approved)).pages), chart_note(plan)):
        for day in re.finditer(r"\d{1,2} [A-Z][a-z]{2} 20\d\d", " ".join(said.split())):
            before = " ".join(said.split())[: day.start()]
            if datetime.strptime(day[0], "%d %b %Y").date() > plan.review:
                assert re.search(r"if it goes on: (\S+ \S+ \S+ and \d+ more to )?$", before)


@pytest.mark.parametrize("make", [plan_sheet, lambda plan: leaflet_sheet(approve(plan, PRESCRIBER, AT))])
def test_the_calendar_marks_every_day_that_is_shown_and_no_other(make):
    plan = thyroid()
    found = next(block for block in flat(make(plan).blocks) if isinstance(block, Calendar))
    marked = {
        f"{day} {month.title}" for month in found.months for week in month.weeks for day, mark in week
        if mark in ("check", "both")
    }  # fmt: skip
    shown = {day for check in plan.checks if check.rule != "EFF-002" for day in check.on if day <= plan.review}
    inside = {long_date(day) for day in shown if plan.start <= day <= plan.review}
    assert marked == inside
    assert "12 January 2027" in marked
    outside = sorted(day for day in shown if not plan.start <= day <= plan.review)
    assert found.also.startswith(f"Also a check on {' and on '.join(map(day_only, outside))}.")
    quiet = found.also.partition("Nothing begins and nothing is due in ")[2]
    drawn = {month.title for month in found.months}
    for year, month in {(day.year, day.month) for day in every_day(plan)}:
        name = MONTHS[month - 1]
        assert (f"{name} {year}" in drawn) != (name in quiet and str(year) in quiet)


def every_day(plan):
    return [plan.start + timedelta(days=day) for day in range((plan.review - plan.start).days + 1)]


def flat(blocks):
    for block in blocks:
        if isinstance(block, Side):
            yield from flat((*block.left, *block.right))
        else:
            yield block
