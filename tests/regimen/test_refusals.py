"""Every bad input: its message, the place it points at, what to do, and the exit code."""

from __future__ import annotations

import pytest

from lowdose.errors import InvalidInput
from lowdose.regimen import Regimen

CASES = [
    # text, pointed at, what is wrong, what to do
    ("0.5 micrograms nightly", "0.5 micrograms", "in a day is less than 1 microgram", "1 microgram to 150 mg"),
    ("151 mg nightly", "151 mg", "151 mg in a day is more than 150 mg", "1 microgram to 150 mg"),
    ("80 mg every 12 hours", "80 mg", "160 mg in a day is more than 150 mg", "1 microgram to 150 mg"),
    ("4500 mg nightly", "4500 mg", "more than 150 mg", "did you mean 4.5 mg?"),
    ("450 mg nightly", "450 mg", "more than 150 mg", "did you mean 4.5 mg?"),
    ("-4.5 mg nightly", "-4.5 mg", "the dose is negative: -4.5 mg", "without a sign"),
    ("−4.5 mg nightly", "−4.5 mg", "the dose is negative: -4.5 mg", "without a sign"),
    ("0 mg nightly", "0 mg", "the dose is zero", "1 microgram to 150 mg"),
    ("0.0 mg once", "0.0 mg", "the dose is zero", "1 microgram to 150 mg"),
    ("4.5 ml nightly", "ml", "unknown unit 'ml': a volume is not a dose", "mg or micrograms"),
    ("4.5 grains nightly", "grains", "unknown unit 'grains'", "mg or micrograms"),
    ("4.5 nightly", "nightly", "a unit is missing", "mg or micrograms"),
    ("4.5 mg nightly as patch", "patch", "unknown form 'patch'", "oral solution, sublingual"),
    ("4.5 mg nightly as drops", "drops", "unknown form 'drops'", "sublingual drops"),
    ("4.5 mg nightly for 0 weeks", "for 0 weeks", "the duration is zero", "for 12 weeks"),
    ("4.5 mg nightly for -2 weeks", "for -2 weeks", "the duration is negative", "for 12 weeks"),
    ("4.5 mg every 0 hours for 1 week", "every 0 hours", "the time between doses is zero", "every 12 hours"),
    ("1 mg every 30 minutes", "every 30 minutes", "less than one hour", "every 12 hours"),
    ("1 mg nightly for 11 years", "11 years", "longer than ten years", "520 weeks"),
    ("1 mg nightly for 0.0001 hours", "0.0001 hours", "not a whole number of minutes", "90 minutes"),
    ("1,000 micrograms nightly", "1,000", "ambiguous number '1,000'", "write 1000, or 1 with a point"),
    (",5 mg nightly", ",5", "cannot start with a comma", "write 0.5 or 5"),
    ("4.5.1 mg nightly", "4.5.1", "not a number", "one decimal point"),
    ("4 .5 mg nightly", ".5", "a unit is missing", "mg or micrograms"),
    ("4. 5 mg nightly", ".", "unknown unit '.'", "mg or micrograms"),
    ("3-5 mg nightly", "-", "a range is not one regimen", "one amount"),
    ("3 – 5 mg nightly", "–", "a range is not one regimen", "one amount"),
    ("0.1234567 mg nightly", "0.1234567 mg", "finer than a nanogram", "round"),
    ("1234567890123 mg nightly", "1234567890123", "more than 12 digits", "measured"),
    ("4.5 mg nigthly", "nigthly", "not understood: 'nigthly'", "did you mean nightly?"),
    ("4.5 mg nightly of 12 weeks", "of", "not understood: 'of'", "how long: for 12 weeks"),
    ("4.5 mg nightly at 25:00", "25:00", "no such time of day", "22:00"),
    ("4.5 mg nightly at 8", "8", "8 in the morning or in the evening?", "write 08:00 or 20:00"),
    ("4.5 mg nightly at 22.30", "22.30", "not a clock time", "22:00"),
    ("4.5 mg nightly for 2 weeks for 3 weeks", "for 3 weeks", "the duration is said twice", "leave one"),
    ("50 mg once for 3 days", "for 3 days", "'once' is one dose only", "once daily"),
    ("4.5 mg nightly for 2 weeks, 3 mg for 2 weeks", "3", "not understood: '3'", "write 'then'"),
    ("no dose for 2 weeks", "no dose", "a regimen starts with a dose", "4.5 mg"),
    ("4.5 mg nightly for 2 weeks missing day 15", "missing day 15", "day 15 is after the last day, 14", "1 to 14"),
    ("4.5 mg nightly for 2 weeks missing day 0", "0", "not a day: 0", "days 3, 10-12"),
    ("4.5 mg nightly for 2 weeks missing days 5-3", "5-3", "the range ends before it starts", "3-5"),
    ("4.5 mg nightly for 2 weeks missing weeks 1", "weeks", "only days can be missed", "missing days"),
    ("4.5 mg nightly for 2 days missing days 1-2", "missing days 1-2", "every dose is missed", "at least one"),
    ("1 mg 7 times a day", "7 times a day", "the day does not divide so", "every 4 hours"),
    ("1 mg twice weekly", "twice weekly", "several times in something else than a day", "every 12 hours"),
    ("1 mg 0 times a day", "0 times", "not a number of times", "1 to 24"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "what", "remedy"), CASES)
