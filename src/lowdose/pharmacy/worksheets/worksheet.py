"""From a batch to its papers: beyond-use date, master, Compounding Record and label, all from the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from lowdose.audit import Professional
from lowdose.audit.professional import says_nothing
from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.amounts.exact import exactly, trimmed
from lowdose.pharmacy.amounts.line import Batch
from lowdose.pharmacy.materials.formulas import Difference, Formula, Kind, Storage, formula
from lowdose.pharmacy.quality.beyond_use import BeyondUse, Custom, beyond_use
from lowdose.pharmacy.records.compounding_record import CompoundingRecord, compounding_record
from lowdose.pharmacy.records.master import MasterFormulation, master_formulation
from lowdose.pharmacy.supply.dispensing import Dispensed, Item
from lowdose.pharmacy.worksheets.direction import Direction
from lowdose.pharmacy.worksheets.label import Label, syringe_words
from lowdose.safety.rules.logic import NOT_APPLICABLE

_PLAN = (
    "max_dose_mg", "mg_ml_mismatch_pct", "min_volume_ml", "graduation_error_pct", "capsule_remainder_mg",
)  # fmt: skip
_CONTAINERS = {
    "capsules": "tight, light-resistant container",
    "oral solution": "amber plastic bottle",
    "sublingual drops": "amber dropper bottle",
    "cream": "metered-dose dispenser",
    "triturate": "tight, light-resistant container",
}
_DRY = ("capsules", "triturate")
_OF_A_BATCH = (
    "Quantity:", "Lot:", "Do not use after:", "Patient:", "Prescriber:", "Pharmacy:", "Take ", "Measure ", "Doses ",
)  # fmt: skip
"""How the lines of a label begin that another batch has otherwise."""


@dataclass(frozen=True)
class Keeping:
    """How a batch is kept, and by whose limit; None takes what its formula or form says.

    Parameters
    ----------
    jurisdiction : str
        ``usp795_2023``, ``nz_fawcett`` or ``custom`` (then `custom`).
    storage : {"room", "refrigerator"}, optional
        Where it is kept.
    container : str
        What in.
    kind : str, optional
        Whether it holds water, and is preserved; needed for a cream.
    preserved_by : str
        What preserves it, where no formula says so.
    """

    jurisdiction: str = "usp795_2023"
    storage: Storage | None = None
    container: str = ""
    kind: Kind | None = None
    preserved_by: str = ""
    custom: Custom | None = None


AS_FORMULA = Keeping()
"""Kept as the formula says, by the limit of the United States."""


@dataclass(frozen=True)
class Papers:
    """Everything written about one batch."""

    batch: Batch
    beyond_use: BeyondUse
    master: MasterFormulation
    record: CompoundingRecord
    labels: tuple[Label, ...]

    def screened(self, screen: Mapping[str, Any]) -> Papers:
        """The same, with the document of the safety screen in the record."""
        return replace(self, record=replace(self.record, screen=screen))

    def approved(self, by: Professional, at: datetime) -> Papers:
        """Master and worksheet, signed by a named pharmacist; a master that is signed already stays as it is.

        Raises
        ------
        SafetyStop
            If no safety screen was made, it does not pass, or it is not a pharmacist who approves.
        InvalidInput
            If the time has no time zone.
        """
        if self.record.screen.get("exit_code") != 0:
            outcome = self.record.screen.get("outcome", "not made")
            raise SafetyStop(f"the worksheet of lot {self.record.lot} is not approved: its safety screen is {outcome}",
                             remedy="settle what stands open, and screen it again")  # fmt: skip
        master = self.master if self.master.is_signed else self.master.signed(by, at)
        record = replace(self.record, master_standing=master.standing, master_sha256=master.digest)
        return replace(self, master=master, record=record.approved(by, at))


def papers(
    batch: Batch,
    *,
    lot: str,
    keeping: Keeping = AS_FORMULA,
    prescription: str = "",
    pharmacy: str = "",
    version: int = 1,
    dispensed: Dispensed | None = None,
    item: Item | None = None,
    directions: Sequence[Direction] = (),
    patient: str = "",
    prescriber: str = "",
    approved_by: str = "",
    stop_hours: float | None = None,
    most_mg: Decimal | None = None,
    master: MasterFormulation | None = None,
) -> Papers:
    """Write the papers of a batch.

    Parameters
    ----------
    batch : Batch
        Worked out by `capsules`, `solution`, `drops` or `cream`.
    lot : str
        Its own lot number.
    keeping : Keeping
        Where, in what and by whose limit it is kept.
    prescription, pharmacy, patient, prescriber, approved_by : str
        For record and label; doses on a label need `approved_by`.
    stop_hours : float, optional
        Of the plan, as in `Label`.
    version : int
        Of the master that is written, where none is given.
    dispensed : Dispensed, optional
        The titration it is for; it tells the rules how it is measured and how long it lasts.
    item : Item, optional
        What is handed over of the batch; all that was asked for by default.
    directions : sequence of Direction
        Doses for the label.
    most_mg : Decimal, optional
        The largest dose it is made for, where there is no `dispensed`.
    master : MasterFormulation, optional
        The signed master it is made by.

    Raises
    ------
    InvalidInput
        If there is no limit for such a preparation, an expiry has passed, or a lot number is missing.
    SafetyStop
        If a label would hold a dose that nobody approved, or that disagrees with its volume; or if the batch would
        have no day left after the day of making.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, Supply, capsules
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102", Supply("C-8", date(2027, 3, 1))),
    ...     bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> made = papers(batch, lot="LDN-7")
    >>> made.beyond_use.on, made.record.standing
    (datetime.date(2027, 3, 1), 'DRAFT – NOT APPROVED')
    """
    follows = formula(batch.formula) if batch.formula else None
    if follows is not None:
        batch = replace(batch, assumptions=(*batch.assumptions, *follows.notes))
    storage = keeping.storage or (follows.storage if follows else "room")
    container = keeping.container or (follows.container if follows else _CONTAINERS[batch.form])
    _preserved(batch, follows, keeping)
    until = beyond_use(
        batch.made_on,
        kind=_kind(batch, follows, keeping.kind),
        storage=storage,
        expiries={a.ingredient: a.expiry for a in batch.to_weigh if a.expiry is not None},
        undated=[one for one in batch.undated if not _needs_none(one)],
        jurisdiction=keeping.jurisdiction,
        formula=follows,
        difference=_difference(batch, follows),
        container=container,
        preserved_by=keeping.preserved_by,
        custom=keeping.custom,
    )
    if until.days < 1:
        raise SafetyStop(
            f"{batch.product} would have no day left after the day of making ({until.decided_by.what})",
            remedy=f"use lots that keep beyond {batch.made_on}",
        )
    label = Label(
        (item or Item(batch.strength, batch.strength_unit, batch.asked, batch.unit),),
        batch.form_words,
        lot, until.on, storage, pharmacy=pharmacy, prescriber=prescriber, patient=patient,
        directions=tuple(directions), approved_by=approved_by, stop_hours=stop_hours,
        syringe=syringe_words(dispensed),
    )  # fmt: skip
    own = master_formulation(
        batch, until, container=container, label=_without_lot(label), version=version, follows=follows
    )
    if master is not None:
        _made_by(own, master)
    master = master or own
    facts = {**_facts(batch, follows, keeping, dispensed, most_mg), **until.facts(), **label.facts}
    if batch.use_days is not None:
        facts["formula.use_days_minus_bud"] = batch.use_days - until.days
    record = compounding_record(
        batch, master, until, lot=lot, label=label.lines, prescription=prescription, patient=patient, facts=facts,
        fill_mg=_fill(batch),
    )  # fmt: skip
    return Papers(batch, until, master, record, (label,))


def _made_by(own: MasterFormulation, master: MasterFormulation) -> None:
    """Refuse a master that is of another preparation than the batch's own would be, or that nobody signed."""
    if not master.is_signed:
        raise InvalidInput(f"the master {master.id} is not signed as it is", remedy="have it signed, or make a new one")
    if differs := master.differences(own):
        raise InvalidInput(
            f"{own.product} is not made by the master {master.id}, version {master.version}",
            where=f"they differ in {', '.join(differs)}",
            remedy="give its own master, or make a new version of it",
        )


