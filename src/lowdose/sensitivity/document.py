"""What was found, as JSON and as rows of CSV."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from lowdose.sensitivity.designs import MOST_LOST, POINTS_A_TRAJECTORY
from lowdose.sensitivity.indices import Index, Verdict
from lowdose.sensitivity.study import MOST_FAILED, Found, Sensitivity

SCHEMA = "lowdose.sensitivity/1"


def document(study: Sensitivity) -> dict[str, Any]:
    """Everything that was asked and found, ready for ``json.dumps``.

    Examples
    --------
    >>> from lowdose.sensitivity import sensitivity
    >>> found = document(sensitivity("3 mg once", ["cortisol.peak"], n=64, named=["cortisol0", "ACTH0"]))
    >>> found["schema"], sorted(found["metrics"])
    ('lowdose.sensitivity/1', ['cortisol.peak'])
    """
    result = study.result
    return {
        "schema": SCHEMA,
        "versions": {"lowdose": version("lowdose"), "SALib": version("SALib"), "python": platform.python_version()},
        "model": {
            "hash": result.model_hash,
            "hypothesis": result.hypothesis.name,
            "sentence": result.hypothesis.sentence,
        },
        "seed": study.seed,
        "inputs": {
            "regimen": result.regimen.canonical,
            "person": asdict(result.person),
            "spread": study.spread,
            "method": study.method,
            "n": study.n,
            "start": result.start.isoformat() if result.start else None,
            "overrides": dict(result.overrides),
        },
        "groups": [
            {
                "name": group.name,
                "words": group.words,
                "kind": group.factors[0].kind,
                "symbols": [factor.symbol for factor in group.factors],
                "grades": [factor.parameter.grade for factor in group.factors],
            }
            for group in study.groups
        ],
        "held_fixed_not_quantified": list(study.held_fixed),
        "held_fixed_by_hand": list(study.set_by_hand),
        "follow_exposure": list(study.followers),
        "persons": study.persons,
        "failed": {"count": len(study.failures), "most_allowed_share": MOST_FAILED, "first": _first(study)},
        "most_points_left_out_share": MOST_LOST,
        "metrics": {found.target.name: _metric(study, found) for found in study.found},
        "warnings": list(result.warnings),
        "domain_of_validity": list(result.domain),
    }


def csv_rows(study: Sensitivity) -> Iterator[dict[str, Any]]:
    """One row for each metric and group: indices at the last step, and the swing of its first factor.

    Examples
    --------
    >>> from lowdose.sensitivity import sensitivity
    >>> rows = list(csv_rows(sensitivity("3 mg once", ["cortisol.peak"], n=64, named=["cortisol0", "ACTH0"])))
    >>> rows[0]["metric"], list(rows[0])[:4]
    ('cortisol.peak', ['metric', 'group', 'words', 'grade'])
    """
    for found in study.found:
        for i, group in enumerate(study.groups):
            row: dict[str, Any] = {
                "metric": found.target.name,
                "group": group.name,
                "words": group.words,
                "grade": " ".join(factor.parameter.grade for factor in group.factors),
            }
            for name in ("first", "total"):
                index = getattr(found.sobol[-1], name)[i] if found.sobol else None
                row[f"sobol_{name}"], row[f"sobol_{name}_half_width"] = _pair(index)
            effect = found.morris[-1].effects[i] if found.morris else None
            row["morris_mu_star"], row["morris_mu_star_half_width"] = _pair(effect.mu_star if effect else None)
            row["morris_sigma"] = effect.sigma if effect else None
            yield row


def _pair(index: Index | None) -> tuple[float | None, float | None]:
    return (None, None) if index is None else (index.value, index.half_width)


def _first(study: Sensitivity) -> str | None:
    return next(iter(study.failures.values()), None)


def _metric(study: Sensitivity, found: Found) -> dict[str, Any]:
    names = [group.name for group in study.groups]
    made: dict[str, Any] = {
        "label": found.target.label,
        "unit": found.target.unit,
        "typical": found.target.typical,
        "constant": found.constant,
        "persons_without_number": found.without_number,
        "tornado": [
            {
                "factor": swing.factor.stream,
                "words": swing.factor.words,
                "unit": swing.factor.parameter.unit,
                "grade": swing.factor.parameter.grade,
                "p05": {"value": swing.low.value, "metric": swing.low.metric},
                "p95": {"value": swing.high.value, "metric": swing.high.metric},
            }
            for swing in found.swings
        ],
    }
    if found.distribution is not None:
        made["distribution"] = asdict(found.distribution)
    if found.sobol is not None and found.sobol_verdict is not None:
        made["sobol"] = {
            "verdict": _verdict(found.sobol_verdict),
            "steps": [
                {
                    "n": step.n,
                    "points_complete": step.complete,
                    "first": dict(zip(names, map(_index, step.first), strict=True)),
                    "total": dict(zip(names, map(_index, step.total), strict=True)),
                }
                for step in found.sobol
            ],
        }
    if found.morris is not None and found.morris_verdict is not None:
        made["morris"] = {
            "verdict": _verdict(found.morris_verdict),
            "unit": f"{found.target.unit} per whole 5-95 % range",
            "steps": [
                {
                    "trajectories": step.n,
                    "n": step.n * POINTS_A_TRAJECTORY,
                    "trajectories_complete": step.complete,
                    "effects": {
                        name: {"mu_star": _index(effect.mu_star), "mu": effect.mu, "sigma": effect.sigma}
                        for name, effect in zip(names, step.effects, strict=True)
                    },
                }
                for step in found.morris
            ],
        }
    return made


def _index(index: Index) -> dict[str, float]:
    return {"value": index.value, "low": index.low, "high": index.high}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "converged": verdict.converged,
        "sentence": verdict.sentence,
        "largest_half_width": verdict.largest_interval,
        "largest_move": verdict.largest_move,
        "tolerance": verdict.tolerance,
        "ask_n": verdict.ask,
    }
