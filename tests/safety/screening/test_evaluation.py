"""The screen: its outcome, overrides by name, medicines that are not recognised, and the earliest start."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lowdose.audit import Professional
from lowdose.errors import InvalidInput, NotFound, SafetyStop
from lowdose.safety import Facts, Override, Screen, fields, rule_set, screen
from lowdose.safety.facts.listed import asked_by_form
from lowdose.safety.medicines import forms_of, in_set, ingredients, sets
from lowdose.safety.rules.logic import Taken
from tests.safety.mutants import leaves
from tests.safety.reading import laid_over_base

ON = date(2026, 12, 1)
SHE = Professional("A. Brown", "physician", "GMC 0000000")


def found(facts: dict[str, Any], *, unknown: tuple[str, ...] = (), phase: str = "start", **more: Any) -> Screen:
    return screen(laid_over_base(facts, ON, unknown), phase=phase, on=ON, **more)


@pytest.mark.parametrize(
    ("facts", "unknown", "outcome", "code"),
    [
        ({}, (), "clear-of-known-rules", 0),
        ({"patient.age_y": 70}, (), "clear-of-known-rules", 0),
        ({"lab.egfr": 45}, (), "warning", 0),
        ({"patient.breastfeeding": True}, (), "critical", 5),
        ({"patient.breastfeeding": True}, ("lab.egfr",), "incomplete", 5),
        ({"allergy.naltrexone": True}, ("lab.egfr",), "block", 5),
        ({}, ("history.last_opioid_use",), "block", 5),
        ({}, ("pro.phq9_total",), "warning", 0),
        ({}, ("history.cannabis",), "clear-of-known-rules", 0),
    ],
)
def test_outcome_is_the_worst(facts: dict[str, Any], unknown: tuple[str, ...], outcome: str, code: int) -> None:
    one = found(facts, unknown=unknown)
    assert (one.outcome, one.exit_code) == (outcome, code)


def test_a_screen_evaluates_the_rules_of_its_phase_only() -> None:
    assert found({"diary.bad_nights_7d": 7}).outcome == "clear-of-known-rules"
    assert [one.id for one in found({"diary.bad_nights_7d": 7}, phase="titrate").fired] == ["SLP-001"]


def test_what_was_checked_and_what_was_not_make_up_the_phase() -> None:
    one = found({}, unknown=("lab.egfr", "patient.age_y"))
    assert len(one.checked) + len(one.not_checked) == len(one.rules.of_phase("start"))
    assert not set(one.checked) & {each.id for each in one.not_checked}
    assert {each.id: each.settled_by for each in one.not_checked}["REN-001"].startswith("eGFR")


def test_a_critical_rule_is_overridden_by_name_and_stays_visible() -> None:
    override = Override("PRE-003", "mother expresses and discards milk", SHE)
    one = found({"patient.breastfeeding": True}, overrides=[override])
    assert (one.outcome, one.exit_code) == ("critical", 0)
    assert next(each for each in one.fired if each.id == "PRE-003").override == override
    assert one.document()["fired"][0]["override"]["by"] == "A. Brown, physician, GMC 0000000"


def test_one_override_does_not_answer_for_another_rule() -> None:
    one = found({"patient.breastfeeding": True, "lab.egfr": 20}, overrides=[Override("PRE-003", "discussed", SHE)])
    assert one.exit_code == 5


@pytest.mark.parametrize("rule", ["OPI-001", "PSY-001", "REG-001", "IMM-001", "PED-002", "ALL-002"])
def test_a_rule_whose_policy_forbids_it_cannot_be_overridden(rule: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be overridden"):
        Override(rule, "please", SHE)


def test_an_override_needs_a_reason_and_a_rule_and_is_given_once() -> None:
    with pytest.raises(InvalidInput, match="no reason"):
        Override("PRE-003", " ", SHE)
    with pytest.raises(InvalidInput, match="no reason"):
        Override("PRE-003", "n/a", SHE)
    with pytest.raises(NotFound):
        Override("PRE-999", "why", SHE)
    with pytest.raises(InvalidInput, match="twice"):
        found({}, overrides=[Override("PRE-003", "a", SHE), Override("PRE-003", "b", SHE)])


def test_only_someone_who_may_decide_on_a_medicine_goes_on_in_spite_of_a_rule() -> None:
    with pytest.raises(SafetyStop, match="an override of PRE-003 is decided by a doctor"):
        Override("PRE-003", "it will be fine", Professional("J. Doe", "plumber", "1"))


def test_an_override_of_a_rule_that_did_not_fire_is_told() -> None:
    one = found({}, overrides=[Override("PRE-003", "in case", SHE)])
    assert one.document()["overrides_not_used"] == ["PRE-003"]


@pytest.mark.parametrize("name", ["foobarine", "oxycodnoe"])
def test_a_medicine_that_is_not_recognised_leaves_it_incomplete(name: str) -> None:
    one = found({"meds.list": [{"name": name, "active": True, "form": "ir"}]})
    assert one.outcome == "incomplete"
    assert one.unrecognised == (name,)
    assert name in one.to_ask[0]


def test_a_medicine_confirmed_by_name_counts_as_that() -> None:
    entry = {"name": "oxycodnoe", "confirmed": "oxycodone", "active": True, "form": "ir"}
    assert "OPI-001" in [one.id for one in found({"meds.list": [entry]}).fired]


def test_a_known_opioid_fires_beside_a_medicine_nobody_knows() -> None:
    medicines = [{"name": name, "active": True, "form": "ir"} for name in ("foobarine", "oxycodone")]
    assert found({"meds.list": medicines}).outcome == "block"


def test_an_opioid_of_which_only_the_date_is_known_counts() -> None:
    one = found({"history.last_opioid_use": date(2026, 11, 28)})
    assert "OPI-002" in [each.id for each in one.fired]
    one = found({"history.last_opioid_use": date(2026, 11, 20)})
    assert {"OPI-004", "OPI-005"} <= {each.id for each in one.not_checked}
    assert one.outcome == "incomplete"


def test_a_list_that_may_lack_medicines_reassures_nobody() -> None:
    facts = {"history.last_opioid_use": "never", "meds.list": [{"name": "ibuprofen", "active": True, "form": "ir"}]}
    one = screen(Facts.of(facts, on=ON, is_whole_list=False), on=ON)
    assert "OPI-001" in [each.id for each in one.not_checked]
    assert "DAT-002" in [each.id for each in one.fired]


def test_an_old_list_is_not_known_to_hold_today() -> None:
    old = {"value": [], "on": date(2026, 10, 1)}
    one = screen(Facts.of({"history.last_opioid_use": "never", "meds.list": old}, on=ON), on=ON)
    assert "OPI-001" in [each.id for each in one.not_checked]


@pytest.mark.parametrize(
    ("facts", "start", "confirmed"),
    [
        ({}, ON, None),
        (
            {"history.last_opioid_use": date(2026, 11, 25),
             "meds.list": [{"name": "codeine", "active": False, "form": "ir", "last_taken": date(2026, 11, 25)}]},
            date(2026, 12, 5), date(2026, 12, 2),
        ),
        ({"meds.list": [{"name": "tramadol", "active": True, "form": "ir"}]}, None, None),
        ({"history.kratom": True}, None, None),
        ({"meds.list": [{"name": "kratom", "active": False, "last_taken": date(2026, 11, 25)}]},
         date(2026, 12, 9), None),
        ({"meds.list": [{"name": "heroin", "active": False, "form": "ir", "last_taken": date(2026, 11, 19)}]},
         date(2026, 12, 3), None),
        ({"meds.list": [{"name": "diamorphine", "active": False, "form": "ir", "last_taken": date(2026, 11, 25)}]},
         date(2026, 12, 5), date(2026, 12, 2)),
        ({"meds.list": [{"name": "loperamide", "active": False, "form": "ir", "last_taken": date(2026, 11, 25)}],
          "meds.gut_opioid_above_label": True}, date(2026, 12, 9), None),
        ({"meds.list": [{"name": "loperamide", "active": True}], "meds.gut_opioid_above_label": False}, ON, None),
        ({"conditions": {"transplant": True}}, None, None),
        ({"meds.list": [{"name": "foobarine", "active": True, "form": "ir"}]}, None, None),
    ],
)  # fmt: skip
def test_earliest_start(facts: dict[str, Any], start: date | None, confirmed: date | None) -> None:
    one = found(facts)
    assert (one.earliest_start, one.earliest_if_confirmed) == (start, confirmed)
    document = one.document()
    assert document["earliest_start"] is None or document["earliest_start"]["basis"]
    assert (document["earliest_start_reason"] is None) is (start is not None)


def test_sources_that_disagree_are_shown_with_the_rule() -> None:
    one = found({"meds.list": [{"name": "levothyroxine", "active": True, "form": "ir"}]})
    thyroid = next(each for each in one.document()["conflicts"] if each["topic"] == "thyroid-dose")
    first, second = thyroid["sides"]
    assert [each["id"] for each in first["source"]] == ["article_b", "lowdose_org", "ldnrt_thy"]
    assert second["source"][0]["url"].startswith("https://")
    assert not found({}).conflicts


def test_the_document_holds_all_that_is_asked_of_it() -> None:
    document = found({"lab.egfr": 45}).document()
    assert document["reviewed"] is False
    assert document["note"] == "rule set not yet clinically reviewed"
    ren = next(one for one in document["fired"] if one["id"] == "REN-002")
    assert set(ren) >= {"id", "severity", "text", "source", "label", "provenance"}


def test_contradictions_are_refused() -> None:
    with pytest.raises(InvalidInput, match="contradicts"):
        Facts.of({"conditions": {"cirrhosis": False}, "assess.child_pugh": "C"}, on=ON)
    with pytest.raises(InvalidInput, match="contradicts"):
        Facts.of({"history.last_opioid_use": "never", "history.nonmedical_opioid_days": 3}, on=ON)


def test_a_year_typed_wrong_in_the_last_opioid_is_found_by_a_later_non_medical_one() -> None:
    answers = {"history.last_opioid_use_certain": True, "history.nonmedical_opioid_days": 5}
    Facts.of({**answers, "history.last_opioid_use": date(2026, 11, 26)}, on=ON)
    with pytest.raises(InvalidInput, match="2025-11-26, and an opioid without a prescription was used on 2026-11-26"):
        Facts.of({**answers, "history.last_opioid_use": date(2025, 11, 26)}, on=ON)


def test_the_wait_of_a_long_acting_opioid_is_named_beside_that_of_a_short_one() -> None:
    taken = {"name": "methadone", "active": False, "last_taken": date(2026, 11, 22)}
    fired = {one.id: one.text for one in screen(laid_over_base({"meds.list": [taken]}, ON), on=ON).fired}
    assert "OPI-004" in fired
    assert "waits 14 days" in fired["OPI-003"]


def test_facts_of_a_plan_are_added_to_those_of_the_person() -> None:
    person = laid_over_base({"plan.drawn_up": False}, ON)
    assert screen(person, on=ON).outcome == "clear-of-known-rules"
    assert screen(person, on=ON, facts={"plan.max_dose_mg": 45}).outcome == "block"


def test_a_screen_cannot_lie_before_what_was_stated() -> None:
    with pytest.raises(InvalidInput, match="was stated after"):
        screen(laid_over_base({}, ON), on=date(2026, 11, 1))


@pytest.mark.parametrize("certain", [False, None])
def test_a_last_opioid_of_uncertain_date_leaves_the_wait_open(certain: bool | None) -> None:
    last = {
        "history.last_opioid_use": date(2026, 10, 1),
        "meds.list": [{"name": "codeine", "form": "ir", "active": False, "last_taken": date(2026, 10, 1)}],
        "history.nonmedical_opioid_days": "never",
    }
    assert found({**last, "history.last_opioid_use_certain": True}).outcome == "clear-of-known-rules"
    if certain is None:
        one = found(last, unknown=("history.last_opioid_use_certain",))
    else:
        one = found({**last, "history.last_opioid_use_certain": certain})
    assert one.outcome == "incomplete"
    asked = {each.id: each.settled_by for each in one.not_checked}
    assert "latest day it can have been" in asked["OPI-002"]
    assert (one.earliest_start, one.earliest_if_confirmed) == (None, ON)
    assert one.document()["earliest_if_confirmed_by"] == "the date of the last opioid"


def test_a_child_has_no_phq9_and_is_still_asked_about_suicide() -> None:
    child = {"patient.age_y": 11, "pro.phq9_item9": "not applicable", "pro.phq9_total": "not applicable"}
    assert "PSY-001" in found(child).checked
    assert "PSY-001" in [one.id for one in found({**child, "diary.suicidal": True}).fired]
    open_now = found(child, unknown=("diary.suicidal",))
    assert "PSY-001" in [one.id for one in open_now.not_checked]


def test_no_day_is_named_where_waiting_lifts_nothing() -> None:
    told = found({"conditions": {"transplant": True}}).document()
    assert told["earliest_start"] is None
    assert told["earliest_start_reason"].startswith("not a matter of waiting: organ transplant")
    assert "as far as opioids are known: 2026-12-01" in told["earliest_start_reason"]


def test_loperamide_is_open_until_somebody_says_how_much() -> None:
    one = found({"meds.list": [{"name": "loperamide", "active": True}]}, unknown=("meds.gut_opioid_above_label",))
    assert (one.outcome, one.earliest_start) == ("incomplete", None)
    assert "above the amount on the pack" in next(each.settled_by for each in one.not_checked if each.id == "OPI-015")


def test_an_opioid_on_the_list_of_someone_who_never_used_one_is_asked_about() -> None:
    old = {"name": "codeine", "active": False, "form": "ir", "last_taken": date(2026, 3, 1)}
    asked = "No opioid was ever used, it is said, and codeine is on the list: which is right?"
    contradicted = found({"meds.list": [old]})
    assert (contradicted.outcome, contradicted.to_ask, contradicted.contradicted) == ("incomplete", (asked,), (asked,))
    said = {"history.last_opioid_use": date(2026, 3, 1), "history.nonmedical_opioid_days": "never"}
    assert found({"meds.list": [old], **said}).outcome == "clear-of-known-rules"


def test_the_form_is_asked_of_every_medicine_that_a_rule_asks_about_by_form() -> None:
    by_form = {
        leaf.set for one in rule_set().rules for leaf in leaves(one.when) if isinstance(leaf, Taken) and leaf.forms
    }
    by_form |= {name for name in sets() if forms_of(name)}
    assert len(by_form) == 3
    for one in ingredients().values():
        assert asked_by_form(one) is any(in_set(one, name) for name in by_form), one.name


def test_only_of_an_opioid_the_form_is_asked() -> None:
    held = [{"name": name, "active": True} for name in ("tramadol", "paracetamol")]
    (question,) = found({"meds.list": held, "history.last_opioid_use": ON}).to_ask
    assert question.startswith("In which form is tramadol taken: immediate release (ir), slow release (er), patch")


def test_an_opioid_of_which_only_the_day_is_known_is_asked_about() -> None:
    one = found({"meds.list": [], "history.last_opioid_use": date(2026, 11, 20)})
    assert one.to_ask == ("Which opioid was last used on 2026-11-20, and in which form?",)
    assert one.unrecognised == ()


def test_before_an_operation_and_on_treatment_no_plan_drawn_up_settles_nothing() -> None:
    plan = tuple(name for name in fields() if name.startswith("plan.") and name != "plan.drawn_up")
    no_plan = {"plan.drawn_up": False}
    assert found(no_plan, unknown=plan).outcome == "clear-of-known-rules"
    before = found({**no_plan, "event.opioid_expected": True}, unknown=plan, phase="surgery")
    assert ("OPI-018", 5) in {(one.id, before.exit_code) for one in before.not_checked}
    on_treatment = found(no_plan, unknown=plan, phase="titrate")
    assert "DOS-001" in {one.id for one in on_treatment.not_checked}


@pytest.mark.parametrize("name", ["perc 30", "Vicodine", "oxycodnoe"])
def test_an_opioid_is_not_confirmed_away(name: str) -> None:
    one = found({"meds.list": [{"name": name, "form": "ir", "active": True, "confirmed": "paracetamol"}]})
    assert (one.outcome, one.unrecognised) == ("incomplete", (name,))
    assert "correct the name" in one.document()["medicines"][0]["how"]


def test_a_name_that_also_means_something_harmless_is_settled_by_confirming_it() -> None:
    one = found({"meds.list": [{"name": "Tylenol", "form": "ir", "active": True, "confirmed": "paracetamol"}]})
    assert one.unrecognised == ()
    assert [each["ingredients"] for each in one.document()["medicines"]] == [["paracetamol"]]


def test_naltrexone_already_taken_is_another_than_the_one_to_be_started() -> None:
    one = found({"meds.list": [{"name": "Revia", "form": "ir", "active": True}], "meds.other_naltrexone": False})
    assert "OPI-021" in {each.id for each in one.fired}
