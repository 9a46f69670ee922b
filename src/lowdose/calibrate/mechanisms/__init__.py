"""Rival mechanisms: what the block of receptors does to people, scored on trials that were held out whole."""

from lowdose.calibrate.mechanisms.document import document, manifest
from lowdose.calibrate.mechanisms.experiments import Experiment, experiments, experiments_document
from lowdose.calibrate.mechanisms.recovery import Recovery, recover
from lowdose.calibrate.mechanisms.scoring import Mechanism, MechanismScores, score_mechanisms

__all__ = [
    "Experiment",
    "Mechanism",
    "MechanismScores",
    "Recovery",
    "document",
    "experiments",
    "experiments_document",
    "manifest",
    "recover",
    "score_mechanisms",
]
