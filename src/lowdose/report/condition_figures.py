"""Pictures of a condition, from the pools computed when the package was built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowdose import charts
from lowdose.charts import DosePoint, DoseResponse, Forest, ForestPool, ForestRow, HarmRow, Harms, Rate
from lowdose.report.condition_cards import is_controlled
from lowdose.report.slim import slim

if TYPE_CHECKING:
    from lowdose.evidence.harms import Harm, Share
    from lowdose.evidence.registry import Registry
    from lowdose.evidence.schema import Study

Spec = dict[str, Any]

_MEASURES: Mapping[str, str] = {
    "SMD": "standardised mean difference",
    "MD": "mean difference",
    "RR": "risk ratio (logarithmic axis)",
    "OR": "odds ratio (logarithmic axis)",
    "RD": "risk difference",
}
_DOSE_CLASSES: Mapping[str, str] = {
    "ULDN": "Ultra-low dose, under 0.001 mg",
    "VLDN": "Very low dose, up to 1 mg",
    "LDN": "Low dose, 1 to 6 mg (a few case reports up to 12.5)",
    "intermediate": "Intermediate dose, 7 to 49 mg",
    "standard": "Standard dose, 50 mg and more",
}
_RANDOM = {"hksj-floor": "Hartung-Knapp interval, never below the standard one", "hksj": "Hartung-Knapp interval"}


@dataclass(frozen=True)
class Picture:
    """One picture of a page: its name, what it shows, its words, the specification."""

    name: str
    title: str
    caption: str
    spec: Spec
    notes: tuple[str, ...] = ()

    @property
    def still(self) -> str:
        """As SVG for the inside of a page, which has a heading of its own."""
        plain = {key: value for key, value in self.spec.items() if key != "title"}
        return slim(charts.to_svg(plain), self.name)


def forest_picture(name: str, question: Mapping[str, Any], certainty: str = "", title: str = "") -> Picture:
    """Forest plot of one question of ``computed()``; called as its label unless ``title`` says otherwise.

    Examples
    --------
    >>> from lowdose.evidence.computed import computed
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
    plot = Forest(
        title=title,
        subtitle=f"{drug} compared with {other}; {_MEASURES[asked['measure']]}",
        rows=[*_rows(question), *_unusable(question)],
        pools=list(_pools(question)),
        log=ratio,
        null=null,
        left=f"favours {drug}" if lower else f"favours {other}",
        right=f"favours {other}" if lower else f"favours {drug}",
        axis=_MEASURES[asked["measure"]],
        mid=_mid(asked, null, lower),
        is_mid_recalled=bool(asked["mid"]) and asked["mid"]["tag"] == "recalled",
        certainty=certainty,
    )
    notes = tuple(dict.fromkeys((*question["warnings"], *question["notes"])))
    return Picture(_id("forest", name), title, _caption(question), charts.forest(plot), notes)


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


def _id(kind: str, name: str) -> str:
    return f"{kind}-{name.replace('.', '-')}"


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
            label=entry["label"],
            detail=_detail(entry),
            estimate=entry["shown"]["estimate"],
            low=entry["shown"]["low"],
            high=entry["shown"]["high"],
            weight=None if apart else entry["weight"],
            note="; ".join(filter(None, (apart, crossover, _counts(entry)))),
            recalled=bool(entry["recalled"]),
            bias=entry["risk_of_bias"],
        )


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
            label=one["label"],
            detail=f"{one['n']} people" if one["n"] else "",
            note=f"cannot be drawn; not seen: {one['why']}{found}",
            recalled=one["recalled"],
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
    left = f" {without} more without numbers that can be drawn." if without else ""
    if pool is None:
        return f"No study gives a number that can be drawn.{left}"
    shown = pool["shown"]
    ends = f"{shown['low']:.2f} to {shown['high']:.2f}".replace("-", "−")
    estimate = f"{shown['estimate']:.2f}".replace("-", "−")
    count = "One trial" if pool["k"] == 1 else f"{pool['k']} trials pooled"
    return f"{count}: {asked['measure']} {estimate} ({ends}).{left}"


