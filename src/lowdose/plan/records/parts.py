"""The parts of a plan: words, dates and exact numbers, all of them frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import ConfigDict

from lowdose.plan.catalogue import TimeOfDay

Provenance = Literal["found", "derived", "recalled", "assumed"]
Origin = Literal["protocol", "prescriber", "cautious end", "adaptation", "usual", "our choice"]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Source:
    """Where something was read; ``url`` is empty where there is none."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    title: str
    url: str


@dataclass(frozen=True)
class Chosen:
    """One value of the scheme and where it comes from.

    Attributes
    ----------
    what : str
        ``start``, ``step``, ``interval``, ``ceiling``, ``time``, ``form``, ``weight``, ``dose per kg``, ``review``.
    value : str
        The number or word, with its unit.
    origin : str
        The protocol's own value; the prescriber's choice inside the source's range; the cautious end of that range;
        an adaptation to the person; or, where the protocol says nothing, the usual practice (time of day only) and our
        choice by a rule (review only).
    because : str
        The protocol, the person who chose, or the rule.
    source : str
        The source's own words for what it allows.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    what: str
    value: str
    origin: Origin
    because: str
    source: str


@dataclass(frozen=True)
class Adaptation:
    """How a rule restricts the scheme for this person; ``kept`` says what the scheme does about it.

    An adaptation only ever restricts. ``is_advice`` marks a rule that informs and was not enforced.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    rule: str
    title: str
    asks: str
    kept: str
    is_advice: bool
    sources: tuple[Source, ...]
    provenance: str


@dataclass(frozen=True)
class Step:
    """One dose for a while; ``days`` is None for the last, which runs until the review."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    number: int
    first: date
    days: int | None
    dose_mg: Decimal
    per_day: int
    time_of_day: TimeOfDay

    @property
    def last(self) -> date | None:
        """The last day of the step; None while it is open."""
        return None if self.days is None else self.first + timedelta(days=self.days - 1)


@dataclass(frozen=True)
class Check:
    """Something to look at, with its days; the first day of a window where the source gives one.

    ``what`` and ``why`` are for the clinician, ``patient`` is what it is called to the person.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    what: str
    on: tuple[date, ...]
    when: str
    why: str
    rule: str
    sources: tuple[Source, ...]
    provenance: str
    patient: str


@dataclass(frozen=True)
class Advice:
    """What to do if something happens: hold, step down, sleep, missed dose, stop, counselling."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    kind: Literal["hold", "step down", "sleep", "missed", "stop", "counselling"]
    rule: str
    title: str
    clinician: str
    patient: str
    sources: tuple[Source, ...]
    provenance: str


@dataclass(frozen=True)
class Side:
    """What one side of a disagreement says."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    says: str
    sources: tuple[Source, ...]

    @property
    def source(self) -> Source:
        """All of them in one line."""
        return Source("; ".join(one.title for one in self.sources), self.sources[0].url)


@dataclass(frozen=True)
class Conflict:
    """A disagreement between sources, with every side and what is done here."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    about: str
    question: str
    sides: tuple[Side, ...]
    here: str


@dataclass(frozen=True)
class Rate:
    """How often, in one study: people with it of people looked at, with Wilson's interval; shares of 1."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    study: str
    dose: str
    events: int
    total: int
    low: float
    high: float
    compared_events: int | None
    compared_total: int | None
    compared_low: float | None
    compared_high: float | None
    controlled: bool
    recalled: bool
    note: str

    @property
    def words(self) -> str:
        """As people read it.

        Examples
        --------
        >>> Rate("Younger 2013", "4.5 mg", 10, 28, 0.207, 0.542, 4, 28, 0.057, 0.314, True, False, "").words
        '36 % (21 to 54 %) on naltrexone, 14 % (6 to 31 %) compared (Younger 2013, 4.5 mg, 28 and 28 people)'
        """
        said = f"{_share(self.events, self.total, self.low, self.high)} on naltrexone"
        people = f"{self.total} people, nobody compared with"
        if self.compared_total and self.compared_events is not None:
            low, high = self.compared_low or 0.0, self.compared_high or 0.0
            said += f", {_share(self.compared_events, self.compared_total, low, high)} compared"
            people = f"{self.total} and {self.compared_total} people"
        mark = "; recalled, not yet confirmed" if self.recalled else ""
        return f"{said} ({self.study}, {self.dose}, {people}{mark})"


@dataclass(frozen=True)
class SideEffect:
    """What to do about a side effect, with its rate in studies of low doses, or that none was found."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: str
    do: str
    patient: str
    rules: tuple[str, ...]
    rates: tuple[Rate, ...]
    not_known: str
    sources: tuple[Source, ...]
    provenance: str


def _share(events: int, total: int, low: float, high: float) -> str:
    return f"{100 * events / total:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"
