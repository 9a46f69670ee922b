"""How one person's solve ended: a bit field, each bit a sentence with its remedy."""

from __future__ import annotations

from enum import IntFlag

__all__ = ["Status"]


class Status(IntFlag):
    """Flags of one person's solve; 0 is fine, anything else means the person's values are NaN.

    Examples
    --------
    >>> Status(0) is Status.OK
    True
    >>> Status.EVENT_ERROR.explain()
    "A dose makes no sense with this person's parameters. Check the parameters named by its rate, ..."
    """

    OK = 0
    MAX_STEPS = 1
    STEP_TOO_SMALL = 2
    NON_FINITE = 4
    EVENT_ERROR = 8
    NO_STEADY_STATE = 16
    SOLVER_FAILED = 32

    def explain(self) -> str:
        """One sentence and one remedy for each flag that is set.

        Returns
        -------
        str
            The sentences, joined by a space.

        Examples
        --------
        >>> Status.OK.explain()
        'Solved.'
        >>> (Status.NON_FINITE | Status.EVENT_ERROR).explain().count(".")
        4
        """
        if not self:
            return "Solved."
        return " ".join(f"{_SENTENCES[flag]} {_REMEDIES[flag]}" for flag in Status if flag and flag in self)


_SENTENCES = {
    Status.MAX_STEPS: "The solver took too many steps between two output times.",
    Status.STEP_TOO_SMALL: "The solver's step became too small to go on.",
    Status.NON_FINITE: "A state, a rate or a parameter is infinite or not a number.",
    Status.EVENT_ERROR: "A dose makes no sense with this person's parameters.",
    Status.NO_STEADY_STATE: "The repeated dose does not settle to a steady state.",
    Status.SOLVER_FAILED: "No step could be found over which the model's rates are defined.",
}

_REMEDIES = {
    Status.MAX_STEPS: "Loosen rtol and atol, or look for a parameter far outside its range.",
    Status.STEP_TOO_SMALL: "Loosen rtol and atol, or look for a rate that jumps or a parameter far outside its range.",
    Status.NON_FINITE: "Look for a division by zero, a root of a negative number or a missing parameter value.",
    Status.EVENT_ERROR: "Check the parameters named by its rate, duration, lag and bioavailability.",
    Status.NO_STEADY_STATE: "Check that what is dosed is also eliminated, or write the doses out one by one.",
    Status.SOLVER_FAILED: (
        "Look for a root, a logarithm or a division that has no value just beyond the state reached."
    ),
}
