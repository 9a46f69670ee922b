"""The page on scores: what each rival predicts of studies it has not seen, and what that cannot tell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from lowdose.calibrate.comparison import SMALLEST_TOLD, is_told_apart
from lowdose.calibrate.occupancy import READINGS, Score, Scores, manifest
from lowdose.calibrate.occupancy.likelihood import Reading
from lowdose.calibrate.occupancy.scoring import RABINER_HOURS, WEERTS_HOURS
from lowdose.charts import to_svg
from lowdose.charts.scoring import errors

LIMITS = (
    "Three studies rank kinetics, they do not validate them: 12 scans, one of the three studies a single number. "
    "Neither reading of Lee 1988 may be chosen by its score."
)
READING_WORDS = {"as-published": "1 h scan taken as full block", "relative": "1 h scan as the rival has it"}
MISSED_BY = 15.0
"""Points from which a scan counts as one that a rival fails: twice the spread of three equal scans."""
SWAYED_BY = 5.0
AIMS: Mapping[Reading, float] = {"as-published": 12.0, "relative": 20.0}
"""Points of error that the best kinetics should not exceed."""
IMAGE = "scoring-errors.svg"


def write_scoring(found: Scores, folder: Path) -> Path:
    """Write ``scoring.md`` and its figure into ``folder``; returns the page.

    Raises
    ------
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose.calibrate.occupancy import score
    >>> found = score(["training-mean"], hours_too=False)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_scoring(found, Path(folder)).name
    'scoring.md'
    """
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    (images / IMAGE).write_text(to_svg(errors(chart_rows(found))), encoding="utf-8")
    page = folder / "scoring.md"
    page.write_text("\n".join(["# Rivals, scored", "", *kinetics_section(found)]), encoding="utf-8")
    return page


def kinetics_section(found: Scores) -> list[str]:
    """The part on kinetics, as lines of Markdown; every number comes from ``found``.

    Examples
    --------
    >>> from lowdose.calibrate.occupancy import score
    >>> kinetics_section(score(["training-mean"], hours_too=False))[0]
    '## Kinetics: how long receptors stay blocked'
    """
    made = manifest(found)
    lines = [
        "## Kinetics: how long receptors stay blocked",
        "",
        f"Written by `lowdose hypotheses score -o`; do not edit. Seed {found.seed}, manifest {made['frozen'][:16]}.",
        "",
        "Each of the three studies that scanned µ receptors is left out in turn. Every rival learns its constants from "
        "the two others, from neutral starts, and predicts the study it has not seen. Blood levels stay those of the "
        "typical person. Priors come from a dish or from nothing, and are tenfold a standard deviation wide.",
        "",
        f"**{LIMITS}** A study counts as one, because its scans err together; a standard error over three says little.",
        "",
        *_table(rows(found)),
        "",
        "Error: root mean square over the 12 scans, in points of occupancy, of the most likely constants; "
        "*with prior*: of the most probable ones; *averaged*: of the prediction averaged over all that the prior and "
        "the two other studies allow. Where these differ, the two remaining studies do not decide. "
        "elpd: sum of the log densities of studies not seen, each whole, over everything the other studies allow; "
        "higher is better. "
        "Readings: Lee's numbers are ratios to a scan at 1 h, taken as a full block (as published) or as the rival "
        "itself has it.",
        "",
        f"Sampling alone moves an elpd by up to {max(one.elpd_sampling_error for one in found.scores):.1f} "
        "(Monte Carlo standard error).",
        "",
        *_aimed(found),
        *_swayed(found),
        f"![Errors of scans that were left out, by rival](images/{IMAGE})",
        "",
        "Each dot is a scan that the rival had not seen; grey: within 10 points.",
        "",
    ]
    for reading in READINGS:
        lines += [*_reading(found, reading), ""]
    return [*lines, *_learned(found), *_hours(found)]


def rows(found: Scores) -> list[list[str]]:
    """The summary as text, its headings first; one row a rival."""
    headings = [
        "rival",
        "error",
        "with prior",
        "averaged",
        "elpd ± SE",
        "inside 90 %",
        "error, relative",
        "with prior",
        "averaged",
        "elpd ± SE",
    ]
    table = [headings]
    for name in found.names:
        absolute, relative = (found.of(name, reading) for reading in READINGS)
        table.append([name, *_numbers(absolute), f"{absolute.coverage(0.9):.0%}", *_numbers(relative)])
    return table


def _numbers(one: Score) -> list[str]:
    return [
        f"{one.rmse_points:.1f}",
        f"{one.rmse_points_with_prior:.1f}",
        f"{one.rmse_points_on_average:.1f}",
        f"{one.elpd:.1f} ± {one.elpd_se:.1f}",
    ]


def _table(table: Sequence[Sequence[str]]) -> list[str]:
    ruler = "|" + "".join("--:|" if cell[:1].lstrip("-").isdigit() else "---|" for cell in table[-1])
    return [f"| {' | '.join(table[0])} |", ruler, *(f"| {' | '.join(row)} |" for row in table[1:])]


def _reading(found: Scores, reading: Reading) -> list[str]:
    scores = [found.of(name, reading) for name in found.names]
    table = [
        ["rival", *(f"{fold.study} left out" for fold in scores[0].folds), "what it fails", "constants not identified"]
    ]
    for one in scores:
        errors = [f"{fold.rmse_points:.1f}" for fold in one.folds]
        table.append([one.rival.name, *errors, _failed(one), _unidentified(one)])
    return [f"### {READING_WORDS[reading].capitalize()}", "", *_table(table), "", _apart(scores, found, reading)]


def _failed(one: Score) -> str:
    failed = []
    for fold in one.folds:
        wrong = sum(abs(error) >= MISSED_BY for error in fold.errors)
        if wrong:
            failed.append(f"{fold.study}: {wrong} of {len(fold.scans)} scans by {MISSED_BY:g} points or more")
    return "; ".join(failed) or "none by that much"


def _unidentified(one: Score) -> str:
    found = [f"{', '.join(fold.not_identified)} without {fold.study}" for fold in one.folds if fold.not_identified]
    return "; ".join(found) or "none"


def _apart(scores: Sequence[Score], found: Scores, reading: Reading) -> str:
    best = max(scores, key=lambda one: one.elpd)
    said = []
    for one in scores:
        if one is not best:
            gap, error = found.difference(best.rival.name, one.rival.name, reading)
            noise = math.hypot(best.elpd_sampling_error, one.elpd_sampling_error)
            word = "a tie, within what sampling moves" if gap < 2 * noise else "told apart"
            word = word if gap < 2 * noise or is_told_apart(gap, error) else "not distinguishable"
            said.append(f"{one.rival.name} {gap:.1f} ± {error:.1f} ({word})")
    return (
        f"Highest elpd: {best.rival.name}. Above the others by: {'; '.join(said) or 'no others'}. "
        f"A difference counts when it is two standard errors or more and {SMALLEST_TOLD:g} or more."
    )


def _aimed(found: Scores) -> list[str]:
    """Whether the best rival comes as near as was aimed for before, by each estimate."""
    best = min(found.names, key=lambda name: found.of(name, "as-published").rmse_points)
    lines = []
    for reading, aim in AIMS.items():
        one = found.of(best, reading)
        words = ", ".join(
            f"{error:.1f} {'meets' if error <= aim else 'misses'} it {how}"
            for error, how in (
                (one.rmse_points, "without a prior"),
                (one.rmse_points_with_prior, "with the prior"),
                (one.rmse_points_on_average, "averaged"),
            )
        )
        lines.append(f"- {best}, {READING_WORDS[reading]}: aim {aim:g} points; {words}.")
    return ["The aim, set before any of these fits:", "", *lines, ""]


def _swayed(found: Scores) -> list[str]:
    """Where the prior, not the data, decides how large the error is."""
    lines = [
        f"- {one.rival.name}, {READING_WORDS[one.reading]}: {one.rmse_points:.1f} points without a prior, "
        f"{one.rmse_points_with_prior:.1f} with it."
        for one in found.scores
        if abs(one.rmse_points - one.rmse_points_with_prior) > SWAYED_BY
    ]
    return ["The prior sways the error by more than 5 points here, so neither figure is firm:", "", *lines, ""] * bool(
        lines
    )


def _learned(found: Scores) -> list[str]:
    """What the studies that were not left out tell of each constant."""
    table: list[list[str]] = []
    for name in found.names:
        one = found.of(name, "as-published")
        if not table:
            table.append(["rival", "constant", *(f"without {fold.study}" for fold in one.folds)])
        for unknown in one.rival.constants:
            cells = [
                (f"{value:.3g}" if low <= value <= high else "no maximum within reach") + f" ({low:.2g} to {high:.2g})"
                for fold in one.folds
                for (low, high), value in [(fold.intervals[unknown.name], fold.constants[unknown.name])]
            ]
            table.append([name, f"{unknown.name}, {unknown.unit}", *cells])
    return [
        "### What the other studies tell of the constants",
        "",
        "Most likely value, and 90 % interval under the prior; 1 h scan taken as full block.",
        "",
        *_table(table),
        "",
    ]


def _hours(found: Scores) -> list[str]:
    names = [name for name in found.names if any(key[0] == name for key in found.by_hours)]
    if not names:
        return []
    lines = [
        "### Hours that the sources do not give",
        "",
        "Above, each scan of Rabiner 2011 is averaged over 1 to 8 h, each on its own, and Weerts 2008 is taken 24 h "
        "after the last of four daily doses. Pooled error in points if these hours were as in the table; two numbers "
        "where constants that are as likely say different things, so that the data do not decide:",
        "",
    ]
    table = [["rival", "reading", "Weerts at", *(f"Rabiner at {hour:g} h" for hour in RABINER_HOURS)]]
    for name in names:
        for reading in READINGS:
            for weerts in WEERTS_HOURS:
                errors = [_span(*found.by_hours[name, reading, hour, weerts]) for hour in RABINER_HOURS]
                table.append([name, reading, f"{weerts:g} h", *errors])
    return [*lines, *_table(table), ""]


def _span(least: float, largest: float) -> str:
    return f"{least:.1f}" if largest - least < 0.5 else f"{least:.1f} or {largest:.1f}"


def chart_rows(found: Scores) -> list[dict[str, object]]:
    """Rows of the chart, see ``charts.scoring.errors``."""
    return [
        {
            "rival": one.rival.name,
            "reading": READING_WORDS[one.reading],
            "study": fold.study,
            "scan": scan.regimen,
            "error": error,
        }
        for one in found.scores
        for fold in one.folds
        for scan, error in zip(fold.scans, fold.errors.tolist(), strict=True)
    ]
