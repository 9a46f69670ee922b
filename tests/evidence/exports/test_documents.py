"""The JSON documents: complete, and plain JSON."""

from __future__ import annotations

import json

import pytest

from lowdose.evidence.checks.check import check
from lowdose.evidence.exports import documents
from lowdose.evidence.lookup.combinations import combinations
from lowdose.evidence.lookup.find import resolve_condition, search
from lowdose.evidence.lookup.harms import harms, published_harms, single_cases
from lowdose.evidence.records.registry import registry

HELD = registry()


def plain(document):
    """As it comes back from JSON, strictly: no NaN, nothing that JSON has no word for."""
    return json.loads(json.dumps(document, allow_nan=False))


def test_everything_is_complete_and_as_it_was_read():
    found = plain(documents.everything())
    assert found["studies"] == [study.model_dump(mode="json") for study in HELD.studies.values()]
    assert (len(found["reviews"]), len(found["ongoing"]), len(found["sources"])) == (17, 5, 149)
    assert found["data"]["standing"].startswith("provisional")


def test_what_was_found_brings_its_sources_and_no_others():
    found = plain(documents.found(search("INNOVA"), {"words": "INNOVA"}))
    assert set(found["sources"]) == {"S147", "S148", "S149"}


@pytest.mark.parametrize("name", HELD.conditions)
def test_every_condition_has_a_page(name):
    found = plain(documents.condition_page(resolve_condition(name)))
    assert found["condition"]["id"] == name
    assert found["answer"]
    assert set(found["pools"]) == {one["question"] for one in found["findings"]}
    assert set(HELD.conditions[name].studies) <= {study["id"] for study in found["studies"]}
    assert all(one["certainty"] in ("very low", "low", "moderate", "high") for one in found["findings"])


def test_the_five_pools_of_fibromyalgia_stand_side_by_side():
    found = documents.condition_page(resolve_condition("FM"))
    reviews = {one["id"] for one in found["reviews"]}
    assert {"vatvani2024_ma", "annmedsurg2025_ma", "ologunowa2025_ma", "women_fm_ma2024", "hegde2025_ma"} <= reviews


def test_harms_combinations_and_checks_are_plain():
    page = plain(documents.harms_page(harms(), published_harms(), single_cases(), {}))
    assert len(page["harms"]) == len(harms())
    assert page["interval"].startswith("Wilson")
    assert len(plain(documents.combinations_page(combinations().values()))["combinations"]) == len(combinations())
    for one in combinations().values():
        assert plain(documents.combination_page(one))["combination"]["id"] == one.id
    found = plain(documents.check_page(check(HELD), HELD))
    assert found["errors"] == 0
    assert found["studies"] == 89
