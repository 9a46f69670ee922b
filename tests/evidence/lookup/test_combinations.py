"""Pages of combinations: all that were asked for, tied to the registry, marked, and silent on opioid doses."""

from __future__ import annotations

import re

import pytest
import yaml

from lowdose.errors import NotFound
from lowdose.evidence.exports.documents import combination_page
from lowdose.evidence.lookup.combinations import combination, combinations
from lowdose.evidence.lookup.words import plain
from lowdose.evidence.records.registry import registry

ASKED_FOR = [
    "cannabinoids",
    "alpha-lipoic-acid",
    "cisplatin",
    "clonidine",
    "varenicline",
    "l-tetrahydropalmatine",
    "acupuncture",
    "buprenorphine",
    "morphine",
    "sleep-aids",
]
WITHOUT_STUDY = {"cannabinoids", "cisplatin", "l-tetrahydropalmatine", "acupuncture", "sleep-aids"}


def test_every_page_that_was_asked_for_is_there():
    assert set(ASKED_FOR) <= set(combinations())


@pytest.mark.parametrize("page", combinations().values(), ids=combinations())
def test_a_page_names_studies_of_the_registry(page):
    held = registry().studies
    named = {one.id for one in page.studies} | set(page.safety_studies)
    assert named <= set(held)
    assert {study["id"] for study in combination_page(page)["studies"]} == named


@pytest.mark.parametrize("page", combinations().values(), ids=combinations())
def test_a_page_without_study_says_so_and_when_it_was_looked_for(page):
    if page.id in WITHOUT_STUDY:
        assert page.found_words == "no study found, searched on 2026-11-21"
    else:
        assert page.studies
        assert "no study found" not in page.found_words


@pytest.mark.parametrize("page", combinations().values(), ids=combinations())
def test_what_was_not_read_is_marked_recalled(page):
    for one in page.animal:
        assert one.source
        if "article A" in one.source or "Donahue" in one.source:
            assert one.tag == "recalled"
    assert bool(page.watch) == bool(page.watch_source) == (page.watch_tag is not None)


@pytest.mark.parametrize("name", ["clonidine", "buprenorphine", "morphine"])
def test_an_opioid_page_begins_with_the_stop_rule(name):
    page = combination(name)
    assert page.opioid
    assert page.stop.startswith("Stop: naltrexone is not combined with an opioid at any dose")


def test_other_pages_have_no_stop_rule():
    assert {name for name, page in combinations().items() if page.stop} == {"clonidine", "buprenorphine", "morphine"}


def test_no_page_states_a_dose_of_an_opioid():
    """The only milligrams are of naltrexone, and no page of an opioid has any."""
    for page in combinations().values():
        text = yaml.safe_dump(page.model_dump(mode="json"), allow_unicode=True, width=10_000)
        doses = re.findall(r"\d[\d.]*(?: to \d[\d.]*| and \d[\d.]*)?\s*(?:mg|µg|mcg|g)\b", text)
        assert doses == (["25 and 50 mg"] if page.id == "varenicline" else []), page.id
        assert not re.search(r"\d+\s*:\s*1\b", text), page.id


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("ALA", "alpha-lipoic-acid"),
        ("LDN+ALA", "alpha-lipoic-acid"),
        ("ldn + ala", "alpha-lipoic-acid"),
        ("hydroxycitrate", "alpha-lipoic-acid"),
        ("CBD", "cannabinoids"),
        ("medical cannabis", "cannabinoids"),
        ("Chantix", "varenicline"),
        ("L-THP", "l-tetrahydropalmatine"),
        ("oxycodone", "morphine"),
        ("Suboxone", "buprenorphine"),
        ("melatonin", "sleep-aids"),
        ("acupuncture", "acupuncture"),
    ],
)
def test_synonyms_lead_to_the_page(words, page):
    assert combination(words).id == page


@pytest.mark.parametrize(
    ("words", "near"), [("varenicine", "varenicline"), ("melatonine", "sleep-aids"), ("acupunture", "acupuncture")]
)
def test_near_misses_suggest(words, near):
    with pytest.raises(NotFound, match=f"did you mean {near}"):
        combination(words)


def test_an_unknown_name_lists_the_pages():
    with pytest.raises(NotFound, match="known: cannabinoids"):
        combination("qqqq")


def test_no_synonym_leads_to_two_pages():
    seen: dict[str, str] = {}
    for page in combinations().values():
        for word in (page.id, page.name, *page.synonyms):
            assert seen.setdefault(plain(word), page.id) == page.id, word


def test_claims_are_those_of_the_register():
    known = pytest.importorskip("lowdose.claims.register").register()
    for page in combinations().values():
        assert set(page.claims) <= set(known), page.id
    combined = {name for name, claim in known.items() if claim.subject == "combination"}
    assert combined <= {name for page in combinations().values() for name in page.claims}


def test_a_document_has_the_full_record_of_its_studies():
    document = combination_page(combination("varenicline"))
    assert [study["id"] for study in document["studies"]] == [
        "ray2021_smoking",
        "ray2014_smoking",
        "roberts2018_smoking",
    ]
    assert document["schema"] == "lowdose.evidence/1"
    assert document["combination"]["claims"] == ["C116", "C117"]
