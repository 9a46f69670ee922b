"""What stands in the page's tables and tiles, as plain rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lowdose.model import Parameter, parameters
from lowdose.model.parameters import Between, Lognormal
from lowdose.report.measured import MISSED_BY_POINTS, fit
from lowdose.report.sentences import BRAIN
from lowdose.report.trust import confidence
from lowdose.report.words import METRICS, RANGES, is_share, number, range_words, unit_words, value_words
from lowdose.results import KIND_WORDS, Metric, Result


@dataclass(frozen=True)
class Tile:
    """One of the big numbers: value with unit, what it is, its range, how far to trust it."""

    value: str
    words: str
    range: str
    confidence: str


def tiles(result: Result) -> tuple[Tile, ...]:
    """The four numbers of the first screen.

    Examples
    --------
    >>> from lowdose import simulate
    >>> [tile.words for tile in tiles(simulate("4.5 mg once"))][0]
    "of the brain's µ opioid receptors blocked, mean of the last day"
    """
    shown = (
        (BRAIN, "mean_last_day", "of the brain's µ opioid receptors blocked, mean of the last day"),
        (BRAIN, "hours_above_50_last_day", "of the last day with more than half of them blocked"),
        ("beta_endorphin", "fold_last_day", "own β-endorphin on the last day, compared with no drug"),
        (BRAIN, "hours_to_below_20_after_last_dose", "after the last dose until the block is over (under 20 %)"),
    )
    return tuple(_tile(result, *one) for one in shown if one[0] in result.metrics)


def _tile(result: Result, output: str, name: str, words: str) -> Tile:
    metric = result.metrics[output][name]
    share = is_share(result, output, metric)
    ranged = range_words(metric, result.drawn, share)
    ranged = f"{RANGES[result.drawn]}: {ranged}" if ranged else "no range: typical person only"
    return Tile(_big(metric, share), words, ranged, confidence(result, output))


def _big(metric: Metric, share: bool) -> str:
    if metric.value is None:
        return "not within the run"
    if metric.unit == "h":
        return f"{number(metric.value, 2) if metric.value < 100 else round(metric.value)} h"
    return value_words(metric.value, metric.unit, share) if share else f"{number(metric.value, 2)} ×"


@dataclass(frozen=True)
class MetricGroup:
    """All metrics of one output; each row: words, typical value, one cell a kind of spread, unit, note."""

    title: str
    is_weak: bool
    rows: tuple[tuple[str, ...], ...]


def metric_heads(result: Result) -> tuple[str, ...]:
    """Heads of the metrics table.

    Examples
    --------
    >>> from lowdose import simulate
    >>> metric_heads(simulate("3 mg once"))
    ('Quantity', 'Typical person', 'Unit', 'Note')
    """
    kinds = (f"{KIND_WORDS[kind].capitalize()}: median (5–95 %)" for kind in result.bands)
    return "Quantity", "Typical person", *kinds, "Unit", "Note"


def metric_groups(result: Result) -> Iterator[MetricGroup]:
    """Every metric of every output.

    Examples
    --------
    >>> from lowdose import simulate
    >>> next(metric_groups(simulate("50 mg once"))).title
    'Naltrexone in blood'
    """
    for output, metrics in result.metrics.items():
        rows = tuple(_metric_row(result, output, name, metric) for name, metric in metrics.items())
        yield MetricGroup(result.outputs[output].label, output in result.weak_outputs, rows)


def _metric_row(result: Result, output: str, name: str, metric: Metric) -> tuple[str, ...]:
    share = is_share(result, output, metric)
    bands = (_band(metric.bands.get(kind), share) for kind in result.bands)
    words = METRICS.get(name, name.replace("_", " "))
    unit = "%" if share else unit_words(metric.unit) or ("×" if name.startswith("fold") else "relative")
    return words, _bare(metric.value, share), *bands, unit, metric.note


def _bare(value: float | None, share: bool) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.0f}" if share else number(value)


def _band(band: Mapping[str, float | None] | None, share: bool) -> str:
    if band is None:
        return "–"
    if band["p05"] is None:
        return "–"
    low, middle, high = ("later" if band[name] is None else _bare(band[name], share) for name in ("p05", "p50", "p95"))
    return f"{middle} ({low}–{high})"


RIVAL_HEADS = (
    "Kinetics",
    "In words",
    "Receptors blocked, mean of the last day, %",
    "lowest to highest, %",
    "Time with more than half blocked, last day, h",
    "Block over (under 20 %) after the last dose, h",
    "Error against scans, points",
    f"Scans missed by more than {MISSED_BY_POINTS} points",
)


def rival_rows(result: Result, rivals: Sequence[Result]) -> tuple[tuple[str, ...], ...]:
    """One row for each kinetics, typical person; the run's own is marked.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result = simulate("3 mg once")
    >>> rival_rows(result, [result])[0][0]
    'effect-site (this run)'
    """
    return tuple(_rival_row(result, rival) for rival in rivals)


def _rival_row(result: Result, rival: Result) -> tuple[str, ...]:
    metrics = rival.metrics[BRAIN]
    name = rival.kinetics.name + (" (this run)" if rival.kinetics.name == result.kinetics.name else "")
    lowest, highest = (_bare(metrics[key].value, True) for key in ("trough_last_day", "peak"))
    hours = (metrics[key].value for key in ("hours_above_50_last_day", "hours_to_below_20_after_last_dose"))
    mean = _bare(metrics["mean_last_day"].value, True)
    spoken = ("–" if value is None else number(value, 2 if value < 100 else 3) for value in hours)
    scanned = fit(rival)
    missed = ", ".join(scanned.missed) or "none"
    error = f"{scanned.error_points:.0f}" + (" (fitted to them)" if scanned.fitted else "")
    return name, rival.kinetics.sentence, mean, f"{lowest}–{highest}", *spoken, error, missed


@dataclass(frozen=True)
class ParameterRow:
    """One model number as the page shows it."""

    symbol: str
    name: str
    value: str
    unit: str
    between: str
    uncertainty: str
    source: str
    url: str
    provenance: str
    grade: str
    species: str


def parameter_rows(result: Result) -> tuple[ParameterRow, ...]:
    """Every parameter the run depends on, with where it comes from.

    Examples
    --------
    >>> from lowdose import simulate
    >>> rows = {row.symbol: row for row in parameter_rows(simulate("3 mg once"))}
    >>> rows["ke0"].value, rows["ke0"].unit, rows["ke0"].provenance
    ('0.0222', '1/h', 'derived')
    """
    table = parameters()
    symbols = sorted(result.used_parameters, key=lambda symbol: table[symbol].constant)  # constants of nature last
    return tuple(_parameter_row(result, symbol, table[symbol]) for symbol in symbols)


def _parameter_row(result: Result, symbol: str, found: Parameter) -> ParameterRow:
    changed = symbol in result.overrides
    return ParameterRow(
        symbol=symbol,
        name=found.name,
        value=number(result.overrides.get(symbol, found.value), 4),
        unit=found.unit if found.unit != "1" else "–",
        between=_spread(found.between_person),
        uncertainty=_spread(found.uncertainty),
        source="set on the command line" if changed else found.source,
        url="" if changed else found.url,
        provenance="set by hand" if changed else found.provenance,
        grade=found.grade,
        species=found.species,
    )


def _spread(spread: Lognormal | Between | None) -> str:
    if spread is None:
        return "not quantified"
    if isinstance(spread, Lognormal):
        return f"± {spread.cv:.0%} ({spread.provenance})".replace("%", " %")
    return f"{number(spread.low)} to {number(spread.high)} ({spread.provenance})"
