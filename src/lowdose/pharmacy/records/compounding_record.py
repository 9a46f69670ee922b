"""The Compounding Record: how one batch was made, from its worksheet to its release.

It names its master, lots, targets and what was really weighed, by whom, and who checked it. Any change of the worksheet
takes the approval away: that holds the hash of what was approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict

from lowdose.audit import NOT_APPROVED, Approval, Professional
from lowdose.audit.canonical import digest
from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.amounts.exact import exact, exactly, trimmed
from lowdose.pharmacy.amounts.line import Amount, Batch, Line
from lowdose.pharmacy.materials.lots import Supply, lot_number, usable
from lowdose.pharmacy.quality.beyond_use import BeyondUse
from lowdose.pharmacy.records import signing
from lowdose.pharmacy.records.assay import Assay
from lowdose.pharmacy.records.master import MasterFormulation
from lowdose.pharmacy.records.signing import is_signed, sign

RECORD_SCHEMA = "lowdose.compounding-record/1"
Decision = Literal["released", "withheld", "rejected"]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Weighing:
    """One ingredient of a batch: what should be taken and what was, by whom, checked by whom.

    Attributes
    ----------
    lot, expiry : str and date
        As the worksheet has them; empty where it leaves them open.
    by_hand : Supply, optional
        Lot and expiry that were then written in, off the container that was taken.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    ingredient: str
    role: str
    into: str
    lot: str
    expiry: date | None
    handling: str
    target: Decimal
    unit: str
    actual: Decimal | None = None
    weighed_by: Professional | None = None
    checked_by: Professional | None = None
    by_hand: Supply | None = None

    @property
    def taken_from(self) -> tuple[str, date | None]:
        """Lot and expiry of what was taken, whether the worksheet or a hand has them.

        Examples
        --------
        >>> shells = Weighing("size 3 capsule shells", "shell", "batch", "", None, "count", Decimal(95), "capsules")
        >>> replace(shells, by_hand=Supply("S-3", date(2028, 1, 31))).taken_from
        ('S-3', datetime.date(2028, 1, 31))
        """
        return (self.by_hand.number, self.by_hand.expiry) if self.by_hand else (self.lot, self.expiry)

    @property
    @exactly
    def deviation_percent(self) -> Decimal | None:
        """How far what was taken is from the target, in per cent; None while it was not taken.

        Examples
        --------
        >>> Weighing("water", "vehicle", "batch", "", None, "measure", Decimal(50), "mL", Decimal(51)).deviation_percent
        Decimal('2')
        """
        return None if self.actual is None else trimmed((self.actual - self.target) / self.target * 100)


