"""What a plan is made of: words, dates and exact numbers, all of them frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict

from lowdose.audit import Professional
from lowdose.plan.catalogue import TimeOfDay

Provenance = Literal["found", "derived", "recalled", "assumed"]
Origin = Literal["protocol", "prescriber", "cautious end", "adaptation", "usual"]
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
        ``start``, ``step``, ``interval``, ``ceiling``, ``time``, ``form``, ``weight``, ``dose per kg``.
    value : str
        The number or word, with its unit.
    origin : str
        The protocol's own value; the prescriber's choice inside the source's range; the cautious end of that range;
        an adaptation to the person; or the usual practice where the protocol says nothing (time of day only).
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
class Blockade:
    """Predicted share of µ receptors in the brain held over the day, once a dose is taken every day.

    Attributes
    ----------
    dose_mg : Decimal
    median : float
        The typical person, mean over the 24 h after a dose.
    low, high : float
        5th and 95th percentile of the persons drawn.
    lowest, highest : float
        Over all rival kinetics, bands included.
    kinetics : str
    people : int
    label : str
        Always said with it: predicted, not measured at this dose.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    dose_mg: Decimal
    median: float
    low: float
    high: float
    lowest: float
    highest: float
    kinetics: str
    people: int
    label: str


@dataclass(frozen=True)
class Check:
    """Something to look at, with its days; the first day of a window where the source gives one."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    what: str
    on: tuple[date, ...]
    when: str
    why: str
    rule: str
    sources: tuple[Source, ...]
    provenance: str


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


@dataclass(frozen=True)
class Approval:
    """Who approved which plan, and when; ``sha256`` is of all three, so that none can change alone."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    by: Professional
    at: datetime
    sha256: str

    @property
    def words(self) -> str:
        """As every document says it."""
        return f"approved by {self.by} on {self.at:%Y-%m-%d %H:%M} {self.at:%Z}".rstrip()


@dataclass(frozen=True)
class Covariates:
    """What of the person changes the predicted block: weight (kg), creatinine clearance (mL/min), Child–Pugh class."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    weight: float
    crcl: float | None
    child_pugh: Literal["A", "B", "C"] | None


@dataclass(frozen=True)
class Plan:
    """A protocol for one person, in dated steps; approved only while nothing in it has changed.

    Attributes
    ----------
    protocol, title, indication : str
    cited : tuple of Source
        The protocol's sources.
    patient, patient_digest : str
        A pseudonym, and the digest of the answers that were screened.
    made_on, start, review : date
        ``review`` ends the plan: no dose is planned after it.
    steps : tuple of Step
    form : str or None
        Capsule or solution where the source or the prescriber says so; None leaves it to the pharmacy.
    chosen, adaptations, checks, advice, side_effects, conflicts : tuple
    not_known : tuple of str
        What the protocol's source does not say.
    blockade : tuple of Blockade
        One a step; empty where nothing can be predicted, with the reason in ``blockade_note``.
    screen : mapping
        The document of the safety screen that let it pass.
    rule_set, reviewed, model_hash, version
        What it was made with; ``reviewed`` is whether a clinician has signed the rule set.
    note : str
        What else the protocol's source says, such as how long it was tried.
    covariates : Covariates or None
        Whose block was predicted; None for an average adult.
    approval : Approval or None
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    protocol: str
    scheme: str
    title: str
    indication: str
    cited: tuple[Source, ...]
    provenance: Provenance
    patient: str
    patient_digest: str
    made_on: date
    start: date
    review: date
    steps: tuple[Step, ...]
    form: Literal["capsule", "solution"] | None
    weight_kg: Decimal | None
    chosen: tuple[Chosen, ...]
    adaptations: tuple[Adaptation, ...]
    checks: tuple[Check, ...]
    advice: tuple[Advice, ...]
    side_effects: tuple[SideEffect, ...]
    conflicts: tuple[Conflict, ...]
    not_known: tuple[str, ...]
    blockade: tuple[Blockade, ...]
    blockade_note: str
    screen: Mapping[str, Any]
    rule_set: str
    reviewed: bool
    model_hash: str
    version: str
    note: str = ""
    covariates: Covariates | None = None
    approval: Approval | None = None

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON of all but the approval."""
        from lowdose.plan.documents import digest

        return digest(self)

    @property
    def is_approved(self) -> bool:
        """Whether a named professional approved exactly this plan."""
        from lowdose.plan.documents import seal

        found = self.approval
        return found is not None and found.sha256 == seal(self, found.by, found.at)

    @property
    def standing(self) -> str:
        """What every page says: who approved it and when, or that nobody did."""
        return self.approval.words if self.approval and self.is_approved else "DRAFT – NOT APPROVED"

    @property
    def target_mg(self) -> Decimal:
        """The dose of the last step."""
        return self.steps[-1].dose_mg

    @property
    def target_from(self) -> date:
        """The first day of the last step."""
        return self.steps[-1].first

    def days_of(self, step: Step) -> int:
        """Days a step is taken: the last runs until the day before the review."""
        return step.days if step.days is not None else (self.review - step.first).days

    def facts(self) -> Mapping[str, object]:
        """The plan as the safety rules read it (``plan.*``)."""
        from lowdose.plan.scheme import facts

        return facts([step.dose_mg for step in self.steps], [step.days for step in self.steps if step.days],
                     per_day=max(step.per_day for step in self.steps), time_of_day=self.steps[-1].time_of_day,
                     weight_kg=self.weight_kg)  # fmt: skip

    def document(self) -> dict[str, Any]:
        """The JSON form, schema ``lowdose.plan/1``; `read_plan` reads it back as the same plan."""
        from lowdose.plan.documents import document

        return document(self)


def _share(events: int, total: int, low: float, high: float) -> str:
    return f"{100 * events / total:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"
