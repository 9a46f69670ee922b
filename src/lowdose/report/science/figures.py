"""One figure a module, each from runs of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lowdose import charts
from lowdose.charts.lines import Line, lines
from lowdose.charts.look import Spec
from lowdose.model import mechanism_names
from lowdose.results import Result
from lowdose.results.metrics import mean
from lowdose.simulation import rivals, simulate

NIGHTLY = "4.5 mg nightly at 22:00 for 8 weeks"
FULL = "50 mg daily at 08:00 for 8 weeks"
_TYPICAL = "typical person; dashed: rests on assumed or animal values"


def by_days(result: Result, output: str, name: str) -> Line:
    """An output's mean of each day of dosing.

    Examples
    --------
    >>> line = by_days(simulate("3 mg nightly for 3 days"), "opioid_tone_central", "3 mg")
    >>> line.name, line.x
    ('3 mg', [0.0, 1.0, 2.0])
    """
    time, values = result.typical.time, result.typical.values[output]
    days = np.arange(0.0, result.timing.last_dose / 24.0 + 1)
    means = []
    for day in days:
        inside = (time >= 24 * day - 1e-9) & (time <= 24 * (day + 1) + 1e-9)
        means.append(float(mean(time[inside], values[:, inside])[0]))
    return Line(name, days.tolist(), means, weak=output in result.weak_outputs)


def pharmacokinetics() -> Spec:
    """Drug and metabolite in blood under a nightly dose.

    Examples
    --------
    >>> len(pharmacokinetics()["vconcat"])
    2
    """
    return charts.drug(simulate("4.5 mg nightly at 22:00 for 2 weeks"))


def occupancy() -> Spec:
    """µ receptors blocked in the brain under every kinetics.

    Examples
    --------
    >>> len(occupancy()["vconcat"])
    5
    """
    return charts.rivals(rivals(simulate("4.5 mg nightly at 22:00 for 2 weeks")))


def receptors() -> Spec:
    """Receptor number under a low and a full dose."""
    curves = [
        by_days(simulate(regimen), "mu_receptors_central", name)
        for regimen, name in ((NIGHTLY, "4.5 mg nightly"), (FULL, "50 mg daily"))
    ]
    return lines("µ receptors in the brain", [_TYPICAL], "days", "1 = without naltrexone", curves)


def opioid_axis() -> Spec:
    """Own opioids and the tone they leave."""
    result = simulate(NIGHTLY)
    shown = (
        ("beta_endorphin", "β-endorphin"), ("met_enkephalin", "met-enkephalin"), ("cortisol", "cortisol"),
        ("opioid_tone_central", "opioid tone in the brain"),
    )  # fmt: skip
    curves = [_relative(result, output, name) for output, name in shown]
    about = ["4.5 mg nightly for 8 weeks", _TYPICAL]
    return lines("Own opioids, stress hormone and tone", about, "days", "1 = without naltrexone", curves)


def _relative(result: Result, output: str, name: str) -> Line:
    line = by_days(result, output, name)
    base = float(result.typical.without_drug[output][0])
    return Line(name, line.x, [value / base for value in line.y], line.weak)


def _mechanisms(title: str, output: str, names: Sequence[str], regimen: str = NIGHTLY, **overrides: float) -> Spec:
    """One output under several mechanisms."""
    curves = [by_days(simulate(regimen, hypothesis_name=name, overrides=overrides), output, name) for name in names]
    about = ["4.5 mg nightly for 8 weeks", _TYPICAL]
    return lines(title, about, "days", "1 = before treatment", curves)


def neuroimmune() -> Spec:
    """Microglia under the rival mechanisms."""
    return _mechanisms("Active microglia", "microglia", ("rebound", "partial-block", "tlr4"))


def immune() -> Spec:
    """Immune cells when met-enkephalin acts on them."""
    result = simulate(NIGHTLY, hypothesis_name="ogf")
    shown = (("Treg", "regulatory T cells"), ("Th17", "Th17 cells"), ("Th1", "Th1 cells"), ("NK", "natural killer"))
    curves = [by_days(result, output, name) for output, name in shown]
    about = ["4.5 mg nightly for 8 weeks, mechanism ogf", _TYPICAL]
    return lines("Immune cells", about, "days", "1 = without naltrexone", curves)


def ogf() -> Spec:
    """Growth against the hours a day for which receptors are blocked."""
    hours = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.0]
    growth = [
        simulate(
            "3 mg nightly at 22:00 for 4 weeks", hypothesis_name="imposed+ogf", overrides={"imposed_block_hours": h},
            aftermath_hours=36,
        ).metrics["growth"]["mean_last_day"].value
        for h in hours
    ]  # fmt: skip
    curve = Line("95 % block", hours, [float(value or np.nan) for value in growth])
    about = ["an imposed block of 95 % for so many hours a day, last day of 4 weeks", _TYPICAL]
    return lines("Growth of dividing cells", about, "hours a day", "1 = without naltrexone", [curve])


def repair() -> Spec:
    """Myelin under the rival mechanisms."""
    return _mechanisms("Myelin", "myelin", ("rebound", "partial-block", "tlr4"))


def symptoms() -> Spec:
    """Pain as a trial would hear of it, under every mechanism."""
    return _mechanisms("Pain as reported in a trial", "reported_pain", mechanism_names(), enrolled=1.0)


def agonist() -> Spec:
    """Return of an opioid's effect after the last nightly dose, under every kinetics."""
    from lowdose.charts.opioid import effect_return
    from lowdose.opioids import effect_left

    found = effect_left("oxycodone 10 mg", "4.5 mg nightly at 22:00", 12)
    courses = {rival.kinetics: (rival.hours, rival.course) for rival in found.rivals}
    return effect_return(found.dose.text, found.regimen.canonical, courses, found.default)


def antagonist() -> Spec:
    """Block by naloxone, by route."""
    from lowdose.charts.opioid import naloxone_block
    from lowdose.opioids import naloxone

    found = [naloxone(f"naloxone 2 mg {route}") for route in ("intravenous", "intramuscular", "intranasal")]
    return naloxone_block({one.text: (one.hours, one.course) for one in found})


FIGURES: Mapping[str, Callable[[], Spec]] = {
    "pharmacokinetics": pharmacokinetics,
    "occupancy": occupancy,
    "receptors": receptors,
    "opioid_axis": opioid_axis,
    "neuroimmune": neuroimmune,
    "immune": immune,
    "ogf": ogf,
    "repair": repair,
    "symptoms": symptoms,
    "agonist": agonist,
    "antagonist": antagonist,
}
"""Name of a module, or of the family it belongs to, and what draws its figure."""
