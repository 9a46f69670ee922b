"""Plans for people: refused while the screen stands, restricted where a rule asks, and every value with its origin."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan import Choices, NotPlannable, OutsideSource, PlanRefused, make_plan, protocol, protocols
from lowdose.plan.example import AT
from lowdose.plan.scheme.choices import facts
from lowdose.safety import Patient, screen
from tests.plan.people import BY, MADE, START, override, somebody

D = Decimal
CHILD = {"patient__age_y": 11, "patient__weight_kg": 22, "pro__phq9_item9": 0}
SCHEMES = [(one, name) for one in protocols() if one.standing == "plan" for name in one.schemes]


@pytest.fixture(scope="module", autouse=True)
def few_people():
    """The band is not what is looked at here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("lowdose.plan.foreseen.blockade.PEOPLE_AT_ONCE", 1)
        yield


def make(name="standard", patient=None, *, overrides=(), start=START, **choices):
    return make_plan(
        name, start=start, patient=patient or somebody(), on=MADE, overrides=overrides, choices=Choices(**choices)
    )


def with_ceiling(one):
    _, scheme = one.scheme()
    return {"ceiling_mg": D("4.5")} if scheme.ceiling_mg.unknown else {}


def facts_of(plan):
    """The plan as the rules read it."""
    doses, days = [step.dose_mg for step in plan.steps], [step.days for step in plan.steps if step.days]
    return facts(doses, days, per_day=1, time_of_day=plan.steps[-1].time_of_day, weight_kg=plan.weight_kg)


def milligrams(plan):
    return [plain(step.dose_mg) for step in plan.steps]


@pytest.mark.parametrize(("one", "scheme"), SCHEMES, ids=lambda value: getattr(value, "id", value))
def test_every_plannable_protocol_gives_a_plan_that_passes_its_own_dose_rules(one, scheme):
    ceiling = with_ceiling(one) if scheme == one.scheme()[0] else {}
    plan = make(one, scheme=scheme, **ceiling)
    found = screen(somebody(), phase="start", on=START, facts=facts_of(plan))
    fired = {rule.id for rule in found.fired if rule.id.startswith(("DOS-", "PED-"))}
    assert found.passes
    assert fired == ({"DOS-003"} if scheme == "at-once" else set())
    assert not [rule.id for rule in found.not_checked if rule.id.startswith("DOS-")]


@pytest.mark.parametrize(("one", "scheme"), SCHEMES, ids=lambda value: getattr(value, "id", value))
def test_every_value_of_a_plan_traces_to_the_source_the_prescriber_or_a_rule(one, scheme):
    ceiling = with_ceiling(one) if scheme == one.scheme()[0] else {}
    plan = make(one, scheme=scheme, **ceiling)
    said = {value.what: value for value in plan.chosen}
    published = one.schemes[scheme]
    for what, quantity in (("start", published.start_mg), ("step", published.step_mg),
                           ("interval", published.interval_days), ("ceiling", published.ceiling_mg)):  # fmt: skip
        if quantity.unknown:
            assert said[what].origin == "prescriber"
        elif not quantity.none:
            assert said[what].origin in ("protocol", "cautious end")
    assert said["start"].value == f"{plain(plan.steps[0].dose_mg)} mg"
    assert said["ceiling"].value == f"{plain(plan.steps[-1].dose_mg)} mg"
    if "interval" in said:
        assert {f"{step.days} days" for step in plan.steps[:-1]} == {said["interval"].value}


def test_steps_are_dated_one_after_the_other_and_the_review_ends_them():
    plan = make()
    assert [(step.first, step.last) for step in plan.steps] == [
        (date(2026, 12, 1), date(2026, 12, 14)),
        (date(2026, 12, 15), date(2026, 12, 28)),
        (date(2026, 12, 29), None),
    ]
    assert plan.review == date(2027, 3, 23)
    assert [plan.days_of(step) for step in plan.steps] == [14, 14, 84]
    assert sum(plan.days_of(step) for step in plan.steps) == (plan.review - plan.start).days


