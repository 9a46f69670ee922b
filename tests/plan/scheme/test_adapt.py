"""What a rule asks of a scheme: every number is the rule's own."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from lowdose.plan.scheme.adapt import asked_of
from lowdose.safety import rule, rule_set
from lowdose.safety.rules.rule_set import Param

D = Decimal


@pytest.mark.parametrize(
    ("name", "start", "ceiling", "interval", "provenance"),
    [
        ("THY-001", D("1.5"), None, D(14), "found"),
        ("DOP-001", D(1), None, None, "found"),
        ("ELD-001", D(1), None, None, "recalled; not yet confirmed"),
        ("REN-001", D("0.5"), None, D(14), "found, number assumed and derived; partly not yet confirmed"),
        ("REN-002", None, None, D(14), "found+recalled, number recalled; partly not yet confirmed"),
        ("HEP-003", None, D("0.9"), None, "found+recalled, number derived; partly not yet confirmed"),
    ],
)
def test_the_number_is_the_one_in_the_rule(name, start, ceiling, interval, provenance):
    (asked,) = asked_of({name}, ())
    assert (asked.start, asked.ceiling, asked.interval) == (start, ceiling, interval)
    assert asked.provenance == provenance
    for number in filter(None, (start, ceiling, interval)):
        said = re.findall(r"\d+(?:\.\d+)?", f"{rule(name).title} {rule(name).text}")
        assert f"{number.normalize():f}" in said  # what the plan keeps to, the screen has said


def test_another_number_in_the_rule_is_another_restriction(monkeypatch):
    slower = replace(rule("THY-001"), params={**rule("THY-001").params, "step_days": Param(value=28, unit="d")})
    rules = replace(rule_set(), rules=tuple(slower if one.id == "THY-001" else one for one in rule_set().rules))
    monkeypatch.setattr("lowdose.safety.rules.rule_set.rule_set", lambda: rules)
    (asked,) = asked_of({"THY-001"}, ())
    assert asked.interval == 28
    assert asked.words == "people on thyroid hormone: start at 1.5 mg or less, at least 28 days at each dose"
