"""metafor's numbers, reproduced: every fit of the reference with an estimator we offer, and the effect sizes before it.

The reference was made before INNOVA 2026 was added, so its LDN sections are reproduced from our data by study ids.
Out of scope, since we do not offer them: the estimators HE, HS, SJ, ML and EB, trim and fill, Egger's and Begg's tests,
meta-regression (with it the subgroup test with a common τ²) and single-group pre-post effect sizes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from lowdose.evidence.pools.effects import sizes as effects
from lowdose.evidence.pools.entries import entries as gather
from lowdose.evidence.pools.entry import Entry
from lowdose.evidence.pools.looks import cumulative, leave_one_out, subgroup
from lowdose.evidence.pools.pooled import Pool
from lowdose.evidence.pools.pooling import I2_OF_Q, I2_OF_TAU2, pool
from lowdose.evidence.records.registry import registry

pytestmark = pytest.mark.conformance

OURS = ("EE", "DL", "REML", "PM")
INTERVALS = {"z": "wald", "knha": "hksj", "adhoc": "hksj-floor"}
CLOSED, ITERATED, SOLVED, PREDICTED = 1e-8, 5e-4, 1e-9, 1e-6
FITS, TABLES = 173, 7
"""Fits of the reference with an estimator of ours, and Mantel-Haenszel (6) and Peto (1) pools."""

Fit = dict[str, Any]


@dataclass
class Tally:
    """How many numbers were compared, and the largest difference of each kind."""

    fits: int = 0
    numbers: int = 0
    worst: dict[str, float] = field(default_factory=dict)

    @property
    def most(self) -> float:
        return max(self.worst.values())

    def near(self, ours: float, theirs: float, tolerance: float, kind: str, what: str, *, floor: float = 1.0) -> None:
        """Absolute difference below 1, relative above (``floor=0``: always relative)."""
        difference = abs(ours - theirs) / max(floor, abs(theirs), 1e-300)
        self.numbers += 1
        self.worst[kind] = max(self.worst.get(kind, 0.0), difference)
        assert difference <= tolerance, f"{what}: {ours!r}, the reference has {theirs!r}"


@pytest.fixture(scope="module")
def reference(references) -> Fit:
    return json.loads((references / "metafor_reference.json").read_text(encoding="utf-8"))


def plain(estimates: list[float], variances: list[float], measure: str = "generic") -> list[Entry]:
    pairs = enumerate(zip(estimates, variances, strict=True))
    return [Entry(str(at), str(at), 2000 + at, measure, yi, vi) for at, (yi, vi) in pairs]  # type: ignore[arg-type]


def bcg(reference: Fit, measure: str) -> list[Entry]:
    made = []
    for row in reference["bcg"]["data"]:
        table = (row["tpos"], row["tpos"] + row["tneg"], row["cpos"], row["cpos"] + row["cneg"])
        size = effects.events(*table, measure=measure)  # type: ignore[arg-type]
        one = Entry(str(row["trial"]), row["author"], row["year"], size.measure, size.estimate, size.variance)
        made.append(replace(one, events=table, group=row["alloc"]))
    return made


def normand(reference: Fit, measure: str) -> list[Entry]:
    made = []
    for row in reference["normand1999"]["data"]:
        arms = [row[name] for name in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")]
        size = effects.arm_means(*arms, measure=measure)  # type: ignore[arg-type]
        made.append(Entry(str(row["study"]), row["source"], 1999, size.measure, size.estimate, size.variance))
    return made


def fibromyalgia(correlation: float, studies: list[str]) -> list[Entry]:
    found = gather("fibromyalgia.pain", correlation=correlation, studies=studies, include_sensitivity=True).entries
    return sorted(found, key=lambda one: studies.index(one.study))


def responders(measure: str) -> list[Entry]:
    studies = ["bruun2024_FINAL", "younger2013_fm"]
    found = gather("fibromyalgia.response", measure=measure, studies=studies).entries  # type: ignore[arg-type]
    return sorted(found, key=lambda one: studies.index(one.study))


def chronic_pain(studies: list[str]) -> list[Entry]:
    """Ours, but the arthritis trial with the 20 people the reference took; our data has the 23 of its abstract."""
    found = gather("chronic-pain.pain", studies=studies).entries
    twenty = effects.paired_p(0.9, 20, -1, 0.5)
    mended = [
        replace(one, estimate=twenty.estimate, variance=twenty.variance) if one.group == "arthritis" else one
        for one in found
    ]
    assert [one.n_treated for one in found if one.group == "arthritis"] == [23]
    return sorted(mended, key=lambda one: studies.index(one.study))


def sclerosis() -> list[Entry]:
    """Cree as reported, and the unreported null put at zero: a scenario of the reference, not data."""
    (cree,) = gather("multiple-sclerosis.mental-quality-of-life").entries
    return [cree, replace(cree, study="scenario", estimate=0.0)]


def logits(reference: Fit) -> list[Entry]:
    """Remission in the drug arms alone, uncontrolled: counts of our data, log odds written out here."""
    made = []
    for row in reference["ldn"]["ibd_remission_single_arm"]["data"]:
        study = registry().studies[row["study_id"]]
        arms = [arm for outcome in study.outcomes for name, arm in outcome.arms.items() if name != "placebo"]
        had, total = next((a.events, a.total) for a in arms if (a.events, a.total) == (row["x"], row["n"]))
        made.append((math.log(had / (total - had)), 1 / had + 1 / (total - had)))
    return plain(*map(list, zip(*made, strict=True)))


def cases(reference: Fit) -> Iterator[tuple[str, list[Entry], Fit, list[float], list[float]]]:
    """Name, our entries, the reference's fits, its yi and vi."""
    for measure in ("RR", "OR", "RD"):
        found = reference["bcg"][measure]
        yield f"bcg {measure}", bcg(reference, measure), found["fits"], found["yi"], found["vi"]
    for measure in ("MD", "SMD"):
        found = reference["normand1999"][measure]
        yield f"normand {measure}", normand(reference, measure), found["fits"], found["yi"], found["vi"]
    ldn = reference["ldn"]
    single = ldn["ibd_remission_single_arm"]
    yield "remission, log odds", logits(reference), single["PLO"]["fits"], single["PLO"]["yi"], single["PLO"]["vi"]
    double = single["PFT"]  # the double arcsine is the reference's own: we do not offer it
    yield "remission, arcsine", plain(double["yi"], double["vi"]), double["fits"], double["yi"], double["vi"]
    for correlation in (0.3, 0.5, 0.7):
        found = ldn["fibromyalgia"][f"SMD_rho{correlation}"]
        made = fibromyalgia(correlation, found["studies"])
        yield f"fibromyalgia {correlation}, three", made, found["all3"], found["yi"], found["vi"]
        pair = found["double_blind_only"]
        yield f"fibromyalgia {correlation}, double blind", made[:2], pair, found["yi"][:2], found["vi"][:2]
    for measure in ("RR", "OR", "RD"):
        found = ldn["fibromyalgia"][f"responders_{measure}"]
        yield f"responders {measure}", responders(measure), found["fits"], found["yi"], found["vi"]
    found = ldn["ms_qol_mental"]["scenario_null_second_trial"]
    yield "multiple sclerosis", sclerosis(), found["fits"], found["yi"], found["vi"]
    found = ldn["chronic_pain_placebo_rho0.5"]
    yield "chronic pain", chronic_pain(found["studies"]), found["fits"], found["yi"], found["vi"]
    grouped = reference["bcg"]["subgroup_alloc_REML"]
    groups = subgroup(bcg(reference, "RR"), "group", ci="wald").groups
    assert set(groups) == set(grouped)
    for name, fit in grouped.items():
        chosen = list(groups[name].entries)
        yield (
            f"bcg RR, {name}",
            chosen,
            {"REML|z": fit},
            [one.estimate for one in chosen],
            [one.variance for one in chosen],
        )


