"""The command line that reproduces a run."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from lowdose.people import People, Person

if TYPE_CHECKING:
    from lowdose.results.result import Result

_PERSON_OPTIONS = {"age": "--age", "sex": "--sex", "weight": "--weight", "crcl": "--crcl", "child_pugh": "--child-pugh"}


def command_line(result: Result) -> str:
    """``lowdose simulate ...`` with every input that differs from its default.

    Examples
    --------
    >>> from lowdose import simulate
    >>> simulate("3 mg once at 08:00").command
    "lowdose simulate '3 mg once at 08:00' --hypothesis effect-site"
    """
    words = ["lowdose", "simulate", result.regimen.canonical]
    words += _person(result.person) if result.virtual is None else _virtual(result.virtual)
    words += ["--hypothesis", result.hypothesis.name]
    if result.people:
        words += ["--people", str(result.people), "--seed", str(result.seed), "--spread", result.drawn]
    if result.start is not None:
        words += ["--start", result.start.isoformat(timespec="minutes")]
    for symbol, value in result.overrides.items():
        words += ["--set", f"{symbol}={value!r}"]
    return shlex.join(words)


def _person(person: Person) -> list[str]:
    words = []
    for name, option in _PERSON_OPTIONS.items():
        value = getattr(person, name)
        if value != getattr(Person(), name):
            words += [option, f"{value:g}" if isinstance(value, float) else str(value)]
    return words


def _virtual(people: People) -> list[str]:
    words = ["--population", people.name, "--relations", people.relations, "--adherence", people.adherence]
    return [*words, "--occasions"] if people.occasions else words
