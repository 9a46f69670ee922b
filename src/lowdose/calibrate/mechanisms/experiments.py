"""Experiments that would tell mechanisms apart: what they predict differently, over what is not known about it.

A predicted difference between two mechanisms is that of the drug's effect on a measurement, as a share of the
untreated level (for vivid dreams: of people). Its uncertainty is what is not known about the parameters, how strongly
each mechanism acts, and how much the measurement differs between so many people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache as keep
from importlib.resources import files
from itertools import combinations
from typing import Any, Literal

import numpy as np
from pydantic import Field

from lowdose import engine
from lowdose.blocks import Block, data
from lowdose.calibrate.mechanisms.predictions import Progress, mechanisms, model, records
from lowdose.calibrate.problem import Array
from lowdose.errors import InvalidInput, NotFound
from lowdose.model import all_outputs, hypothesis
from lowdose.people import Person, Rows, rows
from lowdose.regimen import Regimen

_WEEK = 168.0
_LAST_DAY = np.linspace(-24.0, 0.0, 13)
_RELATIVE, _ABSOLUTE = 1e-6, 1e-9
_LOW_MG = 5.0
_NINETY = 1.6449
"""Standard deviations from the middle to the end of a 90 % range."""


class Number(Block):
    """A number and where it comes from."""

    value: float
    provenance: Literal["found", "derived", "recalled", "assumed"]
    grade: Literal["high", "medium", "low"]
    source: str


class Design(Block):
    """What is given, and what with it is compared: placebo, or the same people after it was stopped."""

    regimen: str
    words: str
    compare: Literal["placebo", "within"]
    at_weeks: tuple[float, ...]

    @property
    def highest_mg(self) -> float:
        """Largest dose of it."""
        return max(dose.amount_mg for dose in Regimen.parse(self.regimen).doses)


class Measurement(Block):
    """What is measured, and how much its change differs between people, as a share of the untreated level."""

    how: str
    of_mechanism: bool = True
    spread: float
    provenance: Literal["found", "derived", "recalled", "assumed"]
    grade: Literal["high", "medium", "low"]
    source: str


class Candidates(Block):
    """The whole file."""

    schema_: Literal["lowdose.experiments/1"] = Field(alias="schema")
    people_an_arm: int
    size_factor: Number
    designs: dict[str, Design]
    measurements: dict[str, Measurement]


@dataclass(frozen=True)
class Experiment:
    """One measurement in one design, for one pair of mechanisms.

    Attributes
    ----------
    effects : tuple of float
        Predicted effect of the drug under each of the two: share of the untreated level, or of people.
    difference, unknown, noise : float
        Of the two effects; standard deviation of that over what is not known; and over samples of so many people.
    """

    measurement: str
    design: str
    pair: tuple[str, str]
    effects: tuple[float, float]
    difference: float
    unknown: float
    noise: float

    @property
    def uncertainty(self) -> float:
        """Standard deviation of the difference from both causes."""
        return math.hypot(self.unknown, self.noise)

    @property
    def ratio(self) -> float:
        """Size over uncertainty: 2 or more would tell the two apart."""
        return abs(self.difference) / self.uncertainty

    @property
    def sentence(self) -> str:
        """What each of the two says, in the middle of what is not known.

        Examples
        --------
        >>> Experiment("TNF", "nightly-4.5", ("rebound", "tlr4"), (0.2, 0.0), 0.2, 0.1, 0.1).sentence
        'TNF-α in blood, 4.5 mg nightly for 8 weeks, against placebo: rebound says +20 %, tlr4 no change.'
        """
        found = candidates()
        of_people = not found.measurements[self.measurement].of_mechanism
        first, second = (_words(effect, of_people) for effect in self.effects)
        what = f"{found.measurements[self.measurement].how}, {found.designs[self.design].words}"
        return f"{what}: {self.pair[0]} says {first}, {self.pair[1]} {second}."


@keep
def candidates() -> Candidates:
    """Measurements and designs that are considered.

    Examples
    --------
    >>> sorted(candidates().designs)[0]
    'daily-50'
    """
    text = files("lowdose.calibrate.mechanisms").joinpath("experiments.yaml").read_text(encoding="utf-8")
    return Candidates.model_validate(data(text))


def experiments(
    kinetics: str = "effect-site",
    *,
    draws: int = 48,
    people: int | None = None,
    seed: int = 1,
    between: Sequence[str] = (),
    progress: Progress | None = None,
) -> tuple[Experiment, ...]:
    """Every measurement, design and pair of mechanisms, the most telling first.

    Parameters
    ----------
    kinetics : str
        How receptors are filled.
    draws : int
        Of what is not known about the parameters; the same for every mechanism.
    people : int, optional
        In each arm; 30 when left out.
    seed : int
        Of the draws.
    between : sequence of str
        Mechanisms to compare; all that go with the kinetics when empty.
    progress : callable, optional
        Called with (mechanisms done, mechanisms in all).

    Raises
    ------
    NotFound
        If there is no such kinetics or mechanism.
    InvalidInput
        If there are too few draws or people to have a spread.

    Examples
    --------
    >>> found = experiments(draws=4, between=("placebo-only", "partial-block"))
    >>> found[0].ratio >= found[-1].ratio
    True
    """
    names = mechanisms(kinetics)
    for name in between:
        if name not in names:
            raise NotFound.among("mechanism", name, names)
    known, people = candidates(), candidates().people_an_arm if people is None else people
    if draws < 2 or people < 2:
        raise InvalidInput(f"{draws} draws and {people} people", where="experiments", remedy="give 2 or more of each")
    chosen = [name for name in names if not between or name in between]
    effects: dict[str, Mapping[tuple[str, str], Array]] = {}
    for done, name in enumerate(chosen):
        if progress is not None:
            progress(done, len(chosen))
        effects[name] = _effects(f"{kinetics}+{name}", draws, seed, names.index(name))
    found = [
        _compared(measurement, design, pair, effects, people)
        for pair in combinations(chosen, 2)
        for design in known.designs
        for measurement in known.measurements
    ]
    if progress is not None:
        progress(len(chosen), len(chosen))
    return tuple(sorted(found, key=lambda one: -one.ratio))


def experiments_document(
    found: Sequence[Experiment], *, kinetics: str = "effect-site", people: int | None = None, seed: int = 1
) -> dict[str, Any]:
    """The ranking for machines, with what it rests on; the arguments are those it was made with.

    Examples
    --------
    >>> experiments_document(())["experiments"]
    []
    """
    known = candidates()
    return {
        "kinetics": kinetics,
        "seed": seed,
        "people_an_arm": known.people_an_arm if people is None else people,
        "models": {name: model(f"{kinetics}+{name}").hash for name in mechanisms(kinetics)},
        "size_factor": known.size_factor.model_dump(),
        "designs": {name: one.model_dump() for name, one in known.designs.items()},
        "measurements": {name: one.model_dump() for name, one in known.measurements.items()},
        "predicts": {name: _predicts(name) for name in mechanisms(kinetics)},
        "experiments": [
            {
                "measurement": one.measurement,
                "design": one.design,
                "pair": list(one.pair),
                "effects": list(one.effects),
                "difference": one.difference,
                "unknown": one.unknown,
                "noise": one.noise,
                "ratio": one.ratio,
                "sentence": one.sentence,
            }
            for one in found
        ],
    }


def best_for_pairs(found: Sequence[Experiment], *, low_dose: bool = False) -> dict[tuple[str, str], Experiment]:
    """The most telling experiment of each pair, among measurements that a mechanism moves.

    ``low_dose`` leaves out designs with a dose above 5 mg.

    Examples
    --------
    >>> best_for_pairs(())
    {}
    """
    best: dict[tuple[str, str], Experiment] = {}
    for one in found:
        telling = candidates().measurements[one.measurement].of_mechanism
        telling = telling and not (low_dose and candidates().designs[one.design].highest_mg > _LOW_MG)
        if telling and (one.pair not in best or one.ratio > best[one.pair].ratio):
            best[one.pair] = one
    return best


def _effects(name: str, draws: int, seed: int, number: int) -> Mapping[tuple[str, str], Array]:
    """(measurement, design) -> effect of the drug in each draw, as a share of the untreated level."""
    known, compiled = candidates(), model(name)
    drawn = rows(Person(), range(draws), seed, "knowledge", overrides=hypothesis(name).overrides)
    scale = math.log(known.size_factor.value) / _NINETY
    strength = np.exp(scale * _scores(draws, seed, number))
    wanted = sorted(set(known.measurements) & set(compiled.variables))
    found: dict[tuple[str, str], Array] = {}
    for design_name, design in known.designs.items():
        treated, rest = _levels(design, name, drawn, wanted, draws)
        for measurement, what in known.measurements.items():
            effect = np.zeros(draws)
            if measurement in wanted:
                # Nobody has the drug's vivid dreams without it: their effect is a share of people, not of a level.
                level = rest[measurement] if what.of_mechanism else np.ones((draws, 1))
                change = (treated[measurement] - rest[measurement]) / level
                effect = change[:, 0] - (change[:, 1] if design.compare == "within" else 0.0)
            moves = what.of_mechanism and all_outputs()[measurement].module is not None
            found[measurement, design_name] = effect * (strength if moves else 1.0)
    return found


def _scores(draws: int, seed: int, number: int) -> Array:
    """Evenly spread over the standard normal, in an order of their own: few draws, and no luck in their spread."""
    from scipy.stats import norm

    even = norm.ppf((np.arange(draws) + 0.5) / draws)
    return np.asarray(np.random.default_rng([seed, number]).permutation(even))


def _levels(
    design: Design, name: str, drawn: Rows, wanted: list[str], draws: int
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Level of each quantity at the design's weeks, shape (draws, weeks), and without drug, shape (draws, 1)."""
    compiled, regimen = model(name), Regimen.parse(design.regimen)
    parameters = {symbol: drawn[symbol] for symbol in compiled.parameters if symbol in drawn}
    parameters["clock_start"] = np.full(draws, regimen.clock_start)
    if hypothesis(name).kinetics.on_dose is None:
        events = [tuple(records(regimen, name, {}))] * draws  # one tuple, which the engine reads once
    else:
        events = [tuple(records(regimen, name, {s: float(v[i]) for s, v in drawn.items()})) for i in range(draws)]
    times = np.concatenate([[0.0], *(week * _WEEK + _LAST_DAY for week in design.at_weeks)])
    treated = engine.solve(compiled, parameters, events, wanted, times, rtol=_RELATIVE, atol=_ABSOLUTE)
    # An untreated person is steady but for the rhythm of a day: the first day is like any other.
    first_day = np.concatenate([[0.0], 24.0 + _LAST_DAY[1:]])
    rest = engine.solve(compiled, parameters, [()] * draws, wanted, first_day, rtol=_RELATIVE, atol=_ABSOLUTE)
    return _means(treated, skip=1), _means(rest, skip=0)


