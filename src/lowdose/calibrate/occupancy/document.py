"""Scores as one document that names all it rests on, so that equal inputs can be told to give equal results."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from json import dumps
from typing import Any

import numpy as np

from lowdose.calibrate.occupancy.engine import model
from lowdose.calibrate.occupancy.likelihood import Hours, Readout, mu_scans
from lowdose.calibrate.occupancy.rivals import Rival
from lowdose.calibrate.occupancy.scoring import LEVELS, READINGS, SETTINGS, Fold, Scores
from lowdose.model import hypothesis_names

_MADE_WITH = ("lowdose", "numpy", "scipy", "emcee", "arviz-stats")


def document(found: Scores) -> dict[str, Any]:
    """Scores for machines: ``occupancy.<rival>`` and the manifest.

    Examples
    --------
    >>> from lowdose.calibrate.occupancy import score
    >>> made = document(score(["training-mean"], hours_too=False))
    >>> {"rmse_points", "rmse_points_relative", "elpd", "elpd_se"} <= set(made["occupancy"]["training-mean"])
    True
    """
    return {
        "occupancy": {name: _rival(found, name) for name in found.names},
        "held_out_studies": [fold.study for fold in found.scores[0].folds],
        "manifest": manifest(found),
    }


def manifest(found: Scores) -> dict[str, Any]:
    """Hashes of the data, of each model and of each prior, the seed, and the versions; ``frozen`` hashes all of it.

    Examples
    --------
    >>> manifest(Scores(1, (), {}))["seed"]
    1
    """
    rivals = {one.rival.name: one.rival for one in found.scores}
    content: dict[str, Any] = {
        "data": {"pet.csv": _digest(files("lowdose.calibrate").joinpath("pet.csv").read_bytes())},
        "rows": len(mu_scans()),
        "models": {name: model(name).hash for name in rivals if name in hypothesis_names()},
        "priors": {name: _digest(repr(rival.unknowns).encode()) for name, rival in rivals.items()},
        "predictions": {name: _digest(_said(rival)) for name, rival in rivals.items()},
        "settings": dict(SETTINGS),
        "seed": found.seed,
        "versions": {name: version(name) for name in _MADE_WITH},
    }
    return {**content, "frozen": _digest(dumps(content, sort_keys=True).encode())}


def _said(rival: Rival) -> bytes:
    """What a rival predicts of every scan at the middle of its priors: all that changes a score changes this."""
    middle = {unknown.name: np.array([unknown.median]) for unknown in rival.unknowns}
    predicted = [Readout(rival, mu_scans(), reading, Hours()).mean(middle)[0] for reading in READINGS]
    return repr(np.round(predicted, 8).tolist()).encode()


def _rival(found: Scores, name: str) -> dict[str, Any]:
    absolute, relative = (found.of(name, reading) for reading in READINGS)
    return {
        "rmse_points": absolute.rmse_points,
        "rmse_points_relative": relative.rmse_points,
        "rmse_points_with_prior": absolute.rmse_points_with_prior,
        "rmse_points_relative_with_prior": relative.rmse_points_with_prior,
        "rmse_points_on_average": absolute.rmse_points_on_average,
        "rmse_points_relative_on_average": relative.rmse_points_on_average,
        "elpd": absolute.elpd,
        "elpd_se": absolute.elpd_se,
        "elpd_sampling_error": absolute.elpd_sampling_error,
        "elpd_relative": relative.elpd,
        "elpd_relative_se": relative.elpd_se,
        "elpd_relative_sampling_error": relative.elpd_sampling_error,
        "coverage": {f"{level:g}": absolute.coverage(level) for level in LEVELS},
        "says": absolute.rival.sentence,
        "priors": _priors(absolute.rival),
        **{one.reading: [_fold(fold) for fold in one.folds] for one in (absolute, relative)},
        "by_hours": [
            {"reading": reading, "rabiner_h": rabiner, "weerts_h": weerts, "rmse_points": list(error)}
            for (rival, reading, rabiner, weerts), error in found.by_hours.items()
            if rival == name
        ],
    }


def _priors(rival: Rival) -> list[Mapping[str, Any]]:
    return [
        {"name": u.name, "unit": u.unit, "median": u.median, "spread": u.spread, "scale": u.scale, "reason": u.reason}
        for u in rival.unknowns
    ]


def _fold(fold: Fold) -> dict[str, Any]:
    return {
        "study": fold.study,
        "scans": [
            {
                "regimen": scan.regimen,
                "hours": scan.hours,
                "seen": scan.occupancy,
                "predicted": predicted,
                "log_density": density,
            }
            for scan, predicted, density in zip(
                fold.scans, fold.predicted.tolist(), fold.log_densities.tolist(), strict=True
            )
        ],
        "rmse_points": fold.rmse_points,
        "log_density_of_all": fold.log_density_of_all,
        "constants": dict(fold.constants),
        "not_identified": list(fold.not_identified),
        "spread_left": dict(fold.spread_left),
        "intervals_90": {name: list(ends) for name, ends in fold.intervals.items()},
        "inside": {f"{level:g}": count for level, count in fold.inside.items()},
        "diagnostics": {
            "r_hat": dict(fold.diagnostics.r_hat),
            "effective_bulk": dict(fold.diagnostics.effective_bulk),
            "effective_tail": dict(fold.diagnostics.effective_tail),
            "drift": dict(fold.diagnostics.drift),
            "agreeing_starts": fold.agreeing_starts,
        },
    }


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