@dataclass(frozen=True)
class Release:
    """The decision about a batch, who made it, and every reason; the hash is of the whole record with all of them."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    decision: Decision
    reasons: tuple[str, ...]
    by: Professional
    at: datetime
    sha256: str = ""


@dataclass(frozen=True)
class CompoundingRecord:
    """One batch: from its worksheet to its release.

    Attributes
    ----------
    lot : str
        The batch's own number.
    weighings : tuple of Weighing
        In the order of use.
    yielded : Decimal, optional
        What came out, in `unit`.
    contents : tuple of Decimal
        Assayed contents of single units, per cent of the label.
    potency_percent : Decimal, optional
        Assay of a liquid or cream, per cent of the label.
    assay : Assay, optional
        The report that contents and potency are from; without it they settle nothing.
    weights_mg : tuple of Decimal
        Net weights of capsules, mg; ``fill_mg`` is their target.
    screen : mapping
        The document of the safety screen of the formula; empty where none was made.
    batch_screen : mapping
        The same for the finished batch.
    approval : Approval, optional
        Of the worksheet: everything but what is filled in while it is made.
    patient : str
        Pseudonymous id of the plan it is made for; empty without one.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    lot: str
    prescription: str
    master_id: str
    master_version: int
    master_sha256: str
    master_standing: str
    product: str
    form: str
    strength: Decimal
    strength_unit: str
    asked: Decimal
    made: Decimal
    unit: str
    made_on: date
    lines: tuple[Line, ...]
    weighings: tuple[Weighing, ...]
    steps: tuple[str, ...]
    warnings: tuple[str, ...]
    assumptions: tuple[str, ...]
    departures: tuple[str, ...]
    dose_equivalent: bool
    container: str
    beyond_use: BeyondUse
    label: tuple[str, ...]
    facts: Mapping[str, Any]
    screen: Mapping[str, Any] = field(default_factory=dict)
    batch_screen: Mapping[str, Any] = field(default_factory=dict)
    fill_mg: Decimal | None = None
    yielded: Decimal | None = None
    contents: tuple[Decimal, ...] = ()
    potency_percent: Decimal | None = None
    assay: Assay | None = None
    weights_mg: tuple[Decimal, ...] = ()
    approval: Approval | None = None
    release: Release | None = None
    patient: str = ""

    @property
    def worksheet(self) -> CompoundingRecord:
        """The same before anything was weighed: what is approved."""
        empty = tuple(
            replace(one, actual=None, weighed_by=None, checked_by=None, by_hand=None) for one in self.weighings
        )
        return replace(
            self,
            weighings=empty,
            yielded=None,
            contents=(),
            potency_percent=None,
            assay=None,
            weights_mg=(),
            batch_screen={},
            approval=None,
            release=None,
        )

    @property
    def digest(self) -> str:
        """sha256 of the worksheet."""
        return digest(self.worksheet.document())

    def open_again(self) -> CompoundingRecord:
        """The record without its decision, for another one.

        Raises
        ------
        SafetyStop
            If it was rejected: no other number makes a batch good that failed a test.
        """
        if self.release is not None and self.release.decision == "rejected":
            raise SafetyStop(
                f"the batch {self.lot} was rejected by {self.release.by} on {self.release.at.date()}, and that is "
                "final",
                where="; ".join(self.release.reasons),
                remedy="discard it, and make a new batch with a lot number of its own",
            )
        return replace(self, release=None)

    def decided(self, release: Release) -> CompoundingRecord:
        """The record with a decision about the batch, and the hash of both."""
        content = replace(self, release=replace(release, sha256="")).document()
        return replace(self, release=replace(release, sha256=digest(content)))

    @property
    def is_approved(self) -> bool:
        """Whether a named pharmacist approved exactly this worksheet."""
        return is_signed(self.approval, self.worksheet.document())

    @property
    def is_released(self) -> bool:
        """Whether it was released and nothing has changed since."""
        found = self.release
        return found is not None and found.decision == "released" and self.decided(found).release == found

    @property
    def standing(self) -> str:
        """What every page says."""
        return self.approval.words if self.approval and self.is_approved else NOT_APPROVED

    @property
    @exactly
    def yield_percent(self) -> Decimal | None:
        """What came out of what was to be made, in per cent."""
        return None if self.yielded is None else self.yielded / self.made * 100

    def approved(self, by: Professional, at: datetime) -> CompoundingRecord:
        """The worksheet, approved by a pharmacist; anything filled in before stays."""
        return replace(self.open_again(), approval=sign("the worksheet", self.worksheet.document(), by, at))

    def weighed(
        self,
        ingredient: str,
        actual: Decimal,
        by: Professional,
        checked_by: Professional,
        *,
        into: str = "",
        supply: Supply | None = None,
    ) -> CompoundingRecord:
        """Fill in what was taken of one ingredient, and of which lot where the worksheet leaves that open.

        Raises
        ------
        InvalidInput
            If the worksheet has no such ingredient, several (then `into` tells which), another lot of it, or a number
            is not above zero.
        SafetyStop
            If the lot was out of date on the day of making, or the batch was rejected.
        """
        fits = [
            i for i, one in enumerate(self.weighings)
            if one.ingredient == ingredient and (not into or one.into == into)
        ]  # fmt: skip
        if len(fits) != 1:
            known = f"it has: {', '.join(f'{one.ingredient} (into {one.into})' for one in self.weighings)}"
            near = get_close_matches(ingredient, [one.ingredient for one in self.weighings], n=1)
            raise InvalidInput(
                f"the worksheet has {'no' if not fits else 'more than one'} {ingredient}",
                remedy=f"did you mean {near[0]}? I{known[1:]}" if near and not fits else known,
            )
        at = fits[0]
        taken = replace(
            self.weighings[at], actual=exact(actual, f"what was taken of {ingredient}"), weighed_by=by,
            checked_by=checked_by, by_hand=_by_hand(self.weighings[at], supply, self.made_on),
        )  # fmt: skip
        return replace(self.open_again(), weighings=(*self.weighings[:at], taken, *self.weighings[at + 1 :]))

    def document(self) -> dict[str, Any]:
        """The JSON form, schema ``lowdose.compounding-record/1``; `read_record` reads it back."""
        return signing.document(self, RECORD_SCHEMA)


