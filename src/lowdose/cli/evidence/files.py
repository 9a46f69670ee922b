"""``lowdose evidence check [FOLDER]`` and ``lowdose evidence export FOLDER``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("check")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object.")
def check(folder: Path | None, json_wanted: bool) -> None:
    """Check the data: ids, units, directions of scales, numbers, arithmetic, references.

    FOLDER holds studies of your own in the same layout; without it the package's data are checked. Leaves with 3 where
    there are errors.
    """
    from lowdose.cli.evidence.layout import as_json, say
    from lowdose.evidence.checks.check import check as run
    from lowdose.evidence.exports.documents import check_page
    from lowdose.evidence.records.registry import registry

    known = registry(folder)
    issues = run(known)
    errors = sum(issue.level == "error" for issue in issues)
    if json_wanted:
        as_json(check_page(issues, known))
    else:
        for issue in issues:
            say(str(issue))
        notes = len(issues) - errors
        say(f"{known.name}: {len(known.studies)} studies checked, {_count(errors, 'error')}, {_count(notes, 'note')}")
    if errors:
        click.get_current_context().exit(3)


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT",
    help="csv, parquet, json-ld, csl, bibtex or json; may be given again  [default: all].",
)
def export(folder: Path, formats: tuple[str, ...]) -> None:
    """Write the data set into FOLDER for other programs: CSV, Parquet, JSON-LD, CSL-JSON, BibTeX, JSON."""
    from lowdose.evidence.exports.export import FORMATS
    from lowdose.evidence.exports.export import export as write

    for path in write(folder, formats or FORMATS):
        click.echo(path)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
