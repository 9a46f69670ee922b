"""The page of a condition: three layers, every study, no recalled value without its mark."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import textstat

from lowdose import report
from lowdose.charts import to_svg
from lowdose.charts.sheet import SMALL, width
from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.grading.findings import summary
from lowdose.evidence.plain.help import headline
from lowdose.evidence.plain.passages import passages
from lowdose.evidence.plain.phrases import DID, FELT
from lowdose.evidence.plain.results import arm_words, effect_words, way_words
from lowdose.evidence.plain.told import is_dose_recalled, told
from lowdose.evidence.pools.computed import computed
from lowdose.evidence.pools.questions import questions
from lowdose.evidence.records.labels import RECALLED
from lowdose.evidence.records.registry import registry
from lowdose.report.condition.cards import cards
from lowdose.report.condition.forests import forest, forest_picture
from lowdose.report.condition.overview import overview_picture
from lowdose.report.condition.published import published

CONDITIONS = tuple(registry().conditions)
HIGHEST_GRADE = 8.0


class Outline(HTMLParser):
    """Headings, ids and inner links of a page, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.inner: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if said.get("id"):
            self.ids.append(said["id"] or "")
        if (said.get("href") or "").startswith("#"):
            self.inner.append((said["href"] or "")[1:])
        if "src" in said or tag in ("script", "link", "iframe", "img", "object"):
            self.loads.append(tag)


def plain_text(page: str) -> str:
    """A page as read: without style and tags."""
    text = re.sub(r"<style.*?</style>", " ", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text).replace("&#39;", "'").replace("\u2060", "").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


def layer_one(condition: str) -> str:
    found = told(condition)
    sentences = [sentence for passage in passages(found) for sentence in passage.sentences]
    return " ".join([found.condition.plain, headline(found), *sentences])


@pytest.fixture(scope="module")
def fibromyalgia() -> str:
    return report.condition_html("FM")


@pytest.fixture(scope="module")
def words(fibromyalgia: str) -> str:
    return plain_text(fibromyalgia)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_plain_layer_reads_at_grade_eight_or_below(condition: str) -> None:
    text = layer_one(condition)
    assert textstat.automated_readability_index(text) <= HIGHEST_GRADE
    assert textstat.coleman_liau_index(text) <= HIGHEST_GRADE


def test_the_measure_of_reading_can_fail() -> None:
    hard = (
        "Heterogeneous pharmacodynamic characteristics notwithstanding, standardised effectiveness is indeterminable."
    )
    assert textstat.automated_readability_index(hard) > HIGHEST_GRADE
    assert textstat.coleman_liau_index(hard) > HIGHEST_GRADE


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_page_is_whole_and_asks_for_nothing(condition: str) -> None:
    page = report.condition_html(condition)
    outline = Outline(page)
    assert outline.loads == []
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in page
    assert "unsafe" not in page
    assert " style=" not in page
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.inner) <= set(outline.ids)
    assert outline.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(page.encode()) < 400_000
    text = plain_text(page)
    assert text.count("It is not a medical device") == 1
    assert "rovisional: abstract level, one reader, not a systematic review" in text
    assert "Searched on 2026-11-21" in text
    assert "None" not in text


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_study_of_the_condition_has_its_card(condition: str) -> None:
    place = registry().conditions[condition]
    ids = Outline(report.condition_html(condition)).ids
    assert {f"study-{name}" for name in (*place.studies, *place.related)} <= set(ids)


def test_every_outcome_that_is_asked_about_has_plain_words() -> None:
    for asked in questions().values():
        assert asked.outcome in (DID if asked.kind == "events" else FELT), asked.id


def test_the_null_trials_are_as_visible_as_the_positive_one() -> None:
    sentences = passages(told("fibromyalgia"))[0].sentences
    points = [one for one in sentences if one.startswith(("Younger 2013", "Due Bruun", "Rodriguez-Freire"))]
    assert len(points) == 3
    assert "leaned to the dummy pill, but that could be chance" in points[2]
    assert "They saw no clear gain." in sentences


def test_the_answer_of_each_kind_of_evidence() -> None:
    said = {name: headline(told(name)) for name in CONDITIONS}
    assert said["fibromyalgia"] == "Not shown to help."
    assert said["ibs"] == "Not put to the test."
    assert said["multiple-sclerosis"] == "Trials do not agree."
    assert said["cancer"] == "Not shown to help."
    assert said["smoking-alcohol"] == "People did worse on a full dose."
    assert said["crohn"] == "It may help, but the proof is very weak."
    assert said["any"] == "About safety, not about help."
    assert said["opioid-interaction"] == "People came to harm."


