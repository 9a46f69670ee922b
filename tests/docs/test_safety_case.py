"""Every hazard has a control and a proof, and everything the safety case names exists."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "safety-case.md").read_text(encoding="utf-8")
PARTS = ("Harm", "Cause", "Control", "Remains", "Proof")
REQUIRED = (
    "Ten-fold dose", "mg and mL swapped", "Missed opioid", "Stale rule", "Wrong patient", "Wrong unit",
    "Model outside its domain", "Silent missing data",
)  # fmt: skip
RULE = re.compile(r"\b[A-Z]{3}-\d{3}\b")
NAME = re.compile(r"`(lowdose(?:\.\w+)+)`")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def hazards():
    """Title of each hazard, and its parts by name."""
    found = {}
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        if re.match(r"H\d+ ", title):
            pieces = re.split(r"^\*\*(\w+)\.\*\*", body, flags=re.MULTILINE)
            found[title] = dict(zip(pieces[1::2], map(str.strip, pieces[2::2]), strict=True))
    return found


HAZARDS = hazards()


def test_the_hazards_that_must_be_there_are():
    titles = [title.partition(" ")[2] for title in HAZARDS]
    assert set(REQUIRED) <= set(titles)
    assert [title.partition(" ")[0] for title in HAZARDS] == [f"H{number}" for number in range(1, len(HAZARDS) + 1)]


@pytest.mark.parametrize("title", HAZARDS)
def test_every_hazard_has_cause_control_residual_risk_and_proof(title):
    parts = HAZARDS[title]
    assert tuple(parts) == PARTS
    assert all(len(text) > 20 for text in parts.values())
    assert NAME.search(parts["Control"])
    assert TEST.search(parts["Proof"])


@pytest.mark.parametrize("name", sorted(set(NAME.findall(PAGE))))
def test_every_function_that_is_named_exists(name):
    module, found = name, None
    while module:
        try:
            found = import_module(module)
            break
        except ModuleNotFoundError:
            module = module.rpartition(".")[0]
    for part in name.removeprefix(module).strip(".").split("."):
        found = getattr(found, part) if part else found
    assert found is not None


@pytest.mark.parametrize("name", sorted(set(RULE.findall(PAGE))))
def test_every_rule_that_is_named_exists(name):
    from lowdose.safety import rule

    assert rule(name).id == name


@pytest.mark.parametrize(("file", "test"), sorted(set(TEST.findall(PAGE))))
def test_every_test_that_is_named_exists(file, test):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_what_looks_like_a_name_is_one_that_was_checked():
    """A reference in another form would escape the tests above."""
    quoted = re.findall(r"`([^`\n]+)`", PAGE.partition("## The record")[0])
    loose = [one for one in quoted if ("::" in one or one.startswith("lowdose.")) and f"`{one}`" not in PAGE]
    odd = [one for one in quoted if "::" in one and not TEST.fullmatch(f"`{one}`")]
    odd += [one for one in quoted if one.startswith("lowdose.") and not NAME.fullmatch(f"`{one}`")]
    assert not loose + odd


def test_what_the_page_says_blocks_does_and_no_plan_comes_of_it():
    from lowdose.safety import rule

    for name in (*(f"OPI-{number:03}" for number in (1, 2, 4, 5, 6, 15)), "DAT-001", "DOS-001", "DOS-008", "DOS-010"):
        assert rule(name).severity == "block", name
        assert rule(name).override in ("none", "specialist_manual"), name
