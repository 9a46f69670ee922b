"""The rules as data: 103 of them, each with its condition, thresholds, words, sources and how far to trust it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import Field

from lowdose.audit.canonical import digest
from lowdose.blocks import Block
from lowdose.errors import InvalidInput, NotFound
from lowdose.safety.rules.logic import All, AnyOf, Compare, Missing, Not, Taken, Test
from lowdose.safety.tables import table, texts

Severity = Literal["block", "critical", "warning", "info"]
Policy = Literal["none", "reason", "specialist_manual", "reformulate"]
SEVERITIES: tuple[Severity, ...] = ("block", "critical", "warning", "info")
STOPPING = ("block", "critical")
NOT_CONFIRMED = "not yet confirmed"
_REFERENCE = re.compile(r"\{([A-Z]{3}-\d{3}\.)?([a-z_0-9]+)\}")


class Param(Block):
    """A threshold or another number of a rule."""

    value: int | float
    unit: str
    provenance: Literal["found", "derived", "recalled", "assumed"] | None = None


class Source(Block):
    """What a rule rests on, its title also ``short``; ``machine_written`` marks a page that a program wrote."""

    short: str
    title: str
    url: str | None
    supports: str
    machine_written: bool = False


class _RuleText(Block):
    """A rule as it stands in its file."""

    id: str = Field(pattern=r"^[A-Z]{3}-\d{3}$")
    title: str
    severity: Severity
    phases: tuple[str, ...]
    when: dict[str, Any]
    text: str
    patient: str
    override: Policy
    action: str | None = None
    params: dict[str, Param] = Field(default_factory=dict)
    sources: tuple[str, ...]
    provenance: Literal["found", "found+recalled", "recalled"]
    confidence: Literal["high", "medium", "low"]
    note: str | None = None
    amended: str | None = None


class _RulesFile(Block):
    schema_: Literal["lowdose.safety-rules/1"] = Field(alias="schema")
    rules: tuple[_RuleText, ...]


class _SourcesFile(Block):
    schema_: Literal["lowdose.safety-sources/1"] = Field(alias="schema")
    sources: dict[str, Source]


class _SetFile(Block):
    schema_: Literal["lowdose.safety-rule-set/1"] = Field(alias="schema")
    version: str
    reviewed_by: str | None
    not_reviewed: str
    severities: dict[Severity, str]
    policies: dict[Policy, str]
    phases: dict[str, str]
    also_called: dict[str, tuple[str, ...]]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One rule: when ``when`` is true in one of its ``phases``, ``text`` is said with ``severity``."""

    id: str
    title: str
    severity: Severity
    phases: tuple[str, ...]
    when: Test
    text: str
    patient_text: str
    override: Policy
    action: str | None
    params: Mapping[str, Param]
    sources: Mapping[str, Source]
    provenance: str
    confidence: str
    note: str | None
    amended: str | None

    @property
    def label(self) -> str:
        """What is not confirmed about it, or nothing: recalled, or resting on a machine-written page."""
        if self.provenance == "recalled" or any(source.machine_written for source in self.sources.values()):
            return NOT_CONFIRMED
        recalled = any(param.provenance in ("recalled", "assumed", "derived") for param in self.params.values())
        return f"partly {NOT_CONFIRMED}" if recalled or self.provenance == "found+recalled" else ""


@dataclass(frozen=True)
class RuleSet:
    """All rules, their version, who reviewed them (nobody yet: ``None``), and a SHA-256 of all that a screen rests on.

    That is the rules and every table beside them: a changed threshold, set, brand name or wait gives another one.
    """

    version: str
    digest: str
    reviewed_by: str | None
    not_reviewed: str
    rules: tuple[Rule, ...]
    sources: Mapping[str, Source]
    phases: Mapping[str, str]
    also_called: Mapping[str, tuple[str, ...]]
    policies: Mapping[str, str]

    def of_phase(self, phase: str) -> tuple[Rule, ...]:
        """Rules of a phase, in their order.

        Raises
        ------
        NotFound
            If there is no such phase.

        Examples
        --------
        >>> [rule.id for rule in rule_set().of_phase("surgery")]
        ['OPI-017', 'OPI-018', 'OPI-019', 'OPI-020']
        """
        if phase not in self.phases and phase not in self.also_called:
            raise NotFound.among("phase", phase, [*self.phases, *self.also_called])
        meant = set(self.also_called.get(phase, (phase,)))
        return tuple(rule for rule in self.rules if meant & set(rule.phases))

    def __getitem__(self, name: str) -> Rule:
        for one in self.rules:
            if one.id == name:
                return one
        raise NotFound.among("rule", name, [one.id for one in self.rules])


