"""The dated rule decides; the prediction stands beside it and changes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.audit import Professional
from lowdose.errors import InvalidInput, SafetyStop
from lowdose.opioids import Setting, block_left
from lowdose.plan.records.block import BlockAfter, BlockAt
from lowdose.plan.surgery import Hold, intervals, predict, read_hold, surgery_plan
from lowdose.plan.surgery.doses import has_ended, highest, last_dose, taken_until
from lowdose.plan.surgery.words import ABOVE, anaesthetist_line, card_stop, longer_stop
from lowdose.regimen import Regimen

from .plans import make

AT = datetime(2027, 1, 15, 8)
EARLY = datetime(2026, 12, 20, 9)
BY = Professional("A. Brown", "physician", "GMC 0000000")


def test_the_default_is_that_of_the_rule_set():
    from lowdose.safety import rule

    assert intervals().default.hours == rule(intervals().default.rule).params["hold_hours"].value == 72
    assert intervals().same_dose_gap.rule == "OPI-020"


def test_the_stop_and_the_last_dose_to_the_minute(plan, few):
    found = surgery_plan(plan, at=AT, now=EARLY, setting=few)
    assert found.stop_by == datetime(2027, 1, 12, 8)
    assert found.last_dose == datetime(2027, 1, 11, 22)
    assert found.hours_free == 82
    assert found.kept is True
    assert found.sentences[0].startswith("No naltrexone after Tuesday 12 January 2027, 08:00: 72 hours, the default")
    assert "4.5 mg at bedtime (taken as 22:00) on Monday 11 January 2027" in found.sentences[1]
    assert found.is_approved
    assert "A. Brown" in found.standing


@given(
    st.datetimes(datetime(2026, 12, 5), datetime(2028, 1, 1)),
    st.integers(1, 20),
    st.sampled_from(["bedtime", "morning"]),
    st.sampled_from([72, 73.5, 96, 168]),
)
def test_no_planned_dose_ever_lies_inside_the_stop_and_the_next_one_would(at, days, time_of_day, hours):
    plan = make("1.5", "3", "4.5", days=days, time_of_day=time_of_day)
    stop_by = at - timedelta(hours=hours)
    last = last_dose(plan, stop_by)
    if last is None:
        assert stop_by.date() <= plan.start
        return
    assert last.at <= stop_by
    assert stop_by < last.at + timedelta(days=1) or has_ended(plan, stop_by)
    assert last.at.date() < plan.review
    assert last.at.date() >= plan.start
    step = next(step for step in reversed(plan.steps) if step.first <= last.at.date())
    assert last.mg == step.dose_mg
    assert taken_until(plan, last.at.date()).doses[-1].amount_mg == float(last.mg)


def test_the_rule_agrees_with_the_screen_at_its_edge(plan, few):
    """OPI-018 is silent for what the plan asks, and speaks one hour inside."""
    from lowdose.safety import Facts, screen

    def fires(hours):
        values = {
            "event.surgery_in_hours": hours,
            "event.opioid_expected": True,
            "plan.last_dose_to_surgery_hours": hours,
        }
        found = screen(Facts.of(values, on=date(2027, 1, 12)), phase="event", on=date(2027, 1, 12))
        return "OPI-018" in [one.id for one in found.fired]

    assert not fires(Hold().hours)
    assert fires(Hold().hours - 1)


@pytest.mark.parametrize(
    ("now", "last", "kept"),
    [
        ("2027-01-12 08:00", None, True),
        ("2027-01-12 08:01", None, None),
        ("2027-01-13 08:00", "2027-01-12 08:00", True),
        ("2027-01-13 08:00", "2027-01-12 08:01", False),
        ("2027-01-13 08:00", "2027-01-12 22:00", False),
        ("2027-01-15 07:59", None, None),
    ],
)
def test_whether_the_rule_is_kept_is_said_and_unknown_is_no_yes(plan, few, now, last, kept):
    taken = datetime.fromisoformat(last) if last else None
    found = surgery_plan(plan, at=AT, now=datetime.fromisoformat(now), last_taken=taken, setting=few)
    assert found.kept is kept
    text = " ".join(found.sentences)
    if kept is None:
        assert "nobody said when the last dose was taken" in text
        assert found.hours_free is None
        assert "count on the block of a dose just taken" in text
    if kept is False:
        assert "shorter than 72 hours" in text
        assert "they decide whether an operation that can wait is moved" in text
        assert f"{found.hours_free:.3g} hours after the last dose about" in found.anaesthetist
    assert found.sentences[0].startswith("No naltrexone after") == (kept is True)
    if kept is False and last.endswith("08:01"):
        assert "71.9 hours" in text  # never rounded up to 72


def test_a_plan_that_has_not_begun_is_not_begun_before(few):
    found = surgery_plan(make("1.5", start=date(2027, 1, 13)), at=AT, now=EARLY, setting=few)
    assert found.last_dose is None
    assert found.predicted is None
    assert "do not begin it before the operation" in found.sentences[1]
    assert found.restart.same_dose_until is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": datetime.fromisoformat("2027-01-15T08:00+01:00")},
        {"last_taken": AT + timedelta(hours=1)},
        {"last_taken": EARLY + timedelta(hours=1)},
    ],
)
def test_moments_that_cannot_be_are_refused(plan, wrong):
    with pytest.raises(InvalidInput):
        surgery_plan(plan, **{"at": AT, "now": EARLY} | wrong)


def test_the_disagreement_is_shown_with_what_is_not_confirmed(plan, few):
    found = surgery_plan(plan, at=AT, now=EARLY, setting=few)
    text = found.sentences[-1]
    for said in ("48 hours", "at least 2 days", "3 days", "3 to 4 days"):
        assert said in text
    assert text.count("not yet confirmed") == 1
    assert "machine-written page; full-dose tablets) – not yet confirmed" in text
    assert all(one.url.startswith("https://") for one in found.sources)
    assert [one.confirmed for one in found.sources] == [not one.machine_written for one in found.sources]


def test_the_prediction_never_moves_the_stop(plan, few, monkeypatch):
    """Whatever the simulator says, the dates are the same."""
    import lowdose.plan.surgery.stop as stop

    def says(share):
        def predicted(regimen, *hours, setting=None):
            at = tuple(BlockAt(hour, share, share, share, share, share) for hour in (24.0, 48.0, 72.0, 96.0, 120.0))
            return BlockAfter("x", "effect-site", 1, at, (share, None, None), share, "effect-site", "")

        return predicted

    seen = []
    for share in (0.0, 0.2, 0.9, 1.0):
        monkeypatch.setattr(stop, "predict", says(share))
        found = surgery_plan(plan, at=AT, now=EARLY, setting=few)
        seen.append((found.stop_by, found.last_dose, found.kept, found.hold, found.restart, found.sentences))
        assert bool(found.anaesthetist) == (share > ABOVE)
        assert bool(found.longer_stop) == (share > ABOVE)
    assert all(one == seen[0] for one in seen)


def test_the_prediction_is_that_of_block_left():
    """Another way to the same numbers, for the typical person's band; the median lies in it."""
    setting = Setting(people=41)
    regimen = "1.5 mg nightly at 22:00 for 2 weeks, then 4.5 mg for 2 weeks"
    found = predict(regimen, 60, setting=setting)
    assert [one.hours for one in found.at] == [24, 48, 60, 72, 96, 120]
    for one in (found.hour(24), found.hour(60), found.hour(120)):
        left = block_left(regimen, one.hours, setting=setting)
        band = left.main.brain.low, left.main.brain.high
        assert (one.low, one.high) == pytest.approx(band, abs=0.02)  # percentiles of 41: between two persons, or of one
        assert one.lowest == pytest.approx(min(rival.brain.low for rival in left.rivals), abs=0.02)
        assert one.highest == pytest.approx(max(rival.brain.high for rival in left.rivals), abs=0.02)
        assert one.low < one.median < one.high
    assert found.over_hours[1:] == pytest.approx((left.main.over_hours.low, left.main.over_hours.high), rel=0.01)
    assert found.longest_kinetics == left.longest.kinetics
    assert found.longest_over_hours == pytest.approx(left.longest.over_hours.longest, rel=0.01)