def test_an_effect_that_may_be_chance_is_never_told_as_a_gain() -> None:
    for name in CONDITIONS:
        found = told(name)
        for one in found.own if name != "any" else []:
            if one.low is not None and one.low <= (1 if one.measure in ("RR", "OR") else 0) <= (one.high or 0):
                text = " ".join(passages(found)[0].sentences)
                assert "could be chance" in text or "did not clearly beat" in text, one.question


def test_numbers_of_100_come_from_the_findings() -> None:
    response = next(one for one in summary("fibromyalgia") if one.question == "fibromyalgia.response")
    assert response.absolute is not None
    text = " ".join(passages(told("fibromyalgia"))[1].sentences)
    assert f"Of 100 people on LDN, it may be about {response.absolute.with_drug:.0f} {RECALLED}." in text
    assert f"as few as {response.absolute.low:.0f} and as many as {response.absolute.high:.0f} {RECALLED}" in text
    assert f"comes from {response.absolute.control_total} people" in text


def test_a_condition_without_a_trial_says_that_nobody_can_tell() -> None:
    text = layer_one("hailey-hailey")
    assert "No trial here has put LDN to the test against a dummy pill." in text
    assert "cannot tell what the drug did" in text
    assert "more people" not in text.lower()


def test_summary_of_findings_shows_each_step_with_its_reason(words: str) -> None:
    for one in summary("fibromyalgia"):
        assert one.certainty in words
        for reason in one.reasons:
            assert reason.replace(" -", " −") in words
        assert one.effect_words in words


def test_published_pools_stand_side_by_side_with_what_they_left_out(words: str) -> None:
    found = published(told("fibromyalgia"))
    main = [one for one in found if one.main and not one.ours]
    assert len(main) == 5
    text = " ".join(line for one in main for line in one.main)
    for number in ("−0.86 (−1.2 to −0.51)", "−0.61 (−1.14 to −0.08)", "−0.5 (−1.19 to 0.19)", "−0.46", "d −0.34"):
        assert number in text
        assert number in words
    assert any("Bested 2023" in left for one in main for left in one.left_out)
    assert found[-1].ours or found[-2].ours


def test_how_each_trial_moves_the_answer_is_one_line_each(words: str) -> None:
    for left in computed()["questions"]["fibromyalgia.pain"]["leave_one_out"]:
        assert left["says"][1:] in words
    assert "without it −0.36: it pulls the answer towards placebo" in words


def test_the_forest_plot_holds_every_study_of_its_question() -> None:
    question = computed()["questions"]["fibromyalgia.pain"]
    svg = to_svg(forest_picture("fibromyalgia.pain", question).spec)
    for one in (*question["entries"], *question["unusable"], *question["sensitivity"]["added"]):
        assert one["label"] in svg
    assert "−0.18 (−1.02 to 0.67)" in svg
    assert "prediction" in svg


def test_two_trials_show_both_ways_to_pool_them_and_say_fragile() -> None:
    svg = to_svg(forest_picture("any.any-adverse-event", computed()["questions"]["any.any-adverse-event"]).spec)
    assert "Both trials, common effect" in svg
    assert "random effects (REML" in svg
    assert "fragile" in svg


def test_no_recalled_entry_is_drawn_without_its_sign() -> None:
    for name, question in computed()["questions"].items():
        svg = to_svg(forest_picture(name, question).spec)
        for one in question["entries"]:
            assert (f">{one['label']} {RECALLED}<" in svg) == bool(one["recalled"]), (name, one["study"])


@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_recalled_result_is_on_a_card_without_its_sign(condition: str) -> None:
    known = registry()
    place = known.conditions[condition]
    for card in cards((*place.studies, *place.related), known):
        study = known.studies[card.id]
        for line, one in zip(card.results, study.outcomes, strict=True):
            assert (line.mark == RECALLED) >= (one.prov.tag == "recalled"), (card.id, one.name)
        for line, event in zip(card.events, study.adverse_events, strict=True):
            assert (line.mark == RECALLED) >= (event.prov.tag == "recalled"), (card.id, event.event)


def test_a_card_shows_direction_bias_funding_and_sources() -> None:
    card = cards(["bruun2024_FINAL"], registry())[0]
    assert card.results[0].way == "no difference"
    assert "MD −0.34 (−0.95 to 0.27), Cohen's d 0.23, p 0.27" in card.results[0].numbers
    assert card.bias == "low"
    assert card.domains
    assert any(fact.term == "Paid by" and "Danish" in fact.text for fact in card.facts)
    assert all(url.startswith("http") for _, url in card.sources)
    assert card.url == "https://doi.org/10.1016/s2665-9913(23)00278-3"


def test_without_a_control_group_nothing_favours_ldn() -> None:
    known = registry()
    for card in cards(list(known.studies), known):
        if not card.controlled:
            assert not any(line.way.startswith("favours") and "LDN" in line.way for line in card.results), card.id
    assert way_words("favours_ldn_before_after", True) == "better than before; not against the control group"


