"""How evidence looks in a terminal: tables that align, what is recalled marked, where everything comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.table import Table

    from lowdose.evidence.records.schema import Study


def as_json(document: Mapping[str, Any]) -> None:
    """Print a document of the evidence room; null where a number is too large to be written."""
    from json import dumps

    click.echo(dumps(_writable(document), indent=2, ensure_ascii=False, allow_nan=False))


def _writable(value: Any) -> Any:
    """JSON has no infinity."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _writable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(one) for one in value]
    return value


def as_csv(studies: Iterable[Study]) -> None:
    """Print one CSV row a study."""
    from lowdose.evidence.exports.export import csv_text
    from lowdose.evidence.exports.flat import study_table

    click.echo(csv_text(study_table(studies)), nl=False)


def table(*columns: str, title: str = "", right: Sequence[str] = (), whole: Sequence[str] = ()) -> Table:
    """A table in the house style; ``right`` columns hold numbers, ``whole`` ones are never broken over lines."""
    from rich import box
    from rich.table import Table

    made = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        header_style="bold",
        title=title or None,
        title_justify="left",
        title_style="bold",
    )
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", no_wrap=name in whole, overflow="fold")
    return made


def say(*lines: object) -> None:
    """Print lines and tables; text is escaped, so brackets of the data are no markup."""
    from rich.markup import escape

    from lowdose.cli.terminal import show

    for line in lines:
        show(escape(line) if isinstance(line, str) else line)


def heading(text: str) -> None:
    """A line in bold, after an empty one."""
    from rich.markup import escape

    from lowdose.cli.terminal import show

    show("", f"[bold]{escape(text)}[/bold]")


def footing(*texts: object, provisional: bool = True) -> None:
    """The legend, where anything shown was recalled, and how far to trust what is ours."""
    from lowdose.evidence.records.labels import LEGEND, RECALLED
    from lowdose.evidence.records.registry import registry

    if any(RECALLED in str(text) for text in texts):
        say(LEGEND)
    if provisional:
        standing = registry().meta.standing
        say(f"{standing[0].upper()}{standing[1:]}.")


def cells(values: Iterable[object]) -> list[str]:
    """A row as text: escaped, with a dash where nothing is known."""
    from rich.markup import escape

    return [escape(str(value)) if value not in (None, "") else "–" for value in values]


def study_cells(study: Study) -> tuple[str, ...]:
    """A study in a list: id, design, people, mg a day, risk of bias; a mark on what is recalled."""
    from lowdose.evidence.lookup.find import is_recalled
    from lowdose.evidence.records.labels import RECALLED, dose_words

    count = study.n.took_part
    parts = (
        (study.id, "citation"),
        (study.design, "design"),
        ("–" if count is None else str(count), "people"),
        (dose_words(study).removesuffix(" mg"), "intervention.dose_mg_per_day"),
    )
    marked = (f"{text}{RECALLED if is_recalled(study, field) else ''}" for text, field in parts)
    return (*marked, study.rob.overall)
