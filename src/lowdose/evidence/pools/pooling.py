"""Pooling: common and random effects on PyMetaAnalysis, with what a reader must know about the result.

Every number here is the library's; this room chooses, names and warns.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lowdose.errors import InvalidInput
from lowdose.evidence.pools.entry import Entry
from lowdose.evidence.pools.meta_analysis import inverse_variance, two_by_two
from lowdose.evidence.pools.numbers import OF_EVENTS, Measure
from lowdose.evidence.pools.pooled import Interval, Method, Model, Pool, Tau2
from lowdose.evidence.pools.rules.beside import pool_warnings

INTERVALS: Mapping[Interval, tuple[str, str]] = {
    "hksj-floor": ("hartung_knapp_adhoc", "Hartung-Knapp-Sidik-Jonkman, variance never below the standard one"),
    "hksj": ("hartung_knapp", "Hartung-Knapp-Sidik-Jonkman"),
    "wald": ("normal", "Wald (normal)"),
}
"""Our names, the library's, and words."""
PREDICTION_RULE = "estimate ± t(k−2) · √(τ² + SE²), SE being that of the interval shown; from three studies on"
I2_OF_TAU2 = "τ² beside the typical variance within studies"
I2_OF_Q = "(Q − df) / Q"
SMALLEST, LARGEST = 1e-100, 1e100
"""Variances and estimates beyond these overflow when they are squared; no trial gives such a number."""
NARROW = "the Hartung-Knapp interval is narrower than its rule allows for few studies: take the one with the floor"


def pool(
    entries: Sequence[Entry],
    *,
    model: Model = "random",
    tau2: Tau2 = "REML",
    ci: Interval = "hksj-floor",
    level: float = 0.95,
    method: Method = "IV",
) -> Pool:
    """Pool entries of one measure.

    Parameters
    ----------
    entries : sequence of Entry
        One of each study. A single one is shown as it is.
    model : {"random", "common"}
        Mantel-Haenszel and Peto are always common-effect.
    tau2 : {"REML", "DL", "PM"}
        Estimator of the variance between studies.
    ci : {"hksj-floor", "hksj", "wald"}
        Interval of a random-effects pool; a common-effect pool has Wald's.
    level : float
        Confidence, between 0 and 1.
    method : {"IV", "MH", "Peto"}
        Inverse variance; Mantel-Haenszel or Peto on the counts.

    Raises
    ------
    InvalidInput
        If there is nothing to pool, measures are mixed, a study comes twice, an estimate or a variance cannot be, or
        counts are missing.

    Examples
    --------
    >>> trials = [Entry("a", "A 2020", 2020, "MD", -1.0, 0.1), Entry("b", "B 2021", 2021, "MD", 0.0, 0.1)]
    >>> made = pool(trials, model="common")
    >>> made.estimate, round(made.standard_error, 4), made.weights
    (-0.5, 0.2236, (0.5, 0.5))
    >>> pool(trials).warnings[0]
    'two trials: the pool is fragile; look at each, at the common-effect pool and at the Hartung-Knapp interval'
    """
    entries = tuple(entries)
    measure = _measure(entries, level)
    if len(entries) == 1 or method != "IV":
        model = "common"
    made = _fit(entries, measure, model=model, tau2=tau2, ci=ci, level=level, method=method)
    if made.k == 2 and model == "random":
        common = _fit(entries, measure, model="common", tau2=tau2, ci=ci, level=level, method="IV")
        made = replace(
            made,
            common_effect=common,
            hksj=_fit(entries, measure, model="random", tau2=tau2, ci="hksj", level=level, method="IV"),
        )
    if made.tau2_method == "REML" and made.tau2 == 0 and made.k > 2:
        # The likelihood can have a second top beyond zero, which the library does not look for.
        moments = _fit(entries, measure, model="random", tau2="DL", ci=ci, level=level, method="IV")
        if moments.tau2 > 0:
            said = f"REML puts τ² at 0, DL at {moments.tau2:.2g}: studies may differ more than this pool says; see DL"
            made = replace(made, warnings=(*made.warnings, said))
    return replace(made, warnings=made.warnings + pool_warnings(made))


