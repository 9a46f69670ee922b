"""What each mechanism says of each outcome: how far the quantity moves from where it is without drug, as a share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache as keep

import numpy as np

from lowdose import cache, engine
from lowdose.calibrate.mechanisms.outcomes import Trial, choice
from lowdose.calibrate.problem import Array
from lowdose.model import all_outputs, assemble, hypotheses, hypothesis, mechanism_names, routes
from lowdose.people import Person, rows
from lowdose.regimen import Regimen
from lowdose.results.grid import spans_after

Progress = Callable[[int, int], None]
PLACEBO_ONLY = "placebo-only"
_WEEK = 168.0
_LAST_DAY = np.linspace(-24.0, 0.0, 13)
"""Hours before the end of a week at which its last day is looked at; symptoms turn over in a week."""
_RELATIVE, _ABSOLUTE = 1e-7, 1e-10

_SHARED = {"vivid_dreams_max": 0.0}
"""The same for every rival: dreams are no mechanism, and a trial that set their number is among those learned from."""


@keep
def model(name: str) -> engine.CompiledModel:
    """The compiled model of a hypothesis.

    Examples
    --------
    >>> "low_mood" in model("effect-site+placebo-only").variables
    True
    """
    return engine.compile(assemble(name), cache=cache.folder())


def mechanisms(kinetics: str) -> tuple[str, ...]:
    """Mechanisms that go with a kinetics, placebo-only first.

    Examples
    --------
    >>> mechanisms("imposed")
    ('placebo-only', 'rebound', 'partial-block', 'ogf')
    """
    hypothesis(kinetics)
    found = [one.mechanism.name for one in hypotheses() if one.mechanism and one.kinetics.name == kinetics]
    return tuple(sorted(found, key=mechanism_names().index))


def improvements(
    trials: Sequence[Trial], kinetics: str, progress: Progress | None = None
) -> Mapping[str, tuple[Array, ...]]:
    """Mechanism -> for each trial the predicted improvement of each of its outcomes, shape (outcomes,).

    An improvement is a share of the untreated level, positive where the person does better, of the typical person,
    as the mean of the day at the end of the week of the outcome. Placebo-only says 0 by definition.

    Raises
    ------
    NotFound
        If there is no such kinetics.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms.outcomes import trials
    >>> last = [one for one in trials("fitted") if one.study == "mischoulon2017_mdd"]
    >>> improvements(last, "effect-site")["partial-block"][0].round(2).tolist()
    [0.05]
    """
    names = mechanisms(kinetics)
    found: dict[str, tuple[Array, ...]] = {}
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names))
        found[name] = tuple(_nothing(trials) if name == PLACEBO_ONLY else _of(tuple(trials), f"{kinetics}+{name}"))
    if progress is not None:
        progress(len(names), len(names))
    return found


def _nothing(trials: Sequence[Trial]) -> list[Array]:
    return [np.zeros(len(trial.differences)) for trial in trials]


@keep
def _of(trials: tuple[Trial, ...], name: str) -> list[Array]:
    compiled, regimens = model(name), [Regimen.parse(trial.regimen) for trial in trials]
    # A mechanism without the module that makes a quantity leaves it where it is in an untreated person.
    moved = {one.quantity for trial in trials for one in trial.differences} & set(compiled.variables)
    weeks = sorted({trial.weeks for trial in trials})
    times = np.concatenate([[0.0], *(week * _WEEK + _LAST_DAY for week in weeks)])
    typical = rows(Person(), overrides={**hypothesis(name).overrides, **_SHARED})
    parameters = {
        symbol: np.full(len(trials), typical[symbol][0]) for symbol in compiled.parameters if symbol in typical
    }
    parameters["clock_start"] = np.array([regimen.clock_start for regimen in regimens])
    events = [records(regimen, name, {s: float(v[0]) for s, v in typical.items()}) for regimen in regimens]
    solved = engine.solve(compiled, parameters, events, sorted(moved), times, rtol=_RELATIVE, atol=_ABSOLUTE)
    span = len(_LAST_DAY)
    found = []
    for row, trial in enumerate(trials):
        first = 1 + weeks.index(trial.weeks) * span
        day = {name: course[row, first : first + span] for name, course in solved.values.items()}
        found.append(np.array([_improvement(one.quantity, day) for one in trial.differences]))
    return found


def _improvement(quantity: str, day: Mapping[str, Array]) -> float:
    if quantity not in day:
        return 0.0
    rest = all_outputs()[quantity].rest
    assert rest is not None
    level = float(np.trapezoid(day[quantity], _LAST_DAY) / (_LAST_DAY[-1] - _LAST_DAY[0]))
    return (level - rest) / rest * (1.0 if choice().quantities[quantity].better == "higher" else -1.0)


def records(regimen: Regimen, name: str, typical: Mapping[str, float]) -> list[engine.Dose | engine.Change]:
    """Engine records of a regimen: its doses, and what an imposed block switches at each of them.

    Examples
    --------
    >>> len(records(Regimen.parse("3 mg nightly for 2 days"), "effect-site+ogf", {}))
    2
    """
    found: list[engine.Dose | engine.Change] = [
        engine.Dose(dose.hours, dose.amount_mg, route.state, bioavailability=route.bioavailability or 1.0)
        for dose in regimen.doses
        for route in (routes()[dose.form.route],)
    ]
    switch = hypothesis(name).kinetics.on_dose
    if switch is not None:
        for begin, end in spans_after([dose.hours for dose in regimen.doses], typical[switch.hours]):
            found.append(engine.Change(begin, switch.parameter, typical[switch.size]))
            found.append(engine.Change(end, switch.parameter, 0.0))
    return found
