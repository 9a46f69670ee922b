"""Batches against the safety rules: screened before they are approved or released, and kept in the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lowdose.pharmacy.bench.sheet import Excipient
from lowdose.pharmacy.records.compounding_record import CompoundingRecord
from lowdose.pharmacy.records.release import quality_facts, release
from lowdose.pharmacy.worksheets.worksheet import Papers

if TYPE_CHECKING:
    from lowdose.audit import Professional
    from lowdose.safety import Override, Screen


def screen_filler(filler: Excipient, on: date, overrides: Sequence[Override] = ()) -> Screen:
    """Screen what a capsule or triturate is filled up with, before anything is worked out.

    Examples
    --------
    >>> found = screen_filler(Excipient("calcium carbonate"), date(2026, 12, 1))
    >>> [one.id for one in found.fired if one.is_open]
    ['CMP-001']
    """
    return _screen(
        {"formula.fillers": [*filler.rule_names], "formula.release": filler.release}, "formula", on, overrides
    )


def screen_batches(
    made: Sequence[Papers],
    on: date,
    *,
    excipient_allergy: bool | None = None,
    overrides: Sequence[Override] = (),
    by: Professional | None = None,
    at: datetime | None = None,
) -> tuple[tuple[Papers, ...], tuple[Screen, ...]]:
    """Screen every batch; approve all of them when a professional is named and every screen passes.

    Parameters
    ----------
    made : sequence of Papers
        As they were worked out.
    on : date
        Day of making.
    excipient_allergy : bool, optional
        Whether the person reacts to an ingredient; None is not known, and then nothing is approved but a stock: nobody
        takes that, and of what is made from it the question is asked.
    overrides : sequence of Override
        Reasons a professional gave.
    by, at : Professional and datetime, optional
        Who approves, and when; drafts without.
    """
    screens = tuple(
        _screen({**one.record.facts, **_allergy(one, excipient_allergy)}, "formula", on, overrides) for one in made
    )
    papers = tuple(one.screened(_asked(one, screen)) for one, screen in zip(made, screens, strict=True))
    if by is not None and at is not None and all(one.passes for one in screens):
        papers = tuple(one.approved(by, at) for one in papers)
    return papers, screens


def decide(record: CompoundingRecord, by: Professional, at: datetime) -> tuple[CompoundingRecord, Screen]:
    """Screen a batch that was made, and decide about its release."""
    found = _screen({**record.facts, **quality_facts(record)}, "batch", at.date(), ())
    return release(replace(record, batch_screen=found.document()), by, at), found


def keep(
    screen: Screen,
    outcome: str,
    of: CompoundingRecord | Excipient,
    *,
    by: Professional | None,
    overrides: Sequence[Override] = (),
) -> None:
    """Keep in the audit log what became of a batch; of the reasons that were given, those that a rule needed.

    A record made from a plan is kept with its patient: it names the patient, and is erased with what else is kept.

    Raises
    ------
    InvalidInput
        If the log cannot be written; then nothing may be handed out.
    """
    from lowdose.audit import Overridden, record

    made, patient = (of.document(), of.patient) if isinstance(of, CompoundingRecord) else ({"filler": of.name}, "")
    kind = "draft" if outcome.startswith("DRAFT") else outcome.partition(" ")[0]
    record(
        "compound",
        outcome=f"{screen.outcome}, {kind}",
        inputs={"record": made},
        patient=patient or None,
        by=by,
        fired=[one.id for one in screen.fired],
        not_checked=[one.id for one in screen.not_checked],
        overrides=[Overridden(one.rule, one.reason, one.by) for one in overrides if one not in screen.unused],
        versions={"rules": screen.rules.version},
    )


def _allergy(of: Papers, matches: bool | None) -> dict[str, bool]:
    if matches is None and not any(one.is_stock for one in of.labels):
        return {}
    return {"allergy.excipient_match": bool(matches)}


def _asked(of: Papers, screen: Screen) -> dict[str, Any]:
    """The document of a screen; where an expiry is not known, it asks for that and not for what follows from it."""
    found = screen.document()
    if of.beyond_use.undated:
        wanted = f"lot and expiry of {', '.join(of.beyond_use.undated)}? (--supply, or ingredients: in the batch file)"
        for one in found["not_checked"]:
            if one["missing"] == ["formula.bud_excess_days"]:
                one["settled_by"] = wanted
    return found


def _screen(facts: Mapping[str, Any], phase: str, on: date, overrides: Sequence[Override]) -> Screen:
    from lowdose.safety import Facts, screen

    return screen(Facts.of(_for_rules(facts), on=on), phase=phase, on=on, overrides=overrides)


def _for_rules(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The rules compare plain numbers; exact ones are for what is weighed. Read back from JSON they are text."""
    numbers = {name: value for name, value in facts.items() if isinstance(value, str) and value[:1].isdigit()}
    return {
        name: float(value) if isinstance(value, Decimal) or name in numbers else value for name, value in facts.items()
    }
