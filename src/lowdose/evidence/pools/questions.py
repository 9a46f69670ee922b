"""Questions fixed before pooling: which condition and outcome, when measured, at which doses, on which scale."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.pools.numbers import OF_EVENTS, Measure
from lowdose.evidence.records.schema import Better, DoseClass, Tag


class Window(Block):
    """When to look: the time nearest to ``weeks``, not before ``earliest`` nor after ``latest`` (weeks)."""

    weeks: float
    earliest: Annotated[float, Field(ge=0)]
    latest: float

    @model_validator(mode="after")
    def _ordered(self) -> Window:
        if not self.earliest <= self.weeks <= self.latest:
            raise ValueError("weeks must lie between earliest and latest")
        return self


class Smallest(Block):
    """Smallest difference that matters to people, on the scale shown (a ratio of 0.25 means 0.75 or 1.25)."""

    value: Annotated[float, Field(gt=0)]
    unit: str
    source: Annotated[str, Field(min_length=3)]
    tag: Tag


class Question(Block):
    """One question, as fixed on a day before its pool was computed.

    ``conditions`` empty means every condition; ``outcome`` is what the data's contrasts name as their ``pool``.
    ``time_order`` are windows in order of preference, ``most_mg`` the highest daily dose, ``comparator`` what the drug
    is set against, ``also`` further measures to look at and ``pooled`` False where studies are shown, never pooled.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]
    label: str
    conditions: tuple[str, ...] = ()
    outcome: str
    measure: Measure
    also: tuple[Measure, ...] = ()
    kind: Literal["change", "final", "events"]
    better: Better
    time_order: tuple[Window, ...] = ()
    dose_classes: tuple[DoseClass, ...] = ("LDN",)
    most_mg: float | None = None
    comparator: Literal["placebo", "active"] = "placebo"
    mids: dict[Measure, Smallest] = Field(default_factory=dict)
    shown_alone: tuple[str, ...] = ()
    include_sensitivity: bool = False
    fixed_on: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    why: Annotated[str, Field(min_length=10)]

    @model_validator(mode="after")
    def _events_by_their_measures(self) -> Question:
        if (self.kind == "events") != (self.measure in OF_EVENTS):
            raise ValueError(f"{self.measure} does not measure {self.kind}")
        return self

    @property
    def mid(self) -> Smallest | None:
        """Smallest difference that matters, for the question's own measure."""
        return self.mids.get(self.measure)

    def by(self, measure: Measure) -> Question:
        """The same question on another of its measures.

        Raises
        ------
        InvalidInput
            If means were asked of events, or the other way round.

        Examples
        --------
        >>> question("fibromyalgia.pain").by("MD").measure
        'MD'
        """
        if measure == self.measure:
            return self
        if (measure in OF_EVENTS) != (self.measure in OF_EVENTS) or measure == "generic":
            offered = "RR, OR or RD" if self.measure in OF_EVENTS else "MD or SMD"
            raise InvalidInput(f"{self.id} has no {measure}", remedy=f"choose {offered}")
        return self.model_copy(update={"measure": measure})

    def plain(self) -> dict[str, Any]:
        """As plain values, ``mid`` beside ``mids``.

        Examples
        --------
        >>> question("fibromyalgia.pain").plain()["measure"]
        'SMD'
        """
        return {**self.model_dump(mode="json"), "mid": self.mid.model_dump(mode="json") if self.mid else None}


def parse(text: str, where: str = "questions.yaml") -> Mapping[str, Question]:
    r"""Read questions, keeping their order.

    Raises
    ------
    InvalidInput
        If a block breaks the schema, or an id comes twice.

    Examples
    --------
    >>> dict(parse("schema: lowdose.questions/1\nquestions: []"))
    {}
    """
    found: dict[str, Question] = {}
    try:
        for block in data(text)["questions"]:
            one = Question.model_validate(block)
            if one.id in found:
                raise InvalidInput(f"the question {one.id} comes twice", where=where, remedy="give it another id")
            found[one.id] = one
    except ValidationError as error:
        first = error.errors()[0]
        what = f"{'.'.join(map(str, first['loc'])) or 'the block'}: {first['msg']}"
        raise InvalidInput(f"a question is not valid: {what}", where=where, remedy="see questions.yaml") from error
    except (TypeError, KeyError, yaml.YAMLError) as error:
        raise InvalidInput(
            f"this is no list of questions: {error}", where=where, remedy="see questions.yaml"
        ) from error
    return MappingProxyType(found)


@cache
def questions(path: Path | None = None) -> Mapping[str, Question]:
    """Every question by its id, in the order they were fixed; the package's own when no file is named.

    Examples
    --------
    >>> next(iter(questions()))
    'fibromyalgia.pain'
    """
    if path is None:
        return parse(files("lowdose.evidence").joinpath("data/questions.yaml").read_text(encoding="utf-8"))
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeError) as error:
        raise InvalidInput(f"questions cannot be read: {error}", where=str(path), remedy="give UTF-8 YAML") from error


def question(name: str) -> Question:
    """One question by its id.

    Raises
    ------
    NotFound
        If nothing has that id; near misses are named.

    Examples
    --------
    >>> question("crohn.remission").measure
    'RR'
    """
    known = questions()
    if name not in known:
        raise NotFound.among("question", name, known)
    return known[name]
