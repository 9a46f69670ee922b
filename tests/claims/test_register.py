"""The register of claims: what it must say of each, and how it refuses what is wrong."""

from __future__ import annotations

import re

import pytest

from lowdose.claims.compute import compute, opposite
from lowdose.claims.register import dangling, parse, register, select
from lowdose.errors import InvalidInput, NotFound

BLOCK = """
- id: C001
  article: A
  citation: none
  subject: dose
  claim: One
  evidence: low
  verdict: partly
  studies: [kariv2006_ibs]
  testable: {simulator: false, meta_analysis: true, rule: false, how: count}
  mind: A trial.
"""


def test_every_claim_says_what_would_change_our_mind_in_one_sentence_of_its_own():
    minds = [claim.mind for claim in register().values()]
    assert len(set(minds)) == len(minds)
    for mind in minds:
        assert len(mind.split()) >= 8, mind
        assert mind.endswith("."), mind
        assert not re.search(r"[.?!] [A-Z]", mind), mind


def test_every_claim_says_what_the_article_cites():
    for claim in register().values():
        numbers = re.findall(r"\[(\d+)\]", claim.citation)
        assert numbers == (claim.article_ref.split(",") if claim.article_ref else []), claim.id
        assert numbers or claim.citation.startswith("none") or claim.id == "C175", claim.id


def test_every_study_a_claim_names_is_in_the_evidence():
    assert dangling() == {}


def test_a_study_that_is_not_there_is_told():
    claim = register()["C073"].model_copy(update={"studies": ("kariv2006_ibs", "nobody1999")})
    assert dangling([claim]) == {"C073": ("nobody1999",)}


def test_an_explanation_stands_where_the_two_point_opposite_ways_and_nowhere_else():
    explained = {claim.id for claim in register().values() if claim.explanation}
    assert explained == {claim.id for claim in register().values() if opposite(claim, compute(claim.id))}
    for claim in explained:
        assert len(register()[claim].explanation.split()) > 30


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BLOCK + BLOCK.strip("\n"), "two claims have the id C001"),
        (BLOCK.replace("verdict: partly", "verdict: true-ish"), "not a claim"),
        (BLOCK.replace("  mind: A trial.\n", ""), "not a claim"),
        (BLOCK + "  merged: yes\n", "not a claim"),
        ("- a list", "not a register"),
        ("claims: [", "not a register"),
    ],
)
def test_a_register_that_is_wrong_is_refused(text, words):
    with pytest.raises(InvalidInput, match=words) as caught:
        parse("claims:" + text if text.startswith("\n") else text, "mine.yaml")
    assert "mine.yaml" in str(caught.value)


def test_a_register_of_one_reads():
    assert parse("claims:" + BLOCK)["C001"].studies == ("kariv2006_ibs",)


def test_a_claim_that_is_not_there_has_near_misses():
    with pytest.raises(NotFound, match="C023"):
        register()["C23"]


def test_filters_narrow_and_together_narrow_more():
    wrong = select(verdict="mis-stated")
    assert len(wrong) == 19
    assert {claim.id for claim in select(verdict="mis-stated", article="B")} < {claim.id for claim in wrong}
    assert all(claim.subject == "pk" for claim in select(subject="pk"))
    with pytest.raises(NotFound, match="contradicted"):
        select(verdict="contradict")


def test_verdict_and_result_are_two_fields():
    fields = type(register()["C001"]).model_fields
    assert "verdict" in fields
    assert "computed" not in fields
