"""The verb itself: offsets, the gate, relations, and what must not change what is found."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lowdose.claims.annotate import LARGEST_BYTES, THRESHOLD, annotate
from lowdose.claims.annotate.phrases import parse, phrases
from lowdose.claims.register import register
from lowdose.errors import InvalidInput

LINES = (
    "LDN blocks the opioid receptors for about 3 hours.",
    "Naltrexone was synthesised in the 1960s.",
    "It does not raise endorphins.",
    "In 96 people with MS, 8 weeks of LDN was no better than placebo.",
    "Metformin lowers blood sugar by 20%.",
    "Fibromyalgia",
    "# Side effects",
    "• Vivid dreams",
    "Side effects are rare and mild [6, 7].",
    "Dr. Bihari gave 4.5 mg. to patients, e.g. at night.",
    "",
    "β-endorphin \u2013 half-life 20 h",
)
TEXT = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(LINES), max_size=8).map("\n".join))
MIXED = st.tuples(st.lists(st.sampled_from(LINES), max_size=5).map("\n\n".join), st.text(max_size=60)).map("".join)


def marks(text: str) -> list[tuple[str, str]]:
    return [(mark.claim, mark.relation) for one in annotate(text).sentences for mark in one.marks]


@given(st.one_of(TEXT, MIXED))
@example("\x00\ufeff\ud800 LDN \x85\u2028helps\x0cMS")
@example("LDN " * 60)
@settings(max_examples=120)
def test_offsets_are_right_and_no_mark_stands_outside_the_gate(text: str) -> None:
    found = annotate(text).sentences
    for one in found:
        assert text[one.start : one.end] == one.text
        assert one.text.strip() == one.text
        assert one.gated or not one.marks
        assert not (one.unregistered and one.marks)
        assert all(THRESHOLD <= mark.score <= 1 for mark in one.marks)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(st.one_of(TEXT, MIXED).filter(lambda text: text.isascii()))
@settings(max_examples=60)
def test_every_word_is_in_a_sentence(text: str) -> None:
    """Nothing of the text is lost but bullets, rules and the signs of headings."""
    kept = set()
    for one in annotate(text).sentences:
        kept.update(range(one.start, one.end))
    lost = {letter for i, letter in enumerate(text) if i not in kept}
    assert not any(letter.isalpha() for letter in lost - set("abcdefgh"))


@pytest.mark.parametrize("line", [line for line in LINES if "LDN" in line or "Naltrexone" in line])
@given(blank=st.sampled_from(["  ", "\n", "\t", "\u00a0", " \n "]), hyphen=st.sampled_from("-\u2010\u2011\u2012\u2013"))
@settings(max_examples=15)
def test_white_space_and_hyphens_do_not_matter(line: str, blank: str, hyphen: str) -> None:
    line = line.replace("LDN", "low-dose naltrexone")
    again = line.replace(" ", blank).replace("-", hyphen)
    assert marks(again) == marks(line)
    assert marks(line)


@pytest.mark.parametrize(
    ("text", "claim", "relation"),
    [
        ("LDN blocks opioid receptors for about three hours.", "C016", "states"),
        ("LDN blocks opioid receptors for about nine hours.", "C016", "number differs"),
        ("Naltrexone is gone from your body by morning.", "C018", "states"),
        ("Naltrexone is not gone from your body by morning.", "C018", "opposite"),
        ("In 96 people with MS eight weeks of LDN did no better than placebo.", "C048", "states"),
        ("In 96 people with MS eight weeks of LDN did better than placebo.", "C048", "opposite"),
        ("In 150 people with MS eight weeks of LDN did no better than placebo.", "C048", "number differs"),
        ("LDN does not cause vivid dreams.", "C133", "opposite"),
        ("It is a myth that LDN is cleared by the morning.", "C018", "opposite"),
        ("Using LDN off label is illegal.", "C038", "opposite"),
        ("Slow-release naltrexone is the best choice.", "C126", "opposite"),
        ("By keeping microglia at rest and increasing endorphins, LDN may reduce pain in CRPS.", "C061", "states"),
        ("By keeping microglia at rest and increasing pain, LDN may worsen CRPS.", "C061", "opposite"),
    ],
)
def test_relations(text: str, claim: str, relation: str) -> None:
    assert (claim, relation) in marks(text)


def test_another_number_is_shown_beside_the_registered_one() -> None:
    (mark,) = annotate("Beta-endorphin, which LDN raises, has a half-life of 45 minutes.").sentences[0].marks
    assert (mark.claim, mark.relation, mark.said, mark.registered) == ("C023", "number differs", "45 minutes", "20 h")


def test_a_pronoun_stands_for_the_subject_of_its_section() -> None:
    text = "Transverse myelitis\n\nLDN was given to one patient. He felt pain relief on 3 to 4.5 mg."
    assert marks(text) == [("C072", "states")]
    assert ("C072", "states") not in marks(text.replace("Transverse myelitis", "Gout"))


def test_a_claim_may_span_two_sentences() -> None:
    text = "LDN was given to people with ulcerative colitis. There were forty patients. Thirty percent responded."
    assert ("C081", "states") in marks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Does LDN block opioid receptors for three hours?",
        "Metformin is cleared by the morning.",
        "Unlike naltrexone, acamprosate has very few drug interactions.",
        "LDN is cheap.\n\n# Metformin\n\nMetformin has very few drug interactions.",
    ],
)
def test_what_is_no_statement_about_naltrexone_is_not_marked(text: str) -> None:
    assert marks(text) == []


def test_numbers_without_a_claim_are_listed() -> None:
    found = annotate("LDN costs 40 dollars a month. It is white. LDN blocks opioid receptors for about 3 hours.")
    assert [one.text for one in found.unregistered] == ["LDN costs 40 dollars a month."]
    assert found.counts["not in the register"] == 1
    assert found.counts["marked"] == 1


def test_a_couple_of_is_no_number_to_check() -> None:
    assert annotate("LDN was first liked by a couple of doctors.").unregistered == ()


def test_the_document_is_json_and_complete() -> None:
    found = annotate("# LDN\n\nIt blocks opioid receptors for about 9 hours.", name="x")
    document = json.loads(json.dumps(found.to_document()))
    assert document["name"] == "x"
    assert document["threshold"] == THRESHOLD
    assert [one["kind"] for one in document["sentences"]] == ["heading", "paragraph"]
    (mark,) = document["sentences"][1]["marks"]
    assert mark["claim"] == "C016"
    assert mark["registered"] == "3 h"


def test_a_text_of_fifty_megabytes_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"too large: 50\.0 MB"):
        annotate("LDN helps " * 5_000_000)


def test_a_line_without_end_is_read_in_time() -> None:
    assert annotate("a" * (LARGEST_BYTES // 10)).marked == ()


def test_every_claim_of_the_register_has_its_phrases() -> None:
    known = phrases().by_claim
    assert list(known) == list(register())
    for phrase in known.values():
        assert phrase.say
        assert phrase.within


def test_every_paraphrase_is_found_as_its_claim() -> None:
    """Our own wordings, each as a text about LDN: at least nine of ten are marked, and with this claim."""
    known = phrases().by_claim
    said = [(claim, text) for claim, phrase in known.items() for text in phrase.say]
    heading = "# Low-dose naltrexone\n\n"
    missed = [
        (claim, text) for claim, text in said if claim not in {c for c, _ in marks(heading.format("people") + text)}
    ]
    assert len(missed) <= 0.1 * len(said), missed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("claims: {C001: {in: [no_such_concept], say: [x]}}", "not in the lexicon: 'no_such_concept'"),
        ("claims: {C001: {inside: [endorphin]}}", "a field nobody knows: inside"),
        ("claim: {}", "not a file of phrases"),
        ("claims: [", "not a file of phrases"),
    ],
)
def test_broken_phrases_are_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse(text, "phrases.yaml")


def test_the_room_is_light_to_import() -> None:
    heavy = "numpy|scipy|pandas|simplemma|rapidfuzz|pydantic"
    code = f"import sys, lowdose.claims; print([m for m in '{heavy}'.split('|') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "rapidfuzz" not in shown.stdout
    assert "simplemma" not in shown.stdout
