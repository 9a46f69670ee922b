"""Scores as one document that names all it rests on, so that equal inputs can be told to give equal results."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from json import dumps
from typing import Any

from lowdose.calibrate.comparison import SMALLEST_TOLD, is_beyond_two_errors
from lowdose.calibrate.mechanisms.likelihood import UNKNOWNS
from lowdose.calibrate.mechanisms.outcomes import Trial, choice, text
from lowdose.calibrate.mechanisms.placebo import TERMS, Arm
from lowdose.calibrate.mechanisms.predictions import PLACEBO_ONLY, model
from lowdose.calibrate.mechanisms.recovery import GAIN, TAU, Recovery
from lowdose.calibrate.mechanisms.scoring import (
    LEVEL,
    Mechanism,
    MechanismScores,
)
from lowdose.evidence import registry
from lowdose.model import hypothesis

_MADE_WITH = ("lowdose", "numpy", "scipy")


def document(
    found: MechanismScores, recovered: Sequence[Recovery] = (), others: Sequence[MechanismScores] = ()
) -> dict[str, Any]:
    """Scores for machines: ``mechanism.<name>``, the held-out studies named, and the manifest.

    Parameters
    ----------
    found : MechanismScores
        Under one kinetics.
    recovered : sequence of Recovery
        What the scoring finds where the truth is known.
    others : sequence of MechanismScores
        The same under other kinetics.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms.scoring import score_mechanisms
    >>> made = document(score_mechanisms())
    >>> sorted(made["mechanism"]["rebound"])[:4]
    ['beyond_two_standard_errors', 'coverage', 'coverage_of', 'delta_se']
    >>> len(made["held_out"])
    5
    """
    return {
        "mechanism": {one.name: _mechanism(found, one) for one in found.mechanisms},
        "held_out": [trial.label for trial in found.held_out],
        "mechanism_basis": {
            "kinetics": found.kinetics,
            "distinguishable": f"2 standard errors or more, and {SMALLEST_TOLD:g} or more of elpd",
            "fitted": [trial.label for trial in found.fitted],
            "fitted_until": choice().fitted_until,
            "left_out": [one.model_dump() for one in choice().left_out],
            "trials": [_trial(trial) for trial in (*found.fitted, *found.held_out)],
            "control_arms": [_control(arm) for arm in found.controls],
            "by_kinetics": {one.kinetics: _brief(one) for one in (found, *others) if one.widened == 1},
            "recovery": [_recovery(one) for one in recovered],
        },
        "manifest": manifest(found),
    }


def manifest(found: MechanismScores) -> dict[str, Any]:
    """Hashes of the choice of data, of every study's record, of each model and of the priors; ``frozen`` hashes all.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms.scoring import score_mechanisms
    >>> made = manifest(score_mechanisms())
    >>> made["seed"], len(made["frozen"])
    (1, 64)
    """
    studies = [trial.study for trial in (*found.fitted, *found.held_out)]
    content: dict[str, Any] = {
        "data": {"outcomes.yaml": _digest(text())},
        "studies": {name: _digest(registry().study(name).model_dump_json()) for name in studies},
        "models": {one.name: model(f"{found.kinetics}+{one.name}").hash for one in found.mechanisms},
        "overrides": {one.name: hypothesis(f"{found.kinetics}+{one.name}").overrides for one in found.mechanisms},
        "improvements": {
            name: _digest(dumps([[round(share, 6) for share in trial.tolist()] for trial in shares]))
            for name, shares in found.improvements.items()
        },
        "priors": _digest(repr((UNKNOWNS, TERMS))),
        "widened": found.widened,
        "seed": found.seed,
        "versions": {name: version(name) for name in _MADE_WITH},
    }
    return {**content, "frozen": _digest(dumps(content, sort_keys=True))}


def _mechanism(found: MechanismScores, one: Mechanism) -> dict[str, Any]:
    inside, told = one.coverage
    return {
        **_of(found, one),
        "coverage": {f"{LEVEL:g}": inside / told if told else None},
        "coverage_of": told,
        "gain": dict(zip(("median", "low", "high"), one.gain, strict=True)),
        "tau": dict(zip(("median", "low", "high"), one.tau, strict=True)),
        "fitted_log_density": one.fitted_log_density,
        "held_out": {
            trial.label: {
                "log_density": float(density),
                "outcomes": [
                    {
                        "outcome": made.outcome.outcome,
                        "quantity": made.outcome.quantity,
                        "predicted": made.mean,
                        "low": made.low,
                        "high": made.high,
                        "inside": made.inside,
                    }
                    for made in outcomes
                ],
            }
            for trial, density, outcomes in zip(found.held_out, one.log_densities, one.predicted, strict=True)
        },
    }


def _of(found: MechanismScores, one: Mechanism) -> dict[str, Any]:
    delta, error = found.delta(one.name)
    return {
        "elpd": one.elpd,
        "elpd_se": one.elpd_se,
        "delta_to_placebo_only": delta,
        "delta_se": error,
        "beyond_two_standard_errors": is_beyond_two_errors(delta, error),
        "distinguishable": found.is_distinguishable(one.name),
    }


def _brief(found: MechanismScores) -> dict[str, Any]:
    return {one.name: _of(found, one) for one in found.mechanisms if one.name != PLACEBO_ONLY}


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "study": trial.study,
        "label": trial.label,
        "role": trial.role,
        "regimen": trial.regimen,
        "weeks": trial.weeks,
        "reason": trial.reason,
        "outcomes": [
            {
                "outcome": one.outcome,
                "quantity": one.quantity,
                "known": one.known,
                "value_sd": None if one.known == "not significant" else one.value,
                "standard_error": one.standard_error,
            }
            for one in trial.differences
        ],
    }


def _control(arm: Arm) -> dict[str, Any]:
    assert arm.trial.control is not None
    return {
        "study": arm.trial.study,
        "weeks": arm.trial.control.weeks,
        "observed_fall": arm.trial.control.fall,
        "predicted_fall": arm.predicted,
        "low": arm.low,
        "high": arm.high,
        "inside": arm.inside,
        "log_density": arm.log_density,
    }


def _recovery(one: Recovery) -> dict[str, Any]:
    return {
        "names": list(one.names),
        "best": one.best.tolist(),
        "told_from_placebo_only": dict(one.told_from_placebo),
        "data_sets": one.data_sets,
        "people_times": one.larger,
        "gain": GAIN,
        "tau": TAU,
        "seed": one.seed,
    }


def _digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()