def test_the_median_is_that_of_the_persons_and_not_the_typical_person():
    from lowdose.opioids.course import solve

    setting, regimen = Setting(people=41), Regimen.parse("4.5 mg nightly at 22:00 for 4 weeks")
    hours = regimen.doses[-1].hours + np.array([0.0, 72.0])
    shares = solve("effect-site", setting, ("mu_occupancy_central",), hours, naltrexone=regimen)["mu_occupancy_central"]
    found = predict(regimen, setting=setting).hour(72)
    assert found.median == pytest.approx(float(np.sort(shares[1:, 1])[20]), abs=0.001)
    assert found.median != pytest.approx(float(shares[0, 1]), abs=0.001)


def test_the_hour_of_the_day_changes_nothing_of_the_block():
    night, day = (predict(f"4.5 mg {when} for 4 weeks", setting=Setting(people=5)) for when in ("nightly", "daily"))
    assert night.at == day.at


def test_nobody_drawn_has_no_median():
    with pytest.raises(InvalidInput, match="nobody is drawn"):
        predict("4.5 mg once", setting=Setting())


def block(at_72, at_96=None, at_120=0.1):
    shares = {24.0: 0.8, 48.0: 0.6, 72.0: at_72, 96.0: at_96 or at_72, 120.0: at_120}
    at = tuple(BlockAt(hour, share, 0.1, 0.9, 0.0, 0.95) for hour, share in shares.items())
    return BlockAfter("x", "effect-site", 10, at, (118.0, 64.0, 190.0), 240.0, "slow-binding", "")


