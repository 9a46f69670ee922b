"""A chart as the page needs it: live specification, still picture, words, table twin."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lowdose import charts
from lowdose.charts import Table
from lowdose.report.slim import slim
from lowdose.report.words import is_share, range_words, value_words
from lowdose.results import Result

_TELLING = {
    "concentration": ("peak", "highest"),
    "occupancy": ("mean_last_day", "mean"),
    "share": ("mean_last_day", "mean"),
    "hormone": ("mean_last_day", "mean"),
    "response": ("mean_last_day", "mean"),
}


@dataclass(frozen=True)
class Figure:
    """One chart of the page."""

    name: str
    title: str
    caption: str
    legend: tuple[str, ...]
    spec: str
    still: str
    tables: tuple[Table, ...]


def figures(result: Result) -> tuple[Figure, ...]:
    """The charts of a run: drug, receptors, own opioids, tone; with a mechanism also what it says of the rest.

    Examples
    --------
    >>> from lowdose import simulate
    >>> [figure.name for figure in figures(simulate("3 mg once"))]
    ['drug', 'blockade', 'own_opioids', 'tone']
    """
    return tuple(
        _figure(name, charts.TITLES[name], _caption(result, spec), result, spec, charts.table(result, name))
        for name in charts.shown(result)
        for spec in [charts.figure(result, name)]
    )


def rivals_figure(result: Result, rivals: Sequence[Result]) -> Figure:
    """The rival kinetics on one scale.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result = simulate("3 mg once")
    >>> rivals_figure(result, [result]).name
    'rivals'
    """
    spec = charts.rivals(rivals)
    names = ", ".join(rival.kinetics.name for rival in rivals)
    caption = f"µ receptors blocked in the brain of the typical person under each kinetics: {names}."
    return _figure(
        "rivals", "The same regimen under rival kinetics", caption, rivals[0], spec, charts.rivals_table(rivals)
    )


def _figure(
    name: str, title: str, caption: str, result: Result, spec: dict[str, Any], tables: tuple[Table, ...]
) -> Figure:
    plain = {key: value for key, value in spec.items() if key != "title"}  # the page has its own heading
    still = slim(charts.to_svg(plain), name)
    # Numbers in a script element: no character may end it.
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Figure(name, title, caption, charts.legend(result), text, still, tables)


def _caption(result: Result, spec: dict[str, Any]) -> str:
    """What the curves come to on the last day, in a sentence."""
    parts = []
    for row in spec["vconcat"][:2]:
        output = row["hconcat"][0]["name"].removesuffix("_first")
        metric_name, words = _TELLING[result.outputs[output].kind]
        metric = result.metrics[output][metric_name]
        share = is_share(result, output, metric)
        ranged = range_words(metric, result.drawn, share)
        label = result.outputs[output].label
        parts.append(
            f"{label}: {words} {value_words(metric.value, metric.unit, share)}{f' ({ranged})' if ranged else ''}"
        )
    when = "In the 24 h after the last dose" if result.regimen.doses else "On the first day"
    return f"{when}: {'; '.join(parts)}."
