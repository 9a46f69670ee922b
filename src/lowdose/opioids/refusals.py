"""Why a question about an opioid is not answered."""

from __future__ import annotations

from lowdose.errors import LowdoseError


class NotEnoughData(LowdoseError):
    """A number that the answer needs was not found, so none is given (exit code 5).

    Examples
    --------
    >>> NotEnoughData("not enough data").exit_code
    5
    """

    exit_code = 5