def in_reference(part: Any) -> Iterator[Fit]:
    """Every fit written anywhere in the file."""
    if isinstance(part, dict):
        if "method" in part and "test" in part:
            yield part
        else:
            for inner in part.values():
                yield from in_reference(inner)


def fitted(entries: list[Entry], fit: Fit) -> Pool:
    if fit["method"] == "EE":
        return pool(entries, model="common")
    return pool(entries, tau2=fit["method"], ci=INTERVALS[fit["test"]])  # type: ignore[arg-type]


def numbers(made: Pool) -> dict[str, float]:
    low, high = made.interval
    return {
        "est": made.estimate,
        "se": made.standard_error,
        "ci_lb": low,
        "ci_ub": high,
        "tau2": made.tau2,
        "Q": made.q,
        "Qp": made.q_p,
        "I2": made.i2 / 100,
    }


def solved_tightly(yi: np.ndarray, vi: np.ndarray, method: str) -> float:
    """τ² as the root of its estimating equation, written out here."""

    def equation(tau2: float) -> float:
        w = 1 / (vi + tau2)
        mean = w @ yi / w.sum()
        if method == "PM":
            return float(w @ (yi - mean) ** 2 - (len(yi) - 1))
        return float(w**2 @ (yi - mean) ** 2 - (w.sum() - w**2 @ np.ones_like(w) / w.sum()))

    if equation(0.0) <= 0:
        return 0.0
    upper = 10 * (np.var(yi, ddof=1) + vi.max())
    return float(optimize.brentq(equation, 0.0, upper, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=1000))


