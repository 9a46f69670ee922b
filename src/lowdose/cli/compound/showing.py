"""Screen, approve, show and write what was worked out; nothing is written while a rule stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lowdose.cli.options import overrides, professional
from lowdose.errors import SafetyStop

if TYPE_CHECKING:
    from lowdose.pharmacy import Excipient
    from lowdose.pharmacy.records.compounding_record import CompoundingRecord
    from lowdose.pharmacy.records.master import MasterFormulation
    from lowdose.pharmacy.worksheets.titration import Titration
    from lowdose.pharmacy.worksheets.worksheet import Papers

_DRAWN = (".pdf", ".svg", ".png")
_ENDINGS = {
    "outputs": (*_DRAWN, ".txt", ".json"),
    "labels": _DRAWN,
    "prescription_draft": (*_DRAWN, ".txt"),
    "save_master": (".json",),
}


def check_endings(asked: Mapping[str, Any]) -> None:
    """Before anything is worked out: no work is lost to a slip of the pen."""
    from lowdose.errors import InvalidInput

    for name, endings in _ENDINGS.items():
        paths = asked.get(name) or ()
        for path in [paths] if isinstance(paths, Path) else paths:
            where = f"--{name.replace('_', '-').removesuffix('s') if name == 'outputs' else name.replace('_', '-')}"
            if path.suffix.lower() not in endings:
                raise InvalidInput(
                    f"{path.name} cannot be written", where=where, remedy=f"end it in {' '.join(endings)}"
                )
            if not path.parent.is_dir():
                raise InvalidInput(f"there is no folder {path.parent}", where=where, remedy="make it first")
    if asked.get("labels") and not asked["by"]:
        raise click.UsageError("--labels needs --by: labels come only from what a named pharmacist approved")


def stop_for_filler(asked: Mapping[str, Any], filler: Excipient, on: date) -> None:
    """Stop before anything is worked out, where a rule stands against what the rest is filled with."""
    from lowdose.pharmacy.worksheets.screened import keep, screen_filler
    from lowdose.pharmacy.worksheets.view import screen_lines

    by = professional(asked["by"])
    going_on = overrides(asked["reasons"], by)
    found = screen_filler(filler, on, going_on)
    if any(one.is_open for one in found.fired):
        keep(found, "stopped", filler, by=by, overrides=going_on)
        if asked["as_json"]:
            click.echo(_json({"schema": "lowdose.compound/1", "stopped": True, "screens": [found.document()]}))
        else:
            only = {**found.document(), "not_checked": []}
            _say_stopped(screen_lines(only))
        click.get_current_context().exit(found.exit_code)


def finish(asked: Mapping[str, Any], made: Sequence[Papers], *, on: date, found: Titration | None = None) -> None:
    """Screen every batch, approve what passes, show it, write it, and leave with the exit code of the worst screen."""
    from lowdose.pharmacy.worksheets.screened import keep, screen_batches

    by = professional(asked["by"])
    going_on = overrides(asked["reasons"], by)
    allergy = {"yes": True, "no": False}.get(asked["excipient_allergy"])
    papers, screens = screen_batches(
        made, on, excipient_allergy=allergy, overrides=going_on, by=by, at=datetime.now(UTC)
    )
    stopped = any(fired.is_open for one in screens for fired in one.fired)
    _no_version_is_lost(asked, papers)
    _no_rejection_is_lost(
        _place(path, number, papers) for number in range(1, len(papers) + 1) for path in asked["outputs"]
    )
    for one, screen in zip(papers, screens, strict=True):
        outcome = "stopped" if stopped else one.record.standing
        keep(screen, outcome, one.record, by=by, overrides=going_on)
    if not stopped:
        _write_all(asked, papers, found, reviewed=all(one.reviewed for one in screens))
    if asked["as_json"]:
        click.echo(_json(_document(asked, papers, found, stopped=stopped)))
    else:
        _show(papers, found, stopped=stopped)
    if not stopped and not all(one.passes for one in screens):
        _say_not_approved(papers)
    click.get_current_context().exit(max(one.exit_code for one in screens))


def decide(record_file: Path, filled: Path, by: str, on: date | None, outputs: Sequence[Path], as_json: bool) -> None:
    """Fill in a record, screen the batch, decide, write it back, and write it as it is to be filed."""
    from lowdose.pharmacy.records.compounding_record import read_record
    from lowdose.pharmacy.records.filled import fill_in, read_filled
    from lowdose.pharmacy.worksheets.screened import decide as decided_by
    from lowdose.pharmacy.worksheets.screened import keep
    from lowdose.pharmacy.worksheets.view import worksheet_text

    check_endings({"outputs": outputs, "by": by})
    at = datetime.combine(on, time(12), UTC) if on else datetime.now(UTC)
    _no_rejection_is_lost(outputs)
    record = fill_in(read_record(record_file), read_filled(filled))
    who = professional(by)
    assert who is not None  # --by is required
    decided, found = decided_by(record, who, at)
    assert decided.release is not None
    keep(found, decided.release.decision, decided, by=who)
    is_final = decided.release.decision == "rejected"  # kept where it is read from: nobody decides again from there
    if record_file not in outputs and (is_final or not any(one.suffix.lower() == ".json" for one in outputs)):
        outputs = (record_file, *outputs)
    for path in outputs:
        _write_record(decided, None, path, reviewed=found.reviewed)
    click.echo(_json(decided.document()) if as_json else worksheet_text(decided))
    click.get_current_context().exit(0 if decided.is_released else SafetyStop.exit_code)


def _write_record(record: CompoundingRecord, master: MasterFormulation | None, path: Path, *, reviewed: bool) -> None:
    """As its ending says: to be filled in, read, or printed with its master."""
    from lowdose.pharmacy.worksheets.view import worksheet_text

    if path.suffix.lower() == ".txt":
        _write_text(path, worksheet_text(record))
    elif path.suffix.lower() in _DRAWN:
        from lowdose.report.paper.worksheet import worksheet_sheet

        _draw(worksheet_sheet(record, master, reviewed=reviewed), path)
    else:
        _write_text(path, _json(record.document()))


def _place(path: Path, number: int, papers: Sequence[Papers]) -> Path:
    """One file a batch."""
    return path if len(papers) == 1 else path.with_stem(f"{path.stem}-{number}")


def _no_version_is_lost(asked: Mapping[str, Any], papers: Sequence[Papers]) -> None:
    """Before anything is kept or written: a signed master is not overwritten by another of its own version."""
    from lowdose.pharmacy.records.master import check_version, read_master

    for number, one in enumerate(papers, 1):
        place = asked["save_master"] and _place(asked["save_master"], number, papers)
        if place and place.exists():
            check_version(read_master(place), one.master)


def _no_rejection_is_lost(paths: Iterable[Path]) -> None:
    """Before anything is kept or written: the record of a rejected batch is not written over."""
    from lowdose.errors import InvalidInput
    from lowdose.pharmacy.records.compounding_record import read_record

    for path in paths:
        with suppress(InvalidInput):  # no file yet, or none of ours
            read_record(path).open_again()


def _write_all(asked: Mapping[str, Any], papers: Sequence[Papers], found: Titration | None, *, reviewed: bool) -> None:
    for number, one in enumerate(papers, 1):
        for path in asked["outputs"]:
            _write_record(one.record, one.master, _place(path, number, papers), reviewed=reviewed)
        if asked["save_master"]:
            _write_text(_place(asked["save_master"], number, papers), _json(one.master.document()))
    first = papers[0].record
    if asked["labels"] and first.approval is not None:
        from lowdose.report.paper.label import label_sheet
        from lowdose.report.paper.sheet import Approval

        approval = Approval(first.approval.words, first.digest)
        labels = [label for one in papers for label in one.labels]
        _draw(label_sheet(labels, approval, made=first.made_on, reviewed=reviewed), asked["labels"])
    if found is not None and asked["prescription_draft"]:
        path = asked["prescription_draft"]
        if path.suffix.lower() == ".txt":
            _write_text(path, "\n".join(found.prescription.text))
        else:
            from lowdose.report.paper.prescription import prescription_sheet

            _draw(prescription_sheet(found.prescription, reviewed=reviewed), path)


def _show(papers: Sequence[Papers], found: Titration | None, *, stopped: bool) -> None:
    from lowdose.pharmacy.worksheets.view import screen_lines, worksheet_text

    if stopped:
        _say_stopped(line for one in papers for line in screen_lines(one.record.screen))
        return
    if found is not None:
        click.echo("\n".join((*_titration_lines(found), "")))
    click.echo("\n\n".join(worksheet_text(one.record) for one in papers))


def _say_not_approved(papers: Sequence[Papers]) -> None:
    click.echo("\nNot approved: it stays a draft without labels, until these are answered:", err=True)
    asked = [one for each in papers for one in each.record.screen["not_checked"]]
    for line in dict.fromkeys(f"  {one['id']}: {one['settled_by']}" for one in asked):
        click.echo(line, err=True)


def _say_stopped(lines: Iterable[str]) -> None:
    click.echo("STOPPED: no worksheet is written while a rule stands against it.", err=True)
    for line in lines:
        click.echo(f"  {line}", err=True)
    click.echo('  remedy: change it; where the rule allows a reason: --override "RULE: REASON" with --by', err=True)


def _titration_lines(found: Titration) -> list[str]:
    from lowdose.pharmacy.amounts.exact import plain

    given = found.dispensed
    return [
        f"To dispense for {given.use_days} days: {' and '.join(map(str, given.items))} "
        f"({plain(given.dispensed_mg)} mg, as planned)",
        f"  {given.why}",
        *(f"  {one}" for one in map(str, given.lines)),
        f"Made now, fill {found.fill.number} of {len(given.fills)}: {' and '.join(map(str, found.fill.items))}",
        *([found.early] if found.early else []),
        *(f"Later: {one}" for one in found.later),
        "",
        *found.prescription.text,
    ]


def _document(
    asked: Mapping[str, Any], papers: Sequence[Papers], found: Titration | None, *, stopped: bool
) -> dict[str, Any]:
    from importlib.metadata import version

    from lowdose.pharmacy.records.signing import document

    batches = [
        {
            "record": one.record.document(),
            "master": one.master.document(),
            "labels": [each.lines for each in one.labels],
        }
        for one in papers
    ]
    shown: dict[str, Any] = {
        "schema": "lowdose.compound/1",
        "versions": {"lowdose": version("lowdose"), **papers[0].record.screen["versions"]},
        "asked": {name: str(value) for name, value in asked.items() if value not in (None, (), "", False)},
        "stopped": stopped,
        "screens": [one.record.screen for one in papers],
    }
    if stopped:
        return shown
    shown["batches"] = batches
    if found is not None:
        shown["dispensed"] = document(found.dispensed, "lowdose.dispensed/1")
        shown["early"], shown["later"] = found.early, found.later
        shown["prescription"] = document(found.prescription, "lowdose.prescription-draft/1")
    return shown


def _draw(sheet: Any, path: Path) -> None:
    from lowdose.report.paper import write

    write(sheet, path)
    click.echo(f"written: {path}", err=True)


def _write_text(path: Path, text: str) -> None:
    from lowdose.files import write_whole

    write_whole(path, f"{text}\n".encode())
    click.echo(f"written: {path}", err=True)


def _json(found: Mapping[str, Any]) -> str:
    from json import dumps

    return dumps(found, indent=2, ensure_ascii=False)
