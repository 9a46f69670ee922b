"""The earliest start: by the dated rules exactly, no date where anything needed is not known, and nothing shortened."""

import re
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.safety.medicines import FORMS, Recognition, in_set, ingredient, ingredients, recognise
from lowdose.safety.washout import Taken, earliest_start
from lowdose.safety.washout.intervals import conflicts, interval_for, intervals

TODAY = date(2026, 12, 1)


def ago(days):
    return TODAY - timedelta(days=days)


def past(name, form, days):
    return Taken(recognise(name), active=False, form=form, last_taken=None if days is None else ago(days))


def start(*taken, last="never", **more):
    return earliest_start(taken, on=TODAY, last_opioid_use=last, **more)


@pytest.mark.parametrize(
    ("name", "form", "days", "floor"),
    [
        ("oxycodone", "ir", 10, 7),
        ("tramadol", "ir", 10, 7),
        ("tapentadol", "ir", 10, 7),
        ("codeine", "ir", 10, 7),
        ("fentanyl", "ir", 10, 7),
        ("pholcodine", "ir", 10, 7),
        ("pentazocine", "ir", 10, 7),
        ("alfentanil", "ir", 10, 7),
        ("oxycodone", "er", 14, 14),
        ("oxycodone", "unknown", 14, 14),
        ("fentanyl", "patch", 14, 14),
        ("methadone", "ir", 14, 14),
        ("levomethadone", "ir", 14, 14),
        ("levacetylmethadol", "ir", 14, 14),
        ("buprenorphine", "ir", 14, 14),
        ("buprenorphine", "patch", 14, 14),
        ("levorphanol", "ir", 14, 14),
        ("tianeptine", "ir", 14, 14),
        ("kratom", "ir", 14, 14),
        ("isotonitazene", "ir", 14, 14),
    ],
)
def test_days_after_the_last_dose(name, form, days, floor):
    found = start(past(name, form, 2), last=ago(2))
    assert found.date == ago(2) + timedelta(days=days)
    assert found.if_confirmed == (None if floor == days else ago(2) + timedelta(days=floor))
    assert f"{days} days" in found.basis
    assert str(ago(2)) in found.basis
    assert found.conflicts
    assert not found.reason


@pytest.mark.parametrize(
    "name", ["loperamide", "diphenoxylate", "dextromethorphan", "lofexidine", "noscapine", "naloxone", "ibuprofen"]
)
def test_what_needs_no_wait(name):
    found = start(Taken(recognise(name), active=True))
    assert (found.date, found.if_confirmed, found.conflicts) == (TODAY, None, ())
    assert interval_for(ingredient(name), "ir") is None


def test_loperamide_is_noted_although_it_needs_no_wait():
    assert any("above it" in note for note in start(Taken(recognise("Imodium"), active=True)).notes)


@pytest.mark.parametrize("form", ["depot", "implant"])
def test_a_depot_has_no_date_for_a_year(form):
    for taken in (past("buprenorphine", form, 0), past("buprenorphine", form, 364), past("buprenorphine", form, None)):
        found = start(taken, last=taken.last_taken or "never")
        assert found.date is None
        assert "specialist" in found.reason
    assert start(Taken(recognise("Sublocade"), active=True), last=TODAY).date is None
    assert start(past("buprenorphine", form, 365), last=ago(365)).date == TODAY
    assert intervals()["depot"].days is None


@pytest.mark.parametrize(
    ("taken", "last", "reason"),
    [
        ([], None, "has not been answered"),
        ([Taken(recognise("oxycodone"), active=True, form="ir")], "never", "still being taken"),
        ([past("oxycodone", "ir", None)], "never", "not known when oxycodone was last taken"),
        ([Taken(recognise("percoset"), active=False, last_taken=ago(3))], "never", "not recognised"),
        ([Taken(recognise("foobarine"), active=True)], "never", "not recognised"),
        ([past("oxycodone", "ir", -3)], "never", "dated after"),
        ([], TODAY + timedelta(days=1), "dated after"),
    ],
)
def test_without_what_is_needed_there_is_no_date(taken, last, reason):
    found = start(*taken, last=last)
    assert (found.date, found.if_confirmed, found.basis) == (None, None, "")
    assert reason in found.reason
    assert found.conflicts


def test_the_answer_dates_an_opioid_that_the_list_does_not():
    assert start(past("codeine", "ir", None), last=ago(3)).date == ago(3) + timedelta(days=10)
    named = start(past("codeine", "ir", 3), last=ago(3))
    assert named.date == ago(3) + timedelta(days=10)
    other = start(past("codeine", "ir", 9), last=ago(3))  # something later, not listed
    assert other.date == ago(3) + timedelta(days=14)
    assert "does not name" in other.basis
    assert start(last=ago(3)).date == ago(3) + timedelta(days=14)
    assert start(last=ago(30)).date == TODAY


def test_the_longest_wait_decides():
    found = start(past("tramadol", "ir", 1), past("methadone", "unknown", 6), last=ago(1))
    assert (found.date, found.if_confirmed) == (ago(1) + timedelta(days=10), ago(6) + timedelta(days=14))
    found = start(past("tramadol", "ir", 6), past("methadone", "unknown", 1), last=ago(1))
    assert (found.date, found.if_confirmed) == (ago(1) + timedelta(days=14), None)


