"""All pictures of a condition: forest plots, doses, adverse events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lowdose import charts
from lowdose.charts import DosePoint, DoseResponse, HarmRow, Harms, Rate
from lowdose.evidence.plain.told import is_dose_recalled
from lowdose.report.condition.forests import forest_picture
from lowdose.report.pictures import Picture, picture_name

if TYPE_CHECKING:
    from lowdose.evidence.lookup.harms import Harm, Share
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Study

_DOSE_CLASSES: Mapping[str, str] = {
    "ULDN": "Ultra-low dose, under 0.001 mg",
    "VLDN": "Very low dose, up to 1 mg",
    "LDN": "Low dose, 1 to 6 mg (a few case reports up to 12.5)",
    "intermediate": "Intermediate dose, 7 to 49 mg",
    "standard": "Standard dose, 50 mg and more",
}


def harms_picture(name: str, rows: Sequence[Harm]) -> Picture | None:
    """Adverse events of studies with a rate, by dose class; None where there is none.

    Examples
    --------
    >>> from lowdose.evidence.lookup.harms import harms
    >>> harms_picture("fibromyalgia", harms(condition="fibromyalgia")).name
    'harms-fibromyalgia'
    """
    drawn = [
        HarmRow(
            event=one.event[0].upper() + one.event[1:],
            drug=_rate(one.treated),
            control=_rate(one.compared),
            detail=f"{one.label}, {one.dose_words}",
            text="" if one.compared else "no control group",
            recalled=one.recalled,
            group=_DOSE_CLASSES[one.dose_class],
        )
        for one in rows
        if one.treated.rate is not None
    ]
    if not drawn:
        return None
    drawn.sort(key=lambda row: list(_DOSE_CLASSES.values()).index(row.group))
    title = "Adverse events"
    spec = charts.harms(Harms(title, "", drawn, against="control"))
    compared = sum(row.control is not None for row in drawn)
    counts = "One count" if len(drawn) == 1 else f"{len(drawn)} counts"
    caption = f"{counts} of adverse events, {compared} with a control group, by dose."
    return Picture(picture_name("harms", name), title, caption, spec)


def _rate(share: Share | None) -> Rate | None:
    if share is None or share.rate is None:
        return None
    return Rate(share.rate, share.low, share.high, share.events, share.total)


def dose_picture(name: str, studies: Sequence[Study]) -> Picture | None:
    """How many responded at which dose, each study a bubble; None for fewer than two.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> dose_picture("fibromyalgia", list(registry().studies.values())[:1])
    """
    points = [point for study in studies if (point := _dose_point(study))]
    if len(points) < 2:
        return None
    title = "People who responded, by dose"
    plot = DoseResponse(title, "", points, "share of people on the drug who responded, by each study's own rule")
    with_control = sum(point.controlled for point in points)
    caption = (
        f"{len(points)} studies, {with_control} of them with a control group. A share without a control group "
        "includes everybody who would have got better on placebo. A study of several doses stands at their middle."
    )
    return Picture(picture_name("doses", name), title, caption, charts.dose_response(plot))


def _dose_point(study: Study) -> DosePoint | None:
    from lowdose.evidence.records.labels import label
    from lowdose.evidence.records.registry import provenance

    dose = study.intervention.dose_mg_per_day
    for position, one in enumerate(study.outcomes):
        arm = next((arm for arm_name, arm in one.arms.items() if arm_name in ("ldn", "drug")), None)
        if one.concept not in ("response", "remission") or arm is None or dose.range_mg is None:
            continue
        counted = arm.events / arm.total if arm.events is not None and arm.total else None
        share = counted if counted is not None else arm.pct / 100 if arm.pct is not None else None
        number = arm.total or arm.n or study.n.took_part
        if share is None or not number:
            continue
        recalled = "recalled" in (one.prov.tag, provenance(study, f"outcomes.{position}.arms").tag)
        recalled = recalled or any(made.recalled for made in one.derivations)
        middle = sum(dose.range_mg) / 2
        return DosePoint(label(study), middle, share, number, study.is_controlled, recalled or is_dose_recalled(study))
    return None


def pictures(condition: str, known: Registry, asked: Mapping[str, tuple[str, str]]) -> tuple[Picture, ...]:
    """All pictures of a condition: a forest plot a question, doses, adverse events.

    Parameters
    ----------
    condition : str
        An id of ``conditions.yaml``.
    known : Registry
        The data.
    asked : mapping
        Questions to draw, each with its title and its certainty in words.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [one.name for one in pictures("crohn", registry(), {"crohn.remission": ("Remission", "low")})][:1]
    ['forest-crohn-remission']
    """
    from lowdose.evidence.lookup.harms import harms
    from lowdose.evidence.pools.computed import computed

    questions = computed()["questions"]
    found = [forest_picture(name, questions[name], words, title) for name, (title, words) in asked.items()]
    place = known.conditions[condition]
    studies = [known.studies[name] for name in (*place.studies, *place.related)]
    extra = [dose_picture(condition, studies)]
    extra.append(harms_picture(condition, harms(condition=condition)))
    return (*found, *(one for one in extra if one is not None))
