"""Results as files: Parquet, CSV, NetCDF, JSON; and the records and rows another tool needs to recompute them."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowdose import engine
from lowdose.errors import InvalidInput
from lowdose.results.document import document
from lowdose.results.ensemble import Ensemble
from lowdose.results.result import Result
from lowdose.results.trajectories import table

if TYPE_CHECKING:
    import pyarrow

FORMATS = (".parquet", ".csv", ".json", ".nc")


def save(result: Result, path: Path) -> Path:
    """Write every trajectory (Parquet, CSV, NetCDF) or the metrics document (JSON), by the file's ending.

    Raises
    ------
    InvalidInput
        If the ending is none of ``FORMATS`` or the folder does not exist.

    Examples
    --------
    >>> FORMATS
    ('.parquet', '.csv', '.json', '.nc')
    """
    check_ending(path)
    check_folder(path)
    if path.suffix == ".json":
        path.write_text(json.dumps(document(result), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    elif path.suffix == ".nc":
        result.dataset.to_netcdf(path, engine="scipy")
    elif path.suffix == ".csv":
        import pyarrow.csv

        pyarrow.csv.write_csv(_table(result), path)
    else:
        import pyarrow.parquet

        pyarrow.parquet.write_table(_table(result), path, compression="zstd")
    return path


def _table(result: Result) -> pyarrow.Table:
    return table(result.ensembles, result.outputs, result.about)


def check_ending(path: Path) -> None:
    """Refuse a name that no format belongs to, before any work is done.

    Examples
    --------
    >>> check_ending(Path("results.xlsx"))
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: results cannot be written as '.xlsx'
      where: results.xlsx
      remedy: end the name in .parquet, .csv, .json or .nc
    """
    if path.suffix not in FORMATS:
        raise InvalidInput(
            f"results cannot be written as {path.suffix!r}",
            where=str(path),
            remedy=f"end the name in {', '.join(FORMATS[:-1])} or {FORMATS[-1]}",
        )


def check_folder(path: Path) -> None:
    """Refuse a file whose folder is not there or cannot be written, before any work is done.

    Examples
    --------
    >>> check_folder(Path("nowhere-at-all") / "report.html")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: there is no folder ...nowhere-at-all
      where: nowhere-at-all...report.html
      remedy: make it first
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InvalidInput(f"there is no folder {folder}", where=str(path), remedy="make it first")
    if not os.access(folder, os.W_OK):
        raise InvalidInput(f"the folder {folder} cannot be written", where=str(path), remedy="choose another folder")


def write_records(result: Result, path: Path) -> Path:
    """Write the event records of every person, NONMEM names: KIND ID TIME EVID AMT CMT F RATE PARAMETER VALUE.

    EVID 1 is a dose into the state named by CMT; EVID 2 sets PARAMETER to VALUE from TIME on.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose import simulate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(write_records(simulate("50 mg once"), Path(folder) / "events.csv").read_text().splitlines()[1])
    typical,0,0.0,1,50.0,capsule,1.0,0,,
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["KIND", "ID", "TIME", "EVID", "AMT", "CMT", "F", "RATE", "PARAMETER", "VALUE"])
        for ensemble in result.ensembles:
            for person, records in enumerate(ensemble.records):
                for record in records:
                    writer.writerow([ensemble.kind, person, *_record_row(record, ensemble, person)])
    return path


def _record_row(record: engine.Dose | engine.Change, ensemble: Ensemble, person: int) -> list[Any]:
    if isinstance(record, engine.Change):
        return [repr(record.time), 2, "", "", "", "", record.parameter, repr(record.value)]
    available = record.bioavailability
    if isinstance(available, str):
        available = float(ensemble.parameters[available][person])
    return [repr(record.time), 1, repr(record.amount), record.target, repr(available), 0, "", ""]


def write_individuals(result: Result, path: Path) -> Path:
    """Write one row of parameters a person: KIND, ID, then every parameter of the model in its unit.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose import simulate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(write_individuals(simulate("50 mg once"), Path(folder) / "p.csv").read_text()[:18])
    KIND,ID,ACTH0,BE0,
    """
    symbols = sorted(result.typical.parameters)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["KIND", "ID", *symbols])
        for ensemble in result.ensembles:
            for person in range(len(ensemble.parameters[symbols[0]])):
                row = [repr(float(ensemble.parameters[symbol][person])) for symbol in symbols]
                writer.writerow([ensemble.kind, person, *row])
    return path