@pytest.mark.parametrize("name", ["FINAL", "BC", "GRID", "TAPER-VLD"])
def test_what_is_only_shown_is_refused_with_the_reason_and_the_source(name):
    with pytest.raises(NotPlannable) as raised:
        make(name)
    assert raised.value.exit_code == 5
    assert protocol(name).refused in raised.value.what
    assert protocol(name).cited[0].title in raised.value.where


@pytest.mark.parametrize("condition", ["mecfs", "long_covid", "mcas"])
def test_a_weekly_milligram_for_a_sensitive_person_is_refused_and_what_fits_is_named(condition):
    patient = somebody(**{f"conditions__{condition}": True})
    with pytest.raises(OutsideSource, match="DOS-006") as raised:
        make("DICK-1", patient)
    assert raised.value.exit_code == 5
    named = set(re.findall(r"[A-Z][A-Za-z]+-?[0-9.]*[A-Z]*(?= \()", raised.value.remedy))
    assert named == {"SENS-0.5", "HPI-0.5", "LDN-2021", "THY-0.5", "IBS-ULD"}
    assert milligrams(make("SENS-0.5", patient, ceiling_mg=D(2))) == ["0.5", "1", "1.5", "2"]


def test_a_warning_acknowledged_with_a_reason_lifts_its_restriction_and_stays_in_the_plan():
    plan = make("DICK-1", somebody(history__drug_sensitive=True), overrides=[override("DOS-006")])
    assert milligrams(plan) == ["1", "2", "3", "4", "4.5"]
    assert "DOS-006" in {one["id"] for one in plan.screen["fired"]}


def test_the_liver_cap_holds_although_the_rule_is_overridden():
    patient = somebody(conditions__cirrhosis=True, assess__child_pugh="A", assess__decompensated_cirrhosis=False)
    with pytest.raises(PlanRefused, match="critical rule"):
        make("HPI-0.5", patient)
    with pytest.raises(OutsideSource, match=r"HEP-003 asks for .* 0.9 mg"):
        make("standard", patient, overrides=[override("HEP-003")])
    plan = make("HPI-0.5", patient, overrides=[override("HEP-003")])
    assert milligrams(plan) == ["0.5"]
    said = next(one for one in plan.adaptations if one.rule == "HEP-003")
    assert "0.9 mg" in said.asks
    assert "partly not yet confirmed" in said.provenance
    monthly = next(one for one in plan.checks if one.rule == "HEP-003")
    assert len(monthly.on) == 14
    assert not [one for one in plan.checks if one.rule == "HEP-007"]
    assert "Child–Pugh A" in plan.blockade[0].label
    healthy = make("HPI-0.5").blockade[0]
    assert plan.blockade[0].median > healthy.median


def test_decompensated_cirrhosis_gives_no_plan_whatever_is_said():
    patient = somebody(conditions__cirrhosis=True, assess__child_pugh="C", assess__decompensated_cirrhosis=True)
    with pytest.raises(PlanRefused, match="a rule blocks it"):
        make("HPI-0.5", patient)


def test_kidneys_ask_for_a_low_start_and_slow_steps():
    failing = somebody(lab__egfr=25)
    with pytest.raises(OutsideSource, match="REN-001"):
        make("standard", failing, overrides=[override("REN-001")])
    with pytest.raises(OutsideSource, match="REN-001"):
        make("US-0.5", failing, overrides=[override("REN-001")], ceiling_mg=D(3))
    plan = make("SENS-0.5", failing, overrides=[override("REN-001")], ceiling_mg=D(1))
    assert (plan.steps[0].dose_mg, plan.steps[0].days) == (D("0.5"), 14)
    assert {"REN-002", "REN-003"} <= {one.rule for one in plan.checks} | {one.rule for one in plan.advice}
    with pytest.raises(OutsideSource, match="REN-002"):
        make("standard", somebody(lab__egfr=45), interval_days=7)
    assert make("standard", somebody(lab__egfr=45)).steps[0].days == 14


def test_on_dialysis_nothing_is_predicted():
    patient = somebody(conditions__dialysis=True, lab__egfr=8)
    plan = make("SENS-0.5", patient, overrides=[override("REN-001")], ceiling_mg=D(1))
    assert plan.blockade == ()
    assert "dialysis" in plan.blockade_note


