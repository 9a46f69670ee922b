"""The Master Formulation Record: how a preparation is made; versioned, signed, the same for every batch and every lot.

Its amounts are for one capsule, or for the size of liquid, cream or triturate that it states. What is weighed for one
batch, corrected for its lot, stands on the Compounding Record alone. Any change takes the signature away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict

from lowdose.audit import NOT_APPROVED, Approval, Professional
from lowdose.audit.canonical import digest
from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import exactly, trimmed
from lowdose.pharmacy.amounts.line import Amount, Batch
from lowdose.pharmacy.forms import creams, drops
from lowdose.pharmacy.materials.formulas import Formula
from lowdose.pharmacy.quality.beyond_use import BeyondUse
from lowdose.pharmacy.records import signing
from lowdose.pharmacy.records.signing import is_signed, sign

MASTER_SCHEMA = "lowdose.master-formulation/1"
_STRICT = ConfigDict(extra="forbid")

EQUIPMENT: Mapping[str, tuple[str, ...]] = {
    "capsules": ("balance", "mortar and pestle", "capsule machine", "sieve"),
    "oral solution": ("balance", "mortar and pestle", "measuring cylinder"),
    "sublingual drops": ("balance", "mortar and pestle", "measuring cylinder", "dropper that was counted"),
    "cream": ("balance", "mortar and pestle or mill", "metered dispenser"),
    "triturate": ("balance", "mortar and pestle"),
}
CHECKS: Mapping[str, tuple[str, ...]] = {
    "capsules": (
        "weight variation of ten capsules (can reject, never releases)",
        "acceptance value from ten assayed capsules",
    ),
    "oral solution": ("volume", "clear of lumps; colour", "pH where a preservative depends on it"),
    "sublingual drops": ("volume", "drops in one millilitre, counted for this bottle"),
    "cream": ("even, without lumps", "mean and spread of ten strokes of the dispenser"),
    "triturate": ("even colour", "weight"),
}
_HOLDS = (
    "Drug in the batch: what is made × the strength.",
    "What is taken of its source: the drug ÷ what the source holds, by the certificate of the lot, the label and mean "
    "mass of tablets, or the assay of a stock. There is no other correction.",
    "Nothing below the balance's sensitivity ÷ its accepted error is weighed.",
)
_SCALED = "Every other ingredient: its amount here × the volume of the batch ÷ the volume that this record is for."
CALCULATION: Mapping[str, tuple[str, ...]] = {
    "capsules": (
        *_HOLDS,
        "Filler: what fills a capsule × the share of its room that the drug powder leaves × the number of capsules.",
    ),
    "oral solution": (*_HOLDS, _SCALED),
    "sublingual drops": (*_HOLDS, _SCALED),
    "cream": (*_HOLDS, "Base: to the final volume."),
    "triturate": (*_HOLDS, "Diluent: the mass of the triturate less what is weighed of the drug's source."),
}
_UNKNOWN = {"cream": creams.ABSORPTION, "sublingual drops": drops.ABSORPTION}
_OF_A_VERSION = ("id", "version", "signature", "product", "label", "beyond_use_days", "beyond_use_reason")
"""What another version, law or day of making may change; the rest is the preparation."""
_SIZE = {"capsules": (Decimal(1), "capsule"), "cream": (Decimal(1), "mL"), "triturate": (Decimal(1), "g")}


@dataclass(frozen=True)
class MasterPart:
    """One ingredient, for the size that the master states."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    ingredient: str
    role: str
    amount: Decimal
    unit: str
    handling: str