def test_refused_with_a_caret_and_a_remedy(text, place, what, remedy):
    with pytest.raises(InvalidInput) as caught:
        Regimen.parse(text)
    problem = caught.value
    assert problem.exit_code == 3
    assert what in problem.what
    assert remedy in problem.remedy
    lines = str(problem).splitlines()
    line = next(index for index, shown in enumerate(lines) if shown.startswith("  where: "))
    carets = lines[line + 1]
    begin, end = carets.index("^"), carets.rindex("^") + 1
    assert lines[line][begin:end] == place
    assert set(carets.strip()) == {"^"}


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "an amount with a unit: 4.5 mg"),
        ("   ", "an amount with a unit: 4.5 mg"),
        ("4.5", "write mg or micrograms"),
        ("4.5 mg", "write nightly, daily, every 12 hours or once"),
        ("4.5 mg every", "how often: every 12 hours"),
        ("4.5 mg every 12", "hours, days"),
        ("4.5 mg nightly at", "22:00, bedtime"),
        ("4.5 mg nightly for", "a length of time: 12 weeks"),
        ("4.5 mg nightly for 12", "weeks"),
        ("4.5 mg nightly as", "oral solution"),
        ("4.5 mg nightly missing", "days: 3, 10-12"),
        ("4.5 mg nightly for 2 weeks then", "an amount with a unit"),
        ("4.5 mg nightly then 3 mg for 2 weeks", "for how long"),
        ("50 mg once, then 3 mg for 2 weeks", "nightly, daily"),
    ],
)
def test_text_that_ends_too_early_points_behind_it(text, remedy):
    with pytest.raises(InvalidInput) as caught:
        Regimen.parse(text)
    assert caught.value.exit_code == 3
    assert remedy in caught.value.remedy
    assert caught.value.where.splitlines()[-1].strip() == "^"


def test_what_has_been_said_is_not_offered_again():
    with pytest.raises(InvalidInput) as caught:
        Regimen.parse("4.5 mg nightly for 2 weeks blah")
    assert "how often" not in caught.value.remedy
    assert "how long" not in caught.value.remedy
    assert "at what time" in caught.value.remedy


def test_terminal_names_are_never_shown():
    for text in ("4.5 mg nightly blah", "4.5 mg", "blah", "4.5 mg nightly for 2 weeks then blah"):
        with pytest.raises(InvalidInput) as caught:
            Regimen.parse(text)
        assert not {"UNIT", "NUMBER", "PERIOD", "$END", "ADVERB"} & set(str(caught.value).split())


def test_long_text_is_cut_around_the_caret():
    text = ", then ".join(
        ["1.5 mg nightly for 2 weeks"] * 20 + ["4.5 bananas nightly for 2 weeks"] + ["1 mg for 1 day"] * 9
    )
    with pytest.raises(InvalidInput) as caught:
        Regimen.parse(text)
    shown, carets = str(caught.value).splitlines()[1:3]
    assert len(shown) < 160
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "bananas"


def test_text_without_end_is_refused():
    with pytest.raises(InvalidInput, match="no regimen"):
        Regimen.parse("4.5 mg " * 10_000)
