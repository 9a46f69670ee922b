"""From what was found to what is drawn: names in words, the numbers that matter, the rest in a note."""

from __future__ import annotations

from collections.abc import Sequence

from lowdose.charts.look import Spec
from lowdose.charts.sensitivity import (
    Part,
    Settling,
    SettlingLine,
    ShareRow,
    Shares,
    SwingRow,
    Tornado,
    settling,
    shares,
    stacked,
    tornado,
)
from lowdose.sensitivity.factors import Factor, Group
from lowdose.sensitivity.indices import Index
from lowdose.sensitivity.study import Found, Sensitivity, Swing

_MOST_ROWS = 8
_LEAST_SWING = 0.02
"""Shortest bar drawn, as a share of the longest."""
_LEAST_SHARE = 0.01
"""Smallest share of the variance drawn."""
_ALL = 0.97
"""From this sum of first-order shares on, what is left for interactions is within the error."""
_MOST_LINES = 5
_UNITS = {"1": ""}
_GRADES = ("low", "medium", "high")
SPREAD_WORDS = {
    "knowledge": "one typical person, as far as the model's numbers are not known",
    "people": "how people differ around the typical numbers",
    "both": "how people differ, and how far typical numbers are not known",
}


def picture(study: Sensitivity) -> Spec:
    """Everything as one picture: for each metric its tornado, its shares and whether they have settled.

    Examples
    --------
    >>> from lowdose.sensitivity import sensitivity
    >>> picture(sensitivity("3 mg once", ["mu_occupancy_central.peak"], n=64, named=["ke0", "EC50_mu"]))["spacing"]
    32
    """
    parts: list[Spec] = []
    for found in study.found:
        if any(swing.size > 0 for swing in found.swings) and not found.constant:
            parts.append(tornado_of(study, found))
        if found.sobol is not None:
            parts += [shares_of(study, found), settling_of(study, found)]
    return stacked(parts or [_nothing(study)])


def tornado_of(study: Sensitivity, found: Found) -> Spec:
    """The tornado of one metric."""
    longest = max((s.size for s in found.swings if s.size != float("inf")), default=0.0)
    shown = [swing for swing in found.swings if swing.size > _LEAST_SWING * longest][:_MOST_ROWS]
    notes = []
    hidden = len(found.swings) - len(shown)
    if hidden:
        notes.append(f"Not drawn: {hidden} more, each with a shorter bar.")
    if _pairs(study.groups):
        notes.append(
            "Drawn one at a time. In truth "
            + "; ".join(_pairs(study.groups))
            + " move together, so their bars do not add up: the chart of shares takes them as one."
        )
    if study.followers:
        notes.append(follow_words(study))
    return tornado(
        Tornado(
            f"What moves the result most: {found.target.label}",
            [f"{study.result.regimen.canonical} · {study.result.hypothesis.name}", SPREAD_WORDS[study.spread]],
            f"{found.target.label}{_in(found)}",
            found.target.typical,
            [_row(study, swing) for swing in shown],
            found.target.share,
            notes,
        )
    )


def shares_of(study: Sensitivity, found: Found) -> Spec:
    """Shares of the variance of one metric."""
    assert found.sobol is not None
    assert found.distribution is not None
    last, drawn = found.sobol[-1], found.distribution
    order = sorted(range(len(study.groups)), key=lambda i: -last.total[i].value)
    shown = [i for i in order if last.total[i].value >= _LEAST_SHARE][:_MOST_ROWS]
    alone = sum(index.value for index in last.first)
    low, middle, high = (value_words(value, found) for value in (drawn.p05, drawn.p50, drawn.p95))
    notes = [
        f"Each alone, all numbers add up to {100 * alone:.0f} % of the variance; the rest is interaction."
        if alone < _ALL
        else "Each alone, all numbers add up to the whole variance, within the error: there is next to no interaction."
    ]
    if len(study.groups) > len(shown):
        least = max((last.total[i].value for i in order if i not in shown), default=0.0)
        notes.append(f"Not drawn: {len(study.groups) - len(shown)} more, each at most {100 * max(least, 0):.1f} %.")
    if study.held_fixed:
        notes.append(
            f"Held fixed, because nobody has quantified their spread: {', '.join(study.held_fixed)}. "
            "Their share is not known; it is not zero."
        )
    return shares(
        Shares(
            f"Where its spread comes from: {found.target.label}",
            [f"9 in 10 results lie between {low} and {high}, half above {middle}", SPREAD_WORDS[study.spread]],
            [
                ShareRow(
                    study.groups[i].words,
                    _sense(study, study.groups[i].factors[0]) + ", ".join(f.symbol for f in study.groups[i].factors),
                    _grade(study.groups[i].factors),
                    _part(last.first[i]),
                    _part(last.total[i]),
                )
                for i in shown
            ],
            notes,
        )
    )


