"""Trajectories of all persons side by side, as a table or a dataset with units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lowdose.model import Output
from lowdose.results.ensemble import Ensemble

if TYPE_CHECKING:
    import pyarrow
    import xarray


def table(ensembles: Sequence[Ensemble], outputs: Mapping[str, Output], about: Mapping[str, str]) -> pyarrow.Table:
    """One row for each person and time: kind, person, time_h, then every output; units in the field metadata.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result = simulate("50 mg once")
    >>> table(result.ensembles, result.outputs, {}).column_names[:4]
    ['kind', 'person', 'time_h', 'naltrexone_plasma']
    """
    import pyarrow

    steps = len(ensembles[0].time)
    fields = [
        pyarrow.field("kind", pyarrow.dictionary(pyarrow.int8(), pyarrow.string())),
        pyarrow.field("person", pyarrow.int32()),
        pyarrow.field("time_h", pyarrow.float64(), metadata={"unit": "h"}),
        *(pyarrow.field(n, pyarrow.float64(), metadata={"unit": o.unit}) for n, o in outputs.items()),
    ]
    counts = [len(ensemble.values[next(iter(outputs))]) for ensemble in ensembles]
    kinds = [e.kind for e, count in zip(ensembles, counts, strict=True) for _ in range(count * steps)]
    columns: list[Any] = [
        pyarrow.array(kinds).dictionary_encode().cast(fields[0].type),
        np.concatenate([np.repeat(np.arange(count, dtype=np.int32), steps) for count in counts]),
        np.tile(ensembles[0].time, sum(counts)),
        *(np.concatenate([e.values[name].ravel() for e in ensembles]) for name in outputs),
    ]
    return pyarrow.Table.from_arrays(
        [pyarrow.array(column) if isinstance(column, np.ndarray) else column for column in columns],
        schema=pyarrow.schema(fields, metadata=dict(about)),
    )


def dataset(ensembles: Sequence[Ensemble], outputs: Mapping[str, Output], about: Mapping[str, str]) -> xarray.Dataset:
    """All trajectories as an xarray Dataset: dims (person, time), coordinate ``kind`` along person.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result = simulate("50 mg once")
    >>> dataset(result.ensembles, result.outputs, {})["cortisol"].attrs["units"]
    'ug/dL'
    """
    import xarray

    counts = [len(ensemble.values[next(iter(outputs))]) for ensemble in ensembles]
    return xarray.Dataset(
        {
            name: (
                ("person", "time"),
                np.concatenate([ensemble.values[name] for ensemble in ensembles]),
                {"units": output.unit, "long_name": output.label},
            )
            for name, output in outputs.items()
        },
        coords={
            "time": ("time", ensembles[0].time, {"units": "h", "long_name": "hours after the first scheduled dose"}),
            "kind": ("person", [e.kind for e, n in zip(ensembles, counts, strict=True) for _ in range(n)]),
            "number": ("person", np.concatenate([np.arange(n) for n in counts])),
        },
        attrs=dict(about),
    )