def test_long_term_use_and_use_without_a_prescription():
    assert start(past("codeine", "ir", 2), last=ago(2), long_term=True).date == ago(2) + timedelta(days=14)
    assert start(past("codeine", "ir", 2), last=ago(2), long_term=True).if_confirmed is None
    assert start(long_term=True).date == TODAY
    # the rule blocks up to and including day 14
    assert start(last=ago(5), last_non_medical_use=ago(5)).date == ago(5) + timedelta(days=15)
    assert start(last_non_medical_use="never").date == TODAY


def test_something_unknown_that_ended_long_ago_holds_nothing_back():
    assert start(Taken(recognise("foobarine"), active=False, last_taken=ago(365))).date == TODAY
    assert start(Taken(recognise("foobarine"), active=False, last_taken=ago(364))).date is None


def test_an_unknown_form_says_what_would_shorten_it():
    notes = start(past("tramadol", "unknown", 2), last=ago(2)).notes
    assert any("immediate release waits less" in note for note in notes)
    notes = start(past("buprenorphine", "unknown", 2), last=ago(2)).notes
    assert any("OPI-005" in note for note in notes)


def test_the_brand_brings_its_form():
    assert start(Taken(recognise("Percocet"), active=False, last_taken=ago(2)), last=ago(2)).date == ago(-8)
    assert start(Taken(recognise("OxyContin"), active=False, last_taken=ago(2)), last=ago(2)).date == ago(-12)


# The dated rules, written again from their text.


def blocks(name, form, days):
    """OPI-002, OPI-004 and OPI-005 for one past opioid, ``days`` after its last dose."""
    opioid = ingredient(name)
    counts = in_set(opioid, "opioid_washout")
    return (
        (counts and days < 7)
        or (counts and days < 14 and (opioid.washout_class == "long" or form in ("er", "patch", "unknown")))
        or (in_set(opioid, "opioid_systemic") and form in ("depot", "implant") and days < 365)
    )


def warns(name, form, days):
    """OPI-003."""
    return in_set(ingredient(name), "opioid_washout") and 7 <= days < 10


ALL = sorted(name for name, each in ingredients().items() if each.classes)


@given(st.sampled_from(ALL), st.sampled_from(FORMS), st.integers(0, 500))
@settings(max_examples=500, deadline=None)
def test_on_that_day_no_rule_blocks_or_warns_and_on_the_day_before_one_does(name, form, days):
    taken = Taken(Recognition(name, "recognised", (ingredient(name),), form, (), ""), False, form, ago(days))
    last = ago(days) if in_set(ingredient(name), "opioid_washout") else "never"
    found = start(taken, last=last)
    if found.date is None:
        assert blocks(name, form, days)
        assert form in ("depot", "implant")
        return
    waited = (found.date - ago(days)).days
    assert not blocks(name, form, waited)
    assert not warns(name, form, waited)
    if found.date > TODAY and not in_set(ingredient(name), "tianeptine") and form not in ("depot", "implant"):
        assert blocks(name, form, waited - 1) or warns(name, form, waited - 1)
    if found.if_confirmed is not None:
        assert TODAY <= found.if_confirmed < found.date
        confirmed = (found.if_confirmed - ago(days)).days
        assert not blocks(name, form, confirmed)
        assert found.if_confirmed == TODAY or blocks(name, form, confirmed - 1)


PAST = st.tuples(
    st.sampled_from(
        ["codeine", "oxycodone", "methadone", "fentanyl", "kratom", "loperamide", "foobarine", "ibuprofen"]
    ),
    st.sampled_from(FORMS),
    st.one_of(st.none(), st.integers(0, 400)),
)


@given(st.lists(PAST, max_size=4), PAST, st.one_of(st.none(), st.just("never"), st.integers(0, 400)))
@settings(max_examples=300, deadline=None)
def test_one_more_medicine_never_brings_the_start_forward(listed, more, last):
    last = ago(last) if isinstance(last, int) else last
    before = start(*(past(*each) for each in listed), last=last)
    after = start(*(past(*each) for each in listed), past(*more), last=last)
    if before.date is None:
        assert after.date is None
    elif after.date is not None and "does not name" not in before.basis:
        assert after.date >= before.date


def test_the_disagreement_is_shown_with_its_sources():
    shown = {(each.about, each.days) for each in conflicts()}
    assert {
        ("any opioid", (7, 10)),
        ("long-term use or abuse", (10, 14)),
        ("buprenorphine and methadone", (14, 14)),
    } <= shown
    assert {days for about, days in shown if about == "trial practice"} == {(15, 15), (28, 28), (90, 90)}
    for each in conflicts():
        assert each.url.startswith("http") or each.source.startswith("article")
        assert (each.label == "not yet confirmed") == ("droracle" in each.url or each.source.startswith("article"))


def test_what_rests_on_recall_or_on_a_machine_is_labelled():
    labelled = {name for name, each in intervals().items() if each.label}
    assert labelled == set(intervals()) - {"short"}
    assert "not yet confirmed" in start(past("methadone", "ir", 2), last=ago(2)).basis
    assert "not yet confirmed" not in start(past("codeine", "ir", 2), last=ago(2)).basis


def test_no_opioid_dose_is_stated():
    text = (files("lowdose.safety") / "washout" / "washout.yaml").read_text(encoding="utf-8")
    amounts = re.findall(r"[\w ]*\d\s*(?:mg|micrograms?|mcg|g)\b", text)
    assert amounts == [" US label of naltrexone 50 mg"]