def test_arms_and_effects_say_nothing_of_what_is_not_known() -> None:
    arm = registry().studies["bruun2024_FINAL"].outcomes[1].arms["ldn"]
    assert arm_words(arm) == "22 of 49, 45 %"
    assert arm_words(arm.model_copy(update={"events": None, "pct": None})) == ""
    assert effect_words(None) == ""


def test_the_map_names_every_illness_once() -> None:
    svg = to_svg(overview_picture().spec)
    svg = " ".join(re.findall(r">([^<>]+)<", svg))
    for condition in registry().conditions.values():
        expected = 0 if condition.group in ("safety", "mechanism") else 1
        assert (condition.name in svg) == bool(expected), condition.name


def test_an_unknown_condition_suggests_the_near_one() -> None:
    with pytest.raises(NotFound, match="fibromialgia"):
        report.condition_html("fibromialgia")


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_pictures_are_saved_as_files(kind: str, tmp_path: Path) -> None:
    saved = report.save_pictures("hiv", tmp_path, kind)  # type: ignore[arg-type]
    assert [path.suffix for path in saved] == [f".{kind}"] * len(saved)
    assert {path.name for path in saved} == {path.name for path in tmp_path.iterdir()}
    begin = {"svg": b"<svg", "pdf": b"%PDF", "png": b"\x89PNG"}[kind]
    assert all(path.read_bytes().startswith(begin) for path in saved)


def test_pictures_need_a_folder_and_a_known_kind(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        report.save_pictures("hiv", tmp_path / "missing")
    with pytest.raises(InvalidInput, match="no picture can be written as 'gif'"):
        report.save_pictures("hiv", tmp_path, "gif")  # type: ignore[arg-type]


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    path = report.write_condition("hiv", tmp_path / "hiv µ.html")
    assert path.read_text(encoding="utf-8") == report.condition_html("hiv")


def test_text_of_the_data_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told("pots")
    harmful = found.condition.model_copy(update={"plain": "<b>&"})
    monkeypatch.setattr("lowdose.report.condition.page.told", lambda name: replace(found, condition=harmful))
    assert "&lt;b&gt;&amp;" in report.condition_html("pots")


def test_the_page_needs_neither_simulator_nor_pooling_library() -> None:
    heavy = "meta_analyze", "lowdose.simulation", "lowdose.engine"
    code = f"import sys, lowdose.report as r; r.condition_html('als'); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_harm_is_never_called_a_gain() -> None:
    for condition in ("any", "fibromyalgia"):
        text = plain_text(report.condition_html(condition))
        assert ("Chance of a gain that matters" in text) == (condition != "any")
        assert "Chance of a harm that matters" in text


def test_the_smallest_harm_that_matters_is_more_events_and_the_smallest_gain_fewer() -> None:
    found = computed()["questions"]
    assert forest(found["any.headache"]).mid == (1.25,)
    assert forest(found["hiv.infection"]).mid == (0.75,)
    assert forest(found["crohn.remission"]).mid == (1.25,)


def test_a_recalled_dose_is_not_on_a_card_without_its_sign() -> None:
    known = registry()
    for card in cards(list(known.studies), known):
        assert card.dose.endswith(RECALLED) == is_dose_recalled(known.studies[card.id]), card.id


def test_a_trial_of_two_illnesses_is_listed_under_both() -> None:
    for condition in ("long-covid", "me-cfs"):
        assert "ACTRN12624001162505" in report.condition_html(condition)


def test_the_map_names_doses_that_are_not_low() -> None:
    svg = " ".join(re.findall(r">([^<>]+)<", to_svg(overview_picture().spec)))
    assert "Opioid withdrawal (very low dose)" in svg
    assert "Autism (larger dose)" in svg


def test_what_matters_is_said_as_the_ratio_it_is() -> None:
    text = plain_text(report.condition_html("any"))
    assert "(RR over 1.25 ‡)" in text
    assert "of the risk ratio" not in text.partition("Published answers")[0]
    assert "(RR under 0.75 ‡)" in plain_text(report.condition_html("hiv"))


def test_a_small_ratio_is_not_rounded_to_nothing() -> None:
    picture = forest_picture("hiv.infection", computed()["questions"]["hiv.infection"])
    assert picture.caption == "One trial: RR 0.07 (0.004 to 1.13)."


def test_the_words_over_the_smallest_harm_keep_off_the_next_column() -> None:
    svg = to_svg(forest_picture("any.any-adverse-event", computed()["questions"]["any.any-adverse-event"]).spec)
    said = re.findall(r'translate\(([\d.]+),[\d.]+\)"[^>]*>(smallest difference that matters ‡|Effect [^<]+)<', svg)
    at = {text.split()[0]: float(x) for x, text in said}
    assert at["smallest"] + width("smallest difference that matters ‡", SMALL) / 2 < at["Effect"] - 8
