"""The predicted block of µ receptors in the brain while one dose is taken every day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from lowdose.plan.computed import BlockRow, computed
from lowdose.plan.records import Blockade, Covariates

if TYPE_CHECKING:
    from lowdose.people import Person
    from lowdose.safety import Facts

PEOPLE = 200
"""Persons drawn for the band of an average adult, which is found beforehand."""
PEOPLE_AT_ONCE = 50
"""Persons drawn when someone's own liver or kidneys count and the band is found at once."""
SEED = 1
DAYS = 28
"""Days of one dose before the day that is looked at: the block no longer changes from day to day."""
DOSES = tuple(
    sorted(
        {Decimal(n) / 10 for n in range(1, 10)}
        | {Decimal(n) / 4 for n in range(1, 25)}
        | {Decimal("0.125"), Decimal("0.375")}
    )
)
"""Doses in mg for which the block was found beforehand."""
ADULT = 18
HEALTHY_EGFR = 60
"""eGFR in mL/min/1.73 m² under which it is taken for the creatinine clearance of the model."""
LABEL = "predicted, not measured at this dose"
AVERAGE = "an adult of 70 kg with a healthy liver and kidneys"
_OUTPUT = "mu_occupancy_central"


@dataclass(frozen=True)
class Predicted:
    """What the model says of one dose."""

    dose_mg: Decimal
    row: BlockRow
    kinetics: str
    model_hash: str


def blockade(doses: Sequence[Decimal], person: Person | None = None) -> tuple[tuple[Blockade, ...], str]:
    """The block at each dose, and the hash of the model that says so.

    Parameters
    ----------
    doses : sequence of Decimal
        mg once a day.
    person : Person, optional
        Whose liver or kidneys change it; None for an adult of 70 kg, which was found beforehand.

    Examples
    --------
    >>> (one,), _ = blockade([Decimal("4.5")])
    >>> 0.4 < one.low < one.median < one.high < 0.9
    True
    >>> one.label
    'predicted, not measured at this dose; for an adult of 70 kg with a healthy liver and kidneys'
    """
    table, found = computed(), []
    model_hash = table.model_hash
    for dose in doses:
        row = table.block.get(str(dose.normalize() + 0)) if person is None else None
        people = table.people
        if row is None:
            said = predict(dose, person, people=PEOPLE_AT_ONCE)
            people = PEOPLE_AT_ONCE
            row, model_hash = said.row, said.model_hash
        found.append(
            Blockade(
                dose_mg=dose,
                **row.model_dump(),
                kinetics=table.kinetics,
                people=people,
                label=f"{LABEL}; for {AVERAGE if person is None else words(person)}",
            )
        )
    return tuple(found), model_hash


@dataclass(frozen=True)
class Foreseen:
    """The block at each dose for one person; why there is none, where there is none; whose it is; the model's hash."""

    blockade: tuple[Blockade, ...]
    note: str
    covariates: Covariates | None
    model_hash: str


def for_person(doses: Sequence[Decimal], facts: Facts) -> Foreseen:
    """Predict the block at each dose for one person, or say why there is no prediction."""
    age, cirrhosis = facts.value("patient.age_y"), facts.value("conditions.cirrhosis")
    if age is not None and age < ADULT:
        return Foreseen((), "no data and no convention for children", None, computed().model_hash)
    if facts.value("conditions.dialysis") is True:
        return Foreseen((), "dialysis is not in the model", None, computed().model_hash)
    if cirrhosis is True and facts.value("assess.child_pugh") not in ("A", "B", "C"):
        return Foreseen((), "the Child–Pugh class of the cirrhosis is not known", None, computed().model_hash)
    covariates = _covariates(facts)
    found, model_hash = blockade(doses, person_of(covariates) if covariates else None)
    return Foreseen(found, "", covariates, model_hash)


def person_of(covariates: Covariates | None) -> Person:
    """The person of a plan, as the model describes one; an average adult without covariates."""
    from lowdose.people import Person

    return Person(**vars(covariates)) if covariates else Person()


def _covariates(facts: Facts) -> Covariates | None:
    """What liver or kidneys change the block by; None for an average adult."""
    child_pugh, egfr = facts.value("assess.child_pugh"), facts.value("lab.egfr")
    stage = child_pugh if child_pugh in ("A", "B", "C") else None
    slow = egfr if egfr is not None and egfr < HEALTHY_EGFR else None
    if stage is None and slow is None:
        return None
    weight = facts.value("patient.weight_kg")
    return Covariates(
        weight=min(max(float(weight), 30.0), 250.0) if weight is not None else 70.0,
        crcl=min(max(float(slow), 5.0), 200.0) if slow is not None else None,
        child_pugh=stage,
    )


@cache
def predict(dose: Decimal, person: Person | None = None, *, people: int = PEOPLE) -> Predicted:
    """Simulate one dose every night for four weeks and look at the 24 hours after the last one.

    Parameters
    ----------
    dose : Decimal
        mg.
    person : Person, optional
        As for `blockade`.
    people : int
        Persons drawn for the band.
    """
    import numpy as np

    from lowdose.model import hypothesis, hypothesis_names
    from lowdose.opioids.course import Setting, solve
    from lowdose.people import Person
    from lowdose.regimen import Regimen

    regimen = Regimen.parse(f"{dose:f} mg nightly at 22:00 for {DAYS} days")
    setting = Setting(person=person or Person(), people=people, seed=SEED)
    hours = np.linspace(24.0 * (DAYS - 1), 24.0 * DAYS, 49)
    default = hypothesis().kinetics.name
    ends: list[float] = []
    median, band, model_hash = 0.0, (0.0, 0.0), ""
    for name in hypothesis_names():
        course = solve(name, setting, (_OUTPUT,), hours, naltrexone=regimen)
        over_the_day = np.atleast_1d(np.trapezoid(course[_OUTPUT], hours, axis=1)) / 24.0
        low, high = (float(q) for q in np.quantile(over_the_day[1:], (0.05, 0.95)))
        ends += [low, high, float(over_the_day[0])]
        if name == default:
            median, band, model_hash = float(over_the_day[0]), (low, high), course.model_hash
    rounded = [round(share, 3) for share in (median, *band, min(ends), max(ends))]
    return Predicted(dose, BlockRow(**dict(zip(BlockRow.model_fields, rounded, strict=True))), default, model_hash)


def words(person: Person) -> str:
    """Who it was predicted for.

    Examples
    --------
    >>> from lowdose.people import Person
    >>> words(Person(crcl=40, child_pugh="A"))
    'an adult of 70 kg, creatinine clearance 40 mL/min, Child–Pugh A'
    """
    said = [f"an adult of {person.weight:g} kg"]
    if person.crcl is not None:
        said.append(f"creatinine clearance {person.crcl:g} mL/min")
    if person.child_pugh is not None:
        said.append(f"Child–Pugh {person.child_pugh}")
    return ", ".join(said)
