"""The validation page: what was measured, what the model says, and where it fails, as Markdown and figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from lowdose.calibrate import Comparison, ScanComparison, Validation, observations, study
from lowdose.calibrate.observations import Measure
from lowdose.charts import agreement, to_svg
from lowdose.model import hypothesis, hypothesis_names, outputs
from lowdose.opioids import ChallengeComparison, challenge_section
from lowdose.report.words import METRICS, number, unit_words

_NAMES = {"naltrexone_plasma": "naltrexone", "naltrexol_plasma": "6β-naltrexol"}
_GREEK = {"mu": "µ", "kappa": "κ", "delta": "δ"}


def write_validation(found: Validation, folder: Path, challenged: Sequence[ChallengeComparison] = ()) -> Path:
    """Write ``validation.md`` and its figures into ``folder``; returns the page.

    Raises
    ------
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_validation(Validation("abc", 0, 1, (), ()), Path(folder)).name
    'validation.md'
    """
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    (images / "validation-blood.svg").write_text(to_svg(agreement.ratios(ratio_rows(found))), encoding="utf-8")
    (images / "validation-scans.svg").write_text(to_svg(agreement.scans(scan_rows(found))), encoding="utf-8")
    page = folder / "validation.md"
    page.write_text(validation_page(found, challenged), encoding="utf-8")
    return page


def validation_page(found: Validation, challenged: Sequence[ChallengeComparison] = ()) -> str:
    """The page as Markdown; every sentence and number comes from ``found`` and from the opioid challenges.

    Examples
    --------
    >>> from lowdose.calibrate import Validation
    >>> validation_page(Validation("abc", 0, 1, (), ())).splitlines()[0]
    '# Validation'
    """
    parts = [
        "# Validation",
        "",
        "Written by `lowdose validate`; do not edit. "
        f"Model {found.model_hash[:12]}, {found.people} persons for each interval, seed {found.seed}. "
        "Intervals are 90 % of the band that holds both the differences between people and the uncertainty of "
        "what is known.",
        "",
        "**fitted**: the typical parameters were set with this number. **predicted**: they were not. "
        "**context**: nothing in the model corresponds. Recalled numbers, not read in their source, are marked ○ "
        "and left out of every total.",
        "",
        "## Where the model fails",
        "",
        *_failures(found),
        "",
        "## Blood levels",
        "",
        *_totals(found),
        "",
        "![Predicted over observed blood levels](images/validation-blood.svg)",
        "",
    ]
    for role in ("fitted", "predicted"):
        rows = [c for c in found.blood if c.observation.role == role]
        parts += [f"### {role.capitalize()}", "", *_blood_table(rows), ""]
    parts += ["### Context", "", *_context_table(), "", "## Receptor scans", "", *_scan_totals(found), ""]
    parts += ["![Scans and what each kinetics says of them](images/validation-scans.svg)", "", *_scan_table(found), ""]
    if challenged:
        parts += [challenge_section(challenged, found.people)]
    return "\n".join(parts).rstrip("\n") + "\n"


def words(measure: Measure) -> str:
    """What a measure is, for people.

    Examples
    --------
    >>> words(Measure(output="naltrexone_plasma", metric="cmax"))
    'naltrexone, highest, whole course'
    """
    if measure.ratio is not None:
        above, below = (_name(output) for output in measure.ratio)
        return f"{above} over {below} at {measure.at_h:g} h"
    if measure.half_life_h is not None:
        return f"{_name(measure.output)}, half-life {measure.half_life_h[0]:g}–{measure.half_life_h[1]:g} h"
    if measure.at_h is not None:
        return f"{_name(measure.output)} at {measure.at_h:g} h"
    return f"{_name(measure.output)}, {METRICS[measure.metric]}"


def _name(output: str) -> str:
    return _NAMES.get(output) or outputs()[output].label


def _source(name: str, note: str = "") -> str:
    found = study(name)
    text = f"[{found.name}]({found.url})" if found.url else found.name
    return f"{text} ({note})" if note else text


def _failures(found: Validation) -> list[str]:
    outside = [c for c in found.blood if not c.is_inside and c.observation.provenance != "recalled"]
    lines = [f"{len(outside)} of {_countable(found)} blood-level rows lie outside their 90 % interval:", ""]
    for c in outside:
        row = c.observation
        assert row.measure is not None
        lines.append(
            f"- {_source(row.study, row.note)}, {row.regimen}: {words(row.measure)}: "
            f"observed {number(row.value)} {unit_words(row.unit)}, "
            f"predicted {number(c.predicted)} ({number(c.low)} to {number(c.high)}); {row.role}."
        )
    missed = [c for c in found.scans if not c.low <= c.scan.occupancy <= c.high]
    lines += ["", "Scans outside the 90 % interval, by kinetics:", ""]
    for kinetics in hypothesis_names():
        here = [c for c in missed if c.kinetics == kinetics]
        of = [c for c in found.scans if c.kinetics == kinetics]
        which = "; ".join(f"{_scan_words(c)} ({c.scan.occupancy:.0%} seen, {c.predicted:.0%} predicted)" for c in here)
        lines.append(f"- **{kinetics}**: {len(here)} of {len(of)}" + (f": {which}." if which else "."))
    return lines


def _countable(found: Validation) -> int:
    return sum(c.observation.provenance != "recalled" for c in found.blood)


def _totals(found: Validation) -> list[str]:
    lines = ["| role | rows | inside the 90 % interval | within 2-fold | median fold error |", "|---|--:|--:|--:|--:|"]
    for role in ("fitted", "predicted"):
        rows = [c for c in found.of_role(role) if c.observation.value]
        folds = sorted(math.exp(abs(math.log(c.ratio))) for c in rows)
        if folds:
            middle = folds[len(folds) // 2]
            inside, close = sum(c.is_inside for c in rows), sum(fold <= 2 for fold in folds)
            lines.append(f"| {role} | {len(rows)} | {inside} | {close} | {middle:.2f} |")
    return lines


def _blood_table(rows: Iterable[Comparison]) -> list[str]:
    lines = [
        "| study | regimen | what | observed | predicted | 90 % interval | predicted over observed |",
        "|---|---|---|--:|--:|--:|--:|",
    ]
    for c in rows:
        row = c.observation
        assert row.measure is not None
        spread = f" ± {row.spread.sd:g}" if row.spread and row.spread.sd is not None else ""
        count = f", n = {row.spread.n}" if row.spread else ""
        hollow = " ○" if row.provenance == "recalled" else ""
        regimen = row.regimen + (f", Child–Pugh {row.child_pugh}" if row.child_pugh else "")
        lines.append(
            f"| {_source(row.study, row.note)}{hollow} | {regimen} | {words(row.measure)} "
            f"| {row.value:g}{spread} {unit_words(row.unit)}{count} "
            f"| {number(c.predicted)} | {number(c.low)} to {number(c.high)}"
            f"{'' if c.is_inside else ' **outside**'} | {c.ratio:.2f} |"
        )
    return lines


def _context_table() -> list[str]:
    lines = ["| study | what | value | why nothing corresponds |", "|---|---|--:|---|"]
    for row in observations():
        if row.role == "context":
            hollow = " ○" if row.provenance == "recalled" else ""
            value = f"{row.value:g} {unit_words(row.unit)}".strip()
            lines.append(f"| {_source(row.study, row.note)}{hollow} | {row.quantity} | {value} | {row.why} |")
    return lines


def _scan_totals(found: Validation) -> list[str]:
    lines = [
        "With three studies of µ receptors a score ranks kinetics, it does not validate them. Scans after one dose "
        "were set to 4 h where the source says only under 8 h. The scans of Lee 1988 are relative to that study's own "
        "first scan, and are compared as they stand.",
        "",
        "| kinetics | what it says | µ scans were used to fit it | error over µ scans, points (RMS) |",
        "|---|---|---|--:|",
    ]
    for kinetics in hypothesis_names():
        rows = [c for c in found.scans if c.kinetics == kinetics]
        if rows:
            fitted = "yes" if any(c.fitted for c in rows) else "no"
            error = found.root_mean_square(kinetics)
            lines.append(f"| {kinetics} | {hypothesis(kinetics).sentence} | {fitted} | {error:.1f} |")
    return [*lines, "", *_held_out_table(found)]


def _held_out_table(found: Validation) -> list[str]:
    if not found.held_out:
        return []
    lines = [
        "One study left out at a time: the two constants are fitted anew, from a neutral start, to the other studies, "
        "and the left-out scans are predicted.",
        "",
        "| kinetics | left out | scans | error, points (RMS) |",
        "|---|---|--:|--:|",
    ]
    for one in found.held_out:
        lines.append(f"| {one.kinetics} | {one.study} | {one.scans} | {one.root_mean_square:.1f} |")
    for kinetics in dict.fromkeys(one.kinetics for one in found.held_out):
        rows = [one for one in found.held_out if one.kinetics == kinetics]
        scans = sum(one.scans for one in rows)
        pooled = math.sqrt(sum(one.scans * one.root_mean_square**2 for one in rows) / scans)
        lines.append(f"| **{kinetics}** | **pooled** | **{scans}** | **{pooled:.1f}** |")
    return lines


def _scan_table(found: Validation) -> list[str]:
    names = [name for name in hypothesis_names() if any(c.kinetics == name for c in found.scans)]
    if not names:
        return []
    lines = ["| scan | seen | " + " | ".join(names) + " |", "|---|--:|" + "--:|" * len(names)]
    by_kinetics = {name: [c for c in found.scans if c.kinetics == name] for name in names}
    for same in zip(*by_kinetics.values(), strict=True):
        first = same[0]
        predicted = " | ".join(f"{c.predicted:.0%}" for c in same)
        lines.append(f"| {_scan_words(first)} | {first.scan.occupancy:.0%} | {predicted} |")
    return lines


def _scan_words(c: ScanComparison) -> str:
    assumed = " (hour assumed)" if c.scan.hour_is_assumed else ""
    hour = f"{c.scan.hours:g} h{assumed} after" if c.scan.hours is not None else "last day of"
    return f"{_GREEK[c.scan.receptor]}, {c.scan.study}, {hour} {c.scan.regimen.replace(' at 08:00', '')}"


def ratio_rows(found: Validation) -> list[dict[str, object]]:
    """Rows of the chart of blood levels, see ``charts.agreement.ratios``.

    Examples
    --------
    >>> ratio_rows(Validation("abc", 0, 1, (), ()))
    []
    """
    rows: list[dict[str, object]] = []
    for role in ("fitted", "predicted"):
        for i, c in enumerate(c for c in found.blood if c.observation.role == role and c.observation.value):
            row = c.observation
            assert row.measure is not None
            label = f"{study(row.study).name}, {row.regimen.split(' once')[0]}: {words(row.measure)}"
            rows.append(
                {
                    "panel": role,
                    "label": f"{label}{'' if not row.note else ', ' + row.note}"[:88] + "\u200b" * i,
                    "ratio": c.ratio,
                    "low": c.low / row.value,
                    "high": c.high / row.value,
                    "recalled": row.provenance == "recalled",
                }
            )
    return rows


def scan_rows(found: Validation) -> Sequence[dict[str, object]]:
    """Rows of the chart of scans, see ``charts.agreement.scans``.

    Examples
    --------
    >>> scan_rows(Validation("abc", 0, 1, (), ()))
    []
    """
    seen: dict[str, int] = {}
    rows: list[dict[str, object]] = []
    for c in found.scans:
        key = f"{c.kinetics} {_scan_words(c)}"
        seen[key] = seen.get(key, 0) + 1
        regimen = c.scan.regimen.replace(" at 08:00", "").replace(" once", "")
        when = f", {c.scan.hours:g} h" if c.scan.hours is not None else ""
        rows.append(
            {
                "kinetics": c.kinetics,
                "receptor": _GREEK[c.scan.receptor],
                "label": f"{c.scan.study}: {regimen}{when}" + "\u200b" * seen[key],
                "observed": c.scan.occupancy,
                "predicted": c.predicted,
                "low": c.low,
                "high": c.high,
            }
        )
    return rows
