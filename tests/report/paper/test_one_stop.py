"""One stop before an operation: what the plan has stands on every document, and no other hours do."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

import pytest

from lowdose.audit import Professional
from lowdose.opioids import Setting
from lowdose.plan import Hold, make_plan
from lowdose.plan.surgery import before_surgery, emergency_page, surgery_plan, wallet_card
from lowdose.report.paper.emergency import emergency_sheet
from lowdose.report.paper.leaflet import leaflet_sheet
from lowdose.report.paper.note import chart_note
from lowdose.report.paper.plan_page import plan_sheet
from lowdose.report.paper.surgery import surgery_sheet
from lowdose.report.paper.wallet import wallet_sheet
from tests.plan.people import MADE, START, somebody
from tests.report.paper.examples import AT, BY
from tests.report.paper.reading import read, words

HOLDS = {
    "96": Hold(96, reason="as the anaesthetist asks"),
    "60": Hold(60, reason="practice", by=Professional("C. Dale", "anaesthetist", "GMC 0000002")),
    "168": Hold(168, reason="as the anaesthetist asks"),
}
SAID = {
    "96": ("96 hours (4 days)", "4 days"),
    "60": ("60 hours (2.5 days)", "60 hours"),
    "168": ("168 hours (7 days)", "7 days"),
}
USUAL = re.compile(r"\b72 hours|\b3 days before|\(3 days\)")


@cache
def plan(name):
    return make_plan("standard", start=START, patient=somebody(), on=MADE, by=BY, at=AT, hold=HOLDS[name])


def emergency(made):
    page = emergency_page(made, now=datetime(2027, 1, 12, 10), setting=Setting(people=5))
    return words(read(emergency_sheet(page, made=MADE)).pages)


def operation(made):
    found = surgery_plan(made, at=datetime(2027, 1, 30, 8), now=datetime(2027, 1, 12, 10), setting=Setting(people=5))
    return words(read(surgery_sheet(found, made=MADE)).pages)


PROFESSIONAL = {
    "plan": lambda made: words(read(plan_sheet(made)).pages),
    "note": lambda made: " ".join(chart_note(made).split()),
    "wallet card": lambda made: words(read(wallet_sheet(wallet_card(made), made=MADE)).pages),
}


@pytest.mark.parametrize("document", PROFESSIONAL)
@pytest.mark.parametrize("name", HOLDS)
def test_plan_note_and_card_say_it_and_the_line_for_the_anaesthetist(name, document):
    said = PROFESSIONAL[document](plan(name))
    stop, line = before_surgery(plan(name))
    assert f"Stop at least {SAID[name][0]} before it" in said
    assert stop in said
    assert line in said
    assert bool(line) == (name == "60")
    assert not USUAL.search(said)


@pytest.mark.parametrize("name", HOLDS)
def test_the_leaflet_says_it_to_the_patient(name):
    said = words(read(leaflet_sheet(plan(name))).pages)
    assert f"Stop this medicine at least {SAID[name][1]} before it" in said
    assert not USUAL.search(said)


@pytest.mark.parametrize("name", HOLDS)
def test_operation_and_emergency_keep_it(name):
    made = plan(name)
    assert f"this plan keeps a stop of {made.hold.words}" in emergency(made)
    said = operation(made)
    assert f"{made.hold.words}, before the operation" in said
    assert f"Here {name} hours are kept" in said


@pytest.mark.parametrize("name", ["96", "60"])
def test_who_chose_it_and_why_stands_on_plan_and_note(name):
    for document in ("plan", "note"):
        assert HOLDS[name].words in PROFESSIONAL[document](plan(name))