@dataclass(frozen=True)
class MasterFormulation:
    """How a preparation is made: versioned, signed, without lots, dates and the weights of a batch.

    Attributes
    ----------
    size, size_unit : Decimal and str
        What its amounts are for: one capsule, 100 mL of a liquid, 1 mL of a cream, 1 g of a triturate.
    parts : tuple of MasterPart
        The drug in milligrams of the hydrochloride, whatever it is taken from.
    calculation : tuple of str
        How a batch is reckoned from it.
    beyond_use_days : int
        What law and study allow; an ingredient that expires earlier shortens it for a batch.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: str
    version: int
    product: str
    form: str
    strength: Decimal
    strength_unit: str
    size: Decimal
    size_unit: str
    follows: str
    parts: tuple[MasterPart, ...]
    calculation: tuple[str, ...]
    equipment: tuple[str, ...]
    steps: tuple[str, ...]
    checks: tuple[str, ...]
    container: str
    storage: str
    beyond_use_days: int
    beyond_use_reason: str
    label: tuple[str, ...]
    notes: tuple[str, ...]
    references: tuple[str, ...]
    signature: Approval | None = None

    @property
    def digest(self) -> str:
        """sha256 of all but the signature."""
        return digest(self._unsigned)

    @property
    def _unsigned(self) -> dict[str, Any]:
        return replace(self, signature=None).document()

    @property
    def is_signed(self) -> bool:
        """Whether a named pharmacist signed exactly this version."""
        return is_signed(self.signature, self._unsigned)

    @property
    def standing(self) -> str:
        """What every page says: who signed it and when, or that nobody did."""
        return self.signature.words if self.signature and self.is_signed else NOT_APPROVED

    def signed(self, by: Professional, at: datetime) -> MasterFormulation:
        """The same, signed by a pharmacist."""
        return replace(self, signature=sign("the Master Formulation Record", self._unsigned, by, at))

    def differences(self, own: MasterFormulation) -> tuple[str, ...]:
        """By what this is another preparation than the one whose own master is given; nothing, if it is its master."""
        return tuple(
            one.name.replace("_", " ")
            for one in fields(self)
            if one.name not in _OF_A_VERSION and getattr(self, one.name) != getattr(own, one.name)
        )

    def document(self) -> dict[str, Any]:
        """The JSON form, schema ``lowdose.master-formulation/1``."""
        return signing.document(self, MASTER_SCHEMA)


def read_master(path: str | Path) -> MasterFormulation:
    """Read a Master Formulation Record that was written as JSON.

    Raises
    ------
    InvalidInput
        If it cannot be read, or is another document.

    Examples
    --------
    >>> read_master("nowhere.json")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.json cannot be read as JSON
    ...
    """
    return signing.read(Path(path), MasterFormulation, MASTER_SCHEMA)


def check_version(kept: MasterFormulation, new: MasterFormulation) -> None:
    """Refuse to write a master over a signed one that is another, or has another content under the same version.

    Raises
    ------
    InvalidInput
        With the version that is free.

    Examples
    --------
    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> draft = papers(batch, lot="LDN-7").master
    >>> check_version(draft, draft)
    """
    if not kept.is_signed or kept.digest == new.digest:
        return
    if kept.id != new.id:
        raise InvalidInput(f"the file holds the signed master {kept.id}", remedy="write this one to a file of its own")
    if new.version <= kept.version:
        raise InvalidInput(
            f"the file holds version {kept.version} of {kept.id}, signed, and this is another",
            remedy=f"make it version {kept.version + 1} (--master-version), in a file of its own",
        )


def master_formulation(
    batch: Batch,
    beyond_use: BeyondUse,
    *,
    container: str,
    label: tuple[str, ...],
    version: int = 1,
    follows: Formula | None = None,
) -> MasterFormulation:
    """The master of a preparation, read off one batch of it: formula, method and checks, and nothing of that batch.

    Examples
    --------
    `papers` calls it:

    >>> from datetime import UTC, date, datetime
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> master = papers(batch, lot="LDN-7").master
    >>> master.id, master.version, master.standing
    ('naltrexone-capsules-1.5-mg', 1, 'DRAFT – NOT APPROVED')
    >>> [(one.ingredient, str(one.amount), one.unit) for one in master.parts][0]
    ('naltrexone hydrochloride', '1.5', 'mg of the hydrochloride')
    """
    name = f"{batch.form_words} {batch.strength:f} {batch.strength_unit}"
    size, unit = _SIZE[batch.form] if batch.form in _SIZE or follows is None else (follows.batch, follows.batch_unit)
    law = min((one for one in beyond_use.limits if not one.of_lots), key=lambda one: one.days)
    used = {one.ingredient: one for one in batch.to_weigh if one.role != "aliquot"}
    return MasterFormulation(
        id="".join(c if c.isalnum() or c == "." else "-" for c in f"naltrexone-{name}").lower(),
        version=version, product=batch.product, form=batch.form, strength=batch.strength,
        strength_unit=batch.strength_unit, size=size, size_unit=unit, follows=batch.formula,
        parts=tuple(_part(one, batch.strength, size, unit, follows) for one in used.values()),
        calculation=CALCULATION[batch.form], equipment=EQUIPMENT[batch.form], steps=batch.method or batch.steps,
        checks=CHECKS[batch.form], container=container, storage=beyond_use.storage, beyond_use_days=law.days,
        beyond_use_reason=f"{law.what}; {law.edition}".rstrip("; "), label=label,
        notes=(*(follows.notes if follows else ()), *_UNKNOWN.get(batch.form, ())),
        references=(f"{follows.source} {follows.url or ''}".strip(),) if follows else (),
    )  # fmt: skip


@exactly
def _part(one: Amount, strength: Decimal, size: Decimal, unit: str, follows: Formula | None) -> MasterPart:
    """One ingredient for the size of the master; what fills up goes up to it."""
    if one.role == "active":
        drug = trimmed(strength * size)
        return MasterPart(one.ingredient, one.role, drug, "mg of the hydrochloride", one.handling)
    scaled = {part.name: part for part in follows.ingredients} if follows else {}
    part = scaled.get(one.ingredient)
    if part is not None and part.amount is not None:
        return MasterPart(one.ingredient, one.role, trimmed(part.amount), part.unit, one.handling)
    role = "filler" if one.role == "diluent" and unit == "capsule" else one.role
    return MasterPart(one.ingredient, role, size, unit, "count" if one.role == "shell" else "make up to")
