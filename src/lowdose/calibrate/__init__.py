"""Data beside the model's own prediction of them, and what can be learned from them."""

from lowdose.calibrate.maximum import Maximum, maximum_a_posteriori
from lowdose.calibrate.observations import observations, scans, study
from lowdose.calibrate.population import Population
from lowdose.calibrate.problem import NotEnoughKnown, Problem, Unknown
from lowdose.calibrate.sampling import Diagnostics, Sample, sample
from lowdose.calibrate.validation import Comparison, ScanComparison, Validation, validate

__all__ = [
    "Comparison",
    "Diagnostics",
    "Maximum",
    "NotEnoughKnown",
    "Population",
    "Problem",
    "Sample",
    "ScanComparison",
    "Unknown",
    "Validation",
    "maximum_a_posteriori",
    "observations",
    "sample",
    "scans",
    "study",
    "validate",
]
