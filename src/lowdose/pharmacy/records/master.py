"""The Master Formulation Record: how a preparation is made; versioned, signed, without lots and dates.

Any change takes the signature away: it holds the hash of what was signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict

from lowdose.audit import NOT_APPROVED, Approval, Professional
from lowdose.audit.canonical import digest
from lowdose.pharmacy.amounts.exact import trimmed
from lowdose.pharmacy.amounts.line import Batch, Line
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


@dataclass(frozen=True)
class MasterPart:
    """One ingredient of the master, for the batch size it states."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    ingredient: str
    role: str
    amount: Decimal
    unit: str
    handling: str


@dataclass(frozen=True)
class MasterFormulation:
    """How a preparation is made: versioned, signed, without lots and dates."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: str
    version: int
    product: str
    form: str
    strength: Decimal
    strength_unit: str
    batch_size: Decimal
    batch_unit: str
    follows: str
    parts: tuple[MasterPart, ...]
    calculation: tuple[Line, ...]
    equipment: tuple[str, ...]
    steps: tuple[str, ...]
    checks: tuple[str, ...]
    container: str
    storage: str
    beyond_use_days: int
    beyond_use_reason: str
    label: tuple[str, ...]
    assumptions: tuple[str, ...]
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


def master_formulation(
    batch: Batch,
    beyond_use: BeyondUse,
    *,
    container: str,
    label: tuple[str, ...],
    version: int = 1,
    references: tuple[str, ...] = (),
) -> MasterFormulation:
    """The master of a batch: its formula, arithmetic and checks, without lots and dates.

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
    """
    name = f"{batch.form} {batch.strength:f} {batch.strength_unit}"
    return MasterFormulation(
        id="".join(c if c.isalnum() or c == "." else "-" for c in f"naltrexone-{name}").lower(),
        version=version, product=batch.product, form=batch.form, strength=batch.strength,
        strength_unit=batch.strength_unit, batch_size=batch.made, batch_unit=batch.unit, follows=batch.formula,
        parts=tuple(MasterPart(a.ingredient, a.role, a.value, a.unit, a.handling) for a in batch.to_weigh),
        calculation=trimmed_lines(batch.lines), equipment=EQUIPMENT[batch.form], steps=batch.steps,
        checks=CHECKS[batch.form], container=container, storage=beyond_use.storage, beyond_use_days=beyond_use.days,
        beyond_use_reason=f"{beyond_use.decided_by.what}; {beyond_use.decided_by.edition}".rstrip("; "),
        label=label, assumptions=batch.assumptions, references=references,
    )  # fmt: skip


def trimmed_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """As they are written: a result has no zero after its point.

    Examples
    --------
    >>> str(trimmed_lines((Line("ascorbic acid", "", Decimal("1250.0"), "mg"),))[0].value)
    '1250'
    """
    return tuple(replace(one, value=trimmed(one.value)) for one in lines)
