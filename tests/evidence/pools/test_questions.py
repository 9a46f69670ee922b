"""Questions: fixed, complete, and refused when they make no sense."""

from __future__ import annotations

import pytest

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.pools.questions import Question, Window, parse, question, questions
from lowdose.evidence.records.registry import registry

WANTED = (
    "fibromyalgia.pain fibromyalgia.response crohn.response-70 crohn.response-100 crohn.remission "
    "crohn.endoscopic-response crohn.endoscopic-remission chronic-pain.pain multiple-sclerosis.mental-quality-of-life "
    "depression.hamd17 depression.hamd28 depression.madrs10 depression.madrs15 depression.cgi hiv.infection "
    "smoking-alcohol.abstinence diabetic-neuropathy.pain cancer.quality-of-life lichen-planopilaris.skin "
    "opioid-detox.withdrawal any.any-adverse-event any.stopped any.serious any.vivid-dreams any.headache"
).split()
ONE = {
    "id": "a.b",
    "label": "b",
    "outcome": "b",
    "measure": "SMD",
    "kind": "change",
    "better": "lower",
    "fixed_on": "2026-11-22",
    "why": "because it was asked",
}


def test_every_question_is_there_with_a_day_and_a_reason():
    assert list(questions()) == WANTED
    for asked in questions().values():
        assert asked.fixed_on == "2026-11-22"
        assert len(asked.why) > 20
        assert asked.better in ("lower", "higher")


def test_conditions_and_outcomes_are_those_of_the_data():
    known = registry()
    pools = {c.pool for s in known.studies.values() for o in (*s.outcomes, *s.adverse_events) for c in o.contrasts}
    for asked in questions().values():
        assert set(asked.conditions) <= set(known.conditions), asked.id
        assert asked.outcome in pools, asked.id
        assert set(asked.shown_alone) <= set(known.studies), asked.id


def test_every_contrast_with_numbers_is_asked_about():
    asked = {one.outcome for one in questions().values()}
    for study in registry().studies.values():
        for outcome in (*study.outcomes, *study.adverse_events):
            for contrast in outcome.contrasts:
                assert contrast.pool in asked or not contrast.method, f"{study.id}: nobody asks about {contrast.pool}"


def test_every_smallest_difference_is_marked():
    marked = [mid for asked in questions().values() for mid in asked.mids.values()]
    assert len(marked) > 20
    assert all(mid.tag in ("found", "recalled", "derived") and mid.source for mid in marked)


def test_another_measure():
    assert question("fibromyalgia.pain").by("MD").mid.unit == "points of 10"
    assert question("any.headache").by("RD").mid.value == 0.05
    for wrong in ("RR", "generic"):
        with pytest.raises(InvalidInput, match=r"fibromyalgia\.pain has no"):
            question("fibromyalgia.pain").by(wrong)


def test_a_near_miss_is_suggested():
    with pytest.raises(NotFound, match=r"fibromyalgia\.pain"):
        question("fibromyalgia.pian")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"measure": "RR"}, "does not measure"),
        ({"kind": "events"}, "does not measure"),
        ({"id": "no dot"}, "id"),
        ({"why": ""}, "why"),
        ({"fixed_on": "yesterday"}, "fixed_on"),
        ({"time_order": [{"weeks": 12, "earliest": 13, "latest": 20}]}, "weeks must lie between"),
        ({"unknown": 1}, "unknown"),
        ({"mids": {"SMD": {"value": 0, "unit": "x", "source": "here", "tag": "found"}}}, "value"),
        ({"mids": {"SMD": {"value": 1, "unit": "x", "source": "", "tag": "found"}}}, "source"),
    ],
)
def test_what_makes_no_sense_is_refused(change, said):
    import json

    with pytest.raises(InvalidInput, match=said):
        parse(json.dumps({"questions": [{**ONE, **change}]}))


@pytest.mark.parametrize("text", ["", "[]", "questions: 1", "a: [", "{}"])
def test_another_file_is_refused(text):
    with pytest.raises(InvalidInput):
        parse(text)


def test_an_id_comes_once():
    import json

    with pytest.raises(InvalidInput, match="comes twice"):
        parse(json.dumps({"questions": [ONE, ONE]}))


def test_a_file_of_ones_own(tmp_path):
    import json

    file = tmp_path / "mine.yaml"
    file.write_text(json.dumps({"questions": [ONE]}), encoding="utf-8")
    assert list(questions(file)) == ["a.b"]
    with pytest.raises(InvalidInput, match="cannot be read"):
        questions(tmp_path / "none.yaml")


def test_a_question_is_made_of_plain_values():
    made = Question.model_validate(ONE).plain()
    assert made["mid"] is None
    assert Window(weeks=12, earliest=8, latest=26).latest == 26
