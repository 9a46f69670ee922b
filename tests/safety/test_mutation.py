"""A rule with one thing wrong breaks at least one case: each threshold, operand and filter has a case that needs it."""

from __future__ import annotations

from functools import cache

import pytest

from lowdose.safety import Facts, Rule, rule_set

from .mutants import mutants
from .reading import HERE, Case, boundary_cases, load, written_cases

EQUIVALENT: dict[str, dict[str, str]] = load(HERE / "equivalent_mutants.yaml")
_NAMES = {True: "fired", None: "not_checked", False: "silent"}


@cache
def _known() -> dict[str, list[tuple[Case, Facts]]]:
    disagreements = load(HERE / "disagreements.yaml")
    found: dict[str, list[tuple[Case, Facts]]] = {}
    for case in (*written_cases(), *boundary_cases()):
        if case.id not in disagreements and rule_set()[case.rule] in rule_set().of_phase(case.phase):
            found.setdefault(case.rule, []).append((case, case.known()))
    return found


def _breaks(rule: Rule) -> bool:
    return any(_NAMES[rule.when.truth(facts)] != case.expect for case, facts in _known()[rule.id])


@pytest.mark.parametrize("rule_id", [rule.id for rule in rule_set().rules])
def test_every_mutant_breaks_a_case(rule_id: str) -> None:
    assert not _breaks(rule_set()[rule_id])
    survivors = {name for name, rules in mutants(rule_id) if not _breaks(rules[rule_id])}
    assert survivors == set(EQUIVALENT.get(rule_id, {}))
