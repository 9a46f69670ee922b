"""Data beside the model's own prediction of them."""

from lowdose.calibrate.observations import observations, scans, study
from lowdose.calibrate.validation import Comparison, ScanComparison, Validation, validate

__all__ = ["Comparison", "ScanComparison", "Validation", "observations", "scans", "study", "validate"]
