"""Forest plot: each study with its numbers, what they come to together, and what could not be counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lowdose.charts import sheet
from lowdose.charts.forest_marks import bias_letter, pools, studies
from lowdose.charts.forest_scale import scale
from lowdose.charts.forest_table import STEP, Columns, Forest, ForestPool, ForestRow, Place, is_unusable, laid_out
from lowdose.charts.look import INK, MUTED, NIGHT, SLATE, Spec
from lowdose.charts.sheet import SMALL, Scale, words

__all__ = ["Forest", "ForestPool", "ForestRow", "forest"]

_MATTERS = "smallest difference that matters"


def forest(plot: Forest) -> Spec:
    """Forest plot as a Vega-Lite specification, 800 pixels wide.

    Raises
    ------
    InvalidInput
        Without rows, for numbers that cannot be drawn, or for an interval that does not hold its estimate.

    Examples
    --------
    >>> from lowdose import charts
    >>> row = charts.ForestRow("Bruun 2024", "6 mg, n 99", -0.23, -0.63, 0.17, 0.5, bias="low")
    >>> spec = charts.forest(charts.Forest("Pain", "fibromyalgia", [row], axis="standardised difference"))
    >>> spec["width"], spec["title"]["text"]
    (800, 'Pain')
    """
    columns = Columns.fitting(plot)
    axis = scale(plot, columns.left, columns.right)
    places, height = laid_out(plot, columns)
    certainty = f"Certainty: {plot.certainty}" if plot.certainty else ""
    layers = [
        *_ground(plot, places, columns, axis, height),
        *_headings(plot, columns, axis),
        *studies(plot, places, columns, axis),
        *pools(plot, places, columns, axis),
        *_below(plot, columns, axis, height),
    ]
    return sheet.whole(layers, height, plot.title, [plot.subtitle, certainty])


def _ground(plot: Forest, places: Sequence[Place], columns: Columns, axis: Scale, height: float) -> Iterator[Spec]:
    """Band up to the smallest difference that matters, its edge, and the line of no difference; words stay clear."""
    if not plot.has_axis:
        return
    top, bottom, null = STEP + 8.0, height, axis.at(plot.null)
    edges = [axis.at(one) for one in plot.mid if axis.low <= one <= axis.high]
    if edges:
        band = {"x": min(null, *edges), "x2": max(null, *edges), "y": top, "y2": bottom}
        yield sheet.boxes([band], color=NIGHT, opacity=0.6)
        yield sheet.rules([{"x": x, "x2": x, "y": top, "y2": bottom} for x in edges], color=SLATE, strokeDash=[4, 3])
    yield sheet.rules([{"x": null, "x2": null, "y": top, "y2": bottom}], color=INK, strokeWidth=1)
    ends = [after.y - STEP / 2 for after in places[1:]] + [height]
    clear = [
        {"x": columns.left - 2, "x2": columns.right + 2, "y": place.y - STEP / 2, "y2": end}
        for place, end in zip(places, ends, strict=True)
        if is_unusable(place.what)
    ]
    yield sheet.boxes(clear, color="white")


def _headings(plot: Forest, columns: Columns, axis: Scale) -> Iterator[Spec]:
    y, percent = 14.0, round(100 * plot.level)
    yield sheet.rules([{"x": 0, "x2": sheet.WIDTH, "y": STEP + 2, "y2": STEP + 2}], color=MUTED)
    left = [{"x": 0, "y": y, "text": "Study"}]
    if plot.has_axis:
        left.append({"x": columns.effect, "y": y, "text": f"Effect ({percent} % interval)"})
    yield words(left, size=SMALL, colour=MUTED, bold=True)
    right = []
    if any(row.weight is not None for row in plot.rows):
        right.append({"x": columns.weight, "y": y, "text": "Weight"})
    yield words(right, size=SMALL, colour=MUTED, align="right", bold=True)
    if plot.mid and plot.has_axis:
        text = _MATTERS + " ‡" * plot.is_mid_recalled
        half = sheet.width(text, SMALL) / 2
        x = min(max(axis.at(plot.mid[0]), 60 + half), columns.effect - half - 14)
        yield words([{"x": x, "y": y, "text": text}], size=SMALL, colour=SLATE, align="center")
    if any(row.bias for row in plot.rows):
        yield words([{"x": columns.bias, "y": y, "text": "Bias"}], size=SMALL, colour=MUTED, align="center", bold=True)


def _below(plot: Forest, columns: Columns, axis: Scale, height: float) -> Iterator[Spec]:
    """Under the axis: which side is whose, what the axis is, what the signs mean."""
    if not plot.has_axis:
        yield sheet.footnotes(_legend(plot), 0, height + 16, sheet.WIDTH)[0]
        return
    y = height + 36
    middle = axis.at(plot.null)
    sides = (("right", middle - 8, f"← {plot.left}"), ("left", middle + 8, f"{plot.right} →"))
    for align, x, text in sides:
        yield words([{"x": x, "y": y, "text": text}], colour=INK, align=align, bold=True)
    if plot.axis:
        x = (columns.left + columns.right) / 2
        yield words([{"x": x, "y": y + 18, "text": plot.axis}], size=SMALL, colour=MUTED, align="center")
    notes, _ = sheet.footnotes(_legend(plot), 0, y + 44, sheet.WIDTH)
    yield notes


def _legend(plot: Forest) -> list[str]:
    """What the signs of this picture mean, and of no other."""
    used = [row for row in plot.rows if row.estimate is not None]
    signs = []
    if any(row.weight is not None for row in used):
        signs.append("square: the larger, the more weight in the pool")
    if plot.pools:
        signs.append("diamond: studies pooled, as wide as the interval")
    if any(pool.prediction for pool in plot.pools):
        signs.append("thin bar: where the true effect of a next study is expected (prediction interval)")
    if plot.mid and plot.has_axis:
        signs.append(f"dashed: {_MATTERS} to patients; shaded: less than that")
    lines = [f"{sign[0].upper()}{sign[1:]}." for sign in signs]
    lines = [" ".join(lines)] if lines else []
    found = {bias_letter(row.bias) for row in plot.rows if row.bias}
    if found:
        letters = {"L": "low", "S": "some concerns", "H": "high or worse", "?": "not judged"}
        lines.append(
            "Bias (provisional): " + ", ".join(f"{letter} {letters[letter]}" for letter in letters if letter in found)
        )
    if any(row.recalled for row in plot.rows):
        drawn = any(row.recalled and row.estimate is not None for row in plot.rows)
        lines.append(sheet.RECALLED + "; hollow square" * drawn)
    elif plot.mid and plot.is_mid_recalled and plot.has_axis:
        lines.append(sheet.RECALLED)
    return lines
