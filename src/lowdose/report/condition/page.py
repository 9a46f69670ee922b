"""The page of a condition: plain words, summary of findings, forest plots and study cards in one file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lowdose.evidence.plain.help import headline
from lowdose.evidence.plain.passages import on_the_way, passages
from lowdose.evidence.plain.told import HARMS, Told, told
from lowdose.evidence.pools.numbers import RATIOS
from lowdose.evidence.records.labels import LEGEND, RECALLED
from lowdose.report.condition.cards import cards
from lowdose.report.condition.figures import pictures
from lowdose.report.condition.forests import smallest_that_matters
from lowdose.report.condition.overview import overview_picture
from lowdose.report.condition.published import published
from lowdose.report.phrases import joined
from lowdose.report.pictures import Picture, content
from lowdose.report.shell import rendered, written

if TYPE_CHECKING:
    from lowdose.evidence.grading.findings import Finding

_SIGNS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕○", "low": "⊕⊕○○", "very low": "⊕○○○"}


@dataclass(frozen=True)
class Row:
    """One row of the summary of findings, in words."""

    outcome: str
    studies: str
    effect: str
    of_a_hundred: str
    chance: str
    certainty: str
    sign: str
    reasons: tuple[str, ...]
    anchor: str


def condition_html(condition: str) -> str:
    """The page of a condition as the text of one self-contained HTML file.

    Parameters
    ----------
    condition : str
        Id, name or synonym of a condition.

    Raises
    ------
    NotFound
        No condition has that name; near misses are suggested.

    Examples
    --------
    >>> page = condition_html("crohn")
    >>> page.startswith("<!doctype html>"), "not a systematic review" in page
    (True, True)
    """
    found = told(condition)
    place = found.condition
    return rendered(
        "condition.html.j2",
        styles=("report.css", "condition.css"),
        condition=place,
        meta=found.known.meta,
        headline=headline(found),
        passages=passages(found),
        rows=[_row(one, found) for one in found.findings.values()],
        harm_rows=[] if place.id == HARMS else [_row(one, found) for one in found.harms.values()],
        published=published(found),
        moves=tuple(_moves(found)),
        pictures=_pictures(found),
        cards=cards([study.id for study in found.studies], found.known),
        ongoing=on_the_way(found),
        chance="harm" if place.id == HARMS else "gain",
        legend=LEGEND,
    )


def write_condition(condition: str, path: Path | str) -> Path:
    """Write the page of a condition; the file is whole or not there.

    Raises
    ------
    InvalidInput
        If the folder does not exist or cannot be written.
    NotFound
        No condition has that name; near misses are suggested.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_condition("ms", Path(folder) / "ms.html").name
    'ms.html'
    """
    return written(condition_html(condition), path)


def condition_pictures(condition: str) -> tuple[Picture, ...]:
    """The pictures of a condition: each with a name, a title, a caption and its Vega-Lite specification.

    Examples
    --------
    >>> [one.name for one in condition_pictures("crohn")][0]
    'forest-crohn-response-70'
    """
    return _pictures(told(condition))


def save_pictures(condition: str, folder: Path | str, kind: Literal["svg", "pdf", "png"] = "svg") -> tuple[Path, ...]:
    """Write every picture of a condition as a file of its own.

    Raises
    ------
    InvalidInput
        If the folder cannot be written, or for another kind of file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in save_pictures("hiv", folder, "pdf")][0]
    'forest-hiv-infection.pdf'
    """
    from lowdose.files import write_whole

    folder = Path(folder)
    drawn = {f"{one.name}.{kind}": content(one.spec, kind) for one in condition_pictures(condition)}
    return tuple(write_whole(folder / name, picture) for name, picture in drawn.items())


def _pictures(found: Told) -> tuple[Picture, ...]:
    """Those of the condition; the page of all conditions begins with the map."""
    own = pictures(found.condition.id, found.known, _drawn(found))
    return (overview_picture(), *own) if found.condition.id == HARMS else own


def _drawn(found: Told) -> Mapping[str, tuple[str, str]]:
    """Questions that are drawn, each with its title, and its certainty with what lowered it."""
    said = {}
    for name, one in found.findings.items():
        lowered = ", ".join(step.domain for step in one.grade.steps if step.steps)
        said[name] = _title(name, found), f"{one.certainty} ({lowered or 'nothing lowers it'})"
    return said


def _title(name: str, found: Told) -> str:
    """What a question is about; others it takes this condition together with are named."""
    asked = found.questions[name]["question"]
    label = f"{asked['label'][0].upper()}{asked['label'][1:]}"
    others = [found.known.conditions[one].name.lower() for one in asked["conditions"] if one != found.condition.id]
    return f"{label}, together with {joined(others)}" if others and name in found.findings else label


def _row(one: Finding, found: Told) -> Row:
    asked = found.questions[one.question]["question"]
    matters = ""
    probability = one.probability_that_matters
    if one.smallest_that_matters is not None and probability is not None:
        mark = f"\u00a0{RECALLED}" if asked["mid"]["tag"] == "recalled" else ""
        share = 100 * probability
        said = "under 1 %" if share < 1 else "over 99 %" if share > 99 else f"{share:.0f} %"
        matters = f"{said} ({_beyond(one, asked)}{mark})"
    return Row(
        outcome=_title(one.question, found),
        studies=f"{one.k} ({one.participants})",
        effect=one.effect_words,
        of_a_hundred=one.absolute_words,
        chance=matters or "–",
        certainty=one.certainty,
        sign=_SIGNS[one.certainty],
        reasons=tuple(reason.replace(" -", " −") for reason in one.reasons),
        anchor=f"forest-{one.question.replace('.', '-')}" if one.question in found.findings else "",
    )


def _beyond(one: Finding, asked: Mapping[str, Any]) -> str:
    """How far a result must lie to matter: a ratio by the ratio itself."""
    assert one.smallest_that_matters is not None
    if one.measure not in RATIOS:
        return f"beyond {one.smallest_that_matters:g} {asked['mid']['unit']}"
    end = smallest_that_matters(asked)[0]
    return f"{one.measure} {'over' if end > 1 else 'under'} {end:g}"


def _moves(found: Told) -> Iterator[tuple[str, tuple[str, ...]]]:
    """How each trial moves each answer of more than one trial."""
    for name in found.findings:
        lines = [left["says"] for left in found.questions[name]["leave_one_out"] if left["says"]]
        if lines:
            yield _title(name, found), tuple(f"{line[0].upper()}{line[1:]}." for line in lines)
