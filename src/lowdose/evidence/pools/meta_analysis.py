"""The pooling library (PyMetaAnalysis), called here and nowhere else; imported when first used: it takes two seconds.

Its iterations stop at 1e-13 of τ² and not at its own 1e-10, so that results are those of the equation solved exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lowdose.errors import InvalidInput

TOLERANCE = 1e-13
"""Of τ², absolute and relative, at which REML and PM stop."""
_COUNTS = ("event_treat", "n_treat", "event_control", "n_control")
_ARMS = ("mean_treat", "sd_treat", "n_treat", "mean_control", "sd_control", "n_control")


def inverse_variance(estimates: Sequence[float], variances: Sequence[float], **options: Any) -> Any:
    """Pool estimates by the inverse of their variances; ``options`` are the library's.

    Returns
    -------
    MetaAnalysisResult
        The library's result.

    Examples
    --------
    >>> inverse_variance([0.0, 1.0], [1.0, 1.0], model="common").estimate
    0.5
    """
    import meta_analyze

    library: Any = meta_analyze
    try:
        return library.meta_analysis(effect=[*estimates], variance=[*variances], atol=TOLERANCE, **options)
    except (library.MetaAnalysisError, ValueError) as error:
        remedy = "look for a number that is too large or too small"
        raise InvalidInput(f"these estimates cannot be pooled: {error}", remedy=remedy) from error


def two_by_two(tables: Sequence[tuple[int, int, int, int]], *, added: float = 0.5, **options: Any) -> Any:
    """Compare or pool events and totals of two arms.

    ``added`` goes to each cell of a table with a zero, of no other, for the estimates of single studies;
    Mantel-Haenszel and Peto pool the counts as they are.

    Examples
    --------
    >>> round(two_by_two([(15, 18, 6, 16)], measure="RR", method="MH").display_estimate, 3)
    2.222
    """
    import meta_analyze

    library: Any = meta_analyze
    columns = {name: [table[at] for table in tables] for at, name in enumerate(_COUNTS)}
    try:
        return library.meta_binary(**columns, model="common", continuity_correction=added, **options)
    except library.MetaAnalysisError as error:
        raise InvalidInput(f"these counts cannot be compared: {error}") from error


def two_arms(arms: tuple[float, float, int, float, float, int], measure: str) -> tuple[float, float]:
    """Difference of two arms' means (MD) or Hedges' g (SMD, exact correction), and its variance.

    Examples
    --------
    >>> two_arms((1.0, 2.0, 8, 0.0, 2.0, 8), "MD")
    (1.0, 1.0)
    """
    import meta_analyze

    library: Any = meta_analyze
    columns = {name: [value] for name, value in zip(_ARMS, arms, strict=True)}
    try:
        row = library.meta_continuous(**columns, measure=measure, model="common").study_results.iloc[0]
    except library.MetaAnalysisError as error:
        raise InvalidInput(f"these means cannot be compared: {error}") from error
    return float(row["effect"]), float(row["variance"])
