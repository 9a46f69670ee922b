"""A table of your own as entries to pool: one row a study, as CSV in UTF-8."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

from lowdose.errors import InvalidInput
from lowdose.evidence.pools.effects.sizes import arm_means, events, without_a_ratio
from lowdose.evidence.pools.entry import Entry, Gathered, Unusable
from lowdose.evidence.pools.numbers import OF_EVENTS, RATIOS, EffectSize, Measure, counts
from lowdose.evidence.pools.rules.numbers import plausible, zero_cells

LARGEST = 20 * 2**20
"""Bytes of a table; a table of studies has some thousand."""
Form = Literal["events", "final", "generic"]
FORMS: Mapping[Form, tuple[str, ...]] = {
    "events": ("e1", "n1", "e2", "n2"),
    "final": ("mean1", "sd1", "n1", "mean2", "sd2", "n2"),
    "generic": ("estimate", "se"),
}
"""Columns beside ``study``: events and totals, means, or estimates with standard errors (logarithms, for RR and OR)."""
OPTIONAL = ("year", "group", "measure")
_GIVES: Mapping[Form, tuple[Measure, ...]] = {
    "events": OF_EVENTS,
    "final": ("MD", "SMD"),
    "generic": ("generic", "MD", "SMD", "RR", "OR", "RD"),
}
_WRITTEN = "study,e1,n1,e2,n2 or study,mean1,sd1,n1,mean2,sd2,n2 or study,estimate,se"


def read_table(path: Path | str, measure: Measure | None = None) -> tuple[Entry, ...]:
    r"""Read the studies of a table that can be pooled; `gather_table` also has those that can tell no ratio.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "arms.csv"
    ...     _ = file.write_text("study,e1,n1,e2,n2\nSmith 2011,15,18,6,16\n")
    ...     made = read_table(file)
    >>> made[0].label, made[0].measure, round(math.exp(made[0].estimate), 2)
    ('Smith 2011', 'RR', 2.22)
    """
    return gather_table(path, measure)[1].entries


def gather_table(path: Path | str, measure: Measure | None = None) -> tuple[Measure, Gathered]:
    r"""Read a table: its measure, its entries, and the studies that tell no ratio since nobody had the event.

    Parameters
    ----------
    path : path
        CSV with the columns ``study,e1,n1,e2,n2`` or ``study,mean1,sd1,n1,mean2,sd2,n2`` or ``study,estimate,se``, and
        if wanted ``year``, ``group`` and ``measure``. Estimates of RR and OR are logarithms.
    measure : str, optional
        What to compute; else the column ``measure``, else RR, MD or the estimates as they are.

    Raises
    ------
    InvalidInput
        If the file cannot be read, a column is missing or a number cannot be; the message names row and column.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "arms.csv"
    ...     _ = file.write_text("study,e1,n1,e2,n2\nSmith 2011,15,18,6,16\nNone 2012,0,9,0,9\n")
    ...     measure, found = gather_table(file)
    >>> measure, len(found.entries), found.unusable[0].why
    ('RR', 1, 'nobody in either arm had the event: no ratio can be told')
    """
    path = Path(path)
    rows = _rows(_text(path), path.name)
    form = _form(rows, path.name)
    wanted = _measure(rows, form, measure, path.name)
    seen: dict[str, int] = {}
    made: list[Entry] = []
    unusable: list[Unusable] = []
    for number, row in rows:
        where = f"{path.name}, row {number}"
        name = (row["study"] or "").strip()
        if not name:
            raise InvalidInput("the study has no name", where=f"{where}, column study", remedy="name every study")
        if name in seen:
            what = f"{name} comes twice, in row {seen[name]} and row {number}"
            raise InvalidInput(what, where=where, remedy="one row a study; name its arms apart if they differ")
        seen[name] = number
        one = _read(row, name, form, wanted, where)
        if isinstance(one, Entry):
            made.append(one)
        else:
            unusable.append(one)
    unused = [column for column in rows[0][1] if column not in ("study", *FORMS[form], *OPTIONAL)]
    said = [f"not used: {', '.join(unused)}"] if unused else []
    if form == "generic" and wanted in RATIOS:
        said.append(f"the estimates were read as logarithms of {wanted}")
    return wanted, Gathered(tuple(made), tuple(unusable), notes=(*said, *remarks(made)))


def remarks(entries: Sequence[Entry]) -> tuple[str, ...]:
    """What the rules say of a table: implausible numbers, zero cells.

    Examples
    --------
    >>> remarks([Entry("a", "A 2024", 2024, "SMD", -10.77, 2.65)])
    ('A 2024: a difference of 10.77 standard deviations is not plausible',)
    """
    labels = {entry.study: entry.label for entry in entries}
    return tuple(f"{labels[one.study]}: {one.reason}" for one in (*plausible(entries), *zero_cells(entries)))


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            what = f"the table has {size / 2**20:.0f} MB, more than {LARGEST // 2**20}"
            raise InvalidInput(what, where=path.name, remedy="one row a study; is it the right file?")
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"the table cannot be read: {error.strerror}", where=str(path)) from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InvalidInput("the table is UTF-16, not UTF-8", where=path.name, remedy="save it as CSV UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        what = "the table is not UTF-8: perhaps Latin-1 or Windows-1252"
        raise InvalidInput(what, where=f"{path.name}, row {row}", remedy="save it as CSV UTF-8") from error
    if "\0" in text:
        raise InvalidInput("this is no text", where=path.name, remedy="save the table as CSV UTF-8")
    return text


def _rows(text: str, name: str) -> list[tuple[int, dict[str, str]]]:
    """Numbered rows (the header is row 1) by lower-case column."""
    try:
        lines = [
            (at, cells)
            for at, cells in enumerate(csv.reader(io.StringIO(text, newline=None), strict=True), 1)
            if any(cells)
        ]
    except csv.Error as error:
        raise InvalidInput(f"the table is not CSV: {error}", where=name, remedy=f"columns: {_WRITTEN}") from error
    if not lines:
        raise InvalidInput("the table is empty", where=name, remedy=f"columns: {_WRITTEN}")
    header = [cell.strip().lower() for cell in lines[0][1]]
    if len(header) == 1 and any(sign in header[0] for sign in ";\t|"):
        raise InvalidInput(
            "columns are not separated by commas", where=f"{name}, row 1", remedy="save it as CSV, commas"
        )
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise InvalidInput(f"the column {twice[0]!r} comes twice", where=f"{name}, row 1", remedy="keep one of them")
    rows = []
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            what = f"{len(cells)} cells under {len(header)} columns"
            raise InvalidInput(what, where=f"{name}, row {number}", remedy="write a decimal point, not a comma")
        rows.append((number, dict(zip(header, cells, strict=True))))
    if "study" not in header:
        raise InvalidInput("the column 'study' is missing", where=f"{name}, row 1", remedy=f"columns: {_WRITTEN}")
    if not rows:
        raise InvalidInput("the table has no study", where=name, remedy="write one row a study under the columns")
    return rows


def _form(rows: Sequence[tuple[int, Mapping[str, str]]], name: str) -> Form:
    header = set(rows[0][1])
    for form, columns in FORMS.items():
        if header >= set(columns):
            return form
    near = max(FORMS.values(), key=lambda columns: len(header & set(columns)) / len(columns))
    missing = [column for column in near if column not in header]
    if len(missing) == len(near):
        raise InvalidInput("no column of numbers is known", where=f"{name}, row 1", remedy=f"columns: {_WRITTEN}")
    what = f"{'columns' if len(missing) > 1 else 'column'} {', '.join(missing)} missing"
    raise InvalidInput(what, where=f"{name}, row 1", remedy=f"columns: {_WRITTEN}")


def _measure(rows: Sequence[tuple[int, Mapping[str, str]]], form: Form, measure: Measure | None, name: str) -> Measure:
    asked = {value.strip() for _, row in rows if (value := row.get("measure", "")).strip()}
    if measure is None and len(asked) > 1:
        what = f"{' and '.join(sorted(asked))} cannot be pooled together"
        raise InvalidInput(what, where=f"{name}, column measure", remedy="one measure a table")
    known = {one.upper(): one for one in get_args(Measure)}
    word = measure or (asked.pop() if asked else _GIVES[form][0])
    found: Measure | None = known.get(word.upper())
    if found not in _GIVES[form]:
        raise InvalidInput(f"these columns give no {word}", where=name, remedy=f"they give {' or '.join(_GIVES[form])}")
    return found


def _read(row: Mapping[str, str], name: str, form: Form, measure: Measure, where: str) -> Entry | Unusable:
    values = {column: _number(row[column], f"{where}, column {column}") for column in FORMS[form]}
    year = row.get("year", "").strip()
    when = _year(year, f"{where}, column year") if year else 0
    try:
        table = counts(*(values[column] for column in FORMS["events"])) if form == "events" else None
        if table and measure in RATIOS and (why := without_a_ratio(table)):
            return Unusable(name, name, when, f"{why}: no ratio can be told", n=table[1] + table[3], seen=True)
        effect = _effect(values, form, measure)
    except InvalidInput as error:
        raise InvalidInput(f"{name}: {error.what}", where=where, remedy=error.remedy) from error
    return Entry(
        study=name,
        label=name,
        year=when,
        measure=measure,
        estimate=effect.estimate,
        variance=effect.variance,
        kind=form,
        tag="own table",
        n_treated=int(values["n1"]) if "n1" in values else None,
        n_control=int(values["n2"]) if "n2" in values else None,
        events=table,
        group=row.get("group", "").strip(),
        note=effect.note,
    )


def _effect(values: Mapping[str, float], form: Form, measure: Measure) -> EffectSize:
    if form == "events":
        return events(**values, measure=measure)
    if form == "final":
        return arm_means(**values, measure=measure)
    if values["se"] <= 0:
        raise InvalidInput(f"se is {values['se']:g}", remedy="a standard error is above zero")
    return EffectSize(measure, values["estimate"], values["se"] ** 2)


def _year(cell: str, where: str) -> int:
    year = _number(cell, where)
    if year != int(year):
        raise InvalidInput(f"{cell!r} is not a year", where=where, remedy="write four digits, such as 2013")
    return int(year)


def _number(cell: str, where: str) -> float:
    text = cell.strip().replace("−", "-")
    if not text:
        raise InvalidInput("a number is missing", where=where, remedy="fill it in, or leave the study out")
    try:
        number = float(text.replace("_", "no number"))  # Python reads 1_0 as 10
    except ValueError:
        comma = "; write a decimal point, not a comma" if "," in text else ""
        raise InvalidInput(f"{cell!r} is not a number", where=where, remedy=f"write digits{comma}") from None
    if not math.isfinite(number):
        raise InvalidInput(f"{cell!r} is not a finite number", where=where, remedy="leave the study out")
    return number
