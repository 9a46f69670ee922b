"""The register holds the source file of the claims whole: every claim, every field, every count."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from lowdose.claims.register import register

pytestmark = pytest.mark.conformance

ADDED = {"citation", "mind", "explanation"}
"""What ours has besides the source's fields."""


@pytest.fixture(scope="module")
def source(references):
    path = references.parent / "science" / "claims.yaml"
    if not path.is_file():
        pytest.skip("conformance not run")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_every_claim_is_there_once_and_in_order(source):
    assert list(register()) == [claim["id"] for claim in source["claims"]]
    assert len(register()) == source["meta"]["counts"]["claims"] == 175


def test_every_field_of_every_claim_is_the_source_s(source):
    for claim in source["claims"]:
        ours = register()[claim["id"]].model_dump(mode="json")
        for field, value in claim.items():
            assert ours[field] == value, (claim["id"], field)
        filled = {field for field, value in ours.items() if value}
        # `studies` may be empty in the source.
        assert filled - set(claim) <= ADDED, claim["id"]


@pytest.mark.parametrize("field", ["verdict", "subject", "evidence"])
def test_counts_are_the_source_s(source, field):
    counted = Counter(getattr(claim, field) for claim in register().values())
    assert counted == source["meta"]["counts"][f"by_{field}"]


@pytest.mark.parametrize(
    ("field", "count"),
    [("simulator", "simulator_testable"), ("meta_analysis", "meta_analysis_testable"), ("rule", "rule_testable")],
)
def test_counts_of_what_can_be_tested_are_the_source_s(source, field, count):
    assert sum(getattr(claim.testable, field) for claim in register().values()) == source["meta"]["counts"][count]


def test_no_words_of_an_article_longer_than_a_phrase_stand_in_the_register(references):
    articles = sorted((references.parent / "sources").glob("article_*.txt"))
    if not articles:
        pytest.skip("conformance not run")
    phrases = set()
    for article in articles:
        words = article.read_text(encoding="utf-8").lower().split()
        phrases |= {" ".join(words[i : i + 10]) for i in range(len(words) - 9)}
    for claim in register().values():
        for text in (claim.claim, claim.citation, claim.mind, claim.explanation):
            words = text.lower().split()
            assert not phrases & {" ".join(words[i : i + 10]) for i in range(len(words) - 9)}, claim.id
