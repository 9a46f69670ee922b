"""Every case that was written from a rule's sentence comes out as its sentence says."""

from __future__ import annotations

import pytest

from lowdose.safety import check, rule_set
from lowdose.safety.screening.check import Fired, NotChecked

from .reading import HERE, Case, load, written_cases

_NAMES = {Fired: "fired", NotChecked: "not_checked", type(None): "silent"}


DISAGREEMENTS = load(HERE / "disagreements.yaml")


@pytest.mark.parametrize("case", written_cases(), ids=lambda case: case.id)
def test_case(case: Case) -> None:
    rule = rule_set()[case.rule]
    found = check(rule, case.known()) if rule in rule_set().of_phase(case.phase) else None
    assert (_NAMES[type(found)] == case.expect) is (case.id not in DISAGREEMENTS)


def test_every_rule_has_a_positive_a_negative_and_an_unknown_case() -> None:
    kinds = {(case.rule, case.kind) for case in written_cases()}
    wanted = {(rule.id, kind) for rule in rule_set().rules for kind in ("positive", "negative", "unknown")}
    assert not wanted - kinds


def test_disagreements_are_about_cases_that_exist() -> None:
    assert set(DISAGREEMENTS) <= {case.id for case in written_cases()}
