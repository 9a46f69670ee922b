"""Rival kinetics of receptor occupancy, scored on human scans by leaving one study out."""

from lowdose.calibrate.occupancy.document import document, manifest
from lowdose.calibrate.occupancy.rivals import Rival, rival, rivals
from lowdose.calibrate.occupancy.scoring import READINGS, Fold, Score, Scores, score

__all__ = ["READINGS", "Fold", "Rival", "Score", "Scores", "document", "manifest", "rival", "rivals", "score"]
