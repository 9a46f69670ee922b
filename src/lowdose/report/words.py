"""Numbers and names in words for people: one home for every label and every rounding on the page."""

from __future__ import annotations

from collections.abc import Mapping

from lowdose.report.phrases import joined
from lowdose.results import Metric, Result

METRICS: Mapping[str, str] = {
    "cmax": "highest, whole course",
    "tmax": "time of the highest, after the dose before it",
    "auc_0_24": "area under the curve, first 24 h",
    "auc_inf": "area under the curve, to infinity",
    "half_life": "half-life at the end",
    "peak": "highest, last day",
    "mean_last_day": "mean, last day",
    "trough_last_day": "lowest, last day",
    "hours_above_50_first_day": "time above 50 %, first day",
    "hours_above_80_first_day": "time above 80 %, first day",
    "hours_above_50_last_day": "time above 50 %, last day",
    "hours_above_80_last_day": "time above 80 %, last day",
    "hours_to_below_20_after_last_dose": "time until below 20 % for good, after the last dose",
    "fold_last_day": "mean of the last day, compared with no drug",
}
"""Metric name -> words; "last day" is the 24 hours that follow the last dose."""

RANGES: Mapping[str, str] = {
    "people": "9 in 10 people",
    "knowledge": "90 % range",
    "both": "90 % range",
}
"""What lies between the 5th and the 95th percentile of each kind of spread."""

_UNITS = {"1": "", "ug/dL": "µg/dL", "ng*h/mL": "ng·h/mL", "ug*h/dL": "µg·h/dL"}


def number(value: float, digits: int = 3) -> str:
    """A number with at most ``digits`` significant digits and no needless zeros or exponents.

    Examples
    --------
    >>> number(4.5), number(0.70641), number(1234.5), number(0.0)
    ('4.5', '0.706', '1234', '0')
    """
    if value == 0:
        return "0"
    if abs(value) >= 10**digits:
        return f"{value:.0f}"
    return f"{value:.{digits}g}" if abs(value) >= 1e-3 else f"{value:.2g}"


def unit_words(unit: str) -> str:
    """A unit as it is printed; nothing for a plain number.

    Examples
    --------
    >>> unit_words("ug/dL"), unit_words("1")
    ('µg/dL', '')
    """
    return _UNITS.get(unit, unit)


def is_share(result: Result, output: str, metric: Metric) -> bool:
    """Whether a metric is a share of receptors, which is said in percent.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result = simulate("3 mg once")
    >>> is_share(result, "mu_occupancy_central", result.metrics["mu_occupancy_central"]["peak"])
    True
    """
    return result.outputs[output].kind in ("occupancy", "share") and metric.unit == "1"


def value_words(value: float | None, unit: str, share: bool = False, digits: int = 3) -> str:
    """A value with its unit; folds and relative values with a multiplication sign.

    Shares are whole percent, with two digits under 1 %.

    Examples
    --------
    >>> value_words(0.706, "1", share=True), value_words(1.5, "1"), value_words(1.117, "ng/mL"), value_words(None, "h")
    ('71 %', '1.5 ×', '1.12 ng/mL', '–')
    """
    if value is None:
        return "–"
    if share:
        percent = 100 * value
        return f"{percent:.0f} %" if percent >= 1 or percent <= 0 else f"{number(percent, 2)} %"
    return f"{number(value, digits)} {unit_words(unit) or '×'}"


def range_words(metric: Metric, kind: str, share: bool = False) -> str:
    """5th to 95th percentile with the unit once; open where not everybody gets there within the run.

    Two digits are enough for the ends of a range.

    Examples
    --------
    >>> range_words(Metric(0.7, "1", {"people": {"p05": 0.45, "p50": 0.7, "p95": 0.88}}), "people", share=True)
    '45–88 %'
    >>> range_words(Metric(90.0, "h", {"people": {"p05": 40.0, "p50": 90.0, "p95": None}}), "people")
    'from 40 h, not over within the run'
    """
    band = metric.bands.get(kind)
    if band is None:
        return ""
    low, high = band["p05"], band["p95"]
    if low is None:
        return "not reached within the run"
    if high is None:
        return f"from {value_words(low, metric.unit, share, 2)}, not over within the run"
    bottom, top = (value_words(end, metric.unit, share, 2) for end in (low, high))
    return f"{bottom.split(' ')[0]}–{top}"


def person_words(result: Result) -> str:
    """Whom the prediction is about.

    Examples
    --------
    >>> from lowdose import Person, simulate
    >>> person_words(simulate("3 mg once"))
    'a typical adult'
    >>> person_words(simulate("3 mg once", Person(weight=82, child_pugh="B")))
    'a typical adult of 82 kg with Child–Pugh B cirrhosis'
    """
    person, usual = result.person, type(result.person)()
    words = "a typical adult"
    if person.weight != usual.weight:
        words += f" of {number(person.weight)} kg"
    if person.age != usual.age:
        words += f" aged {number(person.age)}"
    conditions = []
    if person.crcl is not None:
        conditions.append(f"a creatinine clearance of {number(person.crcl)} mL/min")
    if person.child_pugh is not None:
        conditions.append(f"Child–Pugh {person.child_pugh} cirrhosis")
    return words + (f" with {joined(conditions)}" if conditions else "")


def days_words(hours: float) -> str:
    """Hours, or days from three days on.

    Examples
    --------
    >>> days_words(30.2), days_words(120)
    ('30 h', '5 days')
    """
    return f"{number(hours, 2)} h" if hours < 72 else f"{number(hours / 24, 2)} days"
