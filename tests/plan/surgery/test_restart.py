"""Taking it again: the same dose after a short gap, titration after a long one, and the wash-out after any opioid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.plan.surgery import restart
from lowdose.safety.medicines import recognise
from lowdose.safety.washout import Taken, earliest_start

from .plans import make

LAST = date(2027, 1, 11)


def took(name, day, form="ir", active=False):
    return Taken(recognise(name, form=form), active=active, form=form, last_taken=day)


@pytest.mark.parametrize(
    ("days", "kind", "says"),
    [(0, "same-dose", "4.5 mg again"), (14, "same-dose", "4.5 mg again"), (15, "titrate-again", "(naltrexone 1.5 mg)")],
)
def test_a_gap_without_opioids(plan, days, kind, says):
    found = restart(plan, LAST, on=LAST + timedelta(days=days), opioid_given=False)
    assert (found.kind, found.earliest) == (kind, LAST + timedelta(days=days))
    assert found.same_dose_until == date(2027, 1, 25)
    assert says in " ".join(found.sentences)


@pytest.mark.parametrize(("given_", "taken"), [(None, ()), (True, ())])
def test_unknown_is_not_none(plan, given_, taken):
    found = restart(plan, LAST, on=date(2027, 1, 20), opioid_given=given_, taken=taken)
    assert found.kind == "not-known"
    assert found.earliest is None
    assert "not known" in found.sentences[0]


@given(
    st.sampled_from([("oxycodone", "ir"), ("tramadol", "ir"), ("tramadol", "unknown"), ("methadone", "ir"),
                     ("fentanyl", "patch"), ("buprenorphine", "ir")]),
    st.integers(0, 10),
    st.integers(0, 40),
)  # fmt: skip
def test_after_an_opioid_the_washout_rule_decides_and_a_short_gap_never_shortens_it(opioid, after, asked):
    plan = make("1.5", "3", "4.5")
    day = LAST + timedelta(days=4 + after)
    on = day + timedelta(days=asked)
    taken = took(opioid[0], day, opioid[1])
    rule = earliest_start([taken], on=on, last_opioid_use=day).date
    found = restart(plan, LAST, on=on, opioid_given=True, taken=[taken])
    assert found.earliest == rule
    assert rule >= on
    assert (found.kind == "wait") == (rule > on)
    if found.kind == "same-dose":
        assert rule <= LAST + timedelta(days=14)
    if rule > LAST + timedelta(days=14):
        assert "titrate again" in " ".join(found.sentences)


@pytest.mark.parametrize(
    "taken",
    [
        took("oxycodone", date(2027, 1, 16), active=True),
        took("oxycodone", None),
        took("buprenorphine", date(2027, 1, 16), form="depot"),
        took("oxycodnoe of sorts", date(2027, 1, 16)),
    ],
)
def test_where_the_washout_rule_names_no_day_none_is_named(plan, taken):
    found = restart(plan, LAST, on=date(2027, 1, 22), opioid_given=True, taken=[taken])
    assert found.kind == "not-known"
    assert found.earliest is None
    assert found.sentences[0].startswith("No day can be named: ")


def test_the_disagreement_about_the_washout_is_shown(plan):
    found = restart(plan, LAST, on=date(2027, 1, 20), opioid_given=True, taken=[took("oxycodone", date(2027, 1, 16))])
    text = " ".join(found.sentences)
    assert "Sources differ:" in text
    assert "not yet confirmed" in text
    assert "says nothing about dependence" in text


def test_contradictions_are_refused(plan):
    with pytest.raises(InvalidInput, match="before the last dose"):
        restart(plan, LAST, on=LAST - timedelta(days=1), opioid_given=False)
    with pytest.raises(InvalidInput, match="which is right"):
        restart(plan, LAST, on=LAST, opioid_given=False, taken=[took("oxycodone", LAST)])
