"""What the language understands: every example of its specification, and every spelling of its words."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

import pytest

from lowdose.regimen import Form, Regimen


@pytest.mark.parametrize(
    ("text", "canonical", "count", "weeks"),
    [
        ("4.5 mg nightly at 22:00 for 12 weeks", None, 84, 12),
        ("1.5 mg nightly for 2 weeks, then 3 mg for 2 weeks, then 4.5 mg for 8 weeks", None, 84, 12),
        ("50 mg once", None, 1, 1 / 7),
        ("0.5 mg every 12 hours for 4 weeks", "500 micrograms every 12 hours for 4 weeks", 56, 4),
        (
            "3 mg every other day at 08:00 for 1 month",
            "3 mg every other day at 08:00 for 30 days",
            15,
            30 / 7,
        ),
        ("4.5 mg nightly for 12 weeks as oral solution", None, 84, 12),
        ("4.5 mg nightly for 12 weeks as sublingual", None, 84, 12),
        ("4.5 mg nightly for 12 weeks as slow-release capsule", None, 84, 12),
        ("4.5 mg nightly for 12 weeks as cream", None, 84, 12),
        ("4.5 mg nightly for 12 weeks missing days 3, 10-12", None, 80, 12),
        ("4.5 mg nightly for 2 weeks, then no dose for 2 weeks", None, 14, 4),
    ],
)
def test_examples_of_the_specification(text, canonical, count, weeks):
    regimen = Regimen.parse(text)
    assert regimen.canonical == (canonical or text)
    assert len(regimen.doses) == count
    assert regimen.duration_hours == pytest.approx(weeks * 168)


@pytest.mark.parametrize(
    "text",
    [
        "4.5mg nightly for 12 weeks",
        "4,5 mg nightly for 12 weeks",
        "4.50 mg nightly for 12 weeks",
        "4.5 MG Nightly FOR 12 Weeks.",
        "4.5 mg every night for 12 wks.",
        "4.5 mg qhs × 12 w",
        "4.5 mg QHS x 84 d",
        "4.5 mg at bedtime for twelve weeks",
        "4.5\u00a0mg\u202fnightly\tfor\n12  weeks",
        "4500 mcg nightly for 12 weeks",
        "4500 µg nightly for 12 weeks",
        "4500 μg nightly for 12 weeks",
        "4500 micrograms nightly for 12 weeks",
        "4.5 mg as capsule, nightly, for 12 weeks",
        "4.5 mg tablet at night for 2016 hrs",
        "4.5 mg once nightly for 12 weeks",
        "4.5 mg / night for 12 weeks",
    ],
)
def test_spellings_of_one_regimen(text):
    assert Regimen.parse(text) == Regimen.parse("4.5 mg nightly for 12 weeks")


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        (".5 mg", "0.5"),
        ("1.0 mg", "1"),
        ("4,5 mg", "4.5"),
        ("0,125 mg", "0.125"),
        ("500mcg", "0.5"),
        ("1 microgram", "0.001"),
        ("1.5 µg", "0.0015"),
        ("150 mg", "150"),
        ("three milligrams", "3"),
    ],
)
def test_amounts(text, mg):
    assert Regimen.parse(f"{text} daily for 1 week").steps[0].amount_mg == Decimal(mg)


@pytest.mark.parametrize(
    ("text", "every", "clock", "assumed"),
    [
        ("nightly", 24, time(22), True),
        ("daily", 24, time(8), True),
        ("/day", 24, time(8), True),
        ("every morning", 24, time(8), True),
        ("every other night", 48, time(22), True),
        ("every 3 days", 72, time(8), True),
        ("every second day at bedtime", 48, time(22), True),
        ("weekly at 07:30", 168, time(7, 30), False),
        ("twice a day", 12, time(8), True),
        ("3 times daily", 8, time(8), True),
        ("2x daily at 10 pm", 12, time(22), False),
        ("every 90 minutes at 12:15am", 1.5, time(0, 15), False),
        ("each day at 22", 24, time(22), False),
    ],
)
def test_how_often_and_when(text, every, clock, assumed):
    step = Regimen.parse(f"1 mg {text} for 2 weeks").steps[0]
    assert (step.every, step.clock, step.clock_assumed) == (timedelta(hours=every), clock, assumed)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("4,5 mg nightly at 22:00 for 1 week", "4,5 read as 4.5 (decimal comma)"),
        (".5 mg nightly at 22:00 for 1 week", ".5 read as 0.5"),
        ("4.5 mg nightly for 1 week", "no clock time given: 22:00 assumed"),
        ("4.5 mg daily for 1 week", "no clock time given: 08:00 assumed"),
        ("4.5 mg daily at 08:00 for 1 month", "1 month read as 30 days"),
        ("4.5 mg nightly at 08:00 for 1 week", "nightly at 08:00 read as daily at 08:00"),
        ("4.5 mg nightly at 22:00", "no length given: 4 weeks assumed"),
        ("1 mg twice daily at 08:00 for 1 week", "2 times a day read as every 12 hours"),
    ],
)
def test_what_was_interpreted_is_noted(text, note):
    assert Regimen.parse(text).notes == (note,)


def test_nothing_to_note_in_a_complete_sentence():
    assert Regimen.parse("4.5 mg nightly at 22:00 for 12 weeks as cream missing day 3").notes == ()


def test_a_comma_never_makes_two_numbers():
    regimen = Regimen.parse("1,5 mg nightly for 2 weeks, then 3 mg for 2 weeks, missing days 3,10-12")
    assert [step.amount_mg for step in regimen.steps] == [Decimal("1.5"), Decimal(3)]
    assert regimen.missing_days == (3, 10, 11, 12)


def test_a_form_at_the_very_end_is_meant_for_every_step():
    regimen = Regimen.parse("1.5 mg nightly for 2 weeks, then 3 mg for 2 weeks as oral solution")
    assert regimen.form is Form.ORAL_SOLUTION


def test_a_form_is_inherited_until_another_is_named():
    text = "1 mg daily for 1 week as cream, then 2 mg for 1 week, then 3 mg for 1 week as capsule"
    assert [step.form for step in Regimen.parse(text).steps] == [Form.CREAM, Form.CREAM, Form.CAPSULE]


def test_days_of_steps_are_calendar_days():
    regimen = Regimen.parse("1 mg nightly at 22:00 for 2 days, then 1 mg daily at 08:00 for 2 days")
    assert [dose.hours for dose in regimen.doses] == [0, 24, 34, 58]


def test_missing_days_count_from_the_first_dose_over_all_steps():
    regimen = Regimen.parse("1 mg nightly for 2 days, then 2 mg for 2 days missing days 1, 4")
    assert [dose.hours for dose in regimen.doses] == [24, 48]
    assert [(dose.hours, dose.amount_mg) for dose in regimen.missed] == [(0, 1), (72, 2)]


def test_a_morning_word_after_nights_takes_the_morning():
    regimen = Regimen.parse("1 mg nightly for 1 week, then 1 mg every morning for 1 week")
    assert regimen.steps[1].clock == time(8)
    assert Regimen.parse(regimen.canonical) == regimen