def test_the_line_for_the_anaesthetist_stands_above_one_third_alone():
    assert anaesthetist_line(block(1 / 3), 72) == ""
    assert longer_stop(block(1 / 3), 72) == ""
    assert "a choice" not in card_stop(block(1 / 3), 72)
    line = anaesthetist_line(block(0.34), 72)
    assert line.startswith("72 hours after the last dose about 34 % of µ receptors in the brain may still be blocked")
    assert "predicted, not measured" in line


def test_the_longer_stop_is_a_choice_and_the_first_that_is_enough():
    assert "at 96 hours the prediction is 30 %" in longer_stop(block(0.4, 0.3), 72)
    assert "at 120 hours the prediction is 10 %" in longer_stop(block(0.4, 0.35), 72)
    never = longer_stop(block(0.5, 0.45, 0.4), 72)
    assert "stays above one third for longer, and is under 20 % after 4.9 days" in never
    assert all("a choice" in longer_stop(block(0.5, at), 72) for at in (0.3, 0.4))


def test_the_prediction_says_nothing_about_dependence_and_says_so(plan, few):
    found = surgery_plan(plan, at=AT, now=EARLY, setting=few)
    assert "It says nothing about dependence on an opioid." in found.predicted_sentences
    assert any("says nothing about dependence" in said for said in found.restart.sentences)


def test_a_long_course_is_simulated_by_its_end():
    plan = make("1.5", "3", "4.5")
    assert taken_until(plan, date(2027, 6, 1)).canonical == "4.5 mg nightly at 22:00 for 4 weeks"
    assert (
        taken_until(plan, date(2026, 12, 16)).canonical == "1.5 mg nightly at 22:00 for 2 weeks, then 3 mg for 2 days"
    )
    assert taken_until(plan, date(2026, 11, 30)) is None
    assert highest(make("4.5", "1.5", time_of_day="morning")).canonical == "4.5 mg daily at 08:00 for 4 weeks"


@pytest.mark.parametrize("hours", [71, 48, 1])
def test_a_shorter_stop_needs_a_reason_and_a_name(hours):
    for lacking in ({}, {"reason": "practice"}, {"by": BY}, {"reason": " ", "by": BY}):
        with pytest.raises(InvalidInput, match="shorter than the default"):
            Hold(hours, **lacking)
    assert str(BY) in Hold(hours, reason="practice of this site", by=BY).words


