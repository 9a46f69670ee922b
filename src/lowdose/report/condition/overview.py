"""All conditions on one map: how much was tried against a control, and which way it points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowdose import charts
from lowdose.charts import ConditionMap, MapPoint
from lowdose.evidence.plain.told import NO_ILLNESS, Told, is_clear, is_more
from lowdose.evidence.plain.trials import main_way
from lowdose.report.pictures import Picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowdose.charts import Way

_WAYS: Mapping[str, Way] = {"favours_ldn": "favours LDN", "favours_placebo": "favours placebo"}
_UNCLEAR: Way = "no clear difference"


def overview_picture() -> Picture:
    """The condition map, from the rows of every condition and the records of its trials.

    Examples
    --------
    >>> overview_picture().name
    'condition-map'
    """
    from lowdose.evidence.plain.told import told
    from lowdose.evidence.records.registry import registry

    found = [told(name) for name, one in registry().conditions.items() if one.group not in NO_ILLNESS]
    points = [_point(one) for one in found if one.trials]
    without = [one.condition.name for one in found if not one.trials]
    title = "Where the evidence stands"
    subtitle = "Each condition with a controlled trial; direction of its first answer, not its size"
    spec = charts.condition_map(ConditionMap(title, subtitle, points, without))
    caption = f"{len(points)} conditions with a controlled trial, {len(without)} without."
    return Picture("condition-map", title, caption, spec)


def _point(told: Told) -> MapPoint:
    from lowdose.evidence.records.registry import provenance

    low_dose = [study for study in told.trials if study.intervention.dose_class in ("ULDN", "VLDN", "LDN")]
    trials = low_dose or told.trials
    is_recalled = any(one.recalled for one in told.own[:1])
    is_recalled = is_recalled or any(provenance(study, "n").tag == "recalled" for study in trials)
    return MapPoint(
        label=told.condition.name + _dose(told),
        people=max(1, sum(study.n.took_part or 0 for study in trials)),
        way=_way(told),
        trials=len(trials),
        certainty=told.own[0].certainty if told.own else "",
        recalled=is_recalled,
    )


def _dose(told: Told) -> str:
    """A word on the dose where no trial gave a low one."""
    if told.has_low_dose:
        return ""
    very_low = any(study.intervention.dose_class == "VLDN" for study in told.trials)
    return " (very low dose)" if very_low else " (larger dose)"


def _way(told: Told) -> Way:
    """Which way the first answer points; trials that disagree point nowhere."""
    if not told.own:
        ways = {main_way(study) for study in told.trials}
        return _WAYS.get(ways.pop(), _UNCLEAR) if len(ways) == 1 else _UNCLEAR
    finding = told.own[0]
    question = told.questions[finding.question]
    if not is_clear(finding) or any(one["direction"].startswith("no_") for one in question["unusable"]):
        return _UNCLEAR
    good = is_more(finding) == (question["question"]["better"] == "higher")
    return "favours LDN" if good else "favours placebo"
