"""The predicted block while one dose is taken every day, and after the last of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan.foreseen.after import PEOPLE, SHOWN_HOURS, after_of
from lowdose.plan.foreseen.computed import OneDose, computed
from lowdose.plan.foreseen.course import courses
from lowdose.plan.records.block import Blockade, BlockAfter, Covariates

if TYPE_CHECKING:
    from lowdose.opioids import Setting
    from lowdose.people import Person
    from lowdose.plan.records.plan import Plan
    from lowdose.safety import Facts

PEOPLE_AT_ONCE = 50
"""Persons drawn when someone's own liver or kidneys count, and it is found at once."""
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


@dataclass(frozen=True)
class Foreseen:
    """The block at each dose for one person and after the last of the highest; or why there is none.

    ``covariates`` are those it was predicted for, None for an average adult; ``model_hash`` is the model's.
    """

    blockade: tuple[Blockade, ...]
    after: BlockAfter | None
    note: str
    covariates: Covariates | None
    model_hash: str


def for_person(doses: Sequence[Decimal], facts: Facts, hold_hours: float) -> Foreseen:
    """Predict the block at each dose for one person, and after the last, or say why there is no prediction.

    Parameters
    ----------
    doses : sequence of Decimal
        mg once a day.
    facts : Facts
        Age, liver and kidneys of the person.
    hold_hours : float
        The stop before an operation: the block is predicted at this hour too.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> found = for_person([Decimal("4.5")], example.patient().facts(example.START), 72)
    >>> found.blockade[0].median > found.after.hour(72).median
    True
    """
    why = _not_predicted(facts)
    if why:
        return Foreseen((), None, why, None, computed().model_hash)
    covariates = _covariates(facts)
    blockade, after = foresee(doses, covariates, hold_hours)
    return Foreseen(blockade, after, "", covariates, after.model_hash)


def foresee(
    doses: Sequence[Decimal], covariates: Covariates | None, hold_hours: float
) -> tuple[tuple[Blockade, ...], BlockAfter]:
    """The block at each dose, and after the last of the highest.

    Examples
    --------
    >>> blockade, after = foresee([Decimal("1.5"), Decimal("4.5")], None, 72)
    >>> [one.dose_mg for one in blockade], after.regimen
    ([Decimal('1.5'), Decimal('4.5')], '4.5 mg nightly at 22:00 for 4 weeks')
    """
    person = person_of(covariates) if covariates else None
    taken = tuple(of_dose(dose, person).taken for dose in doses)
    return taken, of_dose(max(doses), person, hold_hours).after


def of_dose(dose: Decimal, person: Person | None = None, hold_hours: float = SHOWN_HOURS[0]) -> OneDose:
    """The block of one dose: what was found beforehand where that answers it, else found now.

    Parameters
    ----------
    dose : Decimal
        mg once a day.
    person : Person, optional
        Whose liver or kidneys change it; None for an adult of 70 kg.
    hold_hours : float
        An hour after the last dose that is looked at too.

    Examples
    --------
    >>> one = of_dose(Decimal("4.5"))
    >>> 0.4 < one.taken.low < one.taken.median < one.taken.high < 0.9
    True
    >>> one.taken.label
    'predicted, not measured at this dose; for an adult of 70 kg with a healthy liver and kidneys'
    """
    if person is not None:
        return solved(dose, person, PEOPLE_AT_ONCE, hold_hours)
    kept = computed().doses.get(plain(dose))
    # Beside the table the same persons are drawn as for it, so that all doses and hours of a plan fit together.
    return kept if kept and hold_hours in SHOWN_HOURS else solved(dose, None, PEOPLE, hold_hours)


def solved(dose: Decimal, person: Person | None, people: int, *hours: float) -> OneDose:
    """Simulate one dose every day for four weeks, the day after the last one, and the month after it."""
    from lowdose.opioids import Setting
    from lowdose.people import Person
    from lowdose.regimen import Regimen

    regimen = Regimen.parse(f"{plain(dose)} mg nightly at 22:00 for {DAYS} days")
    asked = tuple(sorted({*SHOWN_HOURS, *map(float, hours)}))
    setting = Setting(person=person or Person(), people=people, seed=SEED, workers=os.cpu_count() or 1)
    found = courses(regimen, asked, setting)
    after = after_of(regimen, asked, found, people)
    main, days = found[after.kinetics].day, [one.day for one in found.values()]
    taken = Blockade(
        dose_mg=dose,
        median=round(main.median, 3),
        low=round(main.low, 3),
        high=round(main.high, 3),
        lowest=round(min(day.low for day in days), 3),
        highest=round(max(day.high for day in days), 3),
        kinetics=after.kinetics,
        people=people,
        label=f"{LABEL}; for {AVERAGE if person is None else words(person)}",
    )
    return OneDose(taken=taken, after=after)


def setting_of(plan: Plan) -> Setting:
    """Whose prediction: the person of the plan, and as many drawn as for what the plan keeps.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> setting_of(example.plan()).person.weight
    70.0
    """
    from lowdose.opioids import Setting

    people = plan.block_after.people if plan.block_after else PEOPLE_AT_ONCE
    return Setting(person_of(plan.covariates), people=people, seed=SEED, workers=os.cpu_count() or 1)


def person_of(covariates: Covariates | None) -> Person:
    """The person of a plan, as the model describes one; an average adult without covariates."""
    from lowdose.people import Person

    return Person(**vars(covariates)) if covariates else Person()


def _not_predicted(facts: Facts) -> str:
    """Why nothing is predicted for this person; empty where something is."""
    age = facts.value("patient.age_y")
    if age is not None and age < ADULT:
        return "no data and no convention for children"
    if facts.value("conditions.dialysis") is True:
        return "dialysis is not in the model"
    if facts.value("conditions.cirrhosis") is True and facts.value("assess.child_pugh") not in ("A", "B", "C"):
        return "the Child–Pugh class of the cirrhosis is not known"
    return ""


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
