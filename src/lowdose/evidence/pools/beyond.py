"""How likely an effect is large enough to matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowdose.evidence.pools.numbers import RATIOS


def probability_beyond(pool: Mapping[str, Any], smallest: float, better: str) -> float | None:
    """Probability that the mean effect is better than no difference by more than ``smallest`` (shown scale).

    A flat prior and the distribution the interval itself uses: Student's t with k - 1 degrees of freedom for
    Hartung-Knapp-Sidik-Jonkman, normal for Wald. None where ``better`` is neither.

    Examples
    --------
    >>> pool = {"measure": "MD", "estimate": -1.0, "standard_error": 0.5, "ci_method": "wald", "k": 4}
    >>> round(probability_beyond(pool, 1.0, "lower"), 3)
    0.5
    """
    import math

    from scipy import stats

    if better == "neither":
        return None
    side = -1 if better == "lower" else 1
    ratio = pool["measure"] in RATIOS
    edge = math.log(1 + side * smallest) if ratio else side * smallest
    away = side * (pool["estimate"] - edge) / pool["standard_error"]
    if pool["ci_method"] == "wald" or pool["k"] < 2:
        return float(stats.norm.cdf(away))
    return float(stats.t.cdf(away, pool["k"] - 1))
