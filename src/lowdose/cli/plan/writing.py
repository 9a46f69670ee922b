"""Files and JSON of plans, and what is said of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lowdose.plan import Plan
    from lowdose.report.paper import Sheet


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan: its JSON, or its page in the form the file's name ends in."""
    from lowdose.files import write_whole

    if path.suffix.lower() == ".json":
        from json import dumps

        write_whole(path, (dumps(plan.document(), indent=2, ensure_ascii=False) + "\n").encode())
        click.echo(f"written: {path}", err=True)
    else:
        from lowdose.report.paper.plan_page import plan_sheet

        draw(plan_sheet(plan), path)


def draw(sheet: Sheet, path: Path) -> None:
    """Write a document and say so."""
    from lowdose.report.paper import write

    for written in write(sheet, path):
        click.echo(f"written: {written}", err=True)


def write_calendar(plan: Plan, path: Path) -> None:
    """Write the calendar of an approved plan and say so."""
    from lowdose.files import write_whole
    from lowdose.plan.outgoing.calendar import calendar

    write_whole(path, calendar(plan))
    click.echo(f"written: {path}", err=True)


def refused_calendar(plan: Plan, path: Path) -> dict[str, Any]:
    """Write the calendar, or say why not: the field of the JSON that names what was asked for and not written."""
    from lowdose.plan import NotApproved
    from lowdose.plan.records.reading import NOT_WRITTEN

    try:
        write_calendar(plan, path)
    except NotApproved as refused:
        older = f" The {path.name} that is there is older and left as it is." if path.exists() else ""
        click.echo(f"not written: {path}\n  {refused.what}.{older}\n  remedy: {refused.remedy}", err=True)
        return {NOT_WRITTEN: [{"file": str(path), "what": f"{refused.what}.{older}", "remedy": refused.remedy}]}
    return {}


def say_written(plan: Plan, path: Path, as_json: bool) -> None:
    """What was written, of which plan and how it stands, as one JSON object."""
    if as_json:
        standing = {"plan": plan.digest, "approved": plan.is_approved, "standing": plan.standing}
        print_json({"schema": "lowdose.plan-written/1", **standing, "written": str(path)})


def print_json(found: dict[str, Any]) -> None:
    """One JSON object."""
    from json import dumps

    click.echo(dumps(found, indent=2, ensure_ascii=False))