def written_out(entries: list[Entry], fit: Fit) -> dict[str, float]:
    """The fit from τ² solved tightly."""
    yi, vi = (np.array([getattr(one, name) for one in entries]) for name in ("estimate", "variance"))
    tau2, k = solved_tightly(yi, vi, fit["method"]), len(yi)
    w = 1 / (vi + tau2)
    mean = w @ yi / w.sum()
    variance, quantile = 1 / w.sum(), stats.norm.isf(0.025)
    if fit["test"] != "z":
        scaled = w @ (yi - mean) ** 2 / (k - 1) / w.sum()
        variance, quantile = max(scaled, variance) if fit["test"] == "adhoc" else scaled, stats.t.isf(0.025, k - 1)
    u = 1 / vi
    typical = (k - 1) * u.sum() / (u.sum() ** 2 - u @ u)
    margin = quantile * math.sqrt(variance)
    shown = {"est": mean, "se": math.sqrt(variance), "ci_lb": mean - margin, "ci_ub": mean + margin}
    return {**shown, "tau2": tau2, "I2": tau2 / (tau2 + typical)}


def test_every_fit_is_reproduced(reference, record_property):
    closed, iterated, solved, sizes = Tally(), Tally(), Tally(), Tally()
    for name, entries, fits, yi, vi in cases(reference):
        for one, estimate, variance in zip(entries, yi, vi, strict=True):
            sizes.near(one.estimate, estimate, CLOSED, "estimate", f"{name}, {one.label}")
            sizes.near(one.variance, variance, CLOSED, "variance", f"{name}, {one.label}")
        for key, fit in fits.items():
            if fit["method"] not in OURS:
                continue
            made, what = fitted(entries, fit), f"{name} {key}"
            assert made.k == fit["k"], what
            tally = closed if fit["method"] in ("EE", "DL") else iterated
            tally.fits += 1
            for number, ours in numbers(made).items():
                exact = tally is closed or number in ("Q", "Qp")
                theirs = fit[number] / 100 if number == "I2" else fit[number]
                tally.near(ours, theirs, CLOSED if exact else ITERATED, number, f"{what} {number}")
            if tally is iterated:
                solved.fits += 1
                for number, root in written_out(entries, fit).items():
                    scale = 0.0 if root else 1.0
                    solved.near(numbers(made)[number], root, SOLVED, number, f"{what} {number}, solved", floor=scale)
    there = [fit for fit in in_reference(reference) if fit["method"] in OURS]
    assert closed.fits + iterated.fits == len(there) == FITS
    assert solved.fits == iterated.fits == 103
    assert (closed.numbers, iterated.numbers, solved.numbers, sizes.numbers) == (560, 824, 618, 208)
    pairs = f"{len(there)} fits, {closed.numbers + iterated.numbers} numbers"
    apart = f"EE and DL {closed.most:.0e}, REML and PM {iterated.most:.0e} ({solved.most:.0e} of the equation solved)"
    record_property("compared", f"metafor: {pairs}; largest difference {apart}")
    record_property("compared", f"metafor: {sizes.numbers} estimates and variances behind them; {sizes.most:.0e}")


