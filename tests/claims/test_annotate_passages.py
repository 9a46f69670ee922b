"""Paragraphs, headings, lists and sentences; what a "no" covers; what the gate lets in."""

from __future__ import annotations

import pytest

from lowdose.claims.annotate.gate import gated, is_about_drug, names_drug, names_other
from lowdose.claims.annotate.negation import denied, is_called_false
from lowdose.claims.annotate.passages import passages
from lowdose.claims.annotate.words import words


def shape(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in passages(text)]


def test_headings_of_every_look() -> None:
    text = "# One\n\nText.\n\nTwo\n===\n\nText.\n\nSIDE EFFECTS\n\nText.\n\n3) Cancer\n\nText.\n\nForms:\n\n- drops"
    assert [words_ for kind, words_ in shape(text) if kind == "heading"] == [
        "One",
        "Two",
        "SIDE EFFECTS",
        "3) Cancer",
        "Forms:",
    ]


def test_a_heading_right_after_a_paragraph() -> None:
    assert shape("LDN is old. It is cheap.\nTakeaway\n\nMore.")[1] == ("heading", "Takeaway")


def test_wrapped_lines_are_one_paragraph_and_whole_lines_are_several() -> None:
    assert shape("LDN is\nold and\ncheap.") == [("paragraph", "LDN is\nold and\ncheap.")]
    assert shape("LDN is old.\nIt is cheap.") == [("paragraph", "LDN is old."), ("paragraph", "It is cheap.")]


def test_items_know_the_line_that_leads_them_in() -> None:
    text = "The reports of the fifteen patients were quite mixed:\n\n  • Half felt nothing\n  • A third felt better"
    found = passages(text)
    assert [one.kind for one in found] == ["paragraph", "item", "item"]
    assert [one.list_of for one in found] == [None, 0, 0]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Bihari gave 4.5 mg. to men. He was right.", 2),
        ("It binds receptor 4. Our own cells do too.", 2),
        ("It helps, e.g. in MS. See Smith et al. 2007.", 2),
        ("It works! Does it? Yes.", 3),
        ("It costs 3.5 dollars [6, 7]. Good.", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    (one,) = passages(text)
    assert len(one.sentences) == count


@pytest.mark.parametrize(
    ("text", "word", "no"),
    [
        ("It does not raise endorphins", "raise", True),
        ("It does not only raise endorphins", "raise", False),
        ("It raises endorphins but does not block pain", "endorphins", False),
        ("There is no evidence that it helps people with long standing severe disease", "disease", True),
        ("If you cannot sleep, take it in the morning", "take", False),
        ("A rise in endorphins was not seen", "rise", True),
        ("Rather than raising endorphins it lowers them", "raising", True),
        ("Far from rare, they are common", "rare", True),
        ("It hardly helps", "helps", True),
        ("No wonder it helps", "helps", False),
        ("It never lasts", "lasts", True),
    ],
)
def test_what_a_no_covers(text: str, word: str, no: bool) -> None:
    found = words(text)
    place = [one.text for one in found].index(word)
    assert bool(denied(found)[place]) is no


@pytest.mark.parametrize("text", ["That it helps is a myth", "It is not true that it helps", "This is simply false"])
def test_a_sentence_that_calls_itself_false(text: str) -> None:
    assert is_called_false(text)


def test_to_attempt_the_impossible_is_no_denial() -> None:
    assert not is_called_false("By attempting the impossible he enhanced immunity")
    assert is_called_false("It is impossible that it helps")


def test_names_of_the_drug() -> None:
    assert names_drug("low-dose Naltrexone")
    assert names_drug("LDN's")
    assert names_drug("naltrexnoe")
    assert not names_drug("naloxone, nalmefene and nalbuphine")
    assert names_other("atorvastatin")
    assert not names_other("oxycodone and buprenorphine")


def test_named_only_as_what_another_drug_is_unlike() -> None:
    assert not is_about_drug("Nalmefene, not to be mixed up with naltrexone, is taken as needed.")
    assert is_about_drug("LDN shouldn't be confused with naloxone.")


def test_the_gate_opens_by_heading_and_section_and_closes_for_other_drugs() -> None:
    text = (
        "# LDN\n\nIt is old.\n\nIbuprofen is old too.\n\n# Gardens\n\n"
        + "Roses are red.\n\n" * 9
        + "# Doses\n\nPeople take LDN at night.\n\nMost like it."
    )
    found = passages(text)
    open_ = {text[one.start : one.end]: gate for one, gate in zip(found, gated(text, found), strict=True)}
    assert open_["It is old."]
    assert not open_["Ibuprofen is old too."]
    assert not open_["Roses are red."]
    assert open_["Most like it."]
