"""Published ways of starting low-dose naltrexone, as their sources have them; what is not said stays unknown."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound

Standing = Literal["plan", "specialist", "shown"]
TimeOfDay = Literal["bedtime", "morning"]
_VALUES = ("start", "step", "interval", "ceiling")


class Source(Block):
    """Where a scheme was read; ``url`` is empty for an article that has none."""

    title: str
    url: str


class Quantity(Block):
    """A number of a scheme as its source has it: one value, a range, not known, or none of that kind.

    Examples
    --------
    >>> interval = Quantity.model_validate({"from": "7", "to": "14"})
    >>> interval.is_range, interval.words("days")
    (True, '7 to 14 days')
    >>> Quantity(unknown="the copy breaks off").words("mg")
    'not known: the copy breaks off'
    """

    is_: Decimal | None = Field(default=None, alias="is")
    from_: Decimal | None = Field(default=None, alias="from")
    to: Decimal | None = None
    unknown: str = ""
    none: str = ""

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="after")
    def _one_kind(self) -> Quantity:
        kinds = (self.is_ is not None, self.from_ is not None, bool(self.unknown), bool(self.none))
        if sum(kinds) != 1 or (self.from_ is None) != (self.to is None):
            raise ValueError("a quantity is one of: is, from and to, unknown, none")
        return self

    @property
    def low(self) -> Decimal | None:
        """The least the source allows; None where there is no number."""
        return self.is_ if self.is_ is not None else self.from_

    @property
    def high(self) -> Decimal | None:
        """The most the source allows; None where there is no number."""
        return self.is_ if self.is_ is not None else self.to

    @property
    def is_range(self) -> bool:
        """Whether the source leaves a choice."""
        return self.from_ is not None

    def words(self, unit: str) -> str:
        """As people read it."""
        if self.unknown:
            return f"not known: {self.unknown}"
        if self.none:
            return f"none: {self.none}"
        return f"{self.low} to {self.high} {unit}" if self.is_range else f"{self.low} {unit}"


class Scheme(Block):
    """Start, step, interval and ceiling; ``per_kg_mg`` where the dose follows from the body's weight."""

    start_mg: Quantity
    step_mg: Quantity
    interval_days: Quantity
    ceiling_mg: Quantity
    per_kg_mg: Quantity | None = None

    @property
    def is_stepped(self) -> bool:
        """Whether the dose is raised in steps."""
        return not self.step_mg.none


class Timing(Block):
    """When a dose is taken; ``unknown`` says why the source gives no hour."""

    words: str = ""
    time: TimeOfDay | None = None
    unknown: str = ""


class Formulation(Block):
    """In what form; ``unknown`` says why the source names none."""

    words: str = ""
    form: Literal["capsule", "solution"] | None = None
    capsule_from_years: int | None = None
    capsule_from_kg: Decimal | None = None
    unknown: str = ""


class Protocol(Block):
    """One way of starting, as its source has it; ``refused`` says why a scheme is shown and gives no plan."""

    id: str
    names: tuple[str, ...] = ()
    indication: str
    standing: Standing
    refused: str = ""
    sources: tuple[str, ...]
    provenance: Literal["found", "derived", "recalled", "assumed"]
    schemes: dict[str, Scheme]
    length_weeks: Quantity
    timing: Timing
    formulation: Formulation
    ages: tuple[int, int] | None = None
    note: str = ""

    @property
    def is_plannable(self) -> bool:
        """Whether it can become a plan."""
        return self.standing != "shown"

    @property
    def cited(self) -> tuple[Source, ...]:
        """Its sources, with title and address."""
        return tuple(library().sources[name] for name in self.sources)

    @property
    def not_known(self) -> tuple[str, ...]:
        """What its source does not say, each with the reason.

        Examples
        --------
        >>> protocol("SENS-0.5").not_known[0]
        'ceiling: the source says: the highest dose tolerated'
        """
        said: list[tuple[str, Quantity | Timing | Formulation]] = []
        for name, scheme in self.schemes.items():
            prefix = f"{name}, " if len(self.schemes) > 1 else ""
            parts = (scheme.start_mg, scheme.step_mg, scheme.interval_days, scheme.ceiling_mg)
            said += [(f"{prefix}{what}", part) for what, part in zip(_VALUES, parts, strict=True)]
        said += [("time of day", self.timing), ("form", self.formulation), ("length", self.length_weeks)]
        return tuple(f"{what}: {part.unknown}" for what, part in said if part.unknown)

    def scheme(self, name: str | None = None) -> tuple[str, Scheme]:
        """The scheme of that name, or the first.

        Raises
        ------
        NotFound
            If it has none of that name.
        """
        if name is None:
            return next(iter(self.schemes.items()))
        if name not in self.schemes:
            raise NotFound.among(f"scheme of {self.id}", name, self.schemes)
        return name, self.schemes[name]


