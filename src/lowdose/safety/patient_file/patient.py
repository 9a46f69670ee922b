"""A patient file: one person's answers under a pseudonym, each with the day it was true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lowdose.audit.canonical import digest
from lowdose.errors import InvalidInput, LowdoseError, NotFound
from lowdose.safety.facts.fields import CONDITION, checked, condition_named, conditions, fields
from lowdose.safety.facts.known import Facts
from lowdose.safety.patient_file.yaml_lines import Lines, read_mapping

SCHEMA = "lowdose.patient/1"
_OWN = ("schema", "id", "recorded", "conditions_complete")
_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Patient:
    """One person's answers.

    Parameters
    ----------
    id : str
        A pseudonym; no names are asked.
    recorded : date
        The day on which answers without a day of their own were given.
    values : mapping
        Dotted names to answers.
    """

    id: str
    recorded: date
    values: Mapping[str, Any]

    def facts(self, on: date) -> Facts:
        """What is known on a day.

        Raises
        ------
        InvalidInput
            If that day lies before an answer was given.
        """
        return Facts.of({name: _on(value, self.recorded) for name, value in self.values.items()}, on=on)

    @property
    def digest(self) -> str:
        """SHA-256 of the answers in a canonical form."""
        content = {"schema": SCHEMA, "id": self.id, "recorded": self.recorded, "values": dict(self.values)}
        return digest(content)


def read_patient(path: str | Path) -> Patient:
    """Read a patient file.

    Raises
    ------
    InvalidInput
        If it cannot be read, or a value is not allowed; with the line, the field and what may be written.
    NotFound
        If it names a fact that there is not; with near misses.

    Examples
    --------
    >>> read_patient("nobody.yaml")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nobody.yaml cannot be read: No such file or directory...
    """
    file = Path(path)
    try:
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise InvalidInput(f"{file.name} cannot be read: {error.strerror or error}", where=str(file.parent)) from error
    except UnicodeDecodeError:
        raise InvalidInput(f"{file.name} is not written in UTF-8", remedy="save it as UTF-8 text") from None
    return parse_patient(text, file.name)


def parse_patient(text: str, name: str = "patient") -> Patient:
    r"""A patient from the text of a file.

    Examples
    --------
    >>> text = "schema: lowdose.patient/1\nid: P-017\nrecorded: 2026-11-20\nlab: {egfr: 900}"
    >>> parse_patient(text)
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: lab.egfr cannot be 900
      where: patient, line 4
      remedy: write a number from 1 to 200 mL/min/1.73 m²
    """
    content, lines = read_mapping(text, name)
    recorded = _head(content, lines)
    values: dict[str, Any] = {}
    if content.get("conditions_complete") is not None:
        if not isinstance(content["conditions_complete"], bool):
            raise InvalidInput(
                f"conditions_complete cannot be {content['conditions_complete']!r}",
                where=lines.where("conditions_complete"), remedy="write yes or no",
            )  # fmt: skip
        values["conditions_complete"] = content["conditions_complete"]
    for section, part in content.items():
        if section not in _OWN:
            values.update(_section(section, part, recorded, lines))
    _located(lambda: Facts.of({key: _on(value, recorded) for key, value in values.items()}, on=recorded), name)
    return Patient(content["id"], recorded, values)


def _head(content: Mapping[str, Any], lines: Lines) -> date:
    if content.get("schema") != SCHEMA:
        raise InvalidInput(
            f"schema is {content.get('schema')!r}", where=lines.where("schema"), remedy=f"begin with schema: {SCHEMA}"
        )
    name = content.get("id")
    if not isinstance(name, str) or not _PSEUDONYM.fullmatch(name):
        raise InvalidInput(
            f"id cannot be {name!r}", where=lines.where("id"), remedy="a pseudonym of letters and digits such as P-017"
        )
    recorded = _day(content.get("recorded"))
    if not isinstance(recorded, date):
        raise InvalidInput(
            f"recorded cannot be {recorded!r}", where=lines.where("recorded"),
            remedy="the day on which the answers were given, such as recorded: 2026-11-20",
        )  # fmt: skip
    return recorded


def _day(written: Any) -> Any:
    """A date, also where it stands in quotes; anything else as it is."""
    try:
        return date.fromisoformat(written) if isinstance(written, str) else written
    except ValueError:
        return written


def _section(section: str, part: Any, recorded: date, lines: Lines) -> dict[str, Any]:
    known = sorted({name.partition(".")[0] for name in fields()})
    if section not in known:
        error = NotFound.among("part of a patient file", section, [*_OWN, *known])
        raise NotFound(error.what, where=lines.where(section), remedy=error.remedy)
    if part is None:
        return {}
    if section == "conditions":
        return _conditions(part, lines)
    if not isinstance(part, Mapping):
        raise InvalidInput(f"{section} is not a list of 'fact: answer'", where=lines.where(section))
    found = {}
    for key, value in part.items():
        name, where = f"{section}.{key}", lines.where(section, key)
        if name not in fields():
            error = NotFound.among("fact", name, fields())
            raise NotFound(error.what, where=where, remedy=error.remedy)
        if value is not None and name != "meds.list":
            _located(lambda name=name, value=value: _check(name, value, recorded), where)
        found[name] = value
    return found


def _check(name: str, value: Any, recorded: date) -> None:
    if isinstance(value, Mapping):
        if set(value) != {"value", "on"} or type(value["on"]) is not date:
            raise InvalidInput(f"{name} is written value and on", remedy="{value: 1.2, on: 2026-11-20}")
        if value["on"] > recorded:
            raise InvalidInput(f"{name}: {value['on']} is after {recorded}, the day of the record")
        value = value["value"]
    checked(name, value, recorded)


def _conditions(part: Any, lines: Lines) -> dict[str, Any]:
    """Conditions by plain names: a mapping to yes or no, or a list of those that are there."""
    if isinstance(part, list):
        stated = [(words, True, lines.where("conditions", str(number))) for number, words in enumerate(part, 1)]
    elif isinstance(part, Mapping):
        stated = [(words, value, lines.where("conditions", words)) for words, value in part.items()]
    else:
        raise InvalidInput("conditions is a list, or names with yes or no", where=lines.where("conditions"))
    found: dict[str, Any] = {}
    for words, value, where in stated:
        name = _located(lambda words=words: condition_named(str(words)), where)
        if value is not None:
            _located(lambda name=name, value=value: checked(f"{CONDITION}{name}", value, date.max), where)
        if value is False and str(words).lower() not in (name, conditions()[name].title.lower()):
            raise InvalidInput(f"“{words}: no” leaves other kinds open", where=where, remedy=f"write {name}: no")
        if found.get(f"{CONDITION}{name}", value) != value:
            raise InvalidInput(f"{name} is said to be there and not to be there", where=where)
        found[f"{CONDITION}{name}"] = value
    return found


def _on(value: Any, recorded: date) -> Any:
    dated = isinstance(value, Mapping) and "value" in value
    return value if dated or value is None else {"value": value, "on": recorded}


def _located(attempt: Any, where: str) -> Any:
    """Run ``attempt``; an error that does not say where gets the place."""
    try:
        return attempt()
    except LowdoseError as error:
        place = f"{where}, {error.where}" if error.where else where
        raise type(error)(error.what, where=place, remedy=error.remedy) from None