def _preserved(batch: Batch, follows: Formula | None, keeping: Keeping) -> None:
    """Refuse a statement about what preserves a batch that is not preserved, or whose formula says it."""
    if not keeping.preserved_by:
        return
    if says_nothing(keeping.preserved_by):
        raise InvalidInput(
            f"what preserves it is {keeping.preserved_by!r}", remedy="name it, or state the kind aqueous-unpreserved"
        )
    own = [part.name for part in follows.ingredients if part.role == "preservative"] if follows else []
    if own:
        raise InvalidInput(
            f"{batch.formula} says what preserves it: {' and '.join(own)}",
            where=keeping.preserved_by,
            remedy="leave it out; --preservative chooses among those that the formula allows",
        )
    if batch.form in _DRY or keeping.kind != "aqueous-preserved":
        raise InvalidInput(
            f"{batch.product} needs no preservative" if batch.form in _DRY else f"{batch.product} is not preserved",
            where=keeping.preserved_by,
            remedy="leave it out, or state the kind aqueous-preserved",
        )


def _kind(batch: Batch, follows: Formula | None, stated: Kind | None) -> Kind:
    """What the limit depends on: what is known of the form, and a stricter one where the pharmacist states it."""
    known: Kind | None = None
    if batch.form in _DRY:
        known = "dry"
    elif follows is not None and follows.kind != "stated-by-pharmacist":
        known = follows.kind
    if known is not None:
        if stated not in (None, known) and not (known == "aqueous-preserved" and stated == "aqueous-unpreserved"):
            raise InvalidInput(f"{batch.product} is {known}, not {stated}", remedy=f"leave it out, or state {known}")
        return stated or known
    if stated is None or stated == "dry":
        raise InvalidInput(
            f"whether this {batch.form} holds water, and is preserved, is not known",
            remedy="state its kind: aqueous-preserved (with what preserves it), aqueous-unpreserved or "
            "non-aqueous-liquid",
        )
    return stated


