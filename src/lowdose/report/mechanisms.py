"""The page on mechanisms: how each predicts trials it has not seen, whether the scoring could tell, and what would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lowdose.calibrate.comparison import SMALLEST_TOLD, is_beyond_two_errors
from lowdose.calibrate.mechanisms import Experiment, MechanismScores, Recovery, manifest
from lowdose.calibrate.mechanisms.experiments import best_for_pairs, candidates
from lowdose.calibrate.mechanisms.likelihood import UNKNOWNS
from lowdose.calibrate.mechanisms.outcomes import Difference, Trial, choice
from lowdose.calibrate.mechanisms.predictions import PLACEBO_ONLY, mechanisms
from lowdose.calibrate.mechanisms.recovery import GAIN, TAU
from lowdose.charts import to_svg
from lowdose.charts.mechanisms import differences, held_out
from lowdose.evidence import registry
from lowdose.evidence.records.labels import label
from lowdose.model import hypothesis, outputs

NOTHING_TOLD = "No mechanism can be told from placebo-only by these trials."
IMAGES = ("mechanisms-differences.svg", "mechanisms-held-out.svg")
RECOVERED_FROM = 0.8
"""Share of made-up data sets from which a mechanism counts as one the scoring finds."""
_TOP = 12
_SAID = 0.005
"""Differences of elpd that are 0.00 on the page are not said."""


def write_mechanisms(
    found: MechanismScores,
    folder: Path,
    *,
    others: Sequence[MechanismScores] = (),
    recovered: Sequence[Recovery] = (),
    telling: Sequence[Experiment] = (),
) -> Path:
    """Write ``mechanisms.md`` and its figures into ``folder``; returns the page.

    Raises
    ------
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose.calibrate.mechanisms import score_mechanisms
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_mechanisms(score_mechanisms(), Path(folder)).name
    'mechanisms.md'
    """
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for name, spec in zip(
        IMAGES, (differences(difference_rows(found), SMALLEST_TOLD), held_out(held_out_rows(found))), strict=True
    ):
        (images / name).write_text(to_svg(spec), encoding="utf-8")
    lines = ["# Mechanisms, scored", "", *_scores(found, recovered), *_trials(found), *_model(found)]
    lines += [*_kinetics((found, *others)), *_recovery(found, recovered), *_experiments(telling, found.kinetics)]
    page = folder / "mechanisms.md"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return page


def rows(found: MechanismScores) -> list[list[str]]:
    """The table of scores, headings first, for a page or a terminal.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms import score_mechanisms
    >>> [row[0] for row in rows(score_mechanisms())][:2]
    ['mechanism', 'placebo-only']
    """
    table = [["mechanism", "elpd (SE)", "minus placebo-only (SE)", "told apart", "inside 90 %", "gain"]]
    for one in found.mechanisms:
        delta, error = found.delta(one.name)
        inside, told = one.coverage
        is_rival = one.name != PLACEBO_ONLY
        verdict = ("yes" if found.is_distinguishable(one.name) else "not distinguishable") if is_rival else ""
        table.append(
            [
                one.name,
                f"{one.elpd:.2f} ({one.elpd_se:.2f})",
                f"{delta:+.2f} ({error:.2f})" if is_rival else "",
                verdict,
                f"{inside} of {told}",
                "{:.1f} ({:.1f} to {:.1f})".format(*one.gain) if is_rival else "",
            ]
        )
    return table


def difference_rows(found: MechanismScores) -> list[dict[str, Any]]:
    """Rows of the picture of differences.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms import score_mechanisms
    >>> difference_rows(score_mechanisms())[0]["rival"]
    'rebound'
    """
    made = []
    for one in found.mechanisms:
        if one.name != PLACEBO_ONLY:
            delta, error = found.delta(one.name)
            told = found.is_distinguishable(one.name)
            row = {"rival": one.name, "delta": delta, "low": delta - 2 * error, "high": delta + 2 * error, "told": told}
            made.append(row)
    return made


def held_out_rows(found: MechanismScores) -> list[dict[str, Any]]:
    """Rows of the picture of held-out outcomes.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms import score_mechanisms
    >>> held_out_rows(score_mechanisms())[0]["panel"]
    'Beaudette-Zlatanova 2023: pain'
    """
    return [
        {
            "panel": f"{trial.label.replace('‡', '')}: {_plain(one.outcome.quantity)}",
            "rival": scored.name,
            "predicted": one.mean,
            "low": one.low,
            "high": one.high,
            **_seen(one.outcome),
        }
        for place, trial in enumerate(found.held_out)
        for scored in found.mechanisms
        for one in scored.predicted[place]
    ]


def _seen(one: Difference) -> dict[str, Any]:
    if one.known == "measured":
        return {"seen_low": one.value, "seen_high": one.value, "edges": True}
    limit = one.value if one.known == "size" else one.limit
    return {"seen_low": -limit, "seen_high": limit, "edges": one.known == "size"}


def _plain(quantity: str) -> str:
    return outputs(hypothesis("partial-block"))[quantity].label.lower().replace("tnf", "TNF")


def _told(one: Difference) -> str:
    if one.known == "measured":
        return f"{one.value:+.2f} ± {one.standard_error:.2f}"
    if one.known == "size":
        return f"{one.value:.2f} ± {one.standard_error:.2f}, direction not given"
    return f"not significant: within ± {one.limit:.2f}"


def _table(table: Sequence[Sequence[str]]) -> list[str]:
    head, *body = table
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body)]


def _chance(recovered: Sequence[Recovery]) -> list[str]:
    """How probable it was beforehand that a mechanism would be told apart, had it been true."""
    real = next((one for one in recovered if one.larger == 1), None)
    if real is None:
        return []
    chances = {name: share for name, share in real.told_from_placebo.items() if name != PLACEBO_ONLY}
    name, most = max(chances.items(), key=lambda one: one[1])
    return [
        "That was to be expected: had a mechanism been true, these trials would have told it apart in at most "
        f"{most:.0%} of made-up data sets ({name}), so nothing here shows that a mechanism is absent."
    ]


def _scores(found: MechanismScores, recovered: Sequence[Recovery] = ()) -> list[str]:
    told = [one.name for one in found.mechanisms if found.is_distinguishable(one.name)]
    beyond = [one.name for one in found.mechanisms if is_beyond_two_errors(*found.delta(one.name))]
    beyond = [name for name in beyond if name not in told and abs(found.delta(name)[0]) >= _SAID]
    lines = [
        "Written by `lowdose hypotheses score`; do not edit. "
        f"Kinetics {found.kinetics}, seed {found.seed}, manifest {manifest(found)['frozen'][:16]}.",
        "",
        f"Each mechanism learned from {len(found.fitted)} trials published up to {choice().fitted_until} and predicts "
        f"{len(found.held_out)} trials it has not seen, among them the trials that found nothing.",
        "",
        f"**{NOTHING_TOLD if not told else 'Told from placebo-only: ' + ', '.join(told) + '.'}** "
        f"A difference counts when it is two standard errors or more and {SMALLEST_TOLD:g} or more.",
        *_chance(recovered),
    ]
    if beyond:
        lines.append(
            f"{', '.join(beyond)} differ by more than two standard errors, but by less than {SMALLEST_TOLD:g}: with "
            f"{len(found.held_out)} trials that share one gain the standard error is too small to be relied on, and a "
            "difference this small changes no mind."
        )
    return [
        *lines,
        "",
        *_table(rows(found)),
        "",
        "elpd: sum over the held-out trials of the log density of what was seen, averaged over all that the other "
        "trials allow; higher is better. Its standard error is over trials. Gain: standard deviations a full change of "
        "a symptom is worth, median and 90 %; a gain near 0 means the trials shrank the mechanism away.",
        "",
        f"![elpd of each mechanism minus that of placebo-only](images/{IMAGES[0]})",
        "",
        f"![Held-out outcomes and what each mechanism predicts of them](images/{IMAGES[1]})",
        "",
        "Green: what was seen (a line; two where the direction is not known; shaded where only “no difference” was "
        "published). Blue: the prediction and its 90 % interval, which holds sampling error and the "
        "spread between trials.",
        "",
    ]


def _trials(found: MechanismScores) -> list[str]:
    lines = ["## The trials", ""]
    for title, chosen in (("Held out whole", found.held_out), ("Learned from", found.fitted)):
        lines += [f"### {title}", "", *_table([["trial", "outcome", "stands for", "drug against control, SD"]])]
        lines += [
            f"| {trial.label if not place else ''} | {one.outcome} | {_plain(one.quantity)} | {_told(one)} |"
            for trial in chosen
            for place, one in enumerate(trial.differences)
        ]
        lines += ["", *(f"- {trial.label}: {trial.reason}." for trial in chosen), ""]
    without = [trial.label for trial in found.held_out if not _has_numbers(trial)]
    lines += [
        f"**No usable numbers**: {', '.join(without)}. They are scored all the same, by the probability of what was "
        "published of them: that a trial of this size ends without a significant difference, or with a difference of "
        "this size in either direction.",
        "",
        "### Not used",
        "",
    ]
    known = registry().studies
    return [*lines, *(f"- {label(known[one.study])} ({one.study}): {one.reason}." for one in choice().left_out), ""]


def _has_numbers(trial: Trial) -> bool:
    return any(one.known == "measured" for one in trial.differences)


def _model(found: MechanismScores) -> list[str]:
    lines = [
        "## The observation model, the same for every mechanism",
        "",
        "    y = gain × x + s z + e,   z ~ Normal(0, 1),   e ~ Normal(0, (1 − r) se²),   s² = tau² + r se²",
        "",
        "y is the difference between arms in standard deviations, plus where the drug did better; x is the share by "
        "which the mechanism moves the quantity in the typical person at that dose and week (placebo-only: 0); z is "
        "one number a trial, so outcomes of the same people go together and are scored jointly. Odds ratios become "
        "standard deviations by √3/π. Gain and tau are integrated over a grid of equal prior probability.",
        "",
        *(f"- {unknown.name}: half-normal, scale {unknown.spread:g}; {unknown.reason}." for unknown in UNKNOWNS),
        *(f"- {name}: {one.value:g}; {one.source}." for name, one in choice().assumptions.items()),
        "",
        "No prior was chosen by the held-out trials, and gain may shrink to nothing: a mechanism gets no credit for "
        "the opposite of what it says. One gain for all endpoints is a strong assumption: nothing says that a Crohn "
        "index and a pain scale share one.",
        "",
        "**Placebo terms.** Placebo response, regression to the mean and the natural course have the same priors under "
        "every rival, and cancel in a difference between arms. What control arms lose is predicted apart:",
        "",
    ]
    for arm in found.controls:
        control = arm.trial.control
        assert control is not None
        lines.append(
            f"- {arm.trial.label}: lost {100 * control.fall:.0f} % in {control.weeks:g} weeks, predicted "
            f"{100 * arm.predicted:.0f} % ({100 * arm.low:.0f} to {100 * arm.high:.0f})."
        )
    lines.append("- The other held-out trials do not give the level their control arm began with.")
    return [*lines, ""]


def _kinetics(scores: Sequence[MechanismScores]) -> list[str]:
    names = [one.name for one in scores[0].mechanisms if one.name != PLACEBO_ONLY]
    table = [["kinetics", *names]]
    signs: dict[str, set[bool]] = {name: set() for name in names}
    for found in scores:
        have = {one.name for one in found.mechanisms}
        cells = ("{:+.2f} ({:.2f})".format(*found.delta(name)) if name in have else "refused" for name in names)
        for name in have - {PLACEBO_ONLY}:
            signs[name].add(found.delta(name)[0] > 0)
        priors = "" if found.widened == 1 else f", priors {found.widened:g} times as wide"
        table.append([found.kinetics + priors, *cells])
    head = ["## Under each kinetics, and with other priors", "", "elpd minus that of placebo-only (SE).", ""]
    return [*head, *_table(table), "", *_turning(signs)]


def _turning(signs: Mapping[str, set[bool]]) -> list[str]:
    turned = [name for name, seen in signs.items() if len(seen) > 1]
    if not turned:
        return []
    return [f"**The sign hangs on the kinetics or the priors**: {', '.join(turned)}. Nothing may be read into it.", ""]


def _recovery(found: MechanismScores, recovered: Sequence[Recovery]) -> list[str]:
    if not recovered:
        return []
    lines = [
        "## Would the scoring find a mechanism if it were true?",
        "",
        f"Outcomes of the same trials were made up under each mechanism (gain {GAIN:g}, tau {TAU:g}) and scored like "
        "the real ones. A row is the truth, a cell the share of data sets in which that rival scored best. At this "
        f"gain the pain of FINAL moves by {_pain(found)} standard deviations.",
        "",
    ]
    for one in recovered:
        lines += [f"### {'As many people as in the trials' if one.larger == 1 else f'{one.larger:g} times the people'}"]
        lines += [f"{one.data_sets} data sets each, seed {one.seed}.", ""]
        table = [["true", *one.names, "told from placebo-only"]]
        for row, name in enumerate(one.names):
            told = f"{one.told_from_placebo[name]:.0%}" + (" (false alarms)" if name == PLACEBO_ONLY else "")
            table.append([name, *(f"{share:.0%}" for share in one.best[row]), told])
        lost = [name for name in one.names if one.recovered(name) < RECOVERED_FROM]
        lines += [*_table(table), "", f"**Not recovered**: {', '.join(lost) or 'none'}.", ""]
    return [
        *lines,
        "Scoring best is not being told apart: between rivals that predict almost the same (placebo-only, tlr4, ogf) "
        "the best is chosen by chance. A mechanism that makes people worse is found more easily than one that helps, "
        "because it predicts more.",
        "",
    ]


def _pain(found: MechanismScores) -> str:
    place = next(i for i, trial in enumerate(found.held_out) if trial.study == "bruun2024_FINAL") + len(found.fitted)
    moved = {name: GAIN * float(shares[place][0]) for name, shares in found.improvements.items()}
    return ", ".join(f"{size:+.2f} ({name})" for name, size in moved.items() if abs(size) >= 0.005)


def _experiments(telling: Sequence[Experiment], kinetics: str) -> list[str]:
    if not telling:
        return []
    known = candidates()
    lines = [
        "## Experiments that would tell them apart",
        "",
        "Predicted difference between two mechanisms over its uncertainty: what is not known about the parameters, how "
        f"strongly a mechanism acts ({known.size_factor.source}), and {known.people_an_arm} people an arm with the "
        "spreads below. 2 or more would tell the two apart. Designs for research, not advice: 50 mg is the licensed "
        "dose, and no design is proposed for a patient.",
        "",
        *_table([["two mechanisms", "the most telling measurement", "size / uncertainty", "at 4.5 mg or less", ""]]),
    ]
    low = best_for_pairs(telling, low_dose=True)
    for pair, one in best_for_pairs(telling).items():
        cells = (one.sentence, f"{one.ratio:.1f}", low[pair].sentence, f"{low[pair].ratio:.1f}")
        lines.append(f"| {pair[0]} or {pair[1]} | {' | '.join(cells)} |")
    lines += ["", f"### The {_TOP} most telling", ""]
    lines += [f"{place}. {one.sentence} ({one.ratio:.1f})" for place, one in enumerate(telling[:_TOP], 1)]
    lines += [
        "",
        "placebo-only and tlr4 cannot be told apart by anything that TLR4 moves: with the measured potency nothing "
        "does. Where natural killer cells differ between them, it is cortisol that moves, not TLR4. Vivid dreams tell "
        "that the drug reaches the brain, and nothing of why people get better or not. Opioid tone, β-endorphin and "
        "met-enkephalin are the same under every mechanism: they tell kinetics apart.",
        "",
        "Spreads (none was sought in the literature):",
        "",
    ]
    for what in known.measurements.values():
        lines.append(f"- {what.how}: {100 * what.spread:.0f} % ({what.provenance}; {what.source}).")
    lines += ["", "### What each predicts that the others do not", ""]
    for name in mechanisms(kinetics):
        mechanism = hypothesis(name).mechanism
        assert mechanism is not None
        lines.append(f"- **{name}**: {mechanism.predicts}")
    return [*lines, ""]
