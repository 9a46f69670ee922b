"""The annotated article: each mark with its note, two fields never merged, nothing loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lowdose import report
from lowdose.claims.annotate import THRESHOLD, Annotated, Mark, Sentence, annotate
from lowdose.claims.noted import noted
from lowdose.claims.register import register
from lowdose.errors import InvalidInput
from lowdose.report.article import COUNT_WORDS

TEXT = (Path(__file__).parents[1] / "claims" / "texts" / "clinic_blog.txt").read_text(encoding="utf-8")


def made(*marks: Mark, text: str = "LDN blocks opioid receptors for about 3 hours.") -> Annotated:
    """An article of one sentence with these marks, and one that is not in the register."""
    other = "It was bought by 7 people <b>."
    sentences = (
        Sentence(text, 0, len(text), 0, marks, False, "paragraph", True),
        Sentence(other, len(text) + 1, len(text) + 1 + len(other), 1, (), True, "item", True),
    )
    return Annotated("a leaflet", sentences)


def words(page: str) -> str:
    text = re.sub(r"<style.*?</style>", " ", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text).replace("&#39;", "'").replace("\u2060", "").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def blog() -> Annotated:
    return annotate(TEXT, name="clinic blog")


@pytest.fixture(scope="module")
def page(blog: Annotated) -> str:
    return report.article_html(blog)


def test_every_sentence_of_the_text_is_there_in_its_order(blog: Annotated, page: str) -> None:
    text = words(page.replace("<sup>", "<!--").replace("</sup>", "-->"))
    place = 0
    for sentence in blog.sentences:
        shown = re.sub(r"\s+", " ", sentence.text).strip().replace('"', "&#34;")
        found = text.find(shown, place)
        assert found >= 0, shown
        place = found


def test_each_mark_has_one_note_and_each_points_to_the_other(blog: Annotated, page: str) -> None:
    marks = [mark for sentence in blog.sentences for mark in sentence.marks]
    assert marks
    assert re.findall(r'id="note-(\d+)"', page) == re.findall(r'<sup><a href="#note-(\d+)"', page)
    assert re.findall(r'id="mark-(\d+)"', page) == re.findall(r'href="#mark-(\d+)"', page)
    assert len(re.findall(r'id="note-', page)) == len(marks)


def test_verdict_and_computed_stand_apart() -> None:
    text = words(report.article_html(made(Mark("C075", 0.9, "states"))))
    claim, computed = register()["C075"], noted().results["C075"]
    assert f"Literature on the claim {claim.verdict} (evidence: {claim.evidence})" in text
    assert f"Computed by us {computed.computed}" in text
    assert "never merged" in text
    assert claim.mind.split(".")[0] in text


@pytest.mark.parametrize("relation", ["number differs", "opposite"])
def test_a_sentence_that_does_not_state_the_claim_never_has_the_colour_of_its_verdict(relation: str) -> None:
    verdict = register()["C016"].verdict
    stated = report.article_html(made(Mark("C016", 0.9, "states")))
    other = report.article_html(made(Mark("C016", 0.9, relation, "9 hours", "3 h")))
    assert f'<mark class="{verdict}">LDN' in stated
    assert f'<mark class="{relation.replace(" ", "-")}">LDN' in other
    assert f'<mark class="{verdict}">LDN' not in other
    assert f'class="note {verdict}"' not in other
    assert "about the claim as it stands here, not about the sentence" in words(other)


def test_a_number_that_differs_shows_both_numbers() -> None:
    text = words(report.article_html(made(Mark("C016", 0.9, "number differs", "9 hours", "3 h"))))
    assert "The sentence says 9 hours; the claim says 3 h." in text


def test_score_threshold_counts_and_legend_are_stated(blog: Annotated, page: str) -> None:
    text = words(page)
    assert f"a match score of {THRESHOLD:g} of 1" in text
    assert "Match score 0." in text
    for name, count in blog.counts.items():
        assert f"{count} {COUNT_WORDS[name]}" in text
    for word in ("supported", "partly", "contradicted", "untested", "mis-stated", "number differs", "opposite"):
        assert re.search(rf'<mark class="{word.replace(" ", "-")}">{word}</mark>', page)


def test_what_is_not_in_the_register_is_listed_and_linked(blog: Annotated, page: str) -> None:
    section = page.split('id="unregistered"')[1]
    listed = re.findall(r'<a href="#(at-\d+)">', section)
    assert listed == [f"at-{sentence.start}" for sentence in blog.unregistered]
    assert all(f'id="{anchor}"' in page for anchor in listed)
    nothing = report.article_html(Annotated("x", made().sentences[:1]))
    assert "No other sentence about the drug holds a number." in nothing


def test_nothing_is_loaded_and_text_from_outside_is_escaped(page: str) -> None:
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page
    assert not re.search(r"\ssrc=|<link|<img| style=", page)
    harmful = report.article_html(made(text="<script>alert(1)</script> LDN"))
    assert "<script>" not in harmful
    assert "&lt;script&gt;" in harmful
    assert "7 people &lt;b&gt;." in harmful


def test_intended_use_is_printed_once(page: str) -> None:
    assert words(page).count("It is not a medical device") == 1


def test_an_empty_article_is_a_page_too() -> None:
    assert "An article" in report.article_html(Annotated("", ()))


def test_a_computed_value_that_rests_on_memory_says_so(page: str) -> None:
    recalled = [claim for claim, found in noted().results.items() if found.recalled and found.value is not None]
    assert recalled
    for claim in recalled:
        text = words(report.article_html(made(Mark(claim, 0.9, "states"))))
        assert "‡ recalled: from memory" in text
        assert "‡" in text.split("Computed by us")[1], claim


def test_numbers_are_for_people_and_hyphens_are_no_minus() -> None:
    text = words(report.article_html(made(Mark("C147", 0.9, "states"))))
    assert "upper end of the pooled effect 0.67 SMD ‡" in text
    assert "placebo-controlled" in text
    for claim in register():
        assert not re.search(r"\d\.\d{4}", words(report.article_html(made(Mark(claim, 0.57, "states"))))), claim


def test_a_claim_met_again_points_to_its_first_note() -> None:
    page = report.article_html(made(Mark("C016", 0.9, "states"), Mark("C016", 0.8, "opposite")))
    first, second = page.split('id="note-2"')
    assert "Would change our mind" in first
    assert "Would change our mind" not in second
    assert 'More in <a href="#note-1">note 1</a>' in second


def test_no_note_speaks_of_the_source_folder_or_of_numbers_of_sources() -> None:
    for claim in register():
        remarks = report.article_html(made(Mark(claim, 0.9, "states"))).split("<summary>")[1].split("</details>")[0]
        assert "this folder" not in remarks
        assert not re.search(r"\bS\d\d", remarks), claim


def test_a_file_s_name_is_a_title() -> None:
    assert '<h1 id="article">my leaflet</h1>' in report.article_html(Annotated("my_leaflet", ()))


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = report.write_article(made(), tmp_path / "Artikel µ.html")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(InvalidInput, match="cannot be written"):
        report.write_article(made(), tmp_path / "missing" / "x.html")
