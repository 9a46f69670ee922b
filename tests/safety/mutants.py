"""Rules with one thing wrong: negated, a threshold one unit off, an operand or a filter dropped."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from lowdose.blocks import data
from lowdose.safety.facts.fields import field
from lowdose.safety.rules.logic import All, AnyOf, Not, Test
from lowdose.safety.rules.rule_set import RuleSet, build, rule_set

Content = list[dict[str, Any]]


@cache
def contents() -> Content:
    folder = files("lowdose.safety.rules") / "data"
    found = [data(path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir(), key=str)]
    return [content for content in found if content["schema"] == "lowdose.safety-rules/1"]


def mutants(rule_id: str) -> Iterator[tuple[str, RuleSet]]:
    """Each mutant of a rule with its name."""
    others = [
        {**content, "rules": [rule for rule in content["rules"] if rule["id"] != rule_id]} for content in contents()
    ]
    text = next(rule for content in contents() for rule in content["rules"] if rule["id"] == rule_id)
    for name, when, params in _changed(text):
        mutant = {"schema": others[0]["schema"], "rules": [{**text, "when": when, "params": params}]}
        yield name, build([*others, mutant])


def _changed(text: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    when, params = text["when"], text.get("params", {})
    yield "negated", {"not": when}, params
    for reference, step in sorted(_thresholds(when).items()):
        own = "." not in reference
        value = params[reference]["value"] if own else _elsewhere(reference)
        for sign, word in ((1, "raised"), (-1, "lowered")):
            moved = {"value": round(value + sign * step, 6), "unit": "moved"}
            name = f"{reference} {word}"
            if own:
                yield name, when, {**params, reference: moved}
            else:
                yield name, _renamed(when, f"${reference}", "$moved"), {**params, "moved": moved}
    for name, smaller in _dropped(when):
        yield name, smaller, params


def _elsewhere(reference: str) -> float:
    rule_id, _, number = reference.partition(".")
    return rule_set()[rule_id].params[number].value


def _thresholds(when: Any) -> dict[str, float]:
    """Numbers a condition refers to, with the unit they are moved by: the resolution at which the field is recorded."""
    if "all" in when or "any" in when:
        return {name: step for part in when.get("all", when.get("any")) for name, step in _thresholds(part).items()}
    if "not" in when:
        return _thresholds(when["not"])
    values = [when.get(key) for key in ("value", "days", "max_age_days")]
    references = [value[1:] for value in values if isinstance(value, str) and value.startswith("$")]
    return {name: (field(when["field"]).step or 1) if "field" in when else 1 for name in references}


def _renamed(when: Any, old: str, new: str) -> Any:
    if isinstance(when, dict):
        return {key: _renamed(value, old, new) for key, value in when.items()}
    if isinstance(when, list):
        return [_renamed(value, old, new) for value in when]
    return new if when == old else when


def _dropped(when: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The condition without one of its parts, filters or listed values."""
    for kind in ("all", "any"):
        for number, part in enumerate(when.get(kind, ())):
            rest = when[kind][:number] + when[kind][number + 1 :]
            if rest:
                yield f"{path}{kind} without {number + 1}", {kind: rest}
            for name, smaller in _dropped(part, f"{path}{kind}.{number + 1}."):
                yield name, {kind: [*when[kind][:number], smaller, *when[kind][number + 1 :]]}
    if "not" in when:
        for name, smaller in _dropped(when["not"], f"{path}not."):
            yield name, {"not": smaller}
    for filter_ in ("washout_class", "forms", "max_age_days", "days"):
        if filter_ in when:
            yield f"{path}without {filter_}", {key: value for key, value in when.items() if key != filter_}
    for listed in ("forms", "value"):
        if isinstance(when.get(listed), list):
            for one in when[listed]:
                yield f"{path}{listed} without {one}", {**when, listed: [each for each in when[listed] if each != one]}


def leaves(test: Test) -> list[Test]:
    """The tests that a condition is put together from."""
    match test:
        case All(parts) | AnyOf(parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Not(part):
            return leaves(part)
    return [test]
