"""What trials found, as the mechanisms are asked to predict it: one standardised difference an outcome.

Effect sizes are the evidence room's own. A difference is in standard deviations and positive where the drug did better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput
from lowdose.evidence import registry
from lowdose.evidence.pools.contrasts import entry_of
from lowdose.evidence.pools.effects.sizes import effect_size
from lowdose.evidence.records.labels import label
from lowdose.evidence.records.registry import look_up
from lowdose.evidence.records.schema import Outcome, Study

Role = Literal["fitted", "held-out"]
Form = Literal["contrast", "paired-p", "two-arm-p", "unsigned-p", "no-difference"]
Known = Literal["measured", "size", "not significant"]
"""What of a difference is known: itself, its size without its direction, or only that it was not significant."""

_LOGISTIC_SD = math.pi / math.sqrt(3)
"""Of the logistic distribution: turns a log odds ratio into standard deviations (Hasselblad & Hedges 1995)."""


class Chosen(Block):
    """One outcome of a trial and what of the model it is held against."""

    outcome: str
    quantity: str
    form: Form
    pool: str = ""
    p: str = "effect.p"


class ControlChosen(Block):
    """The control arm's own change: ``percent`` as published, or from the ``levels`` before and after."""

    outcome: str
    weeks: float
    form: Literal["percent", "levels"]
    reason: str = ""


class TrialChosen(Block):
    """One trial; ``people`` are those of the drug arm and of the control arm (the same ones twice in a crossover)."""

    study: str
    role: Role
    dosing: str
    weeks: float
    people: tuple[int, int]
    reason: str
    outcomes: tuple[Chosen, ...]
    control: ControlChosen | None = None

    @property
    def regimen(self) -> str:
        """In the regimen language, up to the week of the outcome."""
        return self.dosing.format(weeks=f"{self.weeks:g}", rest=f"{self.weeks - 4:g}")


class Assumption(Block):
    """A number that no trial gives."""

    value: float
    unit: str
    provenance: Literal["found", "derived", "recalled", "assumed"]
    grade: Literal["high", "medium", "low"]
    source: str


class Quantity(Block):
    """A quantity of the model that stands for endpoints."""

    better: Literal["lower", "higher"]
    stands_for: str


class LeftOut(Block):
    """A trial that is not used."""

    study: str
    reason: str