def _means(solved: engine.Solution, skip: int) -> dict[str, Array]:
    """Name -> mean of each day after the first ``skip`` times, shape (draws, days)."""
    span = len(_LAST_DAY)
    hours = _LAST_DAY[-1] - _LAST_DAY[0]
    return {
        name: np.stack(
            [
                np.trapezoid(course[:, first : first + span], _LAST_DAY, axis=1) / hours
                for first in range(skip, course.shape[1], span)
            ],
            axis=1,
        )
        for name, course in solved.values.items()
    }


def _compared(
    measurement: str,
    design: str,
    pair: tuple[str, str],
    effects: Mapping[str, Mapping[tuple[str, str], Array]],
    people: int,
) -> Experiment:
    known = candidates()
    first, second = (effects[name][measurement, design] for name in pair)
    # Two arms differ by chance twice as much as one; within people two looks correlated by a half as much as one.
    arms = 2.0 if known.designs[design].compare == "placebo" else 1.0
    return Experiment(
        measurement=measurement,
        design=design,
        pair=pair,
        effects=(float(np.median(first)), float(np.median(second))),
        difference=float(np.median(first - second)),
        unknown=float((first - second).std(ddof=1)),
        noise=known.measurements[measurement].spread * math.sqrt(arms / people),
    )


def _words(effect: float, of_people: bool) -> str:
    if abs(effect) < 0.005:
        return "no change"
    return f"{'+' if effect > 0 else '−'}{100 * abs(effect):.0f} {'of 100 people' if of_people else '%'}"


def _predicts(name: str) -> str:
    mechanism = hypothesis(name).mechanism
    assert mechanism is not None
    return mechanism.predicts