def settling_of(study: Sensitivity, found: Found) -> Spec:
    """Whether the shares of one metric have settled."""
    assert found.sobol is not None
    assert found.sobol_verdict is not None
    last = found.sobol[-1]
    order = sorted(range(len(study.groups)), key=lambda i: -last.total[i].value)
    shown = [i for i in order if last.total[i].value >= _LEAST_SHARE][:_MOST_LINES]
    lines = [
        SettlingLine(
            _sense(study, study.groups[i].factors[0]) + study.groups[i].words,
            [(step.n, _part(step.total[i])) for step in found.sobol],
        )
        for i in shown
    ]
    sentence = found.sobol_verdict.sentence
    return settling(Settling("Have the shares settled?", [sentence[:1].upper() + sentence[1:]], lines))


def value_words(value: float, found: Found, digits: int = 0) -> str:
    """A value of a metric in words; ``digits`` after the point of a percentage.

    Examples
    --------
    >>> from lowdose.sensitivity.question import Target
    >>> value_words(0.706, Found(Target("x", "peak", "", "1", True, 0.7), ()))
    '71 %'
    """
    if found.target.share:
        return f"{100 * value:.{digits}f} %"
    return f"{value:.3g} {_UNITS.get(found.target.unit, found.target.unit) or '×'}"


def follow_words(study: Sensitivity) -> str:
    """Why what is not known of exposure moves no blockade that was fitted to scans.

    Examples
    --------
    >>> from lowdose.sensitivity import sensitivity
    >>> follow_words(sensitivity("3 mg once", ["mu_occupancy_central.peak"], n=64, named=["CL", "F"]))[:36]
    'Scans tell the blockade at a dose, n'
    """
    return (
        "Scans tell the blockade at a dose, not at a blood level: where exposure (F, CL, fu) is in truth other than "
        f"modelled, {' and '.join(study.followers)} follows, and the blockade stays."
    )


def _nothing(study: Sensitivity) -> Spec:
    from lowdose.charts import sheet

    names = "; ".join(found.target.label for found in study.found)
    return sheet.whole([], 10, "Nothing that was varied moves the result", [names])


def _row(study: Sensitivity, swing: Swing) -> SwingRow:
    unit = _UNITS.get(swing.factor.parameter.unit, swing.factor.parameter.unit)
    ends = f"{number(swing.low.value)} to {number(swing.high.value)}"
    return SwingRow(
        swing.factor.words,
        f"{_sense(study, swing.factor)}{swing.factor.symbol} {ends} {unit}",
        swing.factor.parameter.grade,
        swing.low.metric,
        swing.high.metric,
    )


def _sense(study: Sensitivity, factor: Factor) -> str:
    """In which sense a number varies, where the picture shows both."""
    return f"{factor.kind}: " if study.spread == "both" else ""


def number(value: float) -> str:
    """A number with at most three significant digits and no exponent.

    Examples
    --------
    >>> number(0.102132), number(1234.5), number(227.0)
    ('0.102', '1234', '227')
    """
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _grade(factors: Sequence[Factor]) -> str:
    return min((factor.parameter.grade for factor in factors), key=_GRADES.index)


def _pairs(groups: Sequence[Group]) -> list[str]:
    return [" and ".join(factor.symbol for factor in group.factors) for group in groups if len(group.factors) > 1]


def _part(index: Index) -> Part:
    return Part(index.value, index.low, index.high)


def _in(found: Found) -> str:
    unit = _UNITS.get(found.target.unit, found.target.unit)
    return f", {unit}" if unit else ""
