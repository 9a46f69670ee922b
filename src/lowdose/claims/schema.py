"""What a claim, its criterion and its result are: the words their records may use."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from lowdose.blocks import Block

ClaimId = Annotated[str, Field(pattern=r"^C\d{3}$")]
Verdict = Literal["supported", "partly", "contradicted", "untested", "mis-stated"]
Outcome = Literal["holds", "fails", "depends on hypothesis", "consistent by construction", "cannot be computed"]
Basis = Literal["independent", "calibrated-to", "built-in"]
Strength = Literal["high", "moderate", "low", "very low", "none"]
Subject = Literal[
    "mechanism",
    "history",
    "dose",
    "pk",
    "side effect",
    "condition",
    "legal",
    "formulation",
    "combination",
    "interaction",
]
Kind = Literal["pool", "data", "rule", "none"]
Comparison = Literal["==", "<", "<=", ">", ">=", "in", "contains"]
Value = int | float | str | tuple[float, ...] | tuple[str, ...]

VERDICTS: tuple[str, ...] = ("supported", "partly", "contradicted", "untested", "mis-stated")
"""What the literature says of a claim, as the register has it."""
OUTCOMES: tuple[str, ...] = Outcome.__args__  # type: ignore[attr-defined]
"""What the program computes of a claim; never merged with the verdict."""
BASES: tuple[str, ...] = Basis.__args__  # type: ignore[attr-defined]
"""Whether the model was free to say otherwise; only what is independent may hold or fail."""
SUBJECTS: tuple[str, ...] = Subject.__args__  # type: ignore[attr-defined]


class Checkable(Block):
    """By what a claim can be put to the test: the simulator, a pool of studies, a rule; and ``how``."""

    simulator: bool
    meta_analysis: bool
    rule: bool
    how: str


class Claim(Block):
    """One statement of an article, in our words, with its verdict in the literature.

    ``evidence`` is the strength of the body of evidence on it, ``mind`` what would change our mind, ``citation``
    what the article itself cites. ``explanation`` is written where verdict and computed result point opposite ways.
    """

    id: ClaimId
    article: Literal["A", "B"]
    article_ref: str = ""
    citation: str
    subject: Subject
    claim: str
    value: str = ""
    evidence: Strength
    verdict: Verdict
    studies: tuple[str, ...]
    testable: Checkable
    note: str = ""
    mind: str
    explanation: str = ""


class Fact(Block):
    """A date, product, definition or standing in law that no study record holds, and where it was read."""

    value: int | float | str | tuple[str, ...]
    unit: str = ""
    says: str
    source: tuple[str, ...]
    tag: Literal["found", "recalled", "derived"]
    note: str = ""


class Part(Block):
    """One comparison: the number that ``test`` finds for ``arguments``, against ``bound``."""

    metric: str
    test: str
    arguments: dict[str, Any]
    holds: Comparison
    bound: Value
    unit: str = ""


class Change(Block):
    """An earlier form of a criterion: its hash and date, and why it was changed."""

    hash: str
    written_on: date
    changed_on: date
    why: str


class Criterion(Block):
    """How a claim is put to the test. It holds when every part holds; ``cannot`` says why there is no part."""

    id: ClaimId
    kind: Kind
    parts: tuple[Part, ...] = ()
    cannot: str = ""
    reason: str
    written_on: date
    hash: str
    history: tuple[Change, ...] = ()


class PartResult(Block):
    """What one part of a criterion came to; ``holds`` is None where its value is not known."""

    metric: str
    value: Value | None
    unit: str
    criterion: str
    holds: bool | None
    records: tuple[str, ...] = ()
    reason: str = ""

    @property
    def recalled(self) -> bool:
        """Whether the value rests on anything from memory.

        Examples
        --------
        >>> PartResult(metric="", value=1, unit="", criterion="", holds=True, records=("a study (recalled)",)).recalled
        True
        """
        return any("recalled" in one for one in self.records)


class RivalResult(Block):
    """What a scenario comes to under one rival hypothesis: the number that decides there."""

    hypothesis: str
    computed: Outcome
    metric: str
    value: Value | None
    unit: str


class Computed(Block):
    """What the program computed of a claim.

    Attributes
    ----------
    metric, value, unit, criterion
        What decided, and the whole criterion.
    basis : {"independent", "calibrated-to", "built-in"} or None
        Whether the model was free to say otherwise, see `BASES`; records, pools and rules are independent of it. None
        where nothing was computed.
    rests_on : str
        The datum and the parameter it set, or the module that assumes the claim.
    hypothesis : str or None
        The one whose value is shown; None for what needs no biology.
    records : tuple of str
        The records behind it, with the mark of what was recalled.
    rivals : tuple of RivalResult
        What each rival hypothesis says.
    """

    id: ClaimId
    hypothesis: str | None = None
    metric: str = ""
    value: Value | None = None
    unit: str = ""
    criterion: str = ""
    computed: Outcome
    basis: Basis | None = None
    rests_on: str = ""
    reason: str = ""
    records: tuple[str, ...] = ()
    parts: tuple[PartResult, ...] = ()
    rivals: tuple[RivalResult, ...] = ()

    @property
    def recalled(self) -> bool:
        """Whether the value shown rests on anything from memory.

        Examples
        --------
        >>> Computed(id="C001", computed="holds", records=("a study (recalled)",)).recalled
        True
        """
        deciding = [part for part in self.parts if (part.metric, part.value) == (self.metric, self.value)]
        if deciding:
            return any(part.recalled for part in deciding)
        return any("recalled" in one for one in self.records)
