"""A population too large to keep: one row a person, written part by part into a folder and read back lazily."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import numpy as np

from lowdose.model import parameters
from lowdose.results import stream
from lowdose.results.ensemble import Ensemble
from lowdose.results.metrics import Metric, course_of, measure, per_person, percentiles
from lowdose.results.result import Result, command_line

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.dataset

SCHEMA = "lowdose.population/1"
_IN_MEMORY = 256 * 2**20
"""Bytes of trajectories that are held at a time while a part is made, and of columns while it is read."""
_MOST_IN_A_PART = 2000


@dataclass(frozen=True)
class Population(Result):
    """A result whose persons lie in a folder, one row each; of the trajectories only the typical person's are kept.

    ``metrics`` has quantiles over all persons, taken from the folder one group of columns at a time.
    """

    folder: Path = field(default=Path(), kw_only=True)

    @classmethod
    def of(cls, result: Result, folder: Path) -> Population:
        """The population that a finished folder holds; ``result`` is the typical person's, and says who was drawn."""
        return cls(**{one.name: getattr(result, one.name) for one in fields(Result)}, folder=folder)

    @cached_property
    def table(self) -> pyarrow.dataset.Dataset:
        """One row a person: its number, status, parameters, and every metric as ``<output>.<metric>``; read lazily."""
        return stream.read(self.folder)

    @cached_property
    def metrics(self) -> dict[str, dict[str, Metric]]:
        """``metrics[output][name]``: value for the typical person, quantiles over the population, unit."""
        typical = _of_typical(self)
        columns = [column(output, name) for output, found in typical.items() for name in found]
        at_once = max(1, _IN_MEMORY // (8 * self.people))
        bands: dict[str, Mapping[str, float | None]] = {}
        solved = self.table.to_table(columns=["status"])["status"].to_numpy() == 0
        for first in range(0, len(columns), at_once):
            some = self.table.to_table(columns=columns[first : first + at_once])
            bands |= {name: percentiles(some[name].to_numpy(), solved) for name in some.column_names}
        return {
            output: {
                name: replace(metric, bands={self.drawn: bands[column(output, name)]}) for name, metric in found.items()
            }
            for output, found in typical.items()
        }

    @cached_property
    def failures(self) -> dict[str, dict[int, str]]:
        """Why persons have no result, by person; empty when all went well."""
        import pyarrow.dataset

        failed = pyarrow.dataset.field("failure").is_valid()
        rows = self.table.to_table(columns=["person", "failure"], filter=failed).to_pydict()
        found = dict(zip(rows["person"], rows["failure"], strict=True))
        return {self.drawn: found} if found else {}

    @property
    def command(self) -> str:
        """The command line that makes the population, goes on with it, or shows it again."""
        return streamed(self, self.folder)


def column(output: str, metric: str) -> str:
    """Name of a metric's column.

    Examples
    --------
    >>> column("cortisol", "peak")
    'cortisol.peak'
    """
    return f"{output}.{metric}"


def persons_in_a_part(times: int, outputs: int) -> int:
    """How many persons are solved and written together, so that their trajectories fit into little memory.

    Examples
    --------
    >>> persons_in_a_part(2419, 14)
    990
    """
    return max(1, min(_MOST_IN_A_PART, _IN_MEMORY // (8 * max(1, times * outputs))))


def streamed(result: Result, folder: Path) -> str:
    """The command line that makes a population in a folder, goes on with it, or shows it again.

    Examples
    --------
    >>> from lowdose import simulate
    >>> streamed(simulate("3 mg once"), Path("my people"))
    "lowdose simulate '3 mg once' --hypothesis effect-site --stream 'my people'"
    """
    return f"{command_line(result)} --stream {quote(str(folder))}"


def manifest(result: Result, folder: Path, chunk: int) -> stream.Manifest:
    """What makes a population this one and no other.

    Examples
    --------
    >>> from lowdose import simulate
    >>> manifest(simulate("3 mg once"), Path("here"), 10).run["regimen"]
    '3 mg once'
    """
    from importlib.metadata import version
    from platform import python_version

    run = {
        "lowdose": version("lowdose"),
        "regimen": result.regimen.canonical,
        "doses": _digest([(dose.hours, dose.amount_mg, dose.form.name) for dose in result.regimen.doses]),
        "clock_start": result.clock_start,
        "start": result.start.isoformat() if result.start else None,
        "end_h": result.timing.end,
        "person": asdict(result.person),
        "hypothesis": result.hypothesis.name,
        "model": result.model_hash,
        "parameters": _digest(parameters().model_dump()),
        "overrides": dict(result.overrides),
        "spread": result.drawn,
        "seed": result.seed,
    }
    besides = {"command": streamed(result, folder), "begun_with": {"python": python_version(), "numpy": np.__version__}}
    return stream.Manifest(SCHEMA, result.people, chunk, run, besides)


def _digest(content: Any) -> str:
    """A fingerprint of plain values."""
    return sha256(json.dumps(content).encode()).hexdigest()


def one_row_a_person(result: Result, ensemble: Ensemble, first: int) -> pyarrow.Table:
    """Number, status, parameters and metrics of every person of an ensemble, whose first has the number ``first``.

    A metric is null where it does not exist for a person, and for a person who could not be solved; ``failure``
    then says why.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result = simulate("50 mg once")
    >>> one_row_a_person(result, result.typical, 0)["naltrexone_plasma.tmax"].to_numpy().round(2).tolist()
    [0.8]
    """
    import pyarrow

    solved = ensemble.solved
    people, units = len(solved), {symbol: p.unit for symbol, p in parameters().items()}
    columns: dict[str, Any] = {
        "person": np.arange(first, first + people, dtype=np.int64),
        "status": ensemble.status.astype(np.int32),
        "failure": pyarrow.array([ensemble.failures.get(i) for i in range(people)], pyarrow.string()),
    }
    unit = dict.fromkeys(columns, "")
    for symbol, values in ensemble.parameters.items():
        columns[symbol], unit[symbol] = values, units.get(symbol, "h")
    for output, found in result.metrics.items():
        course = course_of(output, result.outputs[output], result.timing, ensemble)
        for name, metric in found.items():
            values = np.where(solved, per_person(name, course), np.nan)
            columns[column(output, name)], unit[column(output, name)] = values, metric.unit
    arrays = [pyarrow.array(values, from_pandas=True) for values in columns.values()]
    schema = pyarrow.schema(
        pyarrow.field(name, array.type, metadata={"unit": unit[name]} if unit[name] else None)
        for name, array in zip(columns, arrays, strict=True)
    )
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _of_typical(result: Result) -> dict[str, dict[str, Metric]]:
    """Every metric of the typical person, without bands."""
    return {name: measure(name, output, result.timing, result.typical, {}) for name, output in result.outputs.items()}
