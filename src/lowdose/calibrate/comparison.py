"""When a difference of predictive scores may be called one."""

from __future__ import annotations

SMALLEST_TOLD = 4.0
"""Differences of elpd below 4 are small, and with few or similar predictions their standard error is too small to be
relied on (Sivula, Magnusson, Matamoros & Vehtari 2020, arXiv 2008.10296; the cross-validation FAQ of `loo`)."""


def is_told_apart(delta: float, error: float) -> bool:
    """Whether a difference of elpd may be called one.

    Examples
    --------
    >>> is_told_apart(5.0, 1.0), is_told_apart(5.0, 2.6), is_told_apart(0.6, 0.2), is_told_apart(0.0, 0.0)
    (True, False, False, False)
    """
    return is_beyond_two_errors(delta, error) and abs(delta) >= SMALLEST_TOLD


def is_beyond_two_errors(delta: float, error: float) -> bool:
    """Whether a difference is 2 standard errors or more; on few trials that alone says little.

    Examples
    --------
    >>> is_beyond_two_errors(-0.6, 0.2), is_beyond_two_errors(0.0, 0.0)
    (True, False)
    """
    return delta != 0 and abs(delta) >= 2 * error
