"""The forest plot of a pool as a file: SVG, PDF or PNG."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_forest(page: Mapping[str, Any], path: Path, kind: str) -> Path:
    """Draw the pool of a ``pool_page`` and write it, whole or not at all.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose.evidence.asking import ask, question_for
    >>> from lowdose.evidence.documents import pool_page
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = pool_page(ask(question_for("crohn", "remission")))
    ...     write_forest(page, Path(folder) / "forest.svg", "svg").read_text(encoding="utf-8")[:4]
    '<svg'
    """
    from lowdose import charts
    from lowdose.evidence.export import write_whole
    from lowdose.report.condition_figures import forest_picture

    spec = _own(page) if page["table"] else forest_picture(page["question"]["id"], page).spec
    if kind == "svg":
        return write_whole(path, charts.to_svg(spec).encode())
    return write_whole(path, {"pdf": charts.to_pdf, "png": charts.to_png}[kind](spec))


def _own(page: Mapping[str, Any]) -> dict[str, Any]:
    """Forest plot of a table of one's own: nothing is known of its drug, nor of which way is good."""
    from lowdose.charts import Forest, ForestPool, ForestRow, forest

    made, measure = page["pool"], page["question"]["measure"]
    rows = [
        ForestRow(
            label=entry["label"],
            estimate=entry["shown"]["estimate"],
            low=entry["shown"]["low"],
            high=entry["shown"]["high"],
            weight=entry["weight"],
        )
        for entry in page["entries"]
    ]
    shown = made["shown"]
    predicted = shown["prediction_low"], shown["prediction_high"]
    diamond = ForestPool(
        label="All together",
        estimate=shown["estimate"],
        low=shown["low"],
        high=shown["high"],
        prediction=None if None in predicted else predicted,
        text=f"I² {made['i2']:.0f} %, {made['model']}",
    )
    ratio = measure in ("RR", "OR")
    return forest(
        Forest(
            title=page["question"]["label"],
            subtitle=measure,
            rows=rows,
            pools=[diamond] if made["k"] > 1 else [],
            log=ratio,
            null=1.0 if ratio else 0.0,
            left="lower in the first group",
            right="higher in the first group",
            axis=measure,
            level=made["level"],
        )
    )
