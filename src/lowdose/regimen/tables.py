"""The YAML/JSON form of a regimen, and files: what they look like, and how their mistakes are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lowdose.errors import InvalidInput, NotFound
from lowdose.regimen.checks import zero_dose
from lowdose.regimen.clocks import DAY
from lowdose.regimen.forms import Form
from lowdose.regimen.language import Reader
from lowdose.regimen.mistakes import pinning
from lowdose.regimen.regimen import Regimen
from lowdose.regimen.steps import BadStep, Written, join

SCHEMA = "lowdose.regimen/1"
_EXAMPLE = "write {schema: lowdose.regimen/1, steps: [{amount: 4.5 mg, how_often: nightly, for: 12 weeks}]}"


class StepEntry(BaseModel):
    """One step of the file; every value is written in the words of the language."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    amount: str
    how_often: str | None = None
    at: str | None = None
    for_: str | None = Field(default=None, alias="for")
    days: str | None = None
    form: str | None = None


class RegimenEntry(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    version: Literal["lowdose.regimen/1"] = Field(alias="schema")
    steps: list[StepEntry] = Field(min_length=1)
    missing_days: list[str] | str = Field(default_factory=list)
    form: str | None = None


def from_dict(data: Mapping[str, Any]) -> Regimen:
    """Read the YAML/JSON form.

    Raises
    ------
    InvalidInput
        Not of the schema, overlapping steps, or anything the language would refuse.

    Examples
    --------
    >>> steps = [{"amount": "1.5 mg", "how_often": "nightly", "days": "1-14"}, {"amount": "3 mg", "days": "15-28"}]
    >>> print(from_dict({"schema": "lowdose.regimen/1", "steps": steps, "form": "cream"}))
    1.5 mg nightly for 2 weeks, then 3 mg for 2 weeks as cream
    """
    try:
        entry = RegimenEntry.model_validate(data)
    except ValidationError as problem:
        raise _not_of_schema(problem) from None
    builder = _Builder(_form(entry.form, "form"))
    for index, step in enumerate(entry.steps):
        builder.add(index, step)
    missing: set[int] = set()
    listed = [entry.missing_days] if isinstance(entry.missing_days, str) else entry.missing_days
    for index, days in enumerate(listed):
        reader = Reader(days, f"missing_days[{index}]" if len(listed) > 1 else "missing_days")
        missing |= reader.days(reader.tree("days"))
        builder.notes += reader.notes
    try:
        steps, assumed = join(builder.written)
        return Regimen(steps, tuple(missing), (*builder.notes, *assumed))
    except BadStep as problem:
        place = "missing_days" if problem.step < 0 else f"{builder.entries[problem.step]}.{problem.field}"
        raise InvalidInput(problem.what, where=place, remedy=problem.remedy) from None


@dataclass
class _Builder:
    """Steps as written so far, the days they cover, and from which entry of the file they come."""

    form: Form | None
    written: list[Written] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    covered: list[tuple[int, int]] = field(default_factory=list)
    #: Last day covered; None once a step does not last whole days.
    end: int | None = 0

    def add(self, index: int, entry: StepEntry) -> None:
        """Add one entry, before it a pause where its days leave a gap."""
        name = f"steps[{index}]"
        amount = Decimal(0)
        if entry.amount.strip().lower() != "no dose":
            reader = self._reader(entry.amount, f"{name}.amount")
            tree = reader.tree("amount")
            amount = reader.amount(tree)
            if not amount:
                with pinning(entry.amount, 0, len(entry.amount), f"{name}.amount"):
                    raise zero_dose(index)
        rate, at, part, length = None, None, "", None
        if entry.how_often is not None:
            reader = self._reader(entry.how_often, f"{name}.how_often")
            rate = reader.how_often(reader.tree("how_often"))
        if entry.at is not None:
            reader = self._reader(entry.at, f"{name}.at")
            at, part = reader.time_of_day(reader.tree("time_of_day"))
        if entry.for_ is not None:
            reader = self._reader(entry.for_, f"{name}.for")
            length = reader.length(reader.tree("length"))
        if entry.days is not None:
            length = self._days(index, entry, name)
        elif self.end is not None:
            spans = length or DAY
            self.covered.append((self.end + 1, self.end + spans // DAY))
            self.end = None if spans % DAY else self.end + spans // DAY
        form = _form(entry.form, f"{name}.form") or self.form
        self.written.append(Written(amount, rate, at, part, length, form))
        self.entries.append(name)

    def _reader(self, text: str, label: str) -> Reader:
        return Reader(text, label, self.notes)

    def _days(self, index: int, entry: StepEntry, name: str) -> timedelta:
        """Length of a step given by its first and last day."""
        label = f"{name}.days"
        text = entry.days or ""
        if entry.for_ is not None:
            raise InvalidInput("both days and for", where=name, remedy="leave one of them out")
        reader = self._reader(text, label)
        days = sorted(reader.days(reader.tree("days")))
        first, last = days[0], days[-1]
        if len(days) != last - first + 1:
            raise InvalidInput(f"the days have a gap: {text}", where=label, remedy="write one range, e.g. 1-14")
        if self.end is None:
            raise InvalidInput(
                "days after a step that does not last whole days", where=label, remedy="write for instead"
            )
        for other, (begin, end) in enumerate(self.covered):
            both = max(begin, first), min(end, last)
            if both[0] <= both[1]:
                shared = f"day {both[0]}" if both[0] == both[1] else f"days {both[0]}-{both[1]}"
                what = f"steps {other + 1} and {index + 1} both cover {shared}"
                remedy = f"let step {index + 1} start on day {end + 1}, or end step {other + 1} before it"
                raise InvalidInput(what, where=label, remedy=remedy)
        if first <= self.end:
            raise InvalidInput(
                f"step {index + 1} lies before step {index}",
                where=label,
                remedy="write the steps in order of time",
            )
        gap = first - self.end - 1
        if gap and not self.written:
            raise InvalidInput(
                f"the first step starts on day {first}",
                where=label,
                remedy="day 1 is the day of the first dose: start there",
            )
        if gap:
            self.notes.append(f"no dose on days {self.end + 1}-{first - 1}: no step covers them")
            self.written.append(Written(Decimal(0), length=gap * DAY))
            self.entries.append(name)
        self.covered.append((first, last))
        self.end = last
        return len(days) * DAY


def _form(name: str | None, label: str) -> Form | None:
    if name is None:
        return None
    with pinning(name, 0, len(name), label):
        return Form.read(name)


def _not_of_schema(problem: ValidationError) -> InvalidInput:
    """The first of pydantic's complaints, in our words."""
    first = problem.errors()[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    if first["type"] == "extra_forbidden":
        known = StepEntry if "[" in where else RegimenEntry
        names = [info.alias or name for name, info in known.model_fields.items()]
        unknown = str(first["loc"][-1])
        hint = NotFound.among("field", unknown, names).remedy
        return InvalidInput(f"no field is named {unknown!r}", where=where, remedy=hint)
    what = "a field is missing" if first["type"] == "missing" else str(first["msg"]).lower()
    return InvalidInput(what, where=where or "the regimen", remedy=_EXAMPLE)


def load(path: Path) -> Regimen:
    """Read a regimen file; its ending says of which kind.

    Raises
    ------
    NotFound
        There is no such file.
    InvalidInput
        Not readable, or not a regimen.

    Examples
    --------
    >>> load(Path("nowhere.yaml"))
    Traceback (most recent call last):
    lowdose.errors.NotFound: no file is named 'nowhere.yaml'
    ...
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"no file is named {str(path)!r}", remedy="check the path") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise InvalidInput(f"cannot be read: {problem}", where=str(path), remedy="save it as UTF-8 text") from None
    kind = path.suffix.lower()
    try:
        if kind == ".csv":
            from lowdose.regimen.nonmem import from_csv

            return from_csv(text)
        if kind in (".yaml", ".yml"):
            return from_dict(_yaml(text))
        if kind == ".json":
            return from_dict(_json(text))
    except InvalidInput as problem:
        where = f"{path}, {problem.where}" if problem.where else str(path)
        raise InvalidInput(problem.what, where=_indented(where, str(path)), remedy=problem.remedy) from None
    raise InvalidInput(f"unknown kind of file {kind!r}", where=str(path), remedy="write .yaml, .json or .csv")


def _indented(where: str, path: str) -> str:
    """Move the caret line by the path now standing before the text."""
    first, newline, carets = where.partition("\n")
    return f"{first}{newline}{' ' * len(f'{path}, ')}{carets}" if newline else first


def _yaml(text: str) -> Any:
    """YAML with every value as text: no sexagesimal clock times, no numbers, no objects."""
    import yaml

    class Loader(yaml.BaseLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            names = [key.value for key, _ in node.value]
            _refuse_twice([str(name) for name in names])
            return super().construct_mapping(node, deep=deep)

    try:
        return yaml.load(text, Loader=Loader)  # a BaseLoader makes strings, lists and mappings only
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = getattr(problem, "problem", None) or str(problem)
        raise InvalidInput(f"not YAML: {reason}", where=where, remedy=_EXAMPLE) from None


def _json(text: str) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        _refuse_twice([name for name, _ in items])
        return dict(items)

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError) as problem:
        where = f"line {problem.lineno}, column {problem.colno}" if isinstance(problem, json.JSONDecodeError) else ""
        raise InvalidInput(f"not JSON: {problem}", where=where, remedy=_EXAMPLE) from None


def _refuse_twice(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise InvalidInput(f"{name!r} is said twice", remedy="leave one of them out")