def harms_picture(name: str, rows: Sequence[Harm]) -> Picture | None:
    """Adverse events of studies with a rate, by dose class; None where there is none.

    Examples
    --------
    >>> from lowdose.evidence.harms import harms
    >>> harms_picture("fibromyalgia", harms(condition="fibromyalgia")).name
    'harms-fibromyalgia'
    """
    drawn = [
        HarmRow(
            event=one.event[0].upper() + one.event[1:],
            drug=_rate(one.treated),
            control=_rate(one.compared),
            detail=f"{one.label}, {one.dose_words}",
            text="" if one.compared else "no control group",
            recalled=one.recalled,
            group=_DOSE_CLASSES[one.dose_class],
        )
        for one in rows
        if one.treated.rate is not None
    ]
    if not drawn:
        return None
    drawn.sort(key=lambda row: list(_DOSE_CLASSES.values()).index(row.group))
    title = "Adverse events"
    spec = charts.harms(Harms(title, "", drawn, against="control"))
    compared = sum(row.control is not None for row in drawn)
    counts = "One count" if len(drawn) == 1 else f"{len(drawn)} counts"
    caption = f"{counts} of adverse events, {compared} with a control group, by dose."
    return Picture(_id("harms", name), title, caption, spec)


def _rate(share: Share | None) -> Rate | None:
    if share is None or share.rate is None:
        return None
    return Rate(share.rate, share.low, share.high, share.events, share.total)


def dose_picture(name: str, studies: Sequence[Study]) -> Picture | None:
    """How many responded at which dose, each study a bubble; None for fewer than two.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> dose_picture("fibromyalgia", list(registry().studies.values())[:1])
    """
    points = [point for study in studies if (point := _dose_point(study))]
    if len(points) < 2:
        return None
    title = "People who responded, by dose"
    plot = DoseResponse(title, "", points, "share of people on the drug who responded, by each study's own rule")
    with_control = sum(point.controlled for point in points)
    caption = (
        f"{len(points)} studies, {with_control} of them with a control group. A share without a control group "
        "includes everybody who would have got better on placebo."
    )
    return Picture(_id("doses", name), title, caption, charts.dose_response(plot))


def _dose_point(study: Study) -> DosePoint | None:
    from lowdose.evidence.contrasts import label_of
    from lowdose.evidence.find import people
    from lowdose.evidence.registry import provenance

    dose = study.intervention.dose_mg_per_day
    for position, one in enumerate(study.outcomes):
        arm = next((arm for arm_name, arm in one.arms.items() if arm_name in ("ldn", "drug")), None)
        if one.concept not in ("response", "remission") or arm is None or dose.range_mg is None:
            continue
        counted = arm.events / arm.total if arm.events is not None and arm.total else None
        share = counted if counted is not None else arm.pct / 100 if arm.pct is not None else None
        number = arm.total or arm.n or people(study)
        if share is None or not number:
            continue
        recalled = "recalled" in (one.prov.tag, provenance(study, f"outcomes.{position}.arms").tag)
        recalled = recalled or any(made.recalled for made in one.derivations)
        middle = sum(dose.range_mg) / 2
        return DosePoint(label_of(study), middle, share, number, is_controlled(study), recalled or dose.recalled)
    return None


def pictures(condition: str, known: Registry, asked: Mapping[str, tuple[str, str]]) -> tuple[Picture, ...]:
    """All pictures of a condition: a forest plot a question, doses, adverse events.

    Parameters
    ----------
    condition : str
        An id of ``conditions.yaml``.
    known : Registry
        The data.
    asked : mapping
        Questions to draw, each with its title and its certainty in words.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> [one.name for one in pictures("crohn", registry(), {"crohn.remission": ("Remission", "low")})][:1]
    ['forest-crohn-remission']
    """
    from lowdose.evidence.computed import computed
    from lowdose.evidence.harms import harms

    questions = computed()["questions"]
    found = [forest_picture(name, questions[name], words, title) for name, (title, words) in asked.items()]
    place = known.conditions[condition]
    studies = [known.studies[name] for name in (*place.studies, *place.related)]
    extra = [dose_picture(condition, studies)]
    extra.append(harms_picture(condition, harms(condition=condition)))
    return (*found, *(one for one in extra if one is not None))