def _measure(entries: Sequence[Entry], level: float) -> Measure:
    if not entries:
        raise InvalidInput("there is nothing to pool", remedy="no study has usable numbers for this question")
    if not 0 < level < 1:
        raise InvalidInput(f"a confidence of {level:g} cannot be", remedy="write one such as 0.95")
    found = {entry.measure for entry in entries}
    if len(found) > 1:
        raise InvalidInput(f"{' and '.join(sorted(found))} cannot be pooled together", remedy="choose one measure")
    for entry in entries:
        if not (abs(entry.estimate) < LARGEST and SMALLEST < entry.variance < LARGEST):
            what = f"{entry.label}: an estimate of {entry.estimate:g} with a variance of {entry.variance:g} cannot be"
            raise InvalidInput(what, remedy="look at its numbers, or leave the study out")
    twice = [name for name, times in Counter(entry.study for entry in entries).items() if times > 1]
    if twice:
        raise InvalidInput(f"{twice[0]} comes twice", remedy="one entry a study: its people count once")
    return found.pop()


def _fit(
    entries: tuple[Entry, ...],
    measure: Measure,
    *,
    model: Model,
    tau2: Tau2,
    ci: Interval,
    level: float,
    method: Method,
) -> Pool:
    if method == "IV":
        fit = inverse_variance(
            [entry.estimate for entry in entries],
            [entry.variance for entry in entries],
            model=model,
            tau2_method=tau2 if model == "random" else None,
            ci_method=INTERVALS[ci][0] if model == "random" else "normal",
            confidence_level=level,
        )
    else:
        fit = two_by_two(_tables(entries, measure, method), measure=measure, method=method, confidence_level=level)
    return _as_pool(fit, entries, measure, tau2=tau2, ci=ci, method=method)


def _tables(entries: Sequence[Entry], measure: Measure, method: Method) -> list[tuple[int, int, int, int]]:
    wanted = OF_EVENTS if method == "MH" else ("OR",)
    if measure not in wanted:
        raise InvalidInput(f"{method} does not pool {measure}", remedy=f"it pools {' or '.join(wanted)}")
    missing = [entry.label for entry in entries if entry.events is None]
    if missing:
        raise InvalidInput(f"{method} needs the counts of {', '.join(missing)}", remedy="use inverse variance")
    return [entry.events for entry in entries if entry.events is not None]


def _as_pool(
    fit: Any, entries: tuple[Entry, ...], measure: Measure, *, tau2: Tau2, ci: Interval, method: Method
) -> Pool:
    random = fit.model == "random"
    used = [bool(one) for one in fit.study_results["included"]]
    predicted = fit.prediction_interval
    i2, definition = _i2(fit.heterogeneity, fit.k)
    return Pool(
        measure=measure,
        model="random" if random else "common",
        method=method,
        tau2_method=tau2 if random else None,
        ci_method=ci if random else "wald",
        level=fit.method.confidence_level,
        k=fit.k,
        estimate=float(fit.estimate),
        standard_error=float(fit.standard_error),
        interval=(float(fit.ci_low), float(fit.ci_high)),
        tau2=float(fit.tau2),
        i2=i2,
        i2_definition=definition,
        q=float(fit.heterogeneity.q),
        q_p=float(fit.heterogeneity.pvalue) if fit.k > 1 else 1.0,
        prediction=(float(predicted[0]), float(predicted[1])) if predicted else None,
        prediction_rule=PREDICTION_RULE if predicted else "",
        weights=tuple(
            float(share) for share, one in zip(fit.study_results["normalized_weight"], used, strict=True) if one
        ),
        entries=tuple(entry for entry, one in zip(entries, used, strict=True) if one),
        warnings=(NARROW,) if any("below the classic variance" in said for said in fit.warnings) else (),
    )


def _i2(heterogeneity: Any, k: int) -> tuple[float, str]:
    """I² in percent, and of what; that of Q where one study is so exact that no variance is typical."""
    definition = I2_OF_TAU2 if heterogeneity.i2_method == "tau2_typical_variance" else I2_OF_Q
    if k < 2:
        return 0.0, definition
    if math.isfinite(heterogeneity.i2):
        return 100 * float(heterogeneity.i2), definition
    return 100 * max(0.0, 1 - (k - 1) / float(heterogeneity.q)), I2_OF_Q
