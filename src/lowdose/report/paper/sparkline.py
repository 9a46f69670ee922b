"""The blockade of a plan, small: one box a step, the band as its height, the median as its bar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from lowdose.charts.look import HAIRLINE, INK, MUTED
from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan.records.block import Blockade
from lowdose.plan.records.plan import Plan
from lowdose.report.paper.blocks import Figure
from lowdose.spoken import day_only, long_date

NARROW, WIDE = 252.0, 527.0
"""Points: beside the steps, and across the page."""
_HEIGHT = 94.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 28.0, 1.0, 6.0, 70.0
BAND, RIVALS = "#c9d3da", "#eef1f2"
_LETTER = 4.5
"""Points that a letter or figure of a label takes."""


def sparkline(plan: Plan, width: float = NARROW) -> Figure:
    """The predicted blockade over the days of a plan: median, band of persons, range of rivals.

    Parameters
    ----------
    plan : Plan
        One with a blockade for each step.
    width : float
        Points, at which the words in it have the size they say.
    """
    edges = [step.first for step in plan.steps] + [plan.review]
    places = [_x(plan, edge, width) for edge in edges]
    boxes = list(pairwise(places))
    parts = [_scale(width), *_boxes(plan.blockade, boxes), *_doses(plan, boxes), _days(plan, width)]
    return Figure(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {_HEIGHT:g}" font-family="Inter" '
        f'font-size="7.4">{"".join(parts)}</svg>',
        _alternative(plan),
    )


def _x(plan: Plan, day: date, width: float) -> float:
    share = (day - plan.start).days / max((plan.review - plan.start).days, 1)
    return _LEFT + share * (width - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _scale(width: float) -> str:
    lines = [
        f'<line x1="{_LEFT}" x2="{width - _RIGHT:g}" y1="{_y(at):g}" y2="{_y(at):g}" stroke="{HAIRLINE}" '
        f'stroke-width="0.6"/><text x="{_LEFT - 5}" y="{_y(at) + 2.5:g}" text-anchor="end" '
        f'fill="{MUTED}">{100 * at:.0f} %</text>'
        for at in (0.0, 0.5, 1.0)
    ]
    return "".join(lines)


def _boxes(blockade: Sequence[Blockade], boxes: Sequence[tuple[float, float]]) -> list[str]:
    parts = []
    for held, (left, right) in zip(blockade, boxes, strict=True):
        parts += [
            _rectangle(left, right, held.lowest, held.highest, RIVALS),
            _rectangle(left, right, held.low, held.high, BAND),
            f'<line x1="{left + 0.8:.1f}" x2="{right - 0.8:.1f}" y1="{_y(held.median):.1f}" '
            f'y2="{_y(held.median):.1f}" stroke="{INK}" stroke-width="1.8"/>',
        ]
    medians = [(f"{100 * held.median:.0f} %", _y(held.median) - 3.5) for held in blockade]
    return parts + _labels(medians, boxes)


def _labels(labels: Sequence[tuple[str, float]], boxes: Sequence[tuple[float, float]]) -> list[str]:
    """Words over the middle of each box, where they do not run into the words before."""
    parts, end = [], 0.0
    for (words, y), (left, right) in zip(labels, boxes, strict=True):
        middle, half = (left + right) / 2, _LETTER * len(words) / 2
        if middle - half >= end:
            end = middle + half + 2
            parts.append(
                f'<text x="{middle:.1f}" y="{y:.1f}" text-anchor="middle" font-weight="600" fill="{INK}">{words}</text>'
            )
    return parts


def _rectangle(left: float, right: float, low: float, high: float, colour: str) -> str:
    return (
        f'<rect x="{left + 0.8:.1f}" y="{_y(high):.1f}" width="{right - left - 1.6:.1f}" '
        f'height="{_y(low) - _y(high):.1f}" fill="{colour}"/>'
    )


def _doses(plan: Plan, boxes: Sequence[tuple[float, float]]) -> list[str]:
    return _labels([(f"{plain(step.dose_mg)} mg", _BOTTOM + 10) for step in plan.steps], boxes)


def _days(plan: Plan, width: float) -> str:
    y = _BOTTOM + 20
    return (
        f'<text x="{_LEFT}" y="{y:g}" fill="{MUTED}">{day_only(plan.start)}</text>'
        f'<text x="{width - _RIGHT:g}" y="{y:g}" text-anchor="end" fill="{MUTED}">review {day_only(plan.review)}</text>'
    )


def _alternative(plan: Plan) -> str:
    steps = "; ".join(
        f"from {long_date(step.first)} at {plain(step.dose_mg)} mg, median {100 * held.median:.0f} %, "
        f"9 in 10 people {100 * held.low:.0f} to {100 * held.high:.0f} %"
        for step, held in zip(plan.steps, plan.blockade, strict=True)
    )
    return f"Predicted share of opioid receptors in the brain that is blocked: {steps}."
