"""The charts of a run, and the rivals: what each shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lowdose.charts.curves import is_band
from lowdose.charts.look import BLUE, GREEN, MIDDLE, NARROWEST, ORANGE, PURPLE, SCHEMA, SLATE, WIDEST, Spec, config
from lowdose.charts.panels import at_param, rows, stacked
from lowdose.charts.strips import Strip
from lowdose.results import KIND_WORDS, Result

Chart = Literal["drug", "blockade", "own_opioids", "tone", "inflammation", "immune_cells", "growth", "symptoms"]

TITLES: dict[Chart, str] = {
    "drug": "Drug and metabolite in blood",
    "blockade": "Opioid receptors blocked",
    "own_opioids": "The body's own opioids",
    "tone": "Opioid tone",
    "inflammation": "Microglia and cytokines",
    "immune_cells": "Immune cells",
    "growth": "Growth factor axis",
    "symptoms": "Symptoms",
}
# Output, words, colour and height of each row; the first row of a chart is what it is about.
_ROWS: dict[Chart, tuple[tuple[str, str, str, int], ...]] = {
    "drug": (
        ("naltrexone_plasma", "Naltrexone in blood", BLUE, MIDDLE),
        ("naltrexol_plasma", "6β-naltrexol (its metabolite) in blood", GREEN, MIDDLE),
    ),
    "blockade": (
        ("mu_occupancy_central", "µ receptors blocked in the brain", ORANGE, WIDEST),
        ("mu_occupancy_peripheral", "µ receptors blocked outside the brain", SLATE, NARROWEST),
        ("kappa_occupancy_central", "κ receptors blocked in the brain", SLATE, NARROWEST),
        ("delta_occupancy_central", "δ receptors blocked in the brain", SLATE, NARROWEST),
    ),
    "own_opioids": (
        ("beta_endorphin", "β-endorphin in blood", GREEN, MIDDLE),
        ("met_enkephalin", "Met-enkephalin", GREEN, MIDDLE),
    ),
    "tone": (
        ("opioid_tone_central", "Opioid tone in the brain", PURPLE, MIDDLE),
        ("opioid_tone_peripheral", "Opioid tone outside the brain", PURPLE, MIDDLE),
    ),
    "inflammation": (
        ("microglia", "Active microglia", ORANGE, MIDDLE),
        ("TNF", "TNF-α", ORANGE, NARROWEST),
        ("IL6", "IL-6", ORANGE, NARROWEST),
        ("IL10", "IL-10", SLATE, NARROWEST),
    ),
    "immune_cells": (
        ("Treg", "Regulatory T cells", BLUE, MIDDLE),
        ("Th17", "Th17 cells", BLUE, NARROWEST),
        ("Th1", "Th1 cells", BLUE, NARROWEST),
        ("NK", "Natural killer activity", GREEN, NARROWEST),
    ),
    "growth": (
        ("OGF_complex", "Growth factor on its receptor", PURPLE, MIDDLE),
        ("growth", "Growth of dividing cells", PURPLE, MIDDLE),
    ),
    "symptoms": (
        ("pain", "Pain", SLATE, MIDDLE),
        ("fatigue", "Fatigue", SLATE, NARROWEST),
        ("sleep_disturbance", "Disturbed sleep", SLATE, NARROWEST),
        ("low_mood", "Low mood", SLATE, NARROWEST),
    ),
}


def strips(result: Result, chart: Chart) -> list[Strip]:
    """The rows of a chart.

    Examples
    --------
    >>> from lowdose import simulate
    >>> [strip.output for strip in strips(simulate("3 mg once"), "drug")]
    ['naltrexone_plasma', 'naltrexol_plasma']
    """
    return [Strip(result, *described) for described in _ROWS[chart] if described[0] in result.outputs]


def shown(result: Result) -> tuple[Chart, ...]:
    """The charts that a run has something for: the first four always, the others with a mechanism.

    Examples
    --------
    >>> from lowdose import simulate
    >>> shown(simulate("3 mg once"))
    ('drug', 'blockade', 'own_opioids', 'tone')
    """
    return tuple(chart for chart in _ROWS if strips(result, chart))


def figure(result: Result, chart: Chart) -> Spec:
    """One chart of a run by its name.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> charts.figure(simulate("3 mg once", hypothesis_name="tlr4"), "inflammation")["title"]["text"]
    'Microglia and cytokines'
    """
    return _whole(TITLES[chart], legend(result), rows(strips(result, chart)))


def drug(result: Result) -> Spec:
    """Naltrexone and 6β-naltrexol in blood.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> len(charts.drug(simulate("4.5 mg once"))["vconcat"])
    2
    """
    return figure(result, "drug")


def blockade(result: Result) -> Spec:
    """Share of opioid receptors blocked: µ in the brain first, then µ outside, κ and δ.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> charts.blockade(simulate("4.5 mg once"))["title"]["text"]
    'Opioid receptors blocked'
    """
    return figure(result, "blockade")


def own_opioids(result: Result) -> Spec:
    """β-endorphin and met-enkephalin, with their level without the drug.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> charts.own_opioids(simulate("4.5 mg once"))["params"][0]["name"]
    'at'
    """
    return figure(result, "own_opioids")


def tone(result: Result) -> Spec:
    """Opioid tone in and outside the brain, relative to no drug.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> len(charts.tone(simulate("4.5 mg once"))["vconcat"])
    2
    """
    return figure(result, "tone")


def overview(result: Result) -> Spec:
    """The four charts together, with the first row of each: one picture of a run.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> len(charts.overview(simulate("4.5 mg once"))["vconcat"])
    5
    """
    names: tuple[Chart, ...] = ("blockade", "drug", "own_opioids", "tone")
    chosen = [strip for name in names for strip in strips(result, name)[: 2 if name == "drug" else 1]]
    return _whole(result.regimen.canonical, legend(result), rows(chosen))


def rivals(results: Sequence[Result]) -> Spec:
    """µ receptors blocked in the brain under each kinetics, same regimen and same scale.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> two = [simulate("4.5 mg once", hypothesis_name=name) for name in ("effect-site", "equilibrium-parent")]
    >>> [row["title"]["text"] for row in charts.rivals(two)["vconcat"]]
    ['effect-site: brain follows blood slowly, %', "equilibrium-parent: the articles' assumption, %"]
    """
    found = rows(rival_strips(results))
    for i, one in enumerate(found):
        for panel in one["hconcat"]:  # the same output in every row: names must differ all the same
            panel["name"] = panel["data"]["name"] = f"{panel['name']}_{i}"
    return _whole("µ receptors blocked in the brain, rival kinetics", legend(results[0]), found)


def rival_strips(results: Sequence[Result]) -> list[Strip]:
    """One row for each kinetics.

    Examples
    --------
    >>> from lowdose import simulate
    >>> [strip.height for strip in rival_strips([simulate("3 mg once")])]
    [64]
    """
    return [
        Strip(result, "mu_occupancy_central", f"{result.kinetics.name}: {result.kinetics.short}", ORANGE, NARROWEST)
        for result in results
    ]


def legend(result: Result) -> tuple[str, ...]:
    """What lines, bands and marks mean, in words; the kind of band is named.

    Examples
    --------
    >>> from lowdose import simulate
    >>> legend(simulate("3 mg once"))
    ('line: typical person', 'black ticks: doses; shaded: night, 22:00 to 06:00')
    """
    marks = "black ticks: doses; shaded: night, 22:00 to 06:00"
    if not is_band(result):
        return f"line: {KIND_WORDS['typical']}", marks
    kind = KIND_WORDS[result.drawn]
    return f"line: median; dark band: 50 %, light band: 90 % of {result.people} persons ({kind})", marks


def _whole(title: str, subtitle: Sequence[str], found: Sequence[Spec]) -> Spec:
    heading = {"text": title, "subtitle": list(subtitle), "fontSize": 16, "offset": 16}
    return {"$schema": SCHEMA, "title": heading, "params": [at_param()], **stacked(found), "config": config()}
