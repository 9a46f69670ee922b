"""The calendar: only of an approved plan, read by a standard parser, the same UIDs each time, texts whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from icalendar import Calendar

from lowdose.plan import NotApproved, approve, make_plan
from lowdose.plan.outgoing.calendar import calendar
from tests.plan.people import BY, MADE, START, somebody

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
    assert days["Review: go on, change, or stop"] == plan().review
    assert "Ask about the next supply" in days
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
    text = next(str(one["description"]) for one in read(content).values() if "ALT" in str(one["summary"]))
    assert "before the first dose, at about 3 months, then yearly" in text
    assert "\n" in text
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.endswith(b"END:VCALENDAR\r\n")