class Choice(Block):
    """The whole file."""

    schema_: Literal["lowdose.mechanism-outcomes/1"] = Field(alias="schema")
    fitted_until: int
    quantities: dict[str, Quantity]
    assumptions: dict[str, Assumption]
    trials: tuple[TrialChosen, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Difference:
    """Drug against control in one outcome.

    Attributes
    ----------
    value : float
        Standard deviations, positive where the drug did better; its size alone where only that is known; 0 where it
        is only known that it was not significant.
    standard_error : float
        Of the value, standard deviations.
    limit : float
        Largest difference that would not have been significant; used where only that is known.
    """

    outcome: str
    quantity: str
    known: Known
    value: float
    standard_error: float
    limit: float


@dataclass(frozen=True)
class Control:
    """Share of its first level that a control arm lost after some weeks."""

    weeks: float
    fall: float
    standard_error: float


@dataclass(frozen=True)
class Trial:
    """A trial as it is scored."""

    study: str
    label: str
    role: Role
    regimen: str
    dosing: str
    weeks: float
    differences: tuple[Difference, ...]
    control: Control | None
    reason: str


def text() -> str:
    """The file of what is chosen, as it is hashed."""
    return files("lowdose.calibrate.mechanisms").joinpath("outcomes.yaml").read_text(encoding="utf-8")


@cache
def choice() -> Choice:
    """Which outcomes are used, and which trials are not.

    Examples
    --------
    >>> choice().fitted_until
    2022
    """
    return Choice.model_validate(data(text()))


def assumption(name: str) -> float:
    """A number that no trial gives.

    Examples
    --------
    >>> assumption("correlation_of_outcomes")
    0.5
    """
    return choice().assumptions[name].value


@cache
def trials(role: Role | None = None) -> tuple[Trial, ...]:
    """Trials with their differences; all, or those of one role.

    Raises
    ------
    InvalidInput
        If a record no longer holds what the file names.

    Examples
    --------
    >>> [trial.label for trial in trials("held-out")][1]
    'Due Bruun 2024 (FINAL)'
    >>> round(trials("held-out")[1].differences[0].value, 2)
    0.23
    """
    return tuple(_trial(one) for one in choice().trials if role is None or one.role == role)


def _trial(chosen: TrialChosen) -> Trial:
    study = registry().study(chosen.study)
    return Trial(
        study=chosen.study,
        label=label(study),
        role=chosen.role,
        regimen=chosen.regimen,
        dosing=chosen.dosing,
        weeks=chosen.weeks,
        differences=tuple(_difference(study, chosen, one) for one in chosen.outcomes),
        control=_control(study, chosen, chosen.control) if chosen.control else None,
        reason=chosen.reason,
    )


def _outcome(study: Study, name: str) -> Outcome:
    for outcome in study.outcomes:
        if outcome.name == name:
            return outcome
    raise InvalidInput(f"{study.id} has no outcome {name!r}", where="outcomes.yaml", remedy="name one of its record")


def _difference(study: Study, chosen: TrialChosen, one: Chosen) -> Difference:
    outcome = _outcome(study, one.outcome)
    ways = {"contrast": _contrast, "no-difference": _not_significant}
    known, value, error = ways.get(one.form, _from_p)(study, outcome, chosen, one)
    return Difference(one.outcome, one.quantity, known, value, error, _critical() * error)


def _contrast(study: Study, outcome: Outcome, chosen: TrialChosen, one: Chosen) -> tuple[Known, float, float]:
    """As the evidence room pools it; an odds ratio in standard deviations of the logistic distribution."""
    for contrast in outcome.contrasts:
        if contrast.pool == one.pool and contrast.method:
            events = contrast.method == "events"
            correlation = assumption("correlation_of_periods")
            entry = entry_of(study, outcome, contrast, "OR" if events else "SMD", correlation=correlation)
            scale = (1 if outcome.better == "higher" else -1) / (_LOGISTIC_SD if events else 1.0)
            return "measured", entry.estimate * scale, entry.standard_error * abs(scale)
    raise InvalidInput(f"{study.id}, {outcome.name}: no contrast of {one.pool!r}", where="outcomes.yaml")


def _from_p(study: Study, outcome: Outcome, chosen: TrialChosen, one: Chosen) -> tuple[Known, float, float]:
    p = float(look_up(outcome, one.p))
    if one.form == "two-arm-p":
        from scipy import stats

        first, second = chosen.people
        size = float(stats.t.isf(p / 2, first + second - 2)) * math.sqrt(1 / first + 1 / second)
        return "size", size, _error(study, chosen, size)
    sign = 1 if one.form == "unsigned-p" or outcome.direction.startswith("favours_ldn") else -1
    if one.form == "paired-p" and not outcome.direction.startswith("favours_"):
        raise InvalidInput(f"{study.id}, {outcome.name}: no direction is given", where="outcomes.yaml")
    numbers = {"p": p, "n": float(chosen.people[0]), "sign": float(sign)}
    found = effect_size("paired_p", "SMD", numbers, correlation=assumption("correlation_of_periods"))
    return "size" if one.form == "unsigned-p" else "measured", found.estimate, math.sqrt(found.variance)


def _not_significant(study: Study, outcome: Outcome, chosen: TrialChosen, one: Chosen) -> tuple[Known, float, float]:
    return "not significant", 0.0, _error(study, chosen, 0.0)


def _error(study: Study, chosen: TrialChosen, size: float) -> float:
    """Standard error of a difference of this size in a trial with so many people."""
    first, second = (float(number) for number in chosen.people)
    if "crossover" in study.design:
        t = size * math.sqrt(first)
        correlation = assumption("correlation_of_periods")
        found = effect_size("paired_t", "SMD", {"t": t, "n": first, "sign": 1.0}, correlation=correlation)
    else:
        found = effect_size("published_smd", "SMD", {"d": size, "n1": first, "n2": second, "sign": 1.0})
    return math.sqrt(found.variance)


def _critical() -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(1 - assumption("significance") / 2)


def _control(study: Study, chosen: TrialChosen, control: ControlChosen) -> Control:
    arm = _outcome(study, control.outcome).arms["placebo"]
    people = chosen.people[1]
    if control.form == "percent":
        assert arm.mean_pct_change is not None
        spread = assumption("spread_of_percent_change")
        return Control(control.weeks, -arm.mean_pct_change / 100, spread / math.sqrt(people))
    assert isinstance(arm.baseline, tuple)
    assert isinstance(arm.end, tuple)
    (before, spread_before), (after, spread_after) = arm.baseline, arm.end
    # Spread of the change of people who were measured twice, the two times correlated like two periods.
    between = 2 * assumption("correlation_of_periods") * spread_before * spread_after
    spread = math.sqrt(spread_before**2 + spread_after**2 - between)
    return Control(control.weeks, 1 - after / before, spread / before / math.sqrt(people))
