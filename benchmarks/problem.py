"""What is solved: a frozen model, people drawn one by one, 12 weeks of nightly doses, every hour put out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from lowdose.engine.sbml import Description, read
from lowdose.people.streams import standard_normal

MODELS = Path(__file__).with_name("models")
SPREAD = 0.3
SEED = 34
DAY = 24.0
MOST = 32
"""People whose parameters the peers keep at hand."""
ABSOLUTE = 1e-3
"""Absolute tolerance over relative tolerance, the same for every engine."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One model under the protocol.

    Attributes
    ----------
    name : str
        Its name in ``models/index.yaml``.
    sbml : str
        The frozen text, the same for every engine.
    description : Description
        The same, read.
    target : str
        State that receives the dose.
    amount : float
        Of each dose, in the unit of the target.
    individual : tuple of str
        Parameters that differ between people.
    nights : int
        Number of doses; the first at time 0, one every 24 hours.
    """

    name: str
    sbml: str
    description: Description
    target: str
    amount: float
    individual: tuple[str, ...]
    nights: int = 84

    @property
    def states(self) -> tuple[str, ...]:
        """All of them are put out."""
        return tuple(self.description.rates)

    @property
    def dosed(self) -> int:
        """Position of the target among the states."""
        return self.states.index(self.target)

    @property
    def times(self) -> NDArray[np.float64]:
        """Every hour, both ends included."""
        return np.arange(DAY * self.nights + 1.0)

    @property
    def away_from_doses(self) -> NDArray[np.bool_]:
        """The output times at which no dose falls: there, before and after is not a matter of convention."""
        return (self.times % DAY != 0.0) | (self.times == self.times[-1])

    def parameters(self, people: int) -> dict[str, NDArray[np.float64]]:
        """The individual parameters of the first ``people`` persons; more people do not change the first ones."""
        return {
            name: self.description.parameters[name]
            * np.exp(SPREAD * standard_normal(SEED, f"benchmark/{name}", range(people)))
            for name in self.individual
        }

    def person(self, number: int) -> dict[str, float]:
        """The individual parameters of one person."""
        return {name: float(values[number]) for name, values in self.parameters(number + 1).items()}


def index() -> dict[str, dict[str, object]]:
    """The list of frozen models."""
    return dict(yaml.safe_load((MODELS / "index.yaml").read_text(encoding="utf-8")))


@cache
def problem(name: str, nights: int = 84) -> Problem:
    """A frozen model under the protocol; refused where its file is not the one of the index."""
    entry = index()[name]
    content = (MODELS / str(entry["file"])).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != entry["sha256"]:
        raise ValueError(f"models/{entry['file']} has SHA-256 {found}, the index says {entry['sha256']}")
    sbml = content.decode()
    individual = tuple(entry["individual"])  # type: ignore[arg-type]
    return Problem(name, sbml, read(sbml), str(entry["target"]), float(entry["amount"]), individual, nights)  # type: ignore[arg-type]
