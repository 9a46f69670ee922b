"""How long to wait after an opioid, and from when a start is possible."""

from lowdose.safety.washout.earliest import Earliest, Taken, earliest_start

__all__ = ["Earliest", "Taken", "earliest_start"]
