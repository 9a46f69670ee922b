"""Virtual people on one page: how they are spread, and what goes with what."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowdose.charts.look import BLUE, INK, MUTED, ORANGE, SCHEMA, SLATE, Spec, config
from lowdose.people import People

Array = NDArray[np.float64]

_WIDTH, _HEIGHT, _BINS = 190, 120, 26
_MOST_DOTS = 600
_SMALL: Spec = {"fontSize": 11, "fontWeight": "normal", "frame": "group"}
_COLOURS = {"women": ORANGE, "men": BLUE}
_HISTOGRAMS = (("age", "Age, years"), ("weight", "Weight, kg"), ("crcl", "Creatinine clearance, mL/min"))
_TOGETHER = {
    "age": "age", "weight": "weight", "crcl": "CrCl", "F": "F", "CL": "CL", "V1": "V1", "V2": "V2",
    "CLm_renal": "renal CL 6β", "V1m": "V1 6β",
}  # fmt: skip


def people(drawn: People) -> Spec:
    """One page: age, weight, creatinine clearance by sex; exposure; age and clearance; correlations.

    Examples
    --------
    >>> from lowdose.people import make
    >>> [len(row["hconcat"]) for row in people(make(200))["vconcat"]]
    [3, 3]
    """
    values = {name: np.asarray(drawn.columns[name], np.float64) for name, _ in _HISTOGRAMS} | drawn.parameters
    women = np.asarray(drawn.columns["sex"] == "F")
    exposure = values["F"] / values["CL"]
    relative = np.log10(exposure / np.median(exposure))
    return {
        "$schema": SCHEMA,
        "config": config(),
        "title": {
            "text": f"{len(drawn)} virtual people: {drawn.population.title}",
            "subtitle": [_turned_away(drawn), f"Again: {drawn.command}"],
        },
        "vconcat": [
            {"hconcat": [_histogram(values[name], women, title) for name, title in _HISTOGRAMS]},
            {"hconcat": [_exposure(relative), _age_and_kidneys(values, women), _correlations(values)]},
        ],
    }


def _turned_away(drawn: People) -> str:
    named = [f"{one.bound.quantity} {one.count}" for one in drawn.rejections if one.count]
    return f"Drawn again because not plausible: {int((drawn.all_redraws > 0).sum())} ({', '.join(named) or 'none'})"


def _histogram(values: Array, women: NDArray[np.bool_], title: str) -> Spec:
    edges = np.linspace(values.min(), values.max() + 1e-9, _BINS + 1)
    rows: list[dict[str, Any]] = []
    for words, some in _by_sex(women):
        counts = np.histogram(values[some], edges)[0] / len(values)
        rows += [
            {"from": float(a), "to": float(b), "share": float(share) * 100, "sex": words}
            for a, b, share in zip(edges[:-1], edges[1:], counts, strict=True)
        ]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "data": {"values": rows},
        "mark": {"type": "bar", "opacity": 0.55, "binSpacing": 0.5},
        "encoding": {
            "x": {
                "field": "from",
                "bin": {"binned": True},
                "title": title,
                "type": "quantitative",
                "scale": {"zero": False},
            },
            "x2": {"field": "to"},
            "y": {"field": "share", "type": "quantitative", "stack": None, "title": "% of people"},
            "color": _colour(women),
        },
    }


def _exposure(relative: Array) -> Spec:
    """Naltrexone's exposure after a swallowed dose, as multiples of the median."""
    edges = np.linspace(relative.min(), relative.max() + 1e-9, _BINS + 1)
    shares = np.histogram(relative, edges)[0] / len(relative) * 100
    rows = [
        {"from": float(10**a), "to": float(10**b), "share": float(share)}
        for a, b, share in zip(edges[:-1], edges[1:], shares, strict=True)
    ]
    low, high = 10 ** np.quantile(relative, [0.05, 0.95])
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "data": {"values": rows},
        "title": {
            "text": f"5 to 95 %: {low:.2f} to {high:.2f} times the median",
            **_SMALL,
        },
        "mark": {"type": "bar", "color": SLATE, "opacity": 0.7},
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "scale": {"type": "log", "nice": False},
                "axis": {"values": [0.25, 0.5, 1, 2, 4], "format": "~g"},
                "title": "Naltrexone exposure (F/CL), × median",
            },
            "x2": {"field": "to"},
            "y": {"field": "share", "type": "quantitative", "title": "% of people"},
            "y2": {"datum": 0},
        },
    }


def _age_and_kidneys(values: dict[str, Array], women: NDArray[np.bool_]) -> Spec:
    n = min(_MOST_DOTS, len(women))
    r = _correlation(values["age"], values["crcl"])
    rows = [
        {"age": float(values["age"][i]), "crcl": float(values["crcl"][i]), "sex": "women" if women[i] else "men"}
        for i in range(n)
    ]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "data": {"values": rows},
        "title": {
            "text": f"r = {r:.2f}; the first {n} drawn".replace("-", "−"),
            **_SMALL,
        },
        "mark": {"type": "circle", "size": 9, "opacity": 0.6},
        "encoding": {
            "x": {"field": "age", "type": "quantitative", "scale": {"zero": False}, "title": "Age, years"},
            "y": {"field": "crcl", "type": "quantitative", "scale": {"zero": False}, "title": "CrCl, mL/min"},
            "color": _colour(women) | {"legend": None},
        },
    }


def _correlations(values: dict[str, Array]) -> Spec:
    rows = [
        {"a": first, "b": second, "r": round(100 * _correlation(np.log(values[x]), np.log(values[y])))}
        for i, (x, first) in enumerate(_TOGETHER.items())
        for y, second in list(_TOGETHER.items())[:i]
    ]
    order = list(_TOGETHER.values())
    place: Spec = {
        "x": {
            "field": "b",
            "type": "nominal",
            "sort": order,
            "title": None,
            "axis": {"labelAngle": -45, "ticks": False},
        },
        "y": {"field": "a", "type": "nominal", "sort": order, "title": None, "axis": {"ticks": False}},
    }
    shade = {"domain": [-100, 0, 100], "range": [ORANGE, "#f4f5f4", BLUE], "interpolate": "lab"}
    return {
        "width": _WIDTH,
        "height": _HEIGHT + 26,
        "data": {"values": rows},
        "title": {"text": "Correlation of logarithms, × 100", **_SMALL},
        "encoding": place,
        "layer": [
            {
                "mark": "rect",
                "encoding": {"color": {"field": "r", "type": "quantitative", "scale": shade, "legend": None}},
            },
            {
                "mark": {"type": "text", "fontSize": 9},
                "encoding": {
                    "text": {"field": "r", "type": "quantitative"},
                    "color": {"condition": {"test": "abs(datum.r) < 8", "value": MUTED}, "value": INK},
                },
            },
        ],
    }


def _colour(women: NDArray[np.bool_]) -> Spec:
    there = [words for words, _ in _by_sex(women)]
    legend = {"orient": "top", "title": None, "offset": 2} if len(there) > 1 else None
    scale = {"domain": there, "range": [_COLOURS[words] for words in there]}
    return {"field": "sex", "type": "nominal", "scale": scale, "legend": legend}


def _by_sex(women: NDArray[np.bool_]) -> list[tuple[str, NDArray[np.bool_]]]:
    return [one for one in (("women", women), ("men", ~women)) if one[1].any()]


def _correlation(first: Array, second: Array) -> float:
    """0 where one of them does not vary."""
    return float(np.corrcoef(first, second)[0, 1]) if np.ptp(first) > 0 and np.ptp(second) > 0 else 0.0