def _difference(batch: Batch, follows: Formula | None) -> Difference | None:
    ratio = batch.facts.get("formula.preservative_ratio")
    percent = batch.facts.get("formula.max_deviation_pct")
    if batch.form in _DRY and follows is not None:
        percent = Decimal(0)
    if not isinstance(percent, Decimal):
        return None if not isinstance(ratio, Decimal) else Difference(Decimal(100), "its formula", ratio)
    return Difference(percent, "an ingredient", ratio if isinstance(ratio, Decimal) else None, batch.departures)


def _needs_none(ingredient: str) -> bool:
    """Shells and triturates made on the day have no date of their own that could bound the batch."""
    return ingredient.endswith("capsule shells") or ingredient.startswith("triturate ")


@exactly
def _fill(batch: Batch) -> Decimal | None:
    """Powder in one capsule, mg, as weighed."""
    if batch.form != "capsules":
        return None
    return trimmed(batch.content_mg / batch.made)


def _without_lot(label: Label) -> tuple[str, ...]:
    """What its label says whichever batch it is of."""
    kept = (line for line in label.lines if not line.startswith(_OF_A_BATCH))
    return tuple(line.partition("; ")[0] if line.startswith("Strength:") else line for line in kept)


def _facts(
    batch: Batch, follows: Formula | None, keeping: Keeping, dispensed: Dispensed | None, most_mg: Decimal | None
) -> dict[str, object]:
    """What the rules ask; "not applicable" where a rule has nothing to apply to, absent where it is not known."""
    facts: dict[str, object] = {f"plan.{name}": NOT_APPLICABLE for name in _PLAN}
    facts["formula.use_days_minus_bud"] = NOT_APPLICABLE
    if batch.form in _DRY or keeping.preserved_by:
        facts["formula.preservative_ratio"] = NOT_APPLICABLE
    if batch.form in _DRY or follows is None or not follows.claims:  # no stability is claimed
        facts["formula.max_deviation_pct"] = NOT_APPLICABLE
    if batch.form == "capsules":  # the least that can be taken of them: a ten-fold strength is caught without a plan
        facts["plan.max_dose_mg"] = batch.strength
    if most_mg is not None:
        facts["plan.max_dose_mg"] = most_mg
    if dispensed is not None:
        facts |= {**dispensed.facts(), "plan.max_dose_mg": max(one.dose_mg for one in dispensed.steps)}
    return {**facts, **batch.facts, "formula.maker": "pharmacy"}  # a bench never lets a patient be the maker
