"""The JSON document of a run: inputs echoed canonically, metrics with units, warnings, domain of validity."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from lowdose.results.ensemble import KIND_WORDS
from lowdose.results.metrics import Metric
from lowdose.results.population import SCHEMA as POPULATION_SCHEMA
from lowdose.results.population import Population
from lowdose.results.result import Result

SCHEMA = "lowdose.simulate/1"


def document(result: Result) -> dict[str, Any]:
    """Everything about a run but its trajectories, ready for ``json.dumps``.

    ``metrics.<output>.<metric>`` is ``{value, unit}`` for the typical person and, with people,
    ``{p05, p50, p95}`` under the name of each kind of spread.

    Examples
    --------
    >>> from lowdose import simulate
    >>> document(simulate("50 mg once"))["metrics"]["naltrexone_plasma"]["cmax"]["unit"]
    'ng/mL'
    """
    return {
        "schema": SCHEMA,
        "versions": {"lowdose": version("lowdose"), "python": platform.python_version()},
        "model": {
            "hash": result.model_hash,
            "hypothesis": result.hypothesis.name,
            "sentence": result.hypothesis.sentence,
        },
        "seed": result.seed,
        "inputs": {
            "regimen": result.regimen.canonical,
            "schedule": result.regimen.to_dict(),
            "notes": list(result.regimen.notes),
            "person": asdict(result.person),
            "people": result.people,
            "spread": result.drawn,
            "start": result.start.isoformat() if result.start else None,
            "overrides": dict(result.overrides),
        },
        "band": KIND_WORDS[result.drawn],
        "warnings": list(result.warnings),
        "domain_of_validity": list(result.domain),
        "failed": {
            kind: {str(person): why for person, why in failures.items()} for kind, failures in result.failures.items()
        },
        "rests_on_assumed_or_animal_inputs": sorted(result.weak_outputs),
        "metrics": {
            output: {name: metric_document(metric) for name, metric in metrics.items()}
            for output, metrics in result.metrics.items()
        },
        "command": result.command,
    }


def population_document(population: Population) -> dict[str, Any]:
    """The document of a population: that of a run, with the folder its persons lie in.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from lowdose import population
    >>> with TemporaryDirectory() as folder:
    ...     found = population_document(population("3 mg once", people=2, folder=folder, aftermath_hours=36))
    >>> found["schema"], found["folder"]["rows"]
    ('lowdose.population/1', 2)
    """
    folder = {"path": str(population.folder), "rows": population.table.count_rows()}
    return {**document(population), "schema": POPULATION_SCHEMA, "folder": folder}


def metric_document(metric: Metric) -> dict[str, Any]:
    """One metric as JSON; keys without content are left out.

    Examples
    --------
    >>> metric_document(Metric(1.5, "h", {}))
    {'value': 1.5, 'unit': 'h'}
    """
    found: dict[str, Any] = {"value": metric.value, "unit": metric.unit, **metric.bands}
    if metric.note:
        found["note"] = metric.note
    if metric.window_h is not None:
        found["window_h"] = list(metric.window_h)
    if metric.extrapolated is not None:
        found["extrapolated_share"] = metric.extrapolated
    return found
