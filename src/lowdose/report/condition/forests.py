"""Forest plots from the pools computed when the package was built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lowdose import charts
from lowdose.charts import Forest, ForestPool, ForestRow
from lowdose.evidence.records.labels import RECALLED
from lowdose.report.pictures import Picture, picture_name

_MEASURES: Mapping[str, str] = {
    "SMD": "standardised mean difference",
    "MD": "mean difference",
    "RR": "risk ratio (logarithmic axis)",
    "OR": "odds ratio (logarithmic axis)",
    "RD": "risk difference",
}
_RANDOM = {"hksj-floor": "Hartung-Knapp interval, never below the standard one", "hksj": "Hartung-Knapp interval"}


def forest_picture(name: str, question: Mapping[str, Any], certainty: str = "", title: str = "") -> Picture:
    """Forest plot of one question of ``computed()``; called as its label unless ``title`` says otherwise.

    Examples
    --------
    >>> from lowdose.evidence.pools.computed import computed
    >>> picture = forest_picture("fibromyalgia.pain", computed()["questions"]["fibromyalgia.pain"])
    >>> picture.title
    'Pain, change'
    """
    asked = question["question"]
    title = title or asked["label"][0].upper() + asked["label"][1:]
    ratio = asked["measure"] in ("RR", "OR")
    null = 1.0 if ratio else 0.0
    lower = asked["better"] == "lower"
    other = "the other drug" if asked["comparator"] == "active" else "placebo"
    drug = drug_words(asked["dose_classes"])
    sides = (f"favours {drug}", f"favours {other}") if lower else (f"favours {other}", f"favours {drug}")
    if lower and asked["kind"] == "events":
        sides = (f"fewer with {drug}", f"more with {drug}")
    plot = Forest(
        title=title,
        subtitle=f"{drug[0].upper()}{drug[1:]} compared with {other}; {_MEASURES[asked['measure']]}",
        rows=[*_rows(question), *_unusable(question)],
        pools=list(_pools(question)),
        log=ratio,
        null=null,
        left=sides[0],
        right=sides[1],
        axis=_MEASURES[asked["measure"]],
        mid=_mid(asked, null, lower),
        is_mid_recalled=bool(asked["mid"]) and asked["mid"]["tag"] == "recalled",
        certainty=certainty,
    )
    notes = tuple(dict.fromkeys((*question["warnings"], *question["notes"], *_otherwise(question))))
    return Picture(picture_name("forest", name), title, _caption(question), charts.forest(plot), notes)


def drug_words(dose_classes: Sequence[str]) -> str:
    """What the drug is called at the doses a question asks about.

    Examples
    --------
    >>> drug_words(["VLDN", "LDN"]), drug_words(["standard"])
    ('LDN', 'full dose')
    """
    if "LDN" in dose_classes:
        return "LDN"
    return {"VLDN": "very low dose", "ULDN": "ultra-low dose", "standard": "full dose"}.get(
        dose_classes[0], "naltrexone"
    )


def _mid(asked: Mapping[str, Any], null: float, lower: bool) -> tuple[float, ...]:
    """On the side that is better."""
    if asked["mid"] is None:
        return ()
    return (null + (-1 if lower else 1) * asked["mid"]["value"],)


def _rows(question: Mapping[str, Any]) -> Iterator[ForestRow]:
    entries = [(entry, "") for entry in question["entries"]]
    if question["sensitivity"]:
        entries += [(entry, "sensitivity analysis only, not in the pool") for entry in question["sensitivity"]["added"]]
    for entry, apart in entries:
        crossover = f"crossover, correlation {entry['correlation']:g} assumed" if entry["correlation"] else ""
        yield ForestRow(
            label=_unmarked(entry["label"]),
            detail=_detail(entry),
            estimate=entry["shown"]["estimate"],
            low=entry["shown"]["low"],
            high=entry["shown"]["high"],
            weight=None if apart else entry["weight"],
            note="; ".join(filter(None, (apart, crossover, _counts(entry)))),
            recalled=bool(entry["recalled"]) or RECALLED in entry["label"],
            bias=entry["risk_of_bias"],
        )


def _unmarked(label: str) -> str:
    """The chart sets the sign of what is recalled itself, and explains it."""
    return " ".join(label.replace(RECALLED, "").split())


def _detail(entry: Mapping[str, Any]) -> str:
    dose = f"{entry['dose_mg']:g} mg" if entry["dose_mg"] is not None else entry["dose_class"]
    treated, control = entry["n_treated"] or 0, entry["n_control"] or 0
    people = max(treated, control) if "crossover" in entry["design"] else treated + control
    return f"{dose} · {people} people" if people else dose


def _counts(entry: Mapping[str, Any]) -> str:
    if not entry["events"]:
        return ""
    treated, of_treated, control, of_control = entry["events"]
    return f"{treated} of {of_treated} against {control} of {of_control}"


def _unusable(question: Mapping[str, Any]) -> Iterator[ForestRow]:
    for one in question["unusable"]:
        says = one["direction"].replace("_", " ").replace("ldn", "LDN")
        found = f"; it reports: {says}" if says and says != "descriptive" else ""
        yield ForestRow(
            label=_unmarked(one["label"]),
            detail=f"{one['n']} people" if one["n"] else "",
            note=f"cannot be drawn; not seen: {one['why']}{found}",
            recalled=one["recalled"] or RECALLED in one["label"],
        )


def _pools(question: Mapping[str, Any]) -> Iterator[ForestPool]:
    pool = question["pool"]
    if pool is None or pool["k"] < 2:
        return
    if question["common"]:
        common = question["common"]["shown"]
        yield ForestPool(
            "Both trials, common effect",
            common["estimate"],
            common["low"],
            common["high"],
            text="one true effect for both",
        )
    shown = pool["shown"]
    predicted = shown["prediction_low"], shown["prediction_high"]
    said = f"I² {pool['i2']:.0f} %, τ² {pool['tau2']:.2f}"
    fragile = "; two trials: fragile" if pool["k"] == 2 else ""
    yield ForestPool(
        f"{'Both' if pool['k'] == 2 else 'All ' + str(pool['k'])} trials, random effects",
        shown["estimate"],
        shown["low"],
        shown["high"],
        None if None in predicted else predicted,
        f"{said}; {_RANDOM.get(pool['ci_method'], 'Wald interval')}{fragile}",
    )


def _caption(question: Mapping[str, Any]) -> str:
    """What the picture comes to, in a sentence."""
    pool, asked = question["pool"], question["question"]
    without = len(question["unusable"])
    if pool is None:
        studies = "One study is" if without == 1 else f"{without} studies are"
        return f"No study gives a number that can be drawn. {studies} listed."
    left = f" {without} more without numbers that can be drawn." if without else ""
    shown = pool["shown"]
    ends = f"{shown['low']:.2f} to {shown['high']:.2f}".replace("-", "−")
    estimate = f"{shown['estimate']:.2f}".replace("-", "−")
    count = "One trial" if pool["k"] == 1 else f"{pool['k']} trials pooled"
    return f"{count}: {asked['measure']} {estimate} ({ends}).{left}"


def _otherwise(question: Mapping[str, Any]) -> Iterator[str]:
    """What the answer becomes when one choice is made otherwise."""
    if question["sensitivity"]:
        added = ", ".join(entry["label"] for entry in question["sensitivity"]["added"])
        yield f"sensitivity analysis, with {added}: {_in_words(question['sensitivity']['pool'])}"
    for correlation, pool in question["correlations"].items():
        yield f"with a correlation of {correlation} between the periods of crossover trials: {_in_words(pool)}"
    only = question["only_found"]
    if only["removed"]:
        left = "nothing is left" if only["pool"] is None else _in_words(only["pool"])
        yield f"without recalled values: {left}"
    for name, words in (("mantel_haenszel", "Mantel-Haenszel"), ("peto", "Peto")):
        if question[name]:
            yield f"{words}: {_in_words(question[name])}"


def _in_words(pool: Mapping[str, Any]) -> str:
    estimate, low, high = (f"{pool['shown'][name]:.2f}".replace("-", "−") for name in ("estimate", "low", "high"))
    trials = "one trial" if pool["k"] == 1 else f"{pool['k']} trials"
    return f"{pool['measure']} {estimate} ({low} to {high}), {trials}"