def test_reml_agrees_in_relation_to_its_size_too(reference):
    tally = Tally()
    for name, entries, fits, *_ in cases(reference):
        for key, fit in fits.items():
            if fit["method"] == "REML" and fit["tau2"] > 0:
                made = numbers(fitted(entries, fit))
                for number in ("est", "se", "tau2"):
                    tally.near(made[number], fit[number], ITERATED, number, f"{name} {key} {number}", floor=0.0)
    assert tally.numbers > 100


def test_mantel_haenszel_and_peto(reference, record_property):
    tally = Tally()
    found = [(bcg(reference, measure), reference["bcg"][measure]["mh"], "MH") for measure in ("RR", "OR", "RD")]
    ldn = reference["ldn"]["fibromyalgia"]
    found += [(responders(measure), ldn[f"responders_{measure}"]["mh"], "MH") for measure in ("RR", "OR", "RD")]
    found.append((bcg(reference, "OR"), reference["bcg"]["peto"], "Peto"))
    for entries, fit, method in found:
        made = pool(entries, method=method)  # type: ignore[arg-type]
        tally.fits += 1
        for number, ours in numbers(made).items():
            if number != "tau2":
                theirs = fit[number] / 100 if number == "I2" else fit[number]
                tally.near(ours, theirs, CLOSED, number, f"{method} {made.measure} {number}")
    assert (tally.fits, tally.numbers) == (TABLES, 7 * TABLES)
    pairs = f"{tally.fits} Mantel-Haenszel and Peto pools, {tally.numbers} numbers"
    record_property("compared", f"metafor: {pairs}; {tally.most:.0e}")


def test_leave_one_out_and_cumulative(reference, record_property):
    tally, entries = Tally(), bcg(reference, "RR")
    found = reference["bcg"]["leave1out_REML_RR"]
    for at, (_, made) in enumerate(leave_one_out(entries, ci="wald")):
        for number in ("est", "se", "tau2", "I2"):
            theirs = found[number][at] / (100 if number == "I2" else 1)
            tally.near(numbers(made)[number], theirs, ITERATED, number, f"without {at + 1}: {number}", floor=0.0)
    found = reference["bcg"]["cumulative_by_year_REML_RR"]
    steps = cumulative(entries, ci="wald")
    assert [int(added.study) for added, _ in steps] == found["order"]
    for at, (_, made) in enumerate(steps):
        for number in ("est", "se", "tau2"):
            what = f"first {at + 1}: {number}"
            tally.near(numbers(made)[number], found[number][at], ITERATED, number, what)
    assert tally.numbers == 13 * 4 + 13 * 3
    record_property("compared", f"metafor: leave-one-out and cumulative, {tally.numbers} numbers; {tally.most:.0e}")


