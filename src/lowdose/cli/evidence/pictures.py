"""The forest plot of a pool with one's own choices, as a file: SVG, PDF or PNG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.charts import Forest, ForestPool, ForestRow

INTERVALS: Mapping[str, str] = {
    "hksj-floor": "Hartung-Knapp with the variance floor",
    "hksj": "Hartung-Knapp",
    "wald": "Wald",
}
_METHODS: Mapping[str, str] = {"IV": "inverse variance", "MH": "Mantel-Haenszel", "Peto": "Peto"}
_RATIOS = ("RR", "OR")


def write_forest(page: Mapping[str, Any], path: Path, kind: str) -> Path:
    """Draw the pool of a ``pool_page`` and write it, whole or not at all.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose.evidence.pools.asking import ask, question_for
    >>> from lowdose.evidence.exports.documents import pool_page
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = pool_page(ask(question_for("crohn", "remission")))
    ...     write_forest(page, Path(folder) / "forest.svg", "svg").read_text(encoding="utf-8")[:4]
    '<svg'
    """
    from lowdose import charts
    from lowdose.evidence.exports.export import write_whole

    spec = charts.forest(plot(page))
    if kind == "svg":
        return write_whole(path, charts.to_svg(spec).encode())
    return write_whole(path, {"pdf": charts.to_pdf, "png": charts.to_png}[kind](spec))


def how(made: Mapping[str, Any]) -> str:
    """How trials were pooled, in words.

    Examples
    --------
    >>> how({"k": 1})
    'one trial'
    """
    if made["k"] == 1:
        return "one trial"
    level = f"{100 * made['level']:g} % interval"
    if made["model"] == "common":
        return f"{made['k']} trials, common effect ({_METHODS[made['method']]}, Wald {level})"
    return f"{made['k']} trials, random effects ({made['tau2_method']}, {INTERVALS[made['ci_method']]}, {level})"


def plot(page: Mapping[str, Any]) -> Forest:
    """A ``pool_page`` as a forest plot. Of a table of one's own nothing is known but the numbers.

    Examples
    --------
    >>> from lowdose.evidence.pools.asking import ask, question_for
    >>> from lowdose.evidence.exports.documents import pool_page
    >>> drawn = plot(pool_page(ask(question_for("fm", "pain"), tau2="DL")))
    >>> drawn.left, len(drawn.rows), drawn.pools[0].label
    ('favours LDN', 5, 'All 3 trials')
    """
    from lowdose.charts import Forest

    asked, measure = page["question"], page["question"]["measure"]
    ratio = measure in _RATIOS
    null = 1.0 if ratio else 0.0
    left, right, subtitle = _sides(page)
    side = -1 if asked["better"] == "lower" else 1
    return Forest(
        title=asked["label"][0].upper() + asked["label"][1:],
        subtitle=subtitle,
        rows=[*_rows(page), *_unusable(page)],
        pools=list(_pools(page)),
        log=ratio,
        null=null,
        left=left,
        right=right,
        axis=f"{measure} (logarithmic axis)" if ratio else measure,
        mid=(null + side * asked["mid"]["value"],) if asked["mid"] else (),
        is_mid_recalled=bool(asked["mid"]) and asked["mid"]["tag"] == "recalled",
        level=page["pool"]["level"] if page["pool"] else 0.95,
    )


def _sides(page: Mapping[str, Any]) -> tuple[str, str, str]:
    """What stands to the left, what to the right, and what was compared."""
    from lowdose.report.condition.forests import drug_words

    asked = page["question"]
    if page["table"]:
        return "lower in the first group", "higher in the first group", ""
    drug = drug_words(asked["dose_classes"])
    other = "the other drug" if asked["comparator"] == "active" else "placebo"
    compared = f"{drug} compared with {other}"
    if asked["kind"] == "events" and asked["better"] == "lower":
        return f"fewer with {drug}", f"more with {drug}", compared
    if asked["better"] == "lower":
        return f"favours {drug}", f"favours {other}", compared
    return f"favours {other}", f"favours {drug}", compared


def _rows(page: Mapping[str, Any]) -> Iterator[ForestRow]:
    from lowdose.charts import ForestRow

    for entry in page["entries"]:
        crossover = f"crossover, correlation {entry['correlation']:g} assumed" if entry["correlation"] else ""
        dose = f"{entry['dose_mg']:g}\u00a0mg" if entry["dose_mg"] is not None else ""
        yield ForestRow(
            label=entry["label"],
            detail=dose,
            estimate=entry["shown"]["estimate"],
            low=entry["shown"]["low"],
            high=entry["shown"]["high"],
            weight=entry["weight"],
            note=crossover,
            recalled=bool(entry["recalled"]),
            bias="" if page["table"] else entry["risk_of_bias"],
        )


def _unusable(page: Mapping[str, Any]) -> Iterator[ForestRow]:
    from lowdose.charts import ForestRow

    for one in page["unusable"]:
        yield ForestRow(one["label"], note=f"cannot be drawn; not seen: {one['why']}", recalled=one["recalled"])


def _pools(page: Mapping[str, Any]) -> Iterator[ForestPool]:
    """With two trials the common effect stands beside."""
    from lowdose.charts import ForestPool

    made = page["pool"]
    if made is None or made["k"] < 2:
        return
    if page["common"]:
        shown = page["common"]["shown"]
        yield ForestPool("Both, common effect", shown["estimate"], shown["low"], shown["high"])
    shown = made["shown"]
    predicted = shown["prediction_low"], shown["prediction_high"]
    count = "Both trials" if made["k"] == 2 else f"All {made['k']} trials"
    yield ForestPool(
        count,
        shown["estimate"],
        shown["low"],
        shown["high"],
        prediction=None if None in predicted else predicted,
        text=f"{how(made).partition(', ')[2]}; I² {made['i2']:.0f} %",
    )
