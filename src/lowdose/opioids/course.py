"""The course of naltrexone, an opioid and naloxone together, for a typical person and for many, under one kinetics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lowdose import cache, engine
from lowdose.errors import InvalidInput, LowdoseError
from lowdose.model import Hypothesis, Parameter, assemble, hypothesis, is_below_oral_studies, routes
from lowdose.opioids.dose import OpioidDose
from lowdose.people import Person, Spread, rows, standard_normal
from lowdose.regimen import Regimen
from lowdose.results.grid import spans_after

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
Record = engine.Dose | engine.Reset | engine.Change

LETS_GO_OVER_DAYS = frozenset({"slow-binding"})
"""Kinetics under which a receptor that naltrexone holds is not shared out anew while an opioid lasts."""
MOST_PEOPLE = 5000
_TYPICAL, _PEOPLE = 1e-8, 1e-6
_ABSOLUTE = 1e-10


@dataclass(frozen=True)
class Setting:
    """Whose answer is wanted: the person's covariates, how many are drawn, what differs between them.

    Examples
    --------
    >>> Setting(people=20).rows
    21
    """

    person: Person = field(default_factory=Person)
    people: int = 0
    seed: int = 1
    spread: Spread = "people"
    cyp2d6: str = "normal"
    workers: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.people <= MOST_PEOPLE:
            raise InvalidInput(f"{self.people} people", where="people", remedy=f"give 0 to {MOST_PEOPLE}")

    @property
    def rows(self) -> int:
        """The typical person, and those who are drawn."""
        return 1 + self.people


@dataclass(frozen=True)
class Course:
    """What was solved: hours, and each output with one row a person, the typical one first."""

    time: Array
    values: Mapping[str, Array]
    model_hash: str

    def __getitem__(self, output: str) -> Array:
        return self.values[output]


def solve(
    kinetics: str,
    setting: Setting,
    outputs: Sequence[str],
    times: Array,
    *,
    naltrexone: Regimen | None = None,
    opioid: OpioidDose | None = None,
    opioid_at: Iterable[float] = (),
    records: Sequence[engine.Dose] = (),
    probe: Array | None = None,
    modules: tuple[str, ...] = (),
) -> Course:
    """Solve one kinetics for the typical person and everyone who is drawn.

    Parameters
    ----------
    kinetics : str
        One of ``lowdose.model.hypothesis_names()``.
    setting : Setting
        Whose answer.
    outputs, times
        What is kept, and at which hours (of the naltrexone schedule's own time).
    naltrexone : Regimen, optional
        None for someone who takes none.
    opioid : OpioidDose, optional
        Which opioid is taken.
    opioid_at : iterable of float
        The hours at which it is.
    records : sequence of doses, optional
        Further doses, e.g. of naloxone.
    probe : ndarray, shape (rows,), optional
        Brain concentration at which the effect left is read, nmol/L.
    modules : tuple of str
        Modules wanted when there is no opioid.

    Raises
    ------
    LowdoseError
        If somebody could not be solved: nobody is dropped in silence.

    Examples
    --------
    >>> found = solve("effect-site", Setting(), ["mu_occupancy_central"], np.array([0.0, 8.0]),
    ...               naltrexone=Regimen.parse("4.5 mg once"))
    >>> bool(0.4 < found["mu_occupancy_central"][0, 1] < 0.6)
    True
    """
    chosen = replace(hypothesis(kinetics), extra=opioid.opioid.modules if opioid else modules)
    model = engine.compile(assemble(chosen), cache=cache.folder())
    drawn = _rows(chosen, setting, naltrexone, opioid)
    drawn["clock_start"] = np.full(setting.rows, naltrexone.clock_start if naltrexone else 8.0)
    if probe is not None:
        drawn["agonist_probe"] = probe
    shared: list[Record] = [*_naltrexone(naltrexone), *(opioid.at(hour) for hour in opioid_at if opioid), *records]
    events: list[list[Record]] = [[*shared, *_switches(chosen, naltrexone, drawn, row)] for row in range(setting.rows)]
    amounts = [dose.amount_mg for dose in naltrexone.doses] if naltrexone else []
    solution = engine.solve(
        model,
        {symbol: drawn[symbol] for symbol in model.parameters if symbol in drawn},
        events,
        list(outputs),
        times,
        rtol=_PEOPLE if setting.people else _TYPICAL,
        atol=_ABSOLUTE * min(1.0, max(amounts, default=1.0)),
        workers=setting.workers,
    )
    if solution.details:
        first = next(iter(solution.details.items()))
        raise LowdoseError(
            f"{len(solution.details)} of {setting.rows} persons could not be solved: {first[1]}",
            where=f"kinetics {kinetics}, person {first[0]}",
            remedy="draw other people with another seed, or report it",
        )
    return Course(np.asarray(times, float), solution.values, model.hash)


def _naltrexone(regimen: Regimen | None) -> list[engine.Dose]:
    if regimen is None:
        return []
    return [
        engine.Dose(dose.hours, dose.amount_mg, route.state, bioavailability=route.bioavailability or 1.0)
        for dose in regimen.doses
        for route in (routes()[dose.form.route],)
    ]


def _switches(chosen: Hypothesis, regimen: Regimen | None, drawn: Mapping[str, Array], row: int) -> list[engine.Change]:
    """What an imposed block switches at each naltrexone dose."""
    switch = chosen.kinetics.on_dose
    if switch is None or regimen is None:
        return []
    size, hours = float(drawn[switch.size][row]), float(drawn[switch.hours][row])
    spans = spans_after([dose.hours for dose in regimen.doses], hours)
    return [
        engine.Change(hour, switch.parameter, value)
        for begin, end in spans
        for hour, value in ((begin, size), (end, 0.0))
    ]


def _rows(chosen: Hypothesis, setting: Setting, regimen: Regimen | None, opioid: OpioidDose | None) -> dict[str, Array]:
    """One value of every parameter a row: the typical person, then everyone who is drawn."""
    low = regimen is None or is_below_oral_studies((dose.form.route, dose.amount_mg) for dose in regimen.doses)
    kinds: list[tuple[Spread, range]] = [("typical", range(1)), (setting.spread, range(setting.people))]
    parts = [
        rows(setting.person, persons, setting.seed, kind, low_dose=low, overrides=chosen.overrides)
        for kind, persons in kinds
        if len(persons)
    ]
    drawn = {symbol: np.concatenate([part[symbol] for part in parts]) for symbol in parts[0]}
    if opioid is not None:
        table = opioid.opioid.table(opioid.route)
        for symbol, parameter in table.items():
            drawn[symbol] = np.concatenate(
                [_values(symbol, parameter, kind, setting.seed, persons) for kind, persons in kinds]
            )
        drawn["CYP2D6_activity"] = drawn["CYP2D6_activity"] * cyp2d6_activity(opioid, setting.cyp2d6)
        drawn["block_surmountable"] = np.full(setting.rows, 0.0 if chosen.kinetics.name in LETS_GO_OVER_DAYS else 1.0)
    return drawn


def cyp2d6_activity(opioid: OpioidDose, phenotype: str) -> float:
    """Activity of a CYP2D6 class for this opioid: 1 for one that needs no CYP2D6.

    Raises
    ------
    InvalidInput
        If there is no such class.

    Examples
    --------
    >>> from lowdose.opioids.dose import opioid_dose
    >>> cyp2d6_activity(opioid_dose("codeine 30 mg"), "poor")
    0.05
    """
    known = ("poor", "intermediate", "normal", "ultrarapid")
    if phenotype not in known:
        raise InvalidInput(f"CYP2D6 class {phenotype!r} is not known", remedy=f"write {', '.join(known)}")
    classes = {str(name): activity for name, activity in opioid.opioid.cyp2d6.items()}
    return classes[phenotype].value if classes else 1.0


def _values(symbol: str, parameter: Parameter, kind: Spread, seed: int, persons: range) -> Array:
    """Values of an opioid's own number, as `lowdose.people.rows` draws those of naltrexone."""
    value = np.full(len(persons), parameter.value)
    if kind in ("knowledge", "both") and parameter.uncertainty is not None:
        value = parameter.uncertainty.quantile(standard_normal(seed, f"knowledge/{symbol}", persons), parameter.value)
    if kind in ("people", "both") and parameter.between_person is not None:
        score = standard_normal(seed, f"people/{symbol}", persons)
        value = value * parameter.between_person.quantile(score, parameter.value) / parameter.value
    return np.clip(value, *parameter.limits) if parameter.limits else value


def weak(opioid: OpioidDose) -> list[str]:
    """Names of the numbers behind an answer that are graded low, for the list of what is not known.

    Examples
    --------
    >>> from lowdose.opioids.dose import opioid_dose
    >>> weak(opioid_dose("oxycodone 10 mg"))[0]
    'efficacy of oxycodone'
    """
    table = opioid.opioid.table(opioid.route)
    unused = {"EC50_agonist"} if opioid.opioid.binding == "slow" else {"kon_agonist", "koff_agonist"}
    if not opioid.opioid.cyp2d6:
        unused |= {"CL_agonist_metabolite", "V_agonist_metabolite"}
    own = [symbol for symbol in opioid.opioid.parameters if symbol in table]
    ordered = [*own, *(symbol for symbol in table if symbol not in own)]
    return [table[symbol].name for symbol in ordered if table[symbol].grade == "low" and symbol not in unused]
