"""Test data of the safety rules: cases laid over a complete healthy adult."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from lowdose.safety import Facts
from lowdose.safety.facts.fields import entailments
from lowdose.safety.facts.known import is_meant

HERE = Path(__file__).parent


class Loader(yaml.CSafeLoader):
    """YAML in which only true and false are booleans: `on` is a key, not yes."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


@cache
def base() -> dict[str, Any]:
    return dict(load(HERE / "base.yaml")["facts"])


@dataclass(frozen=True)
class Case:
    id: str
    rule: str
    phase: str
    on: date
    expect: str
    facts: dict[str, Any] = field(hash=False)
    unknown: tuple[str, ...] = ()
    kind: str = "given"

    def known(self) -> Facts:
        return laid_over_base(self.facts, self.on, self.unknown).in_phase(self.phase)


def laid_over_base(facts: dict[str, Any], on: date, unknown: tuple[str, ...] = ()) -> Facts:
    """Facts over the healthy base; what of the base contradicts them, or would answer an unknown, gives way."""
    stated = {name: dated(value, on) for name, value in facts.items()}
    stated |= {f"conditions.{name}": value for name, value in stated.pop("conditions", {}).items()}
    if isinstance(ago := stated.get("history.nonmedical_opioid_days"), int):  # then "never" cannot stand in the base
        stated.setdefault("history.last_opioid_use", on - timedelta(days=ago))
    kept = {name: value for name, value in base().items() if name not in stated}
    for entailment in entailments():
        if any(_gives_way(name, value, stated, unknown) for name, value in entailment.then.items()):
            kept = {name: value for name, value in kept.items() if name not in entailment.when}
        if any(name in unknown for name in entailment.unless_stated):
            kept = {name: value for name, value in kept.items() if name not in entailment.when}
        if all(name in stated and is_meant(stated[name], value) for name, value in entailment.when.items()):
            follows = {**entailment.then, **entailment.unless_stated}
            kept = {name: value for name, value in kept.items() if not any(_matches(one, name) for one in follows)}
    return Facts.of({name: value for name, value in {**kept, **stated}.items() if name not in unknown}, on=on)


def _gives_way(pattern: str, value: Any, stated: dict[str, Any], unknown: tuple[str, ...]) -> bool:
    contradicted = any(_matches(pattern, name) and held != value for name, held in stated.items())
    return contradicted or any(_matches(pattern, name) for name in unknown if not pattern.endswith("*"))


def _matches(pattern: str, name: str) -> bool:
    return name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1]) and name != "plan.drawn_up")


def dated(value: Any, on: date) -> Any:
    """`{value, days_ago}` as a value with its day; without one where it is not known."""
    if isinstance(value, dict) and "days_ago" in value and "value" in value:
        ago = value["days_ago"]
        return {"value": value["value"], "on": None if ago is None else on - timedelta(days=ago)}
    return value


@cache
def written_cases() -> tuple[Case, ...]:
    """Those written from the rules' sentences."""
    found = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        for one in load(path)["cases"]:
            names = {key: one[key] for key in ("id", "rule", "phase", "on", "expect", "kind")}
            found.append(Case(**names, facts=one.get("facts") or {}, unknown=tuple(one.get("unknown") or ())))
    return tuple(found)


@cache
def boundary_cases() -> tuple[Case, ...]:
    """Those at the edge of a threshold or of a filter, which the sentences leave open."""
    rows = load(HERE / "boundary_cases.yaml")
    return tuple(
        Case(
            id=f"{one['rule']} {one['because']}", rule=one["rule"], phase=one["phase"], on=rows["on"],
            expect=one["expect"], kind="boundary", facts=one.get("facts") or {}, unknown=tuple(one.get("unknown", ())),
        )
        for one in rows["cases"]
    )  # fmt: skip
