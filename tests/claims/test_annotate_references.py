"""Lines of a bibliography and degrees behind a name: they state nothing."""

from __future__ import annotations

import pytest

from lowdose.claims.annotate import annotate
from lowdose.claims.annotate.gate import names_drug
from lowdose.claims.annotate.passages import passages
from lowdose.claims.annotate.references import is_reference
from lowdose.claims.annotate.words import words

ENTRIES = (
    "J Diabetes Res. 2016; 9703729.",
    "Int J Pharm Compd. 2016 May-Jun;20(3):197-201.",
    "Cochrane Database Syst Rev. 2014 Feb 21;(2):CD010410.",
    "Arthritis Rheum. 2013 Feb;65(2):529-38.",
    "Younger J, Mackey S. Low-dose naltrexone in pain. A pilot. Pain Med. 2009;10(4):663-72. doi: 10.1111/j.1526",
    "Younger, J., & Mackey, S. (2009). Symptoms are reduced by low-dose naltrexone. Pain Medicine, 10(4), 663–672.",
    "Smith JP et al. Low-dose naltrexone improves active Crohn's disease. Am J Gastroenterol 2007; 102: 820–828.",
    "Smith JP, et al. Low-dose naltrexone in Crohn's disease. 2007. PMID: 17222320",
)
PROSE = (
    "In 2013; 65 people with MS took it.",
    "It reduced pain in 31 women (Arthritis Rheum. 2013;65(2):529-38).",
    "It reduced pain in 31 women (Arthritis Rheum. 2013;65(2):529-38), and in 2020 more so.",
    "The trial ran from 2007 to 2010; 40 patients took 4.5 mg.",
    "Mix it 1:10-20 with water, as in 2010 people did.",
    "In 2009 he gave 10 (4 men, 6 women) patients 4.5 mg.",
)


@pytest.mark.parametrize("text", ENTRIES)
def test_an_entry_is_one_reference_and_no_statement(text: str) -> None:
    before = "Low-dose naltrexone\n\nLDN is a drug.\n\n"
    found = annotate(before + text)
    (entry,) = found.sentences[2:]
    assert (entry.text, entry.kind) == (text, "reference")
    assert found.unregistered == ()
    assert {mark.claim for mark in entry.marks} <= {"C175"}


@pytest.mark.parametrize("text", PROSE)
def test_prose_that_cites_or_counts_is_none(text: str) -> None:
    assert not is_reference(text)


def test_a_numbered_list_of_references_is_not_listed_as_statements() -> None:
    text = "# LDN\n\nLDN is a drug.\n\n# References\n\n" + "\n".join(f"{i}. {one}" for i, one in enumerate(ENTRIES, 1))
    found = annotate(text)
    assert [one.text for one in found.sentences if one.kind == "reference"] == list(ENTRIES)
    assert found.unregistered == ()


def test_below_the_heading_of_a_bibliography_a_year_or_a_link_is_enough() -> None:
    entry = "Bihari B. Talk to doctors in New York. 2004."
    assert [one.kind for one in passages(f"References\n\n{entry}")] == ["heading", "reference"]
    assert [one.kind for one in passages(f"Talks\n\n{entry}")] == ["heading", "paragraph"]


def test_the_claim_about_the_reference_list_is_marked_once() -> None:
    found = annotate("LDN is a drug.\n\n" + "\n\n".join(ENTRIES[:4]))
    assert [mark.claim for one in found.sentences for mark in one.marks] == ["C175"]


@pytest.mark.parametrize(
    "text",
    ["Ana - MS (PHARMACY) - Writer", "Jane Doe, MS, RD", "Ana received her MS in Pharmacy.", "J Doe, M.S., Ph.D."],
)
def test_a_degree_is_no_disease(text: str) -> None:
    assert not {"ms", "m", "s"} & {word.text for word in words(text)}


@pytest.mark.parametrize("text", ["people with RA, MS, and lupus", "MS (multiple sclerosis)", "her MS in the morning"])
def test_a_disease_is_no_degree(text: str) -> None:
    assert "ms" in {word.text for word in words(text)}


def test_a_dietitian_is_no_drug() -> None:
    assert not names_drug("Jane Doe, MS, RD, LDN")
    assert names_drug("Questions about MS, LDN and diets")


def test_the_name_of_a_disease_says_nothing_else() -> None:
    """ "Multiple sclerosis" multiplies nothing, so less severe symptoms of it are no opposite."""
    text = "LDN can reduce the severity of symptoms in fibromyalgia, Crohn's disease, multiple sclerosis and CRPS."
    assert [(mark.claim, mark.relation) for one in annotate(text).sentences for mark in one.marks] == [
        ("C160", "states")
    ]