def test_a_ten_fold_ceiling_is_blocked_and_one_above_the_usual_warned_of():
    assert "DOS-002" in {one["id"] for one in make("SENS-0.5", ceiling_mg=D(6)).screen["fired"]}
    with pytest.raises(PlanRefused, match="DOS-001") as raised:
        make("SENS-0.5", ceiling_mg=D(10))
    assert raised.value.screen.outcome == "block"


def test_thyroid_hormone_asks_for_slow_steps_tests_and_shows_the_disagreement():
    patient = somebody(
        meds__list=[{"name": "levothyroxine", "active": True, "form": "ir"}],
        conditions__hashimoto=True, conditions__thyroid_disease=True, lab__tsh=1.5,
    )  # fmt: skip
    plan = make("THY-0.5", patient, ceiling_mg=D(1))
    assert "THY-001" in {one.rule for one in plan.adaptations}
    thyroid = next(one for one in plan.checks if one.what == "TSH and free T4")
    assert START + timedelta(weeks=6) in thyroid.on
    conflict = next(one for one in plan.conflicts if one.about == "thyroid dose")
    assert len(conflict.sides) == 2
    assert "THY-002" in {one.rule for one in plan.advice}
    with pytest.raises(OutsideSource, match=r"DOS-007|THY-001"):
        make("IBD", patient, scheme="at-once")


def test_age_only_advises():
    plan = make("standard", somebody(patient__age_y=70))
    said = next(one for one in plan.adaptations if one.rule == "ELD-001")
    assert said.is_advice
    assert "not enforced" in said.kept
    assert "not yet confirmed" in said.provenance


def test_poor_sleep_before_the_start_moves_the_dose_and_both_sides_are_shown():
    plan = make("standard", somebody(diary__bad_nights_7d=4))
    assert {step.time_of_day for step in plan.steps} == {"morning"}
    assert "Bihari" in next(one.asks for one in plan.adaptations if one.rule == "SLP-001")
    chosen = make("standard", somebody(diary__bad_nights_7d=4), time_of_day="bedtime")
    assert {step.time_of_day for step in chosen.steps} == {"bedtime"}
    for one in (plan, chosen, make()):
        assert len(next(c for c in one.conflicts if c.about == "sleep first step").sides) == 2


def test_children_get_the_studied_scheme_or_none():
    child = somebody(**CHILD)
    with pytest.raises(OutsideSource, match="PED-001") as raised:
        make("standard", child, overrides=[override("PED-001")])
    assert raised.value.remedy.endswith("these fit: PED (Crohn's disease, 6 to 17 years)")
    with pytest.raises(PlanRefused):
        make("PED", child)
    plan = make("PED", child, overrides=[override("PED-001")])
    assert (milligrams(plan), plan.form) == (["2.2"], "solution")
    assert plan.blockade == ()
    assert "children" in plan.blockade_note
    with pytest.raises(InvalidInput, match="6 to 17 years"):
        make("PED", somebody(patient__weight_kg=60))
    with pytest.raises(PlanRefused, match="PED-003"):
        make("PED", somebody(**{**CHILD, "patient__age_y": 5}))


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"history__last_opioid_use": None}, "block"),
        ({"history__last_opioid_use": date(2026, 11, 27), "meds__list": [
            {"name": "tramadol", "active": False, "last_taken": date(2026, 11, 27), "form": "ir"}]}, "block"),
        ({"conditions__transplant": True}, "block"),
        ({"lab__egfr": None}, "incomplete"),
        ({"meds__list": [{"name": "zzyxine", "active": True}]}, "incomplete"),
        ({"consent__off_label": False}, "critical"),
        ({"patient__pregnancy_possible": True, "patient__pregnant": True}, "critical"),
    ],
)  # fmt: skip
def test_a_plan_is_refused_while_the_screen_stands(changed, outcome):
    with pytest.raises(PlanRefused) as raised:
        make("standard", somebody(**changed))
    assert raised.value.exit_code == 5
    assert raised.value.screen.outcome == outcome
    assert raised.value.where


