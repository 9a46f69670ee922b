"""A plan: a protocol for one person in dated steps, its JSON form, and the hash that an approval is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter

from lowdose.audit.approval import NOT_APPROVED, Approval
from lowdose.audit.canonical import digest
from lowdose.plan.hold.hold import Hold
from lowdose.plan.records.block import Blockade, BlockAfter, Covariates
from lowdose.plan.records.parts import (
    Adaptation,
    Advice,
    Check,
    Chosen,
    Conflict,
    Provenance,
    SideEffect,
    Source,
    Step,
)

SCHEMA: Literal["lowdose.plan/1"] = "lowdose.plan/1"


@dataclass(frozen=True)
class Plan:
    """A protocol for one person, in dated steps; approved only while nothing in it has changed.

    Attributes
    ----------
    protocol, title, indication : str
    cited : tuple of Source
        The protocol's sources.
    patient, patient_digest : str
        A pseudonym, and the digest of the answers that were screened.
    answered_on : date
        The day of the youngest of those answers.
    made_on, start, review : date
        ``review`` ends the plan: no dose is planned after it.
    steps : tuple of Step
    form : str or None
        Capsule or solution where the source or the prescriber says so; None leaves it to the pharmacy.
    chosen, adaptations, checks, advice, side_effects, conflicts : tuple
    not_known : tuple of str
        What the protocol's source does not say.
    blockade : tuple of Blockade
        One a step; empty where nothing can be predicted, with the reason in ``blockade_note``.
    screen : mapping
        The document of the safety screen that let it pass.
    rule_set, reviewed, model_hash, version
        What it was made with; ``reviewed`` is whether a clinician has signed the rule set.
    note : str
        What else the protocol's source says, such as how long it was tried.
    covariates : Covariates or None
        Whose block was predicted; None for an average adult.
    hold : Hold
        The stop before an operation, as this site keeps it: every document says these hours.
    block_after : BlockAfter or None
        What is predicted after the last of its highest doses; None where nothing can be predicted.
    approval : Approval or None
    sha256 : str or None
        Of the content, as it stands in the file that the plan was read from; None before there is one.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    protocol: str
    scheme: str
    title: str
    indication: str
    cited: tuple[Source, ...]
    provenance: Provenance
    patient: str
    patient_digest: str
    answered_on: date
    made_on: date
    start: date
    review: date
    steps: tuple[Step, ...]
    form: Literal["capsule", "solution"] | None
    weight_kg: Decimal | None
    chosen: tuple[Chosen, ...]
    adaptations: tuple[Adaptation, ...]
    checks: tuple[Check, ...]
    advice: tuple[Advice, ...]
    side_effects: tuple[SideEffect, ...]
    conflicts: tuple[Conflict, ...]
    not_known: tuple[str, ...]
    blockade: tuple[Blockade, ...]
    blockade_note: str
    screen: Mapping[str, Any]
    rule_set: str
    reviewed: bool
    model_hash: str
    version: str
    note: str = ""
    covariates: Covariates | None = None
    hold: Hold = field(default_factory=Hold)
    block_after: BlockAfter | None = None
    approval: Approval | None = None
    sha256: str | None = field(default=None, compare=False)

    @property
    def content(self) -> dict[str, Any]:
        """What an approval is of: the JSON form without the approval, and without the hash of this."""
        return {name: value for name, value in self._plain().items() if name not in ("approval", "sha256")}

    @property
    def digest(self) -> str:
        """sha256 of the content, 64 hexadecimal digits."""
        return digest(self.content)

    @property
    def is_as_written(self) -> bool:
        """Whether it is what lowdose wrote: its content has the hash that its file gives."""
        return self.sha256 in (None, self.digest)

    @property
    def is_approved(self) -> bool:
        """Whether a named professional approved exactly this plan."""
        return self.approval is not None and self.approval.holds(self.content) and self.is_as_written

    @property
    def standing(self) -> str:
        """What every page says: who approved it and when, or that nobody did."""
        return self.approval.words if self.approval is not None and self.is_approved else NOT_APPROVED

    def days_of(self, step: Step) -> int:
        """Days a step is taken: the last runs until the day before the review."""
        return step.days if step.days is not None else (self.review - step.first).days

    def document(self) -> dict[str, Any]:
        """The JSON form, schema ``lowdose.plan/1``; `read_plan` reads it back as the same plan.

        Numbers of mg are text, so that none is rounded; days and times stand in ISO 8601. ``sha256`` is that of the
        content as it was first written: a plan that was changed since keeps it, and shows by it that it was.
        """
        return {**self._plain(), "sha256": self.sha256 or self.digest}

    def _plain(self) -> dict[str, Any]:
        return {"schema": SCHEMA, **adapter().dump_python(self, mode="json")}


@cache
def adapter() -> TypeAdapter[Plan]:
    """What turns a plan into plain JSON and back; made once, it takes a tenth of a second."""
    return TypeAdapter(Plan)
