"""What a run gives: labelled arrays with units, metrics, files."""

from lowdose.results.ensemble import KIND_WORDS, Ensemble, Kind, Record
from lowdose.results.metrics import Metric, Timing
from lowdose.results.result import Result

__all__ = ["KIND_WORDS", "Ensemble", "Kind", "Metric", "Record", "Result", "Timing"]