class UsualTiming(Block):
    """When doses are usually taken, for protocols that name no hour."""

    usual: TimeOfDay
    words: str
    source: str
    provenance: Literal["found", "derived", "recalled", "assumed"]


class Library(Block):
    """The file of protocols."""

    schema_: Literal["lowdose.protocols/1"] = Field(alias="schema")
    timing: UsualTiming
    sources: dict[str, Source]
    protocols: tuple[Protocol, ...]


@cache
def library() -> Library:
    """All that the file holds.

    Examples
    --------
    >>> len(library().protocols)
    16
    """
    return Library.model_validate(data(files("lowdose.plan").joinpath("protocols.yaml").read_text("utf-8")))


def protocols() -> tuple[Protocol, ...]:
    """Every protocol, in the order of the file.

    Examples
    --------
    >>> [one.id for one in protocols() if not one.is_plannable]
    ['FINAL', 'BC', 'GRID', 'TAPER-VLD']
    """
    return library().protocols


def protocol(name: str) -> Protocol:
    """The protocol of that id or nickname, whatever its case.

    Raises
    ------
    NotFound
        If there is none; near misses are suggested, and for one of its schemes how to ask for that.

    Examples
    --------
    >>> protocol("standard").id
    'STD-1.5'
    """
    known = {spelling.casefold(): one for one in protocols() for spelling in (one.id, *one.names)}
    if name.casefold() not in known:
        raise _of_a_scheme(name) or NotFound.among("protocol", name, [one.id for one in protocols()])
    return known[name.casefold()]


def _of_a_scheme(name: str) -> NotFound | None:
    """The refusal of a name as the list of protocols shows it, which is that of a protocol with one of its schemes."""
    for one in protocols():
        for scheme in one.schemes:
            if name.casefold() == f"{one.id} ({scheme})".casefold():
                what = f"{name!r} is a protocol with one of its schemes"
                return NotFound(what, remedy=f"ask for each: --protocol {one.id} --scheme {scheme}")
    return None


class NotPlannable(InvalidInput):
    """A protocol that is shown and gives no plan, with the reason (exit code 5).

    Examples
    --------
    >>> NotPlannable("no plan is made").exit_code
    5
    """

    exit_code = 5


def require_plannable(protocol: Protocol) -> None:
    """Refuse a protocol that is shown and gives no plan.

    Raises
    ------
    NotPlannable
        If it is one, with the reason.

    Examples
    --------
    >>> require_plannable(protocol("BC"))
    Traceback (most recent call last):
    lowdose.plan.catalogue.NotPlannable: BC gives no plan: its steps are not known: the copy that was read breaks off
    ...
    """
    if not protocol.is_plannable:
        raise NotPlannable(
            f"{protocol.id} gives no plan: {protocol.refused}",
            where=", ".join(one.title for one in protocol.cited),
            remedy="choose a protocol whose scheme is known: lowdose plan list",
        )
