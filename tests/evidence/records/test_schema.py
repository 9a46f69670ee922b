"""The published JSON Schema: current, valid, and kept by every file."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from lowdose.blocks import data
from lowdose.evidence.records.library import json_schema

DATA = files("lowdose.evidence") / "data"
PUBLISHED = json.loads((DATA / "study.schema.json").read_text(encoding="utf-8"))
NAMES = sorted(one.name for one in (DATA / "studies").iterdir())


def test_published_schema_is_current() -> None:
    """`python -m lowdose.evidence.records.library > src/lowdose/evidence/data/study.schema.json` writes it."""
    assert (DATA / "study.schema.json").read_text(encoding="utf-8") == json_schema()


def test_published_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(PUBLISHED)


def test_one_file_a_condition() -> None:
    conditions = {one["id"] for one in data((DATA / "conditions.yaml").read_text(encoding="utf-8"))["conditions"]}
    assert {name.removesuffix(".yaml") for name in NAMES} == conditions


@pytest.mark.parametrize("name", NAMES)
def test_every_file_keeps_the_schema_and_its_condition(name: str) -> None:
    content = data((DATA / "studies" / name).read_text(encoding="utf-8"))
    assert not list(Draft202012Validator(PUBLISHED).iter_errors(content))
    assert {study["condition"] for study in content["studies"]} == {name.removesuffix(".yaml")}


def test_the_schema_refuses_what_it_does_not_know() -> None:
    content = data((DATA / "studies" / "crps.yaml").read_text(encoding="utf-8"))
    content["studies"][0]["cost"] = 3
    del content["studies"][1]["outcomes"][0]["better"]
    said = [error.message for error in Draft202012Validator(PUBLISHED).iter_errors(content)]
    assert len(said) == 2
    assert any("'cost' was unexpected" in one for one in said)
    assert any("'better' is a required property" in one for one in said)


def test_lines_are_readable() -> None:
    for name in NAMES:
        lines = (DATA / "studies" / name).read_text(encoding="utf-8").splitlines()
        assert max(map(len, lines)) <= 125, name