def test_prediction_intervals_by_either_rule(reference, record_property):
    """Ours uses t(k - 2) and says so; with the reference's quantile it gives the reference's interval."""
    ours, theirs = Tally(), Tally()
    for name, entries, fits, *_ in cases(reference):
        for key, fit in fits.items():
            if fit["method"] not in OURS or "pi_lb" not in fit:
                continue
            made, k, what = fitted(entries, fit), len(entries), f"{name} {key}"
            quantile = stats.norm.isf(0.025) if fit["test"] == "z" else stats.t.isf(0.025, k - 1)
            spread = math.sqrt(made.tau2 + made.standard_error**2)
            # REML and PM of the reference stop early: there the interval is rebuilt from its own τ² as well.
            tolerance = PREDICTED if fit["method"] == "DL" else 3 * ITERATED
            rebuilt = math.sqrt(fit["tau2"] + fit["se"] ** 2)
            for side, limit in ((-1, fit["pi_lb"]), (1, fit["pi_ub"])):
                theirs.near(made.estimate + side * quantile * spread, limit, tolerance, fit["method"], what)
                theirs.near(fit["est"] + side * quantile * rebuilt, limit, PREDICTED, "rebuilt", what)
            if k > 2:
                assert made.prediction is not None, what
                for side, limit in zip((-1, 1), made.prediction, strict=True):
                    own = made.estimate + side * stats.t.isf(0.025, k - 2) * spread
                    ours.near(limit, own, PREDICTED, "t(k-2)", what)
                assert "t(k−2)" in made.prediction_rule
            else:
                assert made.prediction is None, what
    assert (theirs.numbers, ours.numbers) == (620, 192)
    apart = ", ".join(f"{kind} {worst:.0e}" for kind, worst in theirs.worst.items())
    record_property("compared", f"metafor: {theirs.numbers // 4} prediction intervals by its quantile; {apart}")


def test_which_i2_is_meant(reference):
    """Random effects: of τ² beside the typical variance, as metafor has it; common effect: of Q. DL makes them one."""
    for name, entries, fits, *_ in cases(reference):
        for key, fit in fits.items():
            if fit["method"] not in OURS:
                continue
            made = fitted(entries, fit)
            assert made.i2_definition == (I2_OF_Q if fit["method"] == "EE" else I2_OF_TAU2), f"{name} {key}"
            of_q = max(0.0, 100 * (made.q - (made.k - 1)) / made.q)
            if fit["method"] in ("EE", "DL"):
                assert made.i2 == pytest.approx(of_q, abs=1e-8), f"{name} {key}"
            elif name == "bcg RD":
                assert abs(made.i2 - of_q) > 0.5, "the two definitions tell these apart"


def test_heterogeneity_of_the_subgroups_is_tested_with_a_tau2_of_each(reference):
    """The reference tests with a common τ² (a meta-regression, not offered); ours is told apart by its name."""
    found = subgroup(bcg(reference, "RR"), "group", ci="wald")
    means = np.array([made.estimate for made in found.groups.values()])
    weights = 1 / np.array([made.standard_error for made in found.groups.values()]) ** 2
    expected = weights @ (means - weights @ means / weights.sum()) ** 2
    assert found.df == 2
    assert found.q_between == pytest.approx(expected, rel=1e-12)
    assert found.p == pytest.approx(stats.chi2.sf(expected, 2), rel=1e-12)
    assert found.q_between != pytest.approx(reference["bcg"]["subgroup_test_common_tau2"]["QM"], rel=1e-3)


