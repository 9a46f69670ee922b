"""What a scenario is: the words its record may use."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from lowdose.blocks import Block
from lowdose.claims.schema import Basis, Change, ClaimId, Comparison, Value

KINETICS = ("effect-site", "slow-binding", "equilibrium-parent", "equilibrium-both")
"""Rival kinetics of a drug; the imposed block has no drug and is named where it applies."""


class ScenarioPart(Block):
    """One comparison: the number that ``read`` takes from a run, against ``bound``.

    With ``relative_to`` the number is taken twice, the second time with those arguments instead, and the two are
    divided (``ratio``) or subtracted (``difference``).
    """

    metric: str
    read: str
    arguments: dict[str, Any]
    relative_to: dict[str, Any] = Field(default_factory=dict)
    by: Literal["ratio", "difference"] = "ratio"
    holds: Comparison
    bound: Value
    unit: str = ""


class Flip(Block):
    """What turns the default's answer: a rival ``hypothesis``, or ``parameter`` at ``value`` inside its range."""

    hypothesis: str = ""
    parameter: str = ""
    value: float | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.hypothesis and (not self.parameter or self.value is None):
            raise ValueError("a flip names a hypothesis, or a parameter and its value")
        return self


class Scenario(Block):
    """How a claim is put to the model, or why it cannot be.

    Attributes
    ----------
    kinetics, mechanisms : tuple of str
        The rivals under all of which it is run; the first of each is the default, whose number is shown.
    left_out : str
        Why a rival that one would expect is not among them.
    parts : tuple of ScenarioPart
        It holds when every part holds.
    basis, rests_on
        ``independent``, ``calibrated-to`` or ``built-in``; and the datum with the parameter it set, or the module that
        assumes it.
    none : str
        Why there is no scenario.
    remark, caution
        Seen after the run and no part of the hash; a caution stands wherever the result does.
    flips, no_flip
        What turns the answer, found after the run and therefore no part of the hash; or why nothing does.
    """

    id: ClaimId
    basis: Basis | None = None
    rests_on: str = ""
    kinetics: tuple[str, ...] = KINETICS
    mechanisms: tuple[str, ...] = ()
    left_out: str = ""
    parts: tuple[ScenarioPart, ...] = ()
    reason: str = ""
    none: str = ""
    written_on: date
    hash: str = ""
    history: tuple[Change, ...] = ()
    remark: str = ""
    caution: str = ""
    flips: tuple[Flip, ...] = ()
    no_flip: str = ""

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """Every pair of kinetics and mechanism that goes together, the default first.

        Examples
        --------
        >>> from datetime import date
        >>> Scenario(id="C001", none="no state", written_on=date(2026, 11, 22)).hypotheses[:2]
        ('effect-site', 'slow-binding')
        """
        from lowdose.model import hypotheses

        if not self.mechanisms:
            return self.kinetics
        known = {one.name for one in hypotheses()}
        pairs = (f"{kinetics}+{mechanism}" for kinetics in self.kinetics for mechanism in self.mechanisms)
        return tuple(pair for pair in pairs if pair in known)
