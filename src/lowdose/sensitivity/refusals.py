"""What the analysis refuses to do, and why."""

from __future__ import annotations

from importlib.util import find_spec

from lowdose.errors import LowdoseError


class MissingExtra(LowdoseError):
    """A package is missing that only this analysis needs (exit code 6)."""

    exit_code = 6


class TooManyLost(LowdoseError):
    """Too many of the sampled persons have no number for the rest to stand for all (exit code 5)."""

    exit_code = 5


def need_salib() -> None:
    """Say how to get SALib where it is missing.

    Raises
    ------
    MissingExtra
        With the line that installs it.

    Examples
    --------
    >>> need_salib()
    """
    if find_spec("SALib") is None:
        raise MissingExtra(
            "Sobol and Morris analyses need SALib, which is not installed",
            where="lowdose sensitivity",
            remedy="pip install 'lowdose[sensitivity]'",
        )