def test_effect_sizes_of_our_data(reference, record_property):
    """The other LDN numbers of the reference, from our data."""
    tally, ldn = Tally(), reference["ldn"]

    def same(one: Entry | effects.EffectSize, yi: float, vi: float, what: str) -> None:
        tally.near(one.estimate, yi, CLOSED, "estimate", what)
        tally.near(one.variance, vi, CLOSED, "variance", what)

    crohn = ldn["crohn_adult_rct"]
    asked = ("remission", "response-70", "response-100", "endoscopic-response")
    for measure in ("RR", "RD", "OR"):
        for at, outcome in enumerate(asked):
            (one,) = gather(f"crohn.{outcome}", measure=measure).entries  # type: ignore[arg-type]
            same(one, crohn[measure]["yi"][at], crohn[measure]["vi"][at], f"crohn {outcome} {measure}")
        zero = effects.events(
            4, 18, 0, 16, measure=measure
        )  # its counts are not in our data: only percentages were seen
        same(zero, crohn[measure]["yi"][4], crohn[measure]["vi"][4], f"crohn endoscopic-remission {measure}")
    completers = ldn["crohn_adult_rct_completers"]
    for at, row in enumerate(completers["data"]):
        one = effects.events(row["V1"], row["V2"], row["V3"], row["V4"], measure="RR")
        same(one, math.log(completers["rr"][at]), completers["vi"][at], row["_row"])

    scales = ("hamd17", "hamd28", "madrs10", "madrs15", "cgi")
    for measure in ("SMD", "MD"):
        found = ldn["depression_mischoulon2017"][f"endpoint_{measure}"]
        for at, scale in enumerate(scales):
            (one,) = gather(f"depression.{scale}", measure=measure).entries  # type: ignore[arg-type]
            same(one, found["yi"][at], found["vi"][at], f"depression {scale} {measure}")

    bihari = ldn["hiv_bihari_zero_cell"]
    for measure in ("RR", "OR", "RD"):
        (one,) = gather("hiv.infection", measure=measure).entries  # type: ignore[arg-type]
        same(one, bihari["escalc"][measure]["yi"], bihari["escalc"][measure]["vi"], f"bihari {measure}")
    assert one.events is not None
    same(effects.peto(*one.events, added=0.5), bihari["PETO"]["yi"], bihari["PETO"]["vi"], "bihari Peto")

    (one,) = gather("smoking-alcohol.abstinence").entries
    same(one, ldn["smoking_ray2021"]["logRR"], ldn["smoking_ray2021"]["vi"], "smoking")

    arm_level = ldn["fibromyalgia"]["bruun2024_arm_level"]
    final = registry().studies["bruun2024_FINAL"].outcomes[0]
    arms = [final.arms[name] for name in ("ldn", "placebo")]
    levels = [value for arm in arms for value in (arm.mean_change, *(arm.ci or ()), arm.n)]
    for measure in ("SMD", "MD"):
        made = effects.arm_changes(*levels, measure=measure)  # type: ignore[arg-type]
        same(made, arm_level[measure]["yi"], arm_level[measure]["vi"], f"FINAL {measure}, arm level")
    (one,) = gather("fibromyalgia.pain", measure="MD", studies=["bruun2024_FINAL"]).entries
    published = arm_level["published_adjusted_MD"]
    same(one, published["est"], published["se"] ** 2, "FINAL MD as published")

    safety = ldn["fibromyalgia"]["bruun2024_safety"]
    for at, harm in enumerate(("any-adverse-event", "stopped")):
        (one,) = gather(f"any.{harm}", studies=["bruun2024_FINAL"]).entries
        same(one, safety["logRR"][at], safety["vi"][at], f"FINAL {harm}")

    cree = ldn["ms_qol_mental"]["cree2010_MCS"]
    (one,) = gather("multiple-sclerosis.mental-quality-of-life").entries
    same(one, cree["md"], cree["se_from_t59"] ** 2, "MS")

    register = ldn["ra_register_raknes2019"]
    effect = next(o.effect for o in registry().studies["raknes2019_ra"].outcomes if o.effect and o.effect.est == -73.3)
    assert effect.ci is not None
    made = effects.published_md(effect.est, low=effect.ci[0], high=effect.ci[1])  # type: ignore[arg-type]
    same(made, register["md"], register["se"] ** 2, "RA register")
    assert tally.numbers == 2 * (15 + 3 + 10 + 4 + 1 + 2 + 1 + 2 + 1 + 1)
    record_property("compared", f"metafor: {tally.numbers} estimates and variances of our data; {tally.most:.0e}")
