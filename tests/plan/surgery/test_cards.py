"""The card comes from an approved plan alone; the emergency page names no opioid dose, and says what is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from lowdose.errors import InvalidInput, LowdoseError
from lowdose.opioids import Setting
from lowdose.plan.foreseen.blockade import of_dose, person_of, setting_of
from lowdose.plan.records.block import Covariates
from lowdose.plan.surgery import (
    Hold,
    before_surgery,
    document,
    emergency_page,
    restart_ahead,
    surgery_plan,
    wallet_card,
)
from lowdose.plan.surgery.words import texts

from .plans import BY, make

NOW = datetime(2027, 1, 12, 10)


def test_no_card_without_approval_or_after_a_change(draft, changed):
    for plan in (draft, changed):
        with pytest.raises(LowdoseError, match="no wallet card is made") as refused:
            wallet_card(plan)
        assert refused.value.exit_code == 5
        assert "lowdose plan approve" in refused.value.remedy


def test_the_card_says_who_approved_when_and_what_to_do(plan):
    card = wallet_card(plan)
    assert card.is_approved
    assert "A. Brown, physician, GMC 0000000 on 2026-12-01 09:00 UTC" in card.standing
    assert card.plan_sha256 == plan.digest
    assert card.dose == "Naltrexone hydrochloride, 1.5 to 4.5 mg at bedtime, by mouth"
    assert card.surgery.startswith("Stop at least 72 hours (3 days) before it")
    assert "Stopping 96 hours before is a choice" in card.surgery
    assert "about 40 % of µ receptors" in card.anaesthetist
    assert "18 % to 68 % of people; rivals 0 % to 68 %" in card.anaesthetist
    assert "hit harder" in card.tolerance
    assert not card.reviewed
    assert "Last dose: day and hour" in card.blanks


def test_a_low_dose_has_no_line_and_offers_no_longer_stop():
    stop, line = before_surgery(make("0.5", "1"))
    assert line == ""
    assert stop == "Stop at least 72 hours (3 days) before it, and tell surgeon and anaesthetist."


def test_the_line_is_that_of_the_highest_dose_and_of_the_hours_that_are_kept():
    assert before_surgery(make("4.5", "1")) == before_surgery(make("1", "4.5"))
    longer = Hold(120, reason="as the anaesthetist asks")
    assert before_surgery(make("4.5", hold=longer)) == (
        "Stop at least 120 hours (5 days) before it, and tell surgeon and anaesthetist.", "",
    )  # fmt: skip


def test_a_site_s_hours_are_predicted_though_they_are_in_no_table():
    odd = Hold(60, reason="practice", by=BY)
    stop, line = before_surgery(make("4.5", hold=odd))
    assert stop.startswith("Stop at least 60 hours (2.5 days) before it")
    assert line.startswith("60 hours after the last dose about 46 %")
    at, usual = (make("4.5", hold=hold).block_after for hold in (odd, None))
    assert [one for one in at.at if one.hours != 60] == list(usual.at)


def test_the_emergency_page_in_its_order(plan, few):
    page = emergency_page(plan, last_taken=datetime(2027, 1, 11, 22), now=NOW, setting=few)
    assert page.last_dose_words == (
        "Last dose: Monday 11 January 2027, 22:00, 12 hours before this page; 4.5 mg by the plan."
    )
    order = ("last dose", "without opioids", "short-acting", "for longer", "opioid-free interval")
    assert all(word in step for word, step in zip(order, page.steps, strict=True))
    assert "regional" in page.steps[1]
    assert "monitored" in page.steps[2]
    assert any("tolerance" in warning.lower() for warning in page.warnings)
    assert page.predicted.hour(12.0).median > 0.5
    assert all("not yet confirmed" in one for one in page.not_confirmed)
    assert len(page.not_confirmed) == 3  # naloxone, from memory


def test_a_last_dose_nobody_knows_is_said_to_be_unknown_and_the_plan_only_a_hint(plan, few):
    page = emergency_page(plan, now=NOW, setting=few)
    assert page.last_dose is None
    assert page.hours_since is None
    assert page.last_dose_words.startswith("Last dose: not known. By the plan it was 4.5 mg at bedtime")
    assert page.last_dose_words.endswith("Ask.")
    assert page.predicted is not None


def test_before_the_plan_the_highest_dose_is_assumed_for_the_block(plan, few):
    page = emergency_page(plan, now=datetime(2026, 11, 20, 8), setting=few)
    assert page.last_dose_words == "Last dose: not known; by the plan none was due yet. Ask."
    assert page.predicted.regimen == "4.5 mg nightly at 22:00 for 4 weeks"
    page = emergency_page(plan, last_taken=datetime(2026, 11, 19, 8), now=datetime(2026, 11, 20, 8), setting=few)
    assert "how much is not known" in page.last_dose_words


def test_a_draft_says_so(draft, few):
    page = emergency_page(draft, now=NOW, setting=few)
    assert not page.is_approved
    assert page.standing == "DRAFT – NOT APPROVED"


@pytest.mark.parametrize("last", ["2027-01-12T10:01", "2027-01-11T22:00+00:00"])
def test_moments_that_cannot_be_are_refused(plan, last):
    with pytest.raises(InvalidInput):
        emergency_page(plan, last_taken=datetime.fromisoformat(last), now=NOW)


def test_a_dose_of_months_ago_is_beyond_the_prediction_and_no_crash(plan, few):
    page = emergency_page(plan, last_taken=datetime(2026, 12, 20), now=datetime(2027, 3, 1), setting=few)
    assert [one.hours for one in page.predicted.at] == [24, 48, 72, 96, 120]


def test_every_fixed_text_names_its_source_and_how_far_it_is_confirmed():
    found = texts()
    for text in (*found.steps, *found.warnings, *found.naloxone, *found.card, found.tolerance):
        assert text.source
        assert text.provenance == "recalled" or text.url.startswith("https://")
        assert "  " not in text.text


def test_every_rule_that_a_text_names_exists():
    from lowdose.safety import rule

    found = texts()
    for text in (*found.steps, *found.warnings, *found.card, found.tolerance):
        assert rule(text.rule).id == text.rule


def test_all_of_them_as_json(plan):
    setting = Setting(people=2)
    found = [
        surgery_plan(plan, at=datetime(2027, 1, 15, 8), now=NOW, setting=setting),
        restart_ahead(plan, NOW),
        wallet_card(plan),
        emergency_page(plan, now=NOW, setting=setting),
    ]
    documents = [json.loads(json.dumps(document(one))) for one in found]
    assert [one["schema"] for one in documents] == [
        "lowdose.surgery/1", "lowdose.surgery.restart/1", "lowdose.wallet-card/1", "lowdose.emergency/1"
    ]  # fmt: skip
    assert documents[0]["stop_by"] == "2027-01-12T08:00:00"
    assert all(one["versions"]["lowdose"] for one in documents)


def test_what_holds_for_a_grown_up_is_not_said_of_a_child():
    child = replace(make("2.25"), blockade_note="no data and no convention for children", block_after=None)
    stop, anaesthetist = before_surgery(child)
    assert "72 hours" in stop
    assert "%" not in anaesthetist
    assert "not predicted" in anaesthetist
    page = emergency_page(child, now=datetime(2026, 12, 20, 9))
    assert page.predicted is None
    assert "not predicted" in page.predicted_sentences[0]
    assert "this plan keeps a stop of 72 hours" in page.predicted_sentences[-1]


def test_the_prediction_is_of_the_person_of_the_plan():
    average = make("4.5")
    sick = Covariates(70.0, 30.0, "B")
    after = of_dose(average.steps[0].dose_mg, person_of(sick)).after
    line, worse = (before_surgery(plan)[1] for plan in (average, replace(average, covariates=sick, block_after=after)))
    assert line != worse
    assert setting_of(replace(average, covariates=sick)).person.child_pugh == "B"


def test_what_is_predicted_for_the_operation_is_what_the_plan_keeps():
    """The same persons are drawn: once the highest dose was taken for four weeks, the numbers are the same."""
    plan = make("1.5", "4.5")
    found = surgery_plan(plan, at=datetime(2027, 3, 1, 8), now=datetime(2027, 1, 1))
    assert found.predicted == plan.block_after
