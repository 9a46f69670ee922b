"""No text of the clinical rooms states or implies an amount of an opioid: every string and every value is read here."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from lowdose.opioids import Setting
from lowdose.plan.surgery import document, emergency_page, surgery_plan, wallet_card

from ..plan.surgery.plans import approved
from .opioid_amounts import opioid_names, stated, texts_of

SOURCE = Path(__file__).parents[2] / "src" / "lowdose"
ROOMS = ("safety", "plan", "pharmacy", "audit", "report/paper")
COMMANDS = ("screen", "plan", "compound", "surgery", "emergency", "audit")


def texts_in(*places):
    """Every file below these places that can hold a text."""
    found = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place])]
    return sorted(file for file in found if file.suffix in (".py", ".yaml", ".json", ".typ", ".txt"))


FILES = {room: texts_in(SOURCE / room) for room in ROOMS}
FILES |= {f"cli/{one.stem}": texts_in(one) for one in (SOURCE / "cli").glob("*") if one.stem in COMMANDS}
MORE = re.compile(
    r"\b(higher|larger|bigger|greater|additional|extra|double|twice the)\s+(amounts?|doses?|opioids?)\b"
    r"|dose[ _-]ratio|times the (dose|amount)|equianalgesic|equivalent dose"
    r"|\b(enough|needed|required|necessary|sufficient)\s+to\s+(overcome|override|break|beat|get through|surmount)"
    r"|\bto (overcome|override|surmount|break through)\b",
    re.IGNORECASE,
)


def test_the_reader_itself_catches_what_it_must():
    for wrong in (
        "Take oxycodone 10 mg.", "morphine: 40mg ceiling", "Tramadol, up to 300 mg a day", "fentanyl 25 micrograms/h",
        "an opioid of 5 mg", "OxyContin 20 mg", "Percocet 5 mg", "40 MME of any opioid", "methadone 30 to 40 mg",
    ):  # fmt: skip
        assert stated(wrong), wrong
    for right in (
        "naltrexone 4.5 mg", "Naloxone 0.2 mg, then 0.6 mg: an opioid challenge", "No opioid for 10 days.",
        "oxycodone, last taken 2026-11-20", "Stop 72 hours before; tell of opioids", "50 mg tablets of naltrexone",
    ):  # fmt: skip
        assert not stated(right), right
    assert MORE.search("a higher dose")
    assert MORE.search("enough to overcome the block")


def test_the_names_are_those_of_the_tables():
    for name in ("oxycodone", "Percocet", "Vicodin", "tianeptine", "co-codamol", "buprenorphine", "kratom"):
        assert opioid_names().search(name), name
    assert not opioid_names().search("naltrexone and naloxone")


def test_every_clinical_room_is_read():
    assert all(FILES.values())
    assert {f"cli/{name}" for name in COMMANDS} <= set(FILES)
    assert sum(map(len, FILES.values())) > 100


@pytest.mark.parametrize("place", FILES)
def test_no_text_states_an_amount_of_an_opioid(place):
    found = [(file.name, said) for file in FILES[place] for text in texts_of(file) for said in stated(text)]
    assert not found


def spoken(content):
    """Every text of a document."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from spoken(value)
    elif isinstance(content, list):
        for value in content:
            yield from spoken(value)


def test_what_is_made_for_surgery_and_emergencies_neither_states_nor_implies_one():
    plan, setting, now = approved(), Setting(people=2), datetime(2027, 1, 12, 10)
    made = [
        surgery_plan(plan, at=datetime(2027, 1, 15, 8), now=moment, setting=setting)
        for moment in (datetime(2026, 12, 20), datetime(2027, 1, 14))
    ]
    made += [
        wallet_card(plan),
        emergency_page(plan, now=now, setting=setting),
        emergency_page(plan, last_taken=datetime(2027, 1, 11, 22), now=now, setting=setting),
    ]
    texts = [text for one in made for text in spoken(document(one))]
    assert len(texts) > 100
    for text in texts:
        assert not stated(text)
        assert not MORE.search(text), text