def test_the_person_is_looked_at_before_the_doses():
    """Nobody whom a rule blocks is told which protocols would fit."""
    patient = somebody(conditions__transplant=True, conditions__long_covid=True)
    with pytest.raises(PlanRefused, match="IMM-001"):
        make("DICK-1", patient)


def test_the_day_that_is_screened_is_the_day_of_the_first_dose():
    taken = {"history__nonmedical_opioid_days": "never", "history__last_opioid_use": date(2026, 11, 22),
             "history__last_opioid_use_certain": True, "meds__list": [
        {"name": "oxycodone", "active": False, "last_taken": date(2026, 11, 22), "form": "ir"}]}  # fmt: skip
    with pytest.raises(PlanRefused):
        make("standard", somebody(**taken), start=date(2026, 11, 28))
    assert make("standard", somebody(**taken), start=date(2026, 12, 4)).screen["on"] == "2026-12-04"


@pytest.mark.parametrize("start", [MADE - timedelta(days=1), MADE + timedelta(days=91)])
def test_a_start_in_the_past_or_far_ahead_is_a_slip(start):
    with pytest.raises(InvalidInput, match="cannot start"):
        make(start=start)


def test_answers_of_a_day_after_the_plan_is_made_are_a_slip():
    """The day of the first dose may lie after them: the day the plan is made may not lie before them."""
    later = MADE + timedelta(days=1)
    ahead = Patient("P-017", later, somebody().values)
    with pytest.raises(InvalidInput, match=f"answers of {later}, and the plan is made on {MADE}"):
        make(patient=ahead)
    with pytest.raises(InvalidInput, match=f"answers of {later}"):
        make(patient=somebody(lab__egfr={"value": 95, "on": later}))
    assert make_plan("standard", start=START, patient=ahead, on=later).answered_on == later


def test_everyone_hears_of_lower_tolerance_and_of_when_to_stop():
    plan = make()
    rules = {one.rule for one in plan.advice}
    assert {"OPI-017", "SLP-001", "TOL-001", "TOL-002", "MIS-001", "MIS-002", "EFF-001", "HEP-006"} <= rules
    assert {one.what for one in plan.checks} >= {"ALT, AST, bilirubin", "PHQ-9", "benefit: go on, or stop"}
    assert next(one.on for one in plan.checks if one.rule == "EFF-001") == (plan.review,)
    for check in plan.checks:
        assert check.why
        assert check.provenance
        assert list(check.on) == sorted(check.on)
    liver = next(one for one in plan.checks if one.rule == "HEP-007")
    assert "not yet confirmed" in liver.provenance


def test_bands_of_dose_are_shown_as_a_disagreement_where_the_dose_is_that_low():
    assert "dose bands" in {one.about for one in make("IBS-ULD").conflicts}
    assert "dose bands" not in {one.about for one in make("standard").conflicts}


def test_with_a_named_professional_it_is_approved_and_without_a_draft():
    assert make().standing == "DRAFT – NOT APPROVED"
    plan = make_plan("standard", start=START, patient=somebody(), on=MADE, by=BY, at=AT)
    assert plan.is_approved
    assert "A. Brown, physician, GMC 0000000" in plan.standing


def test_a_rate_stands_only_beside_what_it_counts():
    for one in make().side_effects:
        if set(one.rules) & {"PSY-001", "HEP-006", "TOL-003"}:
            assert one.rates == ()
            assert one.not_known
        else:
            assert bool(one.rates) != bool(one.not_known)
        assert one.do
        assert one.sources


def test_where_the_source_says_when_to_judge_it_is_a_check():
    judged = next(one for one in make("IBD").checks if one.what == "first look at the benefit")
    assert judged.on == (date(2026, 12, 29) + timedelta(weeks=8),)
    assert judged.sources[0].url == protocol("IBD").cited[0].url


def test_what_else_the_source_says_stands_in_the_plan():
    assert "4 weeks" in make("IBS-ULD").note


def test_a_weight_that_contradicts_the_answers_is_refused():
    child = somebody(patient__age_y=9, patient__weight_kg=22)
    with pytest.raises(InvalidInput, match="the answers say 22 kg, and the choice 220 kg"):
        make("PED", child, weight_kg=Decimal(220), overrides=[override("PED-001")])
