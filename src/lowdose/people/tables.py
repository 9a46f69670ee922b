"""Virtual people as a file and as a summary: units, sources, status and what was turned away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lowdose.errors import InvalidInput
from lowdose.files import write_whole
from lowdose.model import parameters
from lowdose.people.adherence import pattern
from lowdose.people.covariates import relation_set
from lowdose.people.differences import variability
from lowdose.people.populations import UNITS
from lowdose.people.virtual import People

if TYPE_CHECKING:
    import pyarrow

SCHEMA = "lowdose.people/1"
_FOLLOWS = {
    "weight": "BMI times height squared",
    "crcl": "Cockcroft and Gault 1976, weight above the ideal counted at 0.4 (from memory)",
}
_QUANTILES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}


def table(people: People) -> pyarrow.Table:
    """One row a person: number, status, redraws, covariates, and the parameters in which persons differ.

    ``status`` is 0 for who was plausible at the first draw, 1 for who was drawn again (``redraws`` times). Each
    column says its unit and source in its metadata; the table says how it was made.

    Examples
    --------
    >>> from lowdose.people import make
    >>> table(make(3)).column_names[:5]
    ['person', 'status', 'redraws', 'age', 'sex']
    """
    import pyarrow

    redraws = people.all_redraws
    columns: dict[str, Any] = {
        "person": np.arange(people.persons.start, people.persons.stop, dtype=np.int64),
        "status": (redraws > 0).astype(np.int32),
        "redraws": redraws.astype(np.int32),
        **people.columns,
        **people.parameters,
    }
    about = {name: _about(people, name) for name in columns}
    arrays = [pyarrow.array(values) for values in columns.values()]
    fields = [
        pyarrow.field(name, array.type, metadata=about[name] or None)
        for name, array in zip(columns, arrays, strict=True)
    ]
    metadata = {"schema": SCHEMA, "people": json.dumps(_made(people), ensure_ascii=False)}
    return pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields, metadata=metadata))


def write(people: People, path: Path) -> Path:
    """Write the table as Parquet, whole or not at all.

    Raises
    ------
    InvalidInput
        If the name does not end in .parquet, or the file cannot be written.

    Examples
    --------
    >>> from lowdose.people import make
    >>> write(make(3), Path("people.csv"))
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: people cannot be written as '.csv'
      where: people.csv
      remedy: end the name in .parquet
    """
    import pyarrow
    import pyarrow.parquet

    if path.suffix != ".parquet":
        raise InvalidInput(
            f"people cannot be written as {path.suffix!r}", where=str(path), remedy="end the name in .parquet"
        )
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table(people), sink, compression="zstd")
    return write_whole(path, sink.getvalue().to_pybytes())


def document(people: People) -> dict[str, Any]:
    """How the people were made, what was turned away, and what came out: one JSON object.

    Examples
    --------
    >>> from lowdose.people import make
    >>> found = document(make(50, population="fibromyalgia"))
    >>> found["schema"], found["shares"]["women"]
    ('lowdose.people/1', 1.0)
    """
    numbers = {name: values for name, values in people.columns.items() if UNITS[name]} | people.parameters
    units = UNITS | {symbol: parameters()[symbol].unit for symbol in people.parameters}
    liver = people.columns["child_pugh"]
    return {
        "schema": SCHEMA,
        **_made(people),
        "shares": {
            "women": float(np.mean(people.columns["sex"] == "F")),
            **{f"child_pugh_{letter}": float(np.mean(liver == letter)) for letter in "ABC"},
        },
        "columns": {name: _summary(np.asarray(values, np.float64), units[name]) for name, values in numbers.items()},
        "correlations": {
            f"{first}–{second}": _correlation(numbers[first], numbers[second])
            for first, second in (
                ("age", "crcl"),
                ("height", "weight"),
                ("weight", "crcl"),
                ("CL", "V1"),
                ("V1", "V1m"),
            )
        },
        "caveats": list(people.caveats),
    }


def _made(people: People) -> dict[str, Any]:
    from importlib.metadata import version

    table = {symbol: p.model_dump(mode="json") for symbol, p in parameters().items() if p.between_person is not None}
    return {
        "lowdose": version("lowdose"),
        "command": people.command,
        "people": len(people),
        "first": people.persons.start,
        "inputs": people.identity,
        "between_person": _fingerprint(table),
        "relations": relation_set(people.relations).model_dump(mode="json"),
        "adherence": pattern(people.adherence).model_dump(mode="json"),
        "occasions": [one.model_dump(mode="json") for one in variability().occasions] if people.occasions else [],
        "rejections": [
            {
                "quantity": one.bound.quantity,
                "low": one.bound.low,
                "high": one.bound.high,
                "unit": one.bound.unit,
                "rejected": one.count,
                "of_draws": one.draws,
                "most_rejected": one.bound.most_rejected,
                "source": one.bound.source,
            }
            for one in people.rejections
        ],
        "drawn_again": int((people.all_redraws > 0).sum()),
    }


def _fingerprint(content: Any) -> str:
    from hashlib import sha256

    return sha256(json.dumps(content).encode()).hexdigest()


def _about(people: People, name: str) -> dict[str, str]:
    if name in people.parameters:
        parameter = parameters()[name]
        spread = parameter.between_person
        assert spread is not None
        words = f"{parameter.source}; between persons: {spread.source}"
        return {"unit": parameter.unit, "source": words, "provenance": spread.provenance}
    if name not in UNITS:
        return {}
    drawn = {"sex": people.population.women, "child_pugh": people.population.cirrhosis, "age": people.population.age}
    by_sex = getattr(people.population, name, None) if name in ("height", "bmi", "serum_creatinine") else None
    one = drawn.get(name) or (by_sex and (by_sex.F or by_sex.M))
    if one is None:
        return {"unit": UNITS[name], "source": _FOLLOWS[name], "provenance": "derived"}
    return {"unit": UNITS[name], "source": one.source, "provenance": one.provenance}


def _summary(values: Any, unit: str) -> dict[str, Any]:
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else None
    return {
        "unit": unit,
        "mean": mean,
        "sd": sd,
        "cv": None if sd is None or mean == 0 else sd / mean,
        **{name: float(np.quantile(values, share)) for name, share in _QUANTILES.items()},
    }


def _correlation(first: Any, second: Any) -> float | None:
    """Of the values; None where one of them does not vary."""
    if len(first) < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])