def read_record(path: str | Path) -> CompoundingRecord:
    """Read a Compounding Record that was written as JSON.

    Raises
    ------
    InvalidInput
        If it cannot be read, or is another document.

    Examples
    --------
    >>> read_record("nowhere.json")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.json cannot be read as JSON
    ...
    """
    return signing.read(Path(path), CompoundingRecord, RECORD_SCHEMA)


def compounding_record(
    batch: Batch,
    master: MasterFormulation,
    beyond_use: BeyondUse,
    *,
    lot: str,
    label: tuple[str, ...],
    facts: Mapping[str, object],
    prescription: str = "",
    patient: str = "",
    fill_mg: Decimal | None = None,
) -> CompoundingRecord:
    """The record of one batch, ready to be weighed; `screened`, `approved`, `weighed` and release follow.

    Raises
    ------
    InvalidInput
        If the batch has no lot number, or one of its ingredients has the same.

    Examples
    --------
    `papers` calls it:

    >>> from datetime import UTC, date, datetime
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> [str(one.target) for one in papers(batch, lot="LDN-7").record.weighings]
    ['144.7', '8464.5', '95']
    """
    if lot_number(lot) in {one.lot for one in batch.to_weigh}:
        raise InvalidInput(f"lot {lot_number(lot)} is an ingredient of it", remedy="give the batch a number of its own")
    return CompoundingRecord(
        lot=lot_number(lot), prescription=prescription, master_id=master.id, master_version=master.version,
        master_sha256=master.digest, master_standing=master.standing, product=batch.product, form=batch.form,
        strength=batch.strength, strength_unit=batch.strength_unit, asked=batch.asked, made=batch.made,
        unit=batch.unit, made_on=batch.made_on, lines=(*batch.lines, *beyond_use.lines),
        weighings=tuple(map(_weighing, batch.to_weigh)), steps=batch.steps,
        warnings=tuple(map(str, batch.warnings)), assumptions=batch.assumptions, departures=batch.departures,
        dose_equivalent=batch.dose_equivalent, container=master.container, beyond_use=beyond_use, label=label,
        facts=facts, fill_mg=fill_mg, patient=patient,
    )  # fmt: skip


def _by_hand(one: Weighing, supply: Supply | None, made_on: date) -> Supply | None:
    """What was written in of the container that was taken; only where the worksheet left it open."""
    if supply is None:
        return None
    usable(one.ingredient, supply.number, supply.expiry, made_on)
    if (one.lot or supply.number, one.expiry or supply.expiry) != (supply.number, supply.expiry):
        raise InvalidInput(
            f"the worksheet has lot {one.lot}, expiry {one.expiry}, of {one.ingredient}, not {supply.number}, "
            f"{supply.expiry}",
            remedy="make a worksheet for the lot that is taken: amounts and dates may be others",
        )
    return supply


def _weighing(amount: Amount) -> Weighing:
    return Weighing(amount.ingredient, amount.role, amount.into, amount.lot, amount.expiry, amount.handling,
                    amount.value, amount.unit)  # fmt: skip
