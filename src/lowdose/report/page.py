"""The page: one file with everything in it, made from a ``Result`` and its rivals."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from lowdose.errors import InvalidInput
from lowdose.report import blocks, measured, sentences
from lowdose.report.figures import figures, rivals_figure
from lowdose.report.scripts import drawing_library, fingerprint, inside_script
from lowdose.results import KIND_WORDS, Result

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|×|h|ng|pg|µg|mg|kg|mL|days|pm)\b|%|×)")
_RANGE = re.compile(r"(?<=\d)–(?=\d)")


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
    from jinja2 import Environment, StrictUndefined
    from jinja2 import PackageLoader as Loader

    environment = Environment(
        loader=Loader("lowdose.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tied"] = _tied
    style = _text("templates/report.css")
    code = [drawing_library(), inside_script(_text("templates/report.js"))]
    policy = (
        f"default-src 'none'; script-src {' '.join(map(fingerprint, code))}; style-src {fingerprint(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    drawn = figures(result)
    return environment.get_template("report.html.j2").render(
        result=result,
        policy=policy,
        style=style,
        scripts=code,
        figures=drawn,
        rivals_figure=rivals_figure(result, rivals) if rivals else None,
        **_words(result, rivals),
    )


def _tied(text: str) -> str:
    """A number stays on one line with its unit, a range with its end."""
    text = _RANGE.sub("\u2060–\u2060", _BEFORE_UNIT.sub("\u00a0", text))
    return text.replace("6β-", "6β-\u2060").replace("9 in 10", "9\u00a0in\u00a010")


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
        "intended_use": _text("intended_use.txt").strip(),
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


def _text(name: str) -> str:
    return files("lowdose.report").joinpath(name).read_text(encoding="utf-8")


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
    path = Path(path)
    text = html(result, rivals)
    try:
        with NamedTemporaryFile("w", dir=path.parent, suffix=".html", delete=False, encoding="utf-8") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(file.name).chmod(0o666 & ~umask)
        return Path(file.name).replace(path)
    except OSError as error:
        raise InvalidInput(
            f"the report cannot be written: {error.strerror}",
            where=str(path),
            remedy="give a file in a folder that exists and that you may write to",
        ) from error