@pytest.mark.parametrize("hours", [0, -1, 721, float("nan")])
def test_a_stop_that_is_none(hours):
    with pytest.raises(InvalidInput):
        Hold(hours, reason="x", by=BY)


def test_a_longer_stop_needs_a_reason_alone():
    with pytest.raises(InvalidInput, match="no reason"):
        Hold(96)
    assert Hold(96, reason="as the anaesthetist asks").words == "96 hours (as the anaesthetist asks)"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{schema: lowdose.surgery.site/1, hold_hours: 48}", "nobody answers"),
        ("{schema: lowdose.surgery.site/1, hold_hours: 48, reason: x, by: A. Brown}", "three parts"),
        ("{schema: lowdose.surgery.site/1, hold_hours: yes}", "no number"),
        ("{schema: lowdose.surgery.site/1, hold_hours: '72'}", "no number"),
        ("{schema: lowdose.surgery.site/1}", "no number"),
        ("{schema: lowdose.surgery.site/1, hold_hours: 72, hours: 1}", "unknown field"),
        ("{hold_hours: 72}", "no settings"),
        ("[]", "no settings"),
        ("{", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_settings_of_a_site_that_are_refused(tmp_path, text, says):
    file = tmp_path / "site.yaml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(InvalidInput, match=says):
        read_hold(file)


def test_settings_of_a_site(tmp_path, plan, few):
    file = tmp_path / "site.yaml"
    file.write_text(f'schema: lowdose.surgery.site/1\nhold_hours: 48\nreason: practice\nby: "{BY}"\n')
    found = surgery_plan(plan, at=AT, hold=read_hold(file), now=EARLY, setting=few)
    assert found.stop_by == datetime(2027, 1, 13, 8)
    assert f"48 hours (practice; {BY})" in found.sentences[0]
    assert found.predicted.hour(48)


def test_the_stop_is_that_of_the_plan_unless_another_is_asked_for(few):
    plan = make("1.5", "3", "4.5", hold=Hold(96, reason="as the anaesthetist asks"))
    found = surgery_plan(plan, at=AT, now=EARLY, setting=few)
    assert found.stop_by == datetime(2027, 1, 11, 8)
    assert "96 hours (as the anaesthetist asks)" in found.sentences[0]
    shorter = Hold(72, reason="the list is full", by=BY)
    assert surgery_plan(plan, at=AT, now=EARLY, hold=shorter, setting=few).stop_by == datetime(2027, 1, 12, 8)
    hurried = Hold(72, reason="the list is full", by=Professional("C. Dale", "clerk", "1"))
    with pytest.raises(SafetyStop, match="not by a clerk"):
        surgery_plan(plan, at=AT, now=EARLY, hold=hurried, setting=few)
    with pytest.raises(InvalidInput, match="shorter than the 96 h of the plan"):
        surgery_plan(plan, at=AT, now=EARLY, hold=Hold(), setting=few)


def test_several_doses_a_day_are_counted():
    plan = make("1.5")
    twice = SimpleNamespace(
        start=plan.start,
        review=plan.review,
        steps=[SimpleNamespace(**{**vars(plan.steps[0]), "per_day": 2, "last": None})],
    )
    assert last_dose(twice, datetime(2027, 1, 12, 9, 59)).at == datetime(2027, 1, 11, 22)
    assert last_dose(twice, datetime(2027, 1, 12, 10)).at == datetime(2027, 1, 12, 10)
    assert taken_until(twice, date(2026, 12, 2)).canonical == "1.5 mg every 12 hours at 10:00 for 2 days"
    assert last_dose(twice, datetime(2027, 1, 12, 10)).mg == Decimal("1.5")


def test_a_last_dose_before_the_plan_is_a_slip_of_the_year():
    with pytest.raises(InvalidInput, match="lies before the plan"):
        surgery_plan(
            make("1.5", "3", "4.5"),
            at=datetime(2026, 12, 20, 8),
            now=datetime(2026, 12, 19, 12),
            last_taken=datetime(2025, 12, 18, 22),
        )
