"""The rules as data: all there, whole, and honest about what they rest on."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from lowdose.errors import InvalidInput, NotFound
from lowdose.safety import conditions, conflicts, fields, rule, rule_set
from lowdose.safety.medicines import sets
from lowdose.safety.rules.logic import Compare, Missing, Taken
from lowdose.safety.rules.rule_set import build
from tests.safety.mutants import contents, leaves

FAMILIES = {
    "DAT": 2, "OPI": 24, "HEP": 9, "REN": 3, "PRE": 3, "PED": 3, "ELD": 1, "THY": 4, "DOP": 2, "IMM": 6, "PSY": 3,
    "ALL": 2, "INT": 8, "DOS": 11, "SLP": 2, "TOL": 4, "MIS": 2, "EFF": 2, "CMP": 10, "REG": 1, "DRV": 1,
}  # fmt: skip


def test_all_103_are_there() -> None:
    assert sum(FAMILIES.values()) == 103
    assert Counter(one.id[:3] for one in rule_set().rules) == FAMILIES


def test_nobody_has_reviewed_them() -> None:
    assert rule_set().reviewed_by is None
    assert rule_set().not_reviewed == "rule set not yet clinically reviewed"


def test_every_condition_asks_for_fields_and_sets_that_exist() -> None:
    for one in rule_set().rules:
        for leaf in leaves(one.when):
            if isinstance(leaf, Taken):
                assert leaf.set in sets(), one.id
            elif isinstance(leaf, Compare | Missing):
                assert leaf.field in fields() or leaf.field == "phase", one.id


def test_no_field_of_a_person_is_there_for_no_rule() -> None:
    asked = {leaf.field for one in rule_set().rules for leaf in leaves(one.when) if isinstance(leaf, Compare | Missing)}
    unused = set(fields()) - asked - {"meds.list"}
    assert unused == {"patient.weight_kg", "event.surgery_in_hours", "plan.drawn_up"}


def test_no_number_of_a_condition_stands_beside_its_param() -> None:
    """A threshold is written once, in params; the words take it from there."""
    for content in contents():
        for one in content["rules"]:
            numbers = re.findall(r"(?:value|days|max_age_days)': (-?\d[\d.]*)", str(one["when"]))
            assert not numbers, one["id"]


def test_blocks_cannot_be_overridden_by_a_reason() -> None:
    assert not [one.id for one in rule_set().rules if one.severity == "block" and one.override == "reason"]


def test_recalled_rules_and_machine_written_pages_are_not_yet_confirmed() -> None:
    for one in rule_set().rules:
        weak = one.provenance == "recalled" or {"washout2", "washout3", "spaqi"} & set(one.sources)
        assert (one.label == "not yet confirmed") is bool(weak), one.id
    assert rule("OPI-002").label == "not yet confirmed"
    assert rule("HEP-004").label == "partly not yet confirmed"
    assert rule("OPI-001").label == ""


def test_what_patients_are_told_holds_no_dose() -> None:
    assert not [one.id for one in rule_set().rules if re.search(r"\d\s*(mg|microgram|mL|%)", one.patient_text)]


def test_each_phase_has_its_own_rules() -> None:
    known = rule_set()
    assert {one.id for one in known.of_phase("compound")} == {
        one.id for phase in ("formula", "batch") for one in known.of_phase(phase)
    }
    assert not {one.id for one in known.of_phase("surgery")} - {one.id for one in known.of_phase("event")}
    with pytest.raises(NotFound, match="surgry"):
        known.of_phase("surgry")


def test_conflicts_have_two_sides_with_sources() -> None:
    topics = {one.topic for one in conflicts()}
    assert topics >= {"thyroid-dose", "surgery-interval", "washout-days", "dose-bands"}
    for one in conflicts():
        assert len(one.sides) >= 2
        for side in one.sides:
            assert set(side.sources) <= set(rule_set().sources)
        assert {rule(name).id for name in one.shown_with}


def test_a_rule_file_that_does_not_fit_is_refused() -> None:
    first = contents()[0]
    one = first["rules"][0]
    for spoilt in (
        {**one, "sources": ["nowhere"]},
        {**one, "phases": ["tomorrow"]},
        {**one, "when": {"field": "lab.egfr", "op": "<", "value": "$nothing"}},
        {**one, "when": {"somehow": 1}},
    ):
        with pytest.raises(InvalidInput):
            build([{**first, "rules": [spoilt]}])
    with pytest.raises(InvalidInput, match="twice"):
        build([{**first, "rules": [one, one]}])


def test_conditions_have_one_meaning() -> None:
    words = [word for name, one in conditions().items() for word in {name, one.title.lower(), *one.also}]
    assert len(words) == len(set(words))
