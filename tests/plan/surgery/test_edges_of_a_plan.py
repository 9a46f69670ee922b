"""Before a plan begins and after it has ended, nobody planned what is taken: it is said, and nothing is made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lowdose.plan.surgery import emergency_page, restart, restart_ahead, surgery_plan
from lowdose.plan.surgery.doses import has_ended, last_dose

from .plans import make

PLAN = make("1.5", "3", "4.5")
REVIEW = PLAN.review  # Tuesday 23 March 2027
AFTER = datetime(2027, 6, 20, 9)
JUNE = datetime(2027, 6, 1, 9)


@pytest.mark.parametrize("time_of_day", ["bedtime", "morning"])
def test_the_last_dose_of_a_plan_is_that_of_the_day_before_its_review(time_of_day):
    plan = make("1.5", "3", "4.5", time_of_day=time_of_day)
    last = last_dose(plan, AFTER)
    assert last.at.date() == REVIEW - timedelta(days=1)
    assert last_dose(plan, last.at) == last
    due = last.at + timedelta(days=1)  # by whoever goes on
    assert has_ended(plan, due)
    assert not has_ended(plan, due - timedelta(minutes=1))


@pytest.mark.parametrize(("now", "says"), [(JUNE, "The plan ended on"), (datetime(2027, 1, 9), "The plan ends on")])
def test_after_its_end_no_dose_is_named_and_the_stop_is_still_dated_from_the_operation(now, says, few):
    found = surgery_plan(PLAN, at=AFTER, now=now, setting=few)
    assert str(found.stop_by) == "2027-06-17 09:00:00"
    assert found.kept is True
    assert found.last_dose is None
    assert found.hours_free is None
    text = " ".join(found.sentences)
    assert f"{says} Tuesday 23 March 2027" in text
    assert "ask what is taken" in text
    assert "stops by that hour all the same" in text
    assert "By the plan the last dose is" not in text
    again = " ".join(found.restart.sentences)
    assert found.restart.same_dose_until is None
    assert "4.5 mg" not in again
    assert "Begin the plan" not in again
    assert "14 days after the last dose" in again
    assert any("as still taken" in said for said in found.predicted_sentences)


def test_after_its_end_the_dose_really_taken_counts_and_its_amount_is_not_known(few):
    found = surgery_plan(
        PLAN, at=AFTER, now=AFTER - timedelta(hours=1), last_taken=datetime(2027, 6, 18, 22), setting=few
    )
    assert found.kept is False
    assert found.hours_free == 35
    assert found.restart.same_dose_until == date(2027, 7, 2)
    assert "the dose of naltrexone before" in " ".join(found.restart.sentences)
    assert "4.5 mg" not in " ".join((*found.sentences, *found.restart.sentences))


def test_an_emergency_after_the_end_of_the_plan(few):
    page = emergency_page(PLAN, now=JUNE, setting=few)
    assert page.last_dose_words == (
        "Last dose: not known. The plan ended on Tuesday 23 March 2027; what is taken since is not in it. Ask."
    )
    assert page.dose == "Naltrexone hydrochloride, the plan that ended: 1.5 to 4.5 mg at bedtime, by mouth"
    page = emergency_page(PLAN, last_taken=datetime(2027, 5, 31, 22), now=JUNE, setting=few)
    assert page.last_dose_words.endswith("how much is not known: the plan ended on Tuesday 23 March 2027.")
    assert page.predicted_sentences[0] == "The prediction takes the last dose of the plan as still taken every day."
    assert (
        "as still taken" not in emergency_page(PLAN, now=datetime(2027, 1, 12, 9), setting=few).predicted_sentences[0]
    )


def test_the_same_dose_again_after_the_end_of_the_plan_is_not_a_dose_of_the_plan():
    found = restart(PLAN, date(2027, 6, 17), on=date(2027, 6, 25), opioid_given=False)
    assert found.kind == "same-dose"
    assert "4.5 mg" not in " ".join(found.sentences)
    assert "The plan has ended" in " ".join(found.sentences)


def test_nothing_of_a_plan_that_has_not_begun_was_taken():
    plan = make("1.5", start=date(2026, 11, 26))
    found = surgery_plan(plan, at=datetime(2026, 11, 24, 8), now=datetime(2026, 11, 22, 9))
    assert found.kept is True
    text = " ".join(found.sentences)
    assert "nobody said" not in text
    assert "The plan begins on Thursday 26 November 2026, and nothing of it was taken yet" in text
    assert "do not begin it before the operation" in text
    assert "Ask whether naltrexone was taken all the same" in text
    assert found.restart.sentences[0].startswith("Begin the plan after the operation")
    begun = surgery_plan(plan, at=datetime(2026, 11, 28, 8), now=datetime(2026, 11, 27, 9))
    assert begun.kept is None
    assert "The plan began on Thursday 26 November 2026, after that hour" in " ".join(begun.sentences)
    assert "do not begin" not in " ".join(begun.sentences)


def test_an_operation_that_is_past_is_not_stopped_for(few):
    at = datetime(2027, 1, 15, 8)
    unknown = surgery_plan(PLAN, at=at, now=at + timedelta(days=2), setting=few)
    assert unknown.kept is None
    assert unknown.sentences[0].startswith("The operation is past, and nobody said when the last dose before it was")
    short = surgery_plan(PLAN, at=at, now=at + timedelta(days=2), last_taken=at - timedelta(hours=10), setting=few)
    assert "shorter than 72 hours" in short.sentences[0]
    for found in (unknown, short):
        assert "stop now" not in " ".join(found.sentences)
        assert "Take no more" not in " ".join(found.sentences)


def test_a_plan_of_one_dose_has_no_steps_to_titrate_again():
    one, three = make("2.2"), PLAN
    last = datetime(2027, 1, 11, 22)
    for plan, says in ((one, "as on the first day of the plan"), (three, "titrate again, from the first step")):
        ahead = " ".join(restart_ahead(plan, last).sentences)
        late = " ".join(restart(plan, last.date(), on=date(2027, 2, 20), opioid_given=False).sentences)
        assert says in ahead
        assert says in late
        assert ("titrate" in ahead + late) == (plan is three)