@cache
def rule_set() -> RuleSet:
    """The rules that ship with lowdose.

    Examples
    --------
    >>> len(rule_set().rules), rule_set().reviewed_by
    (103, None)
    """
    return build(table(f"rules/data/{name}.yaml") for name in _head().files)


def rule(name: str) -> Rule:
    """One rule by its id.

    Raises
    ------
    NotFound
        With near misses.

    Examples
    --------
    >>> rule("OPI-002").params["min_days"].value
    7
    """
    return rule_set()[name]


def build(contents: Iterable[Any]) -> RuleSet:
    """A rule set from the contents of rule files.

    Raises
    ------
    InvalidInput
        If a rule refers to a number, source or phase that is not there, or stands twice.
    """
    head, sources, contents = _head(), _sources(), list(contents)
    written = [one for content in contents for one in _RulesFile.model_validate(content).rules]
    numbers = {f"{one.id}.{name}": param for one in written for name, param in one.params.items()}
    twice = {one.id for one in written if sum(other.id == one.id for other in written) > 1}
    strange = {phase for one in written for phase in one.phases} - set(head.phases)
    if twice or strange:
        raise InvalidInput(f"rules that stand twice: {sorted(twice)}; unknown phases: {sorted(strange)}")
    rules = tuple(_rule(one, numbers, sources) for one in written)
    return RuleSet(
        head.version, digest([contents, texts()]), head.reviewed_by, head.not_reviewed, rules, sources,
        head.phases, head.also_called, {str(name): words for name, words in head.policies.items()},
    )  # fmt: skip


@cache
def _head() -> _SetFile:
    return _SetFile.model_validate(table("rules/data/rule_set.yaml"))


@cache
def _sources() -> dict[str, Source]:
    return _SourcesFile.model_validate(table("rules/data/sources.yaml")).sources


def _rule(text: _RuleText, numbers: Mapping[str, Param], sources: Mapping[str, Source]) -> Rule:
    def number(name: str) -> int | float:
        try:
            return numbers[name if "." in name else f"{text.id}.{name}"].value
        except KeyError:
            raise InvalidInput(f"there is no number {name!r}", where=text.id) from None

    def filled(words: str) -> str:
        return _REFERENCE.sub(lambda found: f"{number((found[1] or '') + found[2]):g}", words)

    missing = set(text.sources) - set(sources)
    if missing:
        raise InvalidInput(f"there is no source {sorted(missing)}", where=text.id)

    def resolved(value: Any) -> Any:
        return number(value[1:]) if isinstance(value, str) and value.startswith("$") else value

    return Rule(
        id=text.id, title=filled(text.title), severity=text.severity, phases=text.phases,
        when=_test(text.when, resolved), text=filled(text.text), patient_text=filled(text.patient),
        override=text.override, action=text.action, params=text.params,
        sources={name: sources[name] for name in text.sources},
        provenance=text.provenance, confidence=text.confidence, note=text.note, amended=text.amended,
    )  # fmt: skip


def _test(content: dict[str, Any], resolved: Any) -> Test:
    """A condition as written in a rule file, its references to numbers resolved."""
    match content:
        case {"all": parts}:
            return All(tuple(_test(part, resolved) for part in parts))
        case {"any": parts}:
            return AnyOf(tuple(_test(part, resolved) for part in parts))
        case {"not": part}:
            return Not(_test(part, resolved))
        case {"field": field, "op": op, "value": value}:
            return Compare(field, op, resolved(value))
        case {"condition": name}:
            return Compare(f"conditions.{name}", "==", True)
        case {"missing": field, **rest}:
            return Missing(field, resolved(rest.get("max_age_days")))
        case {"taken": name, **rest}:
            forms = tuple(rest.get("forms", ()))
            return Taken(name, resolved(rest.get("days")), rest.get("washout_class"), forms)
    raise InvalidInput(f"no test is written like {content!r}")
