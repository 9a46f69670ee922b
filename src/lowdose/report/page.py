"""The page: one file with everything in it, made from a ``Result`` and its rivals."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lowdose.report import blocks, measured, sentences
from lowdose.report.figures import figures, rivals_figure
from lowdose.report.scripts import drawing_library, inside_script
from lowdose.report.shell import rendered, text, written
from lowdose.results import KIND_WORDS, Result


def html(result: Result, rivals: Sequence[Result] = ()) -> str:
    """The report as the text of one self-contained HTML file.

    Parameters
    ----------
    result : Result
        The run.
    rivals : sequence of Result
        The same regimen and person under each kinetics (``lowdose.simulation.rivals``); may be empty.

    Returns
    -------
    str
        About 1.2 MB, of which 0.9 MB draw the charts; asks for nothing outside itself.

    Examples
    --------
    >>> from lowdose import simulate
    >>> page = html(simulate("4.5 mg once"))
    >>> page.startswith("<!doctype html>"), "Predicted, not measured" in page
    (True, True)
    """
    code = [drawing_library(), inside_script(text("templates/report.js"))]
    return rendered(
        "report.html.j2",
        scripts=code,
        result=result,
        figures=figures(result),
        rivals_figure=rivals_figure(result, rivals) if rivals else None,
        **_words(result, rivals),
    )


def _words(result: Result, rivals: Sequence[Result]) -> Mapping[str, Any]:
    """All text of the page that is generated from the run."""
    return {
        "quotation": sentences.quotation(result, rivals),
        "plain": sentences.plain(result),
        "tiles": blocks.tiles(result),
        "failures": [
            f"{len(ensemble.failures)} of the persons ({KIND_WORDS[ensemble.kind]}) have no result: "
            f"{next(iter(ensemble.failures.values()))}"
            for ensemble in result.ensembles
            if ensemble.failures
        ],
        "metric_heads": blocks.metric_heads(result),
        "metric_groups": tuple(blocks.metric_groups(result)),
        "rival_heads": blocks.RIVAL_HEADS,
        "rival_rows": blocks.rival_rows(result, rivals),
        "nearest": measured.nearest(result),
        "weak_labels": [output.label for name, output in result.outputs.items() if name in result.weak_outputs],
        "parameter_rows": blocks.parameter_rows(result),
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    return {
        "lowdose": version("lowdose"),
        "Python": platform.python_version(),
        "numpy": version("numpy"),
        "llvmlite (LLVM)": version("llvmlite"),
        "vl-convert (Vega-Lite)": version("vl-convert-python"),
    }


def write(result: Result, rivals: Sequence[Result], path: Path | str) -> Path:
    """Write the report; the file is whole or not there.

    Raises
    ------
    InvalidInput
        If the folder does not exist or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose import simulate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write(simulate("4.5 mg once"), [], Path(folder) / "mein Bericht µ.html")
    ...     file.stat().st_size < 1_500_000
    True
    """
    return written(html(result, rivals), path)
