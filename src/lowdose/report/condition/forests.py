"""Forest plots from the pools computed when the package was built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lowdose import charts
from lowdose.charts import Forest, ForestPool, ForestRow
from lowdose.evidence.plain.told import HARMS
from lowdose.evidence.pools.methods import how
from lowdose.evidence.pools.numbers import RATIOS, no_difference
from lowdose.evidence.pools.wording import effect
from lowdose.evidence.records.labels import RECALLED
from lowdose.report.pictures import Picture, content, picture_name

_MEASURES: Mapping[str, str] = {
    "SMD": "standardised mean difference",
    "MD": "mean difference",
    "RR": "risk ratio (logarithmic axis)",
    "OR": "odds ratio (logarithmic axis)",
    "RD": "risk difference",
    "generic": "effect, as given",
}


def forest_picture(name: str, question: Mapping[str, Any], certainty: str = "", title: str = "") -> Picture:
    """Forest plot of one question of ``computed()``; called as its label unless ``title`` says otherwise.

    Examples
    --------
    >>> from lowdose.evidence.pools.computed import computed
    >>> picture = forest_picture("fibromyalgia.pain", computed()["questions"]["fibromyalgia.pain"])
    >>> picture.title
    'Pain, change'
    """
    plot = forest(question, certainty, title)
    notes = tuple(dict.fromkeys((*question["warnings"], *question["notes"], *_otherwise(question))))
    notes = tuple(note.replace(" -", " −") for note in notes)
    return Picture(picture_name("forest", name), plot.title, _caption(question), charts.forest(plot), notes)


def forest(question: Mapping[str, Any], certainty: str = "", title: str = "") -> Forest:
    """A question of ``computed()``, or a ``pool_page`` with one's own choices, as rows and diamonds.

    Of a table of one's own nothing is known but the numbers.

    Examples
    --------
    >>> from lowdose.evidence.exports.documents import pool_page
    >>> from lowdose.evidence.pools.asking import ask, question_for
    >>> drawn = forest(pool_page(ask(question_for("fm", "pain"), tau2="DL")))
    >>> drawn.left, len(drawn.rows), drawn.pools[0].label
    ('favours LDN', 5, 'All 3 trials')
    """
    asked, own = question["question"], question.get("table", False)
    null = no_difference(asked["measure"])
    left, right, compared = ("lower in the first group", "higher in the first group", "") if own else _sides(asked)
    return Forest(
        title=title or asked["label"][0].upper() + asked["label"][1:],
        subtitle="; ".join(filter(None, (compared, _MEASURES[asked["measure"]]))),
        rows=[*_rows(question, own), *_unusable(question)],
        pools=list(_pools(question)),
        log=asked["measure"] in RATIOS,
        null=null,
        left=left,
        right=right,
        axis=_MEASURES[asked["measure"]],
        mid=smallest_that_matters(asked),
        is_mid_recalled=bool(asked["mid"]) and asked["mid"]["tag"] == "recalled",
        certainty=certainty,
        level=question["pool"]["level"] if question["pool"] else 0.95,
    )


def smallest_that_matters(asked: Mapping[str, Any]) -> tuple[float, ...]:
    """Where the smallest gain that matters lies on the axis; of an adverse event, the smallest harm.

    Examples
    --------
    >>> from lowdose.evidence.pools.computed import computed
    >>> asked = {name: computed()["questions"][name]["question"] for name in ("hiv.infection", "any.headache")}
    >>> smallest_that_matters(asked["hiv.infection"]), smallest_that_matters(asked["any.headache"])
    ((0.75,), (1.25,))
    """
    if not asked["mid"]:
        return ()
    good_is_less = asked["better"] == "lower" and not _is_harm(asked)
    return (no_difference(asked["measure"]) + (-1 if good_is_less else 1) * asked["mid"]["value"],)


def _is_harm(asked: Mapping[str, Any]) -> bool:
    return str(asked.get("id", "")).partition(".")[0] == HARMS


def write_forest(page: Mapping[str, Any], path: Path, kind: str) -> Path:
    """Draw the pool of a ``pool_page`` as ``svg``, ``pdf`` or ``png``; the file is whole or not there.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose.evidence.exports.documents import pool_page
    >>> from lowdose.evidence.pools.asking import ask, question_for
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = pool_page(ask(question_for("crohn", "remission")))
    ...     write_forest(page, Path(folder) / "forest.svg", "svg").read_text(encoding="utf-8")[:4]
    '<svg'
    """
    from lowdose.files import write_whole

    return write_whole(path, content(charts.forest(forest(page, title=_standing_alone(page))), kind))


def _standing_alone(page: Mapping[str, Any]) -> str:
    """Title of a picture without a page around it: it names the conditions, too."""
    from lowdose.evidence.records.registry import registry

    asked = page["question"]
    names = [registry().conditions[one].name for one in asked.get("conditions", ())]
    label = asked["label"][0].upper() + asked["label"][1:]
    return label if page["table"] else f"{' and '.join(names) or 'All conditions'}: {asked['label']}"


def _sides(asked: Mapping[str, Any]) -> tuple[str, str, str]:
    """What stands to the left, what to the right, and what was compared."""
    other = "the other drug" if asked["comparator"] == "active" else "placebo"
    drug = drug_words(asked["dose_classes"])
    compared = f"{drug[0].upper()}{drug[1:]} compared with {other}"
    if asked["better"] != "lower":
        return f"favours {other}", f"favours {drug}", compared
    if asked["kind"] == "events":
        return f"fewer with {drug}", f"more with {drug}", compared
    return f"favours {drug}", f"favours {other}", compared


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


def _rows(question: Mapping[str, Any], own: bool) -> Iterator[ForestRow]:
    entries = [(entry, "") for entry in question["entries"]]
    if question["sensitivity"]:
        entries += [(entry, "sensitivity analysis only, not in the pool") for entry in question["sensitivity"]["added"]]
    for entry, apart in entries:
        crossover = f"crossover, correlation {entry['correlation']:g} assumed" if entry["correlation"] else ""
        yield ForestRow(
            label=_unmarked(entry["label"]),
            detail="" if own else _detail(entry),
            estimate=entry["shown"]["estimate"],
            low=entry["shown"]["low"],
            high=entry["shown"]["high"],
            weight=None if apart else entry["weight"],
            note="; ".join(filter(None, (apart, crossover, _counts(entry)))),
            recalled=bool(entry["recalled"]) or RECALLED in entry["label"],
            bias="" if own else entry["risk_of_bias"],
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
            note=f"cannot be {'used' if one['seen'] else 'drawn; not seen'}: {one['why']}{found}",
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
    fragile = "; two trials: fragile" if pool["k"] == 2 else ""
    yield ForestPool(
        "Both trials" if pool["k"] == 2 else f"All {pool['k']} trials",
        shown["estimate"],
        shown["low"],
        shown["high"],
        None if None in predicted else predicted,
        f"{how(pool).partition(', ')[2]}; I² {pool['i2']:.0f} %, τ² {pool['tau2']:.2f}{fragile}",
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
    count = "One trial" if pool["k"] == 1 else f"{pool['k']} trials pooled"
    return f"{count}: {effect(asked['measure'], shown)}.{left}"


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
    trials = "one trial" if pool["k"] == 1 else f"{pool['k']} trials"
    return f"{effect(pool['measure'], pool['shown'])}, {trials}"
