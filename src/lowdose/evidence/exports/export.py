"""The data set as files for others: CSV, Parquet, JSON-LD, CSL-JSON and BibTeX. A file is there whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowdose.errors import InvalidInput
from lowdose.evidence.exports.columns import FlatTable
from lowdose.evidence.exports.flat import tables
from lowdose.evidence.lookup.words import one_of
from lowdose.files import write_whole

if TYPE_CHECKING:
    import pyarrow

    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Citation

FORMATS = ("csv", "parquet", "json-ld", "csl", "bibtex", "json")
_SPELLINGS = {name: name for name in FORMATS} | {"jsonld": "json-ld", "csl-json": "csl", "bib": "bibtex"}


def export(folder: Path, formats: Sequence[str] = FORMATS, *, source: Registry | None = None) -> tuple[Path, ...]:
    """Write the data set into a folder, which is made where it is missing.

    Parameters
    ----------
    folder : Path
        Files of the same names are replaced; others are left alone.
    formats : sequence of str
        Of ``FORMATS``: one CSV and Parquet file a table (with ``columns.csv``: type, unit and meaning of every
        column), ``evidence.jsonld``, ``references.json`` (CSL), ``references.bib``, ``evidence.json`` (everything).
    source : Registry, optional
        What is written; the package's own data when left out.

    Raises
    ------
    InvalidInput
        If the folder cannot be made or written.
    NotFound
        If a format is not known.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in export(Path(folder), ["bibtex", "csl"])]
    ['references.bib', 'references.json']
    """
    if source is None:
        from lowdose.evidence.records.registry import registry

        source = registry()
    names = list(dict.fromkeys(one_of("format", name, _SPELLINGS) for name in formats))
    contents = [made for name in names for made in _MAKERS[name](source)]
    return _written(folder, contents)


def csv_text(table: FlatTable) -> str:
    r"""A table as CSV (RFC 4180): commas, numbers as written, nothing where a value is not known.

    Examples
    --------
    >>> from lowdose.evidence.exports.columns import Column
    >>> columns = (Column("a", "number", "mg", ""), Column("b", "flag", "", ""))
    >>> csv_text(FlatTable("t", columns, ({"a": 4.5, "b": True},)))
    'a,b\r\n4.5,true\r\n'
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(row.get(column.name)) for column in table.columns])
    return text.getvalue()


def arrow(table: FlatTable) -> pyarrow.Table:
    """A table for Arrow and Parquet; unit and meaning of a column are in its field's metadata.

    Examples
    --------
    >>> found = arrow(tables()[0])
    >>> found.schema.field("duration").metadata[b"unit"]
    b'wk'
    """
    import pyarrow

    types = {
        "text": pyarrow.string(),
        "number": pyarrow.float64(),
        "count": pyarrow.int64(),
        "flag": pyarrow.bool_(),
    }
    fields = [
        pyarrow.field(c.name, types[c.kind], metadata={"unit": c.unit, "meaning": c.meaning}) for c in table.columns
    ]
    columns = [
        pyarrow.array([_blank_is_none(row.get(column.name)) for row in table.rows], type=types[column.kind])
        for column in table.columns
    ]
    return pyarrow.Table.from_arrays(columns, schema=pyarrow.schema(fields, metadata={"table": table.name}))


def references(source: Registry) -> list[tuple[str, Citation, bool]]:
    """Every study and review with its citation, and whether that is recalled.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> found = {name: recalled for name, _, recalled in references(registry())}
    >>> found["bruun2024_FINAL"], found["bested2023_fm"]
    (False, True)
    """
    cited = [(study.id, study.citation, study.prov["citation"].tag == "recalled") for study in source.studies.values()]
    return [*cited, *((name, one.citation, one.prov.tag == "recalled") for name, one in source.reviews.items())]


Content = tuple[str, bytes]


def _csv(source: Registry) -> Iterable[Content]:
    made = tables(source)
    for table in made:
        yield f"{table.name}.csv", csv_text(table).encode()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["table", "column", "kind", "unit", "meaning"])
    writer.writerows([table.name, c.name, c.kind, c.unit, c.meaning] for table in made for c in table.columns)
    yield "columns.csv", text.getvalue().encode()


def _parquet(source: Registry) -> Iterable[Content]:
    import pyarrow
    import pyarrow.parquet

    for table in tables(source):
        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(arrow(table), sink, compression="zstd")
        yield f"{table.name}.parquet", sink.getvalue().to_pybytes()


def _json_ld(source: Registry) -> Iterable[Content]:
    from lowdose.evidence.exports.linked import linked

    yield "evidence.jsonld", _json(linked(source))


def _csl(source: Registry) -> Iterable[Content]:
    from lowdose.evidence.exports.citations import csl

    yield "references.json", _json(csl(references(source)))


def _bibtex(source: Registry) -> Iterable[Content]:
    from lowdose.evidence.exports.citations import bibtex

    yield "references.bib", bibtex(references(source)).encode()


def _everything(source: Registry) -> Iterable[Content]:
    from lowdose.evidence.exports.documents import everything

    yield "evidence.json", _json(everything(source))


_MAKERS: dict[str, Callable[[Registry], Iterable[Content]]] = {
    "csv": _csv,
    "parquet": _parquet,
    "json-ld": _json_ld,
    "csl": _csl,
    "bibtex": _bibtex,
    "json": _everything,
}


def make_folder(folder: Path) -> None:
    """Make a folder to write into, where it is not there.

    Raises
    ------
    InvalidInput
        If it cannot be made.

    Examples
    --------
    >>> make_folder(Path("."))
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"the folder cannot be made: {error.strerror or error}", where=str(folder), remedy="choose another folder"
        ) from error


def _written(folder: Path, contents: Sequence[Content]) -> tuple[Path, ...]:
    make_folder(folder)
    return tuple(write_whole(folder / name, content) for name, content in contents)


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _blank_is_none(value: Any) -> Any:
    return None if value == "" else value
